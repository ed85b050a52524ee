package plot_test

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/plotter"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/plot"
)

func ExampleFigure_AddPoints() {
	s := record()
	fig, err := plot.Trajectory(s.pos, plot.TrajectoryOptions{Units: "cm", Label: "path", Width: 7 * plot.Centimeter})
	check(err)
	check(fig.AddPoints(s.spikes, plot.PointsOptions{Label: fmt.Sprintf("%d spikes", s.spikes.Len())}))
	check(fig.Save("testdata/points.png"))
}

func ExampleFigure_AddTrajectory() {
	s := record()
	fig, err := plot.Environment(s.env, plot.EnvironmentOptions{Width: 7 * plot.Centimeter})
	check(err)
	check(fig.AddTrajectory(s.pos.Slice(0, 600)))
	check(fig.Save("testdata/add_trajectory.png"))
}

// The place field: the bins where the cell fires above a fifth of its peak.
func ExampleFigure_AddOutline() {
	s := record()
	var inField []int
	for bin, rate := range s.rate {
		if rate > 14.0/5 {
			inField = append(inField, bin)
		}
	}
	fig, err := plot.Field(s.env, s.rate, plot.FieldOptions{Label: "rate (Hz)", Width: 7 * plot.Centimeter})
	check(err)
	check(fig.AddOutline(s.env, inField, plot.OutlineOptions{Label: "place field"}))
	check(fig.Save("testdata/outline.png"))
}

func ExampleFigure_AddRegions() {
	s := record()
	goal := must(ns.NewPolygon(must(ns.XY([]float64{4, 22, 26, 8}, []float64{-20, -18, 2, 4}))))
	fig, err := plot.Field(s.env, s.rate, plot.FieldOptions{Label: "rate (Hz)", Width: 7 * plot.Centimeter})
	check(err)
	check(fig.AddRegions([]ns.Region{ns.PolygonRegion("goal", goal), ns.PointRegion("start", -20, 15)}))
	check(fig.Save("testdata/regions.png"))
}

// The velocity at every eighth position of a path.
func ExampleFigure_AddArrows() {
	s := record()
	path := s.pos.Slice(0, 120)
	fig, err := plot.Trajectory(path, plot.TrajectoryOptions{Units: "cm", Width: 7 * plot.Centimeter})
	check(err)
	var x, y, vx, vy []float64
	for i := 4; i+4 < path.Len(); i += 8 {
		x, y = append(x, path.At(i, 0)), append(y, path.At(i, 1))
		vx = append(vx, path.At(i+4, 0)-path.At(i-4, 0))
		vy = append(vy, path.At(i+4, 1)-path.At(i-4, 1))
	}
	check(fig.AddArrows(must(ns.XY(x, y)), must(ns.XY(vx, vy)), plot.ArrowsOptions{Label: "velocity"}))
	check(fig.Save("testdata/arrows.png"))
}

func ExampleFigure_AddGradient() {
	s := record()
	fig, err := plot.Field(s.env, s.rate, plot.FieldOptions{Label: "rate (Hz)", Width: 7 * plot.Centimeter})
	check(err)
	check(fig.AddGradient(s.env, s.rate, plot.ArrowsOptions{Color: color.White}))
	check(fig.Save("testdata/gradient.png"))
}

// Every setting of the gonum plot below a figure can be changed.
func ExampleFigure_Plot() {
	s := record()
	fig, err := plot.Field(s.env, s.rate, plot.FieldOptions{Width: 6 * plot.Centimeter})
	check(err)
	p := fig.Plot()
	p.X.Label.Text = "east of the door (cm)"
	p.Add(must(plotter.NewScatter(plotter.XYs{{X: 12, Y: -8}})))
	check(fig.Save("testdata/plot.png"))
}

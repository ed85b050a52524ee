package plot_test

import (
	"image/color"
	"log"
	"math"
	"math/rand/v2"
	"slices"

	gonumplot "gonum.org/v1/plot"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/plot"
)

// The figures of these examples are the golden images in testdata.

// session is one recording: an animal that wanders through a round arena, a
// cell that fires in one place, and what follows from both.
type session struct {
	env    *ns.Environment
	times  []float64 // [n] in seconds
	pos    ns.Points // [n][2] in cm
	spikes ns.Points
	rate   []float64 // [NumBins()] in Hz
}

// record simulates a session.
func record() session {
	const dt, radius = 0.05, 40.0
	random := rand.New(rand.NewPCG(7, 11))
	var s session
	var x, y, heading float64
	var xs, ys, sx, sy []float64
	for i := range 8000 {
		heading += 0.35 * random.NormFloat64()
		if nx, ny := x+1.1*math.Cos(heading), y+1.1*math.Sin(heading); math.Hypot(nx, ny) < radius {
			x, y = nx, ny
		} else {
			heading += math.Pi / 2
		}
		s.times = append(s.times, float64(i)*dt)
		xs, ys = append(xs, x), append(ys, y)
		if random.Float64() < dt*place(x, y) {
			sx, sy = append(sx, x), append(sy, y)
		}
	}
	s.pos = must(ns.XY(xs, ys))
	s.spikes = must(ns.XY(sx, sy))
	s.env = must(ns.FromSamples(s.pos, 4, ns.SamplesOptions{Units: "cm"}))
	centers := s.env.BinCenters()
	for i := range s.env.NumBins() {
		s.rate = append(s.rate, place(centers.At(i, 0), centers.At(i, 1)))
	}
	return s
}

// place is the rate of a cell with a field at (12, -8).
func place(x, y float64) float64 {
	return 14 * math.Exp(-((x-12)*(x-12)+(y+8)*(y+8))/200)
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func ExampleField() {
	s := record()
	s.rate[200], s.rate[201] = math.NaN(), math.NaN() // too little time there
	fig, err := plot.Field(s.env, s.rate, plot.FieldOptions{
		Title: "Place cell, peak 14 Hz",
		Label: "rate (Hz)",
		Width: 7 * plot.Centimeter,
	})
	check(err)
	check(fig.Save("testdata/field.png"))
}

// Limits beyond which values lie, and a bar of 20 cm in place of axes.
func ExampleField_limits() {
	s := record()
	fig, err := plot.Field(s.env, s.rate, plot.FieldOptions{
		Label:    "rate (Hz)",
		Limits:   plot.Limits{Min: 2, Max: 10},
		Palette:  plot.PaletteMagma,
		HideAxes: true,
		Width:    6 * plot.Centimeter,
	})
	check(err)
	check(fig.Save("testdata/field_limits.png"))
}

// A difference of two fields: the limits are symmetric about zero.
func ExampleField_difference() {
	s := record()
	centers := s.env.BinCenters()
	for i := range s.rate {
		s.rate[i] -= place(-centers.At(i, 0), centers.At(i, 1))
	}
	fig, err := plot.Field(s.env, s.rate, plot.FieldOptions{
		Label:   "Δ rate (Hz)",
		Palette: plot.PaletteBlueRed,
		Width:   7 * plot.Centimeter,
	})
	check(err)
	check(fig.Save("testdata/field_difference.png"))
}

// The field of a linear track.
func ExampleField_line() {
	var x []float64
	for i := range 2000 {
		x = append(x, 75+75*math.Sin(float64(i)/50))
	}
	env := must(ns.FromSamples(must(ns.PointsOfColumns(x)), 3, ns.SamplesOptions{Units: "cm"}))
	rate := make([]float64, env.NumBins())
	for i := range rate {
		rate[i] = 12 * math.Exp(-math.Pow(env.BinCenters().At(i, 0)-60, 2)/200)
	}
	rate[10] = math.NaN()
	fig, err := plot.Field(env, rate, plot.FieldOptions{Label: "rate (Hz)", Width: 8 * plot.Centimeter})
	check(err)
	check(fig.Save("testdata/field_line.png"))
}

// A field in three dimensions, as layers along z.
func ExampleField_layers() {
	s := record()
	z := make([]float64, s.pos.Len())
	for i := range z {
		z[i] = 20 + 20*math.Sin(float64(i)/400)
	}
	env := must(ns.FromSamples(must(ns.XYZ(s.pos.Column(0), s.pos.Column(1), z)), 10, ns.SamplesOptions{Units: "cm"}))
	rate := make([]float64, env.NumBins())
	for i := range rate {
		c := env.BinCenters().Row(i)
		rate[i] = place(c[0], c[1]) * c[2] / 40
	}
	fig, err := plot.Field(env, rate, plot.FieldOptions{
		Title: "Flight room", Label: "rate (Hz)", Slices: []int{0, 1, 2, 3}, Width: 11 * plot.Centimeter,
	})
	check(err)
	check(fig.Save("testdata/field_layers.png"))
}

// tMaze is a track of a stem and two arms, and a rate along it.
func tMaze() (*ns.Environment, []float64) {
	nodes := must(ns.XY([]float64{0, 0, -40, 40}, []float64{0, 60, 60, 60}))
	env := must(ns.FromGraph(nodes, [][2]int{{0, 1}, {1, 2}, {1, 3}}, 4, ns.TrackOptions{Units: "cm", Gap: 15}))
	rate := make([]float64, env.NumBins())
	for i := range rate {
		c := env.BinCenters().Row(i)
		rate[i] = 9*math.Exp(-(c[1]-30)*(c[1]-30)/100) + 15*math.Exp(-(c[0]-25)*(c[0]-25)/60)
	}
	return env, rate
}

// The field of a maze, as a map.
func ExampleField_track() {
	env, rate := tMaze()
	fig, err := plot.Field(env, rate, plot.FieldOptions{Label: "rate (Hz)", Width: 7 * plot.Centimeter})
	check(err)
	check(fig.Save("testdata/field_track.png"))
}

// The same field along the maze: stem, left arm, right arm.
func ExampleField_unrolled() {
	env, rate := tMaze()
	fig, err := plot.Field(env, rate, plot.FieldOptions{Label: "rate (Hz)", Unroll: true, Width: 8 * plot.Centimeter})
	check(err)
	check(fig.Save("testdata/field_unrolled.png"))
}

// Hexagons.
func ExampleField_hexagons() {
	env := must(ns.FromLayout(must(ns.NewHexagons(5, [][2]float64{{-30, 30}, {-22, 20}})), ns.LayoutOptions{Units: "cm"}))
	rate := make([]float64, env.NumBins())
	for i := range rate {
		rate[i] = place(env.BinCenters().At(i, 0), env.BinCenters().At(i, 1))
	}
	rate[0] = math.NaN()
	fig, err := plot.Field(env, rate, plot.FieldOptions{Label: "rate (Hz)", Width: 7 * plot.Centimeter})
	check(err)
	check(fig.Save("testdata/field_hexagons.png"))
}

// The borders of hexagons.
func ExampleEnvironment_hexagons() {
	env := must(ns.FromLayout(must(ns.NewHexagons(8, [][2]float64{{-30, 30}, {-22, 20}})), ns.LayoutOptions{Units: "cm"}))
	fig, err := plot.Environment(env, plot.EnvironmentOptions{HideAxes: true, Width: 6 * plot.Centimeter})
	check(err)
	check(fig.AddOutline(env, []int{10, 11, 19}, plot.OutlineOptions{Color: color.Black}))
	check(fig.Save("testdata/environment_hexagons.png"))
}

// The bins of a maze and the graph that joins them.
func ExampleEnvironment_track() {
	env, _ := tMaze()
	fig, err := plot.Environment(env, plot.EnvironmentOptions{Graph: true, HideAxes: true, Width: 6 * plot.Centimeter})
	check(err)
	check(fig.Save("testdata/environment_track.png"))
}

func ExampleFields() {
	s := record()
	other := slices.Clone(s.rate)
	centers := s.env.BinCenters()
	for i := range other {
		other[i] = 0.6 * place(-centers.At(i, 0), -centers.At(i, 1))
	}
	fig, err := plot.Fields(s.env, [][]float64{s.rate, other, s.rate}, plot.FieldsOptions{
		Titles: []string{"Cell 1", "Cell 2", "Cell 3"},
		Field:  plot.FieldOptions{Label: "rate (Hz)", HideAxes: true, Width: 12 * plot.Centimeter},
	})
	check(err)
	check(fig.Save("testdata/fields.png"))
}

func ExampleOccupancy() {
	s := record()
	seconds := make([]float64, s.env.NumBins())
	for _, bin := range must(s.env.BinAt(s.pos)) {
		if bin != ns.Outside {
			seconds[bin] += s.times[1]
		}
	}
	fig, err := plot.Occupancy(s.env, seconds, plot.FieldOptions{Width: 7 * plot.Centimeter})
	check(err)
	check(fig.Save("testdata/occupancy.png"))
}

func ExampleTrajectory() {
	s := record()
	fig, err := plot.Trajectory(s.pos.Slice(0, 1000), plot.TrajectoryOptions{
		Units: "cm",
		Times: s.times[:1000],
		Width: 7 * plot.Centimeter,
	})
	check(err)
	check(fig.Save("testdata/trajectory.png"))
}

func ExampleEnvironment() {
	s := record()
	env := must(ns.FromSamples(s.pos, 10, ns.SamplesOptions{Units: "cm"}))
	fig, err := plot.Environment(env, plot.EnvironmentOptions{Graph: true, Width: 7 * plot.Centimeter})
	check(err)
	check(fig.Save("testdata/environment.png"))
}

func ExamplePanels() {
	s := record()
	path, err := plot.Trajectory(s.pos, plot.TrajectoryOptions{Units: "cm", Title: "Path and spikes"})
	check(err)
	check(path.AddPoints(s.spikes))
	rate, err := plot.Field(s.env, s.rate, plot.FieldOptions{Title: "Rate", Label: "rate (Hz)"})
	check(err)
	fig, err := plot.Panels([]*plot.Figure{path, rate}, plot.PanelsOptions{Title: "One session", Width: 13 * plot.Centimeter})
	check(err)
	check(fig.Save("testdata/panels.png"))
}

// A field in a plot of your own.
func ExampleFieldPlotter() {
	s := record()
	p := gonumplot.New()
	p.Add(must(plot.FieldPlotter(s.env, s.rate)))
	check(p.Save(6*plot.Centimeter, 6*plot.Centimeter, "testdata/plotter.png"))
}

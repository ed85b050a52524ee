package plot

import (
	"image/color"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// elbow is a track of two segments of 10 that meet at a right angle, in bins
// of 5.
func elbow(t testing.TB) *ns.Environment {
	t.Helper()
	env, err := ns.LinearTrack(must(ns.XY([]float64{0, 10, 10}, []float64{0, 0, 10})), 5, ns.TrackOptions{Gap: 3})
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func TestTrackBins(t *testing.T) {
	b := must(trackBinsOf(elbow(t)))
	near := func(a []float64, x, y float64) bool { return math.Abs(a[0]-x)+math.Abs(a[1]-y) < 1e-4 }
	for i, want := range [][6]float64{{0, 5, 0, 0, 5, 0}, {5, 10, 5, 0, 10, 0}, {13, 18, 10, 0, 10, 5}, {18, 23, 10, 5, 10, 10}} {
		if math.Abs(b.from[i]-want[0])+math.Abs(b.to[i]-want[1]) > 1e-9 {
			t.Errorf("bin %d is %v to %v on the axis, want %v to %v", i, b.from[i], b.to[i], want[0], want[1])
		}
		if !near(b.ends[0][i], want[2], want[3]) || !near(b.ends[1][i], want[4], want[5]) {
			t.Errorf("bin %d is %v to %v in space, want %v", i, b.ends[0][i], b.ends[1][i], want[2:])
		}
	}
}

// Every bin of a track is drawn in the colour of its value, and NaN grey.
func TestTrackColors(t *testing.T) {
	field := []float64{0, 1, math.NaN(), 2}
	d := must(newTrackPlotter(elbow(t), field, Limits{0, 2}, PaletteViridis))
	p := newPlot()
	p.Add(d)
	var c recorder.Canvas
	d.Plot(draw.Canvas{Canvas: &c, Rectangle: vg.Rectangle{Max: vg.Point{X: 100, Y: 100}}}, p)
	var now color.Color
	var drawn []color.Color
	for _, action := range c.Actions {
		switch action := action.(type) {
		case *recorder.SetColor:
			now = action.Color
		case *recorder.Stroke:
			drawn = append(drawn, now)
		}
	}
	colors := cellPalette(PaletteViridis)
	want := []color.Color{colors[cellFirst], colors[cellIndex(1, Limits{0, 2})], nanColor, colors[255]}
	if !slices.Equal(drawn, want) {
		t.Errorf("colours %v, want %v", drawn, want)
	}
}

// A straight track is wide enough to be seen, with its colour bar.
func TestStraightTrack(t *testing.T) {
	env := must(ns.LinearTrack(must(ns.XY([]float64{0, 100}, []float64{5, 5})), 5))
	f := must(Field(env, make([]float64, env.NumBins())))
	if area := f.arrange().areas[0].Size(); area.Y < 4*trackWidth || area.X < 3*area.Y {
		t.Errorf("data area is %v", area)
	}
}

func TestUnrolledKeepsGaps(t *testing.T) {
	f := must(Field(elbow(t), []float64{1, 2, 3, 4}, FieldOptions{Unroll: true}))
	if x := f.Plot().X; x.Min != 0 || math.Abs(x.Max-23) > 1e-9 {
		t.Errorf("axis from %v to %v, want 0 to 23", x.Min, x.Max)
	}
	_, pictures := recorded(f)
	if len(pictures) != 0 {
		t.Error("a line has a colour bar")
	}
}

// A plotter for one's own plot draws tracks too.
func TestFieldPlotterOfTrack(t *testing.T) {
	p := must(FieldPlotter(elbow(t), []float64{1, 2, 3, 4}))
	if _, ok := p.(*trackPlotter); !ok {
		t.Errorf("plotter is %T", p)
	}
}

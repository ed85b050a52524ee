package plot

import (
	"math"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// outlineLength returns the length in units of space of the outline of bins.
func outlineLength(t *testing.T, env *ns.Environment, bins []int) (length float64, pieces int) {
	t.Helper()
	f := must(Environment(env))
	if err := f.AddOutline(env, bins); err != nil {
		t.Fatal(err)
	}
	pic := must(pictureOf(env))
	in := make([]bool, env.NumBins())
	for _, b := range bins {
		in[b] = true
	}
	// A canvas on which a unit of space is a point.
	p := f.Plot()
	c := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: vg.Length(p.X.Max - p.X.Min), Y: vg.Length(p.Y.Max - p.Y.Min)}}}
	d := &outline{pic: pic, in: in}
	path := pic.lattice(c, p).lines(0, func(a, b int32) bool { return d.contains(a) != d.contains(b) })
	for i := 0; i < len(path); i += 2 {
		step := path[i+1].Pos.Sub(path[i].Pos)
		length += math.Hypot(float64(step.X), float64(step.Y))
	}
	return length, len(path) / 2
}

func TestOutline(t *testing.T) {
	env, _ := ring(t)
	binAt := func(x, y float64) int { return must(env.BinAt(must(ns.XY([]float64{x}, []float64{y}))))[0] }
	var all []int
	for i := range env.NumBins() {
		all = append(all, i)
	}
	for _, tt := range []struct {
		name   string
		bins   []int
		length float64
		pieces int
	}{
		{"one bin in a corner", []int{binAt(5, 5)}, 40, 4},
		{"two neighbours", []int{binAt(5, 5), binAt(5, 15)}, 60, 4},
		{"two apart", []int{binAt(5, 5), binAt(45, 35)}, 80, 8},
		{"a corner of three", []int{binAt(5, 5), binAt(5, 15), binAt(15, 5)}, 80, 6},
		{"all, with the hole", all, 2*(50+40) + 2*(30+20), 8},
		{"repeated", []int{binAt(5, 5), binAt(5, 5)}, 40, 4},
	} {
		if length, pieces := outlineLength(t, env, tt.bins); math.Abs(length-tt.length) > 1e-6 || pieces != tt.pieces {
			t.Errorf("%s: %v long in %d lines, want %v in %d", tt.name, length, pieces, tt.length, tt.pieces)
		}
	}
}

func TestRuns(t *testing.T) {
	for in, want := range map[string]string{"": "", "...": "", "xx.x": "0-2 3-4 ", ".xxx": "1-4 "} {
		got := ""
		runs(len(in), func(i int) bool { return in[i] == 'x' }, func(from, to int) {
			got += string(rune('0'+from)) + "-" + string(rune('0'+to)) + " "
		})
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

package neurospatial_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/neurospatial/layouttest"
)

// TestGridLayouts runs the contract suite on environments of all shapes that FromSamples makes.
func TestGridLayouts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if faults := layouttest.Check(drawEnvironment(t).Layout()); len(faults) > 0 {
			t.Fatalf("%d faults, the first: %s", len(faults), faults[0])
		}
	})
}

// drawEnvironment draws an environment of 1 to 4 dimensions with a few hundred bins at most.
func drawEnvironment(t *rapid.T) *ns.Environment {
	dim := rapid.IntRange(1, 4).Draw(t, "dim")
	pos, size, o := drawSamples(t, dim)
	env, err := ns.FromSamples(pos, size, o)
	if errors.Is(err, ns.ErrNoActiveBins) {
		t.Skip("no bins")
	}
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func drawSamples(t *rapid.T, dim int) (ns.Points, float64, ns.SamplesOptions) {
	n := rapid.IntRange(1, 60).Draw(t, "samples")
	width := []float64{40, 20, 6, 4}[dim-1]
	offset := rapid.SampledFrom([]float64{0, -1000, 1e5}).Draw(t, "offset")
	// Half of the coordinates lie on a coarse lattice, where rounding and ties happen.
	coordinate := rapid.OneOf(rapid.Float64Range(0, width), rapid.Map(rapid.IntRange(0, int(width)), func(i int) float64 { return float64(i) }))
	flat := make([]float64, n*dim)
	for i := range flat {
		flat[i] = offset + coordinate.Draw(t, "x")
	}
	pos, err := ns.PointsOfFlat(dim, flat)
	if err != nil {
		t.Fatal(err)
	}
	o := ns.SamplesOptions{
		KeepAllBins:    rapid.Bool().Draw(t, "all"),
		NoDiagonals:    rapid.Bool().Draw(t, "nodiag"),
		Dilate:         rapid.Bool().Draw(t, "dilate"),
		FillHoles:      rapid.Bool().Draw(t, "fill"),
		BoundaryBins:   rapid.Bool().Draw(t, "boundary"),
		CountThreshold: rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "threshold"),
	}
	sizes := rapid.SliceOfN(rapid.SampledFrom([]float64{1, 1.5, 2, 3.7}), dim, dim).Draw(t, "sizes")
	if rapid.Bool().Draw(t, "per axis") {
		o.BinSizes = sizes
		return pos, 0, o
	}
	return pos, sizes[0], o
}

// ring is a layout that is no grid: n bins on a circle, each a sector.
type ring struct {
	n     int
	spoil func(*ns.Bins) // breaks a rule on purpose
}

func (r ring) Kind() string { return "Ring" }

func (r ring) Bins() ns.Bins {
	b := ns.Bins{Ranges: [][2]float64{{-1, 1}, {-1, 1}}}
	var x, y []float64
	for i := range r.n {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(r.n))
		x, y = append(x, c), append(y, s)
		b.Volumes = append(b.Volumes, math.Pi/float64(r.n))
		b.Edges = append(b.Edges, ns.Edge{U: i, V: (i + 1) % r.n, Distance: 2 * math.Sin(math.Pi/float64(r.n)), Conductance: 1})
	}
	b.Centers, _ = ns.XY(x, y)
	if r.spoil != nil {
		r.spoil(&b)
	}
	return b
}

func (r ring) BinAtTo(bins []int, points ns.Points) {
	for i := range bins {
		bins[i] = ns.Outside
		x, y := points.At(i, 0), points.At(i, 1)
		if d := math.Hypot(x, y); d > 0 && d < 1.5 {
			turn := math.Atan2(y, x) / (2 * math.Pi) * float64(r.n)
			bins[i] = (int(math.Round(turn)) + r.n) % r.n
		}
	}
}

func TestRingLayout(t *testing.T) {
	layouttest.TestLayout(t, ring{n: 7})
	env, err := ns.FromLayout(ring{n: 7}, ns.LayoutOptions{Name: "ring", Units: "cm", Frame: "arena"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := env.String(), `Environment("ring": Ring, 7 bins, 2 dimensions, cm)`; got != want {
		t.Errorf("String() = %s, want %s", got, want)
	}
	if env.GridShape() != nil || env.GridEdges() != nil || env.ActiveMask() != nil || env.GridCells() != nil {
		t.Error("a layout that is no grid has a lattice")
	}
	if got := env.BoundaryBins(); len(got) != 0 {
		t.Errorf("BoundaryBins() = %v on a ring", got)
	}
	path, length, err := env.ShortestPath(0, 3)
	if err != nil || len(path) != 4 || math.Abs(length-6*math.Sin(math.Pi/7)) > 1e-12 {
		t.Errorf("ShortestPath(0, 3) = %v, %v, %v", path, length, err)
	}
}

// TestFromLayoutRefuses gives layouts that break a rule on which environments rely.
func TestFromLayoutRefuses(t *testing.T) {
	if _, err := ns.FromLayout(nil); !errors.Is(err, ns.ErrInvalid) {
		t.Errorf("nil layout: %v", err)
	}
	for name, tt := range map[string]struct {
		spoil func(*ns.Bins)
		kind  error
	}{
		"no bins":           {func(b *ns.Bins) { *b = ns.Bins{} }, ns.ErrNoActiveBins},
		"missing volume":    {func(b *ns.Bins) { b.Volumes = b.Volumes[1:] }, ns.ErrInvalid},
		"volume 0":          {func(b *ns.Bins) { b.Volumes[2] = 0 }, ns.ErrInvalid},
		"volume NaN":        {func(b *ns.Bins) { b.Volumes[2] = math.NaN() }, ns.ErrInvalid},
		"range missing":     {func(b *ns.Bins) { b.Ranges = b.Ranges[1:] }, ns.ErrInvalid},
		"edge to nowhere":   {func(b *ns.Bins) { b.Edges[1].V = 99 }, ns.ErrInvalid},
		"negative end":      {func(b *ns.Bins) { b.Edges[1].U = -1 }, ns.ErrInvalid},
		"loop":              {func(b *ns.Bins) { b.Edges[1].V = b.Edges[1].U }, ns.ErrInvalid},
		"negative distance": {func(b *ns.Bins) { b.Edges[1].Distance = -1 }, ns.ErrInvalid},
		"conductance NaN":   {func(b *ns.Bins) { b.Edges[1].Conductance = math.NaN() }, ns.ErrInvalid},
		"infinite coordinate": {func(b *ns.Bins) {
			b.Centers = mustPoints([]float64{math.Inf(1), 0}, []float64{0, 0})
			b.Volumes = b.Volumes[:2]
		}, ns.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			layout := ring{n: 5, spoil: tt.spoil}
			_, err := ns.FromLayout(layout)
			var e *ns.Error
			if !errors.Is(err, tt.kind) || !errors.As(err, &e) || e.Op != "FromLayout" {
				t.Errorf("FromLayout: %v", err)
			}
			if layouttest.Check(layout) == nil {
				t.Error("the contract suite accepts it")
			}
		})
	}
}

// wrongGrid is a regular grid with a lattice that does not fit.
type wrongGrid struct {
	ns.Gridded
	grid func(ns.Grid) ns.Grid
}

func (w wrongGrid) Grid() ns.Grid { return w.grid(w.Gridded.Grid()) }

func TestFromLayoutRefusesGrid(t *testing.T) {
	env := openField(t, 4, 3)
	gridded := env.Layout().(ns.Gridded)
	same := wrongGrid{gridded, func(g ns.Grid) ns.Grid { return g }}
	if _, err := ns.FromLayout(same); err != nil {
		t.Errorf("the grid itself: %v", err)
	}
	layouttest.TestLayout(t, same)
	for name, change := range map[string]func(ns.Grid) ns.Grid{
		"an axis less":       func(g ns.Grid) ns.Grid { return ns.Grid{Edges: g.Edges[:1], Active: g.Active[:4]} },
		"marks missing":      func(g ns.Grid) ns.Grid { return ns.Grid{Edges: g.Edges, Active: g.Active[:5]} },
		"fewer active cells": func(g ns.Grid) ns.Grid { return ns.Grid{Edges: g.Edges, Active: make([]bool, len(g.Active))} },
		"one border":         func(g ns.Grid) ns.Grid { return ns.Grid{Edges: [][]float64{{0}, {0, 1}}, Active: nil} },
		"descending borders": func(g ns.Grid) ns.Grid {
			return ns.Grid{Edges: [][]float64{{4, 3, 2, 1, 0}, g.Edges[1]}, Active: g.Active}
		},
		"NaN border": func(g ns.Grid) ns.Grid {
			return ns.Grid{Edges: [][]float64{{0, 1, math.NaN(), 3, 4}, g.Edges[1]}, Active: g.Active}
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ns.FromLayout(wrongGrid{gridded, change}); err == nil {
				t.Error("FromLayout accepts it")
			}
		})
	}
}

// misplaced finds every point one bin too far.
type misplaced struct{ ring }

func (m misplaced) BinAtTo(bins []int, points ns.Points) {
	m.ring.BinAtTo(bins, points)
	for i, b := range bins {
		if b != ns.Outside {
			bins[i] = (b + 1) % m.n
		}
	}
}

// careless leaves entries of points outside as they are.
type careless struct{ ring }

func (c careless) BinAtTo(bins []int, points ns.Points) {
	found := make([]int, len(bins))
	c.ring.BinAtTo(found, points)
	for i, b := range found {
		if b != ns.Outside {
			bins[i] = b
		}
	}
}

// TestContractSuiteFindsFaults feeds the suite layouts that only the suite can find at fault.
func TestContractSuiteFindsFaults(t *testing.T) {
	for want, layout := range map[string]ns.Layout{
		"both join":         ring{n: 5, spoil: func(b *ns.Bins) { b.Edges = append(b.Edges, ns.Edge{U: 1, V: 0, Distance: 2}) }},
		"centres of bins":   ring{n: 5, spoil: func(b *ns.Bins) { b.Edges[2].Distance = 0.1 }},
		"does not ascend":   ring{n: 5, spoil: func(b *ns.Bins) { b.Ranges[0] = [2]float64{1, -1} }},
		"the same centre":   ring{n: 5, spoil: func(b *ns.Bins) { b.Centers = sameCenters(5) }},
		"the centre of bin": misplaced{ring{n: 5}},
		"it is outside":     careless{ring{n: 5}},
	} {
		faults := strings.Join(layouttest.Check(layout), "\n")
		if !strings.Contains(faults, want) {
			t.Errorf("the suite does not say %q of %T, but:\n%s", want, layout, faults)
		}
	}
}

func sameCenters(n int) ns.Points {
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = []float64{1, 0}
	}
	return mustPoints(rows...)
}

// openField returns an environment of nx by ny cells of size 1, all of them bins, with its corner at 0.
func openField(t testing.TB, nx, ny int) *ns.Environment {
	t.Helper()
	pos := mustPoints([]float64{0.5, 0.5})
	env, err := ns.FromSamples(pos, 1, ns.SamplesOptions{
		Ranges: [][2]float64{{0, float64(nx)}, {0, float64(ny)}}, KeepAllBins: true, Units: "cm"})
	if err != nil {
		t.Fatal(err)
	}
	return env
}

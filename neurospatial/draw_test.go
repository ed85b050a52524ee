package neurospatial

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// graphLayout is any graph in the plane as a layout; a point is in the bin with the nearest centre.
type graphLayout struct{ bins Bins }

func (g graphLayout) Kind() string { return "Graph" }
func (g graphLayout) Bins() Bins   { return g.bins }
func (g graphLayout) BinAtTo(bins []int, points Points) {
	for i := range bins {
		bins[i] = Outside
		least := math.Inf(1)
		for b := range g.bins.Centers.Len() {
			if d := distance(points.row(i), g.bins.Centers.row(b)); d < least {
				bins[i], least = b, d
			}
		}
	}
}

func mustEnvironment(t interface{ Fatal(...any) }, layout Layout) *Environment {
	e, err := FromLayout(layout)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// drawGraphLayout draws a graph of bins of different sizes with several components.
func drawGraphLayout(t *rapid.T) graphLayout {
	n := rapid.IntRange(1, 14).Draw(t, "n")
	b := Bins{Volumes: rapid.SliceOfN(rapid.Float64Range(0.2, 5), n, n).Draw(t, "volumes"), Ranges: make([][2]float64, 2)}
	flat := make([]float64, 0, 2*n)
	for i := range n {
		flat = append(flat, float64(i%4)*1.5, float64(i/4)*1.25)
	}
	b.Centers = Points{dim: 2, data: flat}
	for u := range n {
		for v := u + 1; v < n; v++ {
			if rapid.IntRange(0, 3).Draw(t, "joined") == 0 {
				c := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0.1, 3)).Draw(t, "conductance")
				b.Edges = append(b.Edges, Edge{U: u, V: v, Distance: distance(b.Centers.row(u), b.Centers.row(v)), Conductance: c})
			}
		}
	}
	return graphLayout{b}
}

// drawGrid draws a grid of which some cells may be no bins: mostly from samples, which gives even cells.
func drawGrid(t *rapid.T) *Environment {
	if rapid.IntRange(0, 3).Draw(t, "uneven") == 0 {
		return drawUnevenGrid(t)
	}
	dim := rapid.IntRange(1, 3).Draw(t, "dim")
	side := []int{20, 7, 4}[dim-1]
	n := rapid.IntRange(1, 60).Draw(t, "samples")
	flat := rapid.SliceOfN(rapid.Float64Range(0, float64(side)), n*dim, n*dim).Draw(t, "positions")
	o := SamplesOptions{KeepAllBins: rapid.Bool().Draw(t, "all"), NoDiagonals: rapid.Bool().Draw(t, "no diagonals")}
	o.BinSizes = rapid.SliceOfN(rapid.SampledFrom([]float64{1, 1.3, 2}), dim, dim).Draw(t, "bin sizes")
	e, err := FromSamples(Points{dim: dim, data: flat}, 0, o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func drawUnevenGrid(t *rapid.T) *Environment {
	dim := rapid.IntRange(1, 3).Draw(t, "dim")
	edges := make([][]float64, dim)
	for k := range edges {
		cells := rapid.IntRange(1, []int{20, 7, 4}[dim-1]).Draw(t, "cells")
		edges[k] = []float64{rapid.Float64Range(-1, 1).Draw(t, "first border")}
		for i := range cells {
			edges[k] = append(edges[k], edges[k][i]+rapid.SampledFrom([]float64{0.5, 1, 2.5}).Draw(t, "width"))
		}
	}
	ranges := make([][2]float64, dim)
	for k, e := range edges {
		ranges[k] = [2]float64{e[0], e[len(e)-1]}
	}
	l, err := newLattice("test", edges)
	if err != nil {
		t.Fatal(err)
	}
	active := rapid.SliceOfN(rapid.Bool(), l.numCells(), l.numCells()).Draw(t, "active")
	active[rapid.IntRange(0, len(active)-1).Draw(t, "surely active")] = true
	l.activate(active)
	return mustEnvironment(t, &gridLayout{lattice: l, ranges: ranges, diagonals: rapid.Bool().Draw(t, "diagonals")})
}

func drawEnvironment(t *rapid.T) *Environment {
	if rapid.Bool().Draw(t, "grid") {
		return drawGrid(t)
	}
	return mustEnvironment(t, drawGraphLayout(t))
}

func drawField(t *rapid.T, e *Environment, lo, hi float64) []float64 {
	return rapid.SliceOfN(rapid.Float64Range(lo, hi), e.NumBins(), e.NumBins()).Draw(t, "field")
}

// drawBandwidth draws from far below a bin to far beyond the environment.
func drawBandwidth(t *rapid.T) float64 {
	return math.Pow(10, rapid.Float64Range(-4, 4).Draw(t, "log bandwidth"))
}

// squareGrid returns the environment of side×side cells of 2×2, all of them bins.
func squareGrid(t testing.TB, side int) *Environment {
	t.Helper()
	half := float64(side)
	e, err := FromSamples(Points{dim: 2, data: []float64{half, half}}, 2,
		SamplesOptions{Ranges: [][2]float64{{0, 2 * half}, {0, 2 * half}}, KeepAllBins: true})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// roundArena returns the environment of the cells of 2×2 whose centres lie in a disc of so many cells across.
func roundArena(t testing.TB, across int) *Environment {
	t.Helper()
	var flat []float64
	r := float64(across)
	for i := range across {
		for j := range across {
			x, y := 2*float64(i)+1, 2*float64(j)+1
			if math.Hypot(x-r, y-r) < r {
				flat = append(flat, x, y)
			}
		}
	}
	e, err := FromSamples(Points{dim: 2, data: flat}, 2)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func maxAbs(values []float64) float64 {
	m := 0.0
	for _, v := range values {
		m = max(m, math.Abs(v))
	}
	return m
}

// closeFields compares two results for a field within a tolerance relative to the largest value of all three.
func closeFields(a, b, field []float64, tolerance float64) bool {
	if len(a) != len(b) {
		return false
	}
	scale := max(maxAbs(a), maxAbs(b), maxAbs(field))
	for i := range a {
		if !(math.Abs(a[i]-b[i]) <= tolerance*scale) {
			return false
		}
	}
	return true
}

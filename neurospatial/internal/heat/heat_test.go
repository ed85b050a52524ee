package heat

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"github.com/nskernel/nskernel/neurospatial/internal/csr"
)

// dense computes E(t) from the eigenvectors of S. Rounding moves every eigenvalue by
// some 1e-15 of the largest; what that does to the slowest mode bounds how well any
// method can do, which is the second result.
func dense(volume []float64, edges []csr.Edge, t float64) ([]float64, float64) {
	n := len(volume)
	s := mat.NewSymDense(n, nil)
	for _, e := range edges {
		u, v := int(e.U), int(e.V)
		s.SetSym(u, u, s.At(u, u)+e.W/volume[u])
		s.SetSym(v, v, s.At(v, v)+e.W/volume[v])
		s.SetSym(u, v, s.At(u, v)-e.W/math.Sqrt(volume[u]*volume[v]))
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(s, true) {
		panic("no eigenvalues")
	}
	var q mat.Dense
	eigen.VectorsTo(&q)
	values := eigen.Values(nil)
	largest, slowest := values[n-1], math.Inf(1)
	out := make([]float64, n*n)
	for k, l := range values {
		if l < 1e-9*largest {
			l = 0 // one of the null space
		} else {
			slowest = min(slowest, l)
		}
		for i := range n {
			for j := range n {
				out[i*n+j] += q.At(i, k) * q.At(j, k) * math.Exp(-t*l)
			}
		}
	}
	return out, 1e-14 + 1e-14*largest/slowest
}

func mustSparse(t interface{ Fatal(...any) }, volume []float64, edges []csr.Edge) *Sparse {
	s, err := NewSparse(volume, edges)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustBox(t interface{ Fatal(...any) }, shape []int, rate []float64) *Box {
	b, err := NewBox(shape, rate)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func rowsOf(t interface{ Fatal(...any) }, p Propagator, n int) []float64 {
	out := make([]float64, n*n)
	if err := p.Rows(context.Background(), 0, n, out); err != nil {
		t.Fatal(err)
	}
	return out
}

func largestDifference(a, b []float64) float64 {
	d := 0.0
	for i := range a {
		if v := math.Abs(a[i] - b[i]); !(v <= d) {
			d = v
		}
	}
	return d
}

func drawGraph(t *rapid.T) (volume []float64, edges []csr.Edge) {
	n := rapid.IntRange(1, 12).Draw(t, "n")
	volume = rapid.SliceOfN(rapid.Float64Range(0.1, 10), n, n).Draw(t, "volume")
	for range rapid.IntRange(0, 2*n).Draw(t, "edges") {
		u, v := rapid.IntRange(0, n-1).Draw(t, "u"), rapid.IntRange(0, n-1).Draw(t, "v")
		if u != v {
			w := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0.05, 5)).Draw(t, "w")
			edges = append(edges, csr.Edge{U: int32(u), V: int32(v), W: w})
		}
	}
	return volume, edges
}

func drawTime(t *rapid.T) float64 {
	return math.Pow(10, rapid.Float64Range(-20, 6).Draw(t, "log time"))
}

func TestSparseIsTheExponential(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		volume, edges := drawGraph(t)
		time := drawTime(t)
		s := mustSparse(t, volume, edges)
		got := rowsOf(t, s.At(time), len(volume))
		want, tolerance := dense(volume, edges, time)
		if d := largestDifference(got, want); d > tolerance {
			t.Fatalf("differs by %g at time %g, tolerance %g", d, time, tolerance)
		}
		n := len(volume)
		for i := range n {
			for j := range n {
				if math.Abs(got[i*n+j]-got[j*n+i]) > 1e-13 {
					t.Fatalf("not symmetric at %d, %d", i, j)
				}
			}
		}
	})
}

// boxGraph is a grid as a graph.
func boxGraph(shape []int, rate []float64) (volume []float64, edges []csr.Edge) {
	n := 1
	for _, k := range shape {
		n *= k
	}
	volume = make([]float64, n)
	for i := range volume {
		volume[i] = 1
		rest, stride := i, 1
		for k := len(shape) - 1; k >= 0; k-- {
			if rest%shape[k]+1 < shape[k] {
				edges = append(edges, csr.Edge{U: int32(i), V: int32(i + stride), W: rate[k]})
			}
			rest /= shape[k]
			stride *= shape[k]
		}
	}
	return volume, edges
}

func TestBoxIsSparse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 3).Draw(t, "dim")
		side := []int{40, 9, 5}[dim-1]
		shape := rapid.SliceOfN(rapid.IntRange(1, side), dim, dim).Draw(t, "shape")
		rate := rapid.SliceOfN(rapid.Float64Range(0.01, 4), dim, dim).Draw(t, "rate")
		time := drawTime(t)
		box := mustBox(t, shape, rate)
		volume, edges := boxGraph(shape, rate)
		sparse := mustSparse(t, volume, edges)
		want := rowsOf(t, sparse.At(time), box.Len())
		if d := largestDifference(rowsOf(t, box.At(time), box.Len()), want); d > 2e-14 {
			t.Fatalf("rows differ by %g at time %g", d, time)
		}
		field := rapid.SliceOfN(rapid.Float64Range(-1, 1), box.Len(), box.Len()).Draw(t, "field")
		a, b := slices.Clone(field), slices.Clone(field)
		apply(t, box.At(time), a)
		apply(t, sparse.At(time), b)
		if d := largestDifference(a, b); d > 5e-14 {
			t.Fatalf("fields differ by %g at time %g", d, time)
		}
	})
}

func apply(t interface{ Fatal(...any) }, p Propagator, fields ...[]float64) {
	if err := p.Apply(context.Background(), fields...); err != nil {
		t.Fatal(err)
	}
}

func randomFields(count, n int) [][]float64 {
	random := rand.New(rand.NewPCG(11, 12))
	fields := make([][]float64, count)
	for k := range fields {
		fields[k] = make([]float64, n)
		for i := range fields[k] {
			fields[k][i] = random.NormFloat64() * math.Pow(10, float64(k%7-3))
		}
	}
	return fields
}

// operators returns both operators of a grid; the volumes of the sparse one vary.
func operators(t testing.TB, rows, cols int) map[string]Operator {
	shape, rate := []int{rows, cols}, []float64{1, 2}
	volume, edges := boxGraph(shape, rate)
	for i := range volume {
		volume[i] = 1 + 0.5*math.Sin(float64(i))
	}
	return map[string]Operator{"sparse": mustSparse(t, volume, edges), "box": mustBox(t, shape, rate)}
}

func TestWorkersAndCompanyDoNotMatter(t *testing.T) {
	for _, c := range []struct {
		rows, cols, fields int
		time               float64
	}{
		{205, 200, 3, 0.2}, // enough cells to share the rows of one field
		{40, 30, 11, 5},    // groups, and fields left over
		{30, 20, 4, 3000},  // several steps
	} {
		for name, op := range operators(t, c.rows, c.cols) {
			p := op.At(c.time)
			fields := randomFields(c.fields, op.Len())
			alone := make([][]float64, len(fields))
			before := runtime.GOMAXPROCS(1)
			for k, f := range fields {
				alone[k] = slices.Clone(f)
				apply(t, p, alone[k])
			}
			runtime.GOMAXPROCS(4)
			again := slices.Clone(fields[0])
			apply(t, p, again)
			apply(t, p, fields...)
			runtime.GOMAXPROCS(before)
			if !slices.Equal(again, alone[0]) {
				t.Errorf("%s %v: one field differs by %g between 1 and 4 goroutines", name, c, largestDifference(again, alone[0]))
			}
			for k := range fields {
				if !slices.Equal(fields[k], alone[k]) {
					t.Errorf("%s %v: field %d differs by %g", name, c, k, largestDifference(fields[k], alone[k]))
				}
			}
		}
	}
}

func TestRowsAreApplyOfUnitFields(t *testing.T) {
	for name, op := range operators(t, 40, 30) {
		p := op.At(7)
		n := op.Len()
		rows := make([]float64, 11*n)
		if err := p.Rows(context.Background(), 100, 111, rows); err != nil {
			t.Fatal(err)
		}
		for k := range 11 {
			unit := make([]float64, n)
			unit[100+k] = 1
			apply(t, p, unit)
			if d := largestDifference(unit, rows[k*n:(k+1)*n]); d > 1e-16 {
				t.Errorf("%s row %d differs by %g", name, 100+k, d)
			}
		}
	}
}

// With volumes v, what a field ends as is (Σ √v f / Σ v) √v in each component.
func TestHugeTimesEndAtTheMean(t *testing.T) {
	volume, edges := boxGraph([]int{15, 10}, []float64{1, 1})
	n := len(volume)
	volume = append(volume, 3, 5, 7) // a second component of two cells and a cell alone
	edges = append(edges, csr.Edge{U: int32(n), V: int32(n + 1), W: 0.1})
	for i := range n {
		volume[i] = 1 + float64(i%5)
	}
	s := mustSparse(t, volume, edges)
	for _, time := range []float64{1e7, 1e40, math.MaxFloat64, math.Inf(1)} {
		f := randomFields(1, len(volume))[0]
		want := slices.Clone(f)
		for _, part := range [][2]int{{0, n}, {n, n + 2}, {n + 2, n + 3}} {
			heat, total := 0.0, 0.0
			for i := part[0]; i < part[1]; i++ {
				heat += math.Sqrt(volume[i]) * f[i]
				total += volume[i]
			}
			for i := part[0]; i < part[1]; i++ {
				want[i] = heat / total * math.Sqrt(volume[i])
			}
		}
		apply(t, s.At(time), f)
		if d := largestDifference(f, want); d > 1e-15 {
			t.Errorf("time %g: differs by %g", time, d)
		}
	}
	box := mustBox(t, []int{30, 20}, []float64{1, 1})
	for _, time := range []float64{1e7, math.MaxFloat64, math.Inf(1)} {
		f := make([]float64, box.Len())
		f[7] = 600
		apply(t, box.At(time), f)
		for i, v := range f {
			if math.Abs(v-1) > 1e-13 {
				t.Fatalf("box at time %g: cell %d is %v, want 1", time, i, v)
			}
		}
	}
}

// Two halves that exchange almost nothing: what is left of a field decays so slowly
// that rounding hides it.
func TestHugeTimesAcrossAWeakLink(t *testing.T) {
	volume, edges := boxGraph([]int{20}, []float64{1})
	for i := range edges {
		if edges[i].U == 9 {
			edges[i].W = 1e-7
		}
	}
	f := make([]float64, 20)
	f[3] = 20
	apply(t, mustSparse(t, volume, edges).At(1e13), f)
	for i, v := range f {
		if math.Abs(v-1) > 1e-12 {
			t.Errorf("cell %d is %v, want 1", i, v)
		}
	}
}

func TestTinyTimesChangeNothing(t *testing.T) {
	for name, op := range operators(t, 60, 70) {
		for _, time := range []float64{0, 5e-324, 1e-30} {
			f := randomFields(1, op.Len())[0]
			want := slices.Clone(f)
			apply(t, op.At(time), f)
			if d := largestDifference(f, want); d > 1e-15 {
				t.Errorf("%s at %g: differs by %g", name, time, d)
			}
		}
	}
}

// Rounding of the recurrence must not make heat drift.
func TestHeatIsKept(t *testing.T) {
	volume, edges := boxGraph([]int{90, 90}, []float64{1, 1})
	s := mustSparse(t, volume, edges)
	for _, time := range []float64{1, 100, 1000} {
		f := make([]float64, len(volume))
		for i := range f {
			f[i] = 1
		}
		apply(t, s.At(time), f)
		for i, v := range f {
			if math.Abs(v-1) > 4e-16 {
				t.Fatalf("time %g: cell %d is 1%+g", time, i, v-1)
			}
		}
	}
}

func TestBesselWeights(t *testing.T) {
	// e^-z I_k(z) by mpmath.
	for _, c := range []struct {
		z    float64
		k    int
		want float64
	}{
		{1, 0, 0.4657596075936404365},
		{1, 1, 0.20791041534970844887},
		{1, 5, 0.00009986571411208690717},
		{50, 0, 0.05656162664745419253},
		{50, 20, 0.001049627287942820703},
	} {
		w := besselWeights(c.z)
		if got := w[c.k]; math.Abs(got-c.want) > 1e-13*c.want {
			t.Errorf("z %v, k %d: %v, want %v", c.z, c.k, got, c.want)
		}
	}
	for _, z := range []float64{0, 1e-16, 1e-10, 0.5, 30, 1e4, 1e8} {
		w := besselWeights(z)
		sum, square := w[0], 0.0
		for k, v := range w[1:] {
			sum += 2 * v
			square += 2 * v * float64(k+1) * float64(k+1)
			if !(v >= 0) {
				t.Fatalf("z %g: weight %d is %g", z, k+1, v)
			}
		}
		// A walk that steps at rate z has variance z.
		if math.Abs(sum-1) > 1e-13 || math.Abs(square-z) > 1e-9*z {
			t.Errorf("z %g: %d weights sum to %v with variance %v", z, len(w), sum, square)
		}
	}
}

func TestCancelledContextEndsWork(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, op := range operators(t, 60, 70) {
		p := op.At(20)
		fields := randomFields(9, op.Len())
		if err := p.Apply(ctx, fields...); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: Apply returned %v", name, err)
		}
		if err := p.Rows(ctx, 0, 4, make([]float64, 4*op.Len())); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: Rows returned %v", name, err)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		volume []float64
		edges  []csr.Edge
	}{
		"volume of zero":       {[]float64{1, 0}, nil},
		"NaN volume":           {[]float64{math.NaN()}, nil},
		"infinite volume":      {[]float64{math.Inf(1)}, nil},
		"negative conductance": {[]float64{1, 1}, []csr.Edge{{U: 0, V: 1, W: -1}}},
		"end out of range":     {[]float64{1, 1}, []csr.Edge{{U: 0, V: 2, W: 1}}},
		"overflow":             {[]float64{1e-300, 1}, []csr.Edge{{U: 0, V: 1, W: 1e300}}},
	} {
		if _, err := NewSparse(c.volume, c.edges); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for name, c := range map[string]struct {
		shape []int
		rate  []float64
	}{
		"no axis":        {nil, nil},
		"lengths differ": {[]int{2, 2}, []float64{1}},
		"no cell":        {[]int{2, 0}, []float64{1, 1}},
		"negative rate":  {[]int{2}, []float64{-1}},
		"NaN rate":       {[]int{2}, []float64{math.NaN()}},
		"too many cells": {[]int{math.MaxInt, 2}, []float64{1, 1}},
	} {
		if _, err := NewBox(c.shape, c.rate); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

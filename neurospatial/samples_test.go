package neurospatial_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// TestSampleOrder shuffles the samples: the environment depends on the set only.
func TestSampleOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pos, size, o := drawSamples(t, rapid.IntRange(1, 3).Draw(t, "dim"))
		rows := pos.Rows()
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		// Rows with a NaN are as good as absent.
		rows = append(rows, slices.Repeat([]float64{math.NaN()}, pos.Dim()))
		a, errA := ns.FromSamples(pos, size, o)
		b, errB := ns.FromSamples(mustPoints(rows...), size, o)
		if (errA == nil) != (errB == nil) {
			t.Fatalf("%v and %v", errA, errB)
		}
		if errA == nil {
			sameEnvironment(t, a, b)
		}
	})
}

// failer is what *testing.T and *rapid.T share.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func sameEnvironment(t failer, a, b *ns.Environment) {
	t.Helper()
	if !slices.Equal(a.BinCenters().Flat(), b.BinCenters().Flat()) || !slices.Equal(a.BinSizes(), b.BinSizes()) {
		t.Fatalf("bins differ: %v and %v", a, b)
	}
	if !slices.Equal(a.Edges(), b.Edges()) || !slices.Equal(a.ActiveMask(), b.ActiveMask()) {
		t.Fatalf("edges or cells differ: %v and %v", a, b)
	}
}

// TestVisitedBins counts samples per cell by comparing with every border.
func TestVisitedBins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pos, size, o := drawSamples(t, rapid.IntRange(1, 3).Draw(t, "dim"))
		o.KeepAllBins, o.Dilate, o.FillHoles, o.BoundaryBins = false, false, false, false
		env, err := ns.FromSamples(pos, size, o)
		if errors.Is(err, ns.ErrNoActiveBins) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		want := make([]bool, len(env.ActiveMask()))
		for cell := range want {
			n := 0
			for i := range pos.Len() {
				if inCell(env, cell, pos.Row(i)) {
					n++
				}
			}
			want[cell] = n > o.CountThreshold
		}
		if got := env.ActiveMask(); !slices.Equal(got, want) {
			t.Errorf("active cells %v, want %v", marked(got), marked(want))
		}
	})
}

// inCell tells whether a point is in a cell; the last border of an axis belongs to the last cell.
func inCell(env *ns.Environment, cell int, p []float64) bool {
	shape, edges := env.GridShape(), env.GridEdges()
	for k := len(shape) - 1; k >= 0; k-- {
		i := cell % shape[k]
		cell /= shape[k]
		if p[k] < edges[k][i] || p[k] > edges[k][i+1] || p[k] == edges[k][i+1] && i < shape[k]-1 {
			return false
		}
	}
	return true
}

func TestSamplesRanges(t *testing.T) {
	pos := mustPoints([]float64{1, 10}, []float64{5, 10})
	for name, tt := range map[string]struct {
		size   float64
		o      ns.SamplesOptions
		ranges [][2]float64
		shape  []int
	}{
		// Half a bin is added on each side; the flat axis gets one bin around its samples.
		"padded":           {size: 2, ranges: [][2]float64{{0, 6}, {9, 11}}, shape: []int{3, 1}},
		"last cell partly": {size: 2.5, ranges: [][2]float64{{-0.25, 6.25}, {8.75, 11.25}}, shape: []int{3, 1}},
		"per axis":         {o: ns.SamplesOptions{BinSizes: []float64{1, 4}}, ranges: [][2]float64{{0.5, 5.5}, {8, 12}}, shape: []int{5, 1}},
		"given": {size: 2, o: ns.SamplesOptions{Ranges: [][2]float64{{0, 8}, {12, 8}}},
			ranges: [][2]float64{{0, 8}, {8, 12}}, shape: []int{4, 2}},
		// A given range without extent is widened to one bin, but DimensionRanges keeps what was given.
		"given flat": {size: 2, o: ns.SamplesOptions{Ranges: [][2]float64{{0, 8}, {10, 10}}},
			ranges: [][2]float64{{0, 8}, {10, 10}}, shape: []int{4, 1}},
		"boundary": {size: 2, o: ns.SamplesOptions{BoundaryBins: true}, ranges: [][2]float64{{0, 6}, {9, 11}}, shape: []int{5, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			env, err := ns.FromSamples(pos, tt.size, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if got := env.DimensionRanges(); !slices.Equal(got, tt.ranges) {
				t.Errorf("DimensionRanges() = %v, want %v", got, tt.ranges)
			}
			if got := env.GridShape(); !slices.Equal(got, tt.shape) {
				t.Errorf("GridShape() = %v, want %v", got, tt.shape)
			}
		})
	}
}

// TestRepairs draws the visited cells of a small grid and what the options make of them.
func TestRepairs(t *testing.T) {
	visited := `
		.......
		.###...
		.#.#.#.
		.###...
		.......`
	for name, tt := range map[string]struct {
		o    ns.SamplesOptions
		want string
	}{
		"none": {ns.SamplesOptions{}, visited},
		"fill": {ns.SamplesOptions{FillHoles: true}, `
			.......
			.###...
			.###.#.
			.###...
			.......`},
		"dilate": {ns.SamplesOptions{Dilate: true}, `
			#####..
			#######
			#######
			#######
			#####..`},
		// Closing joins the two parts.
		"close": {ns.SamplesOptions{CloseGaps: true}, `
			.......
			.###...
			.#####.
			.###...
			.......`},
		"boundary": {ns.SamplesOptions{Dilate: true, BoundaryBins: true}, `
			.........
			.#####...
			.#######.
			.#######.
			.#######.
			.#####...
			.........`},
		"all": {ns.SamplesOptions{KeepAllBins: true, BoundaryBins: true}, strings.Repeat("\n#########", 7)},
	} {
		t.Run(name, func(t *testing.T) {
			env := drawn(t, visited, tt.o)
			if got, want := picture(env), strings.Join(strings.Fields(tt.want), "\n"); got != want {
				t.Errorf("bins:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// drawn builds an environment with one sample in every marked cell of size 1; lines are the first axis.
func drawn(t testing.TB, cells string, o ns.SamplesOptions) *ns.Environment {
	t.Helper()
	lines := strings.Fields(cells)
	var rows [][]float64
	for i, line := range lines {
		for j, c := range line {
			if c == '#' {
				rows = append(rows, []float64{float64(i) + 0.5, float64(j) + 0.5})
			}
		}
	}
	o.Ranges = [][2]float64{{0, float64(len(lines))}, {0, float64(len(lines[0]))}}
	env, err := ns.FromSamples(mustPoints(rows...), 1, o)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// picture draws the bins of a grid of 2 dimensions.
func picture(env *ns.Environment) string {
	var b strings.Builder
	width := env.GridShape()[1]
	for cell, on := range env.ActiveMask() {
		if cell > 0 && cell%width == 0 {
			b.WriteByte('\n')
		}
		b.WriteByte(".#"[map[bool]int{true: 1}[on]])
	}
	return b.String()
}

// TestSamplesErrors checks kind, code and that the hint carries what the data say.
func TestSamplesErrors(t *testing.T) {
	pos := mustPoints([]float64{1, 1}, []float64{2, 2}, []float64{2.1, 2.1})
	for name, tt := range map[string]struct {
		size       float64
		o          ns.SamplesOptions
		kind       error
		code, hint string
	}{
		"bin size":         {size: math.NaN(), kind: ns.ErrInvalid, code: "E1002", hint: "span 1.1 on this axis; try 0.028"},
		"both sizes":       {size: 1, o: ns.SamplesOptions{BinSizes: []float64{1, 1}}, kind: ns.ErrInvalid, code: "E2009", hint: "pass 0"},
		"sizes":            {o: ns.SamplesOptions{BinSizes: []float64{1}}, kind: ns.ErrShape, code: "E2002"},
		"ranges":           {size: 1, o: ns.SamplesOptions{Ranges: [][2]float64{{0, 1}}}, kind: ns.ErrShape, code: "E2002"},
		"range NaN":        {size: 1, o: ns.SamplesOptions{Ranges: [][2]float64{{0, 1}, {0, math.NaN()}}}, kind: ns.ErrInvalid, code: "E2003"},
		"outside":          {size: 1, o: ns.SamplesOptions{Ranges: [][2]float64{{10, 20}, {10, 20}}}, kind: ns.ErrNoActiveBins, code: "E1001", hint: "all 3 samples lie outside"},
		"threshold":        {size: 1, o: ns.SamplesOptions{CountThreshold: 2}, kind: ns.ErrNoActiveBins, code: "E1001", hint: "has 2 of 3 samples"},
		"closed":           {size: 1, o: ns.SamplesOptions{CloseGaps: true}, kind: ns.ErrNoActiveBins, code: "E1001", hint: "CloseGaps"},
		"small limit":      {size: 0.01, o: ns.SamplesOptions{MaxBytes: 1000}, kind: ns.ErrTooLarge, code: "E2007", hint: "try bin size"},
		"far too small":    {size: 1e-8, kind: ns.ErrTooLarge, code: "E2007", hint: "outlier"},
		"lost in rounding": {size: 1e-30, o: ns.SamplesOptions{Ranges: [][2]float64{{1, 1}, {1, 1}}}, kind: ns.ErrInvalid, code: "E1002"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ns.FromSamples(pos, tt.size, tt.o)
			var e *ns.Error
			if !errors.As(err, &e) || !errors.Is(err, tt.kind) || e.Code != tt.code || e.Op != "FromSamples" {
				t.Fatalf("got %v (%+v), want kind %v, code %s", err, e, tt.kind, tt.code)
			}
			if !strings.Contains(e.Hint(), tt.hint) {
				t.Errorf("hint %q does not say %q", e.Hint(), tt.hint)
			}
		})
	}
	if _, err := ns.FromSamples(pos, 1, ns.SamplesOptions{}, ns.SamplesOptions{}); !errors.Is(err, ns.ErrInvalid) {
		t.Errorf("two options: %v", err)
	}
}

// TestSuggestedBinSize follows the advice of the memory error.
func TestSuggestedBinSize(t *testing.T) {
	pos := mustPoints([]float64{0, 0}, []float64{100, 50})
	limit := ns.SamplesOptions{MaxBytes: 100_000}
	_, err := ns.FromSamples(pos, 0.1, limit)
	var e *ns.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	_, advice, ok := strings.Cut(e.Fix, "try bin size [")
	if !ok {
		t.Fatalf("no bin size in %q", e.Fix)
	}
	var size float64
	if _, err := fmt.Sscan(strings.Fields(advice)[0], &size); err != nil {
		t.Fatal(err)
	}
	if _, err := ns.FromSamples(pos, size, limit); err != nil {
		t.Errorf("with the suggested bin size %g: %v", size, err)
	}
}

func TestEnvironmentIsImmutable(t *testing.T) {
	env := openField(t, 4, 3)
	want := openField(t, 4, 3)
	env.BinSizes()[0] = 99
	env.BinCenters().Flat()[0] = 99
	env.DimensionRanges()[0][0] = 99
	env.GridShape()[0] = 99
	env.GridEdges()[0][0] = 99
	env.ActiveMask()[0] = false
	env.GridCells()[0] = 99
	env.Edges()[0].Distance = 99
	env.EdgeVectors().Flat()[0] = 99
	env.Degrees()[0] = 99
	if n, err := env.Neighbors(0); err != nil {
		t.Fatal(err)
	} else {
		n[0] = 99
	}
	sameEnvironment(t, env, want)
	if !slices.Equal(env.GridShape(), want.GridShape()) || !slices.Equal(env.GridCells(), want.GridCells()) {
		t.Error("the lattice changed")
	}
	samples := []float64{0.5, 0.5, 1.5, 1.5}
	pos, err := ns.PointsOfFlat(2, samples)
	if err != nil {
		t.Fatal(err)
	}
	samples[0] = 99
	if pos.At(0, 0) != 0.5 {
		t.Error("Points share the slice that they were made from")
	}
}

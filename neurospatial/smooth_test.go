package neurospatial

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var allModes = []KernelMode{ModeDensity, ModeTransition, ModeAverage}

func smoothed(t interface{ Fatal(...any) }, e *Environment, field []float64, bandwidth float64, mode KernelMode) []float64 {
	out, err := e.Smooth(field, bandwidth, SmoothOptions{Mode: mode})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func sum(values []float64) float64 {
	s := 0.0
	for _, v := range values {
		s += v
	}
	return s
}

func TestSmoothKeepsWhatItsModeKeeps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEnvironment(t)
		field := drawField(t, e, 0, 10)
		bandwidth := drawBandwidth(t)
		total := sum(field)

		density := smoothed(t, e, field, bandwidth, ModeDensity)
		integral := 0.0
		for i, v := range density {
			integral += v * e.volumes[i]
		}
		if math.Abs(integral-total) > 1e-12*total {
			t.Fatalf("density integrates to %v, the field adds up to %v", integral, total)
		}
		if got := sum(smoothed(t, e, field, bandwidth, ModeTransition)); math.Abs(got-total) > 1e-12*total {
			t.Fatalf("transition adds up to %v, the field to %v", got, total)
		}
		average := smoothed(t, e, field, bandwidth, ModeAverage)
		if lo, hi := slices.Min(field), slices.Max(field); slices.Min(average) < lo-1e-12 || slices.Max(average) > hi+1e-12 {
			t.Fatalf("average leaves [%v, %v]: %v", lo, hi, average)
		}
		constant := make([]float64, e.NumBins())
		for i := range constant {
			constant[i] = 3.7
		}
		for i, v := range smoothed(t, e, constant, bandwidth, ModeAverage) {
			if math.Abs(v-3.7) > 1e-13 {
				t.Fatalf("average of a constant field is %v in bin %d", v, i)
			}
		}
	})
}

func TestSmoothIsKernelApply(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEnvironment(t)
		field := drawField(t, e, -5, 5)
		bandwidth := drawBandwidth(t)
		for _, mode := range allModes {
			k, err := e.ComputeKernel(bandwidth, KernelOptions{Mode: mode})
			if err != nil {
				t.Fatal(err)
			}
			want, err := k.Apply(field)
			if err != nil {
				t.Fatal(err)
			}
			if got := smoothed(t, e, field, bandwidth, mode); !closeFields(got, want, field, 1e-12) {
				t.Fatalf("%v: Smooth gives %v, Apply %v", mode, got, want)
			}
		}
	})
}

func TestSmoothTwiceIsOnceWider(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEnvironment(t)
		field := drawField(t, e, -5, 5)
		bandwidth := drawBandwidth(t)
		for _, mode := range []KernelMode{ModeTransition, ModeAverage} {
			once := smoothed(t, e, field, bandwidth*math.Sqrt2, mode)
			twice := smoothed(t, e, smoothed(t, e, field, bandwidth, mode), bandwidth, mode)
			if !closeFields(once, twice, field, 1e-10) {
				t.Fatalf("%v: once %v, twice %v", mode, once, twice)
			}
		}
	})
}

func TestSmoothDoesNotLeakBetweenComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := mustEnvironment(t, drawGraphLayout(t))
		// Heat flows through faces only: edges without conductance join nothing.
		reach := func(start int) []bool {
			seen := make([]bool, e.NumBins())
			seen[start] = true
			for changed := true; changed; {
				changed = false
				for i, edge := range e.graph.Edges() {
					if e.conductance[i] > 0 && seen[edge.U] != seen[edge.V] {
						seen[edge.U], seen[edge.V], changed = true, true, true
					}
				}
			}
			return seen
		}
		bin := rapid.IntRange(0, e.NumBins()-1).Draw(t, "bin")
		field := make([]float64, e.NumBins())
		field[bin] = 1
		bandwidth := drawBandwidth(t)
		for _, mode := range allModes {
			for i, reached := range reach(bin) {
				if v := smoothed(t, e, field, bandwidth, mode)[i]; !reached && v != 0 {
					t.Fatalf("%v: bin %d gets %v from bin %d of another component", mode, i, v, bin)
				}
			}
		}
	})
}

func TestSmoothDoesNotDependOnTheOrderOfBins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layout := drawGraphLayout(t)
		e := mustEnvironment(t, layout)
		n := e.NumBins()
		place := rapid.Permutation(seq(n)).Draw(t, "place") // bin i becomes bin place[i]
		moved := Bins{Volumes: make([]float64, n), Ranges: layout.bins.Ranges, Centers: Points{dim: 2, data: make([]float64, 2*n)}}
		field, movedField := drawField(t, e, -1, 1), make([]float64, n)
		for i, p := range place {
			moved.Volumes[p] = layout.bins.Volumes[i]
			copy(moved.Centers.row(p), layout.bins.Centers.row(i))
			movedField[p] = field[i]
		}
		for _, edge := range layout.bins.Edges {
			edge.U, edge.V = place[edge.U], place[edge.V]
			moved.Edges = append(moved.Edges, edge)
		}
		other := mustEnvironment(t, graphLayout{moved})
		bandwidth := drawBandwidth(t)
		for _, mode := range allModes {
			got := smoothed(t, other, movedField, bandwidth, mode)
			back := make([]float64, n)
			for i, p := range place {
				back[i] = got[p]
			}
			if want := smoothed(t, e, field, bandwidth, mode); !closeFields(back, want, field, 1e-12) {
				t.Fatalf("%v: %v, in another order %v", mode, want, back)
			}
		}
	})
}

func seq(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

// A full grid takes another way through the code than the same graph does.
func TestSmoothOfAGridIsSmoothOfItsGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grid := drawGrid(t)
		graph := mustEnvironment(t, graphLayout{grid.layout.Bins()})
		if graph.box() != nil {
			t.Fatal("a graph is taken for a grid")
		}
		if l := grid.lattice; (l.full() && l.even) != (grid.box() != nil) {
			t.Fatalf("full %v, even %v, box %v", l.full(), l.even, grid.box() != nil)
		}
		field := drawField(t, grid, -1, 1)
		bandwidth := drawBandwidth(t)
		for _, mode := range allModes {
			a, b := smoothed(t, grid, field, bandwidth, mode), smoothed(t, graph, field, bandwidth, mode)
			if !closeFields(a, b, field, 1e-11) {
				t.Fatalf("%v: grid %v, graph %v", mode, a, b)
			}
		}
	})
}

// walledGrid is a full grid with a wall along its middle.
type walledGrid struct{ *gridLayout }

func (w walledGrid) Bins() Bins {
	b := w.gridLayout.Bins()
	half := b.Centers.Len() / 2
	kept := b.Edges[:0]
	for _, e := range b.Edges {
		if e.U >= half == (e.V >= half) {
			kept = append(kept, e)
		}
	}
	b.Edges = kept
	return b
}

func TestSmoothHonoursWallsInAGrid(t *testing.T) {
	open := squareGrid(t, 6)
	e := mustEnvironment(t, walledGrid{open.layout.(*gridLayout)})
	field := make([]float64, 36)
	field[17] = 1 // beside the wall
	for i, v := range smoothed(t, e, field, 3, ModeTransition) {
		if (v > 0) != (i < 18) {
			t.Errorf("bin %d gets %v", i, v)
		}
	}
}

func TestSmoothTendsToAGaussian(t *testing.T) {
	e := squareGrid(t, 81)
	field := make([]float64, e.NumBins())
	field[40*81+40] = 1
	const bandwidth = 10.0
	out := smoothed(t, e, field, bandwidth, ModeDensity)
	for _, cells := range []int{0, 3, 5, 8} {
		d := 2 * float64(cells)
		want := math.Exp(-d*d/2/bandwidth/bandwidth) / (2 * math.Pi * bandwidth * bandwidth)
		if got := out[(40+cells)*81+40]; math.Abs(got-want) > 0.03*want {
			t.Errorf("at distance %v: %v, a Gaussian has %v", d, got, want)
		}
	}
}

func TestSmoothOfAmountsHasNoNegativeValues(t *testing.T) {
	for name, e := range map[string]*Environment{"grid": squareGrid(t, 30), "round": roundArena(t, 30)} {
		field := make([]float64, e.NumBins())
		field[7] = 1
		for _, mode := range allModes {
			for i, v := range smoothed(t, e, field, 3, mode) {
				if v < 0 || math.Signbit(v) {
					t.Fatalf("%s %v: bin %d is %v", name, mode, i, v)
				}
			}
		}
	}
}

func TestSmoothOfHugeValues(t *testing.T) {
	for name, e := range map[string]*Environment{"grid": squareGrid(t, 30), "round": roundArena(t, 30)} {
		for _, bandwidth := range []float64{3, 1e5} {
			field := make([]float64, e.NumBins())
			for i := range field {
				field[i] = 1e308
			}
			for i, v := range smoothed(t, e, field, bandwidth, ModeAverage) {
				if math.Abs(v-1e308) > 1e295 {
					t.Fatalf("%s, bandwidth %v: bin %d is %v", name, bandwidth, i, v)
				}
			}
		}
	}
}

func TestSmoothAllIsSmooth(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	for name, e := range map[string]*Environment{"grid": squareGrid(t, 20), "round": roundArena(t, 20)} {
		fields := make([][]float64, 13)
		for k := range fields {
			fields[k] = make([]float64, e.NumBins())
			for i := range fields[k] {
				fields[k][i] = random.NormFloat64()
			}
		}
		before := slices.Clone(fields[0])
		all, err := e.SmoothAll(fields, 5, SmoothOptions{Mode: ModeAverage})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(before, fields[0]) {
			t.Error("the argument was changed")
		}
		for k := range fields {
			if !slices.Equal(all[k], smoothed(t, e, fields[k], 5, ModeAverage)) {
				t.Errorf("%s: field %d differs when smoothed alone", name, k)
			}
		}
	}
}

func TestSmoothStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, e := range map[string]*Environment{"grid": squareGrid(t, 20), "round": roundArena(t, 20)} {
		field := make([]float64, e.NumBins())
		var detailed *Error
		_, err := e.SmoothContext(ctx, field, 20)
		if !errors.Is(err, context.Canceled) || !errors.As(err, &detailed) || detailed.Op != "Environment.SmoothContext" {
			t.Errorf("%s: SmoothContext: %v", name, err)
		}
		_, err = e.SmoothAllContext(ctx, [][]float64{field, field}, 20)
		if !errors.Is(err, context.Canceled) || !errors.As(err, &detailed) || detailed.Op != "Environment.SmoothAllContext" {
			t.Errorf("%s: SmoothAllContext: %v", name, err)
		}
		if out, err := e.SmoothContext(context.Background(), field, 20); err != nil || len(out) != len(field) {
			t.Errorf("%s: %v, %v", name, out, err)
		}
	}
}

func TestSmoothRefuses(t *testing.T) {
	e := squareGrid(t, 3)
	good := make([]float64, 9)
	with := func(v float64) []float64 { f := slices.Clone(good); f[4] = v; return f }
	for name, c := range map[string]struct {
		env       *Environment
		field     []float64
		bandwidth float64
		options   []SmoothOptions
		kind      error
	}{
		"short field":        {e, good[:8], 1, nil, ErrShape},
		"nil field":          {e, nil, 1, nil, ErrShape},
		"NaN":                {e, with(math.NaN()), 1, nil, ErrInvalid},
		"infinity":           {e, with(math.Inf(-1)), 1, nil, ErrInvalid},
		"bandwidth 0":        {e, good, 0, nil, ErrInvalid},
		"negative bandwidth": {e, good, -1, nil, ErrInvalid},
		"NaN bandwidth":      {e, good, math.NaN(), nil, ErrInvalid},
		"infinite bandwidth": {e, good, math.Inf(1), nil, ErrInvalid},
		"unknown mode":       {e, good, 1, []SmoothOptions{{Mode: 3}}, ErrInvalid},
		"two options":        {e, good, 1, make([]SmoothOptions, 2), ErrInvalid},
		"no environment":     {nil, good, 1, nil, ErrInvalid},
		"empty environment":  {new(Environment), good, 1, nil, ErrInvalid},
	} {
		_, err := c.env.Smooth(c.field, c.bandwidth, c.options...)
		var detailed *Error
		if !errors.Is(err, c.kind) || !errors.As(err, &detailed) || detailed.Op != "Environment.Smooth" {
			t.Errorf("Smooth, %s: %v", name, err)
		}
		_, err = c.env.SmoothAll([][]float64{c.field}, c.bandwidth, c.options...)
		if !errors.Is(err, c.kind) || !errors.As(err, &detailed) || detailed.Op != "Environment.SmoothAll" {
			t.Errorf("SmoothAll, %s: %v", name, err)
		}
	}
}

func TestKernelModeString(t *testing.T) {
	for mode, want := range map[KernelMode]string{ModeDensity: "density", ModeTransition: "transition", ModeAverage: "average", 9: "KernelMode(9)"} {
		if got := mode.String(); got != want {
			t.Errorf("%d: %q, want %q", mode, got, want)
		}
	}
}

func TestSmoothAgainAllocatesLittle(t *testing.T) {
	for name, e := range map[string]*Environment{"grid": squareGrid(t, 30), "round": roundArena(t, 30)} {
		field := make([]float64, e.NumBins())
		if a := testing.AllocsPerRun(10, func() { smoothed(t, e, field, 6, ModeDensity) }); a > 20 {
			t.Errorf("%s: %v allocations", name, a)
		}
	}
}

func BenchmarkSmooth(b *testing.B) {
	for _, c := range []struct {
		name string
		make func(testing.TB, int) *Environment
		side int
	}{{"grid", squareGrid, 50}, {"grid", squareGrid, 100}, {"grid", squareGrid, 316}, {"round", roundArena, 50}, {"round", roundArena, 100}} {
		e := c.make(b, c.side)
		field := make([]float64, e.NumBins())
		for i := range field {
			field[i] = float64(i * 7 % 13)
		}
		for _, bandwidth := range []float64{10, 20} {
			size := fmt.Sprintf("%s%d/bins=%d/bandwidth=%g", c.name, c.side, e.NumBins(), bandwidth)
			b.Run(size+"/again", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					smoothed(b, e, field, bandwidth, ModeDensity)
				}
			})
			b.Run(size+"/first", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					e.ClearCache()
					smoothed(b, e, field, bandwidth, ModeDensity)
				}
			})
		}
	}
}

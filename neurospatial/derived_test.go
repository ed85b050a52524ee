package neurospatial_test

import (
	"errors"
	"fmt"
	"log"
	"slices"
	"testing"

	"pgregory.net/rapid"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/neurospatial/layouttest"
)

// TestSubset compares the parts of random environments, and of a ring, with their wholes.
func TestSubset(t *testing.T) {
	ringEnv, err := ns.FromLayout(ring{n: 9})
	if err != nil {
		t.Fatal(err)
	}
	walled := wrongGrid{openField(t, 5, 4).Layout().(ns.Gridded), func(g ns.Grid) ns.Grid { return g }}
	walledEnv, err := ns.FromLayout(walled)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		env := drawEnvironment(t)
		switch rapid.IntRange(0, 3).Draw(t, "layout") {
		case 2:
			env = ringEnv
		case 3:
			env = walledEnv // a grid of a layout that is not the package's own
		}
		o := ns.SubsetOptions{Bins: rapid.SliceOfN(rapid.Bool(), env.NumBins(), env.NumBins()).Draw(t, "bins"), Invert: rapid.Bool().Draw(t, "invert")}
		var kept []int
		for b, on := range o.Bins {
			if on != o.Invert {
				kept = append(kept, b)
			}
		}
		sub, err := env.Subset(o)
		if len(kept) == 0 {
			if !errors.Is(err, ns.ErrNoActiveBins) {
				t.Fatalf("empty subset: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if faults := layouttest.Check(sub.Layout()); len(faults) > 0 {
			t.Fatalf("%d faults, the first: %s", len(faults), faults[0])
		}
		checkSubset(t, env, sub, kept)
	})
}

func checkSubset(t failer, env, sub *ns.Environment, kept []int) {
	t.Helper()
	centers, err := env.BinCenterOf(kept...)
	if err != nil || !slices.Equal(centers.Flat(), sub.BinCenters().Flat()) {
		t.Fatalf("centres %v, want %v (%v)", sub.BinCenters().Rows(), centers.Rows(), err)
	}
	for i, b := range kept {
		if sub.BinSizes()[i] != env.BinSizes()[b] {
			t.Errorf("bin %d has size %v, want %v", i, sub.BinSizes()[i], env.BinSizes()[b])
		}
	}
	number := map[int]int{}
	for i, b := range kept {
		number[b] = i
	}
	var edges []ns.Edge
	for _, e := range env.Edges() {
		u, okU := number[e.U]
		v, okV := number[e.V]
		if okU && okV {
			edges = append(edges, ns.Edge{U: u, V: v, Distance: e.Distance, Conductance: e.Conductance})
		}
	}
	if !slices.Equal(sub.Edges(), edges) {
		t.Errorf("edges %v, want %v", sub.Edges(), edges)
	}
	if !slices.EqualFunc(sub.GridEdges(), env.GridEdges(), slices.Equal) {
		t.Errorf("grid edges %v, want %v", sub.GridEdges(), env.GridEdges())
	}
	whole, err := env.BinAt(env.BinCenters())
	if err != nil {
		t.Fatalf("%v", err)
	}
	part, err := sub.BinAt(env.BinCenters())
	if err != nil {
		t.Fatalf("%v", err)
	}
	for i, b := range whole {
		want, ok := number[b]
		if !ok {
			want = ns.Outside
		}
		if part[i] != want {
			t.Errorf("centre of bin %d is in bin %d of the subset, want %d", b, part[i], want)
		}
	}
}

// TestRebin checks that bins of the coarse environment are the blocks that contain bins.
func TestRebin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		env := drawEnvironment(t)
		factors := make([]int, env.NumDims())
		for k, n := range env.GridShape() {
			factors[k] = rapid.IntRange(1, n).Draw(t, "factor")
		}
		coarse, err := env.Rebin(factors...)
		if errors.Is(err, ns.ErrNoActiveBins) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if faults := layouttest.Check(coarse.Layout()); len(faults) > 0 {
			t.Fatalf("%d faults, the first: %s", len(faults), faults[0])
		}
		for k, n := range env.GridShape() {
			if got := coarse.GridShape()[k]; got != n/factors[k] {
				t.Errorf("axis %d has %d cells, want %d of %d", k, got, n/factors[k], n)
			}
		}
		if got, want := marked(coarse.ActiveMask()), blocksWithBins(env, coarse.GridShape(), factors); !slices.Equal(got, want) {
			t.Errorf("bins in cells %v, want %v", got, want)
		}
	})
}

// TestRebinByOne checks that blocks of one cell change nothing.
func TestRebinByOne(t *testing.T) {
	env := drawn(t, "##.# #..# ####", ns.SamplesOptions{NoDiagonals: true, Units: "cm", Frame: "room", Name: "arena"})
	coarse, err := env.Rebin(1)
	if err != nil {
		t.Fatal(err)
	}
	sameEnvironment(t, env, coarse)
	if coarse.Units() != "cm" || coarse.Frame() != "room" || coarse.Name() != "" {
		t.Errorf("labels %q, %q, %q", coarse.Units(), coarse.Frame(), coarse.Name())
	}
}

// TestRebinDropsIncompleteBlocks has its only bin in the last row, which fills no block.
func TestRebinDropsIncompleteBlocks(t *testing.T) {
	env := drawn(t, "... ... #..", ns.SamplesOptions{})
	if _, err := env.Rebin(2); !errors.Is(err, ns.ErrNoActiveBins) {
		t.Errorf("Rebin(2): %v", err)
	}
	coarse, err := env.Rebin(3)
	if err != nil || coarse.NumBins() != 1 {
		t.Errorf("Rebin(3) = %v, %v", coarse, err)
	}
}

func TestDerivedRefuse(t *testing.T) {
	env := openField(t, 4, 3)
	round, err := ns.FromLayout(ring{n: 5})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		err  error
		kind error
	}{
		"no factor":    {envErr(env.Rebin()), ns.ErrShape},
		"three":        {envErr(env.Rebin(1, 1, 1)), ns.ErrShape},
		"zero":         {envErr(env.Rebin(2, 0)), ns.ErrInvalid},
		"too large":    {envErr(env.Rebin(4)), ns.ErrInvalid},
		"ring":         {envErr(round.Rebin(1)), ns.ErrUnsupported},
		"zero rebin":   {envErr(new(ns.Environment).Rebin(1)), ns.ErrInvalid},
		"short subset": {envErr(env.Subset(ns.SubsetOptions{Bins: make([]bool, 3)})), ns.ErrShape},
		"zero subset":  {envErr(new(ns.Environment).Subset(ns.SubsetOptions{})), ns.ErrInvalid},
	} {
		if !errors.Is(tt.err, tt.kind) {
			t.Errorf("%s: got %v, want kind %v", name, tt.err, tt.kind)
		}
	}
}

func envErr(_ *ns.Environment, err error) error { return err }

func TestClone(t *testing.T) {
	env := drawn(t, "##.# #..# ####", ns.SamplesOptions{Units: "cm", Frame: "room", Name: "arena"})
	if _, err := env.MapPointsToBins(mustPoints([]float64{1.5, 1.5})); err != nil {
		t.Fatal(err)
	}
	clone := env.Clone()
	sameEnvironment(t, env, clone)
	if clone.String() != env.String() || clone.Frame() != env.Frame() {
		t.Errorf("clone %v of %v", clone, env)
	}
	if n := clone.CacheStats().Total().Entries; n != 0 {
		t.Errorf("the clone has %d cached results", n)
	}
}

func ExampleEnvironment_Subset() {
	env := exampleEnvironment()
	keep := make([]bool, env.NumBins())
	for b := range keep {
		keep[b] = env.BinCenters().At(b, 0) > 2 // without the first column of cells
	}
	part, err := env.Subset(ns.SubsetOptions{Bins: keep})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(part)
	// Output: Environment(MaskedGrid 3×3, 4 bins, 2 dimensions, cm)
}

func ExampleEnvironment_Rebin() {
	pos, err := ns.XY([]float64{1, 7, 3}, []float64{1, 7, 5})
	if err != nil {
		log.Fatal(err)
	}
	env, err := ns.FromSamples(pos, 1, ns.SamplesOptions{Ranges: [][2]float64{{0, 8}, {0, 8}}})
	if err != nil {
		log.Fatal(err)
	}
	coarse, err := env.Rebin(4) // blocks of 4 by 4 cells
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(coarse, coarse.BinCenters().Rows())
	// Output: Environment(RegularGrid 2×2, 3 bins, 2 dimensions) [[2 2] [2 6] [6 6]]
}

func ExampleEnvironment_Clone() {
	clone := exampleEnvironment().Clone()
	fmt.Println(clone, clone.CacheStats().Total().Entries)
	// Output: Environment("arena": RegularGrid 3×3, 6 bins, 2 dimensions, cm) 0
}

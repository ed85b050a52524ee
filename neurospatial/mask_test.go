package neurospatial_test

import (
	"errors"
	"fmt"
	"log"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/neurospatial/layouttest"
)

// TestFromMask builds random grids with cells of different widths.
func TestFromMask(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 3).Draw(t, "dim")
		edges := make([][]float64, dim)
		cells := 1
		for k := range edges {
			x := rapid.Float64Range(-100, 100).Draw(t, "first")
			edges[k] = []float64{x}
			for range rapid.IntRange(1, 5).Draw(t, "cells") {
				x += rapid.SampledFrom([]float64{0.5, 1, 2.25}).Draw(t, "width")
				edges[k] = append(edges[k], x)
			}
			cells *= len(edges[k]) - 1
		}
		active := rapid.SliceOfN(rapid.Bool(), cells, cells).Draw(t, "active")
		env, err := ns.FromMask(active, edges, ns.MaskOptions{NoDiagonals: rapid.Bool().Draw(t, "nodiag")})
		if !slices.Contains(active, true) {
			if !errors.Is(err, ns.ErrNoActiveBins) {
				t.Fatalf("no marks: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if faults := layouttest.Check(env.Layout()); len(faults) > 0 {
			t.Fatalf("%d faults, the first: %s", len(faults), faults[0])
		}
		if !slices.Equal(env.ActiveMask(), active) || !slices.EqualFunc(env.GridEdges(), edges, slices.Equal) {
			t.Errorf("mask %v of borders %v", env.ActiveMask(), env.GridEdges())
		}
		if sizes := unevenSizes(env); sizes != nil && near(env.BinSizes(), sizes, geometry) != nil {
			t.Errorf("sizes %v, want %v", env.BinSizes(), sizes)
		}
	})
}

// TestFromMaskKeepsNothing changes what it was given afterwards.
func TestFromMaskKeepsNothing(t *testing.T) {
	active, edges := []bool{true, true}, [][]float64{{0, 1, 2}}
	env, err := ns.FromMask(active, edges)
	if err != nil {
		t.Fatal(err)
	}
	active[0], edges[0][0] = false, -5
	if env.NumBins() != 2 || !env.ActiveMask()[0] || env.GridEdges()[0][0] != 0 {
		t.Errorf("%v changed with its arguments", env)
	}
}

func TestFromPixelMask(t *testing.T) {
	image := [][]bool{{true, false, true}, {true, true, true}}
	env, err := ns.FromPixelMask(image, 0, ns.PixelOptions{PixelSizes: []float64{2, 3}, Units: "px", Name: "frame"})
	if err != nil {
		t.Fatal(err)
	}
	layouttest.TestLayout(t, env.Layout())
	want := [][]float64{{1, 1.5}, {1, 4.5}, {3, 4.5}, {5, 1.5}, {5, 4.5}}
	if got := env.BinCenters().Rows(); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("centres %v, want %v", got, want)
	}
	if got, want := env.String(), `Environment("frame": ImageMask 3×2, 5 bins, 2 dimensions, px)`; got != want {
		t.Errorf("String() = %s, want %s", got, want)
	}
}

func TestFromPolygon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		polygon, err := ns.NewPolygon(mustPoints(drawStar(t)...))
		if err != nil {
			return
		}
		env, err := ns.FromPolygon(polygon, rapid.Float64Range(1, 5).Draw(t, "size"))
		if errors.Is(err, ns.ErrNoActiveBins) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if faults := layouttest.Check(env.Layout()); len(faults) > 0 {
			t.Fatalf("%d faults, the first: %s", len(faults), faults[0])
		}
		// All centres of the grid, of bins or not.
		edges, shape := env.GridEdges(), env.GridShape()
		var centers [][]float64
		for i := range shape[0] {
			for j := range shape[1] {
				centers = append(centers, []float64{edges[0][i] + (edges[0][i+1]-edges[0][i])/2, edges[1][j] + (edges[1][j+1]-edges[1][j])/2})
			}
		}
		within, err := polygon.Contains(mustPoints(centers...))
		if err != nil || !slices.Equal(env.ActiveMask(), within) {
			t.Errorf("bins %v, centres within %v, %v", env.ActiveMask(), within, err)
		}
	})
}

func TestMasksRefuse(t *testing.T) {
	line := [][]float64{{0, 1, 2}}
	square, err := ns.NewPolygon(mustPoints([]float64{0, 0}, []float64{10, 0}, []float64{10, 10}, []float64{0, 10}))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		err  error
		kind error
	}{
		"marks":          {envErr(ns.FromMask([]bool{true}, line)), ns.ErrShape},
		"no axis":        {envErr(ns.FromMask(nil, nil)), ns.ErrShape},
		"no borders":     {envErr(ns.FromMask(nil, [][]float64{{}})), ns.ErrShape},
		"one border":     {envErr(ns.FromMask(nil, [][]float64{{1}})), ns.ErrInvalid},
		"descending":     {envErr(ns.FromMask([]bool{true}, [][]float64{{1, 0}})), ns.ErrInvalid},
		"infinite":       {envErr(ns.FromMask([]bool{true}, [][]float64{{0, inf}})), ns.ErrInvalid},
		"NaN":            {envErr(ns.FromMask([]bool{true, true}, [][]float64{{0, nan, 1}})), ns.ErrInvalid},
		"too wide":       {envErr(ns.FromMask([]bool{true, true, true}, [][]float64{{-math.MaxFloat64, 0, 1, math.MaxFloat64}})), ns.ErrInvalid},
		"nothing":        {envErr(ns.FromMask([]bool{false, false}, line)), ns.ErrNoActiveBins},
		"two options":    {envErr(ns.FromMask([]bool{true, true}, line, ns.MaskOptions{}, ns.MaskOptions{})), ns.ErrInvalid},
		"no image":       {envErr(ns.FromPixelMask(nil, 1)), ns.ErrNoActiveBins},
		"ragged image":   {envErr(ns.FromPixelMask([][]bool{{true}, {true, true}}, 1)), ns.ErrShape},
		"pixel size":     {envErr(ns.FromPixelMask([][]bool{{true}}, inf)), ns.ErrInvalid},
		"pixel sizes":    {envErr(ns.FromPixelMask([][]bool{{true}}, 0, ns.PixelOptions{PixelSizes: []float64{1}})), ns.ErrShape},
		"both sizes":     {envErr(ns.FromPixelMask([][]bool{{true}}, 1, ns.PixelOptions{PixelSizes: []float64{1, 1}})), ns.ErrInvalid},
		"empty polygon":  {envErr(ns.FromPolygon(ns.Polygon{}, 1)), ns.ErrInvalid},
		"bin size":       {envErr(ns.FromPolygon(square, -1)), ns.ErrInvalid},
		"polygon memory": {envErr(ns.FromPolygon(square, 0.01, ns.PolygonOptions{MaxBytes: 1000})), ns.ErrTooLarge},
		"bin sizes":      {envErr(ns.FromPolygon(square, 0, ns.PolygonOptions{BinSizes: []float64{1, 1, 1}})), ns.ErrShape},
	} {
		var e *ns.Error
		if !errors.Is(tt.err, tt.kind) || !errors.As(tt.err, &e) || e.Code == "" {
			t.Errorf("%s: got %v, want kind %v", name, tt.err, tt.kind)
		}
	}
}

func ExampleFromMask() {
	active := []bool{
		true, true, // the cells at x = 0 to 1
		false, true, // the cells at x = 1 to 3
	}
	env, err := ns.FromMask(active, [][]float64{{0, 1, 3}, {0, 1, 2}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env, env.BinSizes())
	// Output: Environment(MaskedGrid 2×2, 3 bins, 2 dimensions) [1 1 2]
}

func ExampleFromPixelMask() {
	image := [][]bool{
		{true, true, true},
		{true, false, true},
	}
	env, err := ns.FromPixelMask(image, 0.5, ns.PixelOptions{Units: "cm"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env, env.BinCenters().Row(0))
	// Output: Environment(ImageMask 3×2, 5 bins, 2 dimensions, cm) [0.25 0.25]
}

func ExampleFromPolygon() {
	corners, err := ns.XY([]float64{0, 10, 0}, []float64{0, 0, 10})
	if err != nil {
		log.Fatal(err)
	}
	triangle, err := ns.NewPolygon(corners)
	if err != nil {
		log.Fatal(err)
	}
	env, err := ns.FromPolygon(triangle, 2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env)
	// Output: Environment(Polygon 5×5, 10 bins, 2 dimensions)
}

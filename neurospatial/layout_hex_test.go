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

// drawHexagons draws an environment of hexagons from samples.
func drawHexagons(t *rapid.T) (*ns.Environment, ns.Points) {
	n := rapid.IntRange(1, 60).Draw(t, "samples")
	offset := rapid.SampledFrom([]float64{0, -1000}).Draw(t, "offset")
	flat := rapid.SliceOfN(rapid.Float64Range(offset, offset+20), 2*n, 2*n).Draw(t, "pos")
	pos, err := ns.PointsOfFlat(2, flat)
	if err != nil {
		t.Fatal(err)
	}
	env, err := ns.FromSamples(pos, rapid.SampledFrom([]float64{1, 2.3, 7}).Draw(t, "width"),
		ns.SamplesOptions{Layout: ns.LayoutHexagonal, KeepAllBins: rapid.Bool().Draw(t, "all")})
	if err != nil {
		t.Fatal(err)
	}
	return env, pos
}

// TestHexagons checks the contract, that samples are in the hexagon of the nearest centre, and that there are six
// neighbours at most. Samples at the lower end of x may be in no hexagon: every second row begins half a hexagon later.
func TestHexagons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		env, pos := drawHexagons(t)
		if faults := layouttest.Check(env.Layout()); len(faults) > 0 {
			t.Fatalf("%d faults, the first: %s", len(faults), faults[0])
		}
		h := env.Layout().(*ns.Hexagons)
		bins, err := env.BinAt(pos)
		if err != nil {
			t.Fatal(err)
		}
		for i, b := range bins {
			d := distances(env, pos.Row(i))
			if b == ns.Outside && pos.At(i, 0) < h.Bins().Ranges[0][0]+h.Width()/2 {
				continue
			}
			if b == ns.Outside || d[b] > slices.Min(d)+1e-9 || d[b] > h.Radius()+1e-9 {
				t.Errorf("sample %v is in bin %d, distances %v", pos.Row(i), b, d)
			}
		}
		for b, n := range env.Degrees() {
			if n > 6 {
				t.Errorf("bin %d has %d neighbours", b, n)
			}
		}
		for _, e := range env.Edges() {
			if math.Abs(e.Distance-h.Width()) > 1e-9 {
				t.Errorf("edge %v of hexagons with width %v", e, h.Width())
			}
		}
		// The outline has the area of the bin and its corners are one radius away.
		corners, err := env.BinCorners(0)
		if err != nil {
			t.Fatal(err)
		}
		outline, err := ns.NewPolygon(corners)
		if err != nil || math.Abs(outline.Area()-env.BinSizes()[0]) > 1e-9*env.BinSizes()[0] {
			t.Errorf("outline of area %v, bin of size %v", outline.Area(), env.BinSizes()[0])
		}
	})
}

func TestHexagonThreshold(t *testing.T) {
	pos := mustPoints([]float64{0, 0}, []float64{0.1, 0}, []float64{10, 0}, []float64{5, 0})
	for threshold, want := range map[int]int{-1: 3, 0: 3, 1: 3, 2: 1} {
		env, err := ns.FromSamples(pos, 2, ns.SamplesOptions{Layout: ns.LayoutHexagonal, CountThreshold: threshold})
		if err != nil || env.NumBins() != want {
			t.Errorf("threshold %d: %v, %v, want %d bins", threshold, env, err, want)
		}
	}
}

func TestHexagonsEstimate(t *testing.T) {
	pos := mustPoints([]float64{0, 0}, []float64{300, 200})
	o := ns.SamplesOptions{Layout: ns.LayoutHexagonal, KeepAllBins: true}
	m, err := ns.EstimateMemory(pos, 1, o)
	if err != nil {
		t.Fatal(err)
	}
	env, err := ns.FromSamples(pos, 1, o)
	if err != nil {
		t.Fatal(err)
	}
	rows, columns := env.Layout().(*ns.Hexagons).Shape()
	if !slices.Equal(m.Shape, []int{rows, columns}) || m.MaxBins != int64(env.NumBins()) || m.BuildBytes < 200*m.MaxBins {
		t.Errorf("estimate %+v of %v", m, env)
	}
}

func TestHexagonsRefuse(t *testing.T) {
	pos := mustPoints([]float64{0, 0}, []float64{10, 10})
	hex := func(o ns.SamplesOptions) error {
		o.Layout = ns.LayoutHexagonal
		_, err := ns.FromSamples(pos, 1, o)
		return err
	}
	for name, tt := range map[string]struct {
		err  error
		kind error
	}{
		"dilate":      {hex(ns.SamplesOptions{Dilate: true}), ns.ErrUnsupported},
		"diagonals":   {hex(ns.SamplesOptions{NoDiagonals: true}), ns.ErrUnsupported},
		"threshold":   {hex(ns.SamplesOptions{CountThreshold: 2}), ns.ErrNoActiveBins},
		"ranges":      {hex(ns.SamplesOptions{Ranges: [][2]float64{{50, 60}, {50, 60}}}), ns.ErrNoActiveBins},
		"one range":   {hex(ns.SamplesOptions{Ranges: [][2]float64{{0, 1}}}), ns.ErrShape},
		"memory":      {hex(ns.SamplesOptions{MaxBytes: 100}), ns.ErrTooLarge},
		"rounding":    {hex(ns.SamplesOptions{Ranges: [][2]float64{{1e13, 1e13}, {0, 1}}}), ns.ErrInvalid},
		"three axes":  {hexErr(ns.NewHexagons(1, make([][2]float64, 3))), ns.ErrShape},
		"width":       {hexErr(ns.NewHexagons(0, make([][2]float64, 2))), ns.ErrInvalid},
		"NaN":         {hexErr(ns.NewHexagons(1, [][2]float64{{0, nan}, {0, 1}})), ns.ErrInvalid},
		"too many":    {hexErr(ns.NewHexagons(1e-9, [][2]float64{{0, 1}, {0, 1}})), ns.ErrTooLarge},
		"no bin":      {pointsErr(openField(t, 2, 2).BinCorners(4)), ns.ErrNotFound},
		"on a line":   {pointsErr(lineEnv(t).BinCorners(0)), ns.ErrUnsupported},
		"no outlines": {pointsErr(ringOf(t, 5).BinCorners(0)), ns.ErrUnsupported},
	} {
		if !errors.Is(tt.err, tt.kind) {
			t.Errorf("%s: got %v, want kind %v", name, tt.err, tt.kind)
		}
	}
}

func hexErr(_ *ns.Hexagons, err error) error { return err }
func pointsErr(_ ns.Points, err error) error { return err }

func lineEnv(t testing.TB) *ns.Environment {
	t.Helper()
	env, err := ns.FromSamples(mustPoints([]float64{1}, []float64{2}), 1)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func ringOf(t testing.TB, n int) *ns.Environment {
	t.Helper()
	env, err := ns.FromLayout(ring{n: n})
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// TestBinCorners checks that outlines lead around their bins, also in parts of an environment.
func TestBinCorners(t *testing.T) {
	hex, err := ns.NewHexagons(2, [][2]float64{{0, 8}, {0, 6}})
	if err != nil {
		t.Fatal(err)
	}
	hexEnv, err := ns.FromLayout(hex)
	if err != nil {
		t.Fatal(err)
	}
	for _, env := range []*ns.Environment{hexEnv, openField(t, 4, 3)} {
		keep := make([]bool, env.NumBins())
		keep[3], keep[7] = true, true
		part, err := env.Subset(ns.SubsetOptions{Bins: keep})
		if err != nil {
			t.Fatal(err)
		}
		for i, b := range []int{3, 7} {
			whole, err := env.BinCorners(b)
			if err != nil {
				t.Fatal(err)
			}
			corners, err := part.BinCorners(i)
			if err != nil || !slices.Equal(corners.Flat(), whole.Flat()) {
				t.Errorf("corners %v of the part, %v of the whole, %v", corners.Rows(), whole.Rows(), err)
			}
			outline, err := ns.NewPolygon(corners)
			if err != nil {
				t.Fatal(err)
			}
			in, err := outline.Contains(mustPoints(part.BinCenters().Row(i)))
			if err != nil || !in[0] {
				t.Errorf("the outline %v does not contain the centre %v", corners.Rows(), part.BinCenters().Row(i))
			}
		}
	}
}

func ExampleNewHexagons() {
	h, err := ns.NewHexagons(2, [][2]float64{{0, 8}, {0, 6}})
	if err != nil {
		log.Fatal(err)
	}
	env, err := ns.FromLayout(h, ns.LayoutOptions{Units: "cm"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env)
	// Output: Environment(Hexagonal, 25 bins, 2 dimensions, cm)
}

// exampleHexagons are the hexagons of width 2 around the points (0, 0), (2, 0) and (1, 2).
func exampleHexagons() *ns.Environment {
	pos, err := ns.XY([]float64{0, 2, 1}, []float64{0, 0, 2})
	if err != nil {
		log.Fatal(err)
	}
	env, err := ns.FromSamples(pos, 2, ns.SamplesOptions{Layout: ns.LayoutHexagonal})
	if err != nil {
		log.Fatal(err)
	}
	return env
}

func ExampleFromSamples_hexagons() {
	env := exampleHexagons()
	fmt.Println(env, env.Degrees())
	// Output: Environment(Hexagonal, 3 bins, 2 dimensions) [2 2 2]
}

func ExampleHexagons_Kind() {
	fmt.Println(exampleHexagons().Layout().Kind())
	// Output: Hexagonal
}

func ExampleHexagons_Width() {
	fmt.Println(exampleHexagons().Layout().(*ns.Hexagons).Width())
	// Output: 2
}

func ExampleHexagons_Radius() {
	fmt.Printf("%.4f\n", exampleHexagons().Layout().(*ns.Hexagons).Radius())
	// Output: 1.1547
}

func ExampleHexagons_Shape() {
	rows, columns := exampleHexagons().Layout().(*ns.Hexagons).Shape()
	fmt.Println(rows, columns)
	// Output: 3 2
}

func ExampleHexagons_Cells() {
	fmt.Println(exampleHexagons().Layout().(*ns.Hexagons).Cells())
	// Output: [0 1 2]
}

func ExampleHexagons_Bins() {
	bins := exampleHexagons().Layout().Bins()
	fmt.Printf("%.3f\n", bins.Volumes)
	// Output: [3.464 3.464 3.464]
}

func ExampleHexagons_BinAtTo() {
	points, err := ns.PointsOf([]float64{0.9, 0}, []float64{1.1, 0})
	if err != nil {
		log.Fatal(err)
	}
	bins := make([]int, points.Len())
	exampleHexagons().Layout().BinAtTo(bins, points)
	fmt.Println(bins)
	// Output: [0 1]
}

func ExampleHexagons_BinCorners() {
	corners := exampleHexagons().Layout().(ns.Outlined).BinCorners(0)
	fmt.Printf("%.2f\n", corners.Row(0))
	// Output: [1.00 0.58]
}

func ExampleEnvironment_BinCorners() {
	corners, err := exampleEnvironment().BinCorners(2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(corners.Rows())
	// Output: [[2 0] [4 0] [4 2] [2 2]]
}

func ExampleLayoutKind_String() {
	fmt.Println(ns.LayoutRegularGrid, ns.LayoutHexagonal)
	// Output: RegularGrid Hexagonal
}

package neurospatial_test

import (
	"errors"
	"fmt"
	"log"
	"math"
	"slices"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/neurospatial/layouttest"
)

func polarOf(t testing.TB, angles int, o ns.PolarOptions) *ns.Environment {
	t.Helper()
	env, err := ns.FromPolarEgocentric([2]float64{2, 8}, 2, [2]float64{-math.Pi, math.Pi}, 2*math.Pi/float64(angles), o)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func TestPolar(t *testing.T) {
	for _, angles := range []int{1, 2, 3, 8} {
		for _, o := range []ns.PolarOptions{{}, {Open: true}, {NoDiagonals: true}} {
			env := polarOf(t, angles, o)
			layouttest.TestLayout(t, env.Layout())
			area := 0.0
			for _, size := range env.BinSizes() {
				area += size
			}
			if want := math.Pi * (64 - 4); math.Abs(area-want) > 1e-9 {
				t.Errorf("%d angles: the bins cover %v, the rings %v", angles, area, want)
			}
		}
	}
	closed, open := polarOf(t, 8, ns.PolarOptions{NoDiagonals: true}), polarOf(t, 8, ns.PolarOptions{NoDiagonals: true, Open: true})
	if got, want := closed.NumEdges()-open.NumEdges(), 3; got != want {
		t.Errorf("the seam has %d edges, want one per ring, %d", got, want)
	}
	d, err := closed.DistanceTo([]int{0})
	if err != nil || math.Abs(d[7]-3*math.Pi/4) > 1e-12 {
		t.Errorf("the last angle is %v from the first, want an eighth of the ring, %v, %v", d[7], 3*math.Pi/4, err)
	}
	if d, err = open.DistanceTo([]int{0}); err != nil || d[7] < 7*3*math.Pi/4-1e-9 && d[7] < 3*math.Pi/4+1 {
		t.Errorf("without the seam it is %v away, %v", d[7], err)
	}
}

// TestPolarSubset checks that a part has the geometry of the whole.
func TestPolarSubset(t *testing.T) {
	env := polarOf(t, 8, ns.PolarOptions{})
	keep := make([]bool, env.NumBins())
	for b := range keep {
		keep[b] = b%3 > 0
	}
	part, err := env.Subset(ns.SubsetOptions{Bins: keep})
	if err != nil {
		t.Fatal(err)
	}
	layouttest.TestLayout(t, part.Layout())
	if _, err := part.DistanceTo([]int{0}, ns.DistanceOptions{Metric: ns.MetricEuclidean}); !errors.Is(err, ns.ErrUnsupported) {
		t.Errorf("straight lines in a part: %v", err)
	}
	checkSubset(t, env, part, marked(keep))
}

// TestPolarBinAt turns points round: angles count modulo a full turn.
func TestPolarBinAt(t *testing.T) {
	env := polarOf(t, 8, ns.PolarOptions{})
	for bin, c := range env.BinCenters().Rows() {
		for _, turns := range []float64{-3, 0, 1, 100} {
			got, err := env.BinAt(mustPoints([]float64{c[0], c[1] + turns*2*math.Pi}))
			if err != nil || got[0] != bin {
				t.Errorf("%v turns from the centre of bin %d is bin %v, %v", turns, bin, got, err)
			}
		}
	}
	got, err := env.BinAt(mustPoints([]float64{1, 0}, []float64{8, 0}, []float64{3, math.Pi}, []float64{3, -math.Pi}, []float64{3, math.NaN()}))
	if want := []int{ns.Outside, ns.Outside, 0, 0, ns.Outside}; err != nil || !slices.Equal(got, want) {
		t.Errorf("BinAt = %v, %v, want %v", got, err, want)
	}
	wedge, err := ns.FromPolarEgocentric([2]float64{0, 8}, 2, [2]float64{0, 1}, 0.25)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := wedge.BinAt(mustPoints([]float64{1, 0.1}, []float64{1, -0.1})); err != nil || !slices.Equal(got, []int{0, ns.Outside}) {
		t.Errorf("BinAt in a wedge = %v, %v", got, err)
	}
}

func TestPolarRefuses(t *testing.T) {
	env := polarOf(t, 8, ns.PolarOptions{})
	straight := ns.DistanceOptions{Metric: ns.MetricEuclidean}
	full := [2]float64{-math.Pi, math.Pi}
	_, between := env.DistanceBetween([]float64{3, 0}, []float64{3, 1}, straight)
	for name, tt := range map[string]struct {
		err  error
		kind error
	}{
		"reversed":       {envErr(ns.FromPolarEgocentric([2]float64{10, 0}, 1, full, 0.5)), ns.ErrInvalid},
		"negative":       {envErr(ns.FromPolarEgocentric([2]float64{-1, 5}, 1, full, 0.5)), ns.ErrInvalid},
		"infinite":       {envErr(ns.FromPolarEgocentric([2]float64{0, inf}, 1, full, 0.5)), ns.ErrInvalid},
		"degrees":        {envErr(ns.FromPolarEgocentric([2]float64{0, 5}, 1, [2]float64{-180, 180}, 30)), ns.ErrInvalid},
		"no angle":       {envErr(ns.FromPolarEgocentric([2]float64{0, 5}, 1, [2]float64{1, 1}, 0.5)), ns.ErrInvalid},
		"NaN":            {envErr(ns.FromPolarEgocentric([2]float64{0, 5}, 1, [2]float64{nan, 1}, 0.5)), ns.ErrInvalid},
		"bin size":       {envErr(ns.FromPolarEgocentric([2]float64{0, 5}, 0, full, 0.5)), ns.ErrInvalid},
		"too many":       {envErr(ns.FromPolarEgocentric([2]float64{0, 5}, 1e-6, full, 1e-6)), ns.ErrTooLarge},
		"two options":    {envErr(ns.FromPolarEgocentric([2]float64{0, 5}, 1, full, 1, ns.PolarOptions{}, ns.PolarOptions{})), ns.ErrInvalid},
		"straight lines": {fieldErr(env.DistanceTo([]int{0}, straight)), ns.ErrUnsupported},
		"straight line":  {between, ns.ErrUnsupported},
		"transform":      {envErr(env.Transform(must(ns.Rotation(1)))), ns.ErrUnsupported},
		"rebin":          {envErr(env.Rebin(2)), ns.ErrUnsupported},
	} {
		if !errors.Is(tt.err, tt.kind) {
			t.Errorf("%s: got %v, want kind %v", name, tt.err, tt.kind)
		}
	}
}

func examplePolar() *ns.Environment {
	env, err := ns.FromPolarEgocentric([2]float64{0, 20}, 5, [2]float64{-math.Pi, math.Pi}, math.Pi/2)
	if err != nil {
		log.Fatal(err)
	}
	return env
}

func ExampleFromPolarEgocentric() {
	env := examplePolar() // 4 rings of 4 angles
	fmt.Println(env)
	fmt.Printf("%.1f\n", env.BinSizes()[:5])
	// Output:
	// Environment(Polar 4×4, 16 bins, 2 dimensions)
	// [19.6 19.6 19.6 19.6 58.9]
}

func ExamplePolar_Kind() {
	fmt.Println(examplePolar().Layout().Kind())
	// Output: Polar
}

func ExamplePolar_CoordinateNames() {
	fmt.Println(examplePolar().Layout().(ns.Curvilinear).CoordinateNames())
	// Output: [distance angle]
}

func ExamplePolar_Grid() {
	fmt.Println(examplePolar().Layout().(ns.Gridded).Grid().Edges[0])
	// Output: [0 5 10 15 20]
}

func ExamplePolar_Bins() {
	fmt.Println(len(examplePolar().Layout().Bins().Edges))
	// Output: 52
}

func ExamplePolar_BinAtTo() {
	points, err := ns.PointsOf([]float64{6, 0.1}, []float64{6, 0.1 + 2*math.Pi})
	if err != nil {
		log.Fatal(err)
	}
	bins := make([]int, 2)
	examplePolar().Layout().BinAtTo(bins, points)
	fmt.Println(bins)
	// Output: [6 6]
}

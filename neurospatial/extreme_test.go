package neurospatial_test

import (
	"errors"
	"math"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// Arguments far out of scale give an answer or an error, not NaN, and do not end the process.
func TestExtremeArguments(t *testing.T) {
	pos, err := ns.XY([]float64{0, 1, 2, 10}, []float64{0, 0, 0, 10})
	if err != nil {
		t.Fatal(err)
	}
	env, err := ns.FromSamples(pos, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, hops := range []int{1 << 40, math.MaxInt} {
		if _, err := env.Rings(0, hops); !errors.Is(err, ns.ErrTooLarge) {
			t.Errorf("Rings(0, %d): %v, want ErrTooLarge", hops, err)
		}
	}
	last := env.NumBins() - 1 // not connected
	for _, width := range []float64{5e-324, 1e-300, 1, 1e300} {
		rates, err := env.PlaceField([]float64{0, 0}, width)
		if err != nil {
			t.Fatal(err)
		}
		for b, r := range rates {
			if math.IsNaN(r) {
				t.Errorf("PlaceField of width %g is NaN in bin %d", width, b)
			}
		}
		if rates[last] != 0 || rates[0] != 20 {
			t.Errorf("PlaceField of width %g: %v, want 20 first and 0 where no path leads", width, rates)
		}
	}
}

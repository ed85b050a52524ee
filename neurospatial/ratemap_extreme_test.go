package neurospatial

import (
	"math"
	"testing"
)

// TestSpatialInformationScales: the information does not depend on the units of
// rates and times, however extreme.
func TestSpatialInformationScales(t *testing.T) {
	rates, seconds := []float64{1, 4, 0, 3}, []float64{2, 1, 5, 0}
	want, err := SpatialInformation(rates, seconds)
	if err != nil || !(want > 0) {
		t.Fatalf("%g, %v", want, err)
	}
	for _, scale := range [][2]float64{{1e307, 1e307}, {1e-300, 1}, {1, 1e-300}, {1e-160, 1e-160}, {1e300, 1e-300}} {
		r, s := make([]float64, 4), make([]float64, 4)
		for i := range r {
			r[i], s[i] = rates[i]*scale[0], seconds[i]*scale[1]
		}
		// A few roundings of the scaled values.
		if got, err := SpatialInformation(r, s); err != nil || !(math.Abs(got-want) <= 1e-12*want) {
			t.Errorf("scaled by %g: %g, %v; want %g", scale, got, err, want)
		}
	}
	if got, err := SpatialInformation([]float64{5e-324, 0}, []float64{1, 1}); err != nil || got != 1 {
		t.Errorf("the smallest rate in one of two bins: %g, %v; want 1 bit", got, err)
	}
}

// TestFromLayoutNil: a constructor whose error was not looked at gives nil.
func TestFromLayoutNil(t *testing.T) {
	for _, l := range []Layout{nil, (*Hexagons)(nil), (*Mesh)(nil)} {
		if _, err := FromLayout(l); err == nil {
			t.Errorf("%T was taken", l)
		}
	}
}

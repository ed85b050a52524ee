package plot

import (
	"errors"
	"math"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func TestLimitsResolve(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		name      string
		given     Limits
		lo, hi    float64
		diverging bool
		want      Limits
		invalid   bool
	}{
		{name: "automatic", lo: 1, hi: 3, want: Limits{1, 3}},
		{name: "given", given: Limits{0, 5}, lo: 1, hi: 3, want: Limits{0, 5}},
		{name: "low end given", given: Limits{0, nan}, lo: 1, hi: 3, want: Limits{0, 3}},
		{name: "high end given", given: Limits{nan, 5}, lo: 1, hi: 3, want: Limits{1, 5}},
		{name: "constant", lo: 4, hi: 4, want: Limits{2, 6}},
		{name: "constant negative", lo: -4, hi: -4, want: Limits{-6, -2}},
		{name: "all zero", want: Limits{0, 1}},
		{name: "all zero from zero", given: Limits{0, nan}, want: Limits{0, 1}},
		{name: "data below the low end", given: Limits{10, nan}, lo: 1, hi: 3, want: Limits{10, 20}},
		{name: "data above the high end", given: Limits{nan, -1}, lo: 1, hi: 3, want: Limits{-2, -1}},
		{name: "diverging", lo: -1, hi: 3, diverging: true, want: Limits{-3, 3}},
		{name: "diverging given", given: Limits{-1, 2}, lo: -1, hi: 3, diverging: true, want: Limits{-1, 2}},
		{name: "diverging high end given", given: Limits{nan, 2}, lo: -1, hi: 3, diverging: true, want: Limits{-2, 2}},
		{name: "no data", lo: math.Inf(1), hi: math.Inf(-1), want: Limits{0, 1}},
		{name: "swapped", given: Limits{5, 1}, invalid: true},
		{name: "equal", given: Limits{5, 5}, invalid: true},
		{name: "infinite", given: Limits{0, math.Inf(1)}, invalid: true},
		{name: "wider than numbers", lo: -math.MaxFloat64, hi: math.MaxFloat64, invalid: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.given.resolve("Test", tt.lo, tt.hi, tt.diverging)
			if tt.invalid {
				if !errors.Is(err, ns.ErrInvalid) {
					t.Fatalf("got %v, %v; want ErrInvalid", got, err)
				}
				return
			}
			if got != tt.want || err != nil {
				t.Fatalf("got %v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

func TestSharedLimitsErrors(t *testing.T) {
	nan := math.NaN()
	for name, fields := range map[string][][]float64{
		"none":     nil,
		"all NaN":  {{nan}, {nan, nan}},
		"infinite": {{1}, {2, math.Inf(-1)}},
	} {
		if _, err := SharedLimits(fields...); !errors.Is(err, ns.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLevel(t *testing.T) {
	for _, tt := range []struct {
		v    float64
		want int
	}{{-1e308, 0}, {-0.1, 0}, {0, 0}, {0.249, 0}, {0.25, 1}, {0.999, 3}, {1, 3}, {7, 3}, {1e308, 3}} {
		if got := level(tt.v, 0, 1, 4); got != tt.want {
			t.Errorf("level(%v) = %d, want %d", tt.v, got, tt.want)
		}
	}
}

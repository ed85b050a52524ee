package plot

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTickLabels(t *testing.T) {
	for _, tt := range []struct {
		min, max float64
		n        int
		want     string
	}{
		{0, 100, 5, "0 20 40 60 80 100"},
		{-1, 101.7, 5, "0 50 100"},
		{0, 1, 5, "0 0.2 0.4 0.6 0.8 1.0"},
		{-0.5, 0.5, 4, "−0.5 0 0.5"},
		{0, 0.02, 4, "0 0.005 0.010 0.015 0.020"},
		{0, 0.0002, 4, "0 0.5×10⁻⁴ 1.0×10⁻⁴ 1.5×10⁻⁴ 2.0×10⁻⁴"},
		{0, 200000, 4, "0 0.5×10⁵ 1.0×10⁵ 1.5×10⁵ 2.0×10⁵"},
		{-3e-9, 3e-9, 3, "−2×10⁻⁹ 0 2×10⁻⁹"},
		{0, 0.004, 4, "0 0.001 0.002 0.003 0.004"},
		{1000, 1010, 5, "1000 1002 1004 1006 1008 1010"},
		{5, 5, 5, ""},
		{0, math.Inf(1), 5, ""},
		{math.NaN(), 1, 5, ""},
	} {
		var labels []string
		for _, tick := range (niceTicks{n: tt.n}).Ticks(tt.min, tt.max) {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != tt.want {
			t.Errorf("%v to %v in %d: %q, want %q", tt.min, tt.max, tt.n, got, tt.want)
		}
	}
}

var plainDigits = strings.NewReplacer("−", "-", "⁻", "-", "×10", "e", "⁰", "0", "¹", "1", "²", "2", "³", "3", "⁴", "4",
	"⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9")

// A label says the value of its tick, ticks lie in range and are evenly spaced.
func TestTicksProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := math.Pow(10, rapid.Float64Range(-12, 12).Draw(t, "log span"))
		min := span * rapid.Float64Range(-100, 100).Draw(t, "offset")
		n := rapid.IntRange(1, 12).Draw(t, "n")
		ticks := niceTicks{n: n}.Ticks(min, min+span)
		if len(ticks) > n+1 {
			t.Fatalf("%d ticks, want at most %d", len(ticks), n+1)
		}
		step := niceStep(span, n)
		for i, tick := range ticks {
			if tick.Value < min-1e-6*span || tick.Value > min+span*(1+1e-6) {
				t.Fatalf("tick %v outside %v to %v", tick.Value, min, min+span)
			}
			said, err := strconv.ParseFloat(plainDigits.Replace(tick.Label), 64)
			if err != nil || math.Abs(said-tick.Value) > 1e-6*step+1e-12*math.Abs(tick.Value) {
				t.Fatalf("tick %v is labelled %q (%v)", tick.Value, tick.Label, err)
			}
			if i > 0 && math.Abs(tick.Value-ticks[i-1].Value-step) > 1e-6*step {
				t.Fatalf("ticks %v and %v are not %v apart", ticks[i-1].Value, tick.Value, step)
			}
		}
	})
}

// Values that differ in their last digit only, such as a constant field after smoothing, can be drawn.
func TestTicksOfValuesThatHardlyDiffer(t *testing.T) {
	for _, lo := range []float64{1, -1, 1e9, 1e17, -1e300} {
		hi := lo
		for range 2 {
			hi = math.Nextafter(hi, math.Inf(1))
		}
		fig, err := Lines([]Series{{X: []float64{lo, hi, lo}, Y: []float64{lo, hi, lo}}})
		if err == nil {
			_, err = fig.Display()
		}
		if err != nil {
			t.Errorf("lines from %v to %v: %v", lo, hi, err)
		}
		fig, err = Histogram([]float64{lo, hi})
		if err == nil {
			_, err = fig.Display()
		}
		if err != nil {
			t.Errorf("histogram from %v to %v: %v", lo, hi, err)
		}
	}
}

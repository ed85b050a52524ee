package plot

import (
	"math"
	"strconv"
	"strings"

	gonumplot "gonum.org/v1/plot"
)

// niceTicks is a gonum Ticker that places at most about n labelled marks at
// multiples of 1, 2 or 5 times a power of ten, or at those of a given step.
type niceTicks struct {
	n    int
	step float64 // 0: chosen
}

func (t niceTicks) Ticks(lo, hi float64) []gonumplot.Tick {
	step := t.step
	if step == 0 {
		step = niceStep(hi-lo, t.n)
	}
	if step == 0 {
		return nil
	}
	eps := 1e-9 * (hi - lo)
	first := math.Ceil((lo - eps) / step)
	last := math.Floor((hi + eps) / step)
	if last-first > 1000 || max(math.Abs(first), math.Abs(last)) >= 1<<53 { // beyond the precision of the numbers
		return nil
	}
	var ticks []gonumplot.Tick
	most := max(math.Abs(first), math.Abs(last)) * step
	for i := first; i <= last; i++ {
		v := i * step
		ticks = append(ticks, gonumplot.Tick{Value: v, Label: tickLabel(v, step, most)})
	}
	return ticks
}

// niceStep returns the smallest step of 1, 2 or 5 times a power of ten that
// divides a span into at most n parts; 0 for a span that is no positive number.
func niceStep(span float64, n int) float64 {
	if !(span > 0) || math.IsInf(span, 0) || n < 1 {
		return 0
	}
	rough := span / float64(n)
	mag := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{1, 2, 5} {
		if m*mag >= rough*(1-1e-9) {
			return m * mag
		}
	}
	return 10 * mag
}

// tickLabel writes a multiple of step, at most most in size, with as many
// decimals as the step needs; very large or small numbers as 2×10⁶, with one
// exponent for all. A minus is U+2212, as wide as a plus.
func tickLabel(v, step, most float64) string {
	if math.Abs(v) < step/2 {
		return "0"
	}
	power := func(x float64) int { return int(math.Floor(math.Log10(x) + 1e-9)) }
	var s string
	if exp := power(most); exp >= 5 || power(step) < -3 {
		s = strconv.FormatFloat(v/math.Pow(10, float64(exp)), 'f', max(exp-power(step), 0), 64) + "×10" + superscript(exp)
	} else {
		s = strconv.FormatFloat(v, 'f', max(-power(step), 0), 64)
	}
	return strings.Replace(s, "-", "−", 1)
}

var superscripts = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

func superscript(n int) string { return superscripts.Replace(strconv.Itoa(n)) }

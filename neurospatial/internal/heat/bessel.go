package heat

import (
	"math"
	"slices"
)

// negligible is what may be left out of sums whose terms add up to 1. It is below
// the rounding of the sum.
const negligible = 1e-18

// besselWeights returns e^-z I_k(z) for k = 0, 1, … up to the last one that
// matters, I_k being the modified Bessel function. These are the probabilities of
// a random walk to be k steps away from its start, on either side, so that
// w[0] + 2(w[1] + w[2] + …) = 1, and the coefficients of e^-z(1-x) in Chebyshev
// polynomials.
//
// The recurrence I_k-1 = I_k+1 + 2k/z I_k is stable downwards (Miller); where it
// starts the values are far below what matters.
func besselWeights(z float64) []float64 {
	if z < negligible {
		return []float64{1}
	}
	last := besselReach(z)
	w := make([]float64, last+2)
	w[last] = 1e-300
	for k := last; k > 0; k-- {
		w[k-1] = w[k+1] + 2*float64(k)/z*w[k]
		if w[k-1] > 1e200 {
			for i := k - 1; i <= last; i++ {
				w[i] *= 1e-200
			}
		}
	}
	// Summed from the smallest up, so that rounding stays in the last place.
	sum := 0.0
	for _, v := range slices.Backward(w[1:]) {
		sum += v
	}
	sum = w[0] + 2*sum
	tail, keep := 0.0, len(w)
	for ; keep > 1; keep-- {
		if tail += 2 * w[keep-1] / sum; tail > negligible {
			break
		}
	}
	w = w[:keep]
	for k := range w {
		w[k] /= sum
	}
	return w
}

// besselReach returns a k from which on e^-z I_k(z) is below e^-80, by the leading
// term of its uniform expansion.
func besselReach(z float64) int {
	small := func(k float64) bool {
		return math.Hypot(k, z)-z-k*math.Asinh(k/z) < -80
	}
	hi := 1.0
	for !small(hi) {
		hi *= 2
	}
	lo := hi / 2
	for hi-lo > 1+hi/64 {
		if mid := (lo + hi) / 2; small(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return int(math.Ceil(hi))
}

package heat

import "math"

// reflected is E(t) along one axis: a filter on the cells continued by their mirror
// image, …cba|abc|cba…, so that no heat leaves at the ends. The continuation has
// period 2*side and the filter is the heat kernel of a ring of that length.
type reflected struct {
	side int
	tap  []float64 // weights at distance 0, 1, … on either side, at most side+1
}

// newReflected returns the filter after the dimensionless time z = 2*t*rate, for
// which a free line has the weights e^-z I_k(z).
func newReflected(side int, z float64) reflected {
	period := 2 * side
	ring := make([]float64, side+1)
	if math.IsNaN(z) {
		z = 0 // no conductance, infinite time: nothing flows
	}
	if z > 4*float64(side)*float64(side) {
		fewModes(ring, z)
	} else {
		for k, w := range besselWeights(z) {
			// A weight counts on both sides; ring keeps one side of what wraps around.
			at := k % period
			if at > side {
				at = period - at
			}
			if k > 0 && (at == 0 || at == side) {
				w *= 2
			}
			ring[at] += w
		}
	}
	return reflected{side: side, tap: trim(ring)}
}

// fewModes writes the kernel of the ring by its eigenvectors, cosines, of which only
// the slowest are left after a long time.
func fewModes(ring []float64, z float64) {
	side := len(ring) - 1
	for m := range ring {
		ring[m] = 1 / float64(2*side)
	}
	for k := 1; k <= side; k++ {
		s := math.Sin(math.Pi * float64(k) / float64(2*side))
		decay := math.Exp(-2*z*s*s) / float64(side)
		if k == side {
			decay /= 2
		}
		if decay < negligible {
			return
		}
		for m := range ring {
			ring[m] += decay * math.Cos(math.Pi*float64(k*m%(2*side))/float64(side))
		}
	}
}

// trim drops far weights that together are negligible and scales the rest to sum to
// 1 over the ring.
func trim(ring []float64) []float64 {
	side := len(ring) - 1
	count := func(m int) float64 { // how often weight m occurs on the ring
		if m == 0 || m == side {
			return 1
		}
		return 2
	}
	tail, keep := 0.0, len(ring)
	for ; keep > 1; keep-- {
		if tail += count(keep-1) * ring[keep-1]; tail > negligible {
			break
		}
	}
	sum := 0.0
	for m := keep - 1; m >= 0; m-- {
		sum += count(m) * ring[m]
	}
	tap := ring[:keep:keep]
	for m := range tap {
		tap[m] /= sum
	}
	return tap
}

// matrix returns the filter as a matrix, [side*side].
func (r reflected) matrix() []float64 {
	ring := make([]float64, r.side+1)
	copy(ring, r.tap)
	m := make([]float64, r.side*r.side)
	for i := range r.side {
		for j := range r.side {
			direct, mirrored := max(i-j, j-i), i+j+1
			if mirrored > r.side {
				mirrored = 2*r.side - mirrored
			}
			m[i*r.side+j] = ring[direct] + ring[mirrored]
		}
	}
	return m
}

// at returns the cell that stands at position i of the continuation, -side ≤ i < 2*side.
func (r reflected) at(i int) int {
	switch {
	case i < 0:
		return -i - 1
	case i >= r.side:
		return 2*r.side - 1 - i
	}
	return i
}

// along filters src, an array of blocks of side rows of inner values, into dst.
func (r reflected) along(dst, src []float64, inner int, b *scratch) {
	parts := 1
	if !b.shared {
		parts = workers(len(src) * len(r.tap))
	}
	if inner == 1 {
		rows := len(src) / r.side
		split(parts, rows, func(lo, hi int) { r.alongRows(dst[lo*r.side:hi*r.side], src[lo*r.side:hi*r.side]) })
		return
	}
	split(parts, len(src)/inner, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			block := src[i/r.side*r.side*inner:][:r.side*inner]
			r.across(dst[i*inner:][:inner], block, i%r.side)
		}
	})
}

// across writes row i of a filtered block.
func (r reflected) across(dst, block []float64, i int) {
	inner := len(dst)
	row := func(i int) []float64 { return block[r.at(i)*inner:][:inner] }
	scale(dst, r.tap[0], row(i))
	m := 1
	for ; m+1 < len(r.tap) && m+1 < r.side; m += 2 {
		addFour(dst, r.tap[m], row(i-m), row(i+m), r.tap[m+1], row(i-m-1), row(i+m+1))
	}
	for ; m < len(r.tap); m++ {
		if m == r.side { // the point opposite on the ring, which is met once
			addOne(dst, r.tap[m], row(i-m))
		} else {
			addTwo(dst, r.tap[m], row(i-m), row(i+m))
		}
	}
}

// alongRows filters rows whose values are next to each other. A row with its mirror
// images beside it turns every weight into one pass over shifted windows.
func (r reflected) alongRows(dst, src []float64) {
	reach := len(r.tap) - 1
	wide := make([]float64, r.side+2*reach)
	for lo := 0; lo < len(src); lo += r.side {
		row, out := src[lo:lo+r.side], dst[lo:lo+r.side]
		for i := range wide {
			wide[i] = row[r.at(i-reach)]
		}
		window := func(shift int) []float64 { return wide[reach+shift:][:r.side] }
		scale(out, r.tap[0], window(0))
		m := 1
		for ; m+1 < len(r.tap) && m+1 < r.side; m += 2 {
			addFour(out, r.tap[m], window(-m), window(m), r.tap[m+1], window(-m-1), window(m+1))
		}
		for ; m < len(r.tap); m++ {
			if m == r.side {
				addOne(out, r.tap[m], window(m))
			} else {
				addTwo(out, r.tap[m], window(-m), window(m))
			}
		}
	}
}

func scale(dst []float64, f float64, a []float64) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = f * a[i]
	}
}

func addOne(dst []float64, f float64, a []float64) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] += f * a[i]
	}
}

func addTwo(dst []float64, f float64, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] += f * (a[i] + b[i])
	}
}

func addFour(dst []float64, f float64, a, b []float64, g float64, c, d []float64) {
	a, b, c, d = a[:len(dst)], b[:len(dst)], c[:len(dst)], d[:len(dst)]
	for i := range dst {
		dst[i] += f*(a[i]+b[i]) + g*(c[i]+d[i])
	}
}

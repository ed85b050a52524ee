package heat

import "context"

// step replaces x by w0 x + 2 Σ wk Tk(A) x.
//
//	b[k] = 2 wk x + 2A b[k+1] - b[k+2]
//	result = w0 x + A b[1] - b[2]
func (s *Sparse) step(ctx context.Context, weights, x []float64, width int, b *scratch) error {
	degree := len(weights) - 1
	if degree == 0 {
		for i := range x {
			x[i] *= weights[0]
		}
		return nil
	}
	next, after := b.vector(1, len(x)), b.vector(2, len(x)) // b[k+1] and b[k+2], overwritten by b[k]
	clear(after)
	for i, v := range x {
		next[i] = 2 * weights[degree] * v
	}
	parts := workers(len(x) + len(s.target)*width)
	if b.shared {
		parts = 1
	}
	for k := degree - 1; k >= 1; k-- {
		if k%16 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s.recur(parts, after, next, x, 2*weights[k], width)
		next, after = after, next
	}
	split(parts, s.Len(), func(lo, hi int) { s.finish(lo, hi, x, next, after, weights[0], width) })
	return ctx.Err()
}

// recur replaces after by c x + 2A next - after, in so many parts at once.
func (s *Sparse) recur(parts int, after, next, x []float64, c float64, width int) {
	if parts > 1 {
		split(parts, s.Len(), func(lo, hi int) { s.recurRows(lo, hi, after, next, x, c, width) })
		return
	}
	s.recurRows(0, s.Len(), after, next, x, c, width) // without a closure, which would be allocated each time
}

func (s *Sparse) recurRows(lo, hi int, after, next, x []float64, c float64, width int) {
	if width == 1 {
		s.clenshaw(lo, hi, after, next, x, c)
	} else {
		s.clenshawLanes(lo, hi, after, next, x, c)
	}
}

// clenshawRows is clenshaw row by row.
func (s *Sparse) clenshawRows(lo, hi int, after, next, x []float64, c float64) {
	start := s.start[lo : hi+1]
	diag, x, into := s.diag[lo:hi], x[lo:hi], after[lo:hi]
	own := next[lo:hi]
	from := start[0]
	for i, d := range diag {
		to := start[i+1]
		value, target := s.value[from:to], s.target[from:to]
		from = to
		sum := c*x[i] + d*own[i] - into[i]
		for k, v := range value {
			sum += v * next[target[k]]
		}
		into[i] = sum
	}
}

// clenshawLanes is clenshaw for lanes fields side by side.
func (s *Sparse) clenshawLanes(lo, hi int, after, next, x []float64, c float64) {
	for i := lo; i < hi; i++ {
		d := s.diag[i]
		into := (*[lanes]float64)(after[i*lanes:])
		own := (*[lanes]float64)(next[i*lanes:])
		src := (*[lanes]float64)(x[i*lanes:])
		s0 := c*src[0] + d*own[0] - into[0]
		s1 := c*src[1] + d*own[1] - into[1]
		s2 := c*src[2] + d*own[2] - into[2]
		s3 := c*src[3] + d*own[3] - into[3]
		s4 := c*src[4] + d*own[4] - into[4]
		s5 := c*src[5] + d*own[5] - into[5]
		s6 := c*src[6] + d*own[6] - into[6]
		s7 := c*src[7] + d*own[7] - into[7]
		from, to := s.start[i], s.start[i+1]
		value, target := s.value[from:to], s.target[from:to]
		for k, v := range value {
			far := (*[lanes]float64)(next[int(target[k])*lanes:])
			s0 += v * far[0]
			s1 += v * far[1]
			s2 += v * far[2]
			s3 += v * far[3]
			s4 += v * far[4]
			s5 += v * far[5]
			s6 += v * far[6]
			s7 += v * far[7]
		}
		*into = [lanes]float64{s0, s1, s2, s3, s4, s5, s6, s7}
	}
}

// finish replaces rows lo up to hi of x by w0 x + A b1 - b2.
func (s *Sparse) finish(lo, hi int, x, b1, b2 []float64, w0 float64, width int) {
	for i := lo; i < hi; i++ {
		for lane := range width {
			at := i*width + lane
			sum := s.diag[i] * b1[at]
			for k := s.start[i]; k < s.start[i+1]; k++ {
				sum += s.value[k] * b1[int(s.target[k])*width+lane]
			}
			x[at] = w0*x[at] + sum/2 - b2[at]
		}
	}
}

package heat

import "context"

// chebyshev is E(t) of a Sparse operator.
//
// With z = t*bound/2, E(t) = e^-z(I-A) = w0 + 2 Σ wk Tk(A), wk = e^-z Ik(z). The
// sum is evaluated by Clenshaw's recurrence, which needs two vectors besides the
// field.
//
// The part of a field that lies in the null space of S does not change. It is taken
// off first, so that rounding cannot let the total heat drift, and put back at the
// end. The rest only shrinks; when nothing of it is left after some step of a very
// long time, the later steps have nothing to do. That makes the cost of a huge time
// depend on the graph alone.
type chebyshev struct {
	s     *Sparse
	first []float64 // weights of the first step
	rest  float64   // z that remains after it
}

// lanes is the number of fields that pass through the graph together, so that
// an arc is read once for all of them.
const lanes = 8

// Apply replaces every field by E(t) times the field.
func (c *chebyshev) Apply(ctx context.Context, fields ...[]float64) error {
	n := c.s.Len()
	groups := len(fields) / lanes
	if len(fields)%lanes > lanes/4 {
		groups++ // a group with empty lanes costs less than passing its fields one by one
	}
	single := max(0, len(fields)-groups*lanes)
	return inParallel(groups+single, len(fields)*n*len(c.first), func(job int, b *scratch) error {
		if job >= groups {
			return c.run(ctx, fields[groups*lanes+job-groups], 1, b)
		}
		group := fields[job*lanes : min((job+1)*lanes, len(fields))]
		x := b.vector(0, n*lanes)
		clear(x)
		for lane, f := range group {
			for i, v := range f {
				x[i*lanes+lane] = v
			}
		}
		if err := c.run(ctx, x, lanes, b); err != nil {
			return err
		}
		for lane, f := range group {
			for i := range f {
				f[i] = x[i*lanes+lane]
			}
		}
		return nil
	})
}

// Rows writes rows lo up to hi of E(t).
func (c *chebyshev) Rows(ctx context.Context, lo, hi int, dst []float64) error {
	n := c.s.Len()
	groups := (hi - lo + lanes - 1) / lanes
	return inParallel(groups, (hi-lo)*n*len(c.first), func(job int, b *scratch) error {
		first := lo + job*lanes
		count := min(lanes, hi-first)
		x := b.vector(0, n*lanes)
		clear(x)
		for lane := range count {
			x[(first+lane)*lanes+lane] = 1
		}
		if err := c.run(ctx, x, lanes, b); err != nil {
			return err
		}
		for lane := range count {
			row := dst[(first-lo+lane)*n:][:n]
			for i := range row {
				row[i] = x[i*lanes+lane]
			}
		}
		return nil
	})
}

// run replaces x, width fields side by side, by E(t) x.
func (c *chebyshev) run(ctx context.Context, x []float64, width int, b *scratch) error {
	calm := c.s.removeCalm(x, width)
	limit := squares(x, width)
	for lane := range limit {
		limit[lane] *= negligible * negligible
	}
	weights, rest := c.first, c.rest
	for done := longestStep; ; done *= 2 {
		if err := c.s.step(ctx, weights, x, width, b); err != nil {
			return err
		}
		if rest == 0 {
			break
		}
		c.s.removeCalm(x, width) // what rounding put back
		if !settle(x, width, limit) {
			break
		}
		z := min(rest, done)
		rest -= z
		weights = besselWeights(z)
	}
	c.s.addCalm(x, calm, width)
	return nil
}

// removeCalm takes the part of each field that lies in the null space off x and returns
// its coefficients, component by component.
func (s *Sparse) removeCalm(x []float64, width int) []float64 {
	calm := make([]float64, s.parts*width)
	for i, q := range s.calm {
		c := calm[int(s.component[i])*width:][:width]
		for lane, v := range x[i*width:][:width] {
			c[lane] += q * v
		}
	}
	for i, q := range s.calm {
		c := calm[int(s.component[i])*width:][:width]
		row := x[i*width:][:width]
		for lane := range row {
			row[lane] -= q * c[lane]
		}
	}
	return calm
}

// addCalm puts back what removeCalm took off.
func (s *Sparse) addCalm(x, calm []float64, width int) {
	for i, q := range s.calm {
		c := calm[int(s.component[i])*width:][:width]
		row := x[i*width:][:width]
		for lane := range row {
			row[lane] += q * c[lane]
		}
	}
}

// squares returns the sum of the squares of each field.
func squares(x []float64, width int) []float64 {
	sum := make([]float64, width)
	for i := 0; i < len(x); i += width {
		for lane, v := range x[i : i+width] {
			sum[lane] += v * v
		}
	}
	return sum
}

// settle zeroes the fields whose sum of squares is within the limit and tells
// whether any other is left. Each field is judged alone, so that its result does
// not depend on those beside it.
func settle(x []float64, width int, limit []float64) (left bool) {
	for lane, sum := range squares(x, width) {
		if sum > limit[lane] {
			left = true
			continue
		}
		for i := lane; i < len(x); i += width {
			x[i] = 0
		}
	}
	return left
}

package heat

import (
	"context"
	"math"
)

// chebyshev is E(t) of a Sparse operator.
//
// With z = t*bound/2, E(t) = e^-z(I-A) = w0 + 2 Σ wk Tk(A), wk = e^-z Ik(z). The
// sum is evaluated by Clenshaw's recurrence, which needs two vectors besides the
// field.
//
// The part of a field that lies in the null space of S does not change. It is taken
// off first, so that rounding cannot let the total heat drift, and put back at the
// end. The rest only shrinks, and a very long time is cut into steps in order to
// notice when nothing of it is left: the cost of a huge time depends on the graph
// alone.
type chebyshev struct {
	s     *Sparse
	first []float64 // weights of the first step
	rest  float64   // z that remains after it, 0 unless the time is very long
}

// lanes is the number of fields that pass through the graph together, so that
// an arc is read once for all of them.
const lanes = 8

// Apply replaces every field by E(t) times the field.
func (c *chebyshev) Apply(ctx context.Context, fields ...[]float64) error {
	groups := len(fields) / lanes
	if len(fields)%lanes > lanes/4 {
		groups++ // a group with empty lanes costs less than passing its fields one by one
	}
	if c.rest > 0 {
		groups = 0 // each field takes its own time to settle
	}
	single := max(0, len(fields)-groups*lanes)
	return inParallel(groups+single, len(fields)*c.s.Len()*len(c.first), func(job int, b *scratch) error {
		if job >= groups {
			return c.run(ctx, fields[groups*lanes+job-groups], b)
		}
		return c.runGroup(ctx, fields[job*lanes:min((job+1)*lanes, len(fields))], b)
	})
}

// Rows writes rows lo up to hi of E(t).
func (c *chebyshev) Rows(ctx context.Context, lo, hi int, dst []float64) error {
	n := c.s.Len()
	perJob := lanes
	if c.rest > 0 {
		perJob = 1
	}
	jobs := (hi - lo + perJob - 1) / perJob
	clear(dst[:(hi-lo)*n])
	return inParallel(jobs, (hi-lo)*n*len(c.first), func(job int, b *scratch) error {
		var units [lanes][]float64
		first := job * perJob
		rows := units[:min(perJob, hi-lo-first)]
		for k := range rows {
			rows[k] = dst[(first+k)*n:][:n]
			rows[k][lo+first+k] = 1
		}
		if len(rows) == 1 {
			return c.run(ctx, rows[0], b)
		}
		return c.runGroup(ctx, rows, b)
	})
}

// runGroup is run for up to lanes fields when the time is not very long.
func (c *chebyshev) runGroup(ctx context.Context, fields [][]float64, b *scratch) error {
	x := b.vector(0, c.s.Len()*lanes)
	clear(x)
	for lane, f := range fields {
		for i, v := range f {
			x[i*lanes+lane] = v
		}
	}
	calm := c.s.removeCalm(x, lanes)
	if err := c.s.step(ctx, c.first, x, lanes, b); err != nil {
		return err
	}
	c.s.addCalm(x, calm, lanes)
	for lane, f := range fields {
		for i := range f {
			f[i] = x[i*lanes+lane]
		}
	}
	return nil
}

// run replaces a field by E(t) times the field.
func (c *chebyshev) run(ctx context.Context, x []float64, b *scratch) error {
	calm := c.s.removeCalm(x, 1)
	before := norm(x)
	limit := negligible * before
	if err := c.s.step(ctx, c.first, x, 1, b); err != nil {
		return err
	}
	for rest, z := c.rest, longestStep; rest > 0; {
		c.s.removeCalm(x, 1) // what rounding put back
		left := norm(x)
		if !(left > limit) {
			clear(x)
			break
		}
		// What is left decays more and more slowly: at the present rate it would reach the
		// limit too early, never too late, so that a step of that length is not wasted.
		want := 16 * z
		if rate := math.Log(before/left) / z; rate > 0 {
			want = min(want, 1.01*math.Log(left/limit)/rate)
		}
		z = min(rest, max(longestStep, want))
		rest -= z
		before = left
		if err := c.s.step(ctx, besselWeights(z), x, 1, b); err != nil {
			return err
		}
	}
	c.s.addCalm(x, calm, 1)
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

// norm returns the length of a vector.
func norm(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum)
}

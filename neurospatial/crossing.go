package neurospatial

import (
	"math"
	"slices"
)

// addCrossings adds the time of every interval to the bins that the line between its samples crosses.
func (e *Environment) addCrossings(out, times []float64, pos Points, o OccupancyOptions) {
	c := e.lattice.newCrossing()
	e.eachInterval(times, pos, o, func(k, bin, next int, seconds float64) {
		if bin == next || !c.cut(pos.row(k), pos.row(k+1)) {
			if o.Counts {
				seconds = 1
			}
			out[bin] += seconds
			return
		}
		whole := seconds
		scale := 1.0
		if o.Counts {
			if seconds == 0 {
				return // Python shares an interval by time, and this one has none to share
			}
			// One interval counts as one, shared among the pieces inside the grid.
			whole, scale = 1, c.inside()
		}
		for _, p := range c.pieces {
			if p.cell == Outside {
				continue
			}
			if b := e.lattice.binOf[p.cell]; b != Outside {
				out[b] += whole * (p.share / scale)
			}
		}
	})
}

// crossing cuts a line segment into the pieces that lie in one cell of a lattice each.
type crossing struct {
	l      *lattice
	cuts   []float64 // fractions of the segment at which it crosses a border
	middle []float64 // of a piece
	pieces []piece
}

type piece struct {
	cell  int     // Outside beyond the lattice
	share float64 // fraction of the segment
}

func (l *lattice) newCrossing() *crossing {
	return &crossing{l: l, middle: make([]float64, len(l.shape))}
}

// shortestSegment is the length below which a segment is a point.
const shortestSegment = 1e-12

// cut finds the pieces of the segment from one point, which lies in the lattice, to another. It returns false
// for segments that cannot be cut: too short, or with an unknown end.
func (c *crossing) cut(from, to []float64) bool {
	length := distance(from, to)
	if !(length >= shortestSegment) || math.IsInf(length, 1) {
		return false
	}
	c.cuts = append(c.cuts[:0], 0, 1)
	for k := range from {
		c.addCuts(k, from[k], to[k])
	}
	slices.Sort(c.cuts)
	c.pieces = c.pieces[:0]
	for i := range len(c.cuts) - 1 {
		t0, t1 := c.cuts[i], c.cuts[i+1]
		if t0 == t1 {
			continue
		}
		for k := range from {
			c.middle[k] = from[k] + (t0+t1)/2*(to[k]-from[k])
		}
		c.pieces = append(c.pieces, piece{cell: c.l.cellAt(c.middle), share: t1 - t0})
	}
	return true
}

// addCuts adds where the segment crosses borders strictly between its ends along one axis.
func (c *crossing) addCuts(axis int, from, to float64) {
	edges := c.l.edges[axis]
	lo, hi := min(from, to), max(from, to)
	i := c.l.cellAlong(axis, lo) + 1 // 0 if lo is outside, which is below all borders or on the last
	if lo >= edges[len(edges)-1] {
		return
	}
	for ; i < len(edges) && edges[i] < hi; i++ {
		if edges[i] > lo {
			c.cuts = append(c.cuts, (edges[i]-from)/(to-from))
		}
	}
}

// inside returns the fraction of the segment that lies in the lattice.
func (c *crossing) inside() float64 {
	sum := 0.0
	for _, p := range c.pieces {
		if p.cell != Outside {
			sum += p.share
		}
	}
	return sum
}

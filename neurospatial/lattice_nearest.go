package neurospatial

import "math"

// unjoined is a lower bound, on an even lattice, of the distance between the centres of two cells that may
// not be neighbours: two cells apart along one axis or one cell apart along two.
func (l *lattice) unjoined() float64 {
	first, second := math.Inf(1), math.Inf(1)
	for _, w := range l.width {
		if w < first {
			first, second = w, first
		} else if w < second {
			second = w
		}
	}
	return min(2*first, math.Hypot(first, second))
}

// latticeNearest finds nearest cell centres on an even lattice axis by axis. It serves one goroutine.
type latticeNearest struct {
	l         *lattice
	tolerance float64     // distances that differ by no more are equal
	center    [][]float64 // cell centres along each axis
	narrowest float64     // width of the narrowest axis
	full      bool

	index []int     // cell chosen along each axis
	sq    []float64 // squared distance to it along each axis
}

func (l *lattice) nearest(tolerance float64) *latticeNearest {
	dim := len(l.shape)
	n := &latticeNearest{l: l, tolerance: tolerance, narrowest: math.Inf(1), full: l.full(),
		index: make([]int, dim), sq: make([]float64, dim), center: make([][]float64, dim)}
	for k := range dim {
		n.center[k] = l.axisCenters(k)
		n.narrowest = min(n.narrowest, l.width[k])
	}
	return n
}

// find returns the nearest bin and its distance. It gives up when the nearest cell is no bin, when a tie
// would have to be settled among cells that may not be bins, and when the point is so far away that more
// than adjacent centres are equally near.
func (n *latticeNearest) find(point []float64) (bin int, d float64, ok bool) {
	cell := 0
	for k, x := range point {
		n.index[k], n.sq[k] = n.along(k, x)
		cell += n.index[k] * n.l.stride[k]
	}
	d = n.distance()
	bound := d + n.tolerance
	// Squares that differ by less than this cannot be told apart: by the rule of ties or by rounding.
	if slack := bound*bound - d*d + 1e-15*d*d; slack > n.narrowest*n.narrowest/2 {
		return 0, 0, false
	}
	for k, x := range point {
		lower, upper := n.ties(k, x, bound)
		if !n.full && (lower || upper) {
			return 0, 0, false
		}
		if lower {
			n.index[k]--
			n.sq[k] = square(x - n.center[k][n.index[k]])
			cell -= n.l.stride[k]
		}
	}
	b := n.l.binOf[cell]
	return int(b), d, b != Outside
}

// along returns the cell whose centre is nearest along one axis, the lower of two, and the squared
// distance.
func (n *latticeNearest) along(axis int, x float64) (int, float64) {
	c := n.center[axis]
	guess := (x - n.l.edges[axis][0]) * n.l.scale[axis]
	i := int(min(max(guess, 0), float64(len(c)-1)))
	for i > 0 && math.Abs(x-c[i-1]) <= math.Abs(x-c[i]) {
		i--
	}
	for i+1 < len(c) && math.Abs(x-c[i+1]) < math.Abs(x-c[i]) {
		i++
	}
	return i, square(x - c[i])
}

// ties tells whether the next lower and the next higher cell along one axis are within the bound as well.
func (n *latticeNearest) ties(axis int, x, bound float64) (lower, upper bool) {
	c, i, old := n.center[axis], n.index[axis], n.sq[axis]
	if i > 0 {
		n.sq[axis] = square(x - c[i-1])
		lower = n.distance() <= bound
	}
	if i+1 < len(c) {
		n.sq[axis] = square(x - c[i+1])
		upper = n.distance() <= bound
	}
	n.sq[axis] = old
	return lower, upper
}

func (n *latticeNearest) distance() float64 {
	sum := 0.0
	for _, v := range n.sq {
		sum += v
	}
	return math.Sqrt(sum)
}

func square(v float64) float64 { return v * v }

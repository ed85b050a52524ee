package neurospatial

// step is a move from a cell to an adjacent one with a higher bin number.
type step struct {
	offset []int   // per axis, -1, 0 or 1
	cells  int     // the same in flat cell numbers
	axis   int     // the axis crossed, or -1 if the cells share no face
	face   float64 // size of the face crossed, on an even lattice
}

// forwardSteps lists the steps to neighbours with higher numbers in the order in which Python creates
// the edges: with diagonals in ascending cell number, without them along axis 0 first.
func (l *lattice) forwardSteps(diagonals bool) []step {
	dim := len(l.shape)
	var steps []step
	if !diagonals {
		for k := range dim {
			offset := make([]int, dim)
			offset[k] = 1
			steps = append(steps, l.newStep(offset))
		}
		return steps
	}
	total := 1
	for range dim {
		total *= 3
	}
	// Offsets counted in base 3 with digits -1, 0, 1 ascend with the cell number; those after the
	// middle one, the zero offset, lead forward.
	for code := total/2 + 1; code < total; code++ {
		offset := make([]int, dim)
		for k, rest := dim-1, code; k >= 0; k, rest = k-1, rest/3 {
			offset[k] = rest%3 - 1
		}
		steps = append(steps, l.newStep(offset))
	}
	return steps
}

func (l *lattice) newStep(offset []int) step {
	s := step{offset: offset}
	moved := 0
	for k, o := range offset {
		s.cells += o * l.stride[k]
		if o != 0 {
			moved++
			s.axis = k
		}
	}
	if moved > 1 {
		s.axis = -1
	} else if l.even {
		s.face = l.face(0, s.axis)
	}
	return s
}

// join returns the edges between all active cells that are one of the steps apart.
func (l *lattice) join(centers Points, steps []step) []Edge {
	edges := make([]Edge, 0, l.countEdges(steps))
	l.eachPair(steps, func(u, v int32, s *step) {
		d := distance(centers.row(int(u)), centers.row(int(v)))
		e := Edge{U: int(u), V: int(v), Distance: d}
		switch {
		case s.axis < 0: // they touch in an edge or corner only
		case l.even:
			e.Conductance = s.face / d
		default:
			e.Conductance = l.face(int(l.cellOf[u]), s.axis) / d
		}
		edges = append(edges, e)
	})
	return edges
}

// face returns the size of a cell's face across one axis: 1 on a line.
func (l *lattice) face(cell, axis int) float64 {
	size := 1.0
	for k := range l.shape {
		if k != axis {
			size *= l.widthOf(k, l.along(cell, k))
		}
	}
	return size
}

func (l *lattice) countEdges(steps []step) int {
	n := 0
	l.eachPair(steps, func(_, _ int32, _ *step) { n++ })
	return n
}

// eachPair visits every pair of bins that are one of the steps apart, by ascending lower bin.
func (l *lattice) eachPair(steps []step, visit func(u, v int32, s *step)) {
	index := make([]int, len(l.shape))
	for u, cell := range l.cellOf {
		for k := range index {
			index[k] = l.along(int(cell), k)
		}
		for i := range steps {
			s := &steps[i]
			if !l.inside(index, s.offset) {
				continue
			}
			if v := l.binOf[int(cell)+s.cells]; v != Outside {
				visit(int32(u), v, s)
			}
		}
	}
}

// inside tells whether a cell moved by an offset is still in the lattice.
func (l *lattice) inside(index, offset []int) bool {
	for k, o := range offset {
		if i := index[k] + o; i < 0 || i >= l.shape[k] {
			return false
		}
	}
	return true
}

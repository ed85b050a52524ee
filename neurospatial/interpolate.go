package neurospatial

import (
	"fmt"
	"math"
	"sort"
)

// InterpolateMethod says how a field is read between bin centres.
type InterpolateMethod uint8

const (
	// MethodNearest takes the value of the bin with the nearest centre. It is the default.
	MethodNearest InterpolateMethod = iota
	// MethodLinear takes a mean of the surrounding bins that changes linearly along each axis ("bilinear"
	// in the plane). For grids only.
	MethodLinear
)

// String returns the Python name of the method, "nearest".
func (m InterpolateMethod) String() string {
	switch m {
	case MethodNearest:
		return "nearest"
	case MethodLinear:
		return "linear"
	}
	return fmt.Sprintf("InterpolateMethod(%d)", uint8(m))
}

// InterpolateOptions are the options of [Environment.Interpolate].
type InterpolateOptions struct {
	Method InterpolateMethod // how to read between bin centres; the default is MethodNearest. Python: mode
}

// Interpolate returns the values of a field at any points.
//
//	field: one value per bin, [NumBins()]; a NaN gives NaN wherever its bin counts
//	points: [n][NumDims()] in env.Units(), finite
//
// Returns one value per point, [n].
//
// [MethodNearest] gives NaN to points that [Environment.MapPointsToBins] finds outside. [MethodLinear] weighs the
// centres of the cells around a point, 4 in the plane. It gives NaN beyond the outermost centres and where
// a cell with a weight above 0 is no bin; unlike Python it ignores cells whose weight is 0, so that a bin's
// own centre gives its own value. Along an axis with a single cell a field is constant.
//
// Errors: a field of another length, points of another dimension ([ErrShape]), points that are not finite
// ([ErrInvalid]), MethodLinear without a grid ([ErrUnsupported]). Python: Environment.interpolate.
func (e *Environment) Interpolate(field []float64, points Points, opts ...InterpolateOptions) ([]float64, error) {
	const op = "Environment.Interpolate"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.checkField(op, "field", field); err != nil {
		return nil, err
	}
	if err := e.checkPoints(op, "points", points); err != nil {
		return nil, err
	}
	if err := checkFinitePoints(op, "points", points); err != nil {
		return nil, err
	}
	switch {
	case o.Method > MethodLinear:
		return nil, &Error{Op: op, Arg: "Method", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("is %v; use MethodNearest or MethodLinear", o.Method)}
	case o.Method == MethodLinear && e.lattice == nil:
		return nil, &Error{Op: op, Arg: "Method", Code: codeUnsupported, Kind: ErrUnsupported,
			What: fmt.Sprintf("is linear, which needs a grid; this is a %s", e.LayoutKind()), Fix: "use MethodNearest"}
	}
	out := make([]float64, points.Len())
	if o.Method == MethodLinear {
		m := e.lattice.newMultilinear()
		for i := range out {
			out[i] = m.at(field, points.row(i))
		}
		return out, nil
	}
	bins := make([]int, points.Len())
	e.nearestTo(bins, nil, points, e.defaultLimit(), LowestIndex)
	for i, b := range bins {
		out[i] = math.NaN()
		if b != Outside {
			out[i] = field[b]
		}
	}
	return out, nil
}

// multilinear reads a field between the cell centres of a lattice. It serves one goroutine.
type multilinear struct {
	l      *lattice
	center [][]float64 // cell centres along each axis
	cell   []int       // lower of the two cells around a point along each axis
	upper  []float64   // weight of the higher one
}

func (l *lattice) newMultilinear() *multilinear {
	dim := len(l.shape)
	m := &multilinear{l: l, center: make([][]float64, dim), cell: make([]int, dim), upper: make([]float64, dim)}
	for k := range dim {
		m.center[k] = l.axisCenters(k)
	}
	return m
}

// at returns the value at a point.
func (m *multilinear) at(field, point []float64) float64 {
	for k, x := range point {
		if !m.locate(k, x) {
			return math.NaN()
		}
	}
	return m.blend(field, 0, 0)
}

// locate finds the two cells around a coordinate and tells whether there are any.
func (m *multilinear) locate(axis int, x float64) bool {
	c := m.center[axis]
	last := len(c) - 1
	if last == 0 {
		m.cell[axis], m.upper[axis] = 0, 0
		e := m.l.edges[axis]
		return x >= e[0] && x <= e[1]
	}
	if !(x >= c[0] && x <= c[last]) {
		return false
	}
	i := m.guess(axis, x)
	for i > 0 && x < c[i] {
		i--
	}
	for i < last-1 && x >= c[i+1] {
		i++
	}
	m.cell[axis] = i
	m.upper[axis] = (x - c[i]) / (c[i+1] - c[i])
	return true
}

// guess returns a cell that is at most a few cells off on an even lattice and right on any other.
func (m *multilinear) guess(axis int, x float64) int {
	c := m.center[axis]
	if !m.l.even {
		return max(0, sort.SearchFloat64s(c, x)-1)
	}
	return max(0, min(int((x-c[0])*m.l.scale[axis]), len(c)-2))
}

// blend returns the mean over the corners that axis and later ones still leave open.
func (m *multilinear) blend(field []float64, axis, cell int) float64 {
	if axis == len(m.cell) {
		if b := m.l.binOf[cell]; b != Outside {
			return field[b]
		}
		return math.NaN()
	}
	cell += m.cell[axis] * m.l.stride[axis]
	w := m.upper[axis]
	switch w {
	case 0:
		return m.blend(field, axis+1, cell)
	case 1:
		return m.blend(field, axis+1, cell+m.l.stride[axis])
	}
	return (1-w)*m.blend(field, axis+1, cell) + w*m.blend(field, axis+1, cell+m.l.stride[axis])
}

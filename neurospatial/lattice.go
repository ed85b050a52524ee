package neurospatial

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// lattice finds cells and bins of a [Grid] by index arithmetic.
type lattice struct {
	edges  [][]float64 // [dim][cells+1]
	shape  []int
	stride []int       // step in flat cell number along each axis, C order
	width  []float64   // width of the first cell along each axis
	scale  []float64   // cells per unit along each axis, a first guess for cellAlong
	active []bool      // [cells]
	binOf  []int32     // [cells] bin of a cell or Outside
	cellOf []int32     // [bins] cell of a bin
	even   bool        // all cells of an axis have the same width up to rounding
	middle [][]float64 // cell centres along each axis where they are not computed from the borders; else nil
}

// newLattice returns a lattice of which no cell is a bin yet.
func newLattice(op string, edges [][]float64) (*lattice, error) {
	fault := func(format string, args ...any) error {
		return &Error{Op: op, Arg: "grid", Code: codeLayout, Kind: ErrInvalid, What: fmt.Sprintf(format, args...)}
	}
	l := &lattice{edges: edges, shape: Grid{Edges: edges}.Shape(), even: true}
	dim := len(l.shape)
	l.stride, l.width, l.scale = make([]int, dim), make([]float64, dim), make([]float64, dim)
	cells := 1
	for k := dim - 1; k >= 0; k-- {
		e := edges[k]
		if len(e) < 2 {
			return nil, fault("has %d borders along axis %d; at least 2 are needed", len(e), k)
		}
		for i := 1; i < len(e); i++ {
			if !(e[i] > e[i-1]) || math.IsInf(e[i]-e[i-1], 1) {
				return nil, fault("has borders %g, %g along axis %d; borders ascend", e[i-1], e[i], k)
			}
		}
		l.stride[k] = cells
		if cells *= l.shape[k]; cells > math.MaxInt32 {
			return nil, fault("has more than %d cells", math.MaxInt32)
		}
		if math.IsInf(e[len(e)-1]-e[0], 1) {
			return nil, fault("has borders from %g to %g along axis %d; the difference is no number", e[0], e[len(e)-1], k)
		}
		l.width[k] = e[1] - e[0]
		mean := (e[len(e)-1] - e[0]) / float64(l.shape[k])
		l.scale[k] = 1 / mean
		l.even = l.even && evenlySpaced(e, mean)
	}
	return l, nil
}

// numCells returns the number of cells, bins or not.
func (l *lattice) numCells() int {
	cells := 1
	for _, n := range l.shape {
		cells *= n
	}
	return cells
}

// evenlySpaced tells whether borders differ from even ones by rounding only.
func evenlySpaced(e []float64, mean float64) bool {
	slack := 1e-9*mean + 8*math.Max(math.Abs(e[0]), math.Abs(e[len(e)-1]))*0x1p-52
	for i := range e {
		if math.Abs(e[i]-(e[0]+float64(i)*mean)) > slack {
			return false
		}
	}
	return true
}

// activate makes bins of the marked cells and numbers them in C order.
func (l *lattice) activate(active []bool) {
	bins := 0
	for _, on := range active {
		if on {
			bins++
		}
	}
	l.active = active
	l.binOf = make([]int32, len(active))
	l.cellOf = make([]int32, 0, bins)
	for c, on := range active {
		if !on {
			l.binOf[c] = Outside
			continue
		}
		l.binOf[c] = int32(len(l.cellOf))
		l.cellOf = append(l.cellOf, int32(c))
	}
}

// histogram counts the points in every cell. Unlike cellAt it counts a point on the last border along an
// axis in the last cell, as numpy.histogramdd does.
func (l *lattice) histogram(points Points) []int32 {
	counts := make([]int32, l.numCells())
next:
	for i := range points.Len() {
		cell := 0
		for k, x := range points.row(i) {
			j := l.cellAlong(k, x)
			if n := l.shape[k]; x == l.edges[k][n] {
				j = n - 1
			}
			if j < 0 {
				continue next
			}
			cell += j * l.stride[k]
		}
		if counts[cell] < math.MaxInt32 {
			counts[cell]++
		}
	}
	return counts
}

// withActive returns a lattice with the same cells of which others are bins.
func (l *lattice) withActive(active []bool) *lattice {
	other := *l
	other.activate(active)
	return &other
}

// full tells whether every cell is a bin.
func (l *lattice) full() bool { return len(l.cellOf) == len(l.binOf) }

// cellAlong returns the cell along one axis with edges[i] <= x < edges[i+1], or Outside. The last border
// is outside, and so is anything that is not finite.
func (l *lattice) cellAlong(axis int, x float64) int {
	e := l.edges[axis]
	n := len(e) - 1
	if !(x >= e[0] && x < e[n]) {
		return Outside
	}
	if !l.even {
		return sort.SearchFloat64s(e, math.Nextafter(x, math.Inf(1))) - 1
	}
	i := min(int((x-e[0])*l.scale[axis]), n-1)
	for x < e[i] {
		i--
	}
	for x >= e[i+1] {
		i++
	}
	return i
}

// cellAt returns the flat number of the cell that contains a point, or Outside.
func (l *lattice) cellAt(point []float64) int {
	c := 0
	for k, x := range point {
		i := l.cellAlong(k, x)
		if i < 0 {
			return Outside
		}
		c += i * l.stride[k]
	}
	return c
}

// binAtTo writes the bin of each point.
func (l *lattice) binAtTo(bins []int, points Points) {
	for i := range bins {
		bins[i] = Outside
		if c := l.cellAt(points.row(i)); c >= 0 {
			bins[i] = int(l.binOf[c])
		}
	}
}

// widthOf returns the width of a cell along one axis. The cells of an even axis differ by rounding only and
// all get the width of the first, as in Python.
func (l *lattice) widthOf(axis, i int) float64 {
	if l.even {
		return l.width[axis]
	}
	return l.edges[axis][i+1] - l.edges[axis][i]
}

// volume returns the length, area or volume of a cell.
func (l *lattice) volume(cell int) float64 {
	v := 1.0
	for k := range l.shape {
		v *= l.widthOf(k, l.along(cell, k))
	}
	return v
}

// axisCenters returns the middle of each cell along one axis. Do not modify.
func (l *lattice) axisCenters(axis int) []float64 {
	if l.middle != nil {
		return l.middle[axis]
	}
	e := l.edges[axis]
	c := make([]float64, len(e)-1)
	for i := range c {
		c[i] = e[i] + (e[i+1]-e[i])/2
	}
	return c
}

// centers returns the centre of every bin.
func (l *lattice) centers() Points {
	dim := len(l.shape)
	data := make([]float64, len(l.cellOf)*dim)
	for k := range dim {
		along := l.axisCenters(k)
		for b, cell := range l.cellOf {
			data[b*dim+k] = along[l.along(int(cell), k)]
		}
	}
	return Points{dim: dim, data: data}
}

// along returns the index along one axis of a flat cell number.
func (l *lattice) along(cell, axis int) int { return cell / l.stride[axis] % l.shape[axis] }

// borders returns n+1 evenly spaced cell borders from lo to hi, rounded as numpy.linspace does, with one
// more cell on each side if asked for.
func borders(lo, hi float64, n int, beyond bool) []float64 {
	e := make([]float64, n+1, n+3)
	step := (hi - lo) / float64(n)
	for i := range e {
		e[i] = lo + float64(float64(i)*step) // the conversion forbids a fused multiply-add
	}
	e[n] = hi
	if beyond {
		width := e[1] - e[0]
		e = append(slices.Insert(e, 0, lo-width), hi+width)
	}
	return e
}

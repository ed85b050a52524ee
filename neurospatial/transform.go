package neurospatial

import (
	"fmt"
	"math"
)

// Affine moves, turns and scales points: x becomes A·x + b. The zero value is no transform; make one with
// [Translation], [Rotation], [Scaling] or [NewAffine].
type Affine struct {
	dim    int
	matrix []float64 // [dim*dim], row by row
	shift  []float64 // [dim]
}

// NewAffine returns the transform x → matrix·x + shift.
//
//	matrix: [dim][dim], finite, invertible
//	shift: [dim], finite
//
// Errors: another shape ([ErrShape]), values that are not finite, a matrix that cannot be inverted ([ErrInvalid]).
// Python: Affine2D.
func NewAffine(matrix [][]float64, shift []float64) (Affine, error) {
	const op = "NewAffine"
	a := Affine{dim: len(shift), shift: append([]float64(nil), shift...)}
	if a.dim == 0 || len(matrix) != a.dim {
		return Affine{}, &Error{Op: op, Arg: "matrix", Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d rows, shift has %d values", len(matrix), len(shift))}
	}
	for i, row := range matrix {
		if len(row) != a.dim {
			return Affine{}, &Error{Op: op, Arg: fmt.Sprintf("matrix[%d]", i), Code: codeDimension, Kind: ErrShape,
				What: fmt.Sprintf("has %d values, shift has %d", len(row), a.dim)}
		}
		if err := checkFinite(op, fmt.Sprintf("matrix[%d]", i), row); err != nil {
			return Affine{}, err
		}
		a.matrix = append(a.matrix, row...)
	}
	if err := checkFinite(op, "shift", shift); err != nil {
		return Affine{}, err
	}
	if _, ok := a.inverse(); !ok {
		return Affine{}, &Error{Op: op, Arg: "matrix", Code: codeRange, Kind: ErrInvalid, What: "cannot be inverted: it maps different points to one"}
	}
	return a, nil
}

// Translation returns the move by a shift, one value per dimension. Python: translate.
func Translation(shift ...float64) (Affine, error) {
	return NewAffine(diagonal(1, len(shift)), shift)
}

// Rotation returns the turn of the plane about the origin by an angle in radians, counter-clockwise.
// Python: Affine2D rotation.
func Rotation(angle float64) (Affine, error) {
	s, c := math.Sincos(angle)
	return NewAffine([][]float64{{c, -s}, {s, c}}, []float64{0, 0})
}

// Scaling returns the multiplication of each coordinate by a factor other than 0, one per dimension.
// Python: scale_2d.
func Scaling(factors ...float64) (Affine, error) {
	m := diagonal(0, len(factors))
	for i, f := range factors {
		m[i][i] = f
	}
	return NewAffine(m, make([]float64, len(factors)))
}

func diagonal(v float64, n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		m[i][i] = v
	}
	return m
}

// Dim returns the number of dimensions; 0 for the zero value.
func (a Affine) Dim() int { return a.dim }

// Then returns the transform that does this one first and then the other. Transforms of different dimensions are an
// [ErrShape]. Python: other @ self.
func (a Affine) Then(other Affine) (Affine, error) {
	if a.dim != other.dim || a.dim == 0 {
		return Affine{}, &Error{Op: "Affine.Then", Arg: "other", Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d dimensions, the transform has %d", other.dim, a.dim)}
	}
	c := Affine{dim: a.dim, matrix: make([]float64, a.dim*a.dim), shift: other.to(a.shift)}
	for i := range a.dim {
		for j := range a.dim {
			for k := range a.dim {
				c.matrix[i*a.dim+j] += other.matrix[i*a.dim+k] * a.matrix[k*a.dim+j]
			}
		}
	}
	return c, nil
}

// to transforms one point.
func (a Affine) to(p []float64) []float64 {
	out := make([]float64, a.dim)
	for i := range out {
		for j, x := range p {
			out[i] += a.matrix[i*a.dim+j] * x
		}
		out[i] += a.shift[i]
	}
	return out
}

// Apply returns the transformed points. Points of another dimension are an [ErrShape]. Python: transform(points).
func (a Affine) Apply(points Points) (Points, error) {
	if points.Len() > 0 && points.Dim() != a.dim {
		return Points{}, &Error{Op: "Affine.Apply", Arg: "points", Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d coordinates per point, the transform has %d dimensions", points.Dim(), a.dim)}
	}
	return a.apply(points), nil
}

func (a Affine) apply(points Points) Points {
	out := Points{dim: points.dim, data: make([]float64, 0, len(points.data))}
	for i := range points.Len() {
		out.data = append(out.data, a.to(points.row(i))...)
	}
	return out
}

// inverse returns the transform back, by elimination with the largest pivot.
func (a Affine) inverse() (Affine, bool) {
	n := a.dim
	m := append([]float64(nil), a.matrix...)
	inv := Affine{dim: n, matrix: make([]float64, n*n), shift: make([]float64, n)}
	for i := range n {
		inv.matrix[i*n+i] = 1
	}
	for col := range n {
		pivot := col
		for r := col + 1; r < n; r++ {
			if math.Abs(m[r*n+col]) > math.Abs(m[pivot*n+col]) {
				pivot = r
			}
		}
		p := m[pivot*n+col]
		if p == 0 || math.IsInf(1/p, 0) {
			return Affine{}, false
		}
		for k := range n {
			m[col*n+k], m[pivot*n+k] = m[pivot*n+k], m[col*n+k]
			inv.matrix[col*n+k], inv.matrix[pivot*n+k] = inv.matrix[pivot*n+k], inv.matrix[col*n+k]
		}
		for k := range n {
			m[col*n+k] /= p
			inv.matrix[col*n+k] /= p
		}
		for r := range n {
			if f := m[r*n+col]; r != col && f != 0 {
				for k := range n {
					m[r*n+k] -= f * m[col*n+k]
					inv.matrix[r*n+k] -= f * inv.matrix[col*n+k]
				}
			}
		}
	}
	back := inv.to(a.shift)
	for i := range back {
		inv.shift[i] = -back[i]
	}
	return inv, true
}

// stretches returns the factor along each axis if the transform only moves and multiplies coordinates by factors above
// 0, which turns a grid into a grid.
func (a Affine) stretches() ([]float64, bool) {
	factors := make([]float64, a.dim)
	for i := range a.dim {
		for j := range a.dim {
			v := a.matrix[i*a.dim+j]
			if i == j && v > 0 {
				factors[i] = v
			} else if i == j || v != 0 {
				return nil, false
			}
		}
	}
	return factors, true
}

// similarity returns the factor by which the transform multiplies all distances, if there is one.
func (a Affine) similarity() (float64, bool) {
	scale := 0.0
	for i := range a.dim {
		scale += square(a.matrix[i*a.dim])
	}
	for i := range a.dim {
		for j := range a.dim {
			dot := 0.0
			for k := range a.dim {
				dot += a.matrix[k*a.dim+i] * a.matrix[k*a.dim+j]
			}
			want := 0.0
			if i == j {
				want = scale
			}
			if math.Abs(dot-want) > 1e-12*scale {
				return 0, false
			}
		}
	}
	return math.Sqrt(scale), true
}

// Transform returns the environment moved, turned or scaled, with the same unit and frame and no name. Bins keep their
// numbers and neighbours; sizes, distances and smoothing are those of the new place, and a point is in a bin if the
// point that it comes from is in that bin here.
//
// A grid whose coordinates are only moved and multiplied by factors above 0 is a grid again. Everything else can be
// moved, turned, mirrored and scaled by one factor. Other transforms change the shape of bins and are an
// [ErrUnsupported], those of another dimension an [ErrShape]. A moved track has no linear positions.
// Python: Environment.apply_transform.
func (e *Environment) Transform(a Affine) (*Environment, error) {
	const op = "Environment.Transform"
	if err := e.built(op); err != nil {
		return nil, err
	}
	if a.dim != e.NumDims() {
		return nil, &Error{Op: op, Arg: "transform", Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d dimensions, environment has %d", a.dim, e.NumDims())}
	}
	if err := e.cartesian(op, "transforms"); err != nil {
		return nil, err
	}
	label := LayoutOptions{Units: e.units, Frame: e.frame}
	if g, ok := e.layout.(*gridLayout); ok {
		if factors, ok := a.stretches(); ok {
			layout, err := g.stretched(op, factors, a.shift)
			if err != nil {
				return nil, err
			}
			return newEnvironment(op, layout, label)
		}
	}
	scale, ok := a.similarity()
	if !ok {
		return nil, &Error{Op: op, Arg: "transform", Code: codeUnsupported, Kind: ErrUnsupported,
			What: fmt.Sprintf("changes the shape of bins of a %s", e.LayoutKind()),
			Fix:  "transform the positions with Affine.Apply and build the environment from them"}
	}
	return newEnvironment(op, newTransformed(e, a, scale), label)
}

// stretched returns the grid with its borders moved.
func (g *gridLayout) stretched(op string, factors, shift []float64) (*gridLayout, error) {
	along := func(values []float64, k int) []float64 {
		moved := make([]float64, len(values))
		for i, v := range values {
			moved[i] = float64(factors[k]*v) + shift[k]
		}
		return moved
	}
	edges := make([][]float64, len(factors))
	middle := make([][]float64, len(factors))
	ranges := make([][2]float64, len(factors))
	for k := range factors {
		edges[k] = along(g.lattice.edges[k], k)
		middle[k] = along(g.lattice.axisCenters(k), k)
		ranges[k] = [2]float64(along(g.ranges[k][:], k))
	}
	l, err := newLattice(op, edges)
	if err != nil {
		return nil, err
	}
	l.middle = middle
	l.activate(g.lattice.active)
	return &gridLayout{kind: g.kind, lattice: l, ranges: ranges, diagonals: g.diagonals}, nil
}

// extent returns the ranges that hold the transformed corners of other ranges.
func (a Affine) extent(ranges [][2]float64) [][2]float64 {
	out := make([][2]float64, a.dim)
	for k := range out {
		out[k] = [2]float64{a.shift[k], a.shift[k]}
		for j, r := range ranges {
			one, two := a.matrix[k*a.dim+j]*r[0], a.matrix[k*a.dim+j]*r[1]
			out[k][0] += min(one, two)
			out[k][1] += max(one, two)
		}
	}
	return out
}

// transformed is a layout that is moved, turned, mirrored or scaled by one factor.
type transformed struct {
	from   Layout
	back   Affine
	bins   Bins
	border []int // bins at the border, which the place does not change
}

func newTransformed(e *Environment, a Affine, scale float64) *transformed {
	back, _ := a.inverse() // a similarity can be inverted
	t := &transformed{from: e.layout, back: back, border: e.BoundaryBins()}
	dim := e.NumDims()
	t.bins.Centers = a.apply(e.centers)
	size := math.Pow(scale, float64(dim))
	for _, v := range e.volumes {
		t.bins.Volumes = append(t.bins.Volumes, v*size)
	}
	// Faces grow with one dimension less than bins, distances with one. On tracks sizes are lengths, and faces 1.
	flow := math.Pow(scale, float64(dim-2))
	if e.IsTrack() {
		flow = 1 / scale
		for b, v := range e.volumes {
			t.bins.Volumes[b] = v * scale
		}
	}
	for id, edge := range e.graph.Edges() {
		t.bins.Edges = append(t.bins.Edges, Edge{U: int(edge.U), V: int(edge.V), Distance: edge.W * scale, Conductance: e.conductance[id] * flow})
	}
	t.bins.Ranges = a.extent(e.ranges)
	return t
}

// Kind returns "Transformed".
func (t *transformed) Kind() string { return "Transformed" }

// Bins returns the geometry.
func (t *transformed) Bins() Bins { return t.bins }

// BinAtTo moves the points back and asks the layout that was transformed.
func (t *transformed) BinAtTo(bins []int, points Points) { t.from.BinAtTo(bins, t.back.apply(points)) }

// boundary returns the bins at the border.
func (t *transformed) boundary() []int { return t.border }

package neurospatial

import (
	"fmt"
	"math"
)

// Points is an immutable list of positions, all with the same number of coordinates. Its zero value is
// an empty list. Copying a Points is cheap: copies share one array that nobody can write to.
type Points struct {
	dim  int
	data []float64 // row-major: coordinate j of point i is data[i*dim+j]
}

// XY returns the 2-D points (x[i], y[i]).
//
//	x, y: one value per point, [n]
//
// Columns of different length are an [ErrShape]. Python: np.column_stack([x, y]).
func XY(x, y []float64) (Points, error) { return fromColumns("XY", []string{"x", "y"}, x, y) }

// XYZ returns the 3-D points (x[i], y[i], z[i]).
//
//	x, y, z: one value per point, [n]
//
// Columns of different length are an [ErrShape]. Python: np.column_stack([x, y, z]).
func XYZ(x, y, z []float64) (Points, error) {
	return fromColumns("XYZ", []string{"x", "y", "z"}, x, y, z)
}

// PointsOfColumns returns points from one column per coordinate; a single column gives 1-D points.
//
//	columns: one value per point in each, [dim][n]
//
// No column, or columns of different length, are an [ErrShape]. Python: np.column_stack(columns).
func PointsOfColumns(columns ...[]float64) (Points, error) {
	names := make([]string, len(columns))
	for j := range names {
		names[j] = fmt.Sprintf("column %d", j)
	}
	return fromColumns("PointsOfColumns", names, columns...)
}

func fromColumns(op string, names []string, columns ...[]float64) (Points, error) {
	dim := len(columns)
	if dim == 0 {
		return Points{}, &Error{Op: op, Arg: "columns", Code: codeDimension, Kind: ErrShape,
			What: "is empty; points need at least one coordinate", Fix: "pass one column per coordinate"}
	}
	n := len(columns[0])
	for j, c := range columns {
		if len(c) != n {
			return Points{}, &Error{Op: op, Arg: names[j], Code: codeLength, Kind: ErrShape,
				What: fmt.Sprintf("has %d values, %s has %d", len(c), names[0], n),
				Fix:  "pass columns of equal length"}
		}
	}
	data := make([]float64, n*dim)
	for j, c := range columns {
		for i, v := range c {
			data[i*dim+j] = v
		}
	}
	return Points{dim: dim, data: data}, nil
}

// PointsOf returns the points given as rows of coordinates. Pass rows one by one, or a [][]float64 as rows...
//
//	rows: the coordinates of one point in each, [n][dim]
//
// Rows of different or zero length are an [ErrShape]. Python: np.array(rows).
func PointsOf(rows ...[]float64) (Points, error) {
	const op = "PointsOf"
	if len(rows) == 0 {
		return Points{}, nil
	}
	dim := len(rows[0])
	if dim == 0 {
		return Points{}, &Error{Op: op, Arg: "row 0", Code: codeDimension, Kind: ErrShape,
			What: "is empty; points need at least one coordinate"}
	}
	data := make([]float64, 0, len(rows)*dim)
	for i, r := range rows {
		if len(r) != dim {
			return Points{}, &Error{Op: op, Arg: fmt.Sprintf("row %d", i), Code: codeDimension, Kind: ErrShape,
				What: fmt.Sprintf("has %d coordinates, row 0 has %d", len(r), dim),
				Fix:  "rows are points; for columns use XY, XYZ or PointsOfColumns"}
		}
		data = append(data, r...)
	}
	return Points{dim: dim, data: data}, nil
}

// PointsOfFlat returns points from one flat slice of coordinates, point after point.
//
//	dim: coordinates per point, at least 1
//	flat: coordinate j of point i at i*dim+j, [n*dim]; copied
//
// A length that is not a multiple of dim is an [ErrShape]. Python: flat.reshape(-1, dim).
func PointsOfFlat(dim int, flat []float64) (Points, error) {
	const op = "PointsOfFlat"
	if dim < 1 {
		return Points{}, &Error{Op: op, Arg: "dim", Code: codeDimension, Kind: ErrInvalid,
			What: fmt.Sprintf("is %d; points need at least one coordinate", dim)}
	}
	if len(flat)%dim != 0 {
		return Points{}, &Error{Op: op, Arg: "flat", Code: codeLength, Kind: ErrShape,
			What: fmt.Sprintf("has %d values, not a multiple of dim %d", len(flat), dim)}
	}
	return Points{dim: dim, data: append([]float64(nil), flat...)}, nil
}

// Len returns the number of points.
func (p Points) Len() int {
	if p.dim == 0 {
		return 0
	}
	return len(p.data) / p.dim
}

// Dim returns the number of coordinates of each point; 0 for the zero Points.
func (p Points) Dim() int { return p.dim }

// At returns coordinate j of point i. Like the indexing of a slice it panics when there is no such value.
func (p Points) At(i, j int) float64 {
	if uint(j) >= uint(p.dim) || uint(i) >= uint(p.Len()) {
		panic(fmt.Sprintf("neurospatial: Points.At(%d, %d) out of range for %v", i, j, p))
	}
	return p.data[i*p.dim+j]
}

// Row returns a copy of the coordinates of point i. Like the indexing of a slice it panics when there is
// no such point.
func (p Points) Row(i int) []float64 {
	if uint(i) >= uint(p.Len()) {
		panic(fmt.Sprintf("neurospatial: Points.Row(%d) out of range for %v", i, p))
	}
	return append([]float64(nil), p.row(i)...)
}

// row returns the coordinates of point i; shared, do not modify.
func (p Points) row(i int) []float64 { return p.data[i*p.dim : (i+1)*p.dim : (i+1)*p.dim] }

// Column returns a copy of coordinate j of all points. Like the indexing of a slice it panics when there
// is no such coordinate.
func (p Points) Column(j int) []float64 {
	if uint(j) >= uint(p.dim) {
		panic(fmt.Sprintf("neurospatial: Points.Column(%d) out of range for %v", j, p))
	}
	c := make([]float64, p.Len())
	for i := range c {
		c[i] = p.data[i*p.dim+j]
	}
	return c
}

// Rows returns a copy as one slice per point, [n][dim].
func (p Points) Rows() [][]float64 {
	rows := make([][]float64, p.Len())
	flat := p.Flat()
	for i := range rows {
		rows[i] = flat[i*p.dim : (i+1)*p.dim : (i+1)*p.dim]
	}
	return rows
}

// Columns returns a copy as one slice per coordinate, [dim][n].
func (p Points) Columns() [][]float64 {
	c := make([][]float64, p.dim)
	for j := range c {
		c[j] = p.Column(j)
	}
	return c
}

// Flat returns a copy of all coordinates, point after point, [n*dim].
func (p Points) Flat() []float64 { return append([]float64(nil), p.data...) }

// Slice returns the points from (inclusive) to (exclusive), as p[from:to] of a slice does; it shares the
// array of p and panics when the range is not within the points.
func (p Points) Slice(from, to int) Points {
	if from < 0 || to < from || to > p.Len() {
		panic(fmt.Sprintf("neurospatial: Points.Slice(%d, %d) out of range for %v", from, to, p))
	}
	return Points{dim: p.dim, data: p.data[from*p.dim : to*p.dim : to*p.dim]}
}

// String returns the size, "Points(1000×2)".
func (p Points) String() string { return fmt.Sprintf("Points(%d×%d)", p.Len(), p.dim) }

// distance returns the Euclidean distance of two points.
func distance(a, b []float64) float64 {
	sum := 0.0
	for k, v := range a {
		d := v - b[k]
		sum += float64(d * d) // the conversion forbids a fused multiply-add, which would move ties
	}
	return math.Sqrt(sum)
}

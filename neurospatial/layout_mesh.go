package neurospatial

import (
	"fmt"
	"math"
	"slices"
)

// kindMesh is the kind of [Mesh].
const kindMesh = "TriangularMesh"

// Mesh is the [Layout] of triangles in the plane. Bins are triangles and their centres the means of the corners.
type Mesh struct {
	vertices  Points
	triangles [][3]int   // corners of each bin as given, [n]
	centers   Points     // [n]
	areas     []float64  // [n]
	across    [][3]int32 // bin across the side opposite to each corner, or Outside, [n]
	within    Polygon    // points must lie strictly within it; empty: anywhere in a triangle
	index     triangleIndex
}

var (
	_ Layout   = (*Mesh)(nil)
	_ Outlined = (*Mesh)(nil)
)

// MeshOptions are the options of [NewMesh].
type MeshOptions struct {
	// Within leaves points of triangles outside that do not lie strictly within a polygon. The zero value leaves
	// out none.
	Within Polygon
}

// NewMesh returns a mesh of given triangles, of which those that share a side are neighbours.
//
//	vertices: corners of the triangles in the unit of length, [n][2], finite
//	triangles: numbers of three vertices for each bin, either way round, [bins][3]
//
// Triangles must not overlap, which is not checked. Errors: vertices that are not in the plane ([ErrShape]) or not
// finite, triangles without area or with a side that two others share ([ErrInvalid]), numbers that are no vertices
// ([ErrNotFound]), no triangles ([ErrNoActiveBins]).
func NewMesh(vertices Points, triangles [][3]int, opts ...MeshOptions) (*Mesh, error) {
	const op = "NewMesh"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if vertices.Len() > 0 && vertices.Dim() != 2 {
		return nil, &Error{Op: op, Arg: "vertices", Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d coordinates per point; meshes lie in the plane", vertices.Dim())}
	}
	if err := checkFinitePoints(op, "vertices", vertices); err != nil {
		return nil, err
	}
	if len(triangles) == 0 {
		return nil, &Error{Op: op, Arg: "triangles", Code: codeNoActiveBins, Kind: ErrNoActiveBins, What: "is empty; a mesh has at least one"}
	}
	m := &Mesh{vertices: vertices, triangles: slices.Clone(triangles), within: o.Within}
	if err := m.measure(op); err != nil {
		return nil, err
	}
	if err := m.join(op); err != nil {
		return nil, err
	}
	m.index = newTriangleIndex(m)
	return m, nil
}

// measure computes centres and areas.
func (m *Mesh) measure(op string) error {
	fault := func(i int, kind error, code, format string, args ...any) error {
		return &Error{Op: op, Arg: fmt.Sprintf("triangles[%d]", i), Code: code, Kind: kind, What: fmt.Sprintf(format, args...)}
	}
	m.centers = Points{dim: 2, data: make([]float64, 0, 2*len(m.triangles))}
	for i, t := range m.triangles {
		for _, v := range t {
			if v < 0 || v >= m.vertices.Len() {
				return fault(i, ErrNotFound, codeBinNumber, "has corner %d; vertices are 0 to %d", v, m.vertices.Len()-1)
			}
		}
		a, b, c := m.vertices.row(t[0]), m.vertices.row(t[1]), m.vertices.row(t[2])
		area := math.Abs((b[0]-a[0])*(c[1]-a[1])-(b[1]-a[1])*(c[0]-a[0])) / 2
		if !(area > 0) || math.IsInf(area, 1) {
			return fault(i, ErrInvalid, codeLayout, "has area %g; areas are finite and above 0", area)
		}
		m.areas = append(m.areas, area)
		m.centers.data = append(m.centers.data, (a[0]+b[0]+c[0])/3, (a[1]+b[1]+c[1])/3)
	}
	return nil
}

// join finds the triangles that share a side.
func (m *Mesh) join(op string) error {
	type place struct{ bin, corner int }
	open := map[[2]int]place{} // sides seen once
	shared := map[[2]int]bool{}
	m.across = make([][3]int32, len(m.triangles))
	for i, t := range m.triangles {
		for k := range t {
			u, v := t[(k+1)%3], t[(k+2)%3]
			side := [2]int{min(u, v), max(u, v)}
			m.across[i][k] = Outside
			if shared[side] {
				return &Error{Op: op, Arg: fmt.Sprintf("triangles[%d]", i), Code: codeLayout, Kind: ErrInvalid,
					What: fmt.Sprintf("has side %v, which two triangles share already", side)}
			}
			other, seen := open[side]
			if !seen {
				open[side] = place{i, k}
				continue
			}
			shared[side] = true
			m.across[i][k], m.across[other.bin][other.corner] = int32(other.bin), int32(i)
		}
	}
	return nil
}

// Kind returns "TriangularMesh".
func (m *Mesh) Kind() string { return kindMesh }

// Vertices returns the corners of all triangles, [n][2].
func (m *Mesh) Vertices() Points { return m.vertices }

// Triangles returns the numbers of the corners of every bin, [bins][3].
func (m *Mesh) Triangles() [][3]int { return slices.Clone(m.triangles) }

// BinCorners returns the three corners, counter-clockwise.
func (m *Mesh) BinCorners(bin int) Points {
	p := Points{dim: 2, data: make([]float64, 0, 6)}
	t := m.triangles[bin]
	if orientation(m.vertices.row(t[0]), m.vertices.row(t[1]), m.vertices.row(t[2])) < 0 {
		t[1], t[2] = t[2], t[1]
	}
	for _, v := range t {
		p.data = append(p.data, m.vertices.row(v)...)
	}
	return p
}

// Bins computes the geometry. The faces of heat flow are the shared sides.
func (m *Mesh) Bins() Bins {
	b := Bins{Centers: m.centers, Volumes: m.areas, Ranges: make([][2]float64, 2)}
	for k := range b.Ranges {
		column := m.centers.Column(k)
		b.Ranges[k] = [2]float64{slices.Min(column), slices.Max(column)}
	}
	for i, t := range m.triangles {
		for k, j := range m.across[i] {
			if int(j) <= i { // Outside, or seen from the other side
				continue
			}
			length := distance(m.vertices.row(t[(k+1)%3]), m.vertices.row(t[(k+2)%3]))
			d := distance(m.centers.row(i), m.centers.row(int(j)))
			b.Edges = append(b.Edges, Edge{U: i, V: int(j), Distance: d, Conductance: length / d})
		}
	}
	return b
}

// BinAtTo writes the triangle that contains each point, the lowest number on a shared side.
func (m *Mesh) BinAtTo(bins []int, points Points) {
	for i := range bins {
		p := points.row(i)
		bins[i] = m.index.find(m, p)
		if bins[i] != Outside && !m.within.Empty() && m.within.side(p) != sideInside {
			bins[i] = Outside
		}
	}
}

// contains tells whether a point lies in a triangle or on a side of it, exactly.
func (m *Mesh) contains(bin int, p []float64) bool {
	t := m.triangles[bin]
	a, b, c := m.vertices.row(t[0]), m.vertices.row(t[1]), m.vertices.row(t[2])
	turn := orientation(a, b, c)
	return turn*orientation(a, b, p) >= 0 && turn*orientation(b, c, p) >= 0 && turn*orientation(c, a, p) >= 0
}

// triangleIndex sorts triangles into the cells of a raster by their bounding boxes.
type triangleIndex struct {
	lo, width  [2]float64
	rows, cols int
	start      []int32 // [rows*cols+1]
	bins       []int32 // ascending within a cell
}

func newTriangleIndex(m *Mesh) triangleIndex {
	x := triangleIndex{lo: [2]float64{math.Inf(1), math.Inf(1)}}
	hi := [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, t := range m.triangles {
		for _, v := range t {
			for k, c := range m.vertices.row(v) {
				x.lo[k], hi[k] = min(x.lo[k], c), max(hi[k], c)
			}
		}
	}
	side := int(math.Ceil(math.Sqrt(float64(len(m.triangles)))))
	x.rows, x.cols = side, side
	for k := range 2 {
		x.width[k] = hi[k]/float64(side) - x.lo[k]/float64(side)
	}
	x.start = make([]int32, x.rows*x.cols+1)
	x.eachCell(m, func(_, cell int) { x.start[cell+1]++ })
	for c := range x.rows * x.cols {
		x.start[c+1] += x.start[c]
	}
	x.bins = make([]int32, x.start[len(x.start)-1])
	next := slices.Clone(x.start)
	x.eachCell(m, func(bin, cell int) {
		x.bins[next[cell]] = int32(bin)
		next[cell]++
	})
	return x
}

// eachCell visits the cells that the bounding box of each triangle meets.
func (x *triangleIndex) eachCell(m *Mesh, visit func(bin, cell int)) {
	for bin, t := range m.triangles {
		a, b, c := m.vertices.row(t[0]), m.vertices.row(t[1]), m.vertices.row(t[2])
		for i := x.along(0, min(a[0], b[0], c[0])); i <= x.along(0, max(a[0], b[0], c[0])); i++ {
			for j := x.along(1, min(a[1], b[1], c[1])); j <= x.along(1, max(a[1], b[1], c[1])); j++ {
				visit(bin, i*x.cols+j)
			}
		}
	}
}

// along returns the row or column of a coordinate; those beyond the raster belong to the nearest.
func (x *triangleIndex) along(axis int, v float64) int {
	i := (v - x.lo[axis]) / x.width[axis]
	return int(min(max(i, 0), float64(x.rows-1)))
}

func (x *triangleIndex) find(m *Mesh, p []float64) int {
	if !finite(p) {
		return Outside
	}
	cell := x.along(0, p[0])*x.cols + x.along(1, p[1])
	for _, bin := range x.bins[x.start[cell]:x.start[cell+1]] {
		if m.contains(int(bin), p) {
			return int(bin)
		}
	}
	return Outside
}

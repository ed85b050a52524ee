package neurospatial

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nskernel/nskernel/neurospatial/internal/delaunay"
)

// maxMeshPoints bounds the vertices of a mesh made from a polygon.
const maxMeshPoints = 10_000_000

// NewPolygonMesh returns a mesh of triangles about as large as a spacing that covers a polygon. Vertices are the
// points of a square lattice in the polygon and equally spaced points on its outer ring; the triangles are those of
// their Delaunay triangulation whose centres lie in the polygon. Which way the squares of the lattice are cut in two
// is arbitrary, and other programs may do it otherwise. Points on the outer ring lie in no bin.
//
//	polygon: the space, in the unit of length; sides of holes are followed as closely as triangles allow
//	spacing: distance of lattice points, in the unit of length
//
// Errors: an empty polygon, a spacing that is not finite and above 0, or so large that fewer than three lattice points
// lie in the polygon ([ErrInvalid]); more than ten million points ([ErrTooLarge]). Python: from_layout("TriangularMesh").
func NewPolygonMesh(polygon Polygon, spacing float64) (*Mesh, error) {
	const op = "NewPolygonMesh"
	if polygon.Empty() {
		return nil, &Error{Op: op, Arg: "polygon", Code: codeRange, Kind: ErrInvalid, What: "is empty", Fix: "make it with NewPolygon"}
	}
	if err := checkPositive(op, "spacing", spacing); err != nil {
		return nil, err
	}
	points, err := latticePoints(op, polygon, spacing)
	if err != nil {
		return nil, err
	}
	points = append(points, ringPoints(polygon.Corners(), spacing)...)
	points = distinct(points)
	triangles, err := delaunay.Triangulate(points)
	if err != nil && !errors.Is(err, delaunay.ErrFlat) {
		return nil, &Error{Op: op, Arg: "polygon", Code: codeLayout, Kind: ErrInvalid, What: "cannot be triangulated", Why: err.Error()}
	}
	vertices := Points{dim: 2, data: make([]float64, 0, 2*len(points))}
	for _, p := range points {
		vertices.data = append(vertices.data, p[0], p[1])
	}
	inside := triangles[:0]
	for _, t := range triangles {
		a, b, c := points[t[0]], points[t[1]], points[t[2]]
		if twice := (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0]); twice < 1e-9*spacing*spacing {
			continue // between three points of one side of the ring that rounding does not leave on one line
		}
		if polygon.side([]float64{(a[0] + b[0] + c[0]) / 3, (a[1] + b[1] + c[1]) / 3}) != sideOutside {
			inside = append(inside, t)
		}
	}
	m, err := NewMesh(vertices, inside, MeshOptions{Within: polygon})
	var detailed *Error
	if errors.As(err, &detailed) {
		detailed.Op = op
	}
	return m, err
}

// latticePoints returns the points of a square lattice that lie in a polygon or on a side, row by row.
func latticePoints(op string, polygon Polygon, spacing float64) ([][2]float64, error) {
	bounds := polygon.Bounds()
	var count [2]float64
	for k, r := range bounds {
		count[k] = max(0, math.Ceil((r[1]-r[0]-spacing/2)/spacing))
		if !(spacing > 1e-12*max(math.Abs(r[0]), math.Abs(r[1]))) {
			return nil, &Error{Op: op, Arg: "spacing", Code: codeRange, Kind: ErrInvalid,
				What: fmt.Sprintf("is %g, which is lost in rounding next to coordinate %g", spacing, r[1]), Fix: "subtract an offset from the corners"}
		}
	}
	if n := count[0] * count[1]; n > maxMeshPoints {
		return nil, &Error{Op: op, Arg: "spacing", Code: codeTooLarge, Kind: ErrTooLarge,
			What: fmt.Sprintf("is %g, which gives %.3g lattice points; at most %d are possible", spacing, n, maxMeshPoints),
			Fix:  fmt.Sprintf("try spacing %.3g", math.Sqrt((bounds[0][1]-bounds[0][0])*(bounds[1][1]-bounds[1][0])/1000))}
	}
	var points [][2]float64
	for j := range int(count[1]) {
		for i := range int(count[0]) {
			p := [2]float64{bounds[0][0] + spacing/2 + float64(float64(i)*spacing), bounds[1][0] + spacing/2 + float64(float64(j)*spacing)}
			if polygon.side(p[:]) != sideOutside {
				points = append(points, p)
			}
		}
	}
	if len(points) < 3 {
		return nil, &Error{Op: op, Arg: "spacing", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("is %g: only %d lattice points lie in the polygon, at least 3 are needed", spacing, len(points)),
			Fix:  fmt.Sprintf("try spacing %.3g", math.Sqrt(polygon.Area()/20))}
	}
	return points, nil
}

// ringPoints cuts every side of a ring into equal parts not longer than the spacing and returns the ends of the parts,
// sorted.
func ringPoints(ring Points, spacing float64) [][2]float64 {
	var points [][2]float64
	for i := range ring.Len() {
		a, b := ring.row(i), ring.row((i+1)%ring.Len())
		parts := max(1, math.Ceil(distance(a, b)/spacing))
		for k := 0.0; k < parts; k++ {
			points = append(points, [2]float64{a[0] + k/parts*(b[0]-a[0]), a[1] + k/parts*(b[1]-a[1])})
		}
	}
	slices.SortFunc(points, func(a, b [2]float64) int { return slices.Compare(a[:], b[:]) })
	return points
}

// distinct drops points that were there before.
func distinct(points [][2]float64) [][2]float64 {
	seen := make(map[[2]float64]bool, len(points))
	kept := points[:0]
	for _, p := range points {
		if !seen[p] {
			seen[p] = true
			kept = append(kept, p)
		}
	}
	return kept
}

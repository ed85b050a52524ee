package neurospatial

import (
	"fmt"
	"math"
	"math/big"
)

// Polygon is a part of the plane within an outer ring and outside of holes. It cannot be changed. The zero
// value is empty.
type Polygon struct {
	rings []Points // the outer one first; the last point of a ring joins the first
}

// NewPolygon returns the polygon within a ring of corners, without the parts within the rings of holes. The
// last corner of a ring may repeat the first. Rings must not cross themselves or each other, which is not
// checked.
//
//	outer, holes: corners in order, either way round, [at least 3][2], finite
//
// Errors: corners that are not in the plane or fewer than 3 ([ErrShape]), not finite, or without area
// ([ErrInvalid]). Python: shapely.geometry.Polygon.
func NewPolygon(outer Points, holes ...Points) (Polygon, error) {
	const op = "NewPolygon"
	p := Polygon{rings: make([]Points, 0, 1+len(holes))}
	for i, ring := range append([]Points{outer}, holes...) {
		arg := "outer"
		if i > 0 {
			arg = fmt.Sprintf("holes[%d]", i-1)
		}
		if ring.Dim() != 2 {
			return Polygon{}, &Error{Op: op, Arg: arg, Code: codeDimension, Kind: ErrShape,
				What: fmt.Sprintf("has %d coordinates per corner; polygons lie in the plane", ring.Dim())}
		}
		if err := checkFinitePoints(op, arg, ring); err != nil {
			return Polygon{}, err
		}
		n := ring.Len()
		if n > 1 && ring.At(0, 0) == ring.At(n-1, 0) && ring.At(0, 1) == ring.At(n-1, 1) {
			ring = ring.Slice(0, n-1)
		}
		if ring.Len() < 3 {
			return Polygon{}, &Error{Op: op, Arg: arg, Code: codeLength, Kind: ErrShape,
				What: fmt.Sprintf("has %d corners; at least 3 are needed", ring.Len())}
		}
		if area, _, _ := moments(ring); area == 0 {
			return Polygon{}, &Error{Op: op, Arg: arg, Code: codeRange, Kind: ErrInvalid,
				What: "has no area: its corners lie on one line"}
		}
		p.rings = append(p.rings, ring)
	}
	return p, nil
}

// Empty tells whether the polygon is the zero value.
func (p Polygon) Empty() bool { return len(p.rings) == 0 }

// Corners returns the corners of the outer ring; the last one is joined to the first.
func (p Polygon) Corners() Points {
	if p.Empty() {
		return Points{}
	}
	return p.rings[0]
}

// Holes returns the corners of every hole.
func (p Polygon) Holes() []Points {
	if p.Empty() {
		return nil
	}
	return append([]Points(nil), p.rings[1:]...)
}

// Area returns the area without the holes, in squares of the unit of the corners. Python: area.
func (p Polygon) Area() float64 {
	sum := 0.0
	for i, ring := range p.rings {
		area, _, _ := moments(ring)
		if i == 0 {
			sum += math.Abs(area)
		} else {
			sum -= math.Abs(area)
		}
	}
	return sum
}

// Centroid returns the centre of mass, [2], and NaN for the empty polygon. Python: centroid.
func (p Polygon) Centroid() []float64 {
	var area, mx, my float64
	for i, ring := range p.rings {
		a, x, y := moments(ring)
		weight := math.Abs(a)
		if i > 0 {
			weight = -weight
		}
		area += weight
		mx += weight * x
		my += weight * y
	}
	return []float64{mx / area, my / area}
}

// Bounds returns the lower and upper end along both axes, [2]; nil for the empty polygon. Python: bounds.
func (p Polygon) Bounds() [][2]float64 {
	if p.Empty() {
		return nil
	}
	bounds := make([][2]float64, 2)
	for k := range bounds {
		bounds[k] = [2]float64{math.Inf(1), math.Inf(-1)}
		for _, v := range p.rings[0].Column(k) {
			bounds[k] = [2]float64{min(bounds[k][0], v), max(bounds[k][1], v)}
		}
	}
	return bounds
}

// Contains tells for each point whether it lies within the polygon; points on a side do not. A point with
// a coordinate that is not finite is not within. Points outside the plane are an [ErrShape]. Python: contains.
//
//	points: [n][2]
func (p Polygon) Contains(points Points) ([]bool, error) {
	return p.test("Polygon.Contains", points, func(s side) bool { return s == sideInside })
}

// Covers tells for each point whether it lies within the polygon or on a side. A point with a
// coordinate that is not finite does not. Points outside the plane are an [ErrShape]. Python: covers.
//
//	points: [n][2]
func (p Polygon) Covers(points Points) ([]bool, error) {
	return p.test("Polygon.Covers", points, func(s side) bool { return s != sideOutside })
}

func (p Polygon) test(op string, points Points, is func(side) bool) ([]bool, error) {
	if points.Len() > 0 && points.Dim() != 2 {
		return nil, &Error{Op: op, Arg: "points", Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d coordinates per point; polygons lie in the plane", points.Dim())}
	}
	answer := make([]bool, points.Len())
	for i := range answer {
		answer[i] = is(p.side(points.row(i)))
	}
	return answer, nil
}

// String returns "Polygon(5 corners, 1 hole)".
func (p Polygon) String() string {
	holes := fmt.Sprintf("%d holes", max(len(p.rings)-1, 0))
	if len(p.rings) == 2 {
		holes = "1 hole"
	}
	return fmt.Sprintf("Polygon(%d corners, %s)", p.Corners().Len(), holes)
}

// side says where a point lies.
type side int

const (
	sideOutside side = iota
	sideOn
	sideInside
)

// side says where a point lies, exactly: rounding never moves a point across a side.
func (p Polygon) side(point []float64) side {
	if p.Empty() || !finite(point) {
		return sideOutside
	}
	for i, ring := range p.rings {
		s := ringSide(ring, point)
		switch {
		case s == sideOn:
			return sideOn
		case (s == sideInside) == (i > 0): // outside of the ring, or in a hole
			return sideOutside
		}
	}
	return sideInside
}

// ringSide counts how often a ray from the point to the right crosses the ring.
func ringSide(ring Points, p []float64) side {
	n := ring.Len()
	crossings := 0
	a := ring.row(n - 1)
	for i := range n {
		b := ring.row(i)
		lower, upper := a, b
		if lower[1] > upper[1] {
			lower, upper = upper, lower
		}
		switch {
		case !(p[1] >= lower[1] && p[1] <= upper[1]):
		case lower[1] == upper[1]:
			if p[0] >= min(a[0], b[0]) && p[0] <= max(a[0], b[0]) {
				return sideOn
			}
		default:
			turn := orientation(lower, upper, p)
			if turn == 0 {
				return sideOn
			}
			// The lower end belongs to a side, the upper one to the next.
			if turn > 0 && p[1] < upper[1] {
				crossings++
			}
		}
		a = b
	}
	if crossings%2 == 1 {
		return sideInside
	}
	return sideOutside
}

// orientation tells on which side of the line from a to b point p lies: 1 left, -1 right, 0 on it. Where
// rounding could decide it computes with rational numbers.
func orientation(a, b, p []float64) int {
	left := float64((a[0] - p[0]) * (b[1] - p[1]))
	right := float64((a[1] - p[1]) * (b[0] - p[0]))
	det := left - right
	const bound = 4e-16                                                // more than (3 + 16ε)ε, the largest error relative to the products (Shewchuk 1997)
	if math.Abs(det) > bound*(math.Abs(left)+math.Abs(right))+1e-290 { // below that products may have underflowed
		return sign(det)
	}
	if p[0] == a[0] && p[0] == b[0] || p[0] == a[0] && p[1] == a[1] || p[0] == b[0] && p[1] == b[1] {
		return 0
	}
	difference := func(x, y float64) *big.Rat {
		return new(big.Rat).Sub(new(big.Rat).SetFloat64(x), new(big.Rat).SetFloat64(y))
	}
	l := new(big.Rat).Mul(difference(a[0], p[0]), difference(b[1], p[1]))
	r := new(big.Rat).Mul(difference(a[1], p[1]), difference(b[0], p[0]))
	return l.Cmp(r)
}

func sign(v float64) int {
	if v < 0 {
		return -1
	}
	return 1
}

// moments returns the area of a ring, negative if it runs clockwise, and its centre of mass. Coordinates are
// taken relative to the first corner, so that far from the origin no digits are lost.
func moments(ring Points) (area, x, y float64) {
	o := ring.row(0)
	for i := range ring.Len() - 1 {
		a, b := ring.row(i), ring.row(i+1)
		ax, ay, bx, by := a[0]-o[0], a[1]-o[1], b[0]-o[0], b[1]-o[1]
		cross := ax*by - ay*bx
		area += cross / 2
		x += cross * (ax + bx) / 6
		y += cross * (ay + by) / 6
	}
	return area, o[0] + x/area, o[1] + y/area
}

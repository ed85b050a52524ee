// Package delaunay triangulates points of the plane so that no point lies inside the circle through the corners of a
// triangle. Points are inserted one by one (Bowyer and Watson) with exact decisions, so that lattices, where four and
// more points lie on a circle, are no special case.
package delaunay

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrFlat is returned for points that all lie on one line.
var ErrFlat = errors.New("delaunay: the points lie on one line")

// ghost is a vertex infinitely far away. Every side of the hull is a side of a triangle with it, so that the outside
// needs no special case either.
const ghost = -1

// none is no triangle.
const none = -1

// Triangulate returns the triangles as numbers of points, counter-clockwise. Points must be finite and different from
// each other, and at least three.
func Triangulate(points [][2]float64) ([][3]int, error) {
	for i, p := range points {
		for _, v := range p {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("delaunay: point %d is %v, which is not finite", i, p)
			}
		}
	}
	order := insertionOrder(points)
	for k := 1; k < len(order); k++ {
		if points[order[k]] == points[order[k-1]] {
			return nil, fmt.Errorf("delaunay: points %d and %d are both %v", order[k-1], order[k], points[order[k]])
		}
	}
	m := &mesh{points: points}
	rest, err := m.begin(order)
	if err != nil {
		return nil, err
	}
	for _, p := range rest {
		m.insert(p)
	}
	var out [][3]int
	for _, t := range m.triangles {
		if t.alive && !slices.Contains(t.corner[:], ghost) {
			out = append(out, t.corner)
		}
	}
	return out, nil
}

// insertionOrder sorts points into columns that are run through up and down in turn, so that each point is near the
// one before. Equal points end up side by side.
func insertionOrder(points [][2]float64) []int {
	order := make([]int, len(points))
	lo, hi := math.Inf(1), math.Inf(-1)
	for i, p := range points {
		order[i] = i
		lo, hi = min(lo, p[0]), max(hi, p[0])
	}
	columns := math.Ceil(math.Sqrt(float64(len(points)) / 2))
	column := func(i int) float64 {
		if hi == lo {
			return 0
		}
		return min(math.Floor((points[i][0]/2-lo/2)/(hi/2-lo/2)*columns), columns-1)
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := column(i), column(j)
		y, z := points[i][1], points[j][1]
		if math.Mod(a, 2) == 1 {
			y, z = -y, -z
		}
		switch {
		case a != b:
			return compare(a, b)
		case y != z:
			return compare(y, z)
		case points[i][0] != points[j][0]:
			return compare(points[i][0], points[j][0])
		}
		return i - j
	})
	return order
}

func compare(a, b float64) int {
	if a < b {
		return -1
	}
	return 1
}

// triangle has its corners counter-clockwise; beside[k] is the triangle across the side opposite to corner[k].
type triangle struct {
	corner [3]int
	beside [3]int
	alive  bool
}

type mesh struct {
	points    [][2]float64
	triangles []triangle
	free      []int // numbers of dead triangles
	last      int   // a triangle near the point inserted last

	cavity []int     // triangles in conflict with the point being inserted
	marked []bool    // the same by number
	rim    []rimSide // sides of the cavity
	joined map[int]int
}

// rimSide is a side of the cavity from corner a to b, counter-clockwise, and the triangle beyond it.
type rimSide struct{ a, b, beyond int }

// begin makes the first triangle of points that are not on one line and returns the others.
func (m *mesh) begin(order []int) ([]int, error) {
	for k := 2; k < len(order); k++ {
		a, b, c := order[0], order[1], order[k]
		turn := orient(m.points[a], m.points[b], m.points[c])
		if turn == 0 {
			continue
		}
		if turn < 0 {
			a, b = b, a
		}
		inside := m.add([3]int{a, b, c})
		g0, g1, g2 := m.add([3]int{c, b, ghost}), m.add([3]int{a, c, ghost}), m.add([3]int{b, a, ghost})
		m.triangles[inside].beside = [3]int{g0, g1, g2}
		m.triangles[g0].beside = [3]int{g2, g1, inside}
		m.triangles[g1].beside = [3]int{g0, g2, inside}
		m.triangles[g2].beside = [3]int{g1, g0, inside}
		m.last = inside
		return slices.Concat(order[2:k], order[k+1:]), nil
	}
	return nil, ErrFlat
}

func (m *mesh) add(corner [3]int) int {
	t := triangle{corner: corner, beside: [3]int{none, none, none}, alive: true}
	if n := len(m.free); n > 0 {
		i := m.free[n-1]
		m.free = m.free[:n-1]
		m.triangles[i] = t
		return i
	}
	m.triangles = append(m.triangles, t)
	m.marked = append(m.marked, false)
	return len(m.triangles) - 1
}

// conflict tells whether a point lies inside the circle of a triangle. That of a ghost triangle is the half plane
// beyond its side of the hull, and the side itself.
func (m *mesh) conflict(t, point int) bool {
	c, p := m.triangles[t].corner, m.points[point]
	k := slices.Index(c[:], ghost)
	if k < 0 {
		return inCircle(m.points[c[0]], m.points[c[1]], m.points[c[2]], p) > 0
	}
	a, b := m.points[c[(k+1)%3]], m.points[c[(k+2)%3]]
	turn := orient(a, b, p)
	if turn != 0 {
		return turn > 0
	}
	axis := 0
	if a[0] == b[0] {
		axis = 1
	}
	return min(a[axis], b[axis]) < p[axis] && p[axis] < max(a[axis], b[axis])
}

// locate walks towards a point and returns a triangle that is in conflict with it.
func (m *mesh) locate(point int) int {
	p := m.points[point]
	t := m.last
	for {
		c := m.triangles[t].corner
		if slices.Contains(c[:], ghost) {
			return t // entered across a side of the hull that the point lies beyond
		}
		next := none
		for k := range 3 {
			if orient(m.points[c[(k+1)%3]], m.points[c[(k+2)%3]], p) < 0 {
				next = m.triangles[t].beside[k]
				break
			}
		}
		if next == none {
			return t
		}
		t = next
	}
}

// insert removes all triangles in conflict with a point and joins the point to the sides of the hole.
func (m *mesh) insert(point int) {
	m.dig(point)
	if m.joined == nil {
		m.joined = map[int]int{}
	}
	clear(m.joined)
	for _, t := range m.cavity {
		m.triangles[t].alive = false
		m.marked[t] = false
		m.free = append(m.free, t)
	}
	first := none
	for _, s := range m.rim {
		t := m.add([3]int{point, s.a, s.b})
		m.triangles[t].beside[0] = s.beyond
		beyond := &m.triangles[s.beyond]
		for k := range 3 {
			if beyond.corner[k] != s.a && beyond.corner[k] != s.b {
				beyond.beside[k] = t
			}
		}
		m.joined[s.a] = t
		if s.a != ghost && s.b != ghost {
			first = t
		}
	}
	for _, s := range m.rim { // the triangle that begins where this one ends
		t, next := m.joined[s.a], m.joined[s.b]
		m.triangles[t].beside[1] = next
		m.triangles[next].beside[2] = t
	}
	m.last = first
}

// dig finds the triangles in conflict with a point, which are connected, and the sides around them.
func (m *mesh) dig(point int) {
	m.cavity, m.rim = append(m.cavity[:0], m.locate(point)), m.rim[:0]
	m.marked[m.cavity[0]] = true
	for head := 0; head < len(m.cavity); head++ {
		t := m.cavity[head]
		for k := range 3 {
			beyond := m.triangles[t].beside[k]
			if m.marked[beyond] {
				continue
			}
			if m.conflict(beyond, point) {
				m.marked[beyond] = true
				m.cavity = append(m.cavity, beyond)
				continue
			}
			c := m.triangles[t].corner
			m.rim = append(m.rim, rimSide{c[(k+1)%3], c[(k+2)%3], beyond})
		}
	}
}

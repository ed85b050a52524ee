// Package kdtree finds the points of a fixed set that are nearest to a query.
//
// Distances are Euclidean. Points whose distances differ by at most TieTolerance
// count as equally near and the one with the lowest index is chosen, so that a
// query half way between grid points has one answer whatever the order in which
// the structure happens to visit them.
//
// Coordinates come as one flat slice, point after point. They must be finite; the
// caller checks. All structures are read-only after construction and safe for
// concurrent use.
package kdtree

import "math"

// TieTolerance is the difference in distance below which two points tie.
const TieTolerance = 1e-10

const leafSize = 12

// Tree is a balanced k-d tree without pointers. Node i of level l covers points
// i*n>>l up to (i+1)*n>>l of a permuted copy, so only the splits are stored.
type Tree struct {
	dim   int
	depth int
	point []float64 // [n*dim], permuted
	index []int32   // [n], where a permuted point was in the input
	split []float64 // [2^depth - 1], nodes in heap order
	axis  []uint8
}

// NewTree builds a tree over points, len(points)/dim of them.
func NewTree(points []float64, dim int) *Tree {
	n := len(points) / dim
	t := &Tree{dim: dim, point: append([]float64(nil), points...), index: make([]int32, n)}
	for n>>t.depth > leafSize {
		t.depth++
	}
	for i := range t.index {
		t.index[i] = int32(i)
	}
	t.split = make([]float64, 1<<t.depth-1)
	t.axis = make([]uint8, 1<<t.depth-1)
	t.build(0, 0)
	return t
}

// Len returns the number of points.
func (t *Tree) Len() int { return len(t.index) }

// Bytes returns the memory held by the tree.
func (t *Tree) Bytes() int64 {
	return int64(len(t.point)+len(t.split))*8 + int64(len(t.index))*4 + int64(len(t.axis))
}

// first returns the place of the first point of node i of a level.
func (t *Tree) first(level, i int) int {
	return int(int64(len(t.index)) * int64(i) >> level)
}

// heapIndex numbers nodes level by level.
func heapIndex(level, i int) int { return 1<<level - 1 + i }

func (t *Tree) build(level, node int) {
	if level == t.depth {
		return
	}
	lo, hi := t.first(level, node), t.first(level, node+1)
	mid := t.first(level+1, 2*node+1)
	axis := t.widest(lo, hi)
	t.partition(lo, hi-1, mid, axis)
	h := heapIndex(level, node)
	t.split[h] = t.point[mid*t.dim+axis]
	t.axis[h] = uint8(axis)
	t.build(level+1, 2*node)
	t.build(level+1, 2*node+1)
}

func (t *Tree) widest(lo, hi int) int {
	best, width := 0, -1.0
	for a := range t.dim {
		least, most := math.Inf(1), math.Inf(-1)
		for k := lo*t.dim + a; k < hi*t.dim; k += t.dim {
			least, most = min(least, t.point[k]), max(most, t.point[k])
		}
		if most-least > width {
			best, width = a, most-least
		}
	}
	return best
}

// partition reorders points lo..hi so that point k is where sorting along the axis
// would put it (Hoare's selection; the median of three guards against sorted input).
func (t *Tree) partition(lo, hi, k, axis int) {
	p, d := t.point, t.dim
	for lo < hi {
		pivot := median(p[lo*d+axis], p[(lo+hi)/2*d+axis], p[hi*d+axis])
		i, j := lo, hi
		for i <= j {
			for p[i*d+axis] < pivot {
				i++
			}
			for p[j*d+axis] > pivot {
				j--
			}
			if i <= j {
				t.swap(i, j)
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return
		}
	}
}

func (t *Tree) swap(i, j int) {
	t.index[i], t.index[j] = t.index[j], t.index[i]
	a, b := t.point[i*t.dim:][:t.dim], t.point[j*t.dim:][:t.dim]
	for k := range a {
		a[k], b[k] = b[k], a[k]
	}
}

func median(a, b, c float64) float64 {
	return max(min(a, b), min(max(a, b), c))
}

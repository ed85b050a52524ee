package kdtree

import "math"

// nearest is the best candidate of a query. Points within TieTolerance of it are
// noticed but not collected: ties are rare, and when one was noticed a second pass
// with a known bound looks for the lowest index.
type nearest struct {
	sq    float64 // squared distance of the best
	bound float64 // squared distance up to which a point ties with it
	index int32
	tied  bool
}

func newNearest() nearest {
	return nearest{sq: math.Inf(1), bound: math.Inf(1), index: -1}
}

// consider takes note of a point whose squared distance is at most bound.
func (b *nearest) consider(sq float64, index int32) {
	if !(sq < b.sq) {
		b.tied = true
		return
	}
	d := math.Sqrt(sq) + TieTolerance
	b.tied = b.sq <= d*d
	b.sq, b.bound, b.index = sq, d*d, index
}

// Nearest returns the index of the point nearest to q and its distance; -1 and
// +Inf if there are no points.
func (t *Tree) Nearest(q []float64) (int, float64) {
	var buffer [8]float64
	v := visit{t: t, q: q[:t.dim], best: newNearest(), offset: buffer[:]}
	if t.dim > len(buffer) {
		v.offset = make([]float64, t.dim)
	}
	v.node(0, 0, 0)
	if v.best.tied {
		v.lowest = math.MaxInt32
		v.node(0, 0, 0)
		v.best.index = v.lowest
	}
	return int(v.best.index), math.Sqrt(v.best.sq)
}

// visit is one query on a tree. While lowest is zero it looks for the best point,
// then for the lowest index that ties with it.
type visit struct {
	t      *Tree
	q      []float64
	offset []float64 // distance from q to the current cell, per axis
	best   nearest
	lowest int32
}

// node visits a node whose cell is at squared distance sq from the query.
func (v *visit) node(level, i int, sq float64) {
	t := v.t
	if level == t.depth {
		v.leaf(t.first(level, i), t.first(level, i+1))
		return
	}
	h := heapIndex(level, i)
	axis := t.axis[h]
	gap := v.q[axis] - t.split[h]
	near, far := 2*i, 2*i+1
	if gap >= 0 {
		near, far = far, near
	}
	v.node(level+1, near, sq)
	old := v.offset[axis]
	if sq += gap*gap - old*old; sq <= v.best.bound {
		v.offset[axis] = gap
		v.node(level+1, far, sq)
		v.offset[axis] = old
	}
}

func (v *visit) leaf(lo, hi int) {
	t, q := v.t, v.q
	for k := lo; k < hi; k++ {
		sq := 0.0
		for a, x := range t.point[k*t.dim:][:len(q)] {
			sq += (x - q[a]) * (x - q[a])
		}
		if sq > v.best.bound {
			continue
		}
		if v.lowest > 0 {
			v.lowest = min(v.lowest, t.index[k])
		} else {
			v.best.consider(sq, t.index[k])
		}
	}
}

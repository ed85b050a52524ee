package kdtree

// Index answers nearest-point queries by whichever structure suits the points.
type Index struct {
	tree *Tree
	hash *Hash
}

// NewIndex builds an index over points, len(points)/dim of them.
func NewIndex(points []float64, dim int) *Index {
	if h := NewHash(points, dim); h != nil {
		return &Index{hash: h}
	}
	return &Index{tree: NewTree(points, dim)}
}

// Nearest returns the index of the point nearest to q and its distance; -1 and
// +Inf if there are no points.
func (x *Index) Nearest(q []float64) (int, float64) {
	if x.hash != nil {
		return x.hash.Nearest(q)
	}
	return x.tree.Nearest(q)
}

// Bytes returns the memory held by the index.
func (x *Index) Bytes() int64 {
	if x.hash != nil {
		return x.hash.Bytes()
	}
	return x.tree.Bytes()
}

package neurospatial

import (
	"math"
	"slices"

	"github.com/nskernel/nskernel/neurospatial/internal/kdtree"
)

// newTrack cuts checked segments into bins; gaps has one entry per segment.
func newTrack(nodes Points, pairs [][2]int, binSize float64, gaps []float64) *Track {
	t := &Track{nodes: nodes, edges: []float64{0}}
	dim := nodes.Dim()
	t.bins.Centers.dim = dim
	for i, pair := range pairs {
		s := segment{u: pair[0], v: pair[1], length: distance(nodes.row(pair[0]), nodes.row(pair[1]))}
		s.start, s.first = t.edges[len(t.edges)-1], len(t.linear)
		n := int(max(1, math.Ceil(s.length/binSize)))
		for _, hi := range borders(s.start, s.start+s.length, n, false)[1:] {
			lo := t.edges[len(t.edges)-1]
			t.edges = append(t.edges, hi)
			t.bin = append(t.bin, int32(len(t.linear)))
			t.bins.Volumes = append(t.bins.Volumes, hi-lo)
			t.linear = append(t.linear, lo+(hi-lo)/2)
			t.source = append(t.source, i)
			t.bins.Centers.data = t.appendAt(t.bins.Centers.data, s, t.linear[len(t.linear)-1])
		}
		s.last = len(t.linear) - 1
		if gaps[i] > 0 {
			t.edges = append(t.edges, s.start+s.length+gaps[i])
			t.bin = append(t.bin, Outside)
		}
		t.segments = append(t.segments, s)
	}
	t.order = traversal(nodes.Len(), pairs)
	for k := range dim {
		along := t.bins.Centers.Column(k)
		t.bins.Ranges = append(t.bins.Ranges, [2]float64{slices.Min(along), slices.Max(along)})
	}
	t.join()
	t.index = kdtree.NewIndex(t.bins.Centers.data, dim)
	return t
}

// appendAt appends the place on a segment of a linear position.
func (t *Track) appendAt(data []float64, s segment, position float64) []float64 {
	w := min(max((position-s.start)/s.length, 0), 1)
	u, v := t.nodes.row(s.u), t.nodes.row(s.v)
	for k := range u {
		data = append(data, float64(u[k]*(1-w))+float64(v[k]*w))
	}
	return data
}

// traversal lists segments as networkx lists the edges of a graph: node by node, and the segments of a node that
// lead to later nodes in the order in which they were given.
func traversal(nodes int, pairs [][2]int) []int {
	at := make([][]int, nodes)
	for i, p := range pairs {
		at[p[0]] = append(at[p[0]], i)
		at[p[1]] = append(at[p[1]], i)
	}
	var order []int
	listed := make([]bool, len(pairs))
	for _, segments := range at {
		for _, i := range segments {
			if !listed[i] {
				listed[i] = true
				order = append(order, i)
			}
		}
	}
	return order
}

// join makes the edges between bins: along each segment, then at each node.
func (t *Track) join() {
	for _, s := range t.segments {
		for b := s.first; b < s.last; b++ {
			t.joinBins(b, b+1, nil)
		}
	}
	ends := make([][]int, t.nodes.Len()) // bins that end at each node
	for _, s := range t.segments {
		ends[s.u] = append(ends[s.u], s.first)
		ends[s.v] = append(ends[s.v], s.last)
	}
	joined := map[[2]int]bool{}
	for _, e := range t.bins.Edges {
		joined[[2]int{e.U, e.V}] = true
	}
	for node, bins := range ends {
		for i := 1; i < len(bins); i++ {
			pair := [2]int{min(bins[i-1], bins[i]), max(bins[i-1], bins[i])}
			if pair[0] != pair[1] && !joined[pair] { // two one-bin segments may meet at both ends
				joined[pair] = true
				t.joinBins(bins[i-1], bins[i], t.nodes.row(node))
			}
		}
	}
}

// joinBins adds an edge. Heat flows through the node if the bins lie on different segments.
func (t *Track) joinBins(u, v int, node []float64) {
	a, b := t.bins.Centers.row(u), t.bins.Centers.row(v)
	d := distance(a, b)
	way := d
	if node != nil {
		way = distance(a, node) + distance(b, node)
	}
	t.bins.Edges = append(t.bins.Edges, Edge{U: u, V: v, Distance: d, Conductance: 1 / way})
}

// Kind returns "Graph", as Python calls tracks.
func (t *Track) Kind() string { return kindTrack }

// Bins returns the geometry.
func (t *Track) Bins() Bins { return t.bins }

// BinAtTo writes the bin with the nearest centre, or Outside for points that are not finite.
func (t *Track) BinAtTo(bins []int, points Points) {
	for i := range bins {
		bins[i] = Outside
		if p := points.row(i); finite(p) {
			bins[i], _ = t.index.Nearest(p)
		}
	}
}

// LinearEdges returns the borders of bins and gaps on the linear axis, [bins+gaps+1]. Python: grid_edges[0].
func (t *Track) LinearEdges() []float64 { return slices.Clone(t.edges) }

// LinearCenters returns the linear position of the middle of every bin, [bins]. Python: linear_bin_centers.
func (t *Track) LinearCenters() []float64 { return slices.Clone(t.linear) }

// Segments returns the segment of every bin, by its position in the list that the track was made from, [bins].
func (t *Track) Segments() []int { return slices.Clone(t.source) }

// Gaps tells for every interval between LinearEdges whether it is a gap. Python: active_mask, the opposite.
func (t *Track) Gaps() []bool {
	gaps := make([]bool, len(t.bin))
	for i, b := range t.bin {
		gaps[i] = b == Outside
	}
	return gaps
}

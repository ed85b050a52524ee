// Package csr holds undirected weighted graphs in compressed sparse row form
// and the searches that an environment needs on them.
//
// A Graph is a handful of flat slices: visiting all neighbours of all nodes
// allocates nothing and touches memory in order. It never changes after it was
// built, so any number of goroutines may search it at once, each with a Search
// of its own.
package csr

import (
	"fmt"
	"math"
)

// Edge is an undirected edge between nodes U and V with weight W.
type Edge struct {
	U, V int32
	W    float64
}

// Graph is an undirected graph. Each edge is stored as two arcs, one in the row
// of each end; the arcs of a row keep the order in which the edges were given.
type Graph struct {
	start  []int32   // [n+1] first arc of each node
	target []int32   // [2e] node at the far end of an arc
	weight []float64 // [2e]
	edge   []int32   // [2e] number of the edge an arc belongs to
	edges  []Edge    // [e] as given
}

// FromEdges builds the graph with n nodes and the given edges. Edges are
// numbered by their position. It refuses ends outside 0..n-1, loops, and
// weights that are negative or not finite; parallel edges are kept.
func FromEdges(n int, edges []Edge) (*Graph, error) {
	if n < 0 || n > math.MaxInt32 || len(edges) > math.MaxInt32/2 {
		return nil, fmt.Errorf("csr: %d nodes and %d edges do not fit 32-bit numbers", n, len(edges))
	}
	g := &Graph{
		start:  make([]int32, n+1),
		target: make([]int32, 2*len(edges)),
		weight: make([]float64, 2*len(edges)),
		edge:   make([]int32, 2*len(edges)),
		edges:  append([]Edge(nil), edges...),
	}
	for i, e := range edges {
		switch {
		case e.U < 0 || e.V < 0 || int(e.U) >= n || int(e.V) >= n:
			return nil, fmt.Errorf("csr: edge %d joins %d and %d, nodes are 0..%d", i, e.U, e.V, n-1)
		case e.U == e.V:
			return nil, fmt.Errorf("csr: edge %d joins node %d to itself", i, e.U)
		case !(e.W >= 0) || math.IsInf(e.W, 1):
			return nil, fmt.Errorf("csr: edge %d has weight %v, want a finite weight of at least 0", i, e.W)
		}
		g.start[e.U+1]++
		g.start[e.V+1]++
	}
	for i := range n {
		g.start[i+1] += g.start[i]
	}
	next := append([]int32(nil), g.start[:n]...)
	put := func(from, to int32, w float64, id int) {
		k := next[from]
		next[from]++
		g.target[k], g.weight[k], g.edge[k] = to, w, int32(id)
	}
	for i, e := range edges {
		put(e.U, e.V, e.W, i)
		put(e.V, e.U, e.W, i)
	}
	return g, nil
}

// NumNodes returns the number of nodes.
func (g *Graph) NumNodes() int { return len(g.start) - 1 }

// NumEdges returns the number of undirected edges.
func (g *Graph) NumEdges() int { return len(g.edges) }

// Degree returns the number of edges at node i.
func (g *Graph) Degree(i int) int { return int(g.start[i+1] - g.start[i]) }

// Neighbors returns the nodes joined to node i in the order in which their
// edges were given. The slice is shared; do not modify it.
func (g *Graph) Neighbors(i int) []int32 {
	lo, hi := g.start[i], g.start[i+1]
	return g.target[lo:hi:hi]
}

// Weights returns the weights that belong to Neighbors(i). Shared; do not modify.
func (g *Graph) Weights(i int) []float64 {
	lo, hi := g.start[i], g.start[i+1]
	return g.weight[lo:hi:hi]
}

// EdgeIDs returns the edge numbers that belong to Neighbors(i). Shared; do not modify.
func (g *Graph) EdgeIDs(i int) []int32 {
	lo, hi := g.start[i], g.start[i+1]
	return g.edge[lo:hi:hi]
}

// Edges returns all edges in the order given. Shared; do not modify.
func (g *Graph) Edges() []Edge { return g.edges }

// EdgeBetween returns the number of the first edge between u and v, and whether
// there is one. It scans the shorter of the two rows.
func (g *Graph) EdgeBetween(u, v int) (int, bool) {
	if g.Degree(v) < g.Degree(u) {
		u, v = v, u
	}
	for k, w := range g.Neighbors(u) {
		if int(w) == v {
			return int(g.EdgeIDs(u)[k]), true
		}
	}
	return 0, false
}

// Bytes returns the memory held by the graph.
func (g *Graph) Bytes() int64 {
	return int64(len(g.start)+len(g.target)+len(g.edge))*4 + int64(len(g.weight))*8 + int64(len(g.edges))*16
}

// Subgraph returns the graph induced by the nodes with keep set, and for each of
// its nodes the number it had here. Edges keep their order.
func (g *Graph) Subgraph(keep []bool) (*Graph, []int32, error) {
	if len(keep) != g.NumNodes() {
		return nil, nil, fmt.Errorf("csr: %d marks for %d nodes", len(keep), g.NumNodes())
	}
	number := make([]int32, len(keep))
	var old []int32
	for i, k := range keep {
		if k {
			number[i] = int32(len(old))
			old = append(old, int32(i))
		}
	}
	var edges []Edge
	for _, e := range g.edges {
		if keep[e.U] && keep[e.V] {
			edges = append(edges, Edge{number[e.U], number[e.V], e.W})
		}
	}
	sub, err := FromEdges(len(old), edges)
	return sub, old, err
}

package csr

import "math"

// Search is the working memory of shortest-path searches on one graph. Reusing
// it makes a search free of allocations. A Search serves one goroutine.
type Search struct {
	g    *Graph
	dist []float64
	heap []int32 // nodes, a 4-ary heap ordered by dist
	pos  []int32 // place of a node in heap, absent or settled
}

const (
	absent  = -1 // never seen
	settled = -2 // taken off the heap: its distance is final
)

// NewSearch returns working memory for searches on g.
func (g *Graph) NewSearch() *Search {
	n := g.NumNodes()
	return &Search{g: g, dist: make([]float64, n), heap: make([]int32, 0, n), pos: make([]int32, n)}
}

// Distances returns the length of the shortest path from the nearest of the
// sources to every node, +Inf where there is none. The slice is overwritten by
// the next search; copy what must last.
func (s *Search) Distances(sources ...int) []float64 {
	return s.DistancesWithin(math.Inf(1), sources...)
}

// DistancesWithin is Distances for nodes whose distance is at most limit;
// farther nodes are reported as +Inf and not visited.
func (s *Search) DistancesWithin(limit float64, sources ...int) []float64 {
	for i := range s.dist {
		s.dist[i] = math.Inf(1)
		s.pos[i] = absent
	}
	s.heap = s.heap[:0]
	for _, v := range sources {
		if s.pos[v] == absent {
			s.dist[v] = 0
			s.push(int32(v))
		}
	}
	for len(s.heap) > 0 {
		u := s.pop()
		s.relax(u, limit)
	}
	return s.dist
}

func (s *Search) relax(u int32, limit float64) {
	lo, hi := s.g.start[u], s.g.start[u+1]
	target, weight := s.g.target[lo:hi], s.g.weight[lo:hi]
	du := s.dist[u]
	for k, v := range target {
		d := du + weight[k]
		if !(d < s.dist[v]) || d > limit {
			continue
		}
		s.dist[v] = d
		if s.pos[v] == absent {
			s.push(v)
		} else {
			s.up(int(s.pos[v]))
		}
	}
}

func (s *Search) push(v int32) {
	s.heap = append(s.heap, v)
	s.up(len(s.heap) - 1)
}

func (s *Search) pop() int32 {
	h := s.heap
	top, last := h[0], h[len(h)-1]
	s.heap = h[:len(h)-1]
	s.pos[top] = settled
	if len(s.heap) > 0 {
		s.down(last)
	}
	return top
}

// up moves the node at place i towards the top until its parent is not farther.
func (s *Search) up(i int) {
	h, dist, pos := s.heap, s.dist, s.pos
	v := h[i]
	d := dist[v]
	for i > 0 {
		p := (i - 1) / 4
		if dist[h[p]] <= d {
			break
		}
		h[i] = h[p]
		pos[h[i]] = int32(i)
		i = p
	}
	h[i] = v
	pos[v] = int32(i)
}

// down puts v at the top and lets it sink below every nearer child.
func (s *Search) down(v int32) {
	h, dist, pos := s.heap, s.dist, s.pos
	d := dist[v]
	i := 0
	for {
		first := 4*i + 1
		if first >= len(h) {
			break
		}
		best, bestDist := first, dist[h[first]]
		for c := first + 1; c < min(first+4, len(h)); c++ {
			if dc := dist[h[c]]; dc < bestDist {
				best, bestDist = c, dc
			}
		}
		if d <= bestDist {
			break
		}
		h[i] = h[best]
		pos[h[i]] = int32(i)
		i = best
	}
	h[i] = v
	pos[v] = int32(i)
}

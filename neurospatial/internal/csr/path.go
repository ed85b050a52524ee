package csr

import (
	"math"
	"slices"
)

// ShortestPath returns the nodes of a shortest path between two nodes, both ends
// included, and its length; nil and +Inf when there is none.
//
// Among paths of equal length it chooses as networkx.bidirectional_dijkstra
// does, so that paths can be compared with Python's: two searches take turns,
// the one from the start first; ties in distance go to the entry that was queued
// first; a node is queued again only for a strictly shorter distance; the
// meeting point is replaced only by a strictly shorter path.
func (g *Graph) ShortestPath(from, to int) ([]int, float64) {
	if from == to {
		return []int{from}, 0
	}
	var (
		sides   = [2]*side{newSide(g, from), newSide(g, to)}
		pushed  = 2
		meet    = absentMeeting
		turn    = 1
		current *side
	)
	sides[1].queue[0].order = 1
	for len(sides[0].queue) > 0 && len(sides[1].queue) > 0 {
		turn = 1 - turn
		current = sides[turn]
		other := sides[1-turn]
		e := current.pop()
		if current.done[e.node] {
			continue // an entry that was overtaken by a shorter one; it still costs a turn
		}
		current.done[e.node] = true
		if other.done[e.node] {
			break
		}
		lo, hi := g.start[e.node], g.start[e.node+1]
		for k := lo; k < hi; k++ {
			w, d := g.target[k], e.dist+g.weight[k]
			if current.done[w] || !(d < current.dist[w]) {
				continue
			}
			current.dist[w], current.from[w] = d, e.node
			current.push(entry{d, pushed, w})
			pushed++
			if total := d + other.dist[w]; total < meet.length {
				meet = meeting{total, w}
			}
		}
	}
	return meet.path(sides)
}

// meeting is a node reached from both ends. The path through it is read off the
// sides at the end of the search: a side may find a way to the node that is
// shorter by less than the sum can show, and networkx takes that one.
type meeting struct {
	length float64
	node   int32
}

var absentMeeting = meeting{length: math.Inf(1), node: absent}

func (m meeting) path(sides [2]*side) ([]int, float64) {
	if m.node == absent {
		return nil, math.Inf(1)
	}
	var nodes []int
	for v := sides[0].from[m.node]; v != absent; v = sides[0].from[v] {
		nodes = append(nodes, int(v))
	}
	slices.Reverse(nodes)
	nodes = append(nodes, int(m.node))
	for v := sides[1].from[m.node]; v != absent; v = sides[1].from[v] {
		nodes = append(nodes, int(v))
	}
	return nodes, m.length
}

type entry struct {
	dist  float64
	order int
	node  int32
}

func (e entry) before(f entry) bool {
	return e.dist < f.dist || e.dist == f.dist && e.order < f.order
}

// side is one of the two searches. Its queue keeps overtaken entries, unlike
// that of Search, because they take turns in the order that decides ties.
type side struct {
	dist  []float64
	from  []int32
	done  []bool
	queue []entry // binary heap
}

func newSide(g *Graph, start int) *side {
	n := g.NumNodes()
	s := &side{dist: make([]float64, n), from: make([]int32, n), done: make([]bool, n)}
	for i := range n {
		s.dist[i], s.from[i] = math.Inf(1), absent
	}
	s.dist[start] = 0
	s.queue = []entry{{node: int32(start)}}
	return s
}

func (s *side) push(e entry) {
	s.queue = append(s.queue, e)
	q := s.queue
	i := len(q) - 1
	for i > 0 {
		p := (i - 1) / 2
		if !e.before(q[p]) {
			break
		}
		q[i] = q[p]
		i = p
	}
	q[i] = e
}

func (s *side) pop() entry {
	q := s.queue
	top, last := q[0], q[len(q)-1]
	q = q[:len(q)-1]
	s.queue = q
	i := 0
	for {
		c := 2*i + 1
		if c >= len(q) {
			break
		}
		if c+1 < len(q) && q[c+1].before(q[c]) {
			c++
		}
		if !q[c].before(last) {
			break
		}
		q[i] = q[c]
		i = c
	}
	if len(q) > 0 {
		q[i] = last
	}
	return top
}

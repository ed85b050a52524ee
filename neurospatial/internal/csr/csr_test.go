package csr

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func mustGraph(t testing.TB, n int, edges []Edge) *Graph {
	t.Helper()
	g, err := FromEdges(n, edges)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// drawGraph draws small graphs whose weights are often equal, so that ties occur.
func drawGraph(t *rapid.T) *Graph {
	n := rapid.IntRange(1, 14).Draw(t, "n")
	var edges []Edge
	seen := map[[2]int]bool{}
	for range rapid.IntRange(0, 3*n).Draw(t, "edges") {
		u, v := rapid.IntRange(0, n-1).Draw(t, "u"), rapid.IntRange(0, n-1).Draw(t, "v")
		if u == v || seen[[2]int{u, v}] || seen[[2]int{v, u}] {
			continue
		}
		seen[[2]int{u, v}] = true
		w := rapid.OneOf(rapid.SampledFrom([]float64{0.5, 1, 2}), rapid.Float64Range(0, 3)).Draw(t, "w")
		edges = append(edges, Edge{int32(u), int32(v), w})
	}
	g, err := FromEdges(n, edges)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// floyd computes all distances by the definition.
func floyd(g *Graph) [][]float64 {
	n := g.NumNodes()
	d := make([][]float64, n)
	for i := range d {
		d[i] = make([]float64, n)
		for j := range d[i] {
			if i != j {
				d[i][j] = math.Inf(1)
			}
		}
	}
	for _, e := range g.Edges() {
		d[e.U][e.V] = min(d[e.U][e.V], e.W)
		d[e.V][e.U] = min(d[e.V][e.U], e.W)
	}
	for k := range n {
		for i := range n {
			for j := range n {
				d[i][j] = min(d[i][j], d[i][k]+d[k][j])
			}
		}
	}
	return d
}

func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-12*(1+math.Abs(a))
}

func TestDistancesAreBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		want := floyd(g)
		s := g.NewSearch()
		limit := rapid.Float64Range(0, 4).Draw(t, "limit")
		for u := range g.NumNodes() {
			for v, d := range s.Distances(u) {
				if !near(d, want[u][v]) {
					t.Fatalf("distance %d-%d = %v, want %v", u, v, d, want[u][v])
				}
			}
			for v, d := range s.DistancesWithin(limit, u) {
				w := want[u][v]
				if w > limit {
					w = math.Inf(1)
				}
				if !near(d, w) && !near(want[u][v], limit) {
					t.Fatalf("distance %d-%d within %v = %v, want %v", u, v, limit, d, w)
				}
			}
		}
		u, v := 0, g.NumNodes()-1
		for i, d := range s.Distances(u, v, u) {
			if !near(d, min(want[u][i], want[v][i])) {
				t.Fatalf("distance of %d from {%d, %d} = %v", i, u, v, d)
			}
		}
	})
}

func TestShortestPathIsShortest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		want := floyd(g)
		for u := range g.NumNodes() {
			for v := range g.NumNodes() {
				path, length := g.ShortestPath(u, v)
				if !near(length, want[u][v]) {
					t.Fatalf("length %d-%d = %v, want %v", u, v, length, want[u][v])
				}
				if math.IsInf(length, 1) {
					if path != nil {
						t.Fatalf("path %v between components", path)
					}
					continue
				}
				if path[0] != u || path[len(path)-1] != v {
					t.Fatalf("path %v does not join %d and %d", path, u, v)
				}
				sum := 0.0
				for k := range path[1:] {
					id, ok := g.EdgeBetween(path[k], path[k+1])
					if !ok {
						t.Fatalf("path %v uses a missing edge", path)
					}
					sum += g.Edges()[id].W
				}
				if !near(sum, length) {
					t.Fatalf("path %v is %v long, reported %v", path, sum, length)
				}
			}
		}
	})
}

// grid has 8 neighbours a node, edges in the order of their lower end.
func grid(t testing.TB, rows, cols int) *Graph {
	var edges []Edge
	for i := range rows {
		for j := range cols {
			for _, o := range [][2]int{{0, 1}, {1, -1}, {1, 0}, {1, 1}} {
				a, b := i+o[0], j+o[1]
				if a < rows && b >= 0 && b < cols {
					edges = append(edges, Edge{int32(i*cols + j), int32(a*cols + b), math.Hypot(float64(o[0]), float64(o[1]))})
				}
			}
		}
	}
	return mustGraph(t, rows*cols, edges)
}

// The wanted paths are those of networkx 3.6.1 bidirectional_dijkstra on the same
// graph, its edges added in the same order.
func TestShortestPathBreaksTiesLikeNetworkx(t *testing.T) {
	square := mustGraph(t, 4, []Edge{{0, 1, 1}, {0, 2, 1}, {1, 3, 1}, {2, 3, 1}})
	if path, _ := square.ShortestPath(0, 3); !cmp.Equal(path, []int{0, 1, 3}) {
		t.Errorf("square: %v", path)
	}
	for _, c := range networkxPaths {
		g := grid(t, c.rows, c.cols)
		path, length := g.ShortestPath(c.from, c.to)
		if !cmp.Equal(path, c.path) || !near(length, c.length) {
			t.Errorf("%d×%d %d to %d:\n got %v (%v)\nwant %v (%v)", c.rows, c.cols, c.from, c.to, path, length, c.path, c.length)
		}
	}
}

func TestComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		d := floyd(g)
		component, count := g.Components()
		highest := int32(-1)
		for u := range component {
			for v := range component {
				if (component[u] == component[v]) != !math.IsInf(d[u][v], 1) {
					t.Fatalf("nodes %d and %d: components %v", u, v, component)
				}
			}
			if component[u] > highest+1 {
				t.Fatalf("components are not numbered by smallest node: %v", component)
			}
			highest = max(highest, component[u])
		}
		if int(highest)+1 != count {
			t.Fatalf("count %d, numbers %v", count, component)
		}
	})
}

func TestHops(t *testing.T) {
	g := grid(t, 4, 5)
	for i, h := range g.Hops(7, -1) {
		want := max(abs(i/5-1), abs(i%5-2))
		if int(h) != want {
			t.Errorf("node %d: %d hops, want %d", i, h, want)
		}
	}
	for i, h := range g.Hops(7, 1) {
		want := max(abs(i/5-1), abs(i%5-2))
		if want > 1 {
			want = -1
		}
		if int(h) != want {
			t.Errorf("limit 1, node %d: %d hops, want %d", i, h, want)
		}
	}
}

func abs(i int) int { return max(i, -i) }

func TestNeighborsKeepEdgeOrder(t *testing.T) {
	g := mustGraph(t, 4, []Edge{{2, 0, 5}, {1, 0, 6}, {0, 3, 7}})
	if got := g.Neighbors(0); !cmp.Equal(got, []int32{2, 1, 3}) {
		t.Errorf("neighbors %v", got)
	}
	if got := g.Weights(0); !cmp.Equal(got, []float64{5, 6, 7}) {
		t.Errorf("weights %v", got)
	}
	if got := g.EdgeIDs(0); !cmp.Equal(got, []int32{0, 1, 2}) {
		t.Errorf("edge numbers %v", got)
	}
	if id, ok := g.EdgeBetween(3, 0); id != 2 || !ok {
		t.Errorf("edge 3-0: %d %v", id, ok)
	}
	if _, ok := g.EdgeBetween(3, 1); ok {
		t.Error("found an edge 3-1")
	}
	if g.Degree(0) != 3 || g.NumNodes() != 4 || g.NumEdges() != 3 {
		t.Errorf("degree %d, %d nodes, %d edges", g.Degree(0), g.NumNodes(), g.NumEdges())
	}
}

func TestSubgraph(t *testing.T) {
	g := mustGraph(t, 5, []Edge{{0, 1, 1}, {1, 2, 2}, {2, 4, 3}, {4, 0, 4}})
	sub, old, err := g.Subgraph([]bool{true, false, true, false, true})
	if err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(old, []int32{0, 2, 4}) || !cmp.Equal(sub.Edges(), []Edge{{1, 2, 3}, {2, 0, 4}}) {
		t.Errorf("nodes %v edges %v", old, sub.Edges())
	}
	if _, _, err := g.Subgraph([]bool{true}); err == nil {
		t.Error("accepted a mask of the wrong length")
	}
}

func TestFromEdgesRefuses(t *testing.T) {
	for name, e := range map[string]Edge{
		"end too large":   {0, 3, 1},
		"negative end":    {-1, 0, 1},
		"loop":            {1, 1, 1},
		"negative weight": {0, 1, -1},
		"NaN weight":      {0, 1, math.NaN()},
		"infinite weight": {0, 1, math.Inf(1)},
	} {
		if _, err := FromEdges(3, []Edge{{0, 2, 1}, e}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestSearchDoesNotAllocate(t *testing.T) {
	g := grid(t, 20, 20)
	s := g.NewSearch()
	if a := testing.AllocsPerRun(20, func() { s.Distances(7) }); a != 0 {
		t.Errorf("%v allocations a search", a)
	}
}

func BenchmarkDistances(b *testing.B) {
	for _, k := range []int{50, 100, 316} {
		g := grid(b, k, k)
		b.Run(fmt.Sprintf("n=%d", k*k), func(b *testing.B) {
			b.ReportAllocs()
			s := g.NewSearch()
			for b.Loop() {
				s.Distances(0)
			}
		})
	}
}

func BenchmarkShortestPath(b *testing.B) {
	g := grid(b, 100, 100)
	b.Run("corners/n=10000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			g.ShortestPath(0, 9999)
		}
	})
}

func BenchmarkFromEdges(b *testing.B) {
	edges := grid(b, 100, 100).Edges()
	b.Run("n=10000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := FromEdges(10000, edges); err != nil {
				b.Fatal(err)
			}
		}
	})
}

package kdtree

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// brute is the definition: the lowest index within TieTolerance of the least distance.
func brute(points []float64, dim int, q []float64) (int, float64) {
	distance := func(i int) float64 {
		sq := 0.0
		for a, x := range points[i*dim:][:dim] {
			sq += (x - q[a]) * (x - q[a])
		}
		return math.Sqrt(sq)
	}
	least := math.Inf(1)
	n := len(points) / dim
	for i := range n {
		least = min(least, distance(i))
	}
	for i := range n {
		if distance(i) <= least+TieTolerance {
			return i, least
		}
	}
	return -1, least
}

type finder interface {
	Nearest(q []float64) (int, float64)
}

func checkNearest(t interface{ Fatalf(string, ...any) }, name string, f finder, points []float64, dim int, q []float64) {
	wantIndex, wantDist := brute(points, dim, q)
	i, d := f.Nearest(q)
	if i != wantIndex || math.Abs(d-wantDist) > 1e-9*(1+wantDist) {
		t.Fatalf("%s: nearest of %v = %d at %v, want %d at %v", name, q, i, d, wantIndex, wantDist)
	}
}

// Lattice coordinates make ties, repeated points and flat axes common.
func TestNearestIsBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 4).Draw(t, "dim")
		n := rapid.IntRange(1, 80).Draw(t, "n")
		coordinate := rapid.OneOf(
			rapid.Map(rapid.IntRange(-3, 3), func(i int) float64 { return float64(i) / 2 }),
			rapid.Float64Range(-2, 2),
		)
		points := rapid.SliceOfN(coordinate, n*dim, n*dim).Draw(t, "points")
		queries := rapid.SliceOfN(rapid.OneOf(coordinate, rapid.Float64Range(-50, 50)), 5*dim, 5*dim).Draw(t, "queries")
		tree, index, hash := NewTree(points, dim), NewIndex(points, dim), NewHash(points, dim)
		for k := 0; k < len(queries); k += dim {
			q := queries[k : k+dim]
			checkNearest(t, "tree", tree, points, dim, q)
			checkNearest(t, "index", index, points, dim, q)
			if hash != nil {
				checkNearest(t, "hash", hash, points, dim, q)
			}
		}
	})
}

func latticePoints(k int) []float64 {
	points := make([]float64, 0, 2*k*k)
	for i := range k {
		for j := range k {
			points = append(points, 2*float64(i), 2*float64(j))
		}
	}
	return points
}

func TestHashServesLattices(t *testing.T) {
	points := latticePoints(30)
	hash := NewHash(points, 2)
	if hash == nil {
		t.Fatal("no hash for an even lattice")
	}
	tree := NewTree(points, 2)
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		q := []float64{random.Float64()*100 - 20, random.Float64()*100 - 20}
		if random.IntN(3) == 0 {
			q[0], q[1] = math.Round(q[0]), math.Round(q[1]) // ties of two and four
		}
		checkNearest(t, "hash", hash, points, 2, q)
		checkNearest(t, "tree", tree, points, 2, q)
	}
}

func TestHashFarFromTheOrigin(t *testing.T) {
	points := latticePoints(20)
	for i := range points {
		points[i] += 1e8
	}
	hash := NewHash(points, 2)
	if hash == nil {
		t.Fatal("no hash for an even lattice")
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		q := []float64{1e8 + random.Float64()*40, 1e8 + random.Float64()*40}
		checkNearest(t, "hash", hash, points, 2, q)
	}
}

func TestHashRefusesWhatATreeServesBetter(t *testing.T) {
	diagonal := make([]float64, 0, 2000)
	for i := range 1000 {
		diagonal = append(diagonal, float64(i), float64(i))
	}
	for name, c := range map[string]struct {
		points []float64
		dim    int
	}{
		"none":     {nil, 2},
		"one":      {[]float64{1, 2}, 2},
		"a line":   {diagonal, 2},
		"flat":     {[]float64{0, 5, 1, 5, 2, 5}, 2},
		"in space": {[]float64{0, 0, 0, 1, 1, 1}, 3},
		"huge":     {[]float64{-1e308, 0, 1e308, 1, 0, 2}, 2},
	} {
		if NewHash(c.points, c.dim) != nil {
			t.Errorf("%s: got a hash", name)
		}
	}
}

func TestNoPoints(t *testing.T) {
	if i, d := NewIndex(nil, 2).Nearest([]float64{1, 2}); i != -1 || !math.IsInf(d, 1) {
		t.Errorf("nearest of none = %d, %v", i, d)
	}
}

func TestNearestDoesNotAllocate(t *testing.T) {
	points := latticePoints(50)
	q := []float64{30.3, 41.9}
	for name, f := range map[string]finder{"tree": NewTree(points, 2), "hash": NewHash(points, 2), "index": NewIndex(points, 2)} {
		if a := testing.AllocsPerRun(100, func() { f.Nearest(q) }); a != 0 {
			t.Errorf("%s: %v allocations a query", name, a)
		}
	}
}

func BenchmarkNearest(b *testing.B) {
	for _, k := range []int{100, 1000} {
		points := latticePoints(k)
		random := rand.New(rand.NewPCG(1, 1))
		queries := make([]float64, 2*10_000)
		for i := range queries {
			queries[i] = random.Float64() * 2 * float64(k)
		}
		for name, f := range map[string]finder{"tree": NewTree(points, 2), "hash": NewHash(points, 2)} {
			b.Run(fmt.Sprintf("%s/n=%d/queries=10000", name, k*k), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					for i := 0; i < len(queries); i += 2 {
						f.Nearest(queries[i : i+2])
					}
				}
			})
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	points := latticePoints(100)
	b.Run("tree/n=10000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			NewTree(points, 2)
		}
	})
	b.Run("hash/n=10000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			NewHash(points, 2)
		}
	})
}

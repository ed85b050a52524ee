package delaunay

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// check compares a triangulation with the definition: triangles turn left, no point is inside a circle, and they
// cover the hull, which is the case if every side that only one triangle has is a side of the hull.
func check(t interface{ Fatalf(string, ...any) }, points [][2]float64, triangles [][3]int) {
	sides := map[[2]int]int{}
	used := map[int]bool{}
	for _, c := range triangles {
		a, b, d := points[c[0]], points[c[1]], points[c[2]]
		if orient(a, b, d) <= 0 {
			t.Fatalf("triangle %v does not turn left", c)
		}
		for i, p := range points {
			if inCircle(a, b, d, p) > 0 {
				t.Fatalf("point %d is inside the circle of %v", i, c)
			}
		}
		for k := range 3 {
			used[c[k]] = true
			side := [2]int{c[k], c[(k+1)%3]}
			if sides[side]++; sides[side] > 1 {
				t.Fatalf("two triangles lie on the same side of %v", side)
			}
		}
	}
	if len(used) != len(points) {
		t.Fatalf("%d of %d points are corners", len(used), len(points))
	}
	for side := range sides {
		if sides[[2]int{side[1], side[0]}] == 0 {
			for i, p := range points {
				if orient(points[side[0]], points[side[1]], p) < 0 {
					t.Fatalf("side %v has one triangle, but point %d lies beyond it", side, i)
				}
			}
		}
	}
}

func TestTriangulateIsDelaunay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.OneOf(
			rapid.Map(rapid.IntRange(-3, 3), func(i int) float64 { return float64(i) }),
			rapid.Map(rapid.IntRange(0, 9), func(i int) float64 { return float64(i) / 10 }), // rounded: nearly on lines
			rapid.Float64Range(-3, 3),
		)
		var points [][2]float64
		seen := map[[2]float64]bool{}
		for range rapid.IntRange(0, 30).Draw(t, "n") {
			p := [2]float64{coordinate.Draw(t, "x"), coordinate.Draw(t, "y")}
			if !seen[p] {
				seen[p] = true
				points = append(points, p)
			}
		}
		flat := true
		for k := 2; k < len(points); k++ {
			flat = flat && orient(points[0], points[1], points[k]) == 0
		}
		triangles, err := Triangulate(points)
		if flat != errors.Is(err, ErrFlat) {
			t.Fatalf("flat %v: %v", flat, err)
		}
		if !flat {
			check(t, points, triangles)
		}
	})
}

func lattice(k int, step float64) [][2]float64 {
	var points [][2]float64
	for i := range k {
		for j := range k {
			points = append(points, [2]float64{float64(i) * step, float64(j) * step})
		}
	}
	return points
}

func TestTriangulateLattices(t *testing.T) {
	for _, step := range []float64{1, 0.1, 1e-9, 1e9} {
		points := lattice(12, step)
		triangles, err := Triangulate(points)
		if err != nil {
			t.Fatal(err)
		}
		if len(triangles) != 2*11*11 {
			t.Errorf("step %v: %d triangles", step, len(triangles))
		}
		check(t, points, triangles)
	}
}

func TestTriangulateRefuses(t *testing.T) {
	for name, points := range map[string][][2]float64{
		"NaN":       {{0, 0}, {1, 0}, {0, math.NaN()}},
		"infinity":  {{0, 0}, {1, 0}, {0, math.Inf(1)}},
		"repeated":  {{0, 0}, {1, 0}, {0, 1}, {1, 0}},
		"flat":      {{0, 0}, {1, 1}, {2, 2}, {5, 5}},
		"too few":   {{0, 0}, {1, 1}},
		"no points": nil,
	} {
		if tr, err := Triangulate(points); err == nil {
			t.Errorf("%s: %v", name, tr)
		}
	}
}

func BenchmarkTriangulate(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1000, 10_000} {
		points := make([][2]float64, n)
		for i := range points {
			points[i] = [2]float64{random.Float64(), random.Float64()}
		}
		b.Run(fmt.Sprintf("random/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Triangulate(points); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	points := lattice(50, 0.1)
	b.Run("lattice/n=2500", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Triangulate(points); err != nil {
				b.Fatal(err)
			}
		}
	})
}

package neurospatial_test

import (
	"errors"
	"fmt"
	"log"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// drawStar draws a polygon around the origin with corners at whole numbers, seen from there in order.
func drawStar(t *rapid.T) [][]float64 {
	n := rapid.IntRange(3, 9).Draw(t, "corners")
	var ring [][]float64
	for i := range n {
		turn := 2 * math.Pi * (float64(i) + 0.8*rapid.Float64Range(0, 1).Draw(t, "turn")) / float64(n)
		r := rapid.Float64Range(3, 20).Draw(t, "radius")
		ring = append(ring, []float64{math.Round(r * math.Cos(turn)), math.Round(r * math.Sin(turn))})
	}
	return ring
}

// winding places a point by whole numbers: 0 on a side, otherwise whether it is within, 1, or not, -1.
func winding(ring [][]float64, x, y int) int {
	within := false
	for i := range ring {
		a, b := ring[i], ring[(i+1)%len(ring)]
		ax, ay, bx, by := int(a[0]), int(a[1]), int(b[0]), int(b[1])
		cross := (bx-ax)*(y-ay) - (by-ay)*(x-ax)
		if cross == 0 && x >= min(ax, bx) && x <= max(ax, bx) && y >= min(ay, by) && y <= max(ay, by) {
			return 0
		}
		if (ay > y) != (by > y) && (cross > 0) == (by > ay) {
			within = !within
		}
	}
	if within {
		return 1
	}
	return -1
}

// TestPolygonSides compares with whole numbers, moved and scaled by powers of two, which rounds nothing, and by
// other numbers, which puts points next to sides.
func TestPolygonSides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring := drawStar(t)
		scale := rapid.SampledFrom([]float64{1, 0.25, 1 << 40}).Draw(t, "scale")
		offset := rapid.SampledFrom([]float64{0, 1 << 20}).Draw(t, "offset") * scale
		var scaled, points [][]float64
		for _, c := range ring {
			scaled = append(scaled, []float64{offset + scale*c[0], offset + scale*c[1]})
		}
		polygon, err := ns.NewPolygon(mustPoints(scaled...))
		if errors.Is(err, ns.ErrInvalid) {
			return // all corners on one line
		}
		if err != nil {
			t.Fatal(err)
		}
		var want []int
		for x := -21; x <= 21; x++ {
			for y := -21; y <= 21; y++ {
				points = append(points, []float64{offset + scale*float64(x), offset + scale*float64(y)})
				want = append(want, winding(ring, x, y))
			}
		}
		contains, err := polygon.Contains(mustPoints(points...))
		if err != nil {
			t.Fatal(err)
		}
		covers, err := polygon.Covers(mustPoints(points...))
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range want {
			if contains[i] != (w > 0) || covers[i] != (w >= 0) {
				t.Fatalf("ring %v: point %v contained %v, covered %v; want side %d", scaled, points[i], contains[i], covers[i], w)
			}
		}
	})
}

// TestPolygonNearSides places points one rounding away from a slanted side, where plain arithmetic errs.
func TestPolygonNearSides(t *testing.T) {
	triangle, err := ns.NewPolygon(mustPoints([]float64{0, 0}, []float64{3, 1}, []float64{0, 1}))
	if err != nil {
		t.Fatal(err)
	}
	x := 0.3
	on := x / 3 // rounded, so not exactly on the side
	for _, y := range []float64{on, math.Nextafter(on, 1), math.Nextafter(on, -1)} {
		// The side is y = x/3; 3y and x are compared with numbers that are exact in twice the digits.
		above := math.FMA(3, y, -x)
		got, err := triangle.Contains(mustPoints([]float64{x, y}))
		if err != nil || got[0] != (above > 0) {
			t.Errorf("point (%v, %v), %v above the side: contained %v, %v", x, y, above, got, err)
		}
	}
}

func TestPolygonMeasures(t *testing.T) {
	outer := mustPoints([]float64{0, 0}, []float64{4, 0}, []float64{4, 3}, []float64{0, 3}, []float64{0, 0})
	hole := mustPoints([]float64{1, 1}, []float64{1, 2}, []float64{2, 2}, []float64{2, 1})
	for _, offset := range []float64{0, 1e7} {
		shift := func(p ns.Points) ns.Points {
			rows := p.Rows()
			for _, r := range rows {
				r[0] += offset
			}
			return mustPoints(rows...)
		}
		p, err := ns.NewPolygon(shift(outer), shift(hole))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Area(); math.Abs(got-11) > 1e-9 {
			t.Errorf("Area() = %v", got)
		}
		want := []float64{offset + (12*2-1.5)/11, (12*1.5 - 1.5) / 11}
		if got := p.Centroid(); math.Abs(got[0]-want[0]) > 1e-8 || math.Abs(got[1]-want[1]) > 1e-9 {
			t.Errorf("Centroid() = %v, want %v", got, want)
		}
		if got := p.Bounds(); !slices.Equal(got, [][2]float64{{offset, offset + 4}, {0, 3}}) {
			t.Errorf("Bounds() = %v", got)
		}
		if p.Corners().Len() != 4 || len(p.Holes()) != 1 || p.String() != "Polygon(4 corners, 1 hole)" {
			t.Errorf("%v with corners %v, holes %v", p, p.Corners(), p.Holes())
		}
	}
	points := mustPoints([]float64{1.5, 1.5}, []float64{1, 1.5}, []float64{3, 1}, []float64{4, 1}, []float64{math.NaN(), 1})
	p, err := ns.NewPolygon(outer, hole)
	if err != nil {
		t.Fatal(err)
	}
	contains, errContains := p.Contains(points)
	covers, errCovers := p.Covers(points)
	if errContains != nil || errCovers != nil || !slices.Equal(contains, []bool{false, false, true, false, false}) ||
		!slices.Equal(covers, []bool{false, true, true, true, false}) {
		t.Errorf("contains %v, covers %v", contains, covers)
	}
}

func TestPolygonRefuses(t *testing.T) {
	square := mustPoints([]float64{0, 0}, []float64{1, 0}, []float64{1, 1}, []float64{0, 1})
	for name, tt := range map[string]struct {
		err  error
		kind error
	}{
		"two corners": {polygonErr(mustPoints([]float64{0, 0}, []float64{1, 0}, []float64{0, 0})), ns.ErrShape},
		"space":       {polygonErr(mustPoints([]float64{0, 0, 0}, []float64{1, 0, 0}, []float64{0, 1, 0})), ns.ErrShape},
		"none":        {polygonErr(ns.Points{}), ns.ErrShape},
		"NaN":         {polygonErr(mustPoints([]float64{0, 0}, []float64{1, 0}, []float64{0, nan})), ns.ErrInvalid},
		"line":        {polygonErr(mustPoints([]float64{0, 0}, []float64{1, 1}, []float64{2, 2})), ns.ErrInvalid},
		"hole":        {polygonErr(square, mustPoints([]float64{0, 0})), ns.ErrShape},
	} {
		if !errors.Is(tt.err, tt.kind) {
			t.Errorf("%s: got %v, want kind %v", name, tt.err, tt.kind)
		}
	}
	p, err := ns.NewPolygon(square)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Contains(mustPoints([]float64{1})); !errors.Is(err, ns.ErrShape) {
		t.Errorf("Contains: %v", err)
	}
	var empty ns.Polygon
	if in, err := empty.Covers(mustPoints([]float64{0, 0})); err != nil || in[0] || !empty.Empty() || empty.Area() != 0 || empty.Bounds() != nil ||
		empty.Holes() != nil || empty.Corners().Len() != 0 || !math.IsNaN(empty.Centroid()[0]) {
		t.Errorf("the empty polygon covers %v, %v", in, err)
	}
}

func polygonErr(outer ns.Points, holes ...ns.Points) error {
	_, err := ns.NewPolygon(outer, holes...)
	return err
}

// examplePolygon is a square of side 4 without the unit square in its lower left corner's neighbourhood.
func examplePolygon() ns.Polygon {
	outer, err := ns.XY([]float64{0, 4, 4, 0}, []float64{0, 0, 4, 4})
	if err != nil {
		log.Fatal(err)
	}
	hole, err := ns.XY([]float64{1, 2, 2, 1}, []float64{1, 1, 2, 2})
	if err != nil {
		log.Fatal(err)
	}
	p, err := ns.NewPolygon(outer, hole)
	if err != nil {
		log.Fatal(err)
	}
	return p
}

func ExampleNewPolygon() {
	outer, err := ns.XY([]float64{0, 4, 4, 0}, []float64{0, 0, 3, 3})
	if err != nil {
		log.Fatal(err)
	}
	p, err := ns.NewPolygon(outer)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p, p.Area())
	// Output: Polygon(4 corners, 0 holes) 12
}

func ExamplePolygon_Empty() {
	fmt.Println(examplePolygon().Empty(), ns.Polygon{}.Empty())
	// Output: false true
}

func ExamplePolygon_Corners() {
	fmt.Println(examplePolygon().Corners().Rows())
	// Output: [[0 0] [4 0] [4 4] [0 4]]
}

func ExamplePolygon_Holes() {
	fmt.Println(examplePolygon().Holes()[0].Rows())
	// Output: [[1 1] [2 1] [2 2] [1 2]]
}

func ExamplePolygon_Area() {
	fmt.Println(examplePolygon().Area())
	// Output: 15
}

func ExamplePolygon_Centroid() {
	fmt.Printf("%.3f\n", examplePolygon().Centroid())
	// Output: [2.033 2.033]
}

func ExamplePolygon_Bounds() {
	fmt.Println(examplePolygon().Bounds())
	// Output: [[0 4] [0 4]]
}

func ExamplePolygon_Contains() {
	points, err := ns.PointsOf([]float64{3, 3}, []float64{4, 3}, []float64{1.5, 1.5})
	if err != nil {
		log.Fatal(err)
	}
	within, err := examplePolygon().Contains(points)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(within)
	// Output: [true false false]
}

func ExamplePolygon_Covers() {
	points, err := ns.PointsOf([]float64{3, 3}, []float64{4, 3}, []float64{1.5, 1.5})
	if err != nil {
		log.Fatal(err)
	}
	within, err := examplePolygon().Covers(points)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(within)
	// Output: [true true false]
}

func ExamplePolygon_String() {
	fmt.Println(examplePolygon())
	// Output: Polygon(4 corners, 1 hole)
}

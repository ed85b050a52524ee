package neurospatial_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/neurospatial/layouttest"
)

func meshPoints(t testing.TB, rows ...[]float64) ns.Points {
	t.Helper()
	p, err := ns.PointsOf(rows...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// arena is a room with a pillar.
func arena(t testing.TB) ns.Polygon {
	t.Helper()
	p, err := ns.NewPolygon(
		meshPoints(t, []float64{0, 0}, []float64{10, 0}, []float64{12, 7}, []float64{5, 9}, []float64{0, 8}),
		meshPoints(t, []float64{4, 3}, []float64{6, 3}, []float64{6, 5}, []float64{4, 5}))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func arenaMesh(t testing.TB, spacing float64) *ns.Mesh {
	t.Helper()
	m, err := ns.NewPolygonMesh(arena(t), spacing)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMeshLayout(t *testing.T) {
	for _, spacing := range []float64{0.5, 1, 1.7} {
		layouttest.TestLayout(t, arenaMesh(t, spacing))
	}
	square := meshPoints(t, []float64{0, 0}, []float64{3, 0}, []float64{3, 2}, []float64{0, 2})
	mesh, err := ns.NewMesh(square, [][3]int{{0, 1, 2}, {2, 0, 3}})
	if err != nil {
		t.Fatal(err)
	}
	layouttest.TestLayout(t, mesh)
}

// Every point of the polygon but for slivers along the pillar is in exactly the triangle that contains it.
func TestMeshFindsTriangles(t *testing.T) {
	polygon := arena(t)
	mesh := arenaMesh(t, 0.7)
	random := rand.New(rand.NewPCG(8, 9))
	rows := make([][]float64, 3000)
	for i := range rows {
		rows[i] = []float64{random.Float64()*14 - 1, random.Float64()*11 - 1}
	}
	points := meshPoints(t, rows...)
	got := make([]int, points.Len())
	mesh.BinAtTo(got, points)
	inside, err := polygon.Contains(points)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for i, row := range rows {
		want := ns.Outside
		for b := range mesh.Triangles() {
			if inTriangle(mesh.BinCorners(b), row) && inside[i] {
				want = b
				break
			}
		}
		if got[i] != want {
			t.Fatalf("point %v is in bin %d, want %d", row, got[i], want)
		}
		if want != ns.Outside {
			found++
		}
	}
	if area := polygon.Area() / 14 / 11; math.Abs(float64(found)/3000-area) > 0.05 {
		t.Errorf("%d of 3000 points are in bins, the polygon covers %v", found, area)
	}
}

// Python counts points of the outer ring as outside of a polygon and so of its mesh.
func TestMeshEndsBeforeTheRing(t *testing.T) {
	corners := meshPoints(t, []float64{0, 0}, []float64{4, 0}, []float64{4, 4}, []float64{0, 4})
	room, err := ns.NewPolygon(corners)
	if err != nil {
		t.Fatal(err)
	}
	triangles := [][3]int{{0, 1, 2}, {0, 2, 3}}
	on := meshPoints(t, []float64{0, 1}, []float64{2, 2}, []float64{4, 4})
	for _, c := range []struct {
		options ns.MeshOptions
		want    [3]int
	}{{ns.MeshOptions{}, [3]int{1, 0, 0}}, {ns.MeshOptions{Within: room}, [3]int{ns.Outside, 0, ns.Outside}}} {
		mesh, err := ns.NewMesh(corners, triangles, c.options)
		if err != nil {
			t.Fatal(err)
		}
		var got [3]int
		mesh.BinAtTo(got[:], on)
		if got != c.want {
			t.Errorf("%+v: %v, want %v", c.options, got, c.want)
		}
	}
}

// inTriangle compares the sum of three areas with the whole.
func inTriangle(corners ns.Points, p []float64) bool {
	area := func(a, b, c []float64) float64 {
		return math.Abs((b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0]))
	}
	a, b, c := corners.Row(0), corners.Row(1), corners.Row(2)
	return area(a, b, p)+area(b, c, p)+area(c, a, p) <= area(a, b, c)*(1+1e-12)
}

func TestMeshCoversThePolygon(t *testing.T) {
	total := 0.0
	for _, v := range arenaMesh(t, 0.3).Bins().Volumes {
		total += v
	}
	// The pillar's sides are not followed exactly.
	if want := arena(t).Area(); math.Abs(total-want) > 0.05*want {
		t.Errorf("triangles cover %v of %v", total, want)
	}
}

func TestSmoothOnAMeshSpreadsEvenly(t *testing.T) {
	env, err := ns.FromLayout(arenaMesh(t, 0.8))
	if err != nil {
		t.Fatal(err)
	}
	field := make([]float64, env.NumBins())
	field[3] = 7
	density, err := env.Smooth(field, 500)
	if err != nil {
		t.Fatal(err)
	}
	area := 0.0
	for _, s := range env.BinSizes() {
		area += s
	}
	for i, v := range density {
		if math.Abs(v-7/area) > 1e-12 {
			t.Fatalf("bin %d has density %v, want %v", i, v, 7/area)
		}
	}
}

func TestMeshRefuses(t *testing.T) {
	square := meshPoints(t, []float64{0, 0}, []float64{1, 0}, []float64{1, 1}, []float64{0, 1}, []float64{2, 0})
	mesh := func(p ns.Points, triangles [][3]int, o ...ns.MeshOptions) error {
		_, err := ns.NewMesh(p, triangles, o...)
		return err
	}
	polygon := func(p ns.Polygon, spacing float64) error {
		_, err := ns.NewPolygonMesh(p, spacing)
		return err
	}
	for name, c := range map[string]struct{ err, kind error }{
		"no triangles":          {mesh(square, nil), ns.ErrNoActiveBins},
		"in space":              {mesh(meshPoints(t, []float64{0, 0, 0}), [][3]int{{0, 0, 0}}), ns.ErrShape},
		"NaN":                   {mesh(meshPoints(t, []float64{0, math.NaN()}), [][3]int{{0, 0, 0}}), ns.ErrInvalid},
		"no such vertex":        {mesh(square, [][3]int{{0, 1, 5}}), ns.ErrNotFound},
		"negative vertex":       {mesh(square, [][3]int{{0, 1, -1}}), ns.ErrNotFound},
		"a corner twice":        {mesh(square, [][3]int{{0, 1, 1}}), ns.ErrInvalid},
		"flat":                  {mesh(square, [][3]int{{0, 1, 4}}), ns.ErrInvalid},
		"three on a side":       {mesh(square, [][3]int{{0, 1, 2}, {0, 1, 3}, {0, 1, 2}}), ns.ErrInvalid},
		"two options":           {mesh(square, [][3]int{{0, 1, 2}}, ns.MeshOptions{}, ns.MeshOptions{}), ns.ErrInvalid},
		"empty polygon":         {polygon(ns.Polygon{}, 1), ns.ErrInvalid},
		"spacing 0":             {polygon(arena(t), 0), ns.ErrInvalid},
		"infinite spacing":      {polygon(arena(t), math.Inf(1)), ns.ErrInvalid},
		"wide spacing":          {polygon(arena(t), 30), ns.ErrInvalid},
		"spacing lost":          {polygon(arena(t), 1e-13), ns.ErrInvalid},
		"too many":              {polygon(arena(t), 1e-4), ns.ErrTooLarge},
		"spacing above a point": {polygon(arena(t), 7), ns.ErrInvalid},
	} {
		var detailed *ns.Error
		if !errors.Is(c.err, c.kind) || !errors.As(c.err, &detailed) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}

func BenchmarkNewPolygonMesh(b *testing.B) {
	polygon := arena(b)
	for _, spacing := range []float64{0.5, 0.2} {
		m, err := ns.NewPolygonMesh(polygon, spacing)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("bins=%d", len(m.Triangles())), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ns.NewPolygonMesh(polygon, spacing); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func ExampleNewMesh() {
	corners, _ := ns.PointsOf([]float64{0, 0}, []float64{3, 0}, []float64{3, 3}, []float64{0, 3})
	mesh, err := ns.NewMesh(corners, [][3]int{{0, 1, 2}, {0, 2, 3}})
	if err != nil {
		fmt.Println(err)
		return
	}
	env, _ := ns.FromLayout(mesh)
	at, _ := ns.XY([]float64{2, 1, 5}, []float64{1, 2, 5})
	bins, _ := env.BinAt(at)
	fmt.Println(env.NumBins(), env.BinSizes(), bins)
	// Output: 2 [4.5 4.5] [0 1 -1]
}

func ExampleNewPolygonMesh() {
	corners, _ := ns.PointsOf([]float64{0, 0}, []float64{10, 0}, []float64{10, 10}, []float64{0, 10})
	room, _ := ns.NewPolygon(corners)
	mesh, err := ns.NewPolygonMesh(room, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	env, _ := ns.FromLayout(mesh)
	fmt.Println(env, mesh.Vertices().Len(), "vertices")
	// Output: Environment(TriangularMesh, 68 bins, 2 dimensions) 45 vertices
}

func ExampleMesh_BinCorners() {
	corners, _ := ns.PointsOf([]float64{0, 0}, []float64{0, 3}, []float64{3, 0})
	mesh, _ := ns.NewMesh(corners, [][3]int{{0, 1, 2}})
	fmt.Println(mesh.BinCorners(0).Rows()) // counter-clockwise
	// Output: [[0 0] [3 0] [0 3]]
}

package neurospatial_test

import (
	"errors"
	"fmt"
	"log"
	"slices"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// strip returns the polygon between two values of x that holds every y.
func strip(t testing.TB, from, to float64) ns.Polygon {
	t.Helper()
	p, err := ns.NewPolygon(mustPoints([]float64{from, -99}, []float64{to, -99}, []float64{to, 99}, []float64{from, 99}))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRegions(t *testing.T) {
	env := openField(t, 4, 2) // bins 2i and 2i+1 have their centres at x = i + 0.5
	left := ns.PolygonRegion("left", strip(t, 0.5, 2))
	goal := ns.PointRegion("goal", 3.2, 0.1)
	away := ns.PointRegion("away", 9, 9)

	for name, tt := range map[string]struct {
		region ns.Region
		want   []int
	}{"polygon": {left, []int{2, 3}}, "point": {goal, []int{6}}, "outside": {away, []int{}}} {
		if got, err := env.BinsInRegion(tt.region); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: BinsInRegion = %v, %v, want %v", name, got, err, tt.want)
		}
	}
	members, err := env.RegionMembership([]ns.Region{left, goal})
	if err != nil || !slices.Equal(marked(members[0]), []int{0, 1, 2, 3}) || marked(members[1]) != nil {
		t.Errorf("RegionMembership = %v, %v", members, err)
	}
	members, err = env.RegionMembership([]ns.Region{left}, ns.RegionOptions{ExcludeBoundary: true})
	if err != nil || !slices.Equal(marked(members[0]), []int{2, 3}) {
		t.Errorf("RegionMembership without boundary = %v, %v", members, err)
	}
	mask, err := env.RegionMask([]ns.Region{left, goal, away})
	if err != nil || !slices.Equal(marked(mask), []int{0, 1, 2, 3, 6}) {
		t.Errorf("RegionMask = %v, %v", marked(mask), err)
	}
	distance, err := env.DistanceToRegion(left)
	if err != nil || !slices.Equal(distance, []float64{0, 0, 0, 0, 1, 1, 2, 2}) {
		t.Errorf("DistanceToRegion = %v, %v", distance, err)
	}
	rest, err := env.Subset(ns.SubsetOptions{Regions: []ns.Region{left}, Invert: true})
	if err != nil || rest.NumBins() != 6 {
		t.Errorf("Subset = %v, %v", rest, err)
	}
	if !slices.Equal(goal.Center(), []float64{3.2, 0.1}) || goal.Area() != 0 || !goal.IsPoint() || left.IsPoint() || !goal.Polygon().Empty() {
		t.Errorf("point %v", goal)
	}
	goal.Center()[0] = 99
	if goal.Center()[0] != 3.2 {
		t.Error("a region can be changed through its centre")
	}
}

func TestRegionsRefuse(t *testing.T) {
	env := openField(t, 4, 2)
	line := drawn(t, "###", ns.SamplesOptions{})
	flat, err := ns.FromSamples(mustPoints([]float64{1}, []float64{2}), 1)
	if err != nil {
		t.Fatal(err)
	}
	polygon := ns.PolygonRegion("p", strip(t, 0, 1))
	point := ns.PointRegion("q", 1, 1)
	for name, tt := range map[string]struct {
		err  error
		kind error
	}{
		"point of 3":        {binsErr(env.BinsInRegion(ns.PointRegion("q", 1, 1, 1))), ns.ErrShape},
		"no coordinates":    {binsErr(env.BinsInRegion(ns.PointRegion("q"))), ns.ErrShape},
		"empty polygon":     {binsErr(env.BinsInRegion(ns.Region{})), ns.ErrInvalid},
		"polygon on a line": {binsErr(flat.BinsInRegion(polygon)), ns.ErrShape},
		"membership":        {listErr(env.RegionMembership([]ns.Region{polygon, {}})), ns.ErrInvalid},
		"two options":       {listErr(env.RegionMembership(nil, ns.RegionOptions{}, ns.RegionOptions{})), ns.ErrInvalid},
		"mask":              {maskErr(env.RegionMask([]ns.Region{ns.PointRegion("q")})), ns.ErrShape},
		"distance":          {fieldErr(env.DistanceToRegion(point)), ns.ErrInvalid},
		"metric":            {fieldErr(env.DistanceToRegion(polygon, ns.DistanceOptions{Metric: 9})), ns.ErrInvalid},
		"nowhere":           {fieldErr(line.DistanceToRegion(ns.PolygonRegion("p", strip(t, 50, 51)))), ns.ErrNotFound},
		"subset of a point": {envErr(env.Subset(ns.SubsetOptions{Regions: []ns.Region{point}})), ns.ErrInvalid},
		"subset of nothing": {envErr(env.Subset(ns.SubsetOptions{})), ns.ErrInvalid},
		"two selections":    {envErr(env.Subset(ns.SubsetOptions{Bins: make([]bool, 8), Polygon: strip(t, 0, 1)})), ns.ErrInvalid},
		"empty selection":   {envErr(env.Subset(ns.SubsetOptions{Polygon: strip(t, 50, 51)})), ns.ErrNoActiveBins},
		"subset of a line":  {envErr(flat.Subset(ns.SubsetOptions{Polygon: strip(t, 0, 1)})), ns.ErrShape},
		"zero":              {maskErr(new(ns.Environment).RegionMask(nil)), ns.ErrInvalid},
	} {
		if !errors.Is(tt.err, tt.kind) {
			t.Errorf("%s: got %v, want kind %v", name, tt.err, tt.kind)
		}
	}
}

func binsErr(_ []int, err error) error    { return err }
func listErr(_ [][]bool, err error) error { return err }
func maskErr(_ []bool, err error) error   { return err }

// exampleRegion covers the upper right corner of exampleEnvironment.
func exampleRegion() ns.Region {
	corners, err := ns.XY([]float64{4, 6, 6, 4}, []float64{2, 2, 6, 6})
	if err != nil {
		log.Fatal(err)
	}
	p, err := ns.NewPolygon(corners)
	if err != nil {
		log.Fatal(err)
	}
	return ns.PolygonRegion("corner", p)
}

func ExamplePointRegion() {
	goal := ns.PointRegion("goal", 5, 3)
	bins, err := exampleEnvironment().BinsInRegion(goal)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(goal, bins)
	// Output: Region("goal": point [5 3]) [4]
}

func ExamplePolygonRegion() {
	region := exampleRegion()
	fmt.Println(region.Name(), region.Area())
	// Output: corner 8
}

func ExampleRegion_Name() {
	fmt.Println(exampleRegion().Name())
	// Output: corner
}

func ExampleRegion_Polygon() {
	fmt.Println(exampleRegion().Polygon())
	// Output: Polygon(4 corners, 0 holes)
}

func ExampleRegion_IsPoint() {
	fmt.Println(exampleRegion().IsPoint())
	// Output: false
}

func ExampleRegion_Area() {
	fmt.Println(exampleRegion().Area())
	// Output: 8
}

func ExampleRegion_Center() {
	fmt.Println(exampleRegion().Center())
	// Output: [5 4]
}

func ExampleRegion_String() {
	fmt.Println(exampleRegion())
	// Output: Region("corner": Polygon(4 corners, 0 holes))
}

func ExampleEnvironment_BinsInRegion() {
	bins, err := exampleEnvironment().BinsInRegion(exampleRegion())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(bins)
	// Output: [4 5]
}

func ExampleEnvironment_RegionMembership() {
	members, err := exampleEnvironment().RegionMembership([]ns.Region{exampleRegion()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(members)
	// Output: [[false false false false true true]]
}

func ExampleEnvironment_RegionMask() {
	mask, err := exampleEnvironment().RegionMask([]ns.Region{exampleRegion(), ns.PointRegion("start", 1, 1)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(mask)
	// Output: [true false false false true true]
}

func ExampleEnvironment_DistanceToRegion() {
	distance, err := exampleEnvironment().DistanceToRegion(exampleRegion())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", distance)
	// Output: [4.83 +Inf 2.83 2.00 0.00 0.00]
}

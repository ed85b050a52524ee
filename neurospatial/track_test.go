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
	"github.com/nskernel/nskernel/neurospatial/layouttest"
)

// drawTrack draws a track of random segments that form a connected graph.
func drawTrack(t *rapid.T) (*ns.Environment, ns.Points, [][2]int) {
	n := rapid.IntRange(2, 7).Draw(t, "nodes")
	dim := rapid.IntRange(1, 3).Draw(t, "dim")
	rows := make([][]float64, n)
	var segments [][2]int
	for i := range rows {
		// Far apart along the first axis, so that no two centres coincide.
		rows[i] = rapid.SliceOfN(rapid.Float64Range(0, 5), dim, dim).Draw(t, "node")
		rows[i][0] += 10 * float64(i)
		if i > 0 && dim > 1 {
			segments = append(segments, [2]int{rapid.IntRange(0, i-1).Draw(t, "from"), i})
		} else if i > 0 {
			segments = append(segments, [2]int{i - 1, i})
		}
	}
	o := ns.TrackOptions{Gap: rapid.SampledFrom([]float64{0, 0, 3.5}).Draw(t, "gap")}
	env, err := ns.FromGraph(mustPoints(rows...), segments, rapid.Float64Range(0.7, 30).Draw(t, "size"), o)
	if err != nil {
		t.Fatal(err)
	}
	return env, mustPoints(rows...), segments
}

// TestTracks checks the contract and that linear positions and places on the track lead to each other.
func TestTracks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		env, _, segments := drawTrack(t)
		if faults := layouttest.Check(env.Layout()); len(faults) > 0 {
			t.Fatalf("%d faults, the first: %s", len(faults), faults[0])
		}
		track := env.Layout().(*ns.Track)
		if len(env.Components()) != 1 || slices.Max(track.Segments()) != len(segments)-1 {
			t.Errorf("%d parts, segments %v of %d", len(env.Components()), track.Segments(), len(segments))
		}
		centers, err := env.FromLinear(track.LinearCenters())
		if err != nil || near(centers.Flat(), env.BinCenters().Flat(), geometry) != nil {
			t.Errorf("middles are at %v, want %v, %v", centers.Rows(), env.BinCenters().Rows(), err)
		}
		bins, err := env.LinearBinAt(track.LinearCenters())
		if err != nil {
			t.Fatal(err)
		}
		for b, got := range bins {
			if got != b {
				t.Errorf("the middle of bin %d is in bin %d", b, got)
			}
		}
		// Back from the plane, where segments may cross: the place is the same, if not the position.
		back, err := env.ToLinear(env.BinCenters())
		if err != nil {
			t.Fatal(err)
		}
		again, err := env.FromLinear(back)
		if err != nil || near(again.Flat(), env.BinCenters().Flat(), tolerance{1e-9, "projection"}) != nil {
			t.Errorf("projected middles are at %v, want %v, %v", again.Rows(), env.BinCenters().Rows(), err)
		}
		total := 0.0
		for _, size := range env.BinSizes() {
			total += size
		}
		edges := track.LinearEdges()
		for i, gap := range track.Gaps() {
			if gap {
				total += edges[i+1] - edges[i]
			}
		}
		if math.Abs(total-edges[len(edges)-1]) > 1e-9 {
			t.Errorf("bins and gaps add up to %v, the axis is %v long", total, edges[len(edges)-1])
		}
	})
}

func TestTrackJunction(t *testing.T) {
	env, err := ns.Maze(ns.MazeT, mustPoints([]float64{0, -4}, []float64{0, 0}, []float64{-2, 0}, []float64{2, 0}), 2)
	if err != nil {
		t.Fatal(err)
	}
	// Stem bins 0 and 1, left 2, right 3; at the junction a chain 1–2–3.
	var pairs [][2]int
	for _, e := range env.Edges() {
		pairs = append(pairs, [2]int{e.U, e.V})
		if e.U == 1 && (math.Abs(e.Distance-math.Sqrt2) > 1e-12 || math.Abs(e.Conductance-0.5) > 1e-12) {
			t.Errorf("edge %+v: bins are √2 apart, and 2 by way of the junction", e)
		}
	}
	if want := [][2]int{{0, 1}, {1, 2}, {2, 3}}; !slices.Equal(pairs, want) {
		t.Errorf("edges %v, want %v", pairs, want)
	}
	if got := env.BoundaryBins(); !slices.Equal(got, []int{0, 3}) {
		t.Errorf("BoundaryBins() = %v", got)
	}
}

func TestTrackGap(t *testing.T) {
	env, err := ns.LinearTrack(mustPoints([]float64{0, 0}, []float64{2, 0}, []float64{2, 2}), 1, ns.TrackOptions{Gaps: []float64{3}})
	if err != nil {
		t.Fatal(err)
	}
	bins, err := env.LinearBinAt([]float64{-1, 0, 0.99, 1, 2, 2.5, 4.9, 5, 6.9, 7, math.NaN()})
	if want := []int{-1, 0, 0, 1, 1, -1, -1, 2, 3, -1, -1}; err != nil || !slices.Equal(bins, want) {
		t.Errorf("LinearBinAt = %v, %v, want %v", bins, err, want)
	}
	places, err := env.FromLinear([]float64{-5, 1.5, 3, 5.5, 99})
	if want := [][]float64{{0, 0}, {1.5, 0}, {2, 0}, {2, 0.5}, {2, 2}}; err != nil || !slices.EqualFunc(places.Rows(), want, slices.Equal) {
		t.Errorf("FromLinear = %v, %v, want %v", places.Rows(), err, want)
	}
	if p, err := env.FromLinear([]float64{math.NaN()}); err != nil || !math.IsNaN(p.At(0, 1)) {
		t.Errorf("FromLinear(NaN) = %v, %v", p.Rows(), err)
	}
}

func TestTracksRefuse(t *testing.T) {
	line := mustPoints([]float64{0, 0}, []float64{10, 0}, []float64{10, 5})
	graph := func(segments [][2]int, size float64, o ...ns.TrackOptions) error {
		return envErr(ns.FromGraph(line, segments, size, o...))
	}
	one := [][2]int{{0, 1}}
	field := openField(t, 2, 2)
	track, err := ns.LinearTrack(line, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		err  error
		kind error
	}{
		"no segments":     {graph(nil, 1), ns.ErrInvalid},
		"no node":         {graph([][2]int{{0, 3}}, 1), ns.ErrNotFound},
		"loop":            {graph([][2]int{{1, 1}}, 1), ns.ErrInvalid},
		"twice":           {graph([][2]int{{0, 1}, {1, 0}}, 1), ns.ErrInvalid},
		"bin size":        {graph(one, 0), ns.ErrInvalid},
		"too many bins":   {graph(one, 1e-10), ns.ErrTooLarge},
		"no gaps needed":  {graph(one, 1, ns.TrackOptions{Gaps: []float64{}}), nil},
		"gaps":            {graph(one, 1, ns.TrackOptions{Gaps: []float64{1}}), ns.ErrShape},
		"gap":             {graph([][2]int{{0, 1}, {1, 2}}, 1, ns.TrackOptions{Gap: -1}), ns.ErrInvalid},
		"both gaps":       {graph([][2]int{{0, 1}, {1, 2}}, 1, ns.TrackOptions{Gap: 1, Gaps: []float64{1}}), ns.ErrInvalid},
		"two options":     {graph(one, 1, ns.TrackOptions{}, ns.TrackOptions{}), ns.ErrInvalid},
		"NaN":             {envErr(ns.LinearTrack(mustPoints([]float64{0}, []float64{nan}), 1)), ns.ErrInvalid},
		"one waypoint":    {envErr(ns.LinearTrack(mustPoints([]float64{0}), 1)), ns.ErrShape},
		"same place":      {envErr(ns.LinearTrack(mustPoints([]float64{1, 1}, []float64{1, 1}), 1)), ns.ErrInvalid},
		"kind of maze":    {envErr(ns.Maze(ns.MazeW+1, line, 1)), ns.ErrInvalid},
		"nodes of a maze": {envErr(ns.Maze(ns.MazeT, line, 1)), ns.ErrShape},
		"to linear":       {fieldErr(field.ToLinear(line)), ns.ErrUnsupported},
		"from linear":     {pointsErr(field.FromLinear(nil)), ns.ErrUnsupported},
		"linear bins":     {binsErr(field.LinearBinAt(nil)), ns.ErrUnsupported},
		"zero":            {binsErr(new(ns.Environment).LinearBinAt(nil)), ns.ErrInvalid},
		"dimension":       {fieldErr(track.ToLinear(mustPoints([]float64{1}))), ns.ErrShape},
		"NaN point":       {fieldErr(track.ToLinear(mustPoints([]float64{1, nan}))), ns.ErrInvalid},
	} {
		if !errors.Is(tt.err, tt.kind) {
			t.Errorf("%s: got %v, want kind %v", name, tt.err, tt.kind)
		}
	}
	if got := (ns.MazeW + 1).String(); got != "MazeKind(3)" {
		t.Errorf("String() = %s", got)
	}
}

// exampleTrack leads 4 to the right and then 2 up, in bins of 1 with a gap of 10 between the segments.
func exampleTrack() *ns.Environment {
	waypoints, err := ns.XY([]float64{0, 4, 4}, []float64{0, 0, 2})
	if err != nil {
		log.Fatal(err)
	}
	env, err := ns.LinearTrack(waypoints, 1, ns.TrackOptions{Gap: 10, Units: "cm"})
	if err != nil {
		log.Fatal(err)
	}
	return env
}

func ExampleLinearTrack() {
	env := exampleTrack()
	fmt.Println(env, env.BinCenters().Row(5))
	// Output: Environment(Graph, 6 bins, 2 dimensions, cm) [4 1.5]
}

func ExampleMaze() {
	nodes, err := ns.PointsOf([]float64{0, -40}, []float64{0, 0}, []float64{-30, 0}, []float64{30, 0})
	if err != nil {
		log.Fatal(err)
	}
	env, err := ns.Maze(ns.MazeT, nodes, 2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env)
	// Output: Environment(Graph, 50 bins, 2 dimensions)
}

func ExampleFromGraph() {
	nodes, err := ns.PointsOf([]float64{0, 0}, []float64{10, 0}, []float64{5, 8})
	if err != nil {
		log.Fatal(err)
	}
	loop := [][2]int{{0, 1}, {1, 2}, {2, 0}}
	env, err := ns.FromGraph(nodes, loop, 2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env, env.Degrees())
	// Output: Environment(Graph, 15 bins, 2 dimensions) [2 2 2 2 2 2 2 2 2 2 2 2 2 2 2]
}

func ExampleMazeKind_String() {
	fmt.Println(ns.MazeT, ns.MazePlus, ns.MazeW)
	// Output: t plus w
}

func ExampleEnvironment_IsTrack() {
	fmt.Println(exampleTrack().IsTrack(), exampleEnvironment().IsTrack())
	// Output: true false
}

func ExampleEnvironment_ToLinear() {
	points, err := ns.PointsOf([]float64{1.5, 0.2}, []float64{4.1, 1})
	if err != nil {
		log.Fatal(err)
	}
	positions, err := exampleTrack().ToLinear(points)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(positions)
	// Output: [1.5 15]
}

func ExampleEnvironment_FromLinear() {
	points, err := exampleTrack().FromLinear([]float64{1.5, 15})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(points.Rows())
	// Output: [[1.5 0] [4 1]]
}

func ExampleEnvironment_LinearBinAt() {
	bins, err := exampleTrack().LinearBinAt([]float64{1.5, 7, 15})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(bins)
	// Output: [1 -1 5]
}

func ExampleTrack_Kind() {
	fmt.Println(exampleTrack().Layout().Kind())
	// Output: Graph
}

func ExampleTrack_Bins() {
	fmt.Println(exampleTrack().Layout().Bins().Volumes)
	// Output: [1 1 1 1 1 1]
}

func ExampleTrack_BinAtTo() {
	points, err := ns.PointsOf([]float64{1.5, 1}, []float64{9, 9})
	if err != nil {
		log.Fatal(err)
	}
	bins := make([]int, 2)
	exampleTrack().Layout().BinAtTo(bins, points)
	fmt.Println(bins)
	// Output: [1 5]
}

func ExampleTrack_LinearEdges() {
	fmt.Println(exampleTrack().Layout().(*ns.Track).LinearEdges())
	// Output: [0 1 2 3 4 14 15 16]
}

func ExampleTrack_LinearCenters() {
	fmt.Println(exampleTrack().Layout().(*ns.Track).LinearCenters())
	// Output: [0.5 1.5 2.5 3.5 14.5 15.5]
}

func ExampleTrack_Segments() {
	fmt.Println(exampleTrack().Layout().(*ns.Track).Segments())
	// Output: [0 0 0 0 1 1]
}

func ExampleTrack_Gaps() {
	fmt.Println(exampleTrack().Layout().(*ns.Track).Gaps())
	// Output: [false false false false true false false]
}

package neurospatial_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// floyd returns the lengths of all shortest paths by the algorithm of Floyd and Warshall.
func floyd(env *ns.Environment) [][]float64 {
	n := env.NumBins()
	d := make([][]float64, n)
	for i := range d {
		d[i] = slices.Repeat([]float64{math.Inf(1)}, n)
		d[i][i] = 0
	}
	for _, e := range env.Edges() {
		d[e.U][e.V], d[e.V][e.U] = e.Distance, e.Distance
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

// drawSmall draws an environment that is small enough for cubic algorithms.
func drawSmall(t *rapid.T) *ns.Environment {
	env := drawEnvironment(t)
	if env.NumBins() > 80 {
		t.Skip("too large")
	}
	return env
}

// TestPathsAreShortest compares paths and all distances with another algorithm.
func TestPathsAreShortest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		env := drawSmall(t)
		want := floyd(env)
		matrix, err := env.DistanceMatrix()
		if err != nil {
			t.Fatal(err)
		}
		bin := rapid.IntRange(0, env.NumBins()-1)
		from, to := bin.Draw(t, "from"), bin.Draw(t, "to")
		targets := rapid.SliceOfN(bin, 1, 4).Draw(t, "targets")
		toTargets, err := env.DistanceTo(targets)
		if err != nil {
			t.Fatal(err)
		}
		pairs, err := env.PairwiseDistances(targets)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			least := math.Inf(1)
			for _, b := range targets {
				least = min(least, want[b][i])
			}
			if err := near(matrix[i], want[i], geometry); err != nil {
				t.Errorf("DistanceMatrix, row %d: %v", i, err)
			}
			if !closeTo(toTargets[i], least) {
				t.Errorf("DistanceTo(%v) is %v at bin %d, want %v", targets, toTargets[i], i, least)
			}
		}
		for i, a := range targets {
			for j, b := range targets {
				if !closeTo(pairs[i][j], want[a][b]) {
					t.Errorf("PairwiseDistances: bins %d and %d are %v apart, want %v", a, b, pairs[i][j], want[a][b])
				}
			}
		}
		checkPath(t, env, from, to, want[from][to])
	})
}

func closeTo(got, want float64) bool { return got == want || math.Abs(got-want) <= 1e-9 }

func checkPath(t failer, env *ns.Environment, from, to int, want float64) {
	t.Helper()
	path, length, err := env.ShortestPath(from, to)
	if math.IsInf(want, 1) {
		var e *ns.Error
		if !errors.Is(err, ns.ErrNotFound) || !errors.As(err, &e) || e.Code != "E2006" || path != nil {
			t.Errorf("ShortestPath(%d, %d) = %v, %v, want no path", from, to, path, err)
		}
		return
	}
	if err != nil || path[0] != from || path[len(path)-1] != to || !closeTo(length, want) {
		t.Fatalf("ShortestPath(%d, %d) = %v, %v, %v, want length %v", from, to, path, length, err, want)
	}
	sum := 0.0
	for i := range path[1:] {
		step := -1.0
		for _, e := range env.Edges() {
			if e.U == min(path[i], path[i+1]) && e.V == max(path[i], path[i+1]) {
				step = e.Distance
			}
		}
		if step < 0 {
			t.Fatalf("path %v: bins %d and %d are no neighbours", path, path[i], path[i+1])
		}
		sum += step
	}
	if !closeTo(sum, length) {
		t.Errorf("path %v is %v long, reported %v", path, sum, length)
	}
}

// TestReach compares sets of reachable bins with each other and with distances.
func TestReach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		env := drawSmall(t)
		bin := rapid.IntRange(0, env.NumBins()-1).Draw(t, "bin")
		hops := rapid.IntRange(0, 5).Draw(t, "hops")
		radius := rapid.Float64Range(0, 12).Draw(t, "radius")

		reachable, err := env.ReachableFrom(bin)
		if err != nil {
			t.Fatal(err)
		}
		var part []int
		for _, c := range env.Components() {
			if slices.Contains(c, bin) {
				part = c
			}
		}
		if !slices.Equal(marked(reachable), part) {
			t.Errorf("ReachableFrom(%d) = %v, component %v", bin, marked(reachable), part)
		}

		rings, err := env.Rings(bin, hops)
		if err != nil {
			t.Fatal(err)
		}
		within, err := env.WithinHops(bin, hops)
		if err != nil {
			t.Fatal(err)
		}
		all := slices.Concat(rings...)
		slices.Sort(all)
		if !slices.Equal(all, marked(within)) || len(rings) != hops+1 || !slices.Equal(rings[0], []int{bin}) {
			t.Errorf("rings %v, WithinHops %v", rings, marked(within))
		}

		near, err := env.WithinDistance([]int{bin}, radius)
		if err != nil {
			t.Fatal(err)
		}
		dist, err := env.DistanceTo([]int{bin})
		if err != nil {
			t.Fatal(err)
		}
		var want []int
		for b, d := range dist {
			if d <= radius {
				want = append(want, b)
			}
		}
		if !slices.Equal(near[0], want) {
			t.Errorf("WithinDistance(%d, %v) = %v, want %v", bin, radius, near[0], want)
		}
	})
}

// TestComponents checks the order: the largest first, equal ones by their lowest bin.
func TestComponents(t *testing.T) {
	env := drawn(t, `
		##.#..
		......
		#.###.
		......
		##...#`, ns.SamplesOptions{NoDiagonals: true})
	want := [][]int{{4, 5, 6}, {0, 1}, {7, 8}, {2}, {3}, {9}}
	if got := env.Components(); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("Components() = %v, want %v", got, want)
	}
}

func TestBoundaryBins(t *testing.T) {
	for name, tt := range map[string]struct {
		cells string
		want  []int
	}{
		"block": {"#### #### #### ####", []int{0, 1, 2, 3, 4, 7, 8, 11, 12, 13, 14, 15}},
		"hole":  {"##### ##### ##.## ##### #####", []int{0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 13, 14, 16, 18, 19, 20, 21, 22, 23}},
	} {
		if got := drawn(t, tt.cells, ns.SamplesOptions{}).BoundaryBins(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: BoundaryBins() = %v, want %v", name, got, tt.want)
		}
	}
	// On a line the ends and lone bins are the boundary.
	line := mustPoints([]float64{0.5}, []float64{1.5}, []float64{2.5}, []float64{5.5})
	env, err := ns.FromSamples(line, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := env.BoundaryBins(), []int{0, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("line: BoundaryBins() = %v, want %v", got, want)
	}
}

func TestEuclideanDistance(t *testing.T) {
	env := drawn(t, "#.# #.# ###", ns.SamplesOptions{})
	straight := ns.DistanceOptions{Metric: ns.MetricEuclidean}
	d, err := env.DistanceTo([]int{0}, straight)
	if err != nil || d[1] != 2 {
		t.Errorf("DistanceTo = %v, %v; bin 1 is 2 away in a straight line", d, err)
	}
	between, err := env.DistanceBetween([]float64{0.2, 0.2}, []float64{0.9, 2.9}, straight)
	if err != nil || between != 2 {
		t.Errorf("DistanceBetween = %v, %v, want 2", between, err)
	}
	around, err := env.DistanceBetween([]float64{0.2, 0.2}, []float64{0.9, 2.9})
	if want := 2 + 2*math.Sqrt2; err != nil || !closeTo(around, want) {
		t.Errorf("DistanceBetween = %v, %v, want %v", around, err, want)
	}
}

func TestPathsRefuse(t *testing.T) {
	env := openField(t, 4, 3)
	bad := ns.DistanceOptions{Metric: ns.MetricEuclidean + 1}
	for name, tt := range map[string]struct {
		call func() error
		kind error
	}{
		"from":          {func() error { _, _, err := env.ShortestPath(-1, 0); return err }, ns.ErrNotFound},
		"to":            {func() error { _, _, err := env.ShortestPath(0, 12); return err }, ns.ErrNotFound},
		"target":        {func() error { _, err := env.DistanceTo([]int{0, 12}); return err }, ns.ErrNotFound},
		"no target":     {func() error { _, err := env.DistanceTo(nil); return err }, ns.ErrInvalid},
		"metric":        {func() error { _, err := env.DistanceTo([]int{0}, bad); return err }, ns.ErrInvalid},
		"metric too":    {func() error { _, err := env.DistanceBetween([]float64{1, 1}, []float64{1, 1}, bad); return err }, ns.ErrInvalid},
		"radius":        {func() error { _, err := env.WithinDistance([]int{0}, nan); return err }, ns.ErrInvalid},
		"center":        {func() error { _, err := env.WithinDistance([]int{12}, 1); return err }, ns.ErrNotFound},
		"pair":          {func() error { _, err := env.PairwiseDistances([]int{12}); return err }, ns.ErrNotFound},
		"hops":          {func() error { _, err := env.WithinHops(0, -1); return err }, ns.ErrInvalid},
		"ring bin":      {func() error { _, err := env.Rings(12, 1); return err }, ns.ErrNotFound},
		"matrix limit":  {func() error { _, err := env.DistanceMatrix(ns.MatrixOptions{MaxBytes: 1000}); return err }, ns.ErrTooLarge},
		"two options":   {func() error { _, err := env.DistanceMatrix(ns.MatrixOptions{}, ns.MatrixOptions{}); return err }, ns.ErrInvalid},
		"two distances": {func() error { _, err := env.DistanceTo([]int{0}, bad, bad); return err }, ns.ErrInvalid},
	} {
		if err := tt.call(); !errors.Is(err, tt.kind) {
			t.Errorf("%s: got %v, want kind %v", name, err, tt.kind)
		}
	}
}

func TestDistanceMatrixStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if m, err := openField(t, 30, 30).DistanceMatrixContext(ctx); !errors.Is(err, context.Canceled) || m != nil {
		t.Errorf("got %d rows, %v", len(m), err)
	}
}

func TestEnumNames(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{ns.MetricGeodesic.String(), "geodesic"}, {ns.MetricEuclidean.String(), "euclidean"}, {ns.Metric(9).String(), "Metric(9)"},
		{ns.LowestIndex.String(), "lowest_index"}, {ns.ClosestCenter.String(), "closest_center"}, {ns.TieBreak(9).String(), "TieBreak(9)"},
	} {
		if tt.got != tt.want {
			t.Errorf("String() = %q, want %q", tt.got, tt.want)
		}
	}
}

// TestConcurrentQueries uses one environment from several goroutines; the race detector watches.
func TestConcurrentQueries(t *testing.T) {
	env := drawn(t, "#.# #.# ###", ns.SamplesOptions{})
	points := mustPoints([]float64{1.5, 1.5}, []float64{0.2, 0.2}, []float64{5, 5})
	want, err := env.MapPointsToBins(points)
	if err != nil {
		t.Fatal(err)
	}
	env.ClearCache()
	done := make(chan error)
	for range 8 {
		go func() {
			got, err := env.MapPointsToBins(points)
			if err == nil && !slices.Equal(got, want) {
				err = errors.New("another answer")
			}
			if _, _, pathErr := env.ShortestPath(0, 1); err == nil {
				err = pathErr
			}
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

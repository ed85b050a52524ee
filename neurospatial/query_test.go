package neurospatial_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// drawQueries draws points around an environment: anywhere, on centres, on borders, half way between centres.
func drawQueries(t *rapid.T, env *ns.Environment, reach float64) ns.Points {
	n := rapid.IntRange(0, 20).Draw(t, "queries")
	centers, edges := env.BinCenters(), env.GridEdges()
	rows := make([][]float64, n)
	for i := range rows {
		p := centers.Row(rapid.IntRange(0, centers.Len()-1).Draw(t, "bin"))
		for k := range p {
			e := edges[k]
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0: // stay on the centre
			case 1:
				p[k] = rapid.SampledFrom(e).Draw(t, "border")
			case 2:
				p[k] = math.Nextafter(rapid.SampledFrom(e).Draw(t, "near border"), rapid.SampledFrom([]float64{math.Inf(-1), math.Inf(1)}).Draw(t, "side"))
			case 3:
				p[k] += rapid.Float64Range(-reach, reach).Draw(t, "step")
			}
		}
		rows[i] = p
	}
	return mustPoints(rows...)
}

// TestBinAtCells compares BinAt with a search through all cells.
func TestBinAtCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		env := drawEnvironment(t)
		points := drawQueries(t, env, 5)
		bins, err := env.BinAt(points)
		if err != nil {
			t.Fatal(err)
		}
		inside, err := env.Contains(points)
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range bins {
			want := ns.Outside
			p := points.Row(i)
			for b, cell := range env.GridCells() {
				if inHalfOpenCell(env, cell, p) {
					want = b
				}
			}
			if got != want || inside[i] != (want != ns.Outside) {
				t.Errorf("point %v: bin %d, inside %v; want bin %d", p, got, inside[i], want)
			}
		}
	})
}

// inHalfOpenCell tells whether a point is in a cell; a cell has its lower borders only.
func inHalfOpenCell(env *ns.Environment, cell int, p []float64) bool {
	shape, edges := env.GridShape(), env.GridEdges()
	for k := len(shape) - 1; k >= 0; k-- {
		i := cell % shape[k]
		cell /= shape[k]
		if !(p[k] >= edges[k][i] && p[k] < edges[k][i+1]) {
			return false
		}
	}
	return true
}

// TestNearestIsBruteForce compares with a search through all centres: distances within 1e-10 tie and the
// lowest bin wins; points beyond the limit are outside.
func TestNearestIsBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		env := drawEnvironment(t)
		points := drawQueries(t, env, rapid.SampledFrom([]float64{1, 10, 1e4, 1e6}).Draw(t, "reach"))
		var o ns.MapOptions
		limit := 10 * spacingOf(env)
		switch rapid.IntRange(0, 2).Draw(t, "limit") {
		case 1:
			o.MaxDistance = rapid.SampledFrom([]float64{0.5, 3, math.Inf(1)}).Draw(t, "distance")
			limit = o.MaxDistance
		case 2:
			o.MaxDistanceFactor = rapid.SampledFrom([]float64{0.4, 2}).Draw(t, "factor")
			limit = o.MaxDistanceFactor * spacingOf(env)
		}
		bins, dist, err := env.MapPointsToBinsDist(points, o)
		if err != nil {
			t.Fatal(err)
		}
		alone, err := env.MapPointsToBins(points, o)
		if err != nil || !slices.Equal(alone, bins) {
			t.Fatalf("without distances %v, with them %v: %v", alone, bins, err)
		}
		o.TieBreak = ns.ClosestCenter
		closest, err := env.MapPointsToBins(points, o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range bins {
			p := points.Row(i)
			d := distances(env, p)
			least := slices.Min(d)
			lowest := slices.IndexFunc(d, func(v float64) bool { return v <= least+1e-10 })
			first := slices.Index(d, least)
			if least > limit {
				lowest, first, least = ns.Outside, ns.Outside, math.Inf(1)
			}
			if bins[i] != lowest || dist[i] != least && math.Abs(dist[i]-least) > 1e-10 {
				t.Errorf("point %v: bin %d at %g, want bin %d at %g (limit %g)", p, bins[i], dist[i], lowest, least, limit)
			}
			if closest[i] != first {
				t.Errorf("point %v: closest bin %d, want %d", p, closest[i], first)
			}
		}
	})
}

func distances(env *ns.Environment, p []float64) []float64 {
	c := env.BinCenters()
	d := make([]float64, c.Len())
	for b := range d {
		sum := 0.0
		for k, x := range c.Row(b) {
			sum += (x - p[k]) * (x - p[k])
		}
		d[b] = math.Sqrt(sum)
	}
	return d
}

// spacingOf is the median distance to the nearest other centre, of up to 100 centres.
func spacingOf(env *ns.Environment) float64 {
	n := env.NumBins()
	if n == 1 {
		return math.Inf(1)
	}
	k := min(n, 100)
	var gaps []float64
	for i := range k {
		b := n - 1
		if i < k-1 {
			b = int(float64(i) * (float64(n-1) / float64(k-1)))
		}
		d := distances(env, env.BinCenters().Row(b))
		d[b] = math.Inf(1)
		gaps = append(gaps, slices.Min(d))
	}
	slices.Sort(gaps)
	return (gaps[(k-1)/2] + gaps[k/2]) / 2
}

// TestTieAtCorner asks for a point equally far from four centres.
func TestTieAtCorner(t *testing.T) {
	env := openField(t, 4, 3)
	for _, tt := range []struct {
		p    []float64
		want int
	}{
		{[]float64{1, 1}, 0}, {[]float64{2, 2}, 4}, {[]float64{1, 0.5}, 0}, {[]float64{0.5, 1}, 0},
		{[]float64{1 + 1e-11, 1 + 1e-11}, 0}, {[]float64{1 + 1e-9, 1 + 1e-9}, 4},
	} {
		got, err := env.MapPointsToBins(mustPoints(tt.p))
		if err != nil || got[0] != tt.want {
			t.Errorf("point %v: bin %d, %v; want %d", tt.p, got[0], err, tt.want)
		}
	}
}

func TestQueriesRefuse(t *testing.T) {
	env := openField(t, 4, 3)
	flat := mustPoints([]float64{1}, []float64{2})
	calls := map[string]struct {
		call func() error
		kind error
	}{
		"BinAt":           {func() error { _, err := env.BinAt(flat); return err }, ns.ErrShape},
		"Contains":        {func() error { _, err := env.Contains(flat); return err }, ns.ErrShape},
		"BinCenterOf":     {func() error { _, err := env.BinCenterOf(0, 12); return err }, ns.ErrNotFound},
		"no bins":         {func() error { _, err := env.BinCenterOf(); return err }, ns.ErrInvalid},
		"MapPointsToBins": {func() error { _, err := env.MapPointsToBins(flat); return err }, ns.ErrShape},
		"two options": {func() error {
			_, _, err := env.MapPointsToBinsDist(ns.Points{}, ns.MapOptions{}, ns.MapOptions{})
			return err
		}, ns.ErrInvalid},
		"NaN limit": {func() error { _, err := env.MapPointsToBins(ns.Points{}, ns.MapOptions{MaxDistance: nan}); return err }, ns.ErrInvalid},
		"NaN factor": {func() error {
			_, err := env.MapPointsToBins(ns.Points{}, ns.MapOptions{MaxDistanceFactor: nan})
			return err
		}, ns.ErrInvalid},
		"DistanceBetween": {func() error { _, err := env.DistanceBetween([]float64{1}, []float64{1, 1}); return err }, ns.ErrShape},
		"no coordinates":  {func() error { _, err := env.DistanceBetween([]float64{1, 1}, nil); return err }, ns.ErrShape},
	}
	for name, tt := range calls {
		if err := tt.call(); !errors.Is(err, tt.kind) {
			t.Errorf("%s: got %v, want kind %v", name, err, tt.kind)
		}
	}
}

// TestZeroEnvironment calls every method on an environment that no constructor made: errors, no panics.
func TestZeroEnvironment(t *testing.T) {
	for name, env := range map[string]*ns.Environment{"zero": {}, "nil": nil} {
		for method, call := range map[string]func() error{
			"BinAt":             func() error { _, err := env.BinAt(ns.Points{}); return err },
			"Contains":          func() error { _, err := env.Contains(ns.Points{}); return err },
			"BinCenterOf":       func() error { _, err := env.BinCenterOf(0); return err },
			"MapPointsToBins":   func() error { _, err := env.MapPointsToBins(ns.Points{}); return err },
			"Neighbors":         func() error { _, err := env.Neighbors(0); return err },
			"EdgeAngles":        func() error { _, err := env.EdgeAngles(); return err },
			"ReachableFrom":     func() error { _, err := env.ReachableFrom(0); return err },
			"WithinHops":        func() error { _, err := env.WithinHops(0, 1); return err },
			"Rings":             func() error { _, err := env.Rings(0, 1); return err },
			"ShortestPath":      func() error { _, _, err := env.ShortestPath(0, 0); return err },
			"DistanceTo":        func() error { _, err := env.DistanceTo([]int{0}); return err },
			"DistanceBetween":   func() error { _, err := env.DistanceBetween(nil, nil); return err },
			"WithinDistance":    func() error { _, err := env.WithinDistance([]int{0}, 1); return err },
			"PairwiseDistances": func() error { _, err := env.PairwiseDistances([]int{0}); return err },
			"DistanceMatrix":    func() error { _, err := env.DistanceMatrix(); return err },
		} {
			var e *ns.Error
			if err := call(); !errors.As(err, &e) || e.Code != "E1006" {
				t.Errorf("%s environment, %s: %v", name, method, err)
			}
		}
	}
	zero := new(ns.Environment)
	if zero.NumBins() != 0 || zero.NumDims() != 0 || zero.NumEdges() != 0 || len(zero.Edges()) != 0 || len(zero.Components()) != 0 ||
		len(zero.BoundaryBins()) != 0 || len(zero.Degrees()) != 0 || zero.EdgeVectors().Len() != 0 || zero.LayoutKind() != "" || zero.GridShape() != nil {
		t.Error("the zero environment is not empty")
	}
	if got, want := zero.String(), "Environment(, 0 bins, 0 dimensions)"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
}

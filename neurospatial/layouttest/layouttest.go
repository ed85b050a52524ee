// Package layouttest checks that a layout keeps the rules that environments rely on. A new layout passes
// when TestLayout does:
//
//	func TestHexagonal(t *testing.T) { layouttest.TestLayout(t, newHexagonal(…)) }
package layouttest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// TestLayout fails t for every rule that the layout breaks.
func TestLayout(t testing.TB, layout ns.Layout) {
	t.Helper()
	for _, fault := range Check(layout) {
		t.Error(fault)
	}
}

// Check returns one line per rule that the layout breaks, nil if it keeps them all.
func Check(layout ns.Layout) []string {
	c := &checker{layout: layout, bins: layout.Bins()}
	if c.shapes(); len(c.faults) > 0 {
		return c.faults // the other rules need consistent shapes
	}
	c.names()
	c.geometry()
	c.edges()
	c.containment()
	c.grid()
	if len(c.faults) == 0 {
		c.environment()
	}
	return c.faults
}

type checker struct {
	layout ns.Layout
	bins   ns.Bins
	faults []string
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *checker) n() int   { return c.bins.Centers.Len() }
func (c *checker) dim() int { return c.bins.Centers.Dim() }

func (c *checker) shapes() {
	if c.n() == 0 {
		c.fault("Bins has no centres")
	}
	if len(c.bins.Volumes) != c.n() {
		c.fault("Bins has %d volumes for %d bins", len(c.bins.Volumes), c.n())
	}
	if len(c.bins.Ranges) != c.dim() {
		c.fault("Bins has %d ranges for %d dimensions", len(c.bins.Ranges), c.dim())
	}
	for i, e := range c.bins.Edges {
		if min(e.U, e.V) < 0 || max(e.U, e.V) >= c.n() || e.U == e.V {
			c.fault("edge %d joins bins %d and %d of 0 to %d", i, e.U, e.V, c.n()-1)
		}
	}
}

func (c *checker) names() {
	first, again := c.layout.Kind(), c.layout.Kind()
	if first == "" {
		c.fault("Kind is empty")
	}
	if again != first {
		c.fault("Kind is %q and then %q", first, again)
	}
}

func (c *checker) geometry() {
	again := c.layout.Bins()
	if !slices.Equal(again.Centers.Flat(), c.bins.Centers.Flat()) || !slices.Equal(again.Volumes, c.bins.Volumes) || !slices.Equal(again.Edges, c.bins.Edges) {
		c.fault("Bins changes from call to call")
	}
	for i, v := range c.bins.Volumes {
		if !(v > 0) || math.IsInf(v, 1) {
			c.fault("bin %d has volume %g; volumes are finite and above 0", i, v)
		}
	}
	for k, r := range c.bins.Ranges {
		if !(r[0] <= r[1]) {
			c.fault("range %v of axis %d does not ascend", r, k)
		}
	}
	seen := map[string]int{}
	for i := range c.n() {
		row := c.bins.Centers.Row(i)
		for _, x := range row {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				c.fault("bin %d has centre %v", i, row)
			}
		}
		key := fmt.Sprint(row)
		if first, ok := seen[key]; ok {
			c.fault("bins %d and %d have the same centre %v", first, i, row)
		}
		seen[key] = i
	}
}

func (c *checker) edges() {
	_, curved := c.layout.(ns.Curvilinear)
	seen := map[[2]int]int{}
	for i, e := range c.bins.Edges {
		pair := [2]int{min(e.U, e.V), max(e.U, e.V)}
		if first, ok := seen[pair]; ok {
			c.fault("edges %d and %d both join bins %d and %d", first, i, e.U, e.V)
		}
		seen[pair] = i
		straight := 0.0
		for k := range c.dim() {
			if curved {
				continue // no straight lines: any length will do
			}
			d := c.bins.Centers.At(e.U, k) - c.bins.Centers.At(e.V, k)
			straight = math.Hypot(straight, d)
		}
		// A step may be longer than the straight line (along a curved track), but never shorter.
		if !(e.Distance >= straight*(1-1e-9)) || math.IsInf(e.Distance, 1) {
			c.fault("edge %d has distance %g, the centres of bins %d and %d are %g apart", i, e.Distance, e.U, e.V, straight)
		}
		if !(e.Conductance >= 0) || math.IsInf(e.Conductance, 1) {
			c.fault("edge %d has conductance %g; conductances are finite and not negative", i, e.Conductance)
		}
	}
}

func (c *checker) containment() {
	bins := c.at(c.bins.Centers)
	for i, b := range bins {
		if b != i {
			c.fault("BinAtTo finds the centre of bin %d in bin %d", i, b)
		}
	}
	row := c.bins.Centers.Row(0)
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for k := range row {
			p := slices.Clone(row)
			p[k] = bad
			if b := c.at(c.points(p)); b[0] != ns.Outside {
				c.fault("BinAtTo finds a point with coordinate %g in bin %d; it is outside", bad, b[0])
			}
		}
	}
	c.scattered()
}

// scattered asks for points all over the place and checks that answers are bins and do not depend on the
// other points of the call.
func (c *checker) scattered() {
	rng := rand.New(rand.NewPCG(1, 2))
	points := make([][]float64, 200)
	for i := range points {
		points[i] = make([]float64, c.dim())
		for k, r := range c.bins.Ranges {
			points[i][k] = r[0] + (rng.Float64()*1.4-0.2)*(r[1]-r[0])
		}
	}
	together := c.at(c.points(points...))
	for i, b := range together {
		if b != ns.Outside && (b < 0 || b >= c.n()) {
			c.fault("BinAtTo finds %v in bin %d of 0 to %d", points[i], b, c.n()-1)
		}
		if alone := c.at(c.points(points[i])); alone[0] != b {
			c.fault("BinAtTo finds %v in bin %d among others and in bin %d alone", points[i], b, alone[0])
		}
	}
}

// at fills the result with nonsense first: BinAtTo must write every entry.
func (c *checker) at(p ns.Points) []int {
	bins := make([]int, p.Len())
	for i := range bins {
		bins[i] = math.MinInt
	}
	c.layout.BinAtTo(bins, p)
	return bins
}

func (c *checker) points(rows ...[]float64) ns.Points {
	p, err := ns.PointsOf(rows...)
	if err != nil {
		panic(err) // rows are made here with the dimension of the centres
	}
	return p
}

func (c *checker) grid() {
	g, ok := c.layout.(ns.Gridded)
	if !ok {
		return
	}
	grid := g.Grid()
	cells := 1
	for _, n := range grid.Shape() {
		cells *= max(n, 0)
	}
	active := []int{}
	for cell, on := range grid.Active {
		if on {
			active = append(active, cell)
		}
	}
	if len(grid.Shape()) != c.dim() || len(grid.Active) != cells || len(active) != c.n() {
		c.fault("Grid has %d axes, %d cells, %d marks and %d active cells; Bins has %d axes and %d bins",
			len(grid.Shape()), cells, len(grid.Active), len(active), c.dim(), c.n())
		return
	}
	for b, cell := range active {
		for k := c.dim() - 1; k >= 0; k-- {
			n := grid.Shape()[k]
			i := cell % n
			cell /= n
			if lo, hi, x := grid.Edges[k][i], grid.Edges[k][i+1], c.bins.Centers.At(b, k); !(x > lo && x < hi) {
				c.fault("bin %d has coordinate %g on axis %d, its cell spans %g to %g: bins are numbered in C order", b, x, k, lo, hi)
			}
		}
	}
}

// environment builds an environment and compares its answers with plain computations.
func (c *checker) environment() {
	env, err := ns.FromLayout(c.layout)
	if err != nil {
		c.fault("FromLayout: %v", err)
		return
	}
	c.neighbors(env)
	c.nearest(env)
}

func (c *checker) neighbors(env *ns.Environment) {
	want := make([][]int, c.n())
	for _, e := range c.bins.Edges {
		want[e.U] = append(want[e.U], e.V)
		want[e.V] = append(want[e.V], e.U)
	}
	for b := range c.n() {
		got, err := env.Neighbors(b)
		if err != nil || !slices.Equal(got, want[b]) {
			c.fault("Neighbors(%d) = %v, %v; the edges say %v", b, got, err, want[b])
		}
		for _, v := range got {
			if back, err := env.Neighbors(v); err != nil || !slices.Contains(back, b) {
				c.fault("bin %d is a neighbour of bin %d, but not the other way round", v, b)
			}
		}
	}
}

func (c *checker) nearest(env *ns.Environment) {
	rng := rand.New(rand.NewPCG(3, 4))
	rows := make([][]float64, 100)
	for i := range rows {
		rows[i] = c.bins.Centers.Row(rng.IntN(c.n()))
		for k, r := range c.bins.Ranges {
			rows[i][k] += rng.NormFloat64() * (r[1] - r[0]) / 10
		}
	}
	got, err := env.MapPointsToBins(c.points(rows...), ns.MapOptions{MaxDistance: ns.NoMaxDistance})
	if err != nil {
		c.fault("MapPointsToBins: %v", err)
		return
	}
	for i, row := range rows {
		if want := c.closest(row); got[i] != want {
			c.fault("MapPointsToBins finds bin %d nearest to %v; it is bin %d", got[i], row, want)
		}
	}
}

// closest compares all centres; distances within 1e-10 tie and the lowest bin wins.
func (c *checker) closest(p []float64) int {
	dist := make([]float64, c.n())
	for b := range dist {
		sum := 0.0
		for k, x := range p {
			d := c.bins.Centers.At(b, k) - x
			sum += d * d
		}
		dist[b] = math.Sqrt(sum)
	}
	least := slices.Min(dist)
	return slices.IndexFunc(dist, func(d float64) bool { return d <= least+1e-10 })
}

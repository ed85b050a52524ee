package neurospatial_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/neurospatial/layouttest"
)

// uneven is a grid of a layout of its own, with cells of different widths: all are bins but the middle one.
type uneven struct{}

var unevenEdges = [][]float64{{0, 1, 3, 6}, {-2, -1, 0, 5}}

func (uneven) Kind() string { return "Uneven" }

func (uneven) Grid() ns.Grid {
	return ns.Grid{Edges: unevenEdges, Active: []bool{true, true, true, true, false, true, true, true, true}}
}

func (u uneven) Bins() ns.Bins {
	b := ns.Bins{Ranges: [][2]float64{{0, 6}, {-2, 5}}}
	var x, y []float64
	at := map[[2]int]int{}
	for i := range 3 {
		for j := range 3 {
			if i == 1 && j == 1 {
				continue
			}
			at[[2]int{i, j}] = len(x)
			ex, ey := unevenEdges[0], unevenEdges[1]
			x, y = append(x, (ex[i]+ex[i+1])/2), append(y, (ey[j]+ey[j+1])/2)
			b.Volumes = append(b.Volumes, (ex[i+1]-ex[i])*(ey[j+1]-ey[j]))
		}
	}
	b.Centers, _ = ns.XY(x, y)
	for from, u := range at {
		for _, to := range [][2]int{{from[0] + 1, from[1]}, {from[0], from[1] + 1}} {
			if v, ok := at[to]; ok {
				d := math.Hypot(x[v]-x[u], y[v]-y[u])
				b.Edges = append(b.Edges, ns.Edge{U: u, V: v, Distance: d, Conductance: 1 / d})
			}
		}
	}
	slices.SortFunc(b.Edges, func(a, c ns.Edge) int { return 10*(a.U-c.U) + a.V - c.V })
	return b
}

func (u uneven) BinAtTo(bins []int, points ns.Points) {
	for i := range bins {
		bins[i] = ns.Outside
		row := slices.IndexFunc(unevenEdges[0], func(e float64) bool { return e > points.At(i, 0) }) - 1
		column := slices.IndexFunc(unevenEdges[1], func(e float64) bool { return e > points.At(i, 1) }) - 1
		if cell := 3*row + column; row >= 0 && column >= 0 && cell != 4 && points.At(i, 0) == points.At(i, 0) && points.At(i, 1) == points.At(i, 1) {
			bins[i] = cell
			if cell > 4 {
				bins[i]--
			}
		}
	}
}

// TestUnevenGrid runs what uses the lattice on cells of different widths.
func TestUnevenGrid(t *testing.T) {
	layouttest.TestLayout(t, uneven{})
	env, err := ns.FromLayout(uneven{})
	if err != nil {
		t.Fatal(err)
	}
	plane := make([]float64, env.NumBins()) // x + 2y
	for b := range plane {
		plane[b] = env.BinCenters().At(b, 0) + 2*env.BinCenters().At(b, 1)
	}
	between := mustPoints([]float64{0.5, -1}, []float64{4.5, 2.5}, []float64{0.5, 2.4})
	got, err := env.Interpolate(plane, between, ns.InterpolateOptions{Method: ns.MethodLinear})
	if err != nil || near(got, []float64{-1.5, 9.5, 5.3}, geometry) != nil {
		t.Errorf("Interpolate = %v, %v", got, err)
	}
	// A straight walk through the first row: the time in each cell is as its width.
	time, err := env.Occupancy([]float64{0, 7}, mustPoints([]float64{0.5, -2}, []float64{0.5, 4.999999999}),
		ns.OccupancyOptions{Allocation: ns.AllocateLinear, MaxGap: ns.NoMaxGap})
	if err != nil || math.Abs(time[0]-1) > 1e-8 || math.Abs(time[1]-1) > 1e-8 || math.Abs(time[2]-5) > 1e-8 {
		t.Errorf("Occupancy = %v, %v", time, err)
	}
	if _, err := env.Rebin(3); !errors.Is(err, ns.ErrUnsupported) {
		t.Errorf("Rebin of a layout that is not the package's own: %v", err)
	}
}

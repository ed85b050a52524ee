package neurospatial_test

import (
	"encoding/json"
	"fmt"
	"math"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// oracleProperties compares the recorded properties of an environment.
var oracleProperties = map[string]func(r *oracleRun, want json.RawMessage) error{
	"layout_type": propertyOf(compareKind),
	"tag":         propertyOf(compareKind),
	"n_bins":      propertyOf(func(r *oracleRun, want int) error { return same(r.env.NumBins(), want) }),
	"n_dims":      propertyOf(func(r *oracleRun, want int) error { return same(r.env.NumDims(), want) }),
	"n_edges":     propertyOf(func(r *oracleRun, want int) error { return same(r.env.NumEdges(), want) }),
	"dimension_ranges": propertyOf(func(r *oracleRun, want rows) error {
		var got [][]float64
		for _, v := range r.env.DimensionRanges() {
			got = append(got, v[:])
		}
		return nearRows(got, want, geometry)
	}),
	"grid_shape": propertyOf(func(r *oracleRun, want []int) error {
		shape, _ := cellsOf(r)
		return same(shape, want)
	}),
	"grid_edges": propertyOf(func(r *oracleRun, want []floats) error {
		got := r.env.GridEdges()
		if t, ok := r.env.Layout().(*ns.Track); ok {
			got = [][]float64{t.LinearEdges()}
		}
		if len(got) != len(want) {
			return fmt.Errorf("got %d axes, want %d", len(got), len(want))
		}
		for k := range want {
			if err := near(got[k], want[k], geometry); err != nil {
				return fmt.Errorf("axis %d: %v", k, err)
			}
		}
		return nil
	}),
	"active_mask_flat_indices": propertyOf(func(r *oracleRun, want []int) error {
		switch l := r.env.Layout().(type) {
		case *ns.Hexagons:
			return same(l.Cells(), want)
		case *ns.Track:
			bins := l.Gaps()
			for i, gap := range bins {
				bins[i] = !gap
			}
			return same(marked(bins), want)
		case *ns.Mesh:
			_, cells := cellsOf(r)
			return same(cells, want)
		}
		return same(marked(r.env.ActiveMask()), want)
	}),
	"source_grid_flat_index": propertyOf(func(r *oracleRun, want []int) error {
		_, cells := cellsOf(r)
		return same(cells, want)
	}),
	"original_grid_nd_index": propertyOf(func(r *oracleRun, want [][]int) error {
		shape, cells := cellsOf(r)
		got := make([][]int, 0, len(want))
		for _, cell := range cells {
			index := make([]int, len(shape))
			for k := len(shape) - 1; k >= 0; k-- {
				index[k], cell = cell%shape[k], cell/shape[k]
			}
			got = append(got, index)
		}
		return same(got, want)
	}),
	"bin_sizes":     propertyOf(compareSizes),
	"bin_centers":   propertyOf(func(r *oracleRun, want rows) error { return nearRows(r.env.BinCenters().Rows(), want, geometry) }),
	"boundary_bins": propertyOf(func(r *oracleRun, want []int) error { return same(r.env.BoundaryBins(), want) }),
	"components":    propertyOf(func(r *oracleRun, want [][]int) error { return same(r.env.Components(), want) }),
	"edges": propertyOf(func(r *oracleRun, want [][2]int) error {
		var got [][2]int
		for _, e := range r.env.Edges() {
			got = append(got, [2]int{e.U, e.V})
		}
		return same(got, want)
	}),
	"edge_distance": propertyOf(func(r *oracleRun, want floats) error {
		var got []float64
		for _, e := range r.env.Edges() {
			got = append(got, e.Distance)
		}
		return near(got, want, geometry)
	}),
	"edge_vector": propertyOf(func(r *oracleRun, want rows) error {
		if r.env.IsTrack() {
			want = forward(r.env, want)
		}
		// Differences of coordinates are as exact as the coordinates, not as the differences are small.
		return nearValues(r.env.EdgeVectors().Flat(), want.flat(), 1e-12*coordinateScale(r))
	}),
	"edge_angle_2d": propertyOf(func(r *oracleRun, want []*number) error {
		got, err := r.env.EdgeAngles()
		if err != nil {
			for _, w := range want {
				if w != nil {
					return err
				}
			}
			return nil // Python leaves the attribute out in other than 2 dimensions
		}
		var angles floats
		for _, w := range want {
			angles = append(angles, float64(*w))
		}
		if r.env.IsTrack() {
			return sameDirections(got, angles)
		}
		return nearValues(got, angles, 1e-12*coordinateScale(r))
	}),
	"is_linearized_track": propertyOf(func(r *oracleRun, want bool) error { return same(r.env.IsTrack(), want) }),
	"linear_bin_centers":  trackProperty(func(t *ns.Track) []float64 { return t.LinearCenters() }),
	"pos_1D":              trackProperty(func(t *ns.Track) []float64 { return t.LinearCenters() }),
	"source_edge_id":      propertyOf(compareSegments),
	"hexagon_width":       hexagonProperty((*ns.Hexagons).Width),
	"hex_radius_":         hexagonProperty((*ns.Hexagons).Radius),
	"grid_offset_x_":      hexagonProperty(func(h *ns.Hexagons) float64 { return h.Bins().Ranges[0][0] }),
	"grid_offset_y_":      hexagonProperty(func(h *ns.Hexagons) float64 { return h.Bins().Ranges[1][0] }),
	"edge_id": propertyOf(func(r *oracleRun, want []int) error {
		if isPolar(r.env) {
			return nil // Python numbers edges across the seam last, although it lists them in between
		}
		for i, id := range want {
			if id != i {
				return fmt.Errorf("edge %d has number %d; Edges would have to list them by number", i, id)
			}
		}
		return same(r.env.NumEdges(), len(want))
	}),
}

// cellsOf returns the shape of the array of cells that bins come from, and the cell of every bin.
func cellsOf(r *oracleRun) (shape, cells []int) {
	env := r.env
	switch l := env.Layout().(type) {
	case *ns.Mesh:
		return recordedTriangles(r.oracleCase)
	case *ns.Hexagons:
		rows, columns := l.Shape()
		return []int{rows, columns}, l.Cells()
	case *ns.Track: // Python counts bins as cells, but gaps in the shape
		for b := range env.NumBins() {
			cells = append(cells, b)
		}
		return []int{len(l.Gaps())}, cells
	}
	return env.GridShape(), env.GridCells()
}

// hexagonProperty compares a number that only hexagons have.
func hexagonProperty(of func(h *ns.Hexagons) float64) func(*oracleRun, json.RawMessage) error {
	return propertyOf(func(r *oracleRun, want float64) error {
		h, ok := r.env.Layout().(*ns.Hexagons)
		if !ok {
			return fmt.Errorf("the layout is %T", r.env.Layout())
		}
		return near([]float64{of(h)}, []float64{want}, geometry)
	})
}

// compareKind knows the kinds that have names of their own here.
func compareKind(r *oracleRun, want string) error {
	switch {
	case want == "ShapelyPolygon":
		want = "Polygon"
	case isPolar(r.env):
		want = map[string]string{"MaskedGrid": "Polar"}[want]
	}
	return same(r.env.LayoutKind(), want)
}

// compareSizes makes one exception from Python, which gives all cells of a grid the size of the first.
func compareSizes(r *oracleRun, want floats) error {
	if uneven := unevenSizes(r.env); uneven != nil {
		want = uneven
	}
	return near(r.env.BinSizes(), want, geometry)
}

// unevenSizes returns the size of every bin of a grid whose cells differ, and nil for other environments.
func unevenSizes(env *ns.Environment) []float64 {
	shape, edges := env.GridShape(), env.GridEdges()
	width := func(k, i int) float64 { return edges[k][i+1] - edges[k][i] }
	differ := false
	for k := range edges {
		for i := range shape[k] {
			differ = differ || math.Abs(width(k, i)-width(k, 0)) > 1e-6*width(k, 0)
		}
	}
	if !differ {
		return nil
	}
	sizes := make([]float64, 0, env.NumBins())
	for _, cell := range env.GridCells() {
		size := 1.0
		for k := len(shape) - 1; k >= 0; k-- {
			size *= width(k, cell%shape[k])
			cell /= shape[k]
		}
		sizes = append(sizes, size)
	}
	return sizes
}

func propertyOf[T any](compare func(r *oracleRun, want T) error) func(*oracleRun, json.RawMessage) error {
	return func(r *oracleRun, raw json.RawMessage) error {
		var want T
		if err := json.Unmarshal(raw, &want); err != nil {
			return err
		}
		return compare(r, want)
	}
}

// coordinateScale is the largest coordinate in units of the smallest edge, at least 1.
func coordinateScale(r *oracleRun) float64 {
	largest := 1.0
	for _, v := range r.env.BinCenters().Flat() {
		largest = math.Max(largest, math.Abs(v))
	}
	return largest
}

func nearValues(got, want []float64, slack float64) error {
	if len(got) != len(want) {
		return fmt.Errorf("got %d values, want %d", len(got), len(want))
	}
	for i := range want {
		if !nearValue(got[i], want[i], slack) {
			return fmt.Errorf("value %d is %v, want %v", i, got[i], want[i])
		}
	}
	return nil
}

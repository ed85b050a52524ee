package neurospatial_test

import (
	"encoding/json"
	"fmt"
	"maps"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func init() {
	oracleOps["resample_field"] = opOf(oracleResample)
	oracleOps["apply_transform"] = opOf(oracleTransform)
}

// source returns the second environment of a case, of which only the description is recorded.
func (r *oracleRun) source() (*ns.Environment, error) {
	var cells []int
	var edges []floats
	var n int
	if err := json.Unmarshal(r.SourceEnv["grid_edges"], &edges); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(r.SourceEnv["active_mask_flat_indices"], &cells); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(r.SourceEnv["n_bins"], &n); err != nil || n != len(cells) {
		return nil, fmt.Errorf("%d bins in %d cells, %v", n, len(cells), err)
	}
	active := make([]bool, (len(edges[0])-1)*(len(edges[1])-1))
	for _, c := range cells {
		active[c] = true
	}
	return ns.FromMask(active, [][]float64{edges[0], edges[1]})
}

func oracleResample(r *oracleRun, a struct {
	Field     floats
	Method    string
	Bandwidth float64
}) (func(floats) error, error) {
	source, err := r.source()
	if err != nil {
		return nil, err
	}
	tol := geometry
	switch a.Method {
	case "nearest":
	case "diffuse":
		tol = truncated
	default:
		return nil, fmt.Errorf("%w: method %q", errArguments, a.Method)
	}
	got, err := r.env.ResampleField(a.Field, source, ns.ResampleOptions{Bandwidth: a.Bandwidth})
	return func(want floats) error { return near(got, want, tol) }, err
}

// oracleTransform leaves out what Python forgets to transform: the borders of a grid, and sizes, which it replaces by
// the squares of distances. Bins of a turned grid have no cells here.
func oracleTransform(r *oracleRun, a struct {
	Matrix rows
	Of     string
}) (func(description) error, error) {
	if a.Of != "source_env" {
		return nil, fmt.Errorf("%w: transform of %q", errArguments, a.Of)
	}
	source, err := r.source()
	if err != nil {
		return nil, err
	}
	m := a.Matrix
	t, err := ns.NewAffine([][]float64{m[0][:2], m[1][:2]}, []float64{m[0][2], m[1][2]})
	if err != nil {
		return nil, err
	}
	moved, err := source.Transform(t)
	return func(want description) error {
		want = maps.Clone(want)
		for _, field := range []string{"layout_type", "tag", "grid_edges", "bin_sizes"} {
			delete(want, field)
		}
		if moved.GridShape() == nil {
			for _, field := range []string{"grid_shape", "active_mask_flat_indices", "source_grid_flat_index", "original_grid_nd_index"} {
				delete(want, field)
			}
		}
		size := source.BinSizes()[0] * (m[0][0]*m[1][1] - m[0][1]*m[1][0])
		for b, s := range moved.BinSizes() {
			if !closeTo(s, size) {
				return fmt.Errorf("bin %d has size %v, want %v", b, s, size)
			}
		}
		inside, err := moved.BinAt(moved.BinCenters())
		if err != nil {
			return err
		}
		for b, got := range inside {
			if got != b {
				return fmt.Errorf("the centre of bin %d is in bin %d", b, got)
			}
		}
		return describes(moved, want)
	}, err
}

package neurospatial_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func init() {
	oracleOps["subset"] = opOf(oracleSubset)
	oracleOps["subset_bin_at"] = opOf(oracleSubsetBinAt)
	oracleOps["subset_smooth"] = opOf(oracleSubsetSmooth)
	oracleOps["rebin"] = opOf(oracleRebin)
}

// description is a recorded environment.
type description = map[string]json.RawMessage

// describes compares an environment that was made from another one with its recorded description.
func describes(env *ns.Environment, want description) error {
	r := &oracleRun{env: env}
	for _, field := range slices.Sorted(maps.Keys(want)) {
		if notYet["property "+field] != "" {
			continue
		}
		compare, ok := oracleProperties[field]
		if !ok {
			return fmt.Errorf("property %q is neither compared nor in notYet", field)
		}
		if err := compare(r, want[field]); err != nil {
			return fmt.Errorf("property %s: %v", field, err)
		}
	}
	return nil
}

// describesSubset compares a subset with its recorded description. What Python says of subsets that are no grids is
// left out where it forgets the cells: they have the mean distance of their neighbours for a size, an array of one
// axis for a grid, tracks without linear positions, and edges numbered as in the whole, in an order that depends on the hash values of Python.
func describesSubset(whole, sub *ns.Environment, kept []int, recorded description) error {
	if whole.GridShape() != nil {
		return describes(sub, recorded)
	}
	want := maps.Clone(recorded)
	for _, field := range []string{"layout_type", "tag", "grid_shape", "active_mask_flat_indices", "bin_sizes", "source_grid_flat_index",
		"original_grid_nd_index", "is_linearized_track", "pos_1D", "source_edge_id", "edge_id", "edges", "edge_distance", "edge_vector", "edge_angle_2d"} {
		delete(want, field)
	}
	if err := sameEdges(sub, recorded); err != nil {
		return err
	}
	sizes := make([]float64, len(kept))
	for i, b := range kept {
		sizes[i] = whole.BinSizes()[b]
	}
	if err := near(sub.BinSizes(), sizes, geometry); err != nil {
		return fmt.Errorf("bin sizes: %v", err)
	}
	if err := same(sub.LayoutKind(), "Subset"); err != nil {
		return err
	}
	return describes(sub, want)
}

// sameEdges compares recorded edges, if there are any, in any order.
func sameEdges(env *ns.Environment, recorded description) error {
	if recorded["edges"] == nil {
		return nil
	}
	var pairs [][2]int
	var distances floats
	if err := json.Unmarshal(recorded["edges"], &pairs); err != nil {
		return err
	}
	if err := json.Unmarshal(recorded["edge_distance"], &distances); err != nil {
		return err
	}
	got := map[[2]int]float64{}
	for _, e := range env.Edges() {
		got[[2]int{e.U, e.V}] = e.Distance
	}
	if len(got) != len(pairs) {
		return fmt.Errorf("%d edges, want %d", len(got), len(pairs))
	}
	for i, p := range pairs {
		d, ok := got[[2]int{min(p[0], p[1]), max(p[0], p[1])}]
		if !ok || near([]float64{d}, distances[i:i+1], geometry) != nil {
			return fmt.Errorf("edge %v has length %v, want %v", p, d, distances[i])
		}
	}
	return nil
}

// keptBy returns the bins of a subset, in order.
func keptBy(whole, sub *ns.Environment) []int {
	bins, err := whole.BinAt(sub.BinCenters())
	if err != nil {
		panic(err) // the dimensions are the same
	}
	return bins
}

func (r *oracleRun) subset(bins []int) (*ns.Environment, error) {
	keep := make([]bool, r.env.NumBins())
	for _, b := range bins {
		keep[b] = true
	}
	return r.env.Subset(ns.SubsetOptions{Bins: keep})
}

func oracleSubset(r *oracleRun, a struct {
	Bins []int `json:"bins_true"`
}) (func(description) error, error) {
	sub, err := r.subset(a.Bins)
	return func(want description) error { return describesSubset(r.env, sub, a.Bins, want) }, err
}

func oracleSubsetBinAt(r *oracleRun, a struct {
	Bins   []int `json:"bins_true"`
	Points rows
}) (func([]int) error, error) {
	sub, err := r.subset(a.Bins)
	if err != nil {
		return nil, err
	}
	got, err := sub.BinAt(a.Points.points())
	return func(want []int) error {
		if r.env.GridShape() == nil {
			// Python asks for the nearest centre, here a point is in the bin that it was in before.
			if want, err = r.env.BinAt(a.Points.points()); err != nil {
				return err
			}
			for i, b := range want {
				want[i] = slices.Index(a.Bins, b)
			}
		}
		return same(got, want)
	}, err
}

func oracleSubsetSmooth(r *oracleRun, a struct {
	smoothArgs
	Bins []int `json:"bins_true"`
}) (func(floats) error, error) {
	sub, err := r.subset(a.Bins)
	if err != nil {
		return nil, err
	}
	return oracleSmooth(&oracleRun{env: sub}, a.smoothArgs)
}

// oracleRebin makes one exception from Python, whose coarse environment forgets which cells were bins and has
// all of them. Here a coarse cell is a bin if it contains one; what Python says about these cells must agree.
func oracleRebin(r *oracleRun, a struct{ Factor json.RawMessage }) (func(description) error, error) {
	var factors []int
	if bytes.HasPrefix(a.Factor, []byte("[")) {
		if err := json.Unmarshal(a.Factor, &factors); err != nil {
			return nil, fmt.Errorf("%w: %v", errArguments, err)
		}
	} else {
		factors = make([]int, 1)
		if err := json.Unmarshal(a.Factor, &factors[0]); err != nil {
			return nil, fmt.Errorf("%w: %v", errArguments, err)
		}
	}
	coarse, err := r.env.Rebin(factors...)
	if err != nil {
		return nil, err
	}
	return func(want description) error {
		if len(factors) == 1 {
			factors = slices.Repeat(factors, r.env.NumDims())
		}
		blocks := blocksWithBins(r.env, coarse.GridShape(), factors)
		if err := same(marked(coarse.ActiveMask()), blocks); err != nil {
			return fmt.Errorf("blocks that contain bins: %v", err)
		}
		return describes(coarse, withoutEmptyBlocks(want, blocks))
	}, nil
}

// blocksWithBins lists the coarse cells that contain the centre of a bin.
func blocksWithBins(env *ns.Environment, coarse, factors []int) []int {
	shape := env.GridShape()
	found := map[int]bool{}
next:
	for _, cell := range env.GridCells() {
		index := make([]int, len(shape))
		for k := len(shape) - 1; k >= 0; k-- {
			index[k], cell = cell%shape[k]/factors[k], cell/shape[k]
		}
		block := 0
		for k, i := range index {
			if i >= coarse[k] {
				continue next
			}
			block = block*coarse[k] + i
		}
		found[block] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// withoutEmptyBlocks reduces the description of a full grid to some of its cells. Properties that would have
// to be computed anew are left out.
func withoutEmptyBlocks(full description, blocks []int) description {
	var n int
	if err := json.Unmarshal(full["n_bins"], &n); err != nil || n == len(blocks) {
		return full
	}
	part := maps.Clone(full)
	for _, field := range []string{"n_edges", "boundary_bins", "components", "edges", "edge_distance", "edge_vector", "edge_angle_2d", "edge_id"} {
		delete(part, field)
	}
	part["n_bins"] = mustJSON(len(blocks))
	part["active_mask_flat_indices"] = mustJSON(blocks)
	for _, field := range []string{"bin_sizes", "bin_centers", "source_grid_flat_index", "original_grid_nd_index"} {
		var values, kept []json.RawMessage
		if json.Unmarshal(full[field], &values) != nil || len(values) != n {
			continue // not recorded
		}
		for _, b := range blocks {
			kept = append(kept, values[b])
		}
		part[field] = mustJSON(kept)
	}
	return part
}

func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // numbers and raw messages only
	}
	return b
}

package neurospatial_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// Python refuses some operations on all grids but those of from_samples, although they need no more than a
// lattice, and takes the cells of an uneven grid to be of the same size. Here both are done right; the
// recordings say nothing about them, so that plain computations stand in.

// anyGrid tells whether Python refused a call only because the grid has another constructor.
func anyGrid(r *oracleRun, op oracleOp) bool {
	return r.env.GridShape() != nil && strings.Contains(op.Error.Message, "only supported for RegularGridLayout")
}

// anyGridOps compares such calls with plain computations.
var anyGridOps = map[string]func(r *oracleRun, args json.RawMessage) error{
	"interpolate": checkLinear,
	"occupancy":   checkCrossings,
	"rebin":       checkBlocks,
}

func checkLinear(r *oracleRun, raw json.RawMessage) error {
	var a struct {
		Field  floats
		Points rows
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	got, err := r.env.Interpolate(a.Field, a.Points.points(), ns.InterpolateOptions{Method: ns.MethodLinear})
	if err != nil {
		return err
	}
	want := make([]float64, len(a.Points))
	for i, p := range a.Points {
		want[i] = plainLinear(r.env, a.Field, p)
	}
	return near(got, want, geometry)
}

func checkBlocks(r *oracleRun, raw json.RawMessage) error {
	var a struct{ Factor json.RawMessage }
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	one, factors := 0, []int(nil)
	if bytes.HasPrefix(a.Factor, []byte("[")) {
		if err := json.Unmarshal(a.Factor, &factors); err != nil {
			return err
		}
	} else if err := json.Unmarshal(a.Factor, &one); err != nil {
		return err
	} else {
		factors = slices.Repeat([]int{one}, r.env.NumDims())
	}
	coarse, err := r.env.Rebin(factors...)
	if err != nil {
		return err
	}
	return same(marked(coarse.ActiveMask()), blocksWithBins(r.env, coarse.GridShape(), factors))
}

// checkCrossings shares the time of each interval among very many short pieces of its segment instead of cutting it at
// the borders: the error is a piece per border crossed.
func checkCrossings(r *oracleRun, raw json.RawMessage) error {
	var a struct {
		MaxGap        json.RawMessage `json:"max_gap"`
		ReturnSeconds *bool           `json:"return_seconds"`
		Speed         bool
		MinSpeed      float64 `json:"min_speed"`
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	if isFalse(a.ReturnSeconds) {
		return nil // the weights follow from the shares, which the calls in seconds test
	}
	o := ns.OccupancyOptions{Allocation: ns.AllocateLinear, MinSpeed: a.MinSpeed}
	if a.Speed {
		o.Speed = r.Trajectory.Speed
	}
	maxGap := 0.5
	if string(a.MaxGap) == "null" {
		o.MaxGap, maxGap = ns.NoMaxGap, math.Inf(1)
	}
	times, pos := r.Trajectory.Times, r.Trajectory.Positions
	got, err := r.env.Occupancy(times, pos.points(), o)
	if err != nil {
		return err
	}
	want := make([]float64, len(got))
	const pieces = 2000
	for k := range len(times) - 1 {
		dt := times[k+1] - times[k]
		start, err := r.env.BinAt(mustPoints(pos[k]))
		if err != nil {
			return err
		}
		if dt > maxGap || a.Speed && r.Trajectory.Speed[k] < a.MinSpeed || start[0] == ns.Outside {
			continue
		}
		points := make([][]float64, pieces)
		for i := range points {
			t := (float64(i) + 0.5) / pieces
			for d := range pos[k] {
				points[i] = append(points[i], pos[k][d]+t*(pos[k+1][d]-pos[k][d]))
			}
		}
		bins, err := r.env.BinAt(mustPoints(points...))
		if err != nil {
			return err
		}
		for _, b := range bins {
			if b != ns.Outside {
				want[b] += dt / pieces
			}
		}
	}
	for b := range want {
		if math.Abs(got[b]-want[b]) > 0.01 {
			return fmt.Errorf("bin %d has %v seconds, want about %v", b, got[b], want[b])
		}
	}
	return nil
}

// plainKernel computes the kernel of a small uneven grid from the definition, with a matrix exponential; nil if
// the recordings are right about the environment.
func plainKernel(env *ns.Environment, bandwidth float64, mode ns.KernelMode) *mat.Dense {
	sizes := unevenSizes(env)
	if sizes == nil {
		return nil
	}
	n := len(sizes)
	l := mat.NewDense(n, n, nil)
	centers := env.BinCenters()
	for _, e := range env.Edges() {
		for k := range env.NumDims() {
			step := math.Abs(centers.At(e.U, k) - centers.At(e.V, k))
			if math.Abs(step-e.Distance) > 1e-9 {
				continue // not along this axis alone
			}
			width := 1.0 // of the face: the other widths of the cell
			shape, edges, cell := env.GridShape(), env.GridEdges(), env.GridCells()[e.U]
			for d := len(shape) - 1; d >= 0; d-- {
				if i := cell % shape[d]; d != k {
					width *= edges[d][i+1] - edges[d][i]
				}
				cell /= shape[d]
			}
			w := width / step
			l.Set(e.U, e.V, w/sizes[e.U])
			l.Set(e.V, e.U, w/sizes[e.V])
			l.Set(e.U, e.U, l.At(e.U, e.U)-w/sizes[e.U])
			l.Set(e.V, e.V, l.At(e.V, e.V)-w/sizes[e.V])
		}
	}
	l.Scale(bandwidth*bandwidth/2, l)
	h := new(mat.Dense)
	h.Exp(l)
	switch mode {
	case ns.ModeTransition:
		return mat.DenseCopyOf(h.T())
	case ns.ModeDensity:
		h.Apply(func(_, j int, v float64) float64 { return v / sizes[j] }, h)
	}
	return h
}

// heatTruth returns the recorded result of smoothing, or the plain one where the recording is wrong.
func heatTruth(env *ns.Environment, recorded, field []float64, bandwidth float64, mode ns.KernelMode) []float64 {
	k := plainKernel(env, bandwidth, mode)
	if k == nil {
		return recorded
	}
	out := mat.NewVecDense(len(field), nil)
	out.MulVec(k, mat.NewVecDense(len(field), slices.Clone(field)))
	return out.RawVector().Data
}

// kernelTruth returns the recorded kernel, or the plain one where the recording is wrong.
func kernelTruth(env *ns.Environment, recorded [][]float64, bandwidth float64, mode ns.KernelMode) [][]float64 {
	k := plainKernel(env, bandwidth, mode)
	if k == nil {
		return recorded
	}
	n, _ := k.Dims()
	out := make([][]float64, n)
	for i := range out {
		out[i] = mat.Row(nil, i, k)
	}
	return out
}

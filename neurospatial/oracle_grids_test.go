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

// anyGrid tells whether Python refused a call only because the grid has another constructor, because it does not know
// the faces of a subset any more, because the nearest edge of a track's graph is not in the track, or because it
// asks for points of the plane where the environment has distances and angles.
func anyGrid(r *oracleRun, op oracleOp) bool {
	return r.env.GridShape() != nil && strings.Contains(op.Error.Message, "only supported for RegularGridLayout") ||
		strings.Contains(op.Error.Message, "diffusion kernel unsupported for layout 'SubsetLayout'") ||
		r.env.IsTrack() && op.Op == "to_linear" && op.Error.Type == "KeyError" ||
		isPolar(r.env) && strings.Contains(op.Error.Message, "Cartesian-coordinate operation") && anyGridOps[op.Op] != nil
}

// anyGridOps compares such calls with plain computations.
var anyGridOps = map[string]func(r *oracleRun, args json.RawMessage) error{
	"interpolate": checkInterpolation,
	"bin_at":      checkPolarBins,
	"contains":    checkPolarBins,
	"occupancy":   checkCrossings,
	"rebin":       checkBlocks,

	"subset_smooth": checkSubsetSmooth,
	"to_linear":     checkProjection,
}

// checkSubsetSmooth compares with the exponential of the matrix of conductances.
func checkSubsetSmooth(r *oracleRun, raw json.RawMessage) error {
	var a struct {
		smoothArgs
		Bins []int `json:"bins_true"`
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	sub, err := r.subset(a.Bins)
	if err != nil {
		return err
	}
	got, err := sub.Smooth(a.Field, a.Bandwidth)
	if err != nil {
		return err
	}
	sizes := sub.BinSizes()
	k := densityKernel(sizes, a.Bandwidth, func(join func(u, v int, w float64)) {
		for _, e := range sub.Edges() {
			join(e.U, e.V, e.Conductance)
		}
	})
	want := mat.NewVecDense(len(sizes), nil)
	want.MulVec(k, mat.NewVecDense(len(sizes), slices.Clone(a.Field)))
	return near(got, want.RawVector().Data, heat)
}

// checkInterpolation knows the one call that is not linear: at the centres of a polar environment.
func checkInterpolation(r *oracleRun, raw json.RawMessage) error {
	if !isPolar(r.env) {
		return checkLinear(r, raw)
	}
	var a struct {
		Field  floats
		Points rows
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	got, err := r.env.Interpolate(a.Field, a.Points.points())
	if err != nil {
		return err
	}
	return near(got, a.Field, geometry)
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
	centers := env.BinCenters()
	density := densityKernel(sizes, bandwidth, func(join func(u, v int, w float64)) {
		for _, e := range env.Edges() {
			for k := range env.NumDims() {
				step := math.Abs(centers.At(e.U, k) - centers.At(e.V, k))
				if math.Abs(step-e.Distance) <= 1e-9 { // along this axis alone
					join(e.U, e.V, plainFace(env, e.U, k)/step)
				}
			}
		}
	})
	h := new(mat.Dense) // the heat operator itself
	h.Apply(func(_, j int, v float64) float64 { return v * sizes[j] }, density)
	switch mode {
	case ns.ModeTransition:
		return mat.DenseCopyOf(h.T())
	case ns.ModeDensity:
		return density
	}
	return h
}

// plainFace returns the size of a bin's face across one axis of a grid: the product of its other widths.
func plainFace(env *ns.Environment, bin, axis int) float64 {
	face := 1.0
	shape, edges, cell := env.GridShape(), env.GridEdges(), env.GridCells()[bin]
	for d := len(shape) - 1; d >= 0; d-- {
		if i := cell % shape[d]; d != axis {
			face *= edges[d][i+1] - edges[d][i]
		}
		cell /= shape[d]
	}
	return face
}

// densityKernel computes exp(-bandwidth²/2·M⁻¹(D−W))·M⁻¹ for bins of given sizes, M, joined by weights, W.
func densityKernel(sizes []float64, bandwidth float64, edges func(join func(u, v int, w float64))) *mat.Dense {
	n := len(sizes)
	l := mat.NewDense(n, n, nil)
	edges(func(u, v int, w float64) {
		l.Set(u, v, w/sizes[u])
		l.Set(v, u, w/sizes[v])
		l.Set(u, u, l.At(u, u)-w/sizes[u])
		l.Set(v, v, l.At(v, v)-w/sizes[v])
	})
	l.Scale(bandwidth*bandwidth/2, l)
	k := new(mat.Dense)
	k.Exp(l)
	k.Apply(func(_, j int, v float64) float64 { return v / sizes[j] }, k)
	return k
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

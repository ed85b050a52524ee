package neurospatial

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/nskernel/nskernel/neurospatial/internal/csr"
	"github.com/nskernel/nskernel/neurospatial/internal/heat"
)

// SmoothOptions are the options of [Environment.Smooth].
type SmoothOptions struct {
	Mode KernelMode // what smoothing keeps; the default is ModeDensity
}

// Smooth returns a field smoothed by diffusion, which follows the shape of the environment: nothing leaks
// through walls or between parts that are not connected.
//
//	field: one finite value per bin, [NumBins()]
//	bandwidth: standard deviation of the Gaussian that one bin spreads into in open space, in env.Units()
//
// Returns a new field, [NumBins()]: the product of [Environment.ComputeKernel] and the field, without forming
// the kernel. The operator is applied exactly, up to rounding; Python drops modes that decay below 1e-6. A
// field without negative values gives a result without negative values.
//
// Choose the mode by what the field is: counts → [ModeDensity], time or probability per bin →
// [ModeTransition], rates and other values → [ModeAverage].
//
// Errors: a field of another length ([ErrShape]), NaN or infinite values, a bandwidth that is not finite and
// above 0, an unknown mode ([ErrInvalid]). Python: Environment.smooth.
func (e *Environment) Smooth(field []float64, bandwidth float64, opts ...SmoothOptions) ([]float64, error) {
	return e.smooth(context.Background(), "Environment.Smooth", field, bandwidth, opts)
}

// SmoothContext is [Environment.Smooth] that stops when the context ends; the error then wraps that of the
// context. Only bandwidths as wide as an environment of many thousand bins take seconds.
func (e *Environment) SmoothContext(ctx context.Context, field []float64, bandwidth float64, opts ...SmoothOptions) ([]float64, error) {
	return e.smooth(ctx, "Environment.SmoothContext", field, bandwidth, opts)
}

func (e *Environment) smooth(ctx context.Context, op string, field []float64, bandwidth float64, opts []SmoothOptions) ([]float64, error) {
	out, err := e.smoothAll(ctx, op, [][]float64{field}, func(int) string { return "field" }, bandwidth, opts)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// SmoothAll is [Environment.Smooth] for several fields, for example one per neuron, which costs less than one
// by one.
//
//	fields: [m][NumBins()]
//
// Returns new fields, [m][NumBins()]. Errors are those of Smooth and name the first field at fault.
// Python: Environment.diffuse.
func (e *Environment) SmoothAll(fields [][]float64, bandwidth float64, opts ...SmoothOptions) ([][]float64, error) {
	return e.smoothAll(context.Background(), "Environment.SmoothAll", fields, numbered, bandwidth, opts)
}

// SmoothAllContext is [Environment.SmoothAll] that stops when the context ends; the error then wraps that of
// the context.
func (e *Environment) SmoothAllContext(ctx context.Context, fields [][]float64, bandwidth float64, opts ...SmoothOptions) ([][]float64, error) {
	return e.smoothAll(ctx, "Environment.SmoothAllContext", fields, numbered, bandwidth, opts)
}

func numbered(k int) string { return fmt.Sprintf("fields[%d]", k) }

// smoothAll checks and smooths; name gives the name of an argument for messages.
func (e *Environment) smoothAll(ctx context.Context, op string, fields [][]float64, name func(int) string, bandwidth float64, opts []SmoothOptions) ([][]float64, error) {
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.built(op); err != nil {
		return nil, err
	}
	out := make([][]float64, len(fields))
	for k, field := range fields {
		if err := e.checkField(op, name(k), field); err != nil {
			return nil, err
		}
		if err := checkFinite(op, name(k), field); err != nil {
			return nil, err
		}
		out[k] = slices.Clone(field)
	}
	if err := checkSmoothing(op, bandwidth, o.Mode); err != nil {
		return nil, err
	}
	if err := e.diffuse(ctx, bandwidth, o.Mode, out...); err != nil {
		return nil, unsmoothed(op, err)
	}
	return out, nil
}

// checkSmoothing refuses bandwidths and modes that mean nothing.
func checkSmoothing(op string, bandwidth float64, mode KernelMode) error {
	if !(bandwidth > 0) || math.IsInf(bandwidth, 1) {
		return &Error{Op: op, Arg: "bandwidth", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("is %g; a bandwidth is finite and above 0", bandwidth),
			Fix:  "one to three bin sizes suit most maps"}
	}
	if int(mode) >= len(kernelModeNames) {
		return &Error{Op: op, Arg: "Mode", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("is %v; use ModeDensity, ModeTransition or ModeAverage", mode)}
	}
	return nil
}

// diffusion is what smoothing needs to know about an environment: the heat operator between its bins. With
// equal bin sizes the symmetric operator of package heat is the heat operator itself; otherwise the square
// roots of the sizes lead from one to the other.
//
// Python divides by row sums of the truncated operator. Those of the exact operator are 1 (average,
// transition) or the bin sizes (density), so there is nothing to divide by.
type diffusion struct {
	operator heat.Operator
	roots    []float64 // [n] square roots of the volumes; nil if all are equal
}

// diffusion returns the heat operator of the environment, built at the first call.
func (e *Environment) diffusion(ctx context.Context) (*diffusion, error) {
	return cached(ctx, &e.caches, cacheKey{part: CacheKernels, what: "heat"}, e.newDiffusion)
}

func (e *Environment) newDiffusion(context.Context) (*diffusion, int64, error) {
	if box := e.box(); box != nil {
		return &diffusion{operator: box}, box.Bytes(), nil
	}
	edges := make([]csr.Edge, len(e.conductance))
	for i, c := range e.conductance {
		edge := e.graph.Edges()[i]
		edges[i] = csr.Edge{U: edge.U, V: edge.V, W: c}
	}
	sparse, err := heat.NewSparse(e.volumes, edges)
	if err != nil {
		return nil, 0, err
	}
	d := &diffusion{operator: sparse}
	bytes := sparse.Bytes()
	if !allEqual(e.volumes) {
		d.roots = make([]float64, len(e.volumes))
		for i, v := range e.volumes {
			d.roots[i] = math.Sqrt(v)
		}
		bytes += int64(8 * len(d.roots))
	}
	return d, bytes, nil
}

// box returns the operator of a full grid of equal cells through whose faces heat flows alike along each
// axis, or nil if the environment is anything else. It looks at what the layout says about every face, since
// a layout may put walls into a grid.
func (e *Environment) box() *heat.Box {
	l := e.lattice
	if l == nil || !l.full() || !l.even || !allEqual(e.volumes) {
		return nil
	}
	rate := make([]float64, len(l.shape))
	faces := 0
	for _, side := range l.shape {
		faces += e.NumBins() / side * (side - 1)
	}
	const tolerance = 1e-9 // as in lattice.even
	for i, c := range e.conductance {
		if c == 0 {
			continue
		}
		edge := e.graph.Edges()[i]
		axis := l.axisBetween(int(min(edge.U, edge.V)), int(max(edge.U, edge.V)))
		if axis < 0 {
			return nil
		}
		r := c / e.volumes[0]
		if rate[axis] == 0 {
			rate[axis] = r
		}
		if math.Abs(r-rate[axis]) > tolerance*rate[axis] {
			return nil
		}
		faces--
	}
	if faces != 0 {
		return nil
	}
	box, err := heat.NewBox(l.shape, rate)
	if err != nil {
		return nil
	}
	return box
}

// axisBetween returns the axis along which two cells share a face, or -1.
func (l *lattice) axisBetween(low, high int) int {
	for k, stride := range l.stride {
		if high-low == stride && l.along(low, k)+1 == l.along(high, k) {
			return k
		}
	}
	return -1
}

func allEqual(values []float64) bool {
	for _, v := range values {
		if v != values[0] {
			return false
		}
	}
	return true
}

// diffuse replaces every field by its smoothed version.
func (e *Environment) diffuse(ctx context.Context, bandwidth float64, mode KernelMode, fields ...[]float64) error {
	d, err := e.diffusion(ctx)
	if err != nil {
		return err
	}
	amounts, scales := make([]bool, len(fields)), make([]float64, len(fields))
	for k, f := range fields {
		lo, hi := slices.Min(f), slices.Max(f)
		amounts[k], scales[k] = lo >= 0, 1
		if m := max(hi, -lo); m > 1e150 {
			scales[k] = m // sums of squares would overflow
			multiply(f, 1/m)
		}
		d.enter(mode, f)
	}
	if err := d.operator.At(bandwidth*bandwidth/2).Apply(ctx, fields...); err != nil {
		return err
	}
	for k, f := range fields {
		d.exit(mode, f)
		if mode == ModeDensity {
			for i, v := range e.volumes {
				f[i] /= v
			}
		}
		if amounts[k] {
			for i, v := range f {
				f[i] = max(v, 0) // the operator has no negative entries, rounding may
			}
		}
		if scales[k] != 1 {
			multiply(f, scales[k])
		}
	}
	return nil
}

func multiply(f []float64, by float64) {
	for i := range f {
		f[i] *= by
	}
}

// enter turns a field into what the symmetric operator takes.
func (d *diffusion) enter(mode KernelMode, f []float64) {
	for i, r := range d.roots {
		if mode == ModeAverage {
			f[i] *= r
		} else {
			f[i] /= r
		}
	}
}

// exit undoes enter.
func (d *diffusion) exit(mode KernelMode, f []float64) {
	for i, r := range d.roots {
		if mode == ModeAverage {
			f[i] /= r
		} else {
			f[i] *= r
		}
	}
}

// numWorkers returns how many goroutines are worth starting for so many elementary operations.
func numWorkers(operations int) int {
	return max(1, min(runtime.GOMAXPROCS(0), operations/100_000))
}

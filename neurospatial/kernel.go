package neurospatial

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"gonum.org/v1/gonum/mat"
)

// KernelMode says what a smoothing kernel keeps.
type KernelMode uint8

const (
	// ModeDensity turns an amount per bin into a density: the result, weighted with the bin sizes, adds up
	// to the sum of the field. For counts. It is the default.
	ModeDensity KernelMode = iota
	// ModeTransition moves amounts between bins: the result adds up to the sum of the field. For time and
	// probability per bin.
	ModeTransition
	// ModeAverage takes a weighted mean around each bin: a constant field stays as it is. For rates.
	ModeAverage
)

var kernelModeNames = [...]string{"density", "transition", "average"}

// String returns the Python name of the mode, "density".
func (m KernelMode) String() string {
	if int(m) < len(kernelModeNames) {
		return kernelModeNames[m]
	}
	return fmt.Sprintf("KernelMode(%d)", uint8(m))
}

// KernelOptions are the options of [Environment.ComputeKernel].
type KernelOptions struct {
	Mode KernelMode // what the kernel keeps; the default is ModeDensity
	// NoCache computes the kernel anew and does not keep it. Python: cache=False.
	NoCache bool
	// MaxBytes is the largest size of a kernel; 0 means 2 GiB. A larger one is refused with [ErrTooLarge]
	// before anything is computed.
	MaxBytes int64
}

// defaultMaxKernelBytes is the size that a kernel may have unless options say otherwise.
const defaultMaxKernelBytes = 2 << 30

// ComputeKernel returns the smoothing kernel of a bandwidth as a matrix. [Environment.Smooth] gives the same
// numbers without ever forming the matrix, hundreds of times faster; a kernel is for looking at its entries
// and for use as a matrix.
//
//	bandwidth: standard deviation of the Gaussian to which the kernel tends in open space, in env.Units()
//
// The kernel is exp(-tL), t = bandwidth²/2, with the Laplacian L of heat that flows between bins through
// the faces that they share; nothing leaks through walls. Entry (i, j) is what bin j gives to bin i.
// Entries that rounding makes negative are set to 0 and the rest is scaled to what the mode keeps.
//
// The matrix is kept for the next call, one for all modes of a bandwidth; see [Environment.ClearCache].
// Errors: a bandwidth that is not finite and above 0, an unknown mode ([ErrInvalid]), a kernel over the
// memory limit ([ErrTooLarge]). Python: Environment.compute_kernel.
func (e *Environment) ComputeKernel(bandwidth float64, opts ...KernelOptions) (*Kernel, error) {
	return e.computeKernel(context.Background(), "Environment.ComputeKernel", bandwidth, opts)
}

// ComputeKernelContext is [Environment.ComputeKernel] that stops when the context ends. The error then
// wraps that of the context.
func (e *Environment) ComputeKernelContext(ctx context.Context, bandwidth float64, opts ...KernelOptions) (*Kernel, error) {
	return e.computeKernel(ctx, "Environment.ComputeKernelContext", bandwidth, opts)
}

func (e *Environment) computeKernel(ctx context.Context, op string, bandwidth float64, opts []KernelOptions) (*Kernel, error) {
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.built(op); err != nil {
		return nil, err
	}
	if err := checkSmoothing(op, bandwidth, o.Mode); err != nil {
		return nil, err
	}
	if err := e.checkKernelSize(op, o.MaxBytes); err != nil {
		return nil, err
	}
	compute := func(ctx context.Context) (*spreadMatrix, int64, error) { return e.spreadMatrix(ctx, bandwidth) }
	var m *spreadMatrix
	if o.NoCache {
		m, _, err = compute(ctx)
	} else {
		m, err = cached(ctx, &e.caches, cacheKey{part: CacheKernels, what: "kernel", bandwidth: bandwidth}, compute)
	}
	if err != nil {
		return nil, unsmoothed(op, err)
	}
	return &Kernel{matrix: m, mode: o.Mode, bandwidth: bandwidth}, nil
}

// unsmoothed explains why there is no result: the context ended, or the layout has no heat operator.
func unsmoothed(op string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &Error{Op: op, What: "was stopped: " + err.Error(), Kind: err}
	}
	return &Error{Op: op, Code: codeLayout, Kind: ErrInvalid, What: "layout has no heat operator", Why: err.Error()}
}

// checkKernelSize refuses kernels of more than limit bytes.
func (e *Environment) checkKernelSize(op string, limit int64) error {
	if limit < 0 {
		return &Error{Op: op, Arg: "MaxBytes", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("is %d; a size is not negative, and 0 stands for 2 GiB", limit)}
	}
	if limit == 0 {
		limit = defaultMaxKernelBytes
	}
	n := float64(e.NumBins())
	need := 8 * n * n
	if need <= float64(limit) && need <= math.MaxInt {
		return nil
	}
	return &Error{Op: op, Code: codeTooLarge, Kind: ErrTooLarge,
		What: fmt.Sprintf("kernel of %d bins takes %s, the limit is %s", e.NumBins(), formatBytes(need), formatBytes(float64(limit))),
		Fix: fmt.Sprintf("use Smooth, which needs no matrix, at most %d bins, or MaxBytes: %.0f",
			int(math.Sqrt(float64(limit)/8)), need)}
}

// Kernel is a smoothing kernel, a square matrix that cannot be changed. It implements gonum's mat.Matrix.
type Kernel struct {
	matrix    *spreadMatrix
	mode      KernelMode
	bandwidth float64
}

var _ mat.Matrix = (*Kernel)(nil)

// Mode returns what the kernel keeps.
func (k *Kernel) Mode() KernelMode { return k.mode }

// Bandwidth returns the bandwidth in units of length of the environment.
func (k *Kernel) Bandwidth() float64 { return k.bandwidth }

// Dims returns the number of rows and columns, both [NumBins()].
func (k *Kernel) Dims() (rows, columns int) { return k.size(), k.size() }

// size is 0 for a Kernel that ComputeKernel did not make.
func (k *Kernel) size() int {
	if k == nil || k.matrix == nil {
		return 0
	}
	return k.matrix.n
}

// At returns what bin j gives to bin i. Like the indexing of a slice it panics when there is no such bin.
func (k *Kernel) At(i, j int) float64 {
	n := k.size()
	if uint(i) >= uint(n) || uint(j) >= uint(n) {
		panic(fmt.Sprintf("neurospatial: Kernel.At(%d, %d) out of range for %v", i, j, k))
	}
	switch k.mode {
	case ModeAverage:
		return k.matrix.rows[i*n+j]
	case ModeTransition:
		return k.matrix.rows[j*n+i]
	default:
		return k.matrix.rows[j*n+i] / k.matrix.volumes[i]
	}
}

// T returns the transposed kernel; nothing is copied.
func (k *Kernel) T() mat.Matrix { return mat.Transpose{Matrix: k} }

// Apply returns the product of the kernel and a field.
//
//	field: one value per bin, [NumBins()]
//
// Returns a new field, [NumBins()]. A field of another length is an [ErrShape]. Python: kernel @ field.
func (k *Kernel) Apply(field []float64) ([]float64, error) {
	n := k.size()
	if len(field) != n || n == 0 {
		return nil, &Error{Op: "Kernel.Apply", Arg: "field", Code: codeLength, Kind: ErrShape,
			What: fmt.Sprintf("has %d values, kernel has %d bins", len(field), n)}
	}
	out := make([]float64, n)
	if k.mode == ModeAverage {
		k.matrix.timesTo(out, field)
		return out, nil
	}
	k.matrix.transposeTimesTo(out, field)
	if k.mode == ModeDensity {
		for i, v := range k.matrix.volumes {
			out[i] /= v
		}
	}
	return out, nil
}

// String returns the size, mode and bandwidth: Kernel(396×396, density, bandwidth 5).
func (k *Kernel) String() string {
	if k.size() == 0 {
		return "Kernel(empty)"
	}
	return fmt.Sprintf("Kernel(%d×%d, %v, bandwidth %g)", k.size(), k.size(), k.mode, k.bandwidth)
}

// spreadMatrix tells for each bin where its heat goes: rows add up to 1. It is the kernel of ModeAverage, its
// transpose that of ModeTransition, and that divided by the bin sizes the kernel of ModeDensity.
type spreadMatrix struct {
	n       int
	rows    []float64 // [n*n]
	volumes []float64 // [n]; shared with the environment
}

// spreadMatrix computes the matrix of a bandwidth and its size in bytes.
func (e *Environment) spreadMatrix(ctx context.Context, bandwidth float64) (*spreadMatrix, int64, error) {
	d, err := e.diffusion(ctx)
	if err != nil {
		return nil, 0, err
	}
	n := e.NumBins()
	m := &spreadMatrix{n: n, rows: make([]float64, n*n), volumes: e.volumes}
	if err := d.operator.At(bandwidth*bandwidth/2).Rows(ctx, 0, n, m.rows); err != nil {
		return nil, 0, err
	}
	eachPart(n, n*n, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row := m.rows[i*n : (i+1)*n]
			sum := 0.0
			for j, v := range row {
				row[j] = max(v, 0)
				if d.roots != nil {
					row[j] *= d.roots[j]
				}
				sum += row[j]
			}
			for j := range row {
				row[j] /= sum
			}
		}
	})
	return m, int64(8 * n * n), nil
}

// timesTo writes the product with a field.
func (m *spreadMatrix) timesTo(out, field []float64) {
	eachPart(m.n, m.n*m.n, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			sum := 0.0
			for j, v := range m.rows[i*m.n : (i+1)*m.n] {
				sum += v * field[j]
			}
			out[i] = sum
		}
	})
}

// transposeTimesTo writes the product of the transpose with a field. Each part adds up its own columns in the
// order of the rows, so that the result does not depend on the number of parts.
func (m *spreadMatrix) transposeTimesTo(out, field []float64) {
	eachPart(m.n, m.n*m.n, func(lo, hi int) {
		sum := out[lo:hi]
		for j, f := range field {
			row := m.rows[j*m.n:][lo:hi][:len(sum)]
			for i := range sum {
				sum[i] += f * row[i]
			}
		}
	})
}

// eachPart runs f over 0..n-1, cut into parts that run at once if there are enough operations.
func eachPart(n, operations int, f func(lo, hi int)) {
	parts := numWorkers(operations)
	if parts == 1 {
		f(0, n)
		return
	}
	var group sync.WaitGroup
	for p := range parts {
		group.Go(func() { f(p*n/parts, (p+1)*n/parts) })
	}
	group.Wait()
}

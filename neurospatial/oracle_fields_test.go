package neurospatial_test

import (
	"fmt"

	ns "github.com/nskernel/nskernel/neurospatial"
)

var (
	truncated = tolerance{1e-5, "Python smooths with a truncated set of modes, bounded by 1e-6 of the field in the norm of the volumes"}
	heat      = tolerance{1e-9, "Python takes a matrix exponential by Padé approximation and clips at 0"}
	modal     = tolerance{1e-9, "Python sums all modes of an eigen decomposition, which loses some digits"}
)

func init() {
	oracleOps["smooth"] = opOf(oracleSmooth)
	oracleOps["kernel_matvec"] = opOf(oracleMatvec)
	oracleOps["compute_kernel"] = opOf(oracleKernel)
	oracleOps["diffuse"] = opOf(oracleDiffuse)
	oracleOps["smooth_and_all_modes"] = opOf(oracleAllModes)
}

func modeOf(name string) (ns.KernelMode, error) {
	for _, m := range []ns.KernelMode{ns.ModeDensity, ns.ModeTransition, ns.ModeAverage} {
		if m.String() == name {
			return m, nil
		}
	}
	return 0, fmt.Errorf("%w: mode %q", errArguments, name)
}

// smoothArgs are the arguments of the operations that spread one field.
type smoothArgs struct {
	Field     floats
	Delta     *int `json:"field_delta_at"` // a field that is 1 at this bin and 0 elsewhere
	Bandwidth float64
	Mode      string
}

func (a smoothArgs) read(r *oracleRun) ([]float64, ns.KernelMode, error) {
	mode, err := modeOf(a.Mode)
	field := []float64(a.Field)
	if a.Delta != nil {
		field = make([]float64, r.env.NumBins())
		field[*a.Delta] = 1
	}
	return field, mode, err
}

func oracleSmooth(r *oracleRun, a smoothArgs) (func(floats) error, error) {
	field, mode, err := a.read(r)
	if err != nil {
		return nil, err
	}
	got, err := r.env.Smooth(field, a.Bandwidth, ns.SmoothOptions{Mode: mode})
	return func(want floats) error {
		return near(got, heatTruth(r.env, want, field, a.Bandwidth, mode), truncated)
	}, err
}

// oracleMatvec applies the kernel and smooths: the exact operator is the same for both.
func oracleMatvec(r *oracleRun, a smoothArgs) (func(floats) error, error) {
	field, mode, err := a.read(r)
	if err != nil {
		return nil, err
	}
	kernel, err := r.env.ComputeKernel(a.Bandwidth, ns.KernelOptions{Mode: mode})
	if err != nil {
		return nil, err
	}
	product, err := kernel.Apply(field)
	if err != nil {
		return nil, err
	}
	smooth, err := r.env.Smooth(field, a.Bandwidth, ns.SmoothOptions{Mode: mode})
	return func(want floats) error {
		want = heatTruth(r.env, want, field, a.Bandwidth, mode)
		if err := near(product, want, heat); err != nil {
			return fmt.Errorf("Kernel.Apply: %v", err)
		}
		if err := near(smooth, want, heat); err != nil {
			return fmt.Errorf("Smooth: %v", err)
		}
		return nil
	}, err
}

func oracleKernel(r *oracleRun, a struct {
	Bandwidth float64
	Mode      string
}) (func(rows) error, error) {
	mode, err := modeOf(a.Mode)
	if err != nil {
		return nil, err
	}
	kernel, err := r.env.ComputeKernel(a.Bandwidth, ns.KernelOptions{Mode: mode})
	if err != nil {
		return nil, err
	}
	return func(want rows) error {
		return nearRows(entries(kernel), kernelTruth(r.env, want, a.Bandwidth, mode), heat)
	}, nil
}

// entries reads a kernel entry by entry.
func entries(kernel *ns.Kernel) [][]float64 {
	n, m := kernel.Dims()
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = make([]float64, m)
		for j := range rows[i] {
			rows[i][j] = kernel.At(i, j)
		}
	}
	return rows
}

func oracleDiffuse(r *oracleRun, a struct {
	Fields    rows // one row per bin, one column per field
	Bandwidth float64
	Mode      string
}) (func(rows) error, error) {
	mode, err := modeOf(a.Mode)
	if err != nil {
		return nil, err
	}
	fields := a.Fields.points().Columns()
	got, err := r.env.SmoothAll(fields, a.Bandwidth, ns.SmoothOptions{Mode: mode})
	return func(want rows) error {
		columns := want.points().Columns()
		for i := range columns {
			columns[i] = heatTruth(r.env, columns[i], fields[i], a.Bandwidth, mode)
		}
		return nearRows(got, columns, truncated)
	}, err
}

func oracleAllModes(r *oracleRun, a struct {
	Bandwidth float64
	Mode      string
}) (func(struct {
	Smooth floats
	All    floats `json:"all_modes"`
	Kept   string `json:"modes_kept"`
}) error, error) {
	mode, err := modeOf(a.Mode)
	if err != nil {
		return nil, err
	}
	got, err := r.env.Smooth(r.Field, a.Bandwidth, ns.SmoothOptions{Mode: mode})
	return func(want struct {
		Smooth floats
		All    floats `json:"all_modes"`
		Kept   string `json:"modes_kept"`
	}) error {
		if err := near(got, want.Smooth, truncated); err != nil {
			return fmt.Errorf("truncated: %v", err)
		}
		return near(got, want.All, modal)
	}, err
}

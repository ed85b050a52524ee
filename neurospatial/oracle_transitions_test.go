package neurospatial_test

import (
	"encoding/json"
	"fmt"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func init() { oracleOps["transitions"] = oracleTransitions }

var share = tolerance{1e-14, "one division per entry"}

// transitionArgs are the arguments of the three kinds of transitions of Python.
type transitionArgs struct {
	Method     string
	Bandwidth  float64
	Normalize  *bool
	Bins       []int
	Lag        int
	Teleports  bool            `json:"allow_teleports"`
	Trajectory json.RawMessage `json:"from_trajectory"` // true, or "inside samples only"
}

// sparse is a recorded matrix of which only the entries other than 0 are listed.
type sparse struct {
	Shape      []int
	Rows, Cols []int
	Values     floats
}

func oracleTransitions(r *oracleRun, raw json.RawMessage) (func(json.RawMessage) error, error) {
	var a transitionArgs
	if err := decodeStrict(raw, &a); err != nil {
		return nil, fmt.Errorf("%w: %v", errArguments, err)
	}
	o := ns.TransitionOptions{Lag: a.Lag, AllowTeleports: a.Teleports, Counts: a.Normalize != nil && !*a.Normalize}
	var got *ns.TransitionMatrix
	var err error
	switch {
	case a.Method == "diffusion":
		return oracleDiffusionTransitions(r, a.Bandwidth)
	case a.Method == "random_walk":
		got, err = r.env.RandomWalkTransitions(o)
	case a.Method != "":
		return nil, fmt.Errorf("%w: method %q", errArguments, a.Method)
	case a.Trajectory != nil:
		var bins []int
		if bins, err = trajectoryBins(r, string(a.Trajectory) == "true"); err == nil {
			got, err = r.env.Transitions(bins, o)
		}
	default:
		got, err = r.env.Transitions(a.Bins, o)
	}
	if err != nil {
		return nil, err
	}
	return func(raw json.RawMessage) error {
		var want sparse
		if err := decodeStrict(raw, &want); err != nil {
			return err
		}
		return sameSparse(got, want)
	}, nil
}

// trajectoryBins returns the bin of each sample, or of each sample that is in one.
func trajectoryBins(r *oracleRun, all bool) ([]int, error) {
	o := ns.SequenceOptions{KeepRepeats: true}
	if !all {
		o.OutsideValue = ns.OutsideDropped
	}
	return r.env.BinSequence(r.Trajectory.Times, r.Trajectory.Positions.points(), o)
}

// oracleDiffusionTransitions compares with the average kernel, which is what Python returns.
func oracleDiffusionTransitions(r *oracleRun, bandwidth float64) (func(json.RawMessage) error, error) {
	kernel, err := r.env.ComputeKernel(bandwidth, ns.KernelOptions{Mode: ns.ModeAverage})
	if err != nil {
		return nil, err
	}
	return func(raw json.RawMessage) error {
		var want rows
		if err := json.Unmarshal(raw, &want); err != nil {
			return err
		}
		return nearRows(entries(kernel), kernelTruth(r.env, want, bandwidth, ns.ModeAverage), heat)
	}, nil
}

func sameSparse(got *ns.TransitionMatrix, want sparse) error {
	n, m := got.Dims()
	if err := same([]int{n, m}, want.Shape); err != nil {
		return fmt.Errorf("shape: %v", err)
	}
	var rows, cols []int
	var values []float64
	for i := range n {
		bins, row := got.Row(i)
		for k, b := range bins {
			rows, cols, values = append(rows, i), append(cols, b), append(values, row[k])
		}
	}
	if err := same(rows, want.Rows); err != nil {
		return fmt.Errorf("rows: %v", err)
	}
	if err := same(cols, want.Cols); err != nil {
		return fmt.Errorf("columns: %v", err)
	}
	return near(values, want.Values, share)
}

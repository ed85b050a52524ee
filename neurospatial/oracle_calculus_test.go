package neurospatial_test

import (
	"fmt"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func init() {
	oracleOps["gradient"] = opOf(oracleGradient)
	oracleOps["divergence"] = opOf(oracleDivergence)
	oracleOps["divergence_of_gradient"] = opOf(oracleLaplacian)
	oracleOps["neighbor_reduce"] = opOf(oracleReduce)
}

func oracleGradient(r *oracleRun, a struct{ Field floats }) (func(floats) error, error) {
	got, err := r.env.Gradient(a.Field)
	return func(want floats) error { return near(got, want, geometry) }, err
}

func oracleDivergence(r *oracleRun, a struct {
	Flow floats `json:"edge_field"`
}) (func(floats) error, error) {
	got, err := r.env.Divergence(a.Flow)
	return func(want floats) error { return near(got, want, geometry) }, err
}

func oracleLaplacian(r *oracleRun, a struct{ Field floats }) (func(floats) error, error) {
	gradient, err := r.env.Gradient(a.Field)
	if err != nil {
		return nil, err
	}
	got, err := r.env.Divergence(gradient)
	return func(want floats) error { return near(got, want, geometry) }, err
}

func oracleReduce(r *oracleRun, a struct {
	Field       floats
	Op          string `json:"op_name"`
	IncludeSelf bool   `json:"include_self"`
}) (func(floats) error, error) {
	o := ns.ReduceOptions{IncludeSelf: a.IncludeSelf, Reduction: ns.ReduceStd + 1}
	for red := ns.ReduceMean; red <= ns.ReduceStd; red++ {
		if red.String() == a.Op {
			o.Reduction = red
		}
	}
	if o.Reduction > ns.ReduceStd {
		return nil, fmt.Errorf("%w: op %q", errArguments, a.Op)
	}
	got, err := r.env.NeighborReduce(a.Field, o)
	return func(want floats) error { return near(got, want, geometry) }, err
}

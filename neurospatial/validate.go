package neurospatial

import (
	"fmt"
	"math"
)

// checkField refuses a field that has not one value per bin.
func (e *Environment) checkField(op, arg string, field []float64) error {
	if err := e.built(op); err != nil {
		return err
	}
	if len(field) != e.NumBins() {
		return &Error{Op: op, Arg: arg, Code: codeLength, Kind: ErrShape,
			What: fmt.Sprintf("has %d values, environment has %d bins", len(field), e.NumBins()),
			Fix:  "a field has one value per bin: make([]float64, env.NumBins())"}
	}
	return nil
}

// checkPoints refuses points whose dimension is not that of the environment. An empty list has no
// dimension of its own and is always accepted.
func (e *Environment) checkPoints(op, arg string, points Points) error {
	if err := e.built(op); err != nil {
		return err
	}
	if points.Len() == 0 || points.dim == e.NumDims() {
		return nil
	}
	fix := fmt.Sprintf("pass %d coordinates per point", e.NumDims())
	if points.Len() == e.NumDims() {
		fix = "rows and columns look swapped; PointsOf takes points as rows, PointsOfColumns takes columns"
	}
	return &Error{Op: op, Arg: arg, Code: codeDimension, Kind: ErrShape,
		What: fmt.Sprintf("has %d coordinates per point, environment has %d dimensions", points.dim, e.NumDims()), Fix: fix}
}

// checkBin refuses numbers that are not bins.
func (e *Environment) checkBin(op, arg string, bin int) error {
	if err := e.built(op); err != nil {
		return err
	}
	if bin >= 0 && bin < e.NumBins() {
		return nil
	}
	err := &Error{Op: op, Arg: arg, Code: codeBinNumber, Kind: ErrNotFound,
		What: fmt.Sprintf("is bin %d; bins are 0 to %d", bin, e.NumBins()-1)}
	if bin == Outside {
		err.Why = "-1 stands for a point outside every bin"
		err.Fix = "drop such points first; env.Contains tells which are inside"
	} else {
		err.Fix = "bins are numbered from 0; env.NumBins() tells how many there are, env.BinAt finds the bin of a point"
	}
	return err
}

// checkBins is checkBin for a list that must not be empty.
func (e *Environment) checkBins(op, arg string, bins []int) error {
	if err := e.built(op); err != nil {
		return err
	}
	if len(bins) == 0 {
		return &Error{Op: op, Arg: arg, Code: codeLength, Kind: ErrInvalid, What: "is empty; at least one bin is needed"}
	}
	for i, b := range bins {
		if b < 0 || b >= e.NumBins() {
			return e.checkBin(op, fmt.Sprintf("%s[%d]", arg, i), b)
		}
	}
	return nil
}

// checkFinite refuses NaN and infinities and names the first.
func checkFinite(op, arg string, values []float64) error {
	for i, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &Error{Op: op, Arg: fmt.Sprintf("%s[%d]", arg, i), Code: codeNotFinite, Kind: ErrInvalid,
				What: fmt.Sprintf("is %g; values must be finite", v),
				Fix:  "NaN mostly stands for a missing value, Inf for a division by 0: put what they mean in their place"}
		}
	}
	return nil
}

// checkFinitePoints refuses points with a coordinate that is NaN or infinite and names the first.
func checkFinitePoints(op, arg string, points Points) error {
	for i, v := range points.data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &Error{Op: op, Arg: arg, Code: codeNotFinite, Kind: ErrInvalid,
				What: fmt.Sprintf("has coordinate %g in point %d; coordinates must be finite", v, i/points.dim),
				Fix:  "drop such points first, or use env.BinAt, which reports them as outside"}
		}
	}
	return nil
}

// finite tells whether all values are numbers.
func finite(values []float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

package plot

import (
	"fmt"
	"math"
)

// Limits are the values that take the first and the last colour of a palette,
// or the ends of an axis. The zero value is automatic: the range of the data;
// a NaN makes one end automatic, as in Limits{0, math.NaN()}.
type Limits struct {
	Min, Max float64
}

// SharedLimits returns the limits that all fields share: the least and the
// greatest finite value of any of them. Give it to each of several figures to
// make their colours comparable.
//
//	fields: one value per bin in each, [k][NumBins()]; NaN is ignored
//
// No finite value at all, or an infinite one, is an error.
func SharedLimits(fields ...[]float64) (Limits, error) {
	const op = "SharedLimits"
	lo, hi := math.Inf(1), math.Inf(-1)
	for k, f := range fields {
		if i := firstInf(f); i >= 0 {
			return Limits{}, infinite(op, fmt.Sprintf("field %d", k), i, f[i])
		}
		l, h := finiteRange(f)
		lo, hi = min(lo, l), max(hi, h)
	}
	if lo > hi {
		return Limits{}, invalid(op, "fields", "pass at least one field with a value", "hold no value that is not NaN")
	}
	return Limits{lo, hi}, nil
}

// auto reports which ends are automatic.
func (l Limits) auto() (lo, hi bool) {
	zero := l == Limits{}
	return zero || math.IsNaN(l.Min), zero || math.IsNaN(l.Max)
}

// check returns an error if l, all given, is not a range.
func (l Limits) check(op string) error {
	if r := l.Max - l.Min; r > 0 && !math.IsInf(r, 0) {
		return nil
	}
	return invalid(op, "Limits", "give finite numbers with Min below Max",
		"are %v to %v; they must be finite and increase", l.Min, l.Max)
}

// resolve returns the limits to use for data from lo to hi (lo > hi: no data).
func (l Limits) resolve(op string, lo, hi float64, diverging bool) (Limits, error) {
	autoLo, autoHi := l.auto()
	if !autoLo && !autoHi {
		return l, l.check(op)
	}
	if lo > hi {
		lo, hi = 0, 0
	}
	if diverging {
		hi = max(math.Abs(lo), math.Abs(hi))
		if !autoLo {
			hi = math.Abs(l.Min)
		} else if !autoHi {
			hi = math.Abs(l.Max)
		}
		lo = -hi
	}
	if !autoLo {
		lo = l.Min
	}
	if !autoHi {
		hi = l.Max
	}
	if lo >= hi { // constant data, or data beyond the one given end
		lo, hi = widen(lo, hi, autoLo, autoHi)
	}
	r := Limits{lo, hi}
	return r, r.check(op)
}

// widen makes a range of an empty one by moving its automatic ends.
func widen(lo, hi float64, autoLo, autoHi bool) (float64, float64) {
	switch {
	case autoLo && autoHi && lo == 0:
		return 0, 1
	case autoLo && autoHi:
		d := math.Abs(lo) / 2
		return lo - d, lo + d
	case autoHi:
		return lo, lo + max(math.Abs(lo), 1)
	}
	return hi - max(math.Abs(hi), 1), hi
}

// finiteRange returns the least and greatest value; +Inf and -Inf if all are NaN.
func finiteRange(v []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, x := range v {
		if x < lo {
			lo = x
		}
		if x > hi {
			hi = x
		}
	}
	return lo, hi
}

func firstInf(v []float64) int {
	for i, x := range v {
		if math.IsInf(x, 0) {
			return i
		}
	}
	return -1
}

func infinite(op, arg string, i int, v float64) error {
	return invalid(op, arg, "replace it by NaN to draw the bin as missing, or find the division by zero",
		"is %v at index %d; values must be finite or NaN", v, i)
}

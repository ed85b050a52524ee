package heat

import (
	"context"
	"fmt"
	"math"
)

// Box is the heat operator of a full rectangular grid of equal cells without
// diagonal conductance, in C order (last axis fastest). Heat spreads along each
// axis independently, so E(t) is the product of one filter per axis.
type Box struct {
	shape []int
	rate  []float64
	n     int
}

// NewBox returns the operator of a grid.
//
//	shape: cells along each axis, at least 1
//	rate: per axis, the conductance between neighbours over the volume of a cell
func NewBox(shape []int, rate []float64) (*Box, error) {
	if len(shape) != len(rate) || len(shape) == 0 {
		return nil, fmt.Errorf("heat: %d sides and %d rates, want one of each per axis", len(shape), len(rate))
	}
	b := &Box{shape: append([]int(nil), shape...), rate: append([]float64(nil), rate...), n: 1}
	for k, side := range shape {
		if side < 1 || side > math.MaxInt/b.n {
			return nil, fmt.Errorf("heat: side %d of %v is not a number of cells", k, shape)
		}
		if !(rate[k] >= 0) || math.IsInf(rate[k], 1) {
			return nil, fmt.Errorf("heat: rate %d is %v, want a finite rate of at least 0", k, rate[k])
		}
		b.n *= side
	}
	return b, nil
}

// Len returns the number of cells.
func (b *Box) Len() int { return b.n }

// Bytes returns the memory held by the operator.
func (b *Box) Bytes() int64 { return int64(len(b.shape)+len(b.rate)) * 8 }

// At prepares E(t).
func (b *Box) At(t float64) Propagator {
	f := &filters{b: b}
	for k, side := range b.shape {
		f.axes = append(f.axes, newReflected(side, 2*t*b.rate[k]))
	}
	return f
}

// filters is E(t) of a Box.
type filters struct {
	b    *Box
	axes []reflected
}

// Apply replaces every field by E(t) times the field.
func (f *filters) Apply(ctx context.Context, fields ...[]float64) error {
	taps := 0
	for _, a := range f.axes {
		taps += len(a.tap)
	}
	return inParallel(len(fields), len(fields)*f.b.n*taps, func(job int, s *scratch) error {
		field := fields[job]
		other := s.vector(0, len(field))
		inner := f.b.n
		for k, a := range f.axes {
			if err := ctx.Err(); err != nil {
				return err
			}
			inner /= f.b.shape[k]
			if len(a.tap) == 1 && a.tap[0] == 1 {
				continue
			}
			a.along(other, field, inner, s)
			copy(field, other)
		}
		return nil
	})
}

// Rows writes rows lo up to hi of E(t): products of rows of the axes' matrices.
func (f *filters) Rows(ctx context.Context, lo, hi int, dst []float64) error {
	n := f.b.n
	matrices := make([][]float64, len(f.axes))
	for k, a := range f.axes {
		matrices[k] = a.matrix()
	}
	return inParallel(hi-lo, (hi-lo)*n, func(job int, _ *scratch) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		row := dst[job*n:][:n]
		row[0] = 1
		// filled is the length of the product of the axes done so far, last axis first.
		filled, rest := 1, lo+job
		for k := len(f.axes) - 1; k >= 0; k-- {
			side := f.b.shape[k]
			factors := matrices[k][rest%side*side:][:side]
			rest /= side
			// From the end, because the first block holds what the others are made of.
			for i := side - 1; i >= 0; i-- {
				block := row[i*filled:][:filled]
				for j, v := range row[:filled] {
					block[j] = factors[i] * v
				}
			}
			filled *= side
		}
		return nil
	})
}

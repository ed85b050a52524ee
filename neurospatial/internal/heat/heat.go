// Package heat applies the heat operator exp(-tL) of a graph to fields without
// forming it.
//
// L = M⁻¹(D - W) describes heat flowing between cells: W holds the conductance of
// each edge, D its row sums, M the volumes of the cells. The package works with
// the symmetric twin S = M^-½ (D - W) M^-½ and its exponential E(t) = exp(-tS),
// from which exp(-tL) = M^-½ E(t) M^½ follows; what to multiply by before and
// after is the caller's choice.
//
// Two operators compute E(t). Sparse takes any graph and expands the exponential
// in Chebyshev polynomials; Box takes a full rectangular grid, where E(t) is a
// product of one filter per axis. Results do not depend on the number of
// goroutines. Both are read-only after construction and safe for concurrent use.
package heat

import "context"

// Operator computes E(t) for one graph and any time t ≥ 0.
type Operator interface {
	// Len returns the number of cells.
	Len() int
	// At prepares E(t).
	At(t float64) Propagator
	// Bytes returns the memory held by the operator.
	Bytes() int64
}

// Propagator is E(t) for one time.
type Propagator interface {
	// Apply replaces every field, [Len()], by E(t) times the field. When the
	// context ends early the fields are left in any state and its error returned.
	Apply(ctx context.Context, fields ...[]float64) error
	// Rows writes rows lo up to hi of E(t), which are also its columns, to dst,
	// [(hi-lo)*Len()], row after row.
	Rows(ctx context.Context, lo, hi int, dst []float64) error
}

var (
	_ Operator = (*Sparse)(nil)
	_ Operator = (*Box)(nil)
)

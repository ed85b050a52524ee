package neurospatial

import (
	"fmt"
	"slices"
)

// Rebin returns a coarser environment whose cells are blocks of cells of this one, a factor of them along each
// axis. A block is a bin if one of its cells is a bin; cells at the upper end of an axis that do not fill a block
// are left out. The result has the unit and frame of the environment and no name.
//
//	factors: one for all axes, or one per axis; each at least 1 and at most the number of cells along the axis
//
// Errors: another number of factors ([ErrShape]), factors out of range ([ErrInvalid]), an environment that is no
// regular grid ([ErrUnsupported]), no bin in a full block ([ErrNoActiveBins]). Python: Environment.rebin.
func (e *Environment) Rebin(factors ...int) (*Environment, error) {
	const op = "Environment.Rebin"
	if err := e.built(op); err != nil {
		return nil, err
	}
	g, ok := e.layout.(*gridLayout)
	if !ok {
		return nil, &Error{Op: op, Code: codeUnsupported, Kind: ErrUnsupported,
			What: fmt.Sprintf("environment is a %s; only regular grids can be made coarser", e.LayoutKind()),
			Fix:  "build it anew with larger bins"}
	}
	factors, err := g.lattice.checkFactors(op, factors)
	if err != nil {
		return nil, err
	}
	l, err := g.lattice.coarser(op, factors)
	if err != nil {
		return nil, err
	}
	if len(l.cellOf) == 0 {
		return nil, &Error{Op: op, Arg: "factors", Code: codeNoActiveBins, Kind: ErrNoActiveBins,
			What: fmt.Sprintf("%v leaves out all bins: they lie beyond the last full block of a grid of %v cells", factors, g.lattice.shape),
			Fix:  "use factors that divide the grid"}
	}
	ranges := make([][2]float64, len(l.edges))
	for k, edges := range l.edges {
		ranges[k] = [2]float64{edges[0], edges[len(edges)-1]}
	}
	layout := &gridLayout{kind: g.kind, lattice: l, ranges: ranges, diagonals: g.diagonals}
	return newEnvironment(op, layout, LayoutOptions{Units: e.units, Frame: e.frame})
}

// checkFactors returns one factor per axis.
func (l *lattice) checkFactors(op string, factors []int) ([]int, error) {
	dim := len(l.shape)
	if len(factors) == 1 {
		factors = slices.Repeat(factors, dim)
	}
	if len(factors) != dim {
		return nil, &Error{Op: op, Arg: "factors", Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d values, environment has %d dimensions", len(factors), dim), Fix: "pass one factor, or one per axis"}
	}
	for k, f := range factors {
		if f < 1 || f > l.shape[k] {
			return nil, &Error{Op: op, Arg: fmt.Sprintf("factors[%d]", k), Code: codeRange, Kind: ErrInvalid,
				What: fmt.Sprintf("is %d; axis %d has %d cells, so factors are 1 to %d", f, k, l.shape[k], l.shape[k])}
		}
	}
	return factors, nil
}

// coarser returns the lattice of blocks of cells.
func (l *lattice) coarser(op string, factors []int) (*lattice, error) {
	edges := make([][]float64, len(factors))
	for k, f := range factors {
		for i := 0; i < len(l.edges[k]); i += f {
			edges[k] = append(edges[k], l.edges[k][i])
		}
	}
	coarse, err := newLattice(op, edges)
	if err != nil {
		return nil, err
	}
	active := make([]bool, coarse.numCells())
next:
	for _, cell := range l.cellOf {
		block := 0
		for k, f := range factors {
			i := l.along(int(cell), k) / f
			if i >= coarse.shape[k] {
				continue next
			}
			block += i * coarse.stride[k]
		}
		active[block] = true
	}
	coarse.activate(active)
	return coarse, nil
}

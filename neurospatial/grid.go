package neurospatial

import "slices"

// GridShape returns the number of cells along each axis, [NumDims()], or nil if the bins are not cells of
// a lattice. Python: Environment.grid_shape.
func (e *Environment) GridShape() []int {
	if e.lattice == nil {
		return nil
	}
	return slices.Clone(e.lattice.shape)
}

// GridEdges returns the cell borders along each axis in env.Units(), [NumDims()][cells+1], or nil if the
// bins are not cells of a lattice. Python: Environment.grid_edges.
func (e *Environment) GridEdges() [][]float64 {
	if e.lattice == nil {
		return nil
	}
	edges := make([][]float64, len(e.lattice.edges))
	for k, v := range e.lattice.edges {
		edges[k] = slices.Clone(v)
	}
	return edges
}

// ActiveMask tells for every cell of the lattice, in C order (last axis fastest), whether it is a bin;
// nil if the bins are not cells of a lattice. Python: Environment.active_mask.ravel().
func (e *Environment) ActiveMask() []bool {
	if e.lattice == nil {
		return nil
	}
	return slices.Clone(e.lattice.active)
}

// GridCells returns for every bin the number of its lattice cell in C order, ascending, [NumBins()]; nil
// if the bins are not cells of a lattice. Python: node attribute "source_grid_flat_index".
func (e *Environment) GridCells() []int {
	if e.lattice == nil {
		return nil
	}
	cells := make([]int, len(e.lattice.cellOf))
	for b, c := range e.lattice.cellOf {
		cells[b] = int(c)
	}
	return cells
}

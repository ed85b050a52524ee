package neurospatial

import (
	"fmt"
	"math"
	"slices"
)

// NumEdges returns the number of pairs of adjacent bins. Python: Environment.connectivity.number_of_edges().
func (e *Environment) NumEdges() int {
	if e.graph == nil {
		return 0
	}
	return e.graph.NumEdges()
}

// Edges returns the pairs of adjacent bins with the distance of their centres, [NumEdges()], in env.Units().
// Edges are numbered by the lower bin, then in the order of its neighbours, as networkx lists them.
// Python: Environment.connectivity.edges(data=True).
func (e *Environment) Edges() []Edge {
	edges := make([]Edge, 0, e.NumEdges())
	e.eachEdge(func(u, v, id int) {
		edges = append(edges, Edge{U: u, V: v, Distance: e.graph.Edges()[id].W, Conductance: e.conductance[id]})
	})
	return edges
}

// eachEdge visits every edge in the order of Edges; id is its number in graph and conductance.
func (e *Environment) eachEdge(visit func(u, v, id int)) {
	for u := range e.NumBins() {
		ids := e.graph.EdgeIDs(u)
		for k, v := range e.graph.Neighbors(u) {
			if int(v) > u {
				visit(u, int(v), int(ids[k]))
			}
		}
	}
}

// EdgeVectors returns for every edge the step from its first to its second bin, centre to centre,
// [NumEdges()][NumDims()] in env.Units(). Python: edge attribute "vector".
func (e *Environment) EdgeVectors() Points {
	data := make([]float64, 0, e.NumEdges()*e.NumDims())
	e.eachEdge(func(u, v, _ int) {
		from, to := e.centers.row(u), e.centers.row(v)
		for k := range from {
			data = append(data, to[k]-from[k])
		}
	})
	return Points{dim: e.NumDims(), data: data}
}

// EdgeAngles returns for every edge the direction of its vector in radians, counter-clockwise from the
// first axis, [NumEdges()]. Only environments of 2 dimensions have angles; others are an [ErrUnsupported].
// Python: edge attribute "angle_2d".
func (e *Environment) EdgeAngles() ([]float64, error) {
	const op = "Environment.EdgeAngles"
	if err := e.built(op); err != nil {
		return nil, err
	}
	if e.NumDims() != 2 {
		return nil, &Error{Op: op, Code: codeUnsupported, Kind: ErrUnsupported,
			What: fmt.Sprintf("environment has %d dimensions; angles need 2", e.NumDims()), Fix: "use EdgeVectors"}
	}
	vectors := e.EdgeVectors()
	angles := make([]float64, vectors.Len())
	for i := range angles {
		v := vectors.row(i)
		angles[i] = math.Atan2(v[1], v[0])
	}
	return angles, nil
}

// Neighbors returns the bins adjacent to a bin. On grids with diagonals they ascend; on grids without, the
// lower ones ascend and the higher ones follow, the first axis first. A number that is not a bin is an
// [ErrNotFound]. Python: Environment.neighbors.
func (e *Environment) Neighbors(bin int) ([]int, error) {
	if err := e.checkBin("Environment.Neighbors", "bin", bin); err != nil {
		return nil, err
	}
	row := e.graph.Neighbors(bin)
	neighbors := make([]int, len(row))
	for i, v := range row {
		neighbors[i] = int(v)
	}
	return neighbors, nil
}

// Degrees returns the number of neighbours of every bin, [NumBins()]. Python: Environment.connectivity.degree.
func (e *Environment) Degrees() []int {
	degrees := make([]int, e.NumBins())
	for i := range degrees {
		degrees[i] = e.graph.Degree(i)
	}
	return degrees
}

// Components returns the sets of connected bins, each ascending, the largest first; sets of equal size
// come in the order of their lowest bin. Python: Environment.components.
func (e *Environment) Components() [][]int {
	if e.graph == nil {
		return nil
	}
	component, count := e.graph.Components()
	sets := make([][]int, count)
	for b, c := range component {
		sets[c] = append(sets[c], b)
	}
	slices.SortStableFunc(sets, func(a, b []int) int { return len(b) - len(a) })
	return sets
}

// ReachableFrom tells for every bin whether a path leads there from a bin, [NumBins()]. A number that is
// not a bin is an [ErrNotFound]. Python: Environment.reachable_from.
func (e *Environment) ReachableFrom(bin int) ([]bool, error) {
	if err := e.checkBin("Environment.ReachableFrom", "bin", bin); err != nil {
		return nil, err
	}
	return e.withinHops(bin, -1), nil
}

// WithinHops tells for every bin whether it is at most so many steps away from a bin, [NumBins()]. A
// number that is not a bin is an [ErrNotFound], a negative number of steps an [ErrInvalid].
// Python: Environment.reachable_from(radius=hops, metric="hops").
func (e *Environment) WithinHops(bin, hops int) ([]bool, error) {
	const op = "Environment.WithinHops"
	if err := e.checkBin(op, "bin", bin); err != nil {
		return nil, err
	}
	if err := checkHops(op, hops); err != nil {
		return nil, err
	}
	return e.withinHops(bin, hops), nil
}

func checkHops(op string, hops int) error {
	if hops >= 0 {
		return nil
	}
	return &Error{Op: op, Arg: "hops", Code: codeRange, Kind: ErrInvalid,
		What: fmt.Sprintf("is %d; a number of steps is not negative", hops)}
}

func (e *Environment) withinHops(bin, limit int) []bool {
	within := make([]bool, e.NumBins())
	for b, h := range e.graph.Hops(bin, limit) {
		within[b] = h >= 0
	}
	return within
}

// Rings returns the bins that are exactly 0, 1, … hops steps away from a bin, [hops+1], each ascending.
// A number that is not a bin is an [ErrNotFound], a negative number of steps an [ErrInvalid], more rings than
// 2 GiB hold an [ErrTooLarge]. Python: Environment.rings.
func (e *Environment) Rings(bin, hops int) ([][]int, error) {
	const op = "Environment.Rings"
	if err := e.checkBin(op, "bin", bin); err != nil {
		return nil, err
	}
	if err := checkHops(op, hops); err != nil {
		return nil, err
	}
	const most = 2<<30/24 - 1 // of headers of slices
	if hops > most {
		return nil, &Error{Op: op, Arg: "hops", Code: codeTooLarge, Kind: ErrTooLarge,
			What: fmt.Sprintf("is %d, at most %d rings are possible", hops, most)}
	}
	rings := make([][]int, hops+1)
	for b, h := range e.graph.Hops(bin, hops) {
		if h >= 0 {
			rings[h] = append(rings[h], b)
		}
	}
	return rings, nil
}

// BoundaryBins returns the bins at the border of the environment, ascending. On lattices of 2 or more
// dimensions, and of hexagons, those are bins with an axis neighbour that is no bin or beyond the lattice; elsewhere bins
// with at most one neighbour or, if no bin has two, with fewer than the best joined bin.
// Python: Environment.boundary_bins.
func (e *Environment) BoundaryBins() []int {
	if own, ok := e.layout.(interface{ boundary() []int }); ok {
		return slices.Clone(own.boundary())
	}
	bins := []int{}
	if l := e.lattice; l != nil && len(l.shape) > 1 {
		for b, cell := range l.cellOf {
			if l.atBorder(int(cell)) {
				bins = append(bins, b)
			}
		}
		return bins
	}
	degrees := e.Degrees()
	most := 0
	for _, d := range degrees {
		most = max(most, d)
	}
	for b, d := range degrees {
		if d < min(2, most) {
			bins = append(bins, b)
		}
	}
	return bins
}

// atBorder tells whether a cell has an axis neighbour that is no bin.
func (l *lattice) atBorder(cell int) bool {
	for k, stride := range l.stride {
		i := l.along(cell, k)
		if i == 0 || i == l.shape[k]-1 || !l.active[cell-stride] || !l.active[cell+stride] {
			return true
		}
	}
	return false
}

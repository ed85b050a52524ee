package neurospatial

import (
	"fmt"
	"math"

	"github.com/nskernel/nskernel/neurospatial/internal/csr"
)

// Layout divides a space into bins. The regular grid of [FromSamples] is one; other tilings plug in by
// implementing Layout and passing it to [FromLayout]. The suite layouttest.TestLayout checks the rules.
//
// A Layout never changes and is safe for concurrent use.
type Layout interface {
	// Kind names the tiling: "RegularGrid".
	Kind() string
	// Bins returns the geometry of all bins, the same at every call. Nobody modifies what it returns.
	Bins() Bins
	// BinAtTo writes into bins, [points.Len()], the bin that contains each point, or [Outside]. Points
	// have the dimension of Bins().Centers; a point that is not finite is outside.
	BinAtTo(bins []int, points Points)
}

// Gridded is a [Layout] whose bins are cells of a rectangular lattice. Operations that need the lattice
// (linear interpolation, splitting a path at cell borders, separable smoothing) ask for it.
type Gridded interface {
	Layout
	// Grid returns the lattice. Shared; do not modify.
	Grid() Grid
}

// Curvilinear is a [Layout] whose coordinates are not those of a space with straight lines: distances of centres are
// not lengths, and the lengths of edges are what the layout says.
type Curvilinear interface {
	Layout
	// CoordinateNames names the coordinates: "distance", "angle".
	CoordinateNames() []string
}

// Bins is the geometry that a [Layout] gives to an environment. Bins are numbered from 0.
type Bins struct {
	Centers Points       // one point per bin, [n]
	Volumes []float64    // length, area or volume of each bin, above 0, [n]
	Edges   []Edge       // pairs of adjacent bins, each pair once; a bin lists its neighbours in this order
	Ranges  [][2]float64 // extent along each axis, lower end first, [dim]
}

// Edge joins two adjacent bins.
type Edge struct {
	U, V     int     // bins, U ≠ V
	Distance float64 // length of the step from one centre to the other, at least 0
	// Conductance is the size of the face that the bins share divided by the distance of their centres
	// across it: heat flows through the edge in proportion. 0 if they touch in a corner only.
	Conductance float64
}

// Grid is a rectangular lattice of cells, of which the active ones are bins. Bins are numbered in C order
// (last axis fastest) of the active cells.
type Grid struct {
	Edges  [][]float64 // cell borders along each axis, ascending, [dim][cells+1]
	Active []bool      // which cells are bins, in C order, [cells]
}

// Shape returns the number of cells along each axis.
func (g Grid) Shape() []int {
	shape := make([]int, len(g.Edges))
	for k, e := range g.Edges {
		shape[k] = len(e) - 1
	}
	return shape
}

// latticeOf returns the lattice of a gridded layout and nil for others.
func latticeOf(op string, layout Layout, bins Bins) (*lattice, error) {
	if own, ok := layout.(*gridLayout); ok {
		return own.lattice, nil
	}
	gridded, ok := layout.(Gridded)
	if !ok {
		return nil, nil
	}
	g := gridded.Grid()
	l, err := newLattice(op, g.Edges)
	if err != nil {
		return nil, err
	}
	if len(g.Active) != l.numCells() || len(g.Edges) != bins.Centers.Dim() {
		return nil, &Error{Op: op, Arg: "layout", Code: codeLayout, Kind: ErrShape,
			What: fmt.Sprintf("has a grid of %d dimensions and %d cells with %d marks, and bins of %d dimensions",
				len(g.Edges), l.numCells(), len(g.Active), bins.Centers.Dim())}
	}
	l.activate(g.Active)
	if len(l.cellOf) != bins.Centers.Len() {
		return nil, &Error{Op: op, Arg: "layout", Code: codeLayout, Kind: ErrShape,
			What: fmt.Sprintf("has a grid with %d active cells and %d bins", len(l.cellOf), bins.Centers.Len())}
	}
	return l, nil
}

// validate checks what an environment relies on; the message names the first fault.
func (b Bins) validate(op string) error {
	fault := func(format string, args ...any) error {
		return &Error{Op: op, Arg: "layout", Code: codeLayout, Kind: ErrInvalid, What: fmt.Sprintf(format, args...),
			Fix: "run layouttest.TestLayout on the layout"}
	}
	n, dim := b.Centers.Len(), b.Centers.Dim()
	switch {
	case n == 0:
		return &Error{Op: op, Arg: "layout", Code: codeNoActiveBins, Kind: ErrNoActiveBins, What: "has no bins"}
	case n > math.MaxInt32:
		return fault("has %d bins, at most %d are possible", n, math.MaxInt32)
	case len(b.Volumes) != n:
		return fault("has %d volumes for %d bins", len(b.Volumes), n)
	case len(b.Ranges) != dim:
		return fault("has %d ranges for %d dimensions", len(b.Ranges), dim)
	}
	for i, v := range b.Volumes {
		if !(v > 0) || math.IsInf(v, 1) {
			return fault("has volume %g at bin %d; volumes are finite and above 0", v, i)
		}
	}
	for i, v := range b.Centers.data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fault("has coordinate %g in the centre of bin %d", v, i/dim)
		}
	}
	for i, e := range b.Edges {
		if !(e.Conductance >= 0) || math.IsInf(e.Conductance, 1) {
			return fault("has conductance %g at edge %d; conductances are finite and not negative", e.Conductance, i)
		}
	}
	return nil
}

// graph builds the adjacency of the bins, edge numbers as in b.Edges.
func (b Bins) graph(op string) (*csr.Graph, []float64, error) {
	edges := make([]csr.Edge, len(b.Edges))
	conductance := make([]float64, len(b.Edges))
	for i, e := range b.Edges {
		if n := b.Centers.Len(); e.U < 0 || e.V < 0 || e.U >= n || e.V >= n {
			return nil, nil, &Error{Op: op, Arg: "layout", Code: codeLayout, Kind: ErrInvalid,
				What: fmt.Sprintf("has edge %d between bins %d and %d; bins are 0 to %d", i, e.U, e.V, n-1)}
		}
		edges[i] = csr.Edge{U: int32(e.U), V: int32(e.V), W: e.Distance}
		conductance[i] = e.Conductance
	}
	g, err := csr.FromEdges(b.Centers.Len(), edges)
	if err != nil {
		return nil, nil, &Error{Op: op, Arg: "layout", Code: codeLayout, Kind: ErrInvalid,
			What: "has edges that make no graph", Why: err.Error()}
	}
	return g, conductance, nil
}

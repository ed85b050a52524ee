package neurospatial

import (
	"fmt"
	"slices"
)

// SubsetOptions say which bins [Environment.Subset] keeps. Exactly one of Bins, Regions and Polygon is set.
type SubsetOptions struct {
	Bins    []bool   // whether to keep each bin, [NumBins()]
	Regions []Region // keep the bins with their centre within any of these polygons. Python: region_names
	Polygon Polygon  // keep the bins with their centre within the polygon, not on a side
	Invert  bool     // keep the others instead
}

// Subset returns the environment of some of the bins. They keep their order, size, neighbours and the cells of
// their grid; the result has the unit and frame of the environment and no name. A point is in a bin of the
// result if it is in that bin here. A part of a track has no linear positions.
//
// Errors: no selection or several, point regions ([ErrInvalid]), marks of another length, polygons for an
// environment that is not in the plane ([ErrShape]), a selection without bins ([ErrNoActiveBins]).
// Python: Environment.subset.
func (e *Environment) Subset(o SubsetOptions) (*Environment, error) {
	const op = "Environment.Subset"
	if err := e.built(op); err != nil {
		return nil, err
	}
	keep, arg, err := e.selected(op, o)
	if err != nil {
		return nil, err
	}
	n := 0
	for b, on := range keep {
		if keep[b] = on != o.Invert; keep[b] {
			n++
		}
	}
	if n == 0 {
		return nil, &Error{Op: op, Arg: arg, Code: codeNoActiveBins, Kind: ErrNoActiveBins,
			What: fmt.Sprintf("selects none of %d bins", len(keep))}
	}
	return newEnvironment(op, subsetOf(e, keep, n), LayoutOptions{Units: e.units, Frame: e.frame})
}

// selected marks the bins that the options select, before inversion, and names the option.
func (e *Environment) selected(op string, o SubsetOptions) (keep []bool, arg string, err error) {
	given := 0
	for _, is := range []bool{o.Bins != nil, len(o.Regions) > 0, !o.Polygon.Empty()} {
		if is {
			given++
		}
	}
	if given != 1 {
		return nil, "", &Error{Op: op, Arg: "options", Code: codeOptions, Kind: ErrInvalid,
			What: fmt.Sprintf("select bins in %d ways", given), Fix: "set exactly one of Bins, Regions and Polygon"}
	}
	if o.Bins != nil {
		if len(o.Bins) != e.NumBins() {
			return nil, "", &Error{Op: op, Arg: "Bins", Code: codeLength, Kind: ErrShape,
				What: fmt.Sprintf("has %d marks, environment has %d bins", len(o.Bins), e.NumBins()),
				Fix:  "mark every bin with true or false: make([]bool, env.NumBins())"}
		}
		return slices.Clone(o.Bins), "Bins", nil
	}
	regions, arg := o.Regions, "Regions"
	if !o.Polygon.Empty() {
		regions, arg = []Region{PolygonRegion("Polygon", o.Polygon)}, "Polygon"
	}
	keep = make([]bool, e.NumBins())
	for i, r := range regions {
		if r.IsPoint() {
			return nil, "", &Error{Op: op, Arg: fmt.Sprintf("Regions[%d]", i), Code: codeRange, Kind: ErrInvalid,
				What: fmt.Sprintf("%q is a point; regions of bins are polygons", r.name), Fix: "mark its bin in Bins"}
		}
		if err := e.checkRegion(op, arg, r); err != nil {
			return nil, "", err
		}
		for b, in := range e.within(r.polygon, false) {
			keep[b] = keep[b] || in
		}
	}
	return keep, arg, nil
}

// subsetOf returns the layout of n bins of an environment.
func subsetOf(e *Environment, keep []bool, n int) Layout {
	var active []bool
	if e.lattice != nil {
		active = make([]bool, len(e.lattice.active))
		for b, cell := range e.lattice.cellOf {
			active[cell] = keep[b]
		}
	}
	if own, ok := e.layout.(*gridLayout); ok {
		return &gridLayout{kind: kindMaskedGrid, lattice: own.lattice.withActive(active), ranges: own.ranges, diagonals: own.diagonals}
	}
	s := newSubsetLayout(e, keep, n)
	if e.lattice != nil {
		grid := &subsetGrid{s, Grid{Edges: e.lattice.edges, Active: active}}
		if whole, ok := e.layout.(Curvilinear); ok {
			return &curvedSubset{grid, whole}
		}
		return grid
	}
	if whole, ok := e.layout.(Outlined); ok {
		kept := make([]int, 0, n)
		for b, on := range keep {
			if on {
				kept = append(kept, b)
			}
		}
		return &outlinedSubset{s, whole, kept}
	}
	return s
}

// subsetLayout is some of the bins of another layout.
type subsetLayout struct {
	parent Layout
	number []int // new bin number of each bin of the parent, or Outside
	bins   Bins
}

func newSubsetLayout(e *Environment, keep []bool, n int) *subsetLayout {
	s := &subsetLayout{parent: e.layout, number: make([]int, len(keep))}
	dim := e.NumDims()
	data := make([]float64, 0, n*dim)
	s.bins = Bins{Volumes: make([]float64, 0, n), Ranges: slices.Clone(e.ranges)}
	for b, on := range keep {
		if !on {
			s.number[b] = Outside
			continue
		}
		s.number[b] = len(s.bins.Volumes)
		s.bins.Volumes = append(s.bins.Volumes, e.volumes[b])
		data = append(data, e.centers.row(b)...)
	}
	s.bins.Centers = Points{dim: dim, data: data}
	if e.lattice == nil { // as Python: what is left of a grid keeps its extent, of others that of the centres
		for k := range s.bins.Ranges {
			along := s.bins.Centers.Column(k)
			s.bins.Ranges[k] = [2]float64{slices.Min(along), slices.Max(along)}
		}
	}
	for id, edge := range e.graph.Edges() {
		if keep[edge.U] && keep[edge.V] {
			s.bins.Edges = append(s.bins.Edges, Edge{U: s.number[edge.U], V: s.number[edge.V],
				Distance: edge.W, Conductance: e.conductance[id]})
		}
	}
	return s
}

// Kind returns "Subset".
func (s *subsetLayout) Kind() string { return "Subset" }

// Bins returns the geometry.
func (s *subsetLayout) Bins() Bins { return s.bins }

// BinAtTo asks the parent and drops the bins that are left out.
func (s *subsetLayout) BinAtTo(bins []int, points Points) {
	s.parent.BinAtTo(bins, points)
	for i, b := range bins {
		if b != Outside {
			bins[i] = s.number[b]
		}
	}
}

// subsetGrid is a subsetLayout of a grid whose neighbours only its own layout knows.
type subsetGrid struct {
	*subsetLayout
	grid Grid
}

// Kind returns "MaskedGrid".
func (s *subsetGrid) Kind() string { return kindMaskedGrid }

// Grid returns the lattice; shared, do not modify.
func (s *subsetGrid) Grid() Grid { return s.grid }

// curvedSubset is a subsetGrid without straight lines.
type curvedSubset struct {
	*subsetGrid
	whole Curvilinear
}

// CoordinateNames returns those of the whole.
func (s *curvedSubset) CoordinateNames() []string { return s.whole.CoordinateNames() }

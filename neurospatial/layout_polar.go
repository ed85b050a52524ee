package neurospatial

import (
	"fmt"
	"math"
)

// kindPolar is the kind of [Polar].
const kindPolar = "Polar"

// Polar is the [Layout] of rings around an animal, cut by angle: egocentric space. Its points are pairs of distance
// and angle in radians, its bins the cells of a grid of both, numbered ring by ring. Sizes, distances and smoothing are
// those of the plane.
type Polar struct {
	lattice   *lattice
	ranges    [][2]float64
	circular  bool // the first angle and the last one meet
	diagonals bool
}

var (
	_ Gridded     = (*Polar)(nil)
	_ Curvilinear = (*Polar)(nil)
)

// PolarOptions are the options of [FromPolarEgocentric].
type PolarOptions struct {
	// Open keeps the first and the last angle apart, also when they meet. Python: circular_angle=False.
	Open bool
	// NoDiagonals joins only bins that share a side. Python: connect_diagonal_neighbors=False.
	NoDiagonals bool

	Units string // unit of distances, "cm"; a label, nothing is converted
	Frame string // coordinate frame, "head"; a label
	Name  string // name of the environment; a label
}

// FromPolarEgocentric returns the environment of rings cut by angle.
//
//	distances: lower and upper end, the lower one at least 0
//	distanceBin: largest width of a ring, in the unit of the distances
//	angles: lower and upper end in radians, at most a full turn apart
//	angleBin: largest width of an angle, in radians
//
// All cells are bins, and bin ring·angles + angle is that of a ring and an angle. Points of the environment, such as
// those of [Environment.BinAt], are (distance, angle); angles count modulo a full turn there, but not in
// [Environment.MapPointsToBins]. What needs straight lines in the plane is refused with [ErrUnsupported]: Euclidean
// distances and transforms.
//
// Errors: ranges that do not ascend or reach too far, bin sizes that are not finite and above 0 ([ErrInvalid]), more
// cells than 8 GiB hold ([ErrTooLarge]). Python: Environment.from_polar_egocentric.
func FromPolarEgocentric(distances [2]float64, distanceBin float64, angles [2]float64, angleBin float64, opts ...PolarOptions) (*Environment, error) {
	const op = "FromPolarEgocentric"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	bad := func(arg, format string, args ...any) error {
		return &Error{Op: op, Arg: arg, Code: codeRange, Kind: ErrInvalid, What: fmt.Sprintf(format, args...)}
	}
	switch turn := angles[1] - angles[0]; {
	case !(distances[0] >= 0) || !(distances[1] > distances[0]) || math.IsInf(distances[1], 1):
		return nil, bad("distances", "are %v; they begin at 0 or more and ascend", distances)
	case !(turn > 0):
		return nil, bad("angles", "are %v; they ascend", angles)
	case turn > 2*math.Pi*(1+1e-12):
		return nil, bad("angles", "are %v; a full turn has 2π, and angles are in radians", angles)
	}
	p := &gridPlan{options: SamplesOptions{KeepAllBins: true, NoDiagonals: o.NoDiagonals}, ranges: [][2]float64{distances, angles}}
	if p.sizes, err = binSizes(op, p.ranges, 0, []float64{distanceBin, angleBin}); err != nil {
		return nil, err
	}
	if err := p.planAxes(op); err != nil {
		return nil, err
	}
	if need, limit := p.cellBytes()+p.binBytes(p.maxBins()), p.options.maxBytes(); need > float64(limit) {
		return nil, p.tooLarge(op, need, limit)
	}
	l, err := newLattice(op, p.edges())
	if err != nil {
		return nil, err
	}
	active := make([]bool, l.numCells())
	for c := range active {
		active[c] = true
	}
	l.activate(active)
	meet := angles[1]-angles[0] > 2*math.Pi*(1-1e-9)
	layout := &Polar{lattice: l, ranges: p.ranges, circular: meet && !o.Open, diagonals: !o.NoDiagonals}
	return newEnvironment(op, layout, LayoutOptions{Units: o.Units, Frame: o.Frame, Name: o.Name})
}

// Kind returns "Polar".
func (p *Polar) Kind() string { return kindPolar }

// CoordinateNames returns "distance" and "angle".
func (p *Polar) CoordinateNames() []string { return []string{"distance", "angle"} }

// Grid returns the lattice of distances and angles; shared, do not modify.
func (p *Polar) Grid() Grid { return Grid{Edges: p.lattice.edges, Active: p.lattice.active} }

// BinAtTo writes the bin of each (distance, angle), or Outside.
func (p *Polar) BinAtTo(bins []int, points Points) {
	turned := []float64{0, 0}
	for i := range bins {
		copy(turned, points.row(i))
		if first := p.lattice.edges[1][0]; finite(turned) {
			turned[1] -= 2 * math.Pi * math.Floor((turned[1]-first)/(2*math.Pi))
			turned[1] = max(turned[1], first) // rounding may miss the lower end
		}
		bins[i] = Outside
		if c := p.lattice.cellAt(turned); c != Outside {
			bins[i] = c // all cells are bins
		}
	}
}

// Bins computes the geometry.
func (p *Polar) Bins() Bins {
	l := p.lattice
	b := Bins{Centers: l.centers(), Volumes: make([]float64, len(l.cellOf)), Ranges: p.ranges}
	rings, turn := l.edges[0], l.width[1]
	for bin := range b.Volumes {
		r := l.along(bin, 0)
		b.Volumes[bin] = 0.5 * (square(rings[r+1]) - square(rings[r])) * turn
	}
	l.eachPair(l.forwardSteps(p.diagonals), func(u, v int32, s *step) {
		turn := math.Abs(b.Centers.At(int(v), 1) - b.Centers.At(int(u), 1))
		b.Edges = append(b.Edges, p.edge(b.Centers, int(u), int(v), s.axis, turn))
	})
	b.Edges = p.appendSeam(b.Edges, b.Centers)
	return b
}

// edge joins two bins that are neighbours along one axis, or diagonally for axis -1, and a turn apart.
func (p *Polar) edge(centers Points, u, v, axis int, turn float64) Edge {
	ru, rv := centers.At(u, 0), centers.At(v, 0)
	step, mean := rv-ru, (ru+rv)/2
	e := Edge{U: u, V: v, Distance: math.Hypot(step, mean*turn)}
	switch axis {
	case 0:
		e.Distance = math.Abs(step)
		e.Conductance = mean * p.lattice.width[1] / e.Distance
	case 1:
		e.Conductance = p.lattice.width[0] / e.Distance
	}
	return e
}

// appendSeam joins the last angle of every ring to the first.
func (p *Polar) appendSeam(edges []Edge, centers Points) []Edge {
	rings, n := p.lattice.shape[0], p.lattice.shape[1]
	if !p.circular || n < 3 { // two angles are neighbours already
		return edges
	}
	turn := (p.ranges[1][1] - p.ranges[1][0]) / float64(n)
	for r := range rings {
		edges = append(edges, p.edge(centers, r*n, r*n+n-1, 1, turn))
	}
	if p.diagonals {
		for r := range rings - 1 {
			edges = append(edges, p.edge(centers, r*n+n-1, (r+1)*n, -1, turn), p.edge(centers, r*n, (r+1)*n+n-1, -1, turn))
		}
	}
	return edges
}

// cartesian refuses what needs straight lines in environments that have none.
func (e *Environment) cartesian(op, what string) error {
	c, curved := e.layout.(Curvilinear)
	if !curved {
		return nil
	}
	return &Error{Op: op, Code: codeUnsupported, Kind: ErrUnsupported,
		What: fmt.Sprintf("%s do not exist between coordinates %v", what, c.CoordinateNames()),
		Fix:  "use MetricGeodesic, or an environment of the plane"}
}

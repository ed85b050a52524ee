package neurospatial

import (
	"fmt"
	"math"
	"slices"

	"github.com/nskernel/nskernel/neurospatial/internal/kdtree"
)

// TieBreak chooses among bins whose centres are equally near to a point.
type TieBreak uint8

const (
	// LowestIndex counts centres as equally near when their distances differ by at most 1e-10, and takes
	// the lowest bin number. It is the default.
	LowestIndex TieBreak = iota
	// ClosestCenter takes the smallest distance and the lowest bin number only if it is exactly the same.
	ClosestCenter
)

// String returns the Python name of the rule, "lowest_index".
func (t TieBreak) String() string {
	switch t {
	case LowestIndex:
		return "lowest_index"
	case ClosestCenter:
		return "closest_center"
	}
	return fmt.Sprintf("TieBreak(%d)", uint8(t))
}

// MapOptions are the options of [Environment.MapPointsToBins]. At most one of the limits may be set; none
// means ten times the typical distance of neighbouring centres.
type MapOptions struct {
	TieBreak TieBreak
	// MaxDistance is the distance in env.Units() beyond which a point is [Outside]; [NoMaxDistance] for no
	// limit, 0 for the default. Python: max_distance.
	MaxDistance float64
	// MaxDistanceFactor is the same limit in multiples of the typical distance of neighbouring centres,
	// which is the median over up to 100 bins of the distance to the nearest other centre. 0 means not set.
	// Python: max_distance_factor.
	MaxDistanceFactor float64
}

// NoMaxDistance, as MapOptions.MaxDistance, maps every point to a bin however far away.
var NoMaxDistance = math.Inf(1)

// defaultDistanceFactor is the limit in multiples of the typical spacing when none is given.
const defaultDistanceFactor = 10

// MapPointsToBins returns the bin whose centre is nearest to each point, or [Outside] for points farther
// away than a limit, by default ten times the typical distance of neighbouring centres. See
// [Environment.BinAt] for the bin that contains a point.
//
//	points: [n][NumDims()] in env.Units(), finite
//
// Returns one bin number per point, [n]. Errors: points of another dimension ([ErrShape]), coordinates
// that are not finite, limits out of range or two limits ([ErrInvalid]). Python: map_points_to_bins.
func (e *Environment) MapPointsToBins(points Points, opts ...MapOptions) ([]int, error) {
	const op = "Environment.MapPointsToBins"
	limit, o, err := e.checkMap(op, points, opts)
	if err != nil {
		return nil, err
	}
	bins := make([]int, points.Len())
	e.nearestTo(bins, nil, points, limit, o.TieBreak)
	return bins, nil
}

// MapPointsToBinsDist is [Environment.MapPointsToBins] that also returns the distance of each point to the
// centre of its bin in env.Units(), +Inf for points that are [Outside], [n].
// Python: map_points_to_bins(return_dist=True).
func (e *Environment) MapPointsToBinsDist(points Points, opts ...MapOptions) ([]int, []float64, error) {
	const op = "Environment.MapPointsToBinsDist"
	limit, o, err := e.checkMap(op, points, opts)
	if err != nil {
		return nil, nil, err
	}
	bins, dist := make([]int, points.Len()), make([]float64, points.Len())
	e.nearestTo(bins, dist, points, limit, o.TieBreak)
	return bins, dist, nil
}

// checkMap checks the arguments and returns the limit in units of length.
func (e *Environment) checkMap(op string, points Points, opts []MapOptions) (float64, MapOptions, error) {
	o, err := oneOption(op, opts)
	if err != nil {
		return 0, o, err
	}
	if err := e.checkPoints(op, "points", points); err != nil {
		return 0, o, err
	}
	bad := func(arg, format string, args ...any) error {
		return &Error{Op: op, Arg: arg, Code: codeRange, Kind: ErrInvalid, What: fmt.Sprintf(format, args...)}
	}
	switch {
	case o.TieBreak > ClosestCenter:
		return 0, o, bad("TieBreak", "is %v; use LowestIndex or ClosestCenter", o.TieBreak)
	case !(o.MaxDistance >= 0):
		return 0, o, bad("MaxDistance", "is %g; a distance is not negative", o.MaxDistance)
	case !(o.MaxDistanceFactor >= 0):
		return 0, o, bad("MaxDistanceFactor", "is %g; a factor is above 0", o.MaxDistanceFactor)
	case o.MaxDistance > 0 && o.MaxDistanceFactor > 0:
		return 0, o, &Error{Op: op, Arg: "opts", Code: codeOptions, Kind: ErrInvalid,
			What: fmt.Sprintf("has MaxDistance %g and MaxDistanceFactor %g", o.MaxDistance, o.MaxDistanceFactor), Fix: "set only one of them"}
	}
	if err := checkFinitePoints(op, "points", points); err != nil {
		return 0, o, err
	}
	switch {
	case o.MaxDistance > 0:
		return o.MaxDistance, o, nil
	case o.MaxDistanceFactor > 0:
		return o.MaxDistanceFactor * e.typicalSpacing(), o, nil
	}
	return e.defaultLimit(), o, nil
}

// defaultLimit is the distance beyond which points are outside when no option says otherwise.
func (e *Environment) defaultLimit() float64 { return defaultDistanceFactor * e.typicalSpacing() }

// nearestTo writes the nearest bin of every point, [points.Len()], and its distance if dist is not nil.
func (e *Environment) nearestTo(bins []int, dist []float64, points Points, limit float64, tie TieBreak) {
	find := e.finder(tie)
	for i := range bins {
		bin, d := find(points.row(i))
		if d > limit {
			bin, d = Outside, math.Inf(1)
		}
		bins[i] = bin
		if dist != nil {
			dist[i] = d
		}
	}
}

// finder returns the function that finds the nearest bin of a point and its distance. On an even lattice
// that is index arithmetic unless the nearest cell is no bin; the index is built when it is first needed.
func (e *Environment) finder(tie TieBreak) func(point []float64) (int, float64) {
	var index *kdtree.Index
	fromIndex := func(point []float64) (int, float64) {
		if index == nil {
			index = e.nearestIndex()
		}
		bin, d := index.Nearest(point)
		if tie == ClosestCenter {
			bin, d = e.closest(point, bin, d)
		}
		return bin, d
	}
	if e.lattice == nil || !e.lattice.even {
		return fromIndex
	}
	tolerance := kdtree.TieTolerance
	if tie == ClosestCenter {
		tolerance = 0
	}
	l := e.lattice.nearest(tolerance)
	return func(point []float64) (int, float64) {
		if bin, d, ok := l.find(point); ok {
			return bin, d
		}
		return fromIndex(point)
	}
}

// closest turns the answer of the index, the lowest bin number among the centres within its tie tolerance
// and the smallest distance, into the centre that has that distance.
func (e *Environment) closest(point []float64, bin int, least float64) (int, float64) {
	if distance(e.centers.row(bin), point) == least {
		return bin, least
	}
	least = math.Inf(1)
	for i := range e.NumBins() {
		if d := distance(e.centers.row(i), point); d < least {
			bin, least = i, d
		}
	}
	return bin, least
}

// typicalSpacing is the median distance of up to 100 evenly chosen centres to their nearest other centre;
// +Inf for a single bin.
func (e *Environment) typicalSpacing() float64 {
	e.spacingOnce.Do(func() { e.spacing = e.findSpacing() })
	return e.spacing
}

func (e *Environment) findSpacing() float64 {
	n := e.NumBins()
	if n == 1 {
		return math.Inf(1)
	}
	k := min(100, n)
	gaps := make([]float64, k)
	for i := range gaps {
		bin := n - 1
		if i < k-1 {
			bin = int(float64(i) * (float64(n-1) / float64(k-1))) // as trunc(numpy.linspace(0, n-1, k))
		}
		gaps[i] = e.gap(bin)
	}
	slices.Sort(gaps)
	return (gaps[(k-1)/2] + gaps[k/2]) / 2
}

// unjoined is a lower bound of the distance between the centres of two bins that are not neighbours, where the
// layout says so; otherwise 0.
func (e *Environment) unjoined() float64 {
	if h, ok := e.layout.(*Hexagons); ok {
		return 1.5 * h.width // the next but one is √3 widths away
	}
	if g, ok := e.layout.(*gridLayout); ok && g.lattice.even {
		return g.lattice.unjoined()
	}
	return 0
}

// gap returns the distance of a bin's centre to the nearest other centre.
func (e *Environment) gap(bin int) float64 {
	nearest := math.Inf(1)
	for _, w := range e.graph.Weights(bin) {
		nearest = min(nearest, w)
	}
	if nearest <= e.unjoined() {
		return nearest
	}
	nearest = math.Inf(1) // lengths of edges need not be distances of centres
	c := e.centers.row(bin)
	for i := range e.NumBins() {
		if i != bin {
			nearest = min(nearest, distance(e.centers.row(i), c))
		}
	}
	return nearest
}

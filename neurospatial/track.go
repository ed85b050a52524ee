package neurospatial

import (
	"fmt"
	"math"
	"slices"

	"github.com/nskernel/nskernel/neurospatial/internal/kdtree"
)

// kindTrack is the kind of [Track].
const kindTrack = "Graph"

// Track is the [Layout] of narrow paths that meet at nodes: a linear track, a maze. Each path is a straight segment
// between two nodes, cut into bins of equal length. The segments in their order, with gaps between them, make one
// axis of linear positions.
type Track struct {
	nodes    Points
	segments []segment
	order    []int // segments as networkx lists the edges of the graph, which settles ties
	edges    []float64
	bin      []int32 // [intervals between edges] bin, or Outside for a gap
	bins     Bins
	linear   []float64 // [bins] linear position of the middle
	source   []int     // [bins] segment
	index    *kdtree.Index
}

// segment is one path of a track.
type segment struct {
	u, v          int // nodes
	start, length float64
	first, last   int // bins
}

var _ Layout = (*Track)(nil)

// TrackOptions are the options of [FromGraph], [LinearTrack] and [Maze]. At most one of Gap and Gaps is set.
type TrackOptions struct {
	// Gap is the distance on the linear axis between the end of one segment and the start of the next, in the
	// unit of the nodes. Python: edge_spacing.
	Gap float64
	// Gaps gives each of these distances, [segments-1]. Python: edge_spacing.
	Gaps []float64

	Units string // unit of all lengths, "cm"; a label, nothing is converted
	Frame string // coordinate frame, "room"; a label
	Name  string // name of the environment; a label
}

// FromGraph returns the environment of a track whose segments join nodes.
//
//	nodes: where segments end, [n][dim], finite
//	segments: pairs of nodes, in the order of the linear axis; a position on it grows from the first node to the second
//	binSize: largest length of a bin, in the unit of the nodes
//
// A segment is cut into the smallest number of equal bins not longer than the bin size, at least one. Neighbours are
// the bins beside each other, and at a node the bins that end there, each with the next in the order of their segments.
// [Environment.BinAt] finds the bin with the nearest centre, however far away.
//
// Errors: no segments, segments between nodes that do not exist or that are the same place, a bin size that is not
// finite and above 0, gaps that are negative or not one per pair ([ErrInvalid], [ErrShape], [ErrNotFound]).
// Python: Environment.from_graph.
func FromGraph(nodes Points, segments [][2]int, binSize float64, opts ...TrackOptions) (*Environment, error) {
	return newTrackEnvironment("FromGraph", nodes, segments, binSize, opts)
}

// LinearTrack returns the environment of a track that leads from waypoint to waypoint.
//
//	waypoints: at least 2, [n][dim], finite
//	binSize: largest length of a bin, in the unit of the waypoints
//
// Errors are those of [FromGraph]. Python: Environment.linear_track.
func LinearTrack(waypoints Points, binSize float64, opts ...TrackOptions) (*Environment, error) {
	const op = "LinearTrack"
	n := waypoints.Len()
	if n < 2 {
		return nil, &Error{Op: op, Arg: "waypoints", Code: codeLength, Kind: ErrShape, What: fmt.Sprintf("has %d points; a track has at least 2", n)}
	}
	segments := make([][2]int, n-1)
	for i := range segments {
		segments[i] = [2]int{i, i + 1}
	}
	return newTrackEnvironment(op, waypoints, segments, binSize, opts)
}

// MazeKind is a maze of three or more arms.
type MazeKind uint8

const (
	// MazeT has a stem and two arms. Its nodes are the end of the stem, the junction, the ends of the left and the
	// right arm.
	MazeT MazeKind = iota
	// MazePlus has four arms. Its nodes are the centre and the four ends.
	MazePlus
	// MazeW has a base and three arms. Its nodes are the left, middle and right of the base, then the ends of the
	// left, middle and right arm.
	MazeW
)

// String returns the Python name, "t".
func (k MazeKind) String() string {
	if int(k) < len(mazes) {
		return mazes[k].name
	}
	return fmt.Sprintf("MazeKind(%d)", uint8(k))
}

var mazes = [...]struct {
	name     string
	nodes    int
	segments [][2]int
}{
	MazeT:    {"t", 4, [][2]int{{0, 1}, {1, 2}, {1, 3}}},
	MazePlus: {"plus", 5, [][2]int{{0, 1}, {0, 2}, {0, 3}, {0, 4}}},
	MazeW:    {"w", 6, [][2]int{{0, 1}, {1, 2}, {0, 3}, {1, 4}, {2, 5}}},
}

// Maze returns the environment of a maze.
//
//	nodes: as its kind says, [4, 5 or 6][dim], finite
//	binSize: largest length of a bin, in the unit of the nodes
//
// Errors: an unknown kind, another number of nodes, and those of [FromGraph]. Python: Environment.maze.
func Maze(kind MazeKind, nodes Points, binSize float64, opts ...TrackOptions) (*Environment, error) {
	const op = "Maze"
	if int(kind) >= len(mazes) {
		return nil, &Error{Op: op, Arg: "kind", Code: codeRange, Kind: ErrInvalid, What: fmt.Sprintf("is %v; use MazeT, MazePlus or MazeW", kind)}
	}
	m := mazes[kind]
	if nodes.Len() != m.nodes {
		return nil, &Error{Op: op, Arg: "nodes", Code: codeLength, Kind: ErrShape,
			What: fmt.Sprintf("has %d points; a maze of kind %s has %d", nodes.Len(), m.name, m.nodes),
			Fix:  "the comment of the kind lists its nodes"}
	}
	return newTrackEnvironment(op, nodes, m.segments, binSize, opts)
}

func newTrackEnvironment(op string, nodes Points, segments [][2]int, binSize float64, opts []TrackOptions) (*Environment, error) {
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	gaps, err := o.gaps(op, len(segments))
	if err != nil {
		return nil, err
	}
	if err := checkTrack(op, nodes, segments, binSize); err != nil {
		return nil, err
	}
	return newEnvironment(op, newTrack(nodes, segments, binSize, gaps), LayoutOptions{Units: o.Units, Frame: o.Frame, Name: o.Name})
}

// gaps returns the gap after each segment; the last one has none.
func (o TrackOptions) gaps(op string, segments int) ([]float64, error) {
	arg, gaps := "Gap", slices.Repeat([]float64{o.Gap}, max(segments-1, 0))
	if o.Gaps != nil {
		if o.Gap != 0 {
			return nil, &Error{Op: op, Arg: arg, Code: codeOptions, Kind: ErrInvalid,
				What: fmt.Sprintf("is %g although Gaps is set", o.Gap), Fix: "set only one of them"}
		}
		if arg, gaps = "Gaps", o.Gaps; len(gaps) != segments-1 {
			return nil, &Error{Op: op, Arg: arg, Code: codeLength, Kind: ErrShape,
				What: fmt.Sprintf("has %d values; between %d segments there are %d", len(gaps), segments, max(segments-1, 0))}
		}
	}
	for _, g := range gaps {
		if !(g >= 0) || math.IsInf(g, 1) {
			return nil, &Error{Op: op, Arg: arg, Code: codeRange, Kind: ErrInvalid, What: fmt.Sprintf("is %g; a gap is finite and not negative", g)}
		}
	}
	return append(slices.Clone(gaps), 0), nil
}

func checkTrack(op string, nodes Points, segments [][2]int, binSize float64) error {
	if err := checkFinitePoints(op, "nodes", nodes); err != nil {
		return err
	}
	if len(segments) == 0 {
		return &Error{Op: op, Arg: "segments", Code: codeLength, Kind: ErrInvalid, What: "is empty; a track has at least one"}
	}
	total := 0.0
	seen := map[[2]int]int{}
	for i, s := range segments {
		for _, node := range s {
			if node < 0 || node >= nodes.Len() {
				return &Error{Op: op, Arg: fmt.Sprintf("segments[%d]", i), Code: codeBinNumber, Kind: ErrNotFound,
					What: fmt.Sprintf("joins nodes %d and %d; nodes are 0 to %d", s[0], s[1], nodes.Len()-1)}
			}
		}
		pair := [2]int{min(s[0], s[1]), max(s[0], s[1])}
		if first, twice := seen[pair]; twice {
			return &Error{Op: op, Arg: fmt.Sprintf("segments[%d]", i), Code: codeRange, Kind: ErrInvalid,
				What: fmt.Sprintf("joins nodes %d and %d, as segment %d does", s[0], s[1], first)}
		}
		seen[pair] = i
		length := distance(nodes.row(s[0]), nodes.row(s[1]))
		if !(length > 0) || math.IsInf(length, 1) {
			return &Error{Op: op, Arg: fmt.Sprintf("segments[%d]", i), Code: codeRange, Kind: ErrInvalid,
				What: fmt.Sprintf("has length %g; nodes %d and %d are the same place, or too far apart", length, s[0], s[1])}
		}
		total += length
	}
	if !(binSize > 0) || math.IsInf(binSize, 1) {
		return &Error{Op: op, Arg: "binSize", Code: codeBinSize, Kind: ErrInvalid,
			What: fmt.Sprintf("is %g; a bin size is finite and above 0", binSize),
			Fix:  fmt.Sprintf("the track is %.3g long; try %.2g, which makes 40 bins of it", total, total/40)}
	}
	if bins := total / binSize; bins > 1e8 || !(binSize > smallestBin*total) {
		return &Error{Op: op, Arg: "binSize", Code: codeTooLarge, Kind: ErrTooLarge,
			What: fmt.Sprintf("%g cuts a track of length %.3g into %.3g bins", binSize, total, bins), Fix: fmt.Sprintf("try %.2g", total/40)}
	}
	return nil
}

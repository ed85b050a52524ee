package neurospatial

import (
	"fmt"
	"math"
	"sort"
)

// IsTrack tells whether the environment is a track, which has linear positions.
// Python: Environment.is_linearized_track.
func (e *Environment) IsTrack() bool {
	_, ok := e.layout.(*Track)
	return ok
}

// track returns the layout of a track and refuses other environments.
func (e *Environment) track(op string) (*Track, error) {
	if err := e.built(op); err != nil {
		return nil, err
	}
	if t, ok := e.layout.(*Track); ok {
		return t, nil
	}
	return nil, &Error{Op: op, Code: codeUnsupported, Kind: ErrUnsupported,
		What: fmt.Sprintf("environment is a %s; only tracks have linear positions", e.LayoutKind()),
		Fix:  "make tracks with LinearTrack, Maze or FromGraph; env.BinAt finds bins everywhere"}
}

// ToLinear returns the linear position of each point: that of the nearest place on the track.
//
//	points: [n][NumDims()] in env.Units(), finite
//
// Returns positions on the axis of the track in env.Units(), [n]. Errors: an environment that is no track
// ([ErrUnsupported]), points of another dimension ([ErrShape]) or not finite ([ErrInvalid]).
// Python: Environment.to_linear.
func (e *Environment) ToLinear(points Points) ([]float64, error) {
	const op = "Environment.ToLinear"
	t, err := e.track(op)
	if err != nil {
		return nil, err
	}
	if err := e.checkPoints(op, "points", points); err != nil {
		return nil, err
	}
	if err := checkFinitePoints(op, "points", points); err != nil {
		return nil, err
	}
	positions := make([]float64, points.Len())
	for i := range positions {
		positions[i] = t.linearOf(points.row(i))
	}
	return positions, nil
}

// linearOf projects a point on the nearest segment, the first of those equally near.
func (t *Track) linearOf(p []float64) float64 {
	least, position := math.Inf(1), 0.0
	on := make([]float64, len(p))
	for _, i := range t.order {
		s := t.segments[i]
		u, v := t.nodes.row(s.u), t.nodes.row(s.v)
		along, square := 0.0, 0.0
		for k := range p {
			along += (p[k] - u[k]) * (v[k] - u[k])
			square += (v[k] - u[k]) * (v[k] - u[k])
		}
		w := min(max(along/square, 0), 1)
		for k := range p {
			on[k] = u[k] + w*(v[k]-u[k])
		}
		if d := distance(p, on); d < least {
			least, position = d, s.start+distance(u, on)
		}
	}
	return position
}

// FromLinear returns the place on the track of each linear position. Positions beyond the ends give the ends,
// those in a gap the end of the segment before it, and NaN gives NaN.
//
//	positions: [n] in env.Units()
//
// Returns points, [n][NumDims()]. An environment that is no track is an [ErrUnsupported].
// Python: Environment.linear_to_nd.
func (e *Environment) FromLinear(positions []float64) (Points, error) {
	t, err := e.track("Environment.FromLinear")
	if err != nil {
		return Points{}, err
	}
	p := Points{dim: e.NumDims(), data: make([]float64, 0, len(positions)*e.NumDims())}
	for _, x := range positions {
		if math.IsNaN(x) {
			for range p.dim {
				p.data = append(p.data, x)
			}
			continue
		}
		// The last segment that begins at or before the position.
		i := sort.Search(len(t.segments), func(i int) bool { return t.segments[i].start > x }) - 1
		p.data = t.appendAt(p.data, t.segments[max(i, 0)], x)
	}
	return p, nil
}

// LinearBinAt returns the bin of each linear position, or [Outside] in gaps and beyond the ends. A bin has its
// lower border but not its upper one, except before a gap.
//
//	positions: [n] in env.Units()
//
// Returns one bin number per position, [n]. An environment that is no track is an [ErrUnsupported].
// Python: layout.linear_point_to_bin_ind.
func (e *Environment) LinearBinAt(positions []float64) ([]int, error) {
	t, err := e.track("Environment.LinearBinAt")
	if err != nil {
		return nil, err
	}
	bins := make([]int, len(positions))
	for i, x := range positions {
		bins[i] = t.linearBin(x)
	}
	return bins, nil
}

func (t *Track) linearBin(x float64) int {
	last := len(t.edges) - 1
	if !(x >= t.edges[0] && x < t.edges[last]) {
		return Outside
	}
	i := sort.Search(len(t.edges), func(i int) bool { return t.edges[i] > x }) - 1
	if t.bin[i] == Outside && i > 0 && (closeTo(x, t.edges[i]) || closeTo(x, t.edges[i+1])) {
		i-- // the end of the bin before the gap
	}
	return int(t.bin[i])
}

// closeTo is numpy.isclose.
func closeTo(a, b float64) bool { return math.Abs(a-b) <= 1e-8+1e-5*math.Abs(b) }

package neurospatial_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func init() {
	oracleOps["occupancy"] = opOf(oracleOccupancy)
	oracleOps["bin_sequence"] = opOf(oracleSequence)
	oracleOps["bin_sequence_with_runs"] = opOf(oracleRuns)
	oracleOps["interpolate"] = opOf(oracleInterpolate)
}

func oracleOccupancy(r *oracleRun, a struct {
	MaxGap        json.RawMessage `json:"max_gap"` // null is no limit
	ReturnSeconds *bool           `json:"return_seconds"`
	Speed         bool            // whether the recorded speed is passed
	MinSpeed      float64         `json:"min_speed"`
	Allocation    string          `json:"time_allocation"`
	Bandwidth     float64
}) (func(floats) error, error) {
	o := ns.OccupancyOptions{MinSpeed: a.MinSpeed, Bandwidth: a.Bandwidth, Counts: a.ReturnSeconds != nil && !*a.ReturnSeconds}
	if a.Speed {
		o.Speed = r.Trajectory.Speed
	}
	if string(a.MaxGap) == "null" {
		o.MaxGap = ns.NoMaxGap
	} else if a.MaxGap != nil {
		if err := json.Unmarshal(a.MaxGap, &o.MaxGap); err != nil {
			return nil, fmt.Errorf("%w: %v", errArguments, err)
		}
	}
	switch a.Allocation {
	case "", "start":
	case "linear":
		o.Allocation = ns.AllocateLinear
	default:
		return nil, fmt.Errorf("%w: time_allocation %q", errArguments, a.Allocation)
	}
	got, err := r.env.Occupancy(r.Trajectory.Times, r.Trajectory.Positions.points(), o)
	if a.Bandwidth == 0 || err != nil {
		return func(want floats) error { return near(got, want, duration) }, err
	}
	o.Bandwidth = 0
	plain, err := r.env.Occupancy(r.Trajectory.Times, r.Trajectory.Positions.points(), o)
	return func(want floats) error {
		return near(got, heatTruth(r.env, want, plain, a.Bandwidth, ns.ModeTransition), heat)
	}, err
}

// outsideOf reads outside_value: null drops samples outside; Python does not use the value of a number.
func outsideOf(raw json.RawMessage) ns.OutsideValue {
	if string(raw) == "null" {
		return ns.OutsideDropped
	}
	return ns.OutsideKept
}

func oracleSequence(r *oracleRun, a struct {
	Dedup   *bool
	Outside json.RawMessage `json:"outside_value"`
}) (func([]int) error, error) {
	got, err := r.env.BinSequence(r.Trajectory.Times, r.Trajectory.Positions.points(),
		ns.SequenceOptions{KeepRepeats: a.Dedup != nil && !*a.Dedup, OutsideValue: outsideOf(a.Outside)})
	return func(want []int) error { return same(got, want) }, err
}

func oracleRuns(r *oracleRun, a struct {
	Outside json.RawMessage `json:"outside_value"`
}) (func(struct {
	Bins    []int
	Starts  []int `json:"run_starts"`
	Lengths []int `json:"run_lengths"`
}) error, error) {
	got, err := r.env.BinSequenceWithRuns(r.Trajectory.Times, r.Trajectory.Positions.points(),
		ns.SequenceOptions{OutsideValue: outsideOf(a.Outside)})
	return func(want struct {
		Bins    []int
		Starts  []int `json:"run_starts"`
		Lengths []int `json:"run_lengths"`
	}) error {
		if err := same(got.Bins, want.Bins); err != nil {
			return fmt.Errorf("bins: %v", err)
		}
		if err := same(got.Starts, want.Starts); err != nil {
			return fmt.Errorf("run_starts: %v", err)
		}
		if err := same(got.Lengths, want.Lengths); err != nil {
			return fmt.Errorf("run_lengths: %v", err)
		}
		return nil
	}, err
}

// oracleInterpolate makes one exception from Python, which lets cells that are no bins spoil points where
// their weight is 0, so that a bin's own centre can give NaN, and gives NaN on an axis of a single cell.
// At points where Python gives NaN a plain computation says whether one of these is the cause.
func oracleInterpolate(r *oracleRun, a struct {
	Field  floats
	Points rows
	Mode   string
}) (func(floats) error, error) {
	var method ns.InterpolateMethod
	switch a.Mode {
	case "nearest":
	case "linear":
		method = ns.MethodLinear
	default:
		return nil, fmt.Errorf("%w: mode %q", errArguments, a.Mode)
	}
	got, err := r.env.Interpolate(a.Field, a.Points.points(), ns.InterpolateOptions{Method: method})
	return func(want floats) error {
		want = slices.Clone(want)
		if method == ns.MethodLinear {
			for i, p := range a.Points {
				if math.IsNaN(want[i]) {
					want[i] = plainLinear(r.env, a.Field, p)
				}
			}
		}
		return near(got, want, geometry)
	}, err
}

// plainLinear interpolates linearly between the cell centres of a grid and leaves out corners of weight 0.
func plainLinear(env *ns.Environment, field, point []float64) float64 {
	edges, shape := env.GridEdges(), env.GridShape()
	bin := map[int]int{}
	middle := make([]map[int]float64, len(shape)) // coordinates of centres to the last bit, where there are bins
	for k := range middle {
		middle[k] = map[int]float64{}
	}
	for b, cell := range env.GridCells() {
		bin[cell] = b
		for k := len(shape) - 1; k >= 0; k-- {
			middle[k][cell%shape[k]] = env.BinCenters().At(b, k)
			cell /= shape[k]
		}
	}
	corners := map[int]float64{0: 1} // cell number so far → weight
	for k, x := range point {
		center := func(i int) float64 {
			if x, ok := middle[k][i]; ok {
				return x
			}
			return edges[k][i] + (edges[k][i+1]-edges[k][i])/2
		}
		share := map[int]float64{}
		last := shape[k] - 1
		switch {
		case last == 0 && x >= edges[k][0] && x <= edges[k][1]:
			share[0] = 1
		case last == 0 || x < center(0) || x > center(last):
			return math.NaN()
		default:
			i := 0
			for i < last-1 && x >= center(i+1) {
				i++
			}
			upper := (x - center(i)) / (center(i+1) - center(i))
			share[i], share[i+1] = 1-upper, upper
		}
		next := map[int]float64{}
		for cell, w := range corners {
			for i, s := range share {
				if s > 0 {
					next[cell*shape[k]+i] = w * s
				}
			}
		}
		corners = next
	}
	sum := 0.0
	for cell, w := range corners {
		b, ok := bin[cell]
		if !ok {
			return math.NaN()
		}
		sum += w * field[b]
	}
	return sum
}

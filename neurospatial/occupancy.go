package neurospatial

import (
	"context"
	"fmt"
	"math"
)

// Allocation says which bins get the time between two samples.
type Allocation uint8

const (
	// AllocateStart gives all of it to the bin of the first sample. It is the default.
	AllocateStart Allocation = iota
	// AllocateLinear shares it among the bins that the straight line between the samples crosses, in
	// proportion to the lengths. For grids only.
	AllocateLinear
)

// String returns the Python name of the rule, "start".
func (a Allocation) String() string {
	switch a {
	case AllocateStart:
		return "start"
	case AllocateLinear:
		return "linear"
	}
	return fmt.Sprintf("Allocation(%d)", uint8(a))
}

// NoMaxGap, as OccupancyOptions.MaxGap, counts the time between samples however long it is.
var NoMaxGap = math.Inf(1)

// defaultMaxGap is the longest time between samples that counts when no option says otherwise.
const defaultMaxGap = 0.5

// OccupancyOptions are the options of [Environment.Occupancy].
type OccupancyOptions struct {
	// Speed is the speed at each sample in env.Units() per second, [n]; needed for MinSpeed only.
	Speed []float64
	// MinSpeed leaves out the time after samples at which the animal was slower. 0 means not set.
	// Python: min_speed.
	MinSpeed float64
	// MaxGap leaves out times between samples that are longer, in seconds: the recording was interrupted.
	// 0 stands for 0.5 s, [NoMaxGap] for no limit. Python: max_gap.
	MaxGap float64
	// Bandwidth, in env.Units(), smooths the result with [ModeTransition], which keeps the total. 0 means
	// not set. Python: bandwidth.
	Bandwidth float64
	// Allocation says which bins get the time between two samples. Python: time_allocation.
	Allocation Allocation
	// Counts counts intervals between samples instead of adding up their seconds.
	// Python: return_seconds=False.
	Counts bool
}

// Occupancy returns how long the animal was in each bin, in seconds.
//
//	times: time of each sample in seconds, finite, not descending, [n]
//	pos: position of each sample in env.Units(), [n][NumDims()]; NaN where it is not known
//
// Sample k accounts for the time until sample k+1, if it lies in a bin and the time is no longer than MaxGap;
// the last sample accounts for none. Returns one value per bin, [NumBins()].
//
// Errors: times and positions of different length or dimension, Speed of another length ([ErrShape]); times
// that descend or are not finite, options out of range ([ErrInvalid]); AllocateLinear without a grid
// ([ErrUnsupported]). Python: Environment.occupancy.
func (e *Environment) Occupancy(times []float64, pos Points, opts ...OccupancyOptions) ([]float64, error) {
	const op = "Environment.Occupancy"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.checkRecording(op, times, pos); err != nil {
		return nil, err
	}
	if err := o.check(op, len(times)); err != nil {
		return nil, err
	}
	if o.Allocation == AllocateLinear && e.lattice == nil {
		return nil, &Error{Op: op, Arg: "Allocation", Code: codeUnsupported, Kind: ErrUnsupported,
			What: fmt.Sprintf("is linear, which needs a grid; this is a %s", e.LayoutKind()), Fix: "use AllocateStart"}
	}
	out := make([]float64, e.NumBins())
	if o.Allocation == AllocateLinear {
		e.addCrossings(out, times, pos, o)
	} else {
		e.eachInterval(times, pos, o, func(_, bin, _ int, seconds float64) {
			if o.Counts {
				seconds = 1
			}
			out[bin] += seconds
		})
	}
	if o.Bandwidth > 0 {
		if err := e.diffuse(context.Background(), o.Bandwidth, ModeTransition, out); err != nil {
			return nil, unsmoothed(op, err)
		}
	}
	return out, nil
}

// check refuses options that make no sense for n samples.
func (o *OccupancyOptions) check(op string, n int) error {
	bad := func(arg, format string, args ...any) error {
		return &Error{Op: op, Arg: arg, Code: codeRange, Kind: ErrInvalid, What: fmt.Sprintf(format, args...)}
	}
	switch {
	case !(o.MinSpeed >= 0):
		return bad("MinSpeed", "is %g; a speed is not negative", o.MinSpeed)
	case o.MinSpeed > 0 && o.Speed == nil:
		return &Error{Op: op, Arg: "MinSpeed", Code: codeOptions, Kind: ErrInvalid,
			What: fmt.Sprintf("is %g but Speed is not given", o.MinSpeed), Fix: "pass Speed: trajectory.Speed()"}
	case o.Speed != nil && len(o.Speed) != n:
		return &Error{Op: op, Arg: "Speed", Code: codeLength, Kind: ErrShape,
			What: fmt.Sprintf("has %d values, times has %d", len(o.Speed), n), Fix: "pass one speed per sample"}
	case !(o.MaxGap >= 0):
		return &Error{Op: op, Arg: "MaxGap", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("is %g; a time is not negative", o.MaxGap), Fix: "use NoMaxGap for no limit"}
	case o.Allocation > AllocateLinear:
		return bad("Allocation", "is %v; use AllocateStart or AllocateLinear", o.Allocation)
	}
	if o.Bandwidth != 0 {
		return checkSmoothing(op, o.Bandwidth, ModeTransition)
	}
	return nil
}

func (o *OccupancyOptions) maxGap() float64 {
	if o.MaxGap == 0 {
		return defaultMaxGap
	}
	return o.MaxGap
}

// checkRecording refuses times and positions that do not belong together.
func (e *Environment) checkRecording(op string, times []float64, pos Points) error {
	if err := e.checkPoints(op, "pos", pos); err != nil {
		return err
	}
	return checkTimes(op, times, pos)
}

func checkTimes(op string, times []float64, pos Points) error {
	if len(times) != pos.Len() {
		return &Error{Op: op, Arg: "times", Code: codeLength, Kind: ErrShape,
			What: fmt.Sprintf("has %d values, pos has %d points", len(times), pos.Len()), Fix: "pass one time per position"}
	}
	if err := checkFinite(op, "times", times); err != nil {
		return err
	}
	for i := 1; i < len(times); i++ {
		if times[i] < times[i-1] {
			return &Error{Op: op, Arg: "times", Code: codeRange, Kind: ErrInvalid,
				What: fmt.Sprintf("descends from %g to %g at index %d", times[i-1], times[i], i),
				Fix:  "sort the samples by time"}
		}
	}
	return nil
}

// eachInterval visits the intervals that count: the number of the first sample, its bin, that of the second
// sample, which may be Outside, and the seconds between them.
func (e *Environment) eachInterval(times []float64, pos Points, o OccupancyOptions, visit func(k, bin, next int, seconds float64)) {
	const block = 1024 // samples whose bins are looked up together
	gap := o.maxGap()
	bins := make([]int, min(block+1, len(times)))
	for first := 0; first+1 < len(times); first += block {
		n := min(block+1, len(times)-first)
		e.layout.BinAtTo(bins[:n], pos.Slice(first, first+n))
		for i := range n - 1 {
			k := first + i
			seconds := times[k+1] - times[k]
			if bins[i] == Outside || seconds > gap || o.MinSpeed > 0 && !(o.Speed[k] >= o.MinSpeed) {
				continue
			}
			visit(k, bins[i], bins[i+1], seconds)
		}
	}
}

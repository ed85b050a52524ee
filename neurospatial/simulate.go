package neurospatial

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Simulations are reproducible: the same seed gives the same numbers.

// newRandom returns the source of random numbers of a simulation. The stream keeps simulations of different
// kinds with the same seed from using the same numbers.
func newRandom(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

const (
	walkStream uint64 = iota + 1
	spikeStream
)

// PlaceFieldOptions are the options of [Environment.PlaceField].
type PlaceFieldOptions struct {
	PeakRate float64 // rate at the centre in spikes per second; 0 means 20
	BaseRate float64 // rate far away from it in spikes per second
	// Metric is the distance that the rate falls with: MetricGeodesic, around walls, or MetricEuclidean.
	Metric Metric
}

// PlaceField returns the firing rates of a simulated place cell: a Gaussian of the distance to a centre.
//
//	center: point in a bin, [NumDims()] in env.Units(); the field is centred on that bin
//	width: standard deviation of the Gaussian in env.Units(), finite and above 0
//
// Returns spikes per second, one value per bin, [NumBins()]. Errors: a centre in no bin ([ErrNotFound]) or of
// another dimension ([ErrShape]), a width or rate out of range ([ErrInvalid]).
func (e *Environment) PlaceField(center []float64, width float64, opts ...PlaceFieldOptions) ([]float64, error) {
	const op = "Environment.PlaceField"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.built(op); err != nil {
		return nil, err
	}
	if err := checkPositive(op, "width", width); err != nil {
		return nil, err
	}
	if o.PeakRate == 0 {
		o.PeakRate = 20
	}
	if !(o.BaseRate >= 0) || !(o.PeakRate >= o.BaseRate) || math.IsInf(o.PeakRate, 1) {
		return nil, &Error{Op: op, Arg: "PeakRate", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("is %g with BaseRate %g; rates are finite, not negative, and the peak is the higher", o.PeakRate, o.BaseRate)}
	}
	bin, err := e.binInside(op, "center", center)
	if err != nil {
		return nil, err
	}
	rates, err := e.DistanceTo([]int{bin}, DistanceOptions{Metric: o.Metric})
	if err != nil {
		return nil, err
	}
	for i, d := range rates {
		gauss := 0.0 // where no path leads, however wide the field
		if !math.IsInf(d, 1) {
			d /= width // before squaring, which may overflow
			gauss = math.Exp(-d * d / 2)
		}
		rates[i] = o.BaseRate + (o.PeakRate-o.BaseRate)*gauss
	}
	return rates, nil
}

// binInside returns the bin that contains one point and refuses points in none.
func (e *Environment) binInside(op, arg string, point []float64) (int, error) {
	bin, err := e.binOfPoint(op, arg, point)
	if err == nil && bin == Outside {
		err = &Error{Op: op, Arg: arg, Code: codeRange, Kind: ErrNotFound,
			What: fmt.Sprintf("%v lies in no bin", point), Fix: "env.BinCenters() lists points in bins"}
	}
	return bin, err
}

// checkPositive refuses numbers that are not finite and above 0.
func checkPositive(op, arg string, v float64) error {
	if v > 0 && !math.IsInf(v, 1) {
		return nil
	}
	return &Error{Op: op, Arg: arg, Code: codeRange, Kind: ErrInvalid, What: fmt.Sprintf("is %g; it must be finite and above 0", v)}
}

// SpikeOptions are the options of [Environment.SimulateSpikes].
type SpikeOptions struct {
	Seed uint64 // of the random numbers
	// MaxGap, in seconds, is the longest time between samples during which the cell fires; 0 stands for
	// 0.5 s, [NoMaxGap] for no limit.
	MaxGap float64
}

// SimulateSpikes returns the times of the spikes that a cell with given rates fires during a recording, drawn
// from a Poisson process.
//
//	rates: spikes per second in each bin, finite and not negative, [NumBins()]
//	times: time of each sample in seconds, finite, not descending, [n]
//	pos: position of each sample in env.Units(), [n][NumDims()]; no spikes come from outside the bins
//
// Returns ascending times in seconds. The rate between two samples is that of the bin of the first, as in
// [Environment.Occupancy]. Errors are those of Occupancy and of rates that are none.
func (e *Environment) SimulateSpikes(rates, times []float64, pos Points, opts ...SpikeOptions) ([]float64, error) {
	const op = "Environment.SimulateSpikes"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.checkField(op, "rates", rates); err != nil {
		return nil, err
	}
	for i, r := range rates {
		if !(r >= 0) || math.IsInf(r, 1) {
			return nil, &Error{Op: op, Arg: fmt.Sprintf("rates[%d]", i), Code: codeRange, Kind: ErrInvalid,
				What: fmt.Sprintf("is %g; a rate is finite and not negative", r)}
		}
	}
	if err := e.checkRecording(op, times, pos); err != nil {
		return nil, err
	}
	intervals := OccupancyOptions{MaxGap: o.MaxGap}
	if err := intervals.check(op, len(times)); err != nil {
		return nil, err
	}
	// The integral of the rate between spikes is exponential with mean 1: an exact process for rates that
	// change in steps.
	random := newRandom(o.Seed, spikeStream)
	var spikes []float64
	until := random.ExpFloat64() // integral that remains until the next spike
	e.eachInterval(times, pos, intervals, func(k, bin, _ int, seconds float64) {
		rate := rates[bin]
		left := rate * seconds
		for until <= left {
			left -= until
			spikes = append(spikes, times[k]+seconds-left/rate)
			until = random.ExpFloat64()
		}
		until -= left
	})
	return spikes, nil
}

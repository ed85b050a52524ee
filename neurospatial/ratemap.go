package neurospatial

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// RateMapOptions are the options of [Environment.RateMap].
type RateMapOptions struct {
	// Bandwidth, in env.Units(), smooths spikes and time before they are divided. 0 means not at all.
	Bandwidth float64
	// MinSeconds makes bins NaN in which the animal spent less time, before smoothing. Bins that it never
	// visited are always NaN.
	MinSeconds float64

	Speed    []float64 // speed at each sample in env.Units() per second, [n]; needed for MinSpeed only
	MinSpeed float64   // leaves out time and spikes after samples at which the animal was slower; 0 means not set
	MaxGap   float64   // longest time between samples that counts, in seconds; 0 stands for 0.5, [NoMaxGap] for no limit
}

// RateMap returns the firing rate of a cell in each bin: its spikes there over the time spent there.
//
//	spikes: times of the spikes in seconds, finite, in any order
//	times: time of each sample in seconds, finite, not descending, [n]
//	pos: position of each sample in env.Units(), [n][NumDims()]; NaN where it is not known
//
// Returns spikes per second, one value per bin, [NumBins()]; NaN where there is too little time, see
// [RateMapOptions]. With a bandwidth, spikes and time are smoothed apart, so that bins count by the time
// spent in them. Errors are those of [Environment.Occupancy] and [Environment.SpikeCounts].
func (e *Environment) RateMap(spikes, times []float64, pos Points, opts ...RateMapOptions) ([]float64, error) {
	const op = "Environment.RateMap"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if !(o.MinSeconds >= 0) {
		return nil, &Error{Op: op, Arg: "MinSeconds", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("is %g; a time is not negative", o.MinSeconds)}
	}
	intervals := OccupancyOptions{Speed: o.Speed, MinSpeed: o.MinSpeed, MaxGap: o.MaxGap}
	rates, seconds, err := e.countSpikes(op, spikes, times, pos, intervals)
	if err != nil {
		return nil, err
	}
	spent := seconds
	if o.Bandwidth != 0 {
		if err := checkSmoothing(op, o.Bandwidth, ModeTransition); err != nil {
			return nil, err
		}
		spent = slices.Clone(seconds)
		if err := e.diffuse(context.Background(), o.Bandwidth, ModeTransition, rates, spent); err != nil {
			return nil, unsmoothed(op, err)
		}
	}
	for i, s := range seconds {
		if s > 0 && s >= o.MinSeconds {
			rates[i] /= spent[i]
		} else {
			rates[i] = math.NaN()
		}
	}
	return rates, nil
}

// SpikeCounts returns how many spikes a cell fired in each bin.
//
//	spikes: times of the spikes in seconds, finite, in any order
//	times: time of each sample in seconds, finite, not descending, [n]
//	pos: position of each sample in env.Units(), [n][NumDims()]; NaN where it is not known
//	opts: which time between samples counts, as in [Environment.Occupancy], and Bandwidth; Allocation must be
//	AllocateStart, and Counts has no meaning
//
// A spike belongs to the bin of the last sample before it. Spikes in time that does not count, or before the
// first or after the last sample, are left out: counts and occupancy are of the same time. Returns one value
// per bin, [NumBins()]. Errors are those of Occupancy; spikes that are not finite are an [ErrInvalid].
func (e *Environment) SpikeCounts(spikes, times []float64, pos Points, opts ...OccupancyOptions) ([]float64, error) {
	const op = "Environment.SpikeCounts"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	counts, _, err := e.countSpikes(op, spikes, times, pos, o)
	if err != nil {
		return nil, err
	}
	if o.Bandwidth > 0 {
		if err := e.diffuse(context.Background(), o.Bandwidth, ModeTransition, counts); err != nil {
			return nil, unsmoothed(op, err)
		}
	}
	return counts, nil
}

// countSpikes returns the spikes and the seconds of the same intervals in each bin.
func (e *Environment) countSpikes(op string, spikes, times []float64, pos Points, o OccupancyOptions) (counts, seconds []float64, err error) {
	if err := e.checkRecording(op, times, pos); err != nil {
		return nil, nil, err
	}
	if err := o.check(op, len(times)); err != nil {
		return nil, nil, err
	}
	if o.Allocation != AllocateStart {
		return nil, nil, &Error{Op: op, Arg: "Allocation", Code: codeUnsupported, Kind: ErrUnsupported,
			What: fmt.Sprintf("is %v; spikes belong to the bin of the sample before them", o.Allocation), Fix: "use AllocateStart"}
	}
	if err := checkFinite(op, "spikes", spikes); err != nil {
		return nil, nil, err
	}
	if !slices.IsSorted(spikes) {
		spikes = slices.Sorted(slices.Values(spikes))
	}
	counts, seconds = make([]float64, e.NumBins()), make([]float64, e.NumBins())
	next := 0
	e.eachInterval(times, pos, o, func(k, bin, _ int, dt float64) {
		for next < len(spikes) && spikes[next] < times[k] {
			next++ // in time that does not count
		}
		for next < len(spikes) && spikes[next] < times[k+1] {
			counts[bin]++
			next++
		}
		seconds[bin] += dt
	})
	return counts, seconds, nil
}

// SpatialInformation returns how much a spike says about where the animal is, in bits (Skaggs et al. 1993):
// the mean over the time spent in each bin of r log2 r, r being the rate there over the mean rate.
//
//	rates: spikes per second in each bin, not negative; NaN leaves the bin out, [n]
//	seconds: time spent in each bin, finite and not negative, [n]
//
// Returns 0 for a cell that does not fire. Errors: different lengths ([ErrShape]), values out of range, or no
// time in bins with a rate ([ErrInvalid]).
func SpatialInformation(rates, seconds []float64) (float64, error) {
	const op = "SpatialInformation"
	if len(rates) != len(seconds) {
		return 0, &Error{Op: op, Arg: "seconds", Code: codeLength, Kind: ErrShape,
			What: fmt.Sprintf("has %d values, rates has %d", len(seconds), len(rates))}
	}
	// Rates and times are taken relative to the largest, so that extremes
	// neither overflow nor vanish.
	topRate, topTime := 0.0, 0.0
	for i, r := range rates {
		switch s := seconds[i]; {
		case !(s >= 0) || math.IsInf(s, 1):
			return 0, &Error{Op: op, Arg: fmt.Sprintf("seconds[%d]", i), Code: codeRange, Kind: ErrInvalid,
				What: fmt.Sprintf("is %g; a time is finite and not negative", s)}
		case r < 0 || math.IsInf(r, 1):
			return 0, &Error{Op: op, Arg: fmt.Sprintf("rates[%d]", i), Code: codeRange, Kind: ErrInvalid,
				What: fmt.Sprintf("is %g; a rate is finite and not negative", r)}
		case r == r:
			topRate, topTime = max(topRate, r), max(topTime, s)
		}
	}
	if topTime == 0 {
		return 0, &Error{Op: op, Arg: "seconds", Code: codeRange, Kind: ErrInvalid, What: "has no time in bins with a rate"}
	}
	if topRate == 0 {
		return 0, nil
	}
	total, spikes := 0.0, 0.0
	for i, r := range rates {
		if r == r {
			total += seconds[i] / topTime
			spikes += r / topRate * (seconds[i] / topTime)
		}
	}
	if spikes == 0 {
		return 0, nil
	}
	bits, mean := 0.0, spikes/total
	for i, r := range rates {
		if r /= topRate; r > 0 {
			bits += seconds[i] / topTime / total * (r / mean) * math.Log2(r/mean)
		}
	}
	return bits, nil
}

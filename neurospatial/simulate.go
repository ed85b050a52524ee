package neurospatial

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
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
		rates[i] = o.BaseRate + (o.PeakRate-o.BaseRate)*math.Exp(-d*d/(2*width*width))
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

// RandomWalkOptions are the options of [Environment.RandomWalk].
type RandomWalkOptions struct {
	Seed       uint64    // of the random numbers
	SampleRate float64   // samples per second; 0 means 50
	Speed      float64   // typical speed in env.Units() per second; 0 crosses the longest side in 10 s
	Start      []float64 // first position, in a bin, [NumDims()]; nil is the centre of a bin drawn at random
}

// RandomWalk returns the path of a simulated animal that explores the environment. Its velocity changes
// gradually, over about 0.7 s, and turns back at walls; the animal moves only within a bin or between bins
// that are joined.
//
//	seconds: length of the recording, finite and above 0
//
// Errors: options out of range ([ErrInvalid]), a start in no bin ([ErrNotFound]), a layout that finds a bin for every
// point however far away, so that nothing keeps the animal in ([ErrUnsupported]).
func (e *Environment) RandomWalk(seconds float64, opts ...RandomWalkOptions) (*Trajectory, error) {
	const op = "Environment.RandomWalk"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.built(op); err != nil {
		return nil, err
	}
	if o.SampleRate == 0 {
		o.SampleRate = 50
	}
	if o.Speed == 0 {
		for _, r := range e.ranges {
			o.Speed = max(o.Speed, (r[1]-r[0])/10)
		}
	}
	for _, c := range []struct {
		arg   string
		value float64
	}{{"seconds", seconds}, {"SampleRate", o.SampleRate}, {"Speed", o.Speed}} {
		if err := checkPositive(op, c.arg, c.value); err != nil {
			return nil, err
		}
	}
	const most = 100_000_000
	if seconds*o.SampleRate > most {
		return nil, &Error{Op: op, Arg: "seconds", Code: codeTooLarge, Kind: ErrTooLarge,
			What: fmt.Sprintf("is %g, at %g samples a second %.3g samples; at most %d are possible", seconds, o.SampleRate, seconds*o.SampleRate, most)}
	}
	if e.isBoundless() {
		return nil, &Error{Op: op, Code: codeUnsupported, Kind: ErrUnsupported,
			What: fmt.Sprintf("environment has no outside: a %s finds a bin for every point", e.LayoutKind())}
	}
	w := &walk{e: e, random: newRandom(o.Seed, walkStream), dt: 1 / o.SampleRate, speed: o.Speed}
	if err := w.start(op, o.Start); err != nil {
		return nil, err
	}
	n := int(seconds*o.SampleRate) + 1
	times, flat := make([]float64, n), make([]float64, 0, n*e.NumDims())
	for i := range n {
		times[i] = float64(i) / o.SampleRate
		flat = append(flat, w.at...)
		w.step()
	}
	return &Trajectory{Times: times, Positions: Points{dim: e.NumDims(), data: flat}}, nil
}

// isBoundless tells whether a point far outside the environment lies in a bin.
func (e *Environment) isBoundless() bool {
	far := make([]float64, 0, e.NumDims())
	for _, r := range e.ranges {
		far = append(far, r[1]+10*(r[1]-r[0])+1)
	}
	var bin [1]int
	e.layout.BinAtTo(bin[:], Points{dim: len(far), data: far})
	return bin[0] != Outside
}

// walk is an animal whose velocity is an Ornstein-Uhlenbeck process along each axis.
type walk struct {
	e        *Environment
	random   *rand.Rand
	dt       float64
	speed    float64
	at       []float64
	bin      int
	velocity []float64
	next     []float64
}

func (w *walk) start(op string, at []float64) error {
	dim := w.e.NumDims()
	w.velocity, w.next = make([]float64, dim), make([]float64, dim)
	w.bin = w.random.IntN(w.e.NumBins())
	w.at = slices.Clone(w.e.centers.row(w.bin))
	if at != nil {
		bin, err := w.e.binInside(op, "Start", at)
		if err != nil {
			return err
		}
		w.bin, w.at = bin, slices.Clone(at)
	}
	for k := range w.velocity {
		w.velocity[k] = w.axisSpeed() * w.random.NormFloat64()
	}
	return nil
}

// axisSpeed is the standard deviation of the velocity along one axis.
func (w *walk) axisSpeed() float64 { return w.speed / math.Sqrt(float64(len(w.at))) }

// turnTime is the time in seconds over which the velocity is forgotten.
const turnTime = 0.7

func (w *walk) step() {
	keep := math.Exp(-w.dt / turnTime)
	noise := w.axisSpeed() * math.Sqrt(1-keep*keep)
	for k := range w.velocity {
		w.velocity[k] = keep*w.velocity[k] + noise*w.random.NormFloat64()
	}
	if w.move() {
		return
	}
	// A wall: turn back along one axis, so that walls are followed, or along all of them in a corner.
	for k := range w.velocity {
		w.velocity[k] = -w.velocity[k]
		if w.move() {
			return
		}
		w.velocity[k] = -w.velocity[k]
	}
	for k := range w.velocity {
		w.velocity[k] = -w.velocity[k]
	}
	w.move()
}

// move takes a step with the current velocity if it stays within the bin or leads to a neighbour.
func (w *walk) move() bool {
	for k, v := range w.velocity {
		w.next[k] = w.at[k] + v*w.dt
	}
	var bin [1]int
	w.e.layout.BinAtTo(bin[:], Points{dim: len(w.next), data: w.next})
	if bin[0] == Outside {
		return false
	}
	if bin[0] != w.bin && !slices.Contains(w.e.graph.Neighbors(w.bin), int32(bin[0])) {
		return false
	}
	w.bin = bin[0]
	copy(w.at, w.next)
	return true
}

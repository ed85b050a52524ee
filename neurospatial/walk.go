package neurospatial

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// RandomWalkOptions are the options of [Environment.RandomWalk].
type RandomWalkOptions struct {
	Seed       uint64    // of the random numbers
	SampleRate float64   // samples per second; 0 means 50
	Speed      float64   // typical speed in env.Units() per second; 0 crosses the longest side in 10 s
	Start      []float64 // first position, in a bin, [NumDims()]; nil is the centre of a bin drawn at random
}

// RandomWalk returns the path of a simulated animal that explores the environment. Its velocity changes
// gradually, over about 0.7 s, and turns back at walls; the animal moves only within a bin or between bins
// that are joined. On a track, where every point is nearest to some bin, it runs along the bins to one end after
// another instead.
//
//	seconds: length of the recording, finite and above 0
//
// Errors: options out of range ([ErrInvalid]), a start in no bin ([ErrNotFound]).
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
	a := animal{e: e, random: newRandom(o.Seed, walkStream), dt: 1 / o.SampleRate, speed: o.Speed}
	if err := a.start(op, o.Start); err != nil {
		return nil, err
	}
	var step func()
	if e.isBoundless() {
		step = newRunner(a).step
	} else {
		step = newWalker(a).step
	}
	n := int(seconds*o.SampleRate) + 1
	times, flat := make([]float64, n), make([]float64, 0, n*e.NumDims())
	for i := range n {
		times[i] = float64(i) / o.SampleRate
		flat = append(flat, a.at...) // shared with the stepper, which moves it
		step()
	}
	return &Trajectory{Times: times, Positions: Points{dim: e.NumDims(), data: flat}}, nil
}

// animal is where a simulated animal is and how it moves.
type animal struct {
	e      *Environment
	random *rand.Rand
	dt     float64 // time of a step
	speed  float64
	at     []float64
	bin    int
}

// start puts the animal at a point, or at the centre of a random bin if that is nil.
func (a *animal) start(op string, at []float64) error {
	if at == nil {
		a.bin = a.random.IntN(a.e.NumBins())
		a.at = slices.Clone(a.e.centers.row(a.bin))
		return nil
	}
	bin, err := a.e.binInside(op, "Start", at)
	if err != nil {
		return err
	}
	a.bin, a.at = bin, slices.Clone(at)
	return nil
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

// walker is an animal whose velocity is an Ornstein-Uhlenbeck process along each axis.
type walker struct {
	animal
	velocity []float64
	next     []float64
}

func newWalker(a animal) *walker {
	w := &walker{animal: a, velocity: make([]float64, len(a.at)), next: make([]float64, len(a.at))}
	for k := range w.velocity {
		w.velocity[k] = w.axisSpeed() * w.random.NormFloat64()
	}
	return w
}

// axisSpeed is the standard deviation of the velocity along one axis.
func (w *walker) axisSpeed() float64 { return w.speed / math.Sqrt(float64(len(w.at))) }

// turnTime is the time in seconds over which the velocity is forgotten.
const turnTime = 0.7

func (w *walker) step() {
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
func (w *walker) move() bool {
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

// runner is an animal that runs along shortest paths from one place to another.
type runner struct {
	animal
	targets []int // bins to choose from
	path    []int // bins still to pass
	pace    float64
}

// newRunner finds the dead ends that the animal can reach, or all bins if there are fewer than two.
func newRunner(a animal) *runner {
	r := &runner{animal: a}
	var ends []int
	for i, hops := range a.e.graph.Hops(a.bin, -1) {
		if hops < 0 {
			continue
		}
		r.targets = append(r.targets, i)
		if a.e.graph.Degree(i) == 1 {
			ends = append(ends, i)
		}
	}
	if len(ends) >= 2 {
		r.targets = ends
	}
	return r
}

func (r *runner) step() {
	for left := r.dt; left > 0; {
		if len(r.path) == 0 {
			r.choose()
		}
		to := r.e.centers.row(r.path[0])
		d := distance(r.at, to)
		if d > left*r.pace {
			for k := range r.at {
				r.at[k] += (to[k] - r.at[k]) * left * r.pace / d
			}
			return
		}
		copy(r.at, to)
		left -= d / r.pace
		r.bin, r.path = r.path[0], r.path[1:]
		if len(r.targets) == 1 {
			return // nowhere else to go
		}
	}
}

// choose picks another target and how fast to run there.
func (r *runner) choose() {
	target := r.targets[r.random.IntN(len(r.targets))]
	r.path, _ = r.e.graph.ShortestPath(r.bin, target)
	r.pace = r.speed * math.Exp(0.2*r.random.NormFloat64())
}

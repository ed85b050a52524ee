package neurospatial

import (
	"fmt"
	"math"
	"slices"
)

// Trajectory is the recorded path of an animal. It is made by [NewTrajectory], [ReadTrajectoryCSV] or
// [Environment.RandomWalk].
type Trajectory struct {
	// Times are the times of the samples in seconds, finite and not descending, [n].
	Times []float64
	// Positions are the positions at these times, [n][dim]; a coordinate is NaN where it is not known.
	Positions Points
}

// NewTrajectory returns the trajectory of a recording.
//
//	times: time of each sample in seconds, finite, not descending, [n]; copied
//	pos: position of each sample, [n][dim]; NaN where it is not known
//
// Errors: different lengths ([ErrShape]); times that descend or are not finite ([ErrInvalid]).
func NewTrajectory(times []float64, pos Points) (*Trajectory, error) {
	if err := checkTimes("NewTrajectory", times, pos); err != nil {
		return nil, err
	}
	return &Trajectory{Times: slices.Clone(times), Positions: pos}, nil
}

// Len returns the number of samples.
func (t *Trajectory) Len() int { return min(len(t.Times), t.Positions.Len()) }

// Duration returns the time from the first to the last sample in seconds.
func (t *Trajectory) Duration() float64 {
	if t.Len() == 0 {
		return 0
	}
	return t.Times[t.Len()-1] - t.Times[0]
}

// Missing returns the number of samples whose position is not fully known.
func (t *Trajectory) Missing() int {
	missing := 0
	for i := range t.Len() {
		if hasNaN(t.Positions.row(i)) {
			missing++
		}
	}
	return missing
}

// ValidSeconds returns the part of the duration that says where the animal was: the time after every sample
// with a known position until the next sample, unless that is longer than maxGap. It is what
// [Environment.Occupancy] adds up to when all positions lie in bins.
//
//	maxGap: in seconds; 0 stands for 0.5 s, [NoMaxGap] for no limit
func (t *Trajectory) ValidSeconds(maxGap float64) float64 {
	o := OccupancyOptions{MaxGap: maxGap}
	total := 0.0
	for k := range t.Len() - 1 {
		if dt := t.Times[k+1] - t.Times[k]; dt <= o.maxGap() && !hasNaN(t.Positions.row(k)) {
			total += dt
		}
	}
	return total
}

// Speed returns the speed from each sample to the next in units of length per second, [n]; the last sample
// has that of the one before. It is NaN where a position is not known or no time passes.
func (t *Trajectory) Speed() []float64 {
	n := t.Len()
	speed := make([]float64, n)
	for k := range n {
		speed[k] = math.NaN()
		if k+1 < n {
			if dt := t.Times[k+1] - t.Times[k]; dt > 0 {
				speed[k] = distance(t.Positions.row(k), t.Positions.row(k+1)) / dt
			}
		}
	}
	if n > 1 {
		speed[n-1] = speed[n-2]
	}
	return speed
}

// Between returns the samples with from ≤ time < to, in seconds. Positions are shared, times are copied.
func (t *Trajectory) Between(from, to float64) *Trajectory {
	times := t.Times[:t.Len()]
	lo, _ := slices.BinarySearch(times, from)
	hi, _ := slices.BinarySearch(times, to)
	hi = max(lo, hi)
	return &Trajectory{Times: slices.Clone(times[lo:hi]), Positions: t.Positions.Slice(lo, hi)}
}

// String returns the size and extent: Trajectory(29800×2, 0.1 s to 599.74 s, 12 missing).
func (t *Trajectory) String() string {
	if t.Len() == 0 {
		return "Trajectory(empty)"
	}
	s := fmt.Sprintf("Trajectory(%d×%d, %g s to %g s", t.Len(), t.Positions.Dim(), t.Times[0], t.Times[t.Len()-1])
	if m := t.Missing(); m > 0 {
		s += fmt.Sprintf(", %d missing", m)
	}
	return s + ")"
}

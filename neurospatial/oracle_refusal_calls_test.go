package neurospatial_test

import (
	"errors"
	"math"
	"slices"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// refuseSamples is a call of FromSamples on positions made of the scene.
func refuseSamples(pos func(ns.Points) [][]float64, size float64, opts ...ns.SamplesOptions) refusal {
	return refusal{call: func(s refusalScene) error {
		points := s.lattice
		if pos != nil {
			var err error
			if points, err = ns.PointsOf(pos(s.lattice)...); err != nil {
				return err
			}
		}
		_, err := ns.FromSamples(points, size, opts...)
		return err
	}}
}

// scaled returns positions multiplied by a factor.
func scaled(factor float64) func(ns.Points) [][]float64 {
	return func(p ns.Points) [][]float64 {
		rows := p.Rows()
		for _, r := range rows {
			for k := range r {
				r[k] *= factor
			}
		}
		return rows
	}
}

func fixed(rows ...[]float64) func(ns.Points) [][]float64 {
	return func(ns.Points) [][]float64 { return rows }
}

func mustPoints(rows ...[]float64) ns.Points {
	p, err := ns.PointsOf(rows...)
	if err != nil {
		panic(err)
	}
	return p
}

// with returns a copy of a field with one value replaced.
func with(field []float64, i int, v float64) []float64 {
	f := slices.Clone(field)
	f[i] = v
	return f
}

var nan, inf = math.NaN(), math.Inf(1)

func smoothing(field func(s refusalScene) []float64, bandwidth float64, mode ns.KernelMode) func(refusalScene) error {
	return func(s refusalScene) error {
		f := s.field
		if field != nil {
			f = field(s)
		}
		_, err := s.env.Smooth(f, bandwidth, ns.SmoothOptions{Mode: mode})
		return err
	}
}

func kernelling(bandwidth float64, mode ns.KernelMode) func(refusalScene) error {
	return func(s refusalScene) error {
		_, err := s.env.ComputeKernel(bandwidth, ns.KernelOptions{Mode: mode})
		return err
	}
}

func mapping(points ns.Points, o ns.MapOptions) func(refusalScene) error {
	return func(s refusalScene) error {
		_, err := s.env.MapPointsToBins(points, o)
		return err
	}
}

func targeting(targets []int, metric ns.Metric) func(refusalScene) error {
	return func(s refusalScene) error {
		_, err := s.env.DistanceTo(targets, ns.DistanceOptions{Metric: metric})
		return err
	}
}

func betweenPoints(from, to []float64) func(refusalScene) error {
	return func(s refusalScene) error {
		d, err := s.env.DistanceBetween(from, to)
		if err == nil && !math.IsInf(d, 1) {
			return errors.New("a point outside is not infinitely far")
		}
		return err
	}
}

func reading(field func(s refusalScene) []float64, points func(ns.Points) [][]float64, method ns.InterpolateMethod) func(refusalScene) error {
	return func(s refusalScene) error {
		f, p := s.field, s.lattice
		if field != nil {
			f = field(s)
		}
		if points != nil {
			p = mustPoints(points(p)...)
		}
		_, err := s.env.Interpolate(f, p, ns.InterpolateOptions{Method: method})
		return err
	}
}

// staying is a call of Occupancy on a recording that change may spoil.
func staying(change func(s *refusalScene), o ns.OccupancyOptions) func(refusalScene) error {
	return changed(change, func(s refusalScene) error {
		_, err := s.env.Occupancy(s.times, s.lattice, o)
		return err
	})
}

// visiting is a call of BinSequence on a recording that change may spoil.
func visiting(change func(s *refusalScene), o ns.SequenceOptions) func(refusalScene) error {
	return changed(change, func(s refusalScene) error {
		_, err := s.env.BinSequence(s.times, s.lattice, o)
		return err
	})
}

func changed(change func(s *refusalScene), call func(refusalScene) error) func(refusalScene) error {
	return func(s refusalScene) error {
		s.times = slices.Clone(s.times)
		if change != nil {
			change(&s)
		}
		return call(s)
	}
}

func stepping(bins []int, o ns.TransitionOptions) func(refusalScene) error {
	return func(s refusalScene) error {
		_, err := s.env.Transitions(bins, o)
		return err
	}
}

func coarsening(factors ...int) func(refusalScene) error {
	return func(s refusalScene) error {
		_, err := s.env.Rebin(factors...)
		return err
	}
}

// selecting is a call of Subset with marks that are all false.
func selecting(marks int) func(refusalScene) error {
	return func(s refusalScene) error {
		_, err := s.env.Subset(ns.SubsetOptions{Bins: make([]bool, marks)})
		return err
	}
}

// moveAway moves all positions out of the environment.
func moveAway(s *refusalScene) {
	rows := s.lattice.Rows()
	for _, r := range rows {
		r[0] += 1000
	}
	s.lattice = mustPoints(rows...)
}

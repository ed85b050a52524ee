package main

import ns "github.com/nskernel/nskernel/neurospatial"

// recording is the first n samples of the walk on a grid.
func (in *inputs) recording(grid string, n int) ([]float64, ns.Points, error) {
	p, err := ns.PointsOfFlat(2, in.arrays["path_"+grid][:2*n])
	return in.arrays["times_"+grid][:n], p, err
}

func interpolate(method ns.InterpolateMethod) prepare {
	return func(in *inputs, env *ns.Environment, grid string) (call, error) {
		p, err := in.points("points_" + grid)
		field := in.arrays["field_"+grid]
		return call{run: func() ([]float64, error) {
			return env.Interpolate(field, p, ns.InterpolateOptions{Method: method})
		}}, err
	}
}

func occupancy(n int, how ns.Allocation) prepare {
	return func(in *inputs, env *ns.Environment, grid string) (call, error) {
		times, pos, err := in.recording(grid, n)
		return call{run: func() ([]float64, error) {
			return env.Occupancy(times, pos, ns.OccupancyOptions{Allocation: how})
		}}, err
	}
}

func sequence(n int) prepare {
	return func(in *inputs, env *ns.Environment, grid string) (call, error) {
		times, pos, err := in.recording(grid, n)
		return call{run: func() ([]float64, error) {
			bins, err := env.BinSequence(times, pos)
			return floats(bins), err
		}}, err
	}
}

// smooth returns no result to compare: release 0.6.0 has another operator. The
// operator of 0.8.0 is held to its recordings by TestOracle.
func smooth(bandwidth float64) prepare {
	return func(in *inputs, env *ns.Environment, grid string) (call, error) {
		field := in.arrays["field_"+grid]
		return call{run: func() ([]float64, error) {
			_, err := env.Smooth(field, bandwidth)
			return nil, err
		}}, nil
	}
}

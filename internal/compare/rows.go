package main

import (
	"slices"
	"strings"
	"time"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// row is one comparison; rows.py has the other side under the same name. The
// name ends in _GRID.
type row struct {
	name      string
	prepare   prepare
	tolerance float64 // of the results, relative to their size
	recorded  float64 // seconds of an earlier measurement, where Python cannot finish now
	note      string
}

// prepare makes the call of a row on a grid.
type prepare func(in *inputs, env *ns.Environment, grid string) (call, error)

// call is one timed call; reset, if any, runs before it, outside the time.
type call struct {
	reset func()
	run   func() ([]float64, error) // the result, to compare
	times int                       // calls of the operation in one run
}

// exact is the tolerance of indices and of geometry that both sides round alike.
const exact = 1e-12

var rows = []row{
	{name: "build_grid50", prepare: build, tolerance: exact},
	{name: "build_grid100", prepare: build, tolerance: exact},
	{name: "map_10000_uncached_grid100", prepare: nearest, tolerance: 0},
	{name: "map_10000_cached_grid100", prepare: nearest, tolerance: 0},
	{name: "neighbors_grid100", prepare: neighbors, tolerance: 0},
	{name: "path_grid10", prepare: paths, tolerance: exact},
	{name: "path_grid100", prepare: paths, tolerance: exact},
	{name: "interp_nearest_10000_grid100", prepare: interpolate(ns.MethodNearest), tolerance: 0},
	{name: "interp_linear_10000_grid100", prepare: interpolate(ns.MethodLinear), tolerance: exact},
	{name: "occupancy_100000_grid100", prepare: occupancy(100000, ns.AllocateStart), tolerance: exact},
	{name: "occupancy_linear_10000_grid100", prepare: occupancy(10000, ns.AllocateLinear), tolerance: 1e-9}, // sums of pieces in another order
	{name: "bin_sequence_100000_grid100", prepare: sequence(100000), tolerance: 0},
	{name: "distance_to_one_grid100", prepare: distance, tolerance: exact},
	{name: "smooth_first_bw4_grid10", prepare: smooth(4), tolerance: 0},
	{name: "smooth_again_bw4_grid10", prepare: smooth(4), tolerance: 0},
	{name: "smooth_first_bw10_grid100", prepare: smooth(10), recorded: 130,
		note: "Python 0.8.0, measured earlier on 2 cores; 0.6.0 needs more than 10 GB"},
	{name: "smooth_again_bw10_grid100", prepare: smooth(10), recorded: 8.72e-3,
		note: "Python 0.8.0, measured earlier on 2 cores"},
}

// ours prepares the row's call.
func (r row) ours(in *inputs) (call, error) {
	grid := r.name[strings.LastIndexByte(r.name, '_')+1:]
	env, err := in.environment(grid)
	if err != nil {
		return call{}, err
	}
	c, err := r.prepare(in, env, grid)
	if strings.Contains(r.name, "_uncached") || strings.Contains(r.name, "_first") {
		c.reset = func() { env.ClearCache() }
	}
	return c, err
}

// median runs a call for about a second, at least three times, and returns the
// median time of one operation and a sample of the result.
func median(c call) (seconds float64, result []float64) {
	var times []float64
	for begin := time.Now(); len(times) < 3 || len(times) < 2000 && time.Since(begin) < time.Second; {
		if c.reset != nil {
			c.reset()
		}
		start := time.Now()
		res, err := c.run()
		times = append(times, time.Since(start).Seconds()/float64(max(c.times, 1)))
		if err != nil {
			panic(err) // the same call has succeeded before
		}
		result = res
	}
	slices.Sort(times)
	return times[len(times)/2], sample(result)
}

func sample(a []float64) []float64 {
	if len(a) <= 1000 {
		return a
	}
	s := make([]float64, 1000)
	for i := range s {
		s[i] = a[i*len(a)/1000]
	}
	return s
}

func floats(a []int) []float64 {
	f := make([]float64, len(a))
	for i, v := range a {
		f[i] = float64(v)
	}
	return f
}

func build(in *inputs, _ *ns.Environment, grid string) (call, error) {
	p, err := in.points("samples_" + grid)
	var env *ns.Environment
	return call{run: func() ([]float64, error) {
		env, err = ns.FromSamples(p, binSize)
		if err != nil {
			return nil, err
		}
		return env.BinCenters().Flat(), nil
	}}, err
}

func nearest(in *inputs, env *ns.Environment, grid string) (call, error) {
	p, err := in.points("points_" + grid)
	return call{run: func() ([]float64, error) {
		bins, err := env.MapPointsToBins(p)
		return floats(bins), err
	}}, err
}

func neighbors(_ *inputs, env *ns.Environment, _ string) (call, error) {
	const n = 1000
	return call{times: n, run: func() ([]float64, error) {
		degree := make([]float64, n)
		for i := range n {
			nb, err := env.Neighbors(i * 7919 % env.NumBins())
			if err != nil {
				return nil, err
			}
			degree[i] = float64(len(nb))
		}
		return degree, nil
	}}, nil
}

func paths(in *inputs, env *ns.Environment, grid string) (call, error) {
	pairs := in.arrays["pairs_"+grid]
	return call{times: len(pairs) / 2, run: func() ([]float64, error) {
		var lengths []float64
		for i := 0; i < len(pairs); i += 2 {
			_, d, err := env.ShortestPath(int(pairs[i]), int(pairs[i+1]))
			if err != nil {
				return nil, err
			}
			lengths = append(lengths, d)
		}
		return lengths, nil
	}}, nil
}

func distance(_ *inputs, env *ns.Environment, _ string) (call, error) {
	return call{run: func() ([]float64, error) { return env.DistanceTo([]int{env.NumBins() / 2}) }}, nil
}

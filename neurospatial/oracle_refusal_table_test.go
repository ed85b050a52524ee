package neurospatial_test

import (
	"errors"
	"slices"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// refusals are the calls of errors.json by the words that describe them.
var refusals = map[string]refusal{
	"from_samples: empty (0,2)":                              refuseSamples(fixed(), 1),
	"from_samples: all NaN":                                  refuseSamples(fixed([]float64{nan, nan}, []float64{nan, nan}), 1),
	"from_samples: infinite coordinate":                      refuseSamples(fixed([]float64{0, 0}, []float64{inf, 1}, []float64{2, 2}), 1),
	"from_samples: bin_size 0":                               refuseSamples(nil, 0),
	"from_samples: bin_size -1":                              refuseSamples(nil, -1),
	"from_samples: bin_size NaN":                             refuseSamples(nil, nan),
	"from_samples: bin_size +inf":                            refuseSamples(nil, inf),
	"from_samples: bin_size wrong length":                    refuseSamples(nil, 0, ns.SamplesOptions{BinSizes: []float64{1, 1, 1}}),
	"from_samples: threshold too high":                       refuseSamples(nil, 1, ns.SamplesOptions{CountThreshold: 50}),
	"from_samples: negative threshold":                       refuseSamples(nil, 1, ns.SamplesOptions{CountThreshold: -1}),
	"from_samples: memory guard (bins far too small)":        refuseSamples(scaled(1e6), 1e-3),
	"from_samples: bin count overflow":                       refuseSamples(scaled(1e6), 1e-300),
	"from_samples: 10 rows by 2 columns transposed, 12 dims": refuseSamples(fixed(make([]float64, 12), make([]float64, 12)), 0.01),
	"Environment() directly": {call: func(refusalScene) error {
		_, err := new(ns.Environment).BinAt(mustPoints([]float64{1, 1}))
		return err
	}},

	"bin_at: wrong dimension": {call: func(s refusalScene) error {
		_, err := s.env.BinAt(mustPoints(make([]float64, 3), make([]float64, 3)))
		return err
	}},
	"bin_at: single 1-D point": {call: func(s refusalScene) error {
		_, err := s.env.BinAt(mustPoints([]float64{1, 1}))
		return err
	}},
	"bin_at: empty": {call: func(s refusalScene) error {
		_, err := s.env.BinAt(ns.Points{})
		return err
	}},
	"neighbors: index out of range": {call: func(s refusalScene) error { _, err := s.env.Neighbors(30); return err }},
	"neighbors: negative index":     {call: func(s refusalScene) error { _, err := s.env.Neighbors(-1); return err }},
	"path_between: index out of range": {call: func(s refusalScene) error {
		_, _, err := s.env.ShortestPath(0, 30)
		return err
	}},
	"distance_between: one point outside": {call: betweenPoints([]float64{0.5, 0.5}, []float64{99, 0})},
	"distance_between: both outside":      {call: betweenPoints([]float64{99, 0.5}, []float64{99, 0})},
	"distance_to: empty":                  {call: targeting(nil, ns.MetricGeodesic)},
	"distance_to: out of range":           {call: targeting([]int{30}, ns.MetricGeodesic)},
	"distance_to: bad metric":             {call: targeting([]int{0}, ns.MetricEuclidean+1)},
	"reachable_from: negative radius": {call: func(s refusalScene) error {
		_, hops := s.env.WithinHops(0, -1)
		_, distance := s.env.WithinDistance([]int{0}, -1)
		if hops == nil || distance == nil {
			return nil
		}
		return hops
	}},
	"rings: negative hops": {call: func(s refusalScene) error { _, err := s.env.Rings(0, -1); return err }},
	"rings: out of range":  {call: func(s refusalScene) error { _, err := s.env.Rings(30, 1); return err }},

	"map_points_to_bins: NaN point":             {call: mapping(mustPoints([]float64{nan, 0}), ns.MapOptions{})},
	"map_points_to_bins: infinite point":        {call: mapping(mustPoints([]float64{inf, 0}), ns.MapOptions{})},
	"map_points_to_bins: wrong dimension":       {call: mapping(mustPoints(make([]float64, 3), make([]float64, 3)), ns.MapOptions{})},
	"map_points_to_bins: empty":                 {call: mapping(ns.Points{}, ns.MapOptions{})},
	"map_points_to_bins: bad tie_break":         {call: mapping(ns.Points{}, ns.MapOptions{TieBreak: ns.ClosestCenter + 1})},
	"map_points_to_bins: negative max_distance": {call: mapping(ns.Points{}, ns.MapOptions{MaxDistance: -1})},
	"map_points_to_bins: factor 0": {call: mapping(ns.Points{}, ns.MapOptions{MaxDistanceFactor: 0}),
		differs: "the zero value of an option is its default"},
	"map_points_to_bins: both thresholds": {call: mapping(ns.Points{}, ns.MapOptions{MaxDistance: 1, MaxDistanceFactor: 1})},

	"smooth: wrong length":        {call: smoothing(func(s refusalScene) []float64 { return append(slices.Clone(s.field), 1) }, 1, 0)},
	"smooth: NaN":                 {call: smoothing(func(s refusalScene) []float64 { return with(s.field, 3, nan) }, 1, 0)},
	"smooth: inf":                 {call: smoothing(func(s refusalScene) []float64 { return with(s.field, 3, inf) }, 1, 0)},
	"smooth: bandwidth 0":         {call: smoothing(nil, 0, 0)},
	"smooth: bandwidth -1":        {call: smoothing(nil, -1, 0)},
	"smooth: bandwidth NaN":       {call: smoothing(nil, nan, 0)},
	"smooth: bandwidth inf":       {call: smoothing(nil, inf, 0), differs: "Python answers zeros, whatever the field"},
	"smooth: bandwidth tiny 1e-9": {call: smoothing(nil, 1e-9, 0)},
	"smooth: bandwidth huge 1e6":  {call: smoothing(nil, 1e6, 0)},
	"smooth: bad mode":            {call: smoothing(nil, 1, ns.ModeAverage+1)},
	"diffuse: NaN passes through": {differs: "a NaN would spread over the whole field",
		call: func(s refusalScene) error {
			_, err := s.env.SmoothAll([][]float64{with(s.field, 3, nan)}, 1)
			return err
		}},
	"compute_kernel: bandwidth 0":   {call: kernelling(0, 0)},
	"compute_kernel: bandwidth -1":  {call: kernelling(-1, 0)},
	"compute_kernel: bandwidth inf": {call: kernelling(inf, 0)},
	"compute_kernel: bandwidth NaN": {call: kernelling(nan, 0)},
	"compute_kernel: bad mode":      {call: kernelling(1, ns.ModeAverage+1)},

	"interpolate: wrong field length": {call: reading(func(s refusalScene) []float64 { return s.field[1:] }, nil, 0)},
	"interpolate: NaN point":          {call: reading(nil, fixed([]float64{nan, 1}), 0)},
	"interpolate: NaN field": {call: reading(func(s refusalScene) []float64 { return with(s.field, 3, nan) }, nil, 0),
		differs: "rate maps have NaN where the animal was not; it counts only where its bin does"},
	"interpolate: wrong dimension": {call: reading(nil, fixed(make([]float64, 3), make([]float64, 3)), 0)},
	"interpolate: bad mode":        {call: reading(nil, nil, ns.MethodLinear+1)},
	"interpolate: empty points":    {call: reading(nil, fixed(), 0)},

	"occupancy: length mismatch":  {call: staying(func(s *refusalScene) { s.times = s.times[1:] }, ns.OccupancyOptions{})},
	"occupancy: decreasing times": {call: staying(func(s *refusalScene) { slices.Reverse(s.times) }, ns.OccupancyOptions{})},
	"occupancy: NaN time":         {call: staying(func(s *refusalScene) { s.times[3] = nan }, ns.OccupancyOptions{})},
	"occupancy: NaN position": {call: staying(func(s *refusalScene) {
		rows := s.lattice.Rows()
		rows[3] = []float64{nan, nan}
		s.lattice = mustPoints(rows...)
	}, ns.OccupancyOptions{})},
	"occupancy: wrong dimension": {call: staying(func(s *refusalScene) {
		flat, _ := ns.PointsOfFlat(3, make([]float64, 3*len(s.times)))
		s.lattice = flat
	}, ns.OccupancyOptions{})},
	"occupancy: min_speed without speed": {call: staying(nil, ns.OccupancyOptions{MinSpeed: 1})},
	"occupancy: speed wrong length":      {call: staying(nil, ns.OccupancyOptions{MinSpeed: 1, Speed: []float64{1, 1, 1}})},
	"occupancy: bad allocation":          {call: staying(nil, ns.OccupancyOptions{Allocation: ns.AllocateLinear + 1})},
	"occupancy: empty": {call: staying(func(s *refusalScene) {
		s.times, s.lattice = nil, ns.Points{}
	}, ns.OccupancyOptions{})},
	"occupancy: one sample": {call: staying(func(s *refusalScene) {
		s.times, s.lattice = s.times[:1], s.lattice.Slice(0, 1)
	}, ns.OccupancyOptions{})},
	"occupancy: speed given without min_speed": {call: staying(nil, ns.OccupancyOptions{Speed: make([]float64, 30)})},
	"occupancy: bandwidth 0": {call: staying(nil, ns.OccupancyOptions{Bandwidth: 0}),
		differs: "the zero value of an option is its default"},
	"occupancy: negative max_gap": {call: staying(nil, ns.OccupancyOptions{MaxGap: -1}),
		differs: "Python leaves out every interval and answers zeros"},
	"occupancy: all samples outside": {call: staying(moveAway, ns.OccupancyOptions{})},

	"bin_sequence: length mismatch":  {call: visiting(func(s *refusalScene) { s.times = s.times[1:] }, ns.SequenceOptions{})},
	"bin_sequence: decreasing times": {call: visiting(func(s *refusalScene) { slices.Reverse(s.times) }, ns.SequenceOptions{})},
	"bin_sequence: wrong dimension": {call: visiting(func(s *refusalScene) {
		flat, _ := ns.PointsOfFlat(1, make([]float64, len(s.times)))
		s.lattice = flat
	}, ns.SequenceOptions{})},
	"bin_sequence: empty": {call: visiting(func(s *refusalScene) {
		s.times, s.lattice = nil, ns.Points{}
	}, ns.SequenceOptions{})},
	"bin_sequence: all outside, dropped": {call: visiting(moveAway, ns.SequenceOptions{OutsideValue: ns.OutsideDropped})},

	"transitions: -1 in bins":   {call: stepping([]int{0, -1, 1}, ns.TransitionOptions{})},
	"transitions: lag 0":        {call: stepping([]int{0, 1}, ns.TransitionOptions{Lag: 0}), differs: "the zero value of an option is its default"},
	"transitions: one bin only": {call: stepping([]int{0}, ns.TransitionOptions{})},
	"transitions: method with lag": {call: func(s refusalScene) error {
		_, err := s.env.RandomWalkTransitions(ns.TransitionOptions{Lag: 2})
		return err
	}},

	"gradient: wrong length":   {call: func(s refusalScene) error { _, err := s.env.Gradient(make([]float64, 31)); return err }},
	"divergence: wrong length": {call: func(s refusalScene) error { _, err := s.env.Divergence(make([]float64, 3)); return err }},

	"rebin: 0":                {call: coarsening(0)},
	"rebin: too large":        {call: coarsening(100)},
	"rebin: wrong length":     {call: coarsening(2, 2, 2)},
	"subset: nothing":         {call: selecting(0)},
	"subset: wrong length":    {call: selecting(31)},
	"subset: empty selection": {call: selecting(30)},

	"subset: two selectors": {call: func(s refusalScene) error {
		_, err := s.env.Subset(ns.SubsetOptions{Bins: make([]bool, 30), Regions: []ns.Region{ns.PolygonRegion("r", square(3))}})
		return err
	}},
	"subset: point region": {call: func(s refusalScene) error {
		_, err := s.env.Subset(ns.SubsetOptions{Regions: []ns.Region{ns.PointRegion("p", 1.5, 1.5)}})
		return err
	}},
	"subset: invert": {call: func(s refusalScene) error {
		sub, err := s.env.Subset(ns.SubsetOptions{Regions: []ns.Region{ns.PolygonRegion("r", square(3))}, Invert: true})
		if err == nil && sub.NumBins() != 21 {
			return errors.New("not the 21 bins of Python")
		}
		return err
	}},
	"distance_to: point region": {call: func(s refusalScene) error {
		_, err := s.env.DistanceToRegion(ns.PointRegion("p", 1.5, 1.5))
		return err
	}},
	"from_polygon: bin_size 0": {call: func(refusalScene) error { _, err := ns.FromPolygon(square(4), 0); return err }},
	"from_polygon: bin far larger than polygon": {call: func(refusalScene) error {
		env, err := ns.FromPolygon(square(4), 100)
		if err == nil && (env.NumBins() != 1 || env.BinCenters().At(0, 0) != 2) {
			return errors.New("not the one bin of Python")
		}
		return err
	}},
	"from_polygon: no centre inside": {differs: "an environment has at least one bin", call: func(refusalScene) error {
		p, err := ns.NewPolygon(mustPoints([]float64{0, 0}, []float64{10, 0}, []float64{0, 10}))
		if err != nil {
			return nil
		}
		_, err = ns.FromPolygon(p, 10)
		return err
	}},
	"from_grid_mask: shape mismatch": {call: func(refusalScene) error {
		_, err := ns.FromMask(make([]bool, 4), [][]float64{{0, 1, 2}, {0, 1, 2, 3}})
		return err
	}},
	"from_grid_mask: empty mask": {differs: "an environment has at least one bin", call: func(refusalScene) error {
		_, err := ns.FromMask(make([]bool, 4), [][]float64{{0, 1, 2}, {0, 1, 2}})
		return err
	}},
	"from_pixel_mask: no True": {call: func(refusalScene) error {
		_, err := ns.FromPixelMask([][]bool{{false, false}}, 1)
		return err
	}},
	"from_pixel_mask: pixel_size 0": {call: func(refusalScene) error {
		_, err := ns.FromPixelMask([][]bool{{true}}, 0)
		return err
	}},
	"from_samples: hexagonal bin_size -1":        refuseSamples(nil, -1, ns.SamplesOptions{Layout: ns.LayoutHexagonal}),
	"from_samples: hexagonal 3-D":                refuseSamples(fixed(make([]float64, 3), make([]float64, 3)), 1, ns.SamplesOptions{Layout: ns.LayoutHexagonal}),
	"from_samples: hexagonal sequence bin_size":  refuseSamples(nil, 0, ns.SamplesOptions{Layout: ns.LayoutHexagonal, BinSizes: []float64{1, 2}}),
	"from_samples: hexagonal threshold too high": differing("an environment has at least one bin", refuseSamples(nil, 1, ns.SamplesOptions{Layout: ns.LayoutHexagonal, CountThreshold: 99})),
	"from_samples: unknown layout":               refuseSamples(nil, 1, ns.SamplesOptions{Layout: ns.LayoutHexagonal + 1}),
	"from_samples: unsupported layout":           refuseSamples(nil, 1, ns.SamplesOptions{Layout: ns.LayoutHexagonal + 2}),
	"bin_at: hex wrong dimension (3 columns)": {differs: "Python ignores the third column", call: func(s refusalScene) error {
		_, err := s.hexagons().BinAt(mustPoints(make([]float64, 3)))
		return err
	}},
	"interpolate: linear on hex": {call: func(s refusalScene) error {
		env := s.hexagons()
		_, err := env.Interpolate(make([]float64, env.NumBins()), s.lattice, ns.InterpolateOptions{Method: ns.MethodLinear})
		return err
	}},
	"occupancy: linear on hex": {call: func(s refusalScene) error {
		_, err := s.hexagons().Occupancy(s.times, s.lattice, ns.OccupancyOptions{Allocation: ns.AllocateLinear})
		return err
	}},
	"rebin: hex":                            {call: func(s refusalScene) error { _, err := s.hexagons().Rebin(2); return err }},
	"from_graph: empty edge_order":          {call: refuseTrack(nil, 1)},
	"from_graph: unknown node":              {call: refuseTrack([][2]int{{0, 7}}, 1)},
	"from_graph: wrong edge_spacing length": {call: refuseTrack([][2]int{{0, 1}}, 1, ns.TrackOptions{Gaps: []float64{1, 2}})},
	"from_graph: bin_size 0":                {call: refuseTrack([][2]int{{0, 1}}, 0)},
	"linear_track: coincident": {call: func(refusalScene) error {
		_, err := ns.LinearTrack(mustPoints([]float64{1, 1}, []float64{1, 1}), 1)
		return err
	}},
	"maze: wrong node count": {call: func(refusalScene) error {
		_, err := ns.Maze(ns.MazeT, mustPoints([]float64{0, 0}, []float64{1, 1}), 1)
		return err
	}},
	"bin_at: track wrong dimension": {call: func(refusalScene) error {
		env, err := ns.LinearTrack(mustPoints([]float64{0, 0}, []float64{10, 0}), 1)
		if err != nil {
			return nil
		}
		_, err = env.BinAt(mustPoints([]float64{0}, []float64{0}))
		return err
	}},
	"to_linear on grid":       {call: func(s refusalScene) error { _, err := s.env.ToLinear(s.lattice); return err }},
	"mesh: spacing too large": {call: func(refusalScene) error { _, err := ns.NewPolygonMesh(square(4), 50); return err }},
	"mesh: spacing 0":         {call: func(refusalScene) error { _, err := ns.NewPolygonMesh(square(4), 0); return err }},
	"polar: reversed range": {call: func(refusalScene) error {
		_, err := ns.FromPolarEgocentric([2]float64{10, 0}, 1, [2]float64{-1, 1}, 0.5)
		return err
	}},
	"polar: bin_at": {differs: "points are distances and angles", call: func(refusalScene) error {
		_, err := examplePolar().BinAt(examplePolar().BinCenters())
		return err
	}},
	"polar: distance_to euclidean": {call: func(refusalScene) error {
		_, err := examplePolar().DistanceTo([]int{0}, ns.DistanceOptions{Metric: ns.MetricEuclidean})
		return err
	}},
	"polar: subset": {differs: "a part has the geometry of the whole", call: func(refusalScene) error {
		_, err := examplePolar().Subset(ns.SubsetOptions{Bins: make([]bool, 16), Invert: true})
		return err
	}},
}

// refuseTrack is a call of FromGraph with two nodes.
func refuseTrack(segments [][2]int, size float64, o ...ns.TrackOptions) func(refusalScene) error {
	return func(refusalScene) error {
		_, err := ns.FromGraph(mustPoints([]float64{0, 0}, []float64{10, 0}), segments, size, o...)
		return err
	}
}

// hexagons returns hexagons around the samples.
func (s refusalScene) hexagons() *ns.Environment {
	env, err := ns.FromSamples(s.lattice, 1.5, ns.SamplesOptions{Layout: ns.LayoutHexagonal})
	if err != nil {
		panic(err)
	}
	return env
}

func differing(why string, r refusal) refusal {
	r.differs = why
	return r
}

// square returns the square from 0 to side.
func square(side float64) ns.Polygon {
	p, err := ns.NewPolygon(mustPoints([]float64{0, 0}, []float64{side, 0}, []float64{side, side}, []float64{0, side}))
	if err != nil {
		panic(err)
	}
	return p
}

package neurospatial_test

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// refusal is one row of errors.json, which says in words what was passed.
type refusal struct {
	call func(s refusalScene) error
	// differs says why the outcome is not Python's: that a row is accepted here and refused there, or the
	// other way round.
	differs string
}

// refusalScene is what the calls are made on: 6 by 5 samples, one per bin of size 1.
type refusalScene struct {
	env     *ns.Environment
	lattice ns.Points
	field   []float64
	times   []float64
}

// notExpressible lists rows that no Go program can contain because the compiler refuses them.
var notExpressible = map[string]string{
	"from_samples: positions 1-D":              "Points have rows",
	"from_samples: positions 3-D array":        "Points have two axes",
	"from_samples: text positions":             "typed argument",
	"from_samples: bin_size text":              "typed argument",
	"from_samples: unknown keyword":            "typed options",
	"smooth: 2-D field":                        "typed argument",
	"diffuse: 3-D":                             "typed argument",
	"neighbors: by point":                      "bins are numbers; BinAt finds the bin of a point",
	"neighbors: point outside":                 "bins are numbers; BinAt finds the bin of a point",
	"path_between: by points":                  "bins are numbers; BinAt finds the bin of a point",
	"reachable_from: bad metric":               "a method per metric: WithinHops, WithinDistance",
	"map_points_to_bins: swapped arguments":    "a method",
	"interpolate: points 1-D":                  "Points have rows",
	"interpolate: swapped arguments":           "typed arguments",
	"occupancy: swapped arguments":             "typed arguments",
	"rebin: float":                             "typed argument",
	"subset: integer mask":                     "typed options",
	"subset: two selectors":                    "there is one",
	"transitions: nothing given":               "a method per kind of transitions",
	"transitions: float bins":                  "typed argument",
	"transitions: method and bins":             "a method per kind of transitions",
	"transitions: diffusion without bandwidth": "ComputeKernel takes it as an argument",
	"transitions: diffusion normalize False":   "a method per kind of transitions",
	"transitions: random_walk with bandwidth":  "a method per kind of transitions",
	"transitions: unknown method":              "a method per kind of transitions",
	"transitions: times without positions":     "BinSequence takes both",
	"bin_sequence: positions 1-D":              "Points have rows",
}

// refusalsNotYet lists what rows of errors.json begin with that is not built; as notYet it may only shrink.
var refusalsNotYet = map[string]string{
	"from_samples: hexagonal": "hexagonal layout", "from_samples: unknown layout": "hexagonal layout",
	"from_samples: unsupported layout": "hexagonal layout", "bin_at: hex": "hexagonal layout",
	"from_polygon:": "polygons", "from_grid_mask:": "masks", "from_pixel_mask:": "masks",
	"from_graph:": "tracks", "linear_track:": "tracks", "maze:": "tracks", "bin_at: track": "tracks", "to_linear": "tracks",
	"mesh:": "mesh layout", "polar:": "polar layout",
	"distance_to: unknown region": "regions", "distance_to: point region": "regions", "regions:": "regions", "bins_in_region:": "regions",
	"rebin: hex":             "hexagonal layout",
	"subset: unknown region": "regions", "subset: point region": "regions", "subset: invert": "regions",
	"interpolate: linear on hex": "hexagonal layout", "occupancy: linear on hex": "hexagonal layout",
}

// TestRefusals makes the calls of errors.json that can be made here: what Python refuses is refused with an
// *Error of a known kind, what it accepts is accepted. A row in no table fails, and so does a table entry
// without a row.
func TestRefusals(t *testing.T) {
	scene := newRefusalScene(t)
	recorded := refusalRows(t)
	unused := maps.Clone(refusals)
	for _, what := range slices.Sorted(maps.Keys(recorded)) {
		if notExpressible[what] != "" || refusalPending(what) {
			continue
		}
		r, ok := refusals[what]
		if !ok {
			t.Errorf("row %q is in no table", what)
			continue
		}
		delete(unused, what)
		t.Run(what, func(t *testing.T) {
			err := r.call(scene)
			if refused := recorded[what] != (r.differs != ""); refused != (err != nil) {
				t.Errorf("Python refuses: %v; got error: %v", recorded[what], err)
			}
			var e *ns.Error
			if err != nil && (!errors.As(err, &e) || e.Kind == nil || e.Code == "" || e.What == "") {
				t.Errorf("error without kind, code or text: %#v", err)
			}
		})
	}
	for what := range unused {
		t.Errorf("refusals has %q, errors.json has not", what)
	}
	for what := range notExpressible {
		if _, ok := recorded[what]; !ok {
			t.Errorf("notExpressible has %q, errors.json has not", what)
		}
	}
	for prefix := range refusalsNotYet {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(recorded)), func(w string) bool { return strings.HasPrefix(w, prefix) }) {
			t.Errorf("refusalsNotYet has %q, errors.json has not", prefix)
		}
	}
}

func refusalPending(what string) bool {
	for prefix := range refusalsNotYet {
		if strings.HasPrefix(what, prefix) {
			return true
		}
	}
	return false
}

// refusalRows returns for every row whether Python refused it.
func refusalRows(t *testing.T) map[string]bool {
	t.Helper()
	var doc struct{ Cases map[string]*oracleCase }
	decodeOracle(t, filepath.Join("testdata", "oracle", "errors.json"), &doc)
	rows := map[string]bool{}
	for _, c := range doc.Cases {
		for _, op := range c.Ops {
			var args struct{ What string }
			if err := json.Unmarshal(op.Args, &args); err != nil || args.What == "" {
				t.Fatalf("errors.json: arguments %s: %v", op.Args, err)
			}
			rows[args.What] = op.Error != nil
		}
	}
	if len(rows) < 100 {
		t.Fatalf("errors.json has %d rows", len(rows))
	}
	return rows
}

func newRefusalScene(t *testing.T) refusalScene {
	t.Helper()
	var s refusalScene
	var x, y []float64
	for i := range 6 {
		for j := range 5 {
			x, y = append(x, float64(i)+0.5), append(y, float64(j)+0.5)
			s.times = append(s.times, float64(len(s.times))*0.1)
			s.field = append(s.field, 1)
		}
	}
	var err error
	if s.lattice, err = ns.XY(x, y); err != nil {
		t.Fatal(err)
	}
	if s.env, err = ns.FromSamples(s.lattice, 1); err != nil {
		t.Fatal(err)
	}
	return s
}

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
}

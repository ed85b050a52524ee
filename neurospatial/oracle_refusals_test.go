package neurospatial_test

import (
	"encoding/json"
	"errors"
	"maps"
	"path/filepath"
	"slices"
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
	"distance_to: unknown region":              "regions are values, not names",
	"subset: unknown region":                   "regions are values, not names",
	"bins_in_region: unknown":                  "regions are values, not names",
	"regions: duplicate name":                  "regions are values, not entries of a table",
	"regions: both kinds":                      "a constructor per kind",
	"regions: neither kind":                    "a constructor per kind",
	"regions: assign over existing":            "regions are values, not entries of a table",
	"from_graph: missing distance attribute":   "lengths follow from the nodes",
	"maze: unknown kind":                       "typed argument",
	"linear_track: no topology":                "waypoints are an argument",
	"from_polygon: not a polygon":              "typed argument",
	"from_grid_mask: non-boolean mask":         "typed argument",
	"from_pixel_mask: 1-D":                     "typed argument",
	"from_pixel_mask: int mask":                "typed argument",
	"rebin: float":                             "typed argument",
	"subset: integer mask":                     "typed options",
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

// TestRefusals makes the calls of errors.json that can be made here: what Python refuses is refused with an
// *Error of a known kind, what it accepts is accepted. A row in no table fails, and so does a table entry
// without a row.
func TestRefusals(t *testing.T) {
	scene := newRefusalScene(t)
	recorded := refusalRows(t)
	unused := maps.Clone(refusals)
	for _, what := range slices.Sorted(maps.Keys(recorded)) {
		if notExpressible[what] != "" {
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

package neurospatial_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// TestOracle compares this package with what the Python library computed for the same inputs: every
// recorded call, and every recorded property of the environments. Whatever is not compared stands in the
// table notYet with its reason; an operation, a property or a constructor that stands nowhere fails.
//
// The environment variable NS_ORACLE_DIR names another folder of recordings, made with another seed. Run it with
// -count=1: the go command does not see changes of files outside the module and would repeat its last answer.
func TestOracle(t *testing.T) {
	dir, own := os.Getenv("NS_ORACLE_DIR"), false
	if dir == "" {
		dir, own = filepath.Join("testdata", "oracle"), true
	}
	o := &oracle{compared: map[string]int{}, skipped: map[string]int{}}
	t.Run("files", func(t *testing.T) { // which ends when all of them have ended
		for _, file := range oracleFiles(t, dir) {
			t.Run(file.name, func(t *testing.T) {
				t.Parallel()
				o.run(t, file)
			})
		}
	})
	if o.compared["bin_at"] == 0 {
		t.Errorf("no call of bin_at in %s: these are not the recordings", dir)
	}
	if own {
		for key := range notYet {
			if o.skipped[key] == 0 {
				t.Errorf("notYet lists %q, which no recording has: remove it", key)
			}
		}
	}
	t.Logf("compared calls and properties:%s", countTable(o.compared))
	t.Logf("not compared:%s", countTable(o.skipped))
}

func countTable(counts map[string]int) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&b, "\n%6d  %s", counts[k], k)
	}
	return b.String()
}

// oracle counts what was compared and what was left out.
type oracle struct {
	mu                sync.Mutex
	compared, skipped map[string]int
}

func (o *oracle) count(counts map[string]int, key string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	counts[key]++
}

type oracleFile struct {
	name  string
	cases map[string]*oracleCase
}

// oracleCase is one recorded environment with the calls made on it.
type oracleCase struct {
	Build         oracleBuild
	BuildWarnings json.RawMessage `json:"build_warnings"` // of Python; not compared
	Env           map[string]json.RawMessage
	Ops           []oracleOp
	Trajectory    oracleTrajectory
	Regions       json.RawMessage            // shapes for the region operations
	Field         floats                     // input of smooth_and_all_modes
	SourceEnv     map[string]json.RawMessage `json:"source_env"` // of resample_field
}

type oracleOp struct {
	Op       string
	Args     json.RawMessage
	Result   json.RawMessage
	Error    *oracleError
	Warnings json.RawMessage // of Python; not compared
}

// oracleError is a refusal of Python. That we refuse too is compared, its text is not.
type oracleError struct {
	Type, Message string
	Bases         []string
}

type oracleTrajectory struct {
	Times     floats
	Positions rows
	Speed     floats
}

// oracleFiles reads all recordings of a folder. The index of the folder says which there must be.
func oracleFiles(t *testing.T, dir string) []oracleFile {
	t.Helper()
	var index struct {
		Files map[string]struct {
			File  string
			Cases map[string]struct{ Ops int }
		}
	}
	decodeOracle(t, filepath.Join(dir, "index.json"), &index)
	if len(index.Files) == 0 {
		t.Fatalf("%s/index.json lists no files", dir)
	}
	listed := map[string]bool{"index.json": true}
	for _, f := range index.Files {
		listed[f.File] = true
	}
	checkUnlisted(t, dir, listed)
	var files []oracleFile
	for _, name := range slices.Sorted(maps.Keys(index.Files)) {
		var doc struct {
			Meta  json.RawMessage
			Cases map[string]json.RawMessage
		}
		entry := index.Files[name]
		decodeOracle(t, filepath.Join(dir, entry.File), &doc)
		file := oracleFile{name: name, cases: map[string]*oracleCase{}}
		for caseName, recorded := range entry.Cases {
			raw, ok := doc.Cases[caseName]
			if !ok {
				t.Fatalf("%s has no case %q, which the index lists", entry.File, caseName)
			}
			c := &oracleCase{}
			if err := decodeStrict(raw, c); err != nil {
				t.Fatalf("%s, case %s: %v", entry.File, caseName, err)
			}
			if len(c.Ops) != recorded.Ops {
				t.Fatalf("%s, case %s has %d calls, the index says %d", entry.File, caseName, len(c.Ops), recorded.Ops)
			}
			file.cases[caseName] = c
		}
		if len(doc.Cases) != len(file.cases) {
			t.Fatalf("%s has %d cases, the index lists %d", entry.File, len(doc.Cases), len(file.cases))
		}
		files = append(files, file)
	}
	return files
}

// checkUnlisted fails on files that nobody reads.
func checkUnlisted(t *testing.T, dir string, listed map[string]bool) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !listed[e.Name()] && filesNotRead[e.Name()] == "" {
			t.Errorf("%s is neither in the index nor in filesNotRead", e.Name())
		}
	}
}

func decodeOracle(t *testing.T, path string, v any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("the recordings of the Python library are missing: %v", err)
	}
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if data, err = io.ReadAll(z); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// decodeStrict refuses fields that v does not have, so that nothing recorded is overlooked.
func decodeStrict(raw json.RawMessage, v any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// oracleRun is one case being compared.
type oracleRun struct {
	*oracleCase
	env  *ns.Environment
	twin *ns.Environment // see withRecordedLengths
}

func (o *oracle) run(t *testing.T, file oracleFile) {
	for _, name := range slices.Sorted(maps.Keys(file.cases)) {
		c := file.cases[name]
		key := c.Build.key()
		if key == "" {
			t.Errorf("case %s: constructor %q is neither built nor in notYet", name, c.Build.Factory)
			continue
		}
		if _, later := notYet[key]; later {
			o.count(o.skipped, key)
			continue
		}
		t.Run(name, func(t *testing.T) {
			env, err := c.Build.environment(file)
			if err != nil {
				t.Fatalf("build: %v", err)
			}
			o.count(o.compared, key)
			r := &oracleRun{oracleCase: c, env: env}
			o.properties(t, r)
			for i, op := range c.Ops {
				o.call(t, r, i, op)
			}
		})
	}
}

// properties compares the recorded description of the environment.
func (o *oracle) properties(t *testing.T, r *oracleRun) {
	for _, field := range slices.Sorted(maps.Keys(r.Env)) {
		key := "property " + field
		if _, later := notYet[key]; later {
			o.count(o.skipped, key)
			continue
		}
		compare, ok := oracleProperties[field]
		if !ok {
			t.Errorf("property %q is neither compared nor in notYet", field)
			continue
		}
		o.count(o.compared, key)
		if err := compare(r, r.Env[field]); err != nil {
			t.Errorf("property %s: %v", field, err)
		}
	}
}

// call makes one recorded call and compares its outcome.
func (o *oracle) call(t *testing.T, r *oracleRun, i int, op oracleOp) {
	key := opKey(op)
	if _, later := notYet[key]; later {
		o.count(o.skipped, key)
		return
	}
	handler, ok := oracleOps[key]
	if !ok {
		t.Errorf("call %d: operation %q is neither compared nor in notYet", i, key)
		return
	}
	o.count(o.compared, key)
	compare, err := handler(r, op.Args)
	switch {
	case errors.Is(err, errArguments):
		t.Errorf("call %d, %s: %v", i, key, err)
	case op.Error != nil && err == nil && anyGrid(r, op):
		if err := anyGridOps[key](r, op.Args); err != nil {
			t.Errorf("call %d, %s: %v", i, key, err)
		}
	case op.Error != nil && err == nil:
		t.Errorf("call %d, %s %s: accepted; Python refuses: %s", i, key, op.Args, op.Error.Message)
	case op.Error == nil && err != nil:
		t.Errorf("call %d, %s: %v", i, key, err)
	case op.Error == nil:
		if err := compare(op.Result); err != nil {
			t.Errorf("call %d, %s: %v", i, key, err)
		}
	}
}

// errArguments marks recorded arguments that the test cannot read: a fault of the test, not a refusal.
var errArguments = errors.New("unknown arguments")

// opFunc makes a recorded call. It returns a function that compares the outcome with the recorded one.
type opFunc func(r *oracleRun, args json.RawMessage) (compare func(result json.RawMessage) error, err error)

// opOf adapts a call with typed arguments and a typed recorded result.
func opOf[A, R any](call func(r *oracleRun, args A) (func(result R) error, error)) opFunc {
	return func(r *oracleRun, raw json.RawMessage) (func(json.RawMessage) error, error) {
		var args A
		if err := decodeStrict(raw, &args); err != nil {
			return nil, fmt.Errorf("%w: %v", errArguments, err)
		}
		compare, err := call(r, args)
		if err != nil {
			return nil, err
		}
		return func(raw json.RawMessage) error {
			var result R
			if err := decodeStrict(raw, &result); err != nil {
				return fmt.Errorf("recorded result: %v", err)
			}
			return compare(result)
		}, nil
	}
}

// opKey is the name of an operation in oracleOps and notYet. Operations that stand in only one of the two
// for some of their arguments have a longer name for those.
func opKey(op oracleOp) string {
	var args struct {
		Targets json.RawMessage
		Regions json.RawMessage `json:"region_names"`
		Polygon json.RawMessage
	}
	_ = json.Unmarshal(op.Args, &args) // arguments of another shape keep the short name
	switch {
	case bytes.HasPrefix(args.Targets, []byte(`"`)), args.Regions != nil:
		return op.Op + " of a region"
	case args.Polygon != nil:
		return op.Op + " of a polygon"
	}
	return op.Op
}

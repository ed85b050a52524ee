package neurospatial_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestOracleFindsDifferences spoils recorded answers and checks that the comparison notices: every operation
// and every property, and every part of those that have named parts.
func TestOracleFindsDifferences(t *testing.T) {
	found := map[string]bool{} // by operation or property and part: whether a spoilt answer was refused
	done := map[string]bool{}  // by constructor and operation: whether all parts were noticed, so that it need not be made again
	for _, file := range oracleFiles(t, filepath.Join("testdata", "oracle")) {
		for _, name := range slices.Sorted(maps.Keys(file.cases)) {
			c := file.cases[name]
			if oracleBuilders[c.Build.key()] == nil {
				continue
			}
			env, err := c.Build.environment(file)
			if err != nil {
				t.Fatal(err)
			}
			r := &oracleRun{oracleCase: c, env: env}
			spoilProperties(r, found)
			spoilCalls(t, r, found, done)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(found)) {
		if !found[key] && !notCompared(key) {
			t.Errorf("a spoilt %s goes unnoticed", key)
		}
	}
	if len(found) < 60 {
		t.Errorf("only %d answers were spoilt", len(found))
	}
}

// notCompared tells which parts of descriptions are not compared on purpose.
func notCompared(key string) bool {
	op, part, _ := strings.Cut(key, " part ")
	if strings.HasPrefix(op, "subset") && (part == "pos_1D" || part == "source_edge_id") {
		return true // parts of tracks have no linear positions here
	}
	if op == "apply_transform" && (part == "layout_type" || part == "tag" || part == "grid_edges" || part == "bin_sizes") {
		return true // what Python does not transform
	}
	return notYet["property "+part] != "" || part == "modes_kept"
}

func spoilProperties(r *oracleRun, found map[string]bool) {
	for field, raw := range r.Env {
		compare, ok := oracleProperties[field]
		if !ok {
			continue
		}
		key := "property " + field
		if found[key] {
			continue
		}
		for _, bad := range spoilt(raw) {
			found[key] = found[key] || compare(r, bad.raw) != nil
		}
	}
}

func spoilCalls(t *testing.T, r *oracleRun, found, done map[string]bool) {
	constructor := r.Build.key()
	for _, op := range r.Ops {
		key := opKey(op)
		call, ok := oracleOps[key]
		made := constructor + " " + key
		if !ok || op.Error != nil || done[made] {
			continue
		}
		compare, err := call(r, op.Args)
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		all := true
		for _, bad := range spoilt(op.Result) {
			name := key
			if bad.part != "" {
				name += " part " + bad.part
			}
			found[name] = found[name] || compare(bad.raw) != nil
			all = all && (found[name] || notCompared(name))
		}
		done[made] = all
	}
}

type spoiltAnswer struct {
	part string // name of the part that was changed, "" if the answer has no named parts
	raw  json.RawMessage
}

// spoilt returns variants of a recorded answer with one value changed in each: the first, or the first of
// every named part. Answers without a value to change give none.
func spoilt(raw json.RawMessage) []spoiltAnswer {
	var parts map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil || parts == nil {
		bad, ok := spoil(raw)
		if !ok {
			return nil
		}
		return []spoiltAnswer{{raw: bad}}
	}
	var answers []spoiltAnswer
	for part, value := range parts {
		bad, ok := spoil(value)
		if !ok {
			continue
		}
		changed := maps.Clone(parts)
		changed[part] = bad
		name := part
		if strings.Trim(part, "0123456789") == "" {
			name = "" // answers by bin number
		}
		answers = append(answers, spoiltAnswer{name, mustJSON(changed)})
	}
	return answers
}

func spoil(raw json.RawMessage) (json.RawMessage, bool) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, false
	}
	v, ok := spoilValue(v)
	return mustJSON(v), ok
}

func spoilValue(v any) (any, bool) {
	switch v := v.(type) {
	case float64:
		return v + 1, true
	case bool:
		return !v, true
	case string:
		if v == "NaN" || strings.HasSuffix(v, "Infinity") {
			return 1.0, true
		}
		return v + "?", true
	case []any:
		for i := range v {
			if bad, ok := spoilValue(v[i]); ok {
				v[i] = bad
				return v, true
			}
		}
	}
	return v, false
}

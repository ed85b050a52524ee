package notebook

import (
	"encoding/json"
	"fmt"
)

// reader takes fields out of a JSON object and keeps the first error, so that
// what is left in m at the end are the fields nobody asked for.
type reader struct {
	m   map[string]any
	err error
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// take removes and returns field k; a missing one is an error.
func (r *reader) take(k string) any {
	v, ok := r.m[k]
	if !ok {
		r.fail(fmt.Errorf("field %q is missing", k))
	}
	delete(r.m, k)
	return v
}

func (r *reader) string(k string) string {
	v := r.take(k)
	s, ok := v.(string)
	if !ok {
		r.fail(fmt.Errorf("field %q is not a string", k))
	}
	return s
}

// text reads a string or a list of strings.
func (r *reader) text(k string) string {
	s, ok := joined(r.take(k))
	if !ok {
		r.fail(fmt.Errorf("field %q is neither a string nor a list of strings", k))
	}
	return s
}

func (r *reader) int(k string) int {
	n, ok := r.take(k).(json.Number)
	i, err := n.Int64()
	if !ok || err != nil {
		r.fail(fmt.Errorf("field %q is not a whole number", k))
	}
	return int(i)
}

// optionalInt reads a number that may be missing or null, then it is 0.
func (r *reader) optionalInt(k string) int {
	if r.m[k] == nil {
		delete(r.m, k)
		return 0
	}
	return r.int(k)
}

func (r *reader) object(k string) map[string]any {
	m, ok := r.take(k).(map[string]any)
	if !ok {
		r.fail(fmt.Errorf("field %q is not an object", k))
	}
	return m
}

func (r *reader) list(k string) []any {
	l, ok := r.take(k).([]any)
	if !ok {
		r.fail(fmt.Errorf("field %q is not a list", k))
	}
	return l
}

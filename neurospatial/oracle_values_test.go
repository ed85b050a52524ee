package neurospatial_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// number is a recorded float; those that JSON cannot write are strings.
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case `"NaN"`:
		*n = number(math.NaN())
	case `"Infinity"`:
		*n = number(math.Inf(1))
	case `"-Infinity"`:
		*n = number(math.Inf(-1))
	default:
		return json.Unmarshal(b, (*float64)(n))
	}
	return nil
}

// floats is a recorded 1-D array.
type floats []float64

func (f *floats) UnmarshalJSON(b []byte) error {
	if !bytes.ContainsRune(b, '"') { // all finite
		return json.Unmarshal(b, (*[]float64)(f))
	}
	var n []number
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	if n == nil {
		return nil
	}
	*f = make([]float64, len(n))
	for i, v := range n {
		(*f)[i] = float64(v)
	}
	return nil
}

// rows is a recorded 2-D array.
type rows [][]float64

func (r *rows) UnmarshalJSON(b []byte) error {
	if !bytes.ContainsRune(b, '"') {
		return json.Unmarshal(b, (*[][]float64)(r))
	}
	var f []floats
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	for _, row := range f {
		*r = append(*r, row)
	}
	return nil
}

func (r rows) points() ns.Points {
	p, err := ns.PointsOf(r...)
	if err != nil {
		panic(err) // the recordings are rectangular
	}
	return p
}

func (r rows) flat() []float64 { return r.points().Flat() }

// tolerance says how far a number may be from the recorded one: relative to the largest recorded number of
// the array, because errors of sums scale with it.
type tolerance struct {
	relative float64
	reason   string
}

var (
	geometry = tolerance{1e-12, "a few roundings in sums and square roots of coordinates"}
	duration = tolerance{1e-12, "sums of time differences in another order"}
)

// near compares two arrays; NaN equals NaN and infinities equal themselves.
func near(got, want []float64, tol tolerance) error {
	if len(got) != len(want) {
		return fmt.Errorf("got %d values, want %d", len(got), len(want))
	}
	scale := 0.0
	for _, v := range want {
		if a := math.Abs(v); !math.IsInf(a, 0) && a > scale {
			scale = a
		}
	}
	for i := range want {
		if !nearValue(got[i], want[i], tol.relative*scale) {
			return fmt.Errorf("value %d is %v, want %v (tolerance %g of %g: %s)", i, got[i], want[i], tol.relative, scale, tol.reason)
		}
	}
	return nil
}

func nearValue(got, want, slack float64) bool {
	if math.IsNaN(want) || math.IsInf(want, 0) {
		return got == want || math.IsNaN(got) && math.IsNaN(want)
	}
	return math.Abs(got-want) <= slack
}

// nearRows compares two matrices row by row, with one scale for all.
func nearRows(got, want [][]float64, tol tolerance) error {
	if len(got) != len(want) {
		return fmt.Errorf("got %d rows, want %d", len(got), len(want))
	}
	var flatGot, flatWant []float64
	for i := range want {
		if len(got[i]) != len(want[i]) {
			return fmt.Errorf("row %d has %d values, want %d", i, len(got[i]), len(want[i]))
		}
		flatGot, flatWant = append(flatGot, got[i]...), append(flatWant, want[i]...)
	}
	return near(flatGot, flatWant, tol)
}

// same compares integers, masks, names and lists of them. Empty and nil lists are the same.
func same[T any](got, want T) error {
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	if g.Kind() == reflect.Slice && g.Len() == 0 && w.Len() == 0 {
		return nil
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}

// marked returns the indices of the true values.
func marked(mask []bool) []int {
	var on []int
	for i, v := range mask {
		if v {
			on = append(on, i)
		}
	}
	return on
}

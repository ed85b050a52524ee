package table

import (
	"fmt"
	"go/constant"
	"io"
	"math"
	"reflect"
	"testing"
	"time"
)

var answer = 42

func TestMap(t *testing.T) {
	p := Package{Path: "example.org/x/v2", Name: "x", Symbols: []Symbol{
		{"Print", Value, fmt.Sprint},
		{"Second", Value, time.Second},
		{"Yes", Value, true},
		{"Answer", Var, &answer},
		{"Reader", Type, (*io.Reader)(nil)},
		{"Min", Const, int64(math.MinInt64)},
		{"Max", Const, uint64(math.MaxUint64)},
		{"Name", Const, "x"},
		{"Big", Int, "1267650600228229401496703205376"},
		{"Pi", Float, "3.14159265358979323846264338327950288419716939937510582097494"},
	}}
	if p.Key() != "example.org/x/v2/x" {
		t.Error(p.Key())
	}
	m := p.Map()
	if len(m) != len(p.Symbols) {
		t.Errorf("%d symbols of %d", len(m), len(p.Symbols))
	}
	if f, ok := m["Print"].Interface().(func(...any) string); !ok || f("a", 1) != "a1" {
		t.Errorf("Print is %v", m["Print"])
	}
	if m["Second"].Interface() != time.Second || m["Yes"].Interface() != true {
		t.Errorf("%v, %v", m["Second"], m["Yes"])
	}
	m["Answer"].SetInt(7)
	if answer != 7 {
		t.Error("Answer is not the variable itself")
	}
	if m["Reader"].Type() != reflect.TypeFor[*io.Reader]() || !m["Reader"].IsNil() {
		t.Errorf("Reader is %v", m["Reader"].Type())
	}
	for name, want := range map[string]string{
		"Min": "-9223372036854775808", "Max": "18446744073709551615", "Name": `"x"`, "Big": "1267650600228229401496703205376",
	} {
		if c, ok := m[name].Interface().(constant.Value); !ok || c.ExactString() != want {
			t.Errorf("%s is %v, want %s", name, m[name], want)
		}
	}
	if pi, _ := constant.Float64Val(m["Pi"].Interface().(constant.Value)); pi != math.Pi {
		t.Errorf("Pi is %v", pi)
	}
}

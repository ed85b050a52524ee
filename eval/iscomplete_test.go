package eval

import (
	"strings"
	"testing"

	"github.com/nskernel/nskernel/kernel"
)

func TestIsComplete(t *testing.T) {
	const (
		complete   = kernel.Complete
		incomplete = kernel.Incomplete
		invalid    = kernel.Invalid
	)
	tests := []struct {
		code   string
		status kernel.Completeness
		depth  int
	}{
		{"", complete, 0},
		{"  \n\t", complete, 0},
		{"// nothing yet", complete, 0},
		{"/* a */", complete, 0},
		{"1 + 1", complete, 0},
		{"x := 1", complete, 0},
		{"x := 1 // one", complete, 0},
		{"x := 1\ny := 2", complete, 0},
		{"x := 1; y := 2;", complete, 0},
		{`import "fmt"`, complete, 0},
		{"import (\n\t\"fmt\"\n)\nfmt.Println(1)", complete, 0},
		{"func f() {}", complete, 0},
		{"func f() int {\n\treturn 1\n}", complete, 0},
		{"func(x int) { println(x) }(3)", complete, 0},
		{"type T struct{ A int }", complete, 0},
		{"for i := 0; i < 3; i++ {\n}", complete, 0},
		{"for range 3 { println() }", complete, 0},
		{"if x := f(); x > 0 {\n}", complete, 0},
		{"switch x {\ncase 1:\n}", complete, 0},
		{"package main\n\nfunc main() {}", complete, 0},
		{"x := `raw\nstring`", complete, 0},
		{"func f()", complete, 0},
		{"var x []int", complete, 0},
		{"a, b := f()\n\n", complete, 0},
		{"func Map[T, U any](xs []T, f func(T) U) []U { return nil }", complete, 0},

		{"func f() {", incomplete, 1},
		{"func f() {\n\tif true {", incomplete, 2},
		{"func f() {\n\tif true {\n\t}", incomplete, 1},
		{"for i := range 3 {", incomplete, 1},
		{"for i := range 3 {\n\tx := i", incomplete, 1},
		{"for i := range 3 { // three times", incomplete, 1},
		{"x := []int{1,", incomplete, 1},
		{"x := []int{1, 2", incomplete, 1},
		{"f(1,", incomplete, 1},
		{"f(", incomplete, 1},
		{"f(g(", incomplete, 2},
		{"m := map[string][]int{\n\t\"a\": {1,", incomplete, 2},
		{"import (", incomplete, 1},
		{"import (\n\t\"fmt\"", incomplete, 1},
		{"type T struct {", incomplete, 1},
		{"type T struct {\n\tA int", incomplete, 1},
		{"var (\n\ta = 1", incomplete, 1},
		{"x :=", incomplete, 0},
		{"x := 1 +", incomplete, 0},
		{"x = a &&", incomplete, 0},
		{"env.", incomplete, 0},
		{"a, ", incomplete, 0},
		{"func f() {\n\ta,", incomplete, 1},
		{"x := <-", incomplete, 0},
		{"x := !", incomplete, 0},
		{"if a {\n} else", incomplete, 0},
		{"switch x {\ncase 1:", incomplete, 1},
		{"switch x {\ncase 1:\n\tf()", incomplete, 1},
		{"func f(a int,", incomplete, 1},
		{"xs[", incomplete, 1},
		{"go func() {", incomplete, 1},
		{"x := `raw", incomplete, 0},
		{"func f() {\n\tx := `raw\nstring", incomplete, 0},
		{"/* comment", incomplete, 0},
		{"x := 1 /* and", incomplete, 0},
		{"type", incomplete, 0},
		{"func", incomplete, 0},
		{"var", incomplete, 0},
		{"for", incomplete, 0},
		{"y := func(x float64) float64 {\n\tz := x *", incomplete, 1},
		{"var x =", incomplete, 0},

		{"x := := 1", invalid, 0},
		{"a b", invalid, 0},
		{")", invalid, 0},
		{"}", invalid, 0},
		{"f(]", invalid, 0},
		{"func f() { )", invalid, 0},
		{`x := "abc`, invalid, 0},
		{"x := 'a", invalid, 0},
		{"x := 1 @ 2", invalid, 0},
		{"for i := := range 3 {", invalid, 0},
		{"if x", invalid, 0},
		{"for i := range 3", invalid, 0},
		{"func 3()", invalid, 0},
		{"x := 09", invalid, 0},
		{"else {", invalid, 0},
		{"a b\nf(", invalid, 0},
		{"import fmt", invalid, 0},
		{"return return", invalid, 0},
	}
	var s Session
	for _, tt := range tests {
		status, indent := s.IsComplete(tt.code)
		if status != tt.status || indent != strings.Repeat("\t", tt.depth) {
			t.Errorf("IsComplete(%q) = %s %q, want %s with %d tabs", tt.code, status, indent, tt.status, tt.depth)
		}
	}
}

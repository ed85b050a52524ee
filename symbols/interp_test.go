package symbols_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/nskernel/nskernel/symbols"
	"github.com/traefik/yaegi/interp"
)

// newInterp returns an interpreter with all symbols that prints to out.
func newInterp(t testing.TB, out *bytes.Buffer) *interp.Interpreter {
	t.Helper()
	i := interp.New(interp.Options{Stdout: out, Stderr: out})
	for _, e := range symbols.Exports() {
		if err := i.Use(e); err != nil {
			t.Fatal(err)
		}
	}
	return i
}

func TestInterpImports(t *testing.T) {
	i := newInterp(t, &bytes.Buffer{})
	for _, p := range symbols.Packages() {
		if _, err := i.Eval(`import _ "` + p + `"`); err != nil {
			t.Errorf("import %q: %v", p, err)
		}
	}
}

func TestInterpRuns(t *testing.T) {
	tests := []struct{ name, code, call, want string }{
		{"constants", `import ("math"; "time")
			func f() []any { return []any{math.Pi * 2, math.MaxInt64, time.Second * 90, uint64(math.MaxUint64), math.SmallestNonzeroFloat64 > 0} }`,
			"f", "[6.283185307179586 9223372036854775807 1m30s 18446744073709551615 true]"},
		{"sort.Interface", `import "sort"
			type s struct{ v []int }
			func (x s) Len() int { return len(x.v) }
			func (x s) Less(i, j int) bool { return x.v[i] < x.v[j] }
			func (x s) Swap(i, j int) { x.v[i], x.v[j] = x.v[j], x.v[i] }
			func f() []int { x := s{[]int{3, 1, 2}}; sort.Sort(x); return x.v }`, "f", "[1 2 3]"},
		{"fmt.Stringer", `import "fmt"
			type t struct{}
			func (t) String() string { return "a t" }
			func f() string { return fmt.Sprint(t{}) }`, "f", "a t"},
		{"fmt.Append", `import "fmt"
			type t struct{}
			func (t) String() string { return "a t" }
			func f() string { return string(fmt.Appendf(nil, "%v", t{})) }`, "f", "a t"},
		{"io.Reader", `import ("io"; "strings")
			type r struct{ in io.Reader }
			func (x r) Read(p []byte) (int, error) { return x.in.Read(p) }
			func f() string { b, _ := io.ReadAll(r{strings.NewReader("abc")}); return string(b) }`, "f", "abc"},
		{"io.WriterTo behind io.Reader", `import ("bytes"; "io")
			type r struct{}
			func (r) Read(p []byte) (int, error) { return 0, io.EOF }
			func (r) WriteTo(w io.Writer) (int64, error) { n, err := w.Write([]byte("direct")); return int64(n), err }
			func f() string { var b bytes.Buffer; io.Copy(&b, r{}); return b.String() }`, "f", "direct"},
		{"json.Marshaler", `import "encoding/json"
			type t struct{}
			func (t) MarshalJSON() ([]byte, error) { return []byte("42"), nil }
			func f() string { b, err := json.Marshal(t{}); if err != nil { return err.Error() }; return string(b) }`, "f", "42"},
		{"variable", `import "flag"
			func f() bool { flag.Usage = nil; return flag.Usage == nil }`, "f", "true"},
		{"gonum", `import ("gonum.org/v1/gonum/mat"; "gonum.org/v1/gonum/stat")
			func f() []float64 { return []float64{mat.Det(mat.NewDense(2, 2, []float64{1, 2, 3, 4})), stat.Mean([]float64{1, 2, 6}, nil)} }`, "f", "[-2 3]"},
		{"interface of gonum", `import "gonum.org/v1/gonum/mat"
			type eye struct{ n int }
			func (e eye) Dims() (int, int) { return e.n, e.n }
			func (e eye) At(i, j int) float64 { if i == j { return 1 }; return 0 }
			func (e eye) T() mat.Matrix { return e }
			func f() float64 { return mat.Sum(eye{3}) }`, "f", "3"},
		{"function of gonum", `import ("math"; "gonum.org/v1/gonum/integrate/quad")
			func f() bool { return math.Abs(quad.Fixed(func(x float64) float64 { return x * x }, 0, 3, 20, nil, 0) - 9) < 1e-9 }`, "f", "true"},
		{"plot", `import ("gonum.org/v1/plot"; "gonum.org/v1/plot/plotter"; "gonum.org/v1/plot/vg")
			func f() bool {
				p := plot.New()
				l, err := plotter.NewLine(plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}})
				if err != nil { return false }
				p.Add(l)
				w, err := p.WriterTo(10*vg.Centimeter, 5*vg.Centimeter, "svg")
				return err == nil && w != nil
			}`, "f", "true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i := newInterp(t, &bytes.Buffer{})
			if _, err := i.Eval(tt.code); err != nil {
				t.Fatal(err)
			}
			v, err := i.Eval(tt.call + "()")
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(v); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestInterpCannotEndProcess(t *testing.T) {
	for _, code := range []string{
		`import "os"; func f() { os.Exit(3) }`,
		`import "log"; func f() { log.Fatal("x") }`,
		`import "log"; func f() { log.Fatalf("x") }`,
		`import "log"; func f() { log.Fatalln("x") }`,
	} {
		i := newInterp(t, &bytes.Buffer{})
		if _, err := i.Eval(code); err != nil {
			t.Fatal(err)
		}
		if _, err := i.Eval("f()"); err == nil {
			t.Errorf("%s returned", code)
		}
	}
}

func TestSameType(t *testing.T) {
	p, err := importer(t).Import("strings")
	if err != nil {
		t.Fatal(err)
	}
	sig := p.Scope().Lookup("Repeat").Type()
	for _, f := range []any{
		func(string) string { return "" },
		func(string, int64) string { return "" },
		func(string, int) {},
		func(string, ...int) string { return "" },
		func(int, string) string { return "" },
		strings.NewReader,
		3,
	} {
		if sameType(sig, reflect.TypeOf(f), 0) {
			t.Errorf("%v passes for %T", sig, f)
		}
	}
	if !sameType(sig, reflect.TypeFor[func(string, int) string](), 0) {
		t.Error("the right type does not pass")
	}
	if sameType(p.Scope().Lookup("Reader").Type(), reflect.TypeFor[strings.Builder](), 0) {
		t.Error("strings.Builder passes for strings.Reader")
	}
}

func BenchmarkUse(b *testing.B) {
	exports := symbols.Exports()
	for b.Loop() {
		i := interp.New(interp.Options{})
		for _, e := range exports {
			if err := i.Use(e); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkExports(b *testing.B) {
	for b.Loop() {
		symbols.BuildExports()
	}
}

package eval_test

import (
	"strings"
	"testing"

	"github.com/nskernel/nskernel/display"
)

func TestInspect(t *testing.T) {
	s := newEditor(t, append(completionCells, `// Rate is spikes per second.
//
// It uses [Neuron].
func Rate(n *Neuron) float64 { return n.hz }

// Neuron is one cell.
type Neuron struct {
	// ID names it.
	ID string
	hz float64 // spikes per second
}

// Fire spikes once.
func (n *Neuron) Fire() {}

// the best one
best := &Neuron{}`)...)
	tests := []struct {
		name, code string
		detail     int
		want       []string // all are parts of the text
		not        string   // no part of the text
	}{
		{name: "package function", code: "fmt.Print¦ln(1)", want: []string{"func fmt.Println(a ...any) (n int, err error)", "Println formats using the default formats", `From package "fmt".`}},
		{name: "at the begin of the name", code: "fmt.¦Println(1)", want: []string{"func fmt.Println("}},
		{name: "at the end of the name", code: "fmt.Println¦(1)", want: []string{"func fmt.Println("}},
		{name: "in the argument list", code: "fmt.Println(¦)", want: []string{"func fmt.Println("}},
		{name: "in an unclosed argument list", code: "fmt.Println(1, ¦", want: []string{"func fmt.Println("}},
		{name: "in a string argument", code: "strings.Repeat(\"a¦b\", 2)", want: []string{"func strings.Repeat("}},
		{name: "at a number", code: "math.Sqrt(2¦)", want: []string{"func math.Sqrt(x float64) float64"}},
		{name: "innermost call", code: "math.Sqrt(math.Abs(¦))", want: []string{"func math.Abs("}},
		{name: "after an inner call", code: "math.Pow(math.Abs(1), ¦)", want: []string{"func math.Pow("}},
		{name: "name in an argument", code: "math.Sqrt(rat.spe¦ed)", want: []string{"field Animal.speed float64 // cell[1], line 3\n\nfunc math.Sqrt("}},
		{name: "variable as argument", code: "fmt.Println(rat¦", detail: 1, want: []string{"var rat *Animal // cell[2], line 3:\nrat := &Animal{", "\n\nfunc fmt.Println("}},
		{name: "function as argument", code: "fmt.Println(help¦er)", want: []string{"func helper("}, not: "Println"},
		{name: "misspelt name in an argument", code: "math.Sqrt(zzz¦)", want: []string{"func math.Sqrt("}},
		{name: "generic call", code: "Map[int, string](¦", want: []string{"func Map[T, U any]("}},
		{name: "package", code: "ma¦th.Pi", want: []string{`import "math"`, "Package math provides", "functions: Abs,", "constants: E,"}},
		{name: "package under a name", code: "n¦s.XY", want: []string{`import ns "github.com/nskernel/nskernel/neurospatial"`, "types: "}},
		{name: "import path", code: "import \"gonum.org/v1/gonum/st¦at\"", want: []string{`import "gonum.org/v1/gonum/stat"`, "Package stat provides"}},
		{name: "constructor", code: "ns.FromSam¦ples(p, 2)", want: []string{"func ns.FromSamples(pos ns.Points, binSize float64, opts ...ns.SamplesOptions) (*ns.Environment, error)", "Python: Environment.from_samples"}},
		{name: "method of a library", code: "matrix.M¦ul(a, b)", want: []string{"func (m *mat.Dense) Mul(a mat.Matrix, b mat.Matrix)", "Mul takes the matrix product"}},
		{name: "promoted method", code: "var r struct{ *mat.Dense }\nr.Di¦ms()", want: []string{"mat.Dense) Dims()"}},
		{name: "interface method", code: "matrix.T().D¦ims()", want: []string{"(mat.Matrix) Dims() (r int, c int)"}},
		{name: "options type", code: "ns.Smooth¦Options{}", want: []string{"type ns.SmoothOptions struct {", "Mode ns.KernelMode // "}},
		{name: "field of a literal", code: "ns.SmoothOptions{Mo¦de: ns.ModeDensity}", want: []string{"field ns.SmoothOptions.Mode ns.KernelMode", "what smoothing keeps"}},
		{name: "value in a literal", code: "ns.SmoothOptions{Mode: ns.ModeDen¦sity}", want: []string{"const ns.ModeDensity ns.KernelMode = 0", "ModeDensity turns an amount"}},
		{name: "enumeration", code: "var k ns.Kernel¦Mode", want: []string{"type ns.KernelMode uint8", "const ns.ModeDensity ns.KernelMode = 0\nconst ns.ModeTransition"}},
		{name: "type hides unexported fields", code: "var m mat.De¦nse", want: []string{"type mat.Dense struct {", "// and fields that are not exported", "func (m *mat.Dense) Mul("}, not: "capRows"},
		{name: "interface", code: "var m mat.Mat¦rix", want: []string{"type mat.Matrix interface {", "\tAt(i int, j int) float64"}},
		{name: "constant", code: "math.P¦i", want: []string{"const math.Pi untyped float = 3.141592653589793"}},
		{name: "library variable", code: "ns.ErrSha¦pe", want: []string{"var ns.ErrShape error"}},
		{name: "variable shows its type's documentation", code: "matr¦ix", want: []string{"var matrix *mat.Dense", "Dense is a dense matrix representation.", "Defined in cell[2], line 8."}},
		{name: "source of a variable", code: "ra¦t", detail: 1, want: []string{"var rat *Animal", "Defined in cell[2], line 3.", `rat := &Animal{Name: "rat", speed: 2}`}},
		{name: "no source at detail 0", code: "ra¦t", want: []string{"var rat *Animal"}, not: "rat :="},
		{name: "session function", code: "hel¦per(1, \"\")", detail: 1, want: []string{"func helper(x float64, name string) (float64, error)", "{ return x, nil }"}},
		{name: "session method", code: "rat.R¦un(1)", detail: 1, want: []string{"func (a *Animal) Run(distance float64) (float64, error)", "return distance / a.speed, nil"}},
		{name: "session type", code: "Ani¦mal{}", detail: 1, want: []string{"type Animal struct {\n\tBase\n\tName string\n\tspeed float64\n}", "func (b Base) Describe() string", "func (a Animal) Legs() int { return 4 }"}},
		{name: "session field", code: "rat.Na¦me", want: []string{"field Animal.Name string", "Defined in cell[1]"}},
		{name: "promoted field", code: "rat.I¦D", want: []string{"field Base.ID int"}},
		{name: "session constant", code: "Ang¦ry", want: []string{"const Angry Mood = 1"}},
		{name: "session interface", code: "var x Sha¦pe", want: []string{"type Shape interface {\n\tArea() float64\n}"}},
		{name: "variable of the cell", code: "abc := 1\nab¦c + 1", detail: 1, want: []string{"var abc int", "Defined in this cell.", "abc := 1"}},
		{name: "where it is defined", code: "ab¦c := []int{1}", want: []string{"var abc []int"}},
		{name: "parameter", code: "func f(abc ...string) { println(ab¦c) }", want: []string{"var abc []string"}},
		{name: "in unfinished code", code: "for _, a := range []Animal{} {\n\ta.Le¦gs(", want: []string{"func (a Animal) Legs() int"}},
		{name: "variable of a type switch", code: "var x any\nswitch v¦ := x.(type) {\ncase int:\n}", want: []string{"var v int"}},
		{name: "comment of a function", code: "Ra¦te(best)", want: []string{"func Rate(n *Neuron) float64", "Rate is spikes per second.\n\nIt uses"}},
		{name: "comment of a type", code: "var n Neu¦ron", want: []string{"type Neuron struct", "Neuron is one cell."}},
		{name: "comment of a method", code: "best.Fi¦re()", want: []string{"func (n *Neuron) Fire()", "Fire spikes once."}},
		{name: "comment of a variable", code: "bes¦t", want: []string{"var best *Neuron", "the best one"}},
		{name: "comment above a field", code: "best.I¦D", want: []string{"field Neuron.ID string", "ID names it."}},
		{name: "comment behind a field", code: "best.h¦z", want: []string{"field Neuron.hz float64", "spikes per second"}},
		{name: "variable of a commented type", code: "other := best\noth¦er", want: []string{"var other *Neuron", "Neuron is one cell."}},
		{name: "comment in the cell", code: "// f does it.\nfunc f() {}\nf¦()", want: []string{"func f()", "f does it."}},
		{name: "builtin", code: "app¦end(values, 1)", want: []string{"func append(slice []T, elems ...T) []T", "The append built-in function appends elements"}},
		{name: "basic type", code: "var x float¦64", want: []string{"type float64", "IEEE 754 64-bit"}},
		{name: "error", code: "var e err¦or", want: []string{"type error interface {\n\tError() string\n}"}},
		{name: "generic function of a library", code: "import \"slices\"\nslices.Ma¦x(values)", want: []string{"func slices.Max[S ~[]E, E cmp.Ordered](x S) E"}},
		{name: "constraint", code: "import \"cmp\"\nfunc f[T cmp.Ord¦ered](x T) {}", want: []string{"type cmp.Ordered interface {", "~int"}},
		{name: "generic type", code: "import \"sync/atomic\"\nvar p atomic.Poin¦ter[int]", want: []string{"type atomic.Pointer[T any] struct", "func (x *atomic.Pointer[T]) Load() *T"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, offset := atCursor(t, tt.code)
			b, found := s.Inspect(code, offset, tt.detail)
			if !found {
				t.Fatal("found nothing")
			}
			text, md := b.Data[display.MIMEText].(string), b.Data[display.MIMEMarkdown].(string)
			for _, w := range tt.want {
				if !strings.Contains(text, w) {
					t.Errorf("%q is missing in:\n%s", w, text)
				}
			}
			if tt.not != "" && strings.Contains(text, tt.not) {
				t.Errorf("%q stands in:\n%s", tt.not, text)
			}
			if !strings.HasPrefix(md, "```go\n") || strings.Contains(text, "\x1b") {
				t.Errorf("markdown %q, text %q", md, text)
			}
		})
	}
}

func TestInspectNothing(t *testing.T) {
	s := newEditor(t)
	for _, marked := range []string{
		"¦", "zzz¦", "x := ¦1", "// fmt.Print¦ln", "/* fm¦t */", "fo¦r {}", "ns.Nothing¦", "nothing.X¦", "import \"no/such/pack¦age\"",
		"x := \"fmt¦\"", "(1 + ¦2)", "func(x int) {¦}",
	} {
		code, offset := atCursor(t, marked)
		if b, found := s.Inspect(code, offset, 1); found {
			t.Errorf("%q: %v", marked, b.Data)
		}
	}
}

func TestInspectMarkdown(t *testing.T) {
	s := newEditor(t, "// Spike is an event, see [Train].\ntype Spike struct{}\n// Train has spikes.\ntype Train []Spike")
	b, _ := s.Inspect("Spike", 2, 0)
	if md := b.Data[display.MIMEMarkdown].(string); !strings.Contains(md, "Spike is an event") || strings.Contains(md, "pkg.go.dev") {
		t.Errorf("a name of the session is a link:\n%s", md)
	}
	code, offset := atCursor(t, "ns.FromSam¦ples")
	b, _ = s.Inspect(code, offset, 0)
	md := b.Data[display.MIMEMarkdown].(string)
	for _, w := range []string{
		"```go\nfunc ns.FromSamples(",
		"[ErrInvalid](https://pkg.go.dev/github.com/nskernel/nskernel/neurospatial#ErrInvalid)",
	} {
		if !strings.Contains(md, w) {
			t.Errorf("%q is missing in:\n%s", w, md)
		}
	}
}

package eval_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nskernel/nskernel/kernel"
)

// completionCells are what ran before the completions of TestComplete.
var completionCells = []string{
	`type Base struct{ ID int }
func (b Base) Describe() string { return "base" }
type Animal struct {
	Base
	Name string
	speed float64
}
func (a *Animal) Run(distance float64) (float64, error) { return distance / a.speed, nil }
func (a Animal) Legs() int { return 4 }
type Shape interface{ Area() float64 }
type Mood int
const (Calm Mood = iota; Angry)`,
	`values := []float64{1, 2, 3}
valid := true
rat := &Animal{Name: "rat", speed: 2}
counts := map[string]int{"a": 1}
var mood Mood
pair := struct{ Left, Right int }{1, 2}
ch := make(chan float64, 1)
matrix := mat.NewDense(2, 2, nil)
func helper(x float64, name string) (float64, error) { return x, nil }
func Map[T, U any](xs []T, f func(T) U) []U { var out []U; return out }`,
}

func TestComplete(t *testing.T) {
	s := newEditor(t, completionCells...)
	tests := []struct {
		name, code string
		has, not   string // separated by commas
		first      string
		only       string // everything that is offered, in order
	}{
		// names of the session
		{name: "session variable", code: "val¦", has: "values,valid", not: "rat,math"},
		{name: "session function", code: "help¦", only: "helper"},
		{name: "session type", code: "Ani¦", only: "Animal"},
		{name: "session constant", code: "x := Cal¦", only: "Calm"},
		{name: "case is ignored after exact matches", code: "ma¦", first: "matrix", has: "math,mat,make,map,Map,matrix,max"},
		{name: "nothing typed", code: "¦", has: "values,ns,fmt,helper,len"},
		{name: "unknown name", code: "zzz¦", only: ""},
		{name: "name in the middle is replaced", code: "val¦ues + 1", has: "values,valid"},
		{name: "blank identifier is no name", code: "_¦", not: "_"},
		{name: "universe", code: "x := app¦", only: "append"},
		{name: "session before universe", code: "x := ra¦", first: "rat"},
		{name: "no internal names", code: "nsc¦", not: "nscell,nscursor"},
		{name: "preloaded package", code: "math¦", only: "math"},
		{name: "package in an expression", code: "x := 2 * mat¦", has: "math,mat"},

		// packages
		{name: "package member", code: "fmt.Pri¦", only: "Print,Printf,Println"},
		{name: "package member, other case", code: "fmt.pri¦", only: "Print,Printf,Println"},
		{name: "package all members", code: "ns.¦", has: "FromSamples,Environment,SmoothOptions,ModeDensity", not: "helper,values"},
		{name: "package constructor", code: "env, err := ns.From¦", has: "FromSamples"},
		{name: "imported in the cell", code: "import \"sort\"\nsort.Float¦", has: "Float64s,Float64Slice"},
		{name: "imported under a name", code: "import fl \"gonum.org/v1/gonum/floats\"\nfl.Su¦", has: "Sum,SumCompensated"},
		{name: "generic function", code: "import \"slices\"\nslices.Conta¦", only: "Contains,ContainsFunc"},
		{name: "not imported", code: "sort.¦", only: ""},
		{name: "package in type position", code: "var e ns.¦", has: "Environment,SmoothOptions", not: "FromSamples,ModeDensity"},
		{name: "package in parameter", code: "func f(e *ns.Env¦) {}", has: "Environment", not: "ErrShape"},
		{name: "composite literal of a package type", code: "o := ns.Smooth¦", has: "SmoothOptions"},
		{name: "package constants", code: "x := math.P¦", has: "Pi,Pow"},

		// fields and methods
		{name: "pointer", code: "rat.¦", only: "Base,Describe,ID,Legs,Name,Run,speed"},
		{name: "method prefix", code: "rat.Ru¦", only: "Run"},
		{name: "promoted field", code: "rat.I¦", only: "ID"},
		{name: "through call", code: "fmt.Println(rat.Le¦)", only: "Legs"},
		{name: "value that cannot be addressed", code: "Animal{}.¦", has: "Legs,Name", not: "Run"},
		{name: "method expression", code: "f := Animal.¦", has: "Legs,Describe", not: "Run,Name"},
		{name: "anonymous struct", code: "pair.¦", only: "Left,Right"},
		{name: "library value", code: "matrix.¦", has: "At,Set,Mul,T,Dims"},
		{name: "chain of calls", code: "matrix.T().¦", has: "Dims,At,T", not: "Set"},
		{name: "index", code: "m := []*Animal{rat}\nm[0].N¦", only: "Name"},
		{name: "map element", code: "m := map[string]Animal{}\nm[\"a\"].N¦", only: "Name"},
		{name: "range variable", code: "for _, a := range []Animal{} {\n\ta.Na¦\n}", only: "Name"},
		{name: "type assertion", code: "var x any = rat\nx.(*Animal).Na¦", only: "Name"},
		{name: "no unexported fields of packages", code: "import \"bytes\"\nvar b bytes.Buffer\nb.¦", has: "WriteString,Len", not: "buf,off,grow"},
		{name: "interface", code: "var sh Shape\nsh.¦", only: "Area"},
		{name: "error", code: "_, err := helper(1, \"\")\nerr.¦", only: "Error"},
		{name: "result of a generic function", code: "Map(values, func(x float64) Animal { return Animal{} })[0].Na¦", only: "Name"},
		{name: "type parameter", code: "func g[T Shape](x T) { x.¦ }", only: "Area"},
		{name: "package function result", code: "strings.NewReplacer(\"a\", \"b\").Rep¦", only: "Replace"},
		{name: "no members of a number", code: "x := 1.¦", only: ""},
		{name: "two results have no members", code: "helper(1, \"\").¦", only: ""},

		// before anything ran, unfinished code
		{name: "variable of the cell", code: "abc := 1\nab¦", only: "abc"},
		{name: "not yet declared", code: "ab¦\nabc := 1", only: ""},
		{name: "value of the cell", code: "x := Animal{}\nx.Na¦", only: "Name"},
		{name: "type of the cell", code: "type Cat struct{ Meow int }\nc := Cat{}\nc.¦", only: "Meow"},
		{name: "new method of the cell", code: "type Cat struct{}\nfunc (c Cat) Purr() {}\nvar c Cat\nc.P¦", only: "Purr"},
		{name: "parameter", code: "func f(abc int) int { return ab¦ }", only: "abc"},
		{name: "parameter, unfinished", code: "func f(abc int) int {\n\treturn ab¦", only: "abc"},
		{name: "local, unfinished loop", code: "for i, row := range values {\n\tro¦", only: "row"},
		{name: "local in unfinished function", code: "func f(xs []float64) float64 {\n\ttotal := 0.0\n\tfor _, x := range xs {\n\t\ttotal += x\n\t\tif x > 3 {\n\t\t\ttot¦", only: "total"},
		{name: "receiver", code: "func (a *Animal) Jump() { a.sp¦", only: "speed"},
		{name: "function sees variables of the cell", code: "threshold := 3\nfunc f() int { return thr¦ }", only: "threshold"},
		{name: "function sees types of variables", code: "pet := Animal{}\nfunc f() string { return pet.Na¦", only: "Name"},
		{name: "unclosed call", code: "fmt.Println(rat.Na¦", only: "Name"},
		{name: "unclosed call, lines follow", code: "fmt.Println(rat.Na¦\ny := 3", only: "Name"},
		{name: "selector before a line", code: "rat.¦\ny := 3", has: "Name,Run"},
		{name: "if without block", code: "if rat.¦", has: "Name,Legs"},
		{name: "for without block", code: "for _, v := range val¦", has: "values,valid"},
		{name: "for condition", code: "for i := 0; i < rat.¦", has: "ID,Name"},
		{name: "switch", code: "switch rat.¦ {", has: "Name"},
		{name: "case", code: "switch mood {\ncase An¦", first: "Angry"},
		{name: "type switch", code: "var x any\nswitch x.(type) {\ncase Ani¦", only: "Animal"},
		{name: "variable of a type switch", code: "var x any\nswitch v := x.(type) {\ncase *Animal:\n\tv.Na¦", only: "Name"},
		{name: "defer", code: "func f() { defer rat.Ru¦", only: "Run"},
		{name: "go", code: "go rat.Ru¦", only: "Run"},
		{name: "function literal argument", code: "Map(values, func(v float64) float64 { return v * rat.spe¦ })", only: "speed"},
		{name: "broken line before", code: "x := := 3\nrat.Na¦", only: "Name"},
		{name: "broken line after", code: "rat.Na¦\nx := := 3", only: "Name"},
		{name: "unclosed bracket before", code: "fmt.Println((1\nrat.Na¦", only: "Name"},
		{name: "shadowed package", code: "fmt := rat\nfmt.Na¦", only: "Name"},
		{name: "shadowed variable", code: "func f(rat string) { for rat := range 3 { ra¦", has: "rat"},
		{name: "select case", code: "select {\ncase v := <-c¦", has: "ch,counts"},
		{name: "label", code: "outer:\nfor {\n\tfor {\n\t\tbreak ou¦\n\t}\n}", only: "outer"},
		{name: "non-ASCII names", code: "größe := 1\ngrö¦", only: "größe"},

		// struct literals, expected types
		{name: "literal fields", code: "a := Animal{¦}", only: "Base: ,Name: ,speed: "},
		{name: "literal fields left", code: "a := Animal{Name: \"x\", ¦}", only: "Base: ,speed: "},
		{name: "literal field prefix", code: "a := &Animal{Na¦", only: "Name: "},
		{name: "library literal", code: "o := ns.SmoothOptions{¦", has: "Mode: "},
		{name: "literal in a call", code: "ns.FromSamples(p, 2, ns.SamplesOptions{Units: \"cm\", Fill¦})", has: "FillHoles: "},
		{name: "literal with a colon", code: "a := Animal{Na¦: \"x\"}", only: "Name"},
		{name: "literal value", code: "a := Animal{speed: val¦}", has: "values,valid"},
		{name: "elided type", code: "l := []Animal{{Na¦}}", only: "Name: "},
		{name: "positional literal", code: "a := Animal{Base{}, ra¦", has: "rat"},
		{name: "map literal", code: "m := map[string]float64{\"a\": val¦", has: "values"},
		{name: "expected enumeration", code: "o := ns.SmoothOptions{Mode: ¦", first: "ns.ModeAverage", has: "ns.ModeDensity,ns.ModeTransition"},
		{name: "expected enumeration, prefix", code: "o := ns.SmoothOptions{Mode: Mode¦", has: "ns.ModeDensity"},
		{name: "expected enumeration of a package", code: "o := ns.SmoothOptions{Mode: ns.¦", first: "ModeAverage", has: "SmoothOptions"},
		{name: "expected pointer", code: "var p *Animal\np = &¦", first: "Animal{"},
		{name: "expected pointer, unfinished", code: "func f(a *Animal) {}\nf(&An¦", first: "Animal{"},
		{name: "expected struct without fields", code: "ns.FromSamples(¦", not: "ns.Points{"},
		{name: "appended element", code: "moods := []Mood{}\nmoods = append(moods, ¦", first: "Angry"},
		{name: "deleted key", code: "m := map[Mood]int{}\ndelete(m, ¦", first: "Angry"},
		{name: "key of a map literal", code: "m := map[Mood]int{¦", first: "Angry"},
		{name: "value of a map literal", code: "m := map[int]Mood{1: ¦", first: "Angry"},
		{name: "expected pointer without &", code: "var p *Animal\np = An¦", first: "&Animal{"},
		{name: "expected options", code: "var env *ns.Environment\nenv.Smooth(values, 3, ¦)", first: "ns.SmoothOptions{"},
		{name: "expected boolean", code: "if ¦", first: "valid"},
		{name: "expected string", code: "helper(1, ¦)", has: "values"},
		{name: "expected slice", code: "var env *ns.Environment\nenv.Smooth(¦", first: "values"},
		{name: "expected function", code: "Map(values, fu¦", has: "func"},
		{name: "assignment", code: "mood = ¦", first: "Angry"},
		{name: "assignment offers constants", code: "mood = ¦", has: "Calm,Angry"},
		{name: "comparison", code: "if mood == ¦", has: "Calm,Angry"},
		{name: "return", code: "func f() []float64 {\n\treturn ¦", first: "values"},
		{name: "map key", code: "counts[\"a\"] = len(val¦", has: "values"},

		// types
		{name: "type position", code: "var x Ani¦", only: "Animal"},
		{name: "type position has no variables", code: "var x val¦", only: ""},
		{name: "type position has packages", code: "var x m¦", has: "math,mat,map", not: "matrix,mood"},
		{name: "element type", code: "x := []Ani¦", only: "Animal"},
		{name: "map type", code: "x := map[string]Ani¦", only: "Animal"},
		{name: "result type", code: "func f() *Ani¦", only: "Animal"},
		{name: "field type", code: "type T struct {\n\tA Ani¦", only: "Animal"},
		{name: "make", code: "x := make(ma¦", has: "map", not: "matrix"},
		{name: "conversion", code: "x := floa¦", has: "float64,float32"},

		// keywords
		{name: "statement", code: "fo¦", has: "for"},
		{name: "statement keywords only at its begin", code: "x := fo¦", not: "for"},
		{name: "import", code: "imp¦", only: "import"},
		{name: "return only in functions", code: "retu¦", only: ""},
		{name: "return", code: "func f() { retu¦ }", only: "return"},
		{name: "break only in loops", code: "brea¦", only: ""},
		{name: "break", code: "for {\n\tbrea¦", only: "break"},
		{name: "range", code: "for i := ran¦", has: "range"},
		{name: "else", code: "if valid {\n} el¦", only: "else"},
		{name: "case", code: "switch mood {\ncase Calm:\n\tcas¦", has: "case"},

		// names of new things, comments, strings
		{name: "new variable", code: "var va¦", only: ""},
		{name: "new function", code: "func va¦", only: ""},
		{name: "new type", code: "type va¦", only: ""},
		{name: "comment", code: "x := 1 // val¦", only: ""},
		{name: "block comment", code: "/* val¦ */", only: ""},
		{name: "after a comment", code: "/* c */ helpe¦", only: "helper"},
		{name: "number", code: "x := 12¦", only: ""},
		{name: "string", code: "x := \"val¦\"", only: ""},
		{name: "import path", code: "import \"gonum.org/v1/gonum/spatial/r¦\"", only: "gonum.org/v1/gonum/spatial/r1,gonum.org/v1/gonum/spatial/r2,gonum.org/v1/gonum/spatial/r3"},
		{name: "import path by last element", code: "import \"distuv¦\"", only: "gonum.org/v1/gonum/stat/distuv"},
		{name: "import path, unfinished", code: "import \"math/ra¦", only: "math/rand,math/rand/v2"},
		{name: "import group", code: "import (\n\t\"fmt\"\n\t\"path/f¦\n)", only: "path/filepath"},
		{name: "import under a name", code: "import f \"path/f¦\"", only: "path/filepath"},
		{name: "import does not offer unsafe", code: "import \"unsa¦\"", only: ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, offset := atCursor(t, tt.code)
			got := texts(s.Complete(code, offset))
			all := strings.Join(got, ",")
			for _, want := range split(tt.has) {
				if !slices.Contains(got, want) {
					t.Errorf("%q is missing in %s", want, all)
				}
			}
			for _, bad := range split(tt.not) {
				if slices.Contains(got, bad) {
					t.Errorf("%q is offered", bad)
				}
			}
			if tt.first != "" && (len(got) == 0 || got[0] != tt.first) {
				t.Errorf("first is not %q: %s", tt.first, all)
			}
			if tt.has+tt.not+tt.first == "" && all != tt.only {
				t.Errorf("got  %s\nwant %s", all, tt.only)
			}
		})
	}
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

func texts(c kernel.Completion) []string {
	var l []string
	for _, i := range c.Items {
		l = append(l, i.Text)
	}
	return l
}

func TestCompleteRange(t *testing.T) {
	s := newEditor(t)
	tests := []struct {
		code       string
		start, end int
	}{
		{"x := fmt.Pri¦", 9, 12},
		{"x := fmt.Pri¦ntf(1)", 9, 15},
		{"x := fmt.¦", 9, 9},
		{"fm¦t.Println()", 0, 3},
		{"größe := 1\nfmt.Print(grö¦)", 23, 27},
		{"import \"fm¦t\"", 8, 11},
		{"import \"ma¦", 8, 10},
	}
	for _, tt := range tests {
		code, offset := atCursor(t, tt.code)
		c := s.Complete(code, offset)
		if c.Start != tt.start || c.End != tt.end || len(c.Items) == 0 {
			t.Errorf("%q: %d to %d with %d items, want %d to %d", tt.code, c.Start, c.End, len(c.Items), tt.start, tt.end)
		}
	}
}

func TestCompleteItems(t *testing.T) {
	s := newEditor(t, completionCells...)
	tests := []struct{ code, text, kind, signature string }{
		{"help¦", "helper", "function", "(x float64, name string) (float64, error)"},
		{"rat.Ru¦", "Run", "method", "(distance float64) (float64, error)"},
		{"rat.Na¦", "Name", "field", "string"},
		{"valu¦", "values", "variable", "[]float64"},
		{"Ang¦", "Angry", "constant", "Mood = 1"},
		{"Anim¦", "Animal", "type", "struct"},
		{"Moo¦", "Mood", "type", "int"},
		{"math.Pi¦", "Pi", "constant", "untyped float = 3.14159"},
		{"mat¦", "math", "module", "math"},
		{"x := le¦", "len", "function", "(v T) int"},
		{"fun¦", "func", "keyword", ""},
		{"matrix.Mu¦", "Mul", "method", "(a mat.Matrix, b mat.Matrix)"},
		{"ns.Smoot¦", "SmoothOptions", "type", "struct"},
		{"Ma¦", "Map", "function", "[T, U any](xs []T, f func(T) U) []U"},
		{"import \"gonum.org/v1/gonum/stat/distu¦\"", "gonum.org/v1/gonum/stat/distuv", "module", "Package distuv provides univariate random distribution types."},
	}
	for _, tt := range tests {
		code, offset := atCursor(t, tt.code)
		found := false
		for _, i := range s.Complete(code, offset).Items {
			if i.Text == tt.text {
				found = true
				if i.Type != tt.kind || i.Signature != tt.signature {
					t.Errorf("%q: %+v, want %s %q", tt.code, i, tt.kind, tt.signature)
				}
			}
		}
		if !found {
			t.Errorf("%q does not offer %s", tt.code, tt.text)
		}
	}
}

func TestCompleteFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"spikes.csv", "space.csv", ".hidden", "other.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	s := newEditor(t)
	tests := []struct{ code, only string }{
		{`os.Open("sp¦")`, "space.csv,spikes.csv"},
		{`os.Open("sp¦`, "space.csv,spikes.csv"},
		{`os.Open("¦")`, "other.txt,space.csv,spikes.csv,sub/"},
		{`os.Open("` + dir + `/s¦")`, "space.csv,spikes.csv,sub/"},
		{`os.Open("none/¦")`, ""},
		{`x := "sp¦"`, ""},
	}
	for _, tt := range tests {
		code, offset := atCursor(t, tt.code)
		if got := strings.Join(texts(s.Complete(code, offset)), ","); got != tt.only {
			t.Errorf("%s: got %s, want %s", tt.code, got, tt.only)
		}
	}
}

// TestCompleteAnywhere puts the cursor everywhere in cells that are cut off
// anywhere: nothing may panic, and the replaced range must lie in the text.
func TestCompleteAnywhere(t *testing.T) {
	s := newEditor(t, completionCells...)
	cell := "import \"sort\"\nfunc f(a *Animal, xs ...float64) (n int, err error) {\n\tfor i, x := range xs {\n\t\tswitch v := any(x).(type) {\n\t\tcase float64: n += int(v) // add\n\t\t}\n\t\tgo func() { a.Run(float64(i)) }()\n\t}\n\treturn len(`raw`), nil\n}\nsort.Float64s(values); m := map[string][]Animal{\"ä\": {{Name: \"x\"}}}"
	for end := 0; end <= len(cell); end += 3 {
		for _, offset := range []int{end, end / 2, end - 5} {
			c := s.Complete(cell[:end], offset)
			if c.Start < 0 || c.Start > c.End || c.End > end {
				t.Fatalf("cut at %d, cursor %d: range %d to %d", end, offset, c.Start, c.End)
			}
			s.Inspect(cell[:end], offset, 1)
		}
	}
}

func BenchmarkComplete(b *testing.B) {
	s := newEditor(b, completionCells...)
	for _, marked := range []string{"rat.¦", "ns.¦", "va¦", "for i := range 3 {\n\tfmt.Println(i, ¦", "func f(a *Animal) {\n\ta.¦\n}\nf(rat)"} {
		code, offset := atCursor(b, marked)
		b.Run(strings.Fields(marked)[0], func(b *testing.B) {
			for b.Loop() {
				s.Complete(code, offset)
			}
		})
	}
}

func FuzzComplete(f *testing.F) {
	for _, c := range append([]string{
		"for i := range 3 {\n\tfmt.Println(i, rat.", "x := Animal{Na", "import \"ma", "switch v := x.(type) { case *", "go func() { defer rat.",
		"func (a *Animal) f[T any](", "type S[T any] struct { x T }; func (s *S[T]) m() { s.", "a, b := <-ch; b.", "if x := ns.FromSamples(",
		"label: for { break la", "const ( A = iota; ", "var x = map[string]func(int) (", "/* ", "`", "\"", "'", "1.", "..", "é.", "\x00",
		"//line x:1\nrat.", "package p; import f \"fmt\"; f.", "func() { }().", "struct{ A int }{", "[...]int{", "chan<- ", "x.(", "f(g(h(",
	}, completionCells...) {
		f.Add(c, len(c))
	}
	s := newEditor(f, completionCells...)
	f.Fuzz(func(t *testing.T, code string, offset int) {
		c := s.Complete(code, offset)
		if c.Start < 0 || c.Start > c.End || c.End > len(code) {
			t.Errorf("range %d to %d of %d bytes", c.Start, c.End, len(code))
		}
		for _, i := range c.Items {
			if i.Text == "" || i.Type == "" || strings.Contains(i.Text, "nscursor") {
				t.Errorf("%+v", i)
			}
		}
		s.Inspect(code, offset, 1)
		status, indent := s.IsComplete(code)
		if indent != "" && status != kernel.Incomplete {
			t.Errorf("%s with indent %q", status, indent)
		}
	})
}

// TestCompleteWhileRunning completes, inspects and runs cells at once.
func TestCompleteWhileRunning(t *testing.T) {
	s := newEditor(t, completionCells...)
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if n := len(s.Complete("rat.", 4).Items); n == 0 {
					t.Error("rat has no members")
					return
				}
				s.Inspect("ns.FromSamples", 5, 0)
				s.IsComplete("for {")
			}
		})
	}
	for i := range 20 {
		code := fmt.Sprintf("type T%d struct{ A int }\nx%d := T%d{%d}\nfunc f%d() int { return x%d.A }\nf%d()", i, i, i, i, i, i, i)
		if _, err := s.Execute(t.Context(), kernel.Request{Code: code, Count: i + 10}, silent{}); err != nil {
			t.Fatal(err)
		}
	}
	close(done)
	wg.Wait()
	if got := texts(s.Complete("x19.", 4)); !slices.Equal(got, []string{"A"}) {
		t.Errorf("x19 has %v", got)
	}
}

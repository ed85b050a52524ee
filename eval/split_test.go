package eval

import (
	"fmt"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		src  string
		want []string // kind: text
	}{
		{"", nil},
		{"// only a comment", nil},
		{"x := 1; y := 2", []string{"stmt: x := 1", "stmt: y := 2"}},
		{"package main\nimport \"fmt\"\nfunc main() {}", []string{"package: package main", "import: import \"fmt\"", "func: func main() {}"}},
		{"for i := 0; i < 3; i++ {\n}\nx", []string{"stmt: for i := 0; i < 3; i++ {\n}", "stmt: x"}},
		{"if x := f(); x > 0 { g() } else { h() }", []string{"stmt: if x := f(); x > 0 { g() } else { h() }"}},
		{"for _, f := range []func(){func() { a(); b() }} { f() }\n1", []string{"stmt: for _, f := range []func(){func() { a(); b() }} { f() }", "stmt: 1"}},
		{"func() { a(); b() }()", []string{"stmt: func() { a(); b() }()"}},
		{"func(a int) string { return \"\" }(3)", []string{"stmt: func(a int) string { return \"\" }(3)"}},
		{"func (t T) M() {}\nfunc f[T any](x T) {}", []string{"func: func (t T) M() {}", "func: func f[T any](x T) {}"}},
		{"type T struct { a int; b int }", []string{"type: type T struct { a int; b int }"}},
		{"const (\n a = 1\n b\n)", []string{"const: const (\n a = 1\n b\n)"}},
		{"var (\n a = 1\n b = 2\n)", []string{"stmt: var (\n a = 1\n b = 2\n)"}},
		{"select { case <-a: b(); default: }", []string{"stmt: select { case <-a: b(); default: }"}},
		{"switch x := 1; x { case 1: a(); b() }", []string{"stmt: switch x := 1; x { case 1: a(); b() }"}},
		{"outer:\nfor { break outer }", []string{"stmt: outer:\nfor { break outer }"}},
		{"a +\n b", []string{"stmt: a +\n b"}},
		{"f(a,\n b)", []string{"stmt: f(a,\n b)"}},
		{"`raw\n;text`", []string{"stmt: `raw\n;text`"}},
	} {
		chunks, errs := split(tt.src)
		if len(errs) > 0 {
			t.Errorf("%q: %v", tt.src, errs)
		}
		var got []string
		names := map[chunkKind]string{stmtChunk: "stmt", packageChunk: "package", importChunk: "import", typeChunk: "type", constChunk: "const", funcChunk: "func"}
		for _, c := range chunks {
			got = append(got, names[c.kind]+": "+tt.src[c.start:c.end])
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q:\n got %q\nwant %q", tt.src, got, tt.want)
		}
	}
}

// tokens returns the tokens of src but for semicolons.
func tokens(src string) string {
	fset := token.NewFileSet()
	var sc scanner.Scanner
	sc.Init(fset.AddFile("", -1, len(src)), []byte(src), func(token.Position, string) {}, 0)
	var b strings.Builder
	for {
		_, tok, lit := sc.Scan()
		if tok == token.EOF {
			return b.String()
		}
		if tok != token.SEMICOLON {
			fmt.Fprintf(&b, "%s %q\n", tok, lit)
		}
	}
}

// FuzzSplit checks that cutting loses nothing, overlaps nothing and reads any
// text.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"x := 1\ny", "func f() {", "}}}", "for ;; {", "/* open", "`open", "a;;b", "if func() bool { return true }() { }", "\x00", "var (\na = b\nb = 1\n)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		chunks, errs := split(src)
		var joined strings.Builder
		last := 0
		for _, c := range chunks {
			if c.start < last || c.end < c.start || c.end > len(src) {
				t.Fatalf("chunk %+v after offset %d of %q", c, last, src)
			}
			last = c.end
			joined.WriteString(src[c.start:c.end] + "\n")
		}
		if len(errs) == 0 && tokens(joined.String()) != tokens(src) {
			t.Errorf("%q is cut into %q", src, joined.String())
		}
		// Reading never panics.
		_, _ = readCell("cell[1]", src)
	})
}

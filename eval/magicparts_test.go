package eval

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// cut describes the parts of a cell: G for Go, the magics as they were read.
func cut(src string) string {
	parts, err := cutMagics("cell[1]", src)
	if err != nil {
		return "error: " + err.Error()
	}
	var list []string
	for _, p := range parts {
		switch p.kind {
		case goPart:
			list = append(list, "G")
		case linePart:
			list = append(list, fmt.Sprintf("%%%s(%s)", p.name, p.args.of(src)))
		case cellPart:
			list = append(list, fmt.Sprintf("%%%%%s(%s)%q", p.name, p.args.of(src), p.body.of(src)))
		case helpPart:
			list = append(list, fmt.Sprintf("%s?%d", p.name, p.detail))
		}
	}
	return strings.Join(list, " ")
}

func TestCutMagics(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"Go only", "x := 7 % 3\n!ok", "G %sh(ok)"},
		{"nothing", "x := 1", ""},
		{"operator on its line", "x := 7 % 3\ny := !ok", ""},
		{"operator at the line end", "x := 7 %\n3", ""},
		{"operand behind an operator", "x := 7 +\n%who\n", ""},
		{"operator that begins a line", "x := 7\n% 3", ""},
		{"operator without space", "x := 7\n%3", ""},
		{"operator in parentheses", "x := (7\n%who)", ""},
		{"not in a list", "f(a,\n!ok)", ""},
		{"not in a literal", "x := []bool{\n!a,\n!b,\n}", ""},
		{"raw string", "s := `\n%who\n!ls\nx?\n`", ""},
		{"comment", "/*\n%who\n!ls\n*/", ""},
		{"line comment", "// %who\nx := 1", ""},
		{"raw string in one", "!echo `date`\ns := `\n%who\n`", "%sh(echo `date`) G"},
		{"quote", "!echo it's\n%who", "%sh(echo it's) %who()"},
		{"comment in one", "!echo /*\n%who", "%sh(echo /*) %who()"},
		{"one line", "%time f(x)", "%time(f(x))"},
		{"space around", "  %cd  a b \t\r\n", "%cd(a b)"},
		{"between", "x := 1\n%who\ny := 2\n", "G %who() G"},
		{"behind a block", "for range 3 {\n}\n%who", "G %who()"},
		{"behind a comment", "x := 1 // one\n/* two */\n%who", "G %who()"},
		{"header", "for i := 0; i < 3;\n%who\n{}", ""},
		{"else", "if x {\n} else\n%who", ""},
		{"in a block", "for range 3 {\nf()\n%who\n}", "error: cell[1]:3:1: a magic stands outside of every block; write it on a line of its own at the top level of the cell"},
		{"unclosed call", "f(x, 5\n%who", ""},
		{"cell", "%%time  -v \na := 1\nb\n", "%%time(-v)\"a := 1\\nb\\n\""},
		{"cell after empty lines", "\n \n%%bash\nls", "%%bash()\"ls\""},
		{"cell without body", "%%time", "%%time()\"\""},
		{"cell below", "a := 1\n%%bash\nls", "G %%bash()\"\" G"},
		{"cell with magics in it", "%%bash\n%who\n!ls", "%%bash()\"%who\\n!ls\""},
		{"help", "fmt.Println?", "fmt.Println?0"},
		{"source", "x := 1\n  f ??  ", "G f?1"},
		{"help of a magic", "%time?", "%time?0"},
		{"help of a cell magic", "%%time?", "%%time?0"},
		{"lonely marks", "%\n!\n?\n", ""},
		{"escaped line", "!ls\r\n", "%sh(ls)"},
		{"umlaut", "%größe 1", "%größe(1)"},
	} {
		if got := cut(c.src); got != c.want {
			t.Errorf("%s: %q gives %s, want %s", c.name, c.src, got, c.want)
		}
	}
}

// TestKeepsPositions wants that what is left of a cell stands where it stood.
func TestKeepsPositions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOf(rapid.SampledFrom([]string{
			"x := 1", "%who", "!ls ä", "f(", ")", "`", "/*", "*/", "// %who", "for {", "}", "f?", "", "ß := \"%\"", "% 3",
		})).Draw(t, "lines")
		src := strings.Join(lines, "\n")
		parts, err := cutMagics("cell", src)
		if err != nil || parts == nil {
			return
		}
		end := 0
		for _, p := range parts {
			if p.start < end || p.end <= p.start || p.end > len(src) {
				t.Fatalf("part %d–%d after %d in %d bytes", p.start, p.end, end, len(src))
			}
			if gap := src[end:p.start]; strings.TrimSpace(gap) != "" {
				t.Fatalf("%q belongs to no part", gap)
			}
			end = p.end
			kept := keep(src, span{p.start, p.end})
			if len(kept) != len(src) || strings.Count(kept, "\n") != strings.Count(src, "\n") {
				t.Fatalf("%q became %q", src, kept)
			}
			if kept[p.start:p.end] != src[p.start:p.end] || strings.TrimSpace(kept[:p.start]+kept[p.end:]) != "" {
				t.Fatalf("%q became %q, want only bytes %d to %d", src, kept, p.start, p.end)
			}
		}
		if rest := src[end:]; strings.TrimSpace(rest) != "" {
			t.Fatalf("%q belongs to no part", rest)
		}
	})
}

// FuzzCutMagics wants that cutting never panics and that Go without the marks
// of magics is left alone.
func FuzzCutMagics(f *testing.F) {
	for _, s := range []string{"%time f(x)\nx", "!ls\n`\n%who\n`", "%%bash\nls", "a.b?\nfor {\n!x\n}", "%", "\xff%a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		parts, err := cutMagics("cell", src)
		if !strings.ContainsAny(src, "%!?") && (parts != nil || err != nil) {
			t.Errorf("%q: parts %v, error %v", src, parts, err)
		}
		for _, p := range parts {
			_ = positionIn("cell", src, p.at)
			if p.args.start > p.args.end || p.body.start > p.body.end || p.body.end > len(src) || p.args.end > len(src) {
				t.Errorf("%q: part %+v is outside", src, p)
			}
		}
	})
}

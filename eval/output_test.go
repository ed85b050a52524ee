package eval_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
)

func TestOutputInOrder(t *testing.T) {
	n := newNotebook(t)
	_, out := n.result(`import ("log"; "text/tabwriter"; "log/slog"; "io")
fmt.Println("1 fmt")
fmt.Fprintln(os.Stdout, "2 os.Stdout")
print("3 print\n")
log.SetFlags(0)
log.Println("4 log")
w := tabwriter.NewWriter(os.Stdout, 0, 8, 1, ' ', 0)
fmt.Fprintln(w, "5\ttab")
w.Flush()
fmt.Println("6 fmt")
io.WriteString(os.Stdout, "7 io\n")
slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(g []string, a slog.Attr) slog.Attr { if a.Key == "time" { return slog.Attr{} }; return a }})).Info("8")
fmt.Print("9 end")`)
	want := "1 fmt\n2 os.Stdout\n3 print\n4 log\n5 tab\n6 fmt\n7 io\nlevel=INFO msg=8\n9 end"
	if out != want {
		t.Errorf("got:\n%s\nwant:\n%s", out, want)
	}
}

func TestOutputOfGoroutinesIsCapturedBeforeTheEnd(t *testing.T) {
	n := newNotebook(t)
	_, out := n.result(`import "sync"
var wg sync.WaitGroup
for i := range 20 {
	wg.Add(1)
	go func() { defer wg.Done(); fmt.Println("goroutine", i); fmt.Fprintln(os.Stdout, "file", i) }()
}
wg.Wait()`)
	if lines := strings.Count(out, "\n"); lines != 40 {
		t.Errorf("%d lines, want 40:\n%s", lines, out)
	}
}

func TestBackgroundOutputGoesToItsCell(t *testing.T) {
	n := newNotebook(t)
	n.result(`gate := make(chan bool); done := make(chan bool)
go func() { <-gate; fmt.Println("late"); display.HTML("<b>late</b>"); done <- true }()`)
	first := n.last
	_, out := n.result("gate <- true\n<-done\nfmt.Println(\"second\")")
	if out != "second\n" || !strings.Contains(first.String(), "late\n[display") {
		t.Errorf("first cell %q, second cell %q", first.String(), out)
	}
}

func TestUnicodeIsNotCut(t *testing.T) {
	n := newNotebook(t)
	broken := false
	out := &recorder{onText: func(s string) { broken = broken || strings.ContainsRune(s, '\uFFFD') }}
	_, err := n.s.Execute(context.Background(), kernel.Request{Count: 1, Code: `b := []byte(strings.Repeat("äöü€😀", 30000))
for len(b) > 0 { k := min(len(b), 4099); os.Stdout.Write(b[:k]); b = b[k:] }`}, out)
	if err != nil {
		t.Fatal(err)
	}
	if broken || out.String() != strings.Repeat("äöü€😀", 30000) {
		t.Errorf("text was damaged (broken runes: %v, %d bytes)", broken, len(out.String()))
	}
}

func TestMuchOutput(t *testing.T) {
	n := newNotebook(t)
	start := time.Now()
	_, out := n.result(`for i := range 100000 { fmt.Println("line", i) }`)
	t.Logf("100,000 lines in %v", time.Since(start))
	if strings.Count(out, "\n") != 100000 || !strings.HasSuffix(out, "line 99999\n") {
		t.Errorf("%d lines", strings.Count(out, "\n"))
	}
	_, out = n.result(`for range 100 { os.Stdout.Write(make([]byte, 100000)) }`)
	if len(out) != 10_000_000 {
		t.Errorf("%d bytes", len(out))
	}
}

func TestDisplayInCell(t *testing.T) {
	n := newNotebook(t)
	_, out := n.result(`h := display.Markdown("# a")
h.Update("# b")
display.Show(42)
display.SVG("<svg/>")
display.JSON(map[string]int{"a": 1})
b := display.Progress(3, "steps")
b.Add(3)
display.Clear()`)
	for _, want := range []string{"[display # a]", "[update # b]", "[display 42]", "[display <image/svg+xml", "[display <application/json>]", "3/3", "[clear]"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q lacks %q", out, want)
		}
	}
	if v, _ := n.result(`display.HTML("x")`); v != "" {
		t.Errorf("a handle is shown as %q", v)
	}
}

// TestRichValues shows values by their own methods, compiled or not.
func TestRichValues(t *testing.T) {
	n := newNotebook(t)
	n.result(`type Page struct{ Title string }
func (p Page) HTML() string { return "<h1>" + p.Title + "</h1>" }
type Pic struct{ n int }
func (p *Pic) PNG() []byte { return []byte{1, 2, byte(p.n)} }
func (p *Pic) String() string { return fmt.Sprint("pic ", p.n) }
type Own struct{}
func (Own) Display() (display.Bundle, error) { return display.Bundle{Data: map[string]any{"text/latex": "$x$"}}, nil }
type Bad struct{}
func (Bad) Display() (display.Bundle, error) { return display.Bundle{}, errors.New("no picture today") }
func pages() (Page, error) { return Page{"from call"}, nil }`)
	for _, c := range []struct{ code, mime, want string }{
		{`Page{"hi"}`, display.MIMEHTML, "<h1>hi</h1>"},
		{`&Page{"ptr"}`, display.MIMEHTML, "<h1>ptr</h1>"},
		{`&Pic{7}`, display.MIMEPNG, "[1 2 7]"},
		{`Own{}`, display.MIMELaTeX, "$x$"},
		{`Own{}`, display.MIMEText, "Own{}"},
		{`Page{"hi"}`, display.MIMEText, `Page{Title: "hi"}`},
		{`pages()`, display.MIMEHTML, "<h1>from call</h1>"},
		{`display.Table{Header: []string{"a"}, Rows: [][]string{{"1"}}}`, display.MIMEText, "a\n1"},
	} {
		r, _, err := n.exec(c.code)
		if err != nil {
			t.Errorf("%s: %s", c.code, describe(err))
			continue
		}
		if r.Result == nil {
			t.Errorf("%s: nothing is shown", c.code)
			continue
		}
		if got := fmt.Sprint(r.Result.Data[c.mime]); got != c.want {
			t.Errorf("%s: %s is %q, want %q", c.code, c.mime, got, c.want)
		}
	}
	v, out := n.result(`Bad{}`)
	if v != "Bad{}" || !strings.Contains(out, "no picture today") {
		t.Errorf("a failing Display: %q, %q", v, out)
	}
	if v, _ := n.result(`var none *Page; none`); v != "nil" {
		t.Errorf("nil pointer: %q", v)
	}
}

func TestStdin(t *testing.T) {
	n := newNotebook(t)
	run := func(code string, lines ...string) string {
		out := &recorder{input: lines}
		n.count++
		r, err := n.s.Execute(context.Background(), kernel.Request{Code: code, Count: n.count, AllowStdin: true}, out)
		if err != nil {
			return "error " + describe(err)
		}
		if r.Result != nil {
			return fmt.Sprint(r.Result.Data[display.MIMEText])
		}
		return out.String()
	}
	for _, c := range []struct {
		code  string
		lines []string
		want  string
	}{
		{"var a, b int; k, err := fmt.Scan(&a, &b); fmt.Println(k, a, b)", []string{"1 2"}, "2 1 2\n"},
		{"var c int; var d string; fmt.Scanln(&c, &d); fmt.Println(c, d)", []string{"7 seven"}, "7 seven\n"},
		{"var e, f int; fmt.Scanf(\"%d-%d\\n\", &e, &f); fmt.Println(e, f)", []string{"3-4"}, "3 4\n"},
		{"import \"bufio\"\nsc := bufio.NewScanner(os.Stdin); for sc.Scan() { fmt.Println(sc.Text()) }", []string{"x", "y z"}, "x\ny z\n"},
		{"import \"io\"\nall, err := io.ReadAll(os.Stdin); string(all)", []string{"p", "q"}, "`p\nq\n`"},
		{"var g int; fmt.Scan(&g); fmt.Println(g)", nil, "error error: EOF"},
	} {
		if got := run(c.code, c.lines...); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.code, got, c.want)
		}
	}
}

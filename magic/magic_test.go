package magic_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nskernel/nskernel/magic"
	"github.com/nskernel/nskernel/plugin"
)

// rig is a session that records what magics do to it, and the registry that
// calls them.
type rig struct {
	t      *testing.T
	ctx    context.Context
	r      plugin.Registry
	out    output
	onText func(string)
	each   time.Duration // what a run takes

	names  []magic.Name
	guard  bool
	resets int
	answer string
	ran    []string // name: code
	next   string
}

// output is a writer for several goroutines.
type output struct {
	mu sync.Mutex
	b  strings.Builder
	on func(string)
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.on != nil {
		o.on(string(p))
	}
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func newRig(t *testing.T) *rig {
	g := &rig{t: t, ctx: context.Background(), guard: true}
	g.out.on = func(s string) {
		if g.onText != nil {
			g.onText(s)
		}
	}
	if err := g.r.Load(magic.Info("1.0.0"), magic.Register(g)); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *rig) Names() []magic.Name    { return g.names }
func (g *rig) Reset()                 { g.resets++ }
func (g *rig) ErrorGuard() bool       { return g.guard }
func (g *rig) SetErrorGuard(on bool)  { g.guard = on }
func (g *rig) Magics() []plugin.Magic { return g.r.Magics() }

func (g *rig) call(args string) plugin.Call {
	return plugin.Call{
		Args: args, Stdout: &g.out, Stderr: &g.out,
		Input: func(string, bool) (string, error) {
			if g.answer == "" {
				return "", io.EOF
			}
			return g.answer, nil
		},
		Run: func(name, code string) (plugin.Timing, error) {
			g.ran = append(g.ran, name+": "+code)
			if strings.Contains(code, "broken") {
				return plugin.Timing{Compile: time.Millisecond}, errors.New("does not compile")
			}
			return plugin.Timing{Compile: time.Second, Run: g.each, Processor: 2 * g.each}, nil
		},
		Next: func(code string, replace bool) { g.next = code },
	}
}

// line runs %name and returns what it printed.
func (g *rig) line(name, args string) (string, error) {
	before := len(g.out.String())
	err := g.r.LineMagic(g.ctx, name, g.call(args))
	return g.out.String()[before:], err
}

// cell runs %%name and returns what it printed.
func (g *rig) cell(name, args, body string) (string, error) {
	before := len(g.out.String())
	err := g.r.CellMagic(g.ctx, name, g.call(args), body)
	return g.out.String()[before:], err
}

func (g *rig) wantLine(name, args, want string) {
	g.t.Helper()
	if out, err := g.line(name, args); err != nil || out != want {
		g.t.Errorf("%%%s %s: %q, %v; want %q", name, args, out, err, want)
	}
}

func TestTime(t *testing.T) {
	g := newRig(t)
	g.each = 1234 * time.Microsecond
	g.wantLine("time", "f(x)", "time 1.23 ms, processor 2.47 ms, compiled in 1.00 s\n")
	if out, err := g.cell("time", "", "a\nb\n"); err != nil || !strings.HasPrefix(out, "time 1.23 ms") {
		t.Errorf("%%%%time: %q, %v", out, err)
	}
	if want := []string{": f(x)", ": a\nb\n"}; strings.Join(g.ran, "|") != strings.Join(want, "|") {
		t.Errorf("ran %q, want the text as it stands", g.ran)
	}
	if out, err := g.line("time", "broken"); err == nil || out != "" {
		t.Errorf("code that does not compile: %q, %v; want no time", out, err)
	}
	for _, name := range []string{"time", "timeit", "memit"} {
		if _, err := g.line(name, ""); err == nil {
			t.Errorf("%%%s without code: no error", name)
		}
	}
}

func TestTimeit(t *testing.T) {
	g := newRig(t)
	g.each = 250 * time.Millisecond // enough at once
	g.wantLine("timeit", "-r 2 f(x)", "250 ms ± 0 ns per loop (mean ± deviation of 2 runs of 1 loops), best 250 ms\n")
	if len(g.ran) != 3 {
		t.Errorf("%d runs, want one to choose and two to measure", len(g.ran))
	}
	for code, want := range map[string]string{
		"f(x)": "f(x)", "x = 1": "x = 1", "1 + 2": "_ = 1 + 2", "len(x)": "_ = len(x)", "[]byte(s)": "_ = []byte(s)", "a.b(c)": "a.b(c)", "<-c": "<-c",
		"clear(m)": "clear(m)", "xs[i]": "_ = xs[i]", "func() {}()": "func() {}()",
	} {
		g.ran = nil
		if _, err := g.line("timeit", "-n 3 -r 1 "+code); err != nil {
			t.Error(err)
		}
		if got := strings.Join(g.ran, "|"); got != ": for range 3 {\n"+want+"\n}" {
			t.Errorf("%s ran as %q", code, got)
		}
	}
	for _, args := range []string{"-n", "-n x f()", "-n 0 f()", "-r -1 f()", "broken"} {
		if out, err := g.line("timeit", args); err == nil {
			t.Errorf("%%timeit %s: %q and no error", args, out)
		}
	}
}

func TestMemit(t *testing.T) {
	g := newRig(t)
	if out, err := g.line("memit", "f()"); err != nil || !strings.HasPrefix(out, "peak ") || !strings.Contains(out, "; kept ") {
		t.Errorf("%%memit: %q, %v", out, err)
	}
}

func TestNames(t *testing.T) {
	g := newRig(t)
	g.wantLine("who", "", "nothing is defined\n")
	g.names = []magic.Name{{"x", "variable", "[]float64"}, {"mean", "function", "func(v []float64) float64"}}
	g.wantLine("who", "", "x     variable  []float64\nmean  function  func(v []float64) float64\n")
	g.wantLine("who", "function", "mean  function  func(v []float64) float64\n")
	if _, err := g.line("who", "functions"); err == nil {
		t.Error("%who functions: no error")
	}
	g.wantLine("autocheck", "off", "autocheck is off\n")
	g.wantLine("autocheck", "", "autocheck is off\n")
	if _, err := g.line("autocheck", "maybe"); err == nil || g.guard {
		t.Errorf("%%autocheck maybe: %v, guard %v", err, g.guard)
	}
	if _, err := g.line("reset", ""); err == nil || g.resets != 0 {
		t.Errorf("%%reset without an answer: %v, %d resets", err, g.resets)
	}
	g.answer = "n"
	g.wantLine("reset", "", "nothing was changed\n")
	g.answer = "Yes"
	g.wantLine("reset", "", "")
	g.answer = ""
	g.wantLine("reset", "-f", "")
	if g.resets != 2 {
		t.Errorf("%d resets, want 2", g.resets)
	}
}

func TestFiles(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	t.Setenv("HOME", dir)
	g := newRig(t)
	sub := filepath.Join(dir, "a b")
	if err := os.Mkdir(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	g.wantLine("pwd", "", dir+"\n")
	g.wantLine("cd", `"a b"`, sub+"\n")
	g.wantLine("cd", "-", dir+"\n")
	g.wantLine("cd", "~/a b", sub+"\n")
	g.wantLine("cd", "", dir+"\n")
	for _, bad := range []string{"no such", "\x00"} {
		if _, err := g.line("cd", bad); err == nil {
			t.Errorf("%%cd %q: no error", bad)
		}
	}
	if out, err := g.cell("writefile", "t.go", "x := 1"); err != nil || out != "wrote 7 bytes to t.go\n" {
		t.Errorf("%%%%writefile: %q, %v", out, err)
	}
	if _, err := g.cell("writefile", "-a t.go", "y := 2\n"); err != nil {
		t.Error(err)
	}
	if b, _ := os.ReadFile("t.go"); string(b) != "x := 1\ny := 2\n" {
		t.Errorf("the file holds %q", b)
	}
	g.wantLine("run", "t.go", "")
	nb := `{"cells": [{"cell_type": "markdown", "source": "# t"}, {"cell_type": "code", "source": ["a\n", "b"]}, {"cell_type": "code", "source": " "}, {"cell_type": "code", "source": "c"}]}`
	if err := os.WriteFile("n.ipynb", []byte(nb), 0o600); err != nil {
		t.Fatal(err)
	}
	g.wantLine("run", "n.ipynb", "")
	if got, want := strings.Join(g.ran, "|"), "t.go: x := 1\ny := 2\n|n.ipynb[1]: a\nb|n.ipynb[2]: c"; got != want {
		t.Errorf("ran %q, want %q", got, want)
	}
	g.wantLine("load", "t.go", "")
	if g.next != "// %load t.go\nx := 1\ny := 2\n" {
		t.Errorf("offered %q", g.next)
	}
	for name, args := range map[string]string{"run": "x.txt", "load": "nosuch.go", "pwd": "x"} {
		if _, err := g.line(name, args); err == nil {
			t.Errorf("%%%s %s: no error", name, args)
		}
	}
	if _, err := g.cell("writefile", "", "x"); err == nil {
		t.Error("%%writefile without a name: no error")
	}
}

func TestEnv(t *testing.T) {
	t.Setenv("NSK_A", "one")
	g := newRig(t)
	g.wantLine("env", "NSK_A", "one\n")
	g.wantLine("env", "NSK_A=two words", "")
	g.wantLine("env", "NSK_A", "two words\n")
	g.wantLine("env", "NSK_A 'x=y'", "")
	g.wantLine("env", "NSK_A", "x=y\n")
	if out, err := g.line("env", ""); err != nil || !strings.Contains(out, "NSK_A") {
		t.Errorf("%%env: %q, %v", out, err)
	}
	for _, bad := range []string{"NSK_NO_SUCH", "=x"} {
		if _, err := g.line("env", bad); err == nil {
			t.Errorf("%%env %s: no error", bad)
		}
	}
}

// TestHelp wants every magic in the list, with a summary and a usage that
// begins with its name.
func TestHelp(t *testing.T) {
	g := newRig(t)
	out, err := g.line("help", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range g.Magics() {
		name := "%" + m.Name
		if m.Cell {
			name = "%" + name
		}
		usage, summary, ok := strings.Cut(strings.SplitN(m.Help, "\n", 2)[0], "  ")
		if !ok || summary == "" || usage != name && !strings.HasPrefix(usage, name+" ") {
			t.Errorf("help of %s begins %q", name, m.Help)
		}
		if !strings.Contains(out, "\n"+usage+" ") && !strings.HasPrefix(out, usage+" ") {
			t.Errorf("%%help does not list %s", usage)
		}
	}
	for _, name := range []string{"time", "%time", "%%bash", "!"} {
		if out, err := g.line("help", name); err != nil || !strings.HasPrefix(out, "%") {
			t.Errorf("%%help %s: %q, %v", name, out, err)
		}
	}
	if _, err := g.line("help", "nosuch"); err == nil {
		t.Error("%help nosuch: no error")
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/plugin"
)

// listener is the output of a cell: it keeps the text and tells when some
// comes.
type listener struct {
	quiet
	mu   sync.Mutex
	text strings.Builder
	came chan bool
}

func newListener() *listener { return &listener{came: make(chan bool, 1)} }

func (l *listener) Stream(_, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.WriteString(text)
	select {
	case l.came <- true:
	default:
	}
}

func (l *listener) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// bench is a workbench whose cells are numbered.
type bench struct {
	*workbench
	t     *testing.T
	count int
}

func newBench(t *testing.T) *bench {
	t.Helper()
	w, err := newWorkbench(direct)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return &bench{workbench: w, t: t}
}

func (b *bench) execute(code string, out kernel.Output) (kernel.Reply, error) {
	b.count++
	return b.session.Execute(context.Background(), kernel.Request{Code: code, Count: b.count}, out)
}

// want runs a cell that must succeed and show value.
func (b *bench) want(code, value string) {
	b.t.Helper()
	reply, err := b.execute(code, quiet{})
	got := ""
	if err == nil && reply.Result != nil {
		got = fmt.Sprint(reply.Result.Data[display.MIMEText])
	}
	if err != nil || got != value {
		b.t.Errorf("%q shows %q, %v; want %q", code, got, err, value)
	}
}

// TestInterruptMagics stops what magics do and keeps the session.
func TestInterruptMagics(t *testing.T) {
	b := newBench(t)
	b.want("keep := 41", "")
	for _, code := range []string{
		"!echo go; sleep 60",
		"%%bash\necho go\nsleep 60",
		"%time println(\"go\"); for {}",
		"%%time\nprintln(\"go\")\nfor {\n}",
		"%timeit -r 1000000 -n 10 println(\"go\"); time.Sleep(time.Millisecond)",
		"x := 1\n!echo go; sleep 60\nkeep = 0",
	} {
		out := newListener()
		done := make(chan error, 1)
		go func() { _, err := b.execute(code, out); done <- err }()
		select {
		case <-out.came:
		case err := <-done:
			t.Fatalf("%q ended with %v before it printed", code, err)
		case <-time.After(30 * time.Second):
			t.Fatalf("%q printed nothing", code)
		}
		b.session.Interrupt(false)
		select {
		case err := <-done:
			var ce *kernel.CellError
			if !errors.As(err, &ce) || ce.Name != "interrupted" {
				t.Errorf("%q: %v, want an interrupted cell", code, err)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("%q goes on", code)
		}
		b.want("keep + 1", "42")
	}
}

// TestMagicsInCells checks what the cells of a script cannot show.
func TestMagicsInCells(t *testing.T) {
	b := newBench(t)
	b.want("%time a := 20\na + 1", "21")
	b.want("a + 2\n%who", "") // the last part has no value
	b.want("%%time\na + 3", "23")
	b.want("%time a + 4", "24")
	b.want("%timeit -n 1 -r 1 a + 5", "")
	b.want("%reset -f\na := \"new\"", "")
	b.want("a", `"new"`)
	reply, err := b.execute("strings.Repeat??", quiet{})
	if err != nil || len(reply.Payload) != 1 || reply.Payload[0]["source"] != "page" {
		t.Fatalf("help gives %v, %v", reply.Payload, err)
	}
	if text := payloadText(reply.Payload); !strings.HasPrefix(text, "func strings.Repeat(") {
		t.Errorf("help says %q", text)
	}
	_, err = b.execute("a := 1\n  %time a.b\n", quiet{})
	var ce *kernel.CellError
	if !errors.As(err, &ce) || !strings.HasPrefix(ce.Value, "cell[9]:2:11: a.b undefined") {
		t.Errorf("error %v, want one at 2:11", err)
	}
}

// TestErrorGuardOff shows the error of a call beside its values.
func TestErrorGuardOff(t *testing.T) {
	b := newBench(t)
	b.want("%autocheck off", "")
	b.want(`n, err := strconv.Atoi("x")`, "")
	b.want("n", "0")
	reply, err := b.execute(`strconv.Atoi("y")`, quiet{})
	if err != nil || reply.Result == nil || !strings.Contains(fmt.Sprint(reply.Result.Data[display.MIMEText]), "invalid syntax") {
		t.Errorf("shows %v, %v", reply.Result, err)
	}
	b.want("%autocheck on", "")
	if _, err := b.execute(`strconv.Atoi("y")`, quiet{}); err == nil {
		t.Error("the guard is still off")
	}
}

// TestCompleteMagics marks the cursor by ¦.
func TestCompleteMagics(t *testing.T) {
	t.Chdir("testdata")
	b := newBench(t)
	b.want("numbers := []float64{1, 2}", "")
	for _, c := range []struct{ code, want, not string }{
		{"%ti¦", "%timeit", "%%time"},
		{"%¦", "%%bash", ""},
		{"%%wri¦", "%%writefile", ""},
		{"x := 1\n%w¦", "%who", ""},
		{"x := 1\n%¦", "%who", "%%bash"},
		{"x := 7 +\n%w¦", "", "%who"},
		{"s := `\n%w¦", "", "%who"},
		{"%time num¦", "numbers", ""},
		{"%timeit -n 3 slices.Sor¦", "Sort", ""},
		{"%%time\nnum¦", "numbers", ""},
		{"%who\nnum¦", "numbers", ""},
		{"!ls scr¦", "script/", "numbers"},
		{"%%bash\nls scr¦", "script/", "numbers"},
		{"%run script/mag¦", "magics.txtar", ""},
		{"%cd ¦", "script/", ""},
	} {
		code, _, _ := strings.Cut(c.code, "¦")
		got := b.session.Complete(code, len(code))
		has := func(text string) bool {
			return slices.ContainsFunc(got.Items, func(i kernel.CompletionItem) bool { return i.Text == text })
		}
		if c.want != "" && !has(c.want) {
			t.Errorf("%q: no %s in %v", c.code, c.want, got.Items)
		}
		if c.not != "" && has(c.not) {
			t.Errorf("%q offers %s", c.code, c.not)
		}
		if c.want != "" && !strings.HasPrefix(c.want, code[got.Start:]) {
			t.Errorf("%q: replaces %q by %s", c.code, code[got.Start:], c.want)
		}
	}
}

func TestInspectMagics(t *testing.T) {
	b := newBench(t)
	for code, want := range map[string]string{
		"%time f(x)":                     "%time CODE",
		"%%time\nx":                      "%%time ⏎ CODE",
		"%who\nstrings.Repeat":           "func strings.Repeat",
		"%time strings.Repeat(\"a\", 2)": "func strings.Repeat",
	} {
		at := strings.Index(code, "Repeat")
		if at < 0 {
			at = 3
		}
		got, ok := b.session.Inspect(code, at, 0)
		if !ok || !strings.HasPrefix(fmt.Sprint(got.Data[display.MIMEText]), want) {
			t.Errorf("%q: %v, want %s…", code, got.Data[display.MIMEText], want)
		}
	}
}

// TestReadmeListsMagics keeps the table of README true.
func TestReadmeListsMagics(t *testing.T) {
	b := newBench(t)
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range b.plugins.Magics() {
		name := "`%" + m.Name
		if m.Cell {
			name = "`%%" + m.Name
		}
		if text := string(readme); !strings.Contains(text, name+" ") && !strings.Contains(text, name+"`") && !strings.Contains(text, "(or "+name) {
			t.Errorf("README.md does not list %s", name)
		}
	}
}

func TestIsCompleteMagics(t *testing.T) {
	b := newBench(t)
	for code, want := range map[string]kernel.Completeness{
		"%who":                       kernel.Complete,
		"!ls (":                      kernel.Complete,
		"x?":                         kernel.Complete,
		"%who\nfor range 3 {":        kernel.Incomplete,
		"%%bash":                     kernel.Incomplete,
		"%%bash\nls":                 kernel.Incomplete,
		"%%bash\nls\n":               kernel.Complete,
		"x := 7 % 3":                 kernel.Complete,
		"x := 7 %":                   kernel.Incomplete,
		"%time f(\nfor range 3 {\n}": kernel.Complete,
	} {
		if got, _ := b.session.IsComplete(code); got != want {
			t.Errorf("%q is %s, want %s", code, got, want)
		}
	}
}

// TestPluginsInCells loads a plugin that misbehaves in every way: the session
// goes on.
func TestPluginsInCells(t *testing.T) {
	b := newBench(t)
	info := plugin.Info{Name: "odd", Version: "1.0.0", API: plugin.API, CallLimit: 50 * time.Millisecond}
	err := b.plugins.Load(info, func(r plugin.Registrar) error {
		return errors.Join(
			r.LineMagic("panics", "%panics  h", func(*plugin.Call) error { panic("odd") }),
			r.LineMagic("later", "%later  h", func(c *plugin.Call) error {
				go func() {
					time.Sleep(20 * time.Millisecond)
					_, _ = c.Run("", "stolen := 1")
					fmt.Fprintln(c.Stdout, "late")
				}()
				return nil
			}),
			r.LineMagic("eval", "%eval CODE  h", func(c *plugin.Call) error {
				text, err := c.Eval(c.Args)
				fmt.Fprintf(c.Stdout, "<%s>", text)
				return err
			}),
			r.Hook(plugin.PreExecute, func(c *plugin.Call) error { fmt.Fprint(c.Stdout, "before "); return nil }),
			r.Hook(plugin.PostExecute, func(c *plugin.Call) error { panic("after") }),
			r.Completer(func(string, int) []plugin.Item { select {} }),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if _, err := b.execute("%panics", quiet{}); err == nil {
			t.Error("no error")
		}
	}
	out := newListener()
	if _, err := b.execute("%eval 6 * 7", out); err != nil || !strings.Contains(out.String(), "before <42>") {
		t.Errorf("printed %q, %v", out.String(), err)
	}
	b.want("%later\n1 + 1", "2")
	time.Sleep(100 * time.Millisecond)
	if _, err := b.execute("stolen", quiet{}); err == nil {
		t.Error("a magic that had ended ran code")
	}
	if err := b.plugins.Unload("odd"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.execute("%panics", quiet{}); err == nil || !strings.Contains(err.Error(), "there is no magic %panics") {
		t.Errorf("after Unload: %v", err)
	}
	b.want("1 + 1", "2")
}

// TestPluginRenderers draws values of compiled types by their names.
func TestPluginRenderers(t *testing.T) {
	b := newBench(t)
	err := b.plugins.Load(plugin.Info{Name: "draw", Version: "1.0.0", API: plugin.API}, func(r plugin.Registrar) error {
		return errors.Join(
			r.Renderer("time.Duration", 0, func(v any) (map[string]any, error) {
				return map[string]any{display.MIMEText: "drawn", display.MIMEHTML: fmt.Sprintf("<b>%v</b>", v)}, nil
			}),
			r.Renderer("[]bool", 0, func(any) (map[string]any, error) { panic("no") }),
			r.Renderer("[]uint8", 0, func(any) (map[string]any, error) { return map[string]any{"html": "x"}, nil }),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	reply, err := b.execute("time.Second", quiet{})
	if err != nil || reply.Result == nil || reply.Result.Data[display.MIMEHTML] != "<b>1s</b>" || reply.Result.Data[display.MIMEText] != "drawn" {
		t.Errorf("shows %v, %v", reply.Result, err)
	}
	for range 4 { // the text of Go, with a note until the renderer is disabled
		b.want("[]bool{true}", "[true]")
	}
	b.want("[]byte{1}", "[1]")
	if err := b.plugins.Unload("draw"); err != nil {
		t.Fatal(err)
	}
	b.want("time.Second", "1s")
}

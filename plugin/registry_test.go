package plugin

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

func info(name string) Info { return Info{Name: name, Version: "1.0.0", API: API} }

func mustLoad(t testing.TB, r *Registry, name string, f RegisterFunc) {
	t.Helper()
	if err := r.Load(info(name), f); err != nil {
		t.Fatal(err)
	}
}

// magicPlugin registers %name, which writes owner.
func magicPlugin(name, owner string) RegisterFunc {
	return func(r Registrar) error {
		return r.LineMagic(name, "%"+name+"  help", func(c *Call) error {
			_, err := fmt.Fprint(c.Stdout, owner)
			return err
		})
	}
}

func runLine(t *testing.T, r *Registry, name string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := r.LineMagic(context.Background(), name, Call{Stdout: &out})
	return out.String(), err
}

func TestEveryKind(t *testing.T) {
	var r Registry
	mustLoad(t, &r, "all", func(g Registrar) error {
		return errors.Join(
			g.LineMagic("line", "%line  h", func(c *Call) error { fmt.Fprint(c.Stdout, "<", c.Args, ">"); return nil }),
			g.CellMagic("cell", "%%cell  h", func(c *Call, body string) error { fmt.Fprint(c.Stdout, c.Args, "|", body); return nil }),
			g.Renderer("[]float64", 0, func(v any) (map[string]any, error) {
				return map[string]any{"text/plain": fmt.Sprint(len(v.([]float64)))}, nil
			}),
			g.Loader("*.nwb", func(c *Call, name string) (any, error) { return "loaded " + name, nil }),
			g.Completer(func(code string, cursor int) []Item {
				return []Item{{Start: 0, End: cursor, Text: "ok"}, {Start: 2, End: 99, Text: "outside"}}
			}),
			g.Inspector(func(name string, detail int) (map[string]any, bool) {
				return map[string]any{"text/plain": name}, name == "known"
			}),
			g.Hook(Startup, func(c *Call) error { fmt.Fprint(c.Stdout, "started"); return nil }),
		)
	})
	ctx := context.Background()
	var out strings.Builder
	check := func(what, want string, err error) {
		t.Helper()
		if err != nil || out.String() != want {
			t.Errorf("%s: %q, %v; want %q", what, out.String(), err, want)
		}
		out.Reset()
	}
	check("line", "<a b>", r.LineMagic(ctx, "line", Call{Args: "a b", Stdout: &out}))
	check("cell", "x|y\nz", r.CellMagic(ctx, "cell", Call{Args: "x", Stdout: &out}, "y\nz"))
	check("hook", "started", r.Fire(ctx, Startup, Call{Stdout: &out}))
	check("other hook", "", r.Fire(ctx, Shutdown, Call{Stdout: &out}))
	if b, err := r.Render([]float64{1, 2}); err != nil || b["text/plain"] != "2" || !r.Renders([]float64{}) {
		t.Errorf("Render = %v, %v", b, err)
	}
	if _, err := r.Render(3); !errors.Is(err, ErrNotFound) || r.Renders(3) {
		t.Errorf("Render(3): %v, want ErrNotFound", err)
	}
	if v, err := r.Open(ctx, "data/a.nwb", Call{}); err != nil || v != "loaded data/a.nwb" {
		t.Errorf("Open = %v, %v", v, err)
	}
	if _, err := r.Open(ctx, "a.csv", Call{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("Open(a.csv): %v, want ErrNotFound", err)
	}
	if items := r.Complete(ctx, "abc", 3); len(items) != 1 || items[0].Text != "ok" {
		t.Errorf("Complete = %v, want the item inside of the code only", items)
	}
	if b, ok := r.Inspect(ctx, "known", 0); !ok || b["text/plain"] != "known" {
		t.Errorf("Inspect = %v, %v", b, ok)
	}
	if _, ok := r.Inspect(ctx, "unknown", 0); ok {
		t.Error("Inspect(unknown) found something")
	}
	if err := r.Unload("all"); err != nil {
		t.Fatal(err)
	}
	if err := r.LineMagic(ctx, "line", Call{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("after Unload: %v, want ErrNotFound", err)
	}
	if r.Renders([]float64{}) || len(r.Complete(ctx, "abc", 3)) > 0 || len(r.Magics()) > 0 || len(r.Status()) > 0 {
		t.Error("something is left after Unload")
	}
}

// TestHalfFailingRegistration wants all or nothing.
func TestHalfFailingRegistration(t *testing.T) {
	nothing := func(*Call) error { return nil }
	for name, f := range map[string]RegisterFunc{
		"error": func(r Registrar) error { _ = magicPlugin("half", "")(r); return errors.New("broken") },
		"panic": func(r Registrar) error { _ = magicPlugin("half", "")(r); panic("broken") },
		"exit":  func(r Registrar) error { _ = magicPlugin("half", "")(r); runtime.Goexit(); return nil },
		"twice": func(r Registrar) error { _ = magicPlugin("half", "")(r); _ = magicPlugin("half", "")(r); return nil },
		"nil":   func(r Registrar) error { _ = magicPlugin("half", "")(r); _ = r.LineMagic("a", "h", nil); return nil },
		"name": func(r Registrar) error {
			_ = magicPlugin("half", "")(r)
			_ = r.LineMagic("a b", "h", nothing)
			return nil
		},
		"help": func(r Registrar) error {
			_ = magicPlugin("half", "")(r)
			_ = r.LineMagic("a", " ", nothing)
			return nil
		},
		"event":   func(r Registrar) error { _ = magicPlugin("half", "")(r); _ = r.Hook("lunch", nothing); return nil },
		"pattern": func(r Registrar) error { _ = magicPlugin("half", "")(r); _ = r.Loader("[", nil); return nil },
		"type":    func(r Registrar) error { _ = magicPlugin("half", "")(r); _ = r.Renderer("", 0, nil); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			var r Registry
			if err := r.Load(info("faulty"), f); err == nil || !strings.Contains(err.Error(), "nothing of it was registered") {
				t.Errorf("Load: %v", err)
			}
			if _, err := runLine(t, &r, "half"); !errors.Is(err, ErrNotFound) || len(r.Status()) > 0 {
				t.Errorf("half of it is active: %v, %v", err, r.Status())
			}
			mustLoad(t, &r, "good", magicPlugin("good", "good"))
			if out, err := runLine(t, &r, "good"); out != "good" || err != nil {
				t.Errorf("the next plugin: %q, %v", out, err)
			}
		})
	}
}

// TestEndlessRegistration gives a registration up; what it registers later is
// refused.
func TestEndlessRegistration(t *testing.T) {
	var r Registry
	release, late := make(chan bool), make(chan error, 1)
	err := r.load(info("endless"), func(g Registrar) error {
		<-release
		err := magicPlugin("late", "")(g)
		late <- err
		return err
	}, 20*time.Millisecond)
	var limit *LimitError
	if !errors.As(err, &limit) {
		t.Errorf("Load: %v, want a *LimitError", err)
	}
	close(release)
	if err := <-late; err == nil || !strings.Contains(err.Error(), "is over") {
		t.Errorf("registering after the end: %v", err)
	}
	if len(r.Magics()) > 0 {
		t.Error("the late magic is active")
	}
}

func TestInfoIsChecked(t *testing.T) {
	var r Registry
	err := r.Load(Info{Name: "X", Version: "one", API: 2}, magicPlugin("a", ""))
	for _, want := range []string{`name "X"`, `version "one"`, "api 2: this kernel offers api 1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v lacks %q", err, want)
		}
	}
	mustLoad(t, &r, "once", magicPlugin("a", ""))
	if err := r.Load(info("once"), magicPlugin("b", "")); err == nil {
		t.Error("a plugin was loaded twice")
	}
	if err := r.Unload("other"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Unload(other): %v, want ErrNotFound", err)
	}
}

func TestEarlierWins(t *testing.T) {
	var r Registry
	mustLoad(t, &r, "first", magicPlugin("m", "first"))
	mustLoad(t, &r, "second", magicPlugin("m", "second"))
	if out, _ := runLine(t, &r, "m"); out != "first" {
		t.Errorf("%%m is that of %s", out)
	}
	if got := r.Status()[1].Contributions[0].HiddenBy; got != "first" {
		t.Errorf("HiddenBy = %q, want first", got)
	}
	if err := r.Unload("first"); err != nil {
		t.Fatal(err)
	}
	if out, _ := runLine(t, &r, "m"); out != "second" {
		t.Errorf("after unloading the first %%m is that of %q", out)
	}
}

func TestRendererPriority(t *testing.T) {
	var r Registry
	for i, name := range []string{"low", "high"} {
		mustLoad(t, &r, name, func(g Registrar) error {
			return g.Renderer("int", i, func(any) (map[string]any, error) { return map[string]any{"text/plain": name}, nil })
		})
	}
	if b, err := r.Render(1); err != nil || b["text/plain"] != "high" {
		t.Errorf("Render = %v, %v; want that of the higher priority", b, err)
	}
}

// TestThreeFailures disables a contribution, with one line in the log, and
// nothing else of its plugin.
func TestThreeFailures(t *testing.T) {
	var log strings.Builder
	r := Registry{Log: &log}
	mustLoad(t, &r, "shaky", func(g Registrar) error {
		return errors.Join(
			g.Renderer("int", 0, func(v any) (map[string]any, error) {
				if v.(int) == 0 {
					panic("zero")
				}
				return nil, nil
			}),
			magicPlugin("fine", "fine")(g),
		)
	})
	for range 2 {
		if _, err := r.Render(0); err == nil {
			t.Error("no error")
		}
	}
	if _, err := r.Render(1); err != nil { // a success in between
		t.Fatal(err)
	}
	for range 3 {
		var p *PanicError
		if _, err := r.Render(0); !errors.As(err, &p) || len(p.Stack) == 0 {
			t.Errorf("error %v, want a *PanicError with its stack", err)
		}
	}
	if _, err := r.Render(1); !errors.Is(err, ErrDisabled) {
		t.Errorf("after three failures: %v, want ErrDisabled", err)
	}
	if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "mime.int is disabled") {
		t.Errorf("log: %q, want one line", log.String())
	}
	if out, err := runLine(t, &r, "fine"); out != "fine" || err != nil {
		t.Errorf("the other contribution: %q, %v", out, err)
	}
	c := r.Status()[0].Contributions[0]
	if c.Calls != 6 || c.Failures != 5 || !c.Disabled {
		t.Errorf("status %+v", c)
	}
}

// TestErrorsOfMagicsAreAnswers: a wrong argument three times is no reason to
// take a magic away.
func TestErrorsOfMagicsAreAnswers(t *testing.T) {
	var r Registry
	wrong := errors.New("no such directory")
	mustLoad(t, &r, "cd", func(g Registrar) error { return g.LineMagic("cd", "h", func(*Call) error { return wrong }) })
	for range 5 {
		if _, err := runLine(t, &r, "cd"); !errors.Is(err, wrong) {
			t.Fatalf("error %v, want the magic's own", err)
		}
	}
}

// TestEndlessCalls wants that neither a renderer nor a magic can hold the
// kernel.
func TestEndlessCalls(t *testing.T) {
	var r Registry
	release := make(chan bool)
	defer close(release)
	quick := info("endless")
	quick.CallLimit = 10 * time.Millisecond
	if err := r.Load(quick, func(g Registrar) error {
		return errors.Join(
			g.Renderer("int", 0, func(any) (map[string]any, error) { <-release; return nil, nil }),
			g.LineMagic("polite", "h", func(c *Call) error { <-c.Ctx.Done(); return context.Cause(c.Ctx) }),
			g.LineMagic("stubborn", "h", func(c *Call) error { <-release; return nil }),
		)
	}); err != nil {
		t.Fatal(err)
	}
	var limit *LimitError
	if _, err := r.Render(1); !errors.As(err, &limit) {
		t.Errorf("renderer: %v, want a *LimitError", err)
	}
	why := errors.New("interrupted")
	for _, name := range []string{"polite", "stubborn"} {
		ctx, cancel := context.WithCancelCause(context.Background())
		time.AfterFunc(30*time.Millisecond, func() { cancel(why) })
		if err := r.LineMagic(ctx, name, Call{}); !errors.Is(err, why) {
			t.Errorf("%%%s: %v, want the cause", name, err)
		}
	}
}

func TestCompiled(t *testing.T) {
	before := compiledPlugins()
	t.Cleanup(func() { compiled.list = before })
	Compiled(info("one"), magicPlugin("one", "one"))
	Compiled(info("bad"), func(Registrar) error { panic("bad") })
	Compiled(info("two"), magicPlugin("two", "two"))
	var r Registry
	if err := r.LoadCompiled(); err == nil || !strings.Contains(err.Error(), "plugin bad") || strings.Contains(err.Error(), "plugin one") {
		t.Errorf("LoadCompiled: %v, want an error of bad only", err)
	}
	if out, _ := runLine(t, &r, "two"); out != "two" {
		t.Error("the plugin behind the bad one is not loaded")
	}
}

type named struct{}

func TestTypeName(t *testing.T) {
	here := reflect.TypeFor[named]().PkgPath()
	for _, c := range []struct {
		v    any
		want string
	}{{nil, ""}, {1, "int"}, {[]float64{}, "[]float64"}, {named{}, here + ".named"}, {&named{}, "*" + here + ".named"}, {time.Second, "time.Duration"}} {
		if got := TypeName(c.v); got != c.want {
			t.Errorf("TypeName(%T) = %q, want %q", c.v, got, c.want)
		}
	}
}

// BenchmarkRenderer measures what the wrapper adds to a call.
func BenchmarkRenderer(b *testing.B) {
	var r Registry
	mustLoad(b, &r, "bench", func(g Registrar) error {
		return g.Renderer("int", 0, func(any) (map[string]any, error) { return nil, nil })
	})
	for b.Loop() {
		if _, err := r.Render(1); err != nil {
			b.Fatal(err)
		}
	}
}

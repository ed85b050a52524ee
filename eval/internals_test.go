package eval

import (
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

// These tests guard what the package assumes about the inside of the
// interpreter. When one fails with a new version, its subject must be looked
// at before the version is taken.

func newInterpreter(t *testing.T) *interp.Interpreter {
	t.Helper()
	i := interp.New(interp.Options{})
	if err := i.Use(stdlib.Symbols); err != nil {
		t.Fatal(err)
	}
	return i
}

// TestRunID: the first field is the run id, and changing it ends frames.
func TestRunID(t *testing.T) {
	f, ok := reflect.TypeFor[interp.Interpreter]().FieldByName("id")
	if !ok || f.Offset != 0 || f.Type != reflect.TypeFor[uint64]() {
		t.Fatalf("field id: %+v, %v", f, ok)
	}
	i := newInterpreter(t)
	s := &Session{interp: i}
	if _, err := i.Eval("package main\nfunc count() int { n := 0; for n < 1000000000 { n++ }; return n }"); err != nil {
		t.Fatal(err)
	}
	v, err := i.Eval("count")
	if err != nil {
		t.Fatal(err)
	}
	before := atomic.LoadUint64(s.runID())
	done := make(chan int)
	started := make(chan bool)
	go func() {
		started <- true
		done <- v.Interface().(func() int)()
	}()
	<-started
	time.Sleep(20 * time.Millisecond)
	atomic.AddUint64(s.runID(), 1)
	if n := <-done; n == 1000000000 {
		t.Error("the loop ran to its end although the run id changed")
	}
	atomic.StoreUint64(s.runID(), before)
	if _, err := i.Eval("1 + 1"); err != nil {
		t.Error(err)
	}
}

// TestGlobalFrame: variables live in the data of the global frame, and places
// that are filled in beforehand are used.
func TestGlobalFrame(t *testing.T) {
	i := newInterpreter(t)
	f, err := newGlobalFrame(i)
	if err != nil {
		t.Fatal(err)
	}
	data := &(*f.data)[0]
	run := func(src string) reflect.Value {
		p, err := i.Compile(src)
		if err != nil {
			t.Fatal(err)
		}
		f.fill()
		v, err := i.Execute(p)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	run("package main\nvar x int = 3")
	run("package main\nvar y = []string{\"a\"}")
	run("package main\nfunc g() int { x++; return x + len(y) }")
	if v := run("g()"); v.Int() != 5 {
		t.Errorf("g() = %v", v)
	}
	if &(*f.data)[0] != data {
		t.Error("the interpreter has replaced the frame")
	}
	f.reserve(len(*f.data) * 2)
	if v := run("g()"); v.Int() != 6 {
		t.Errorf("after reserve: g() = %v", v)
	}
}

// TestUnwrap: interpreted values in interfaces are a valueInterface whose
// second field is the value.
func TestUnwrap(t *testing.T) {
	i := newInterpreter(t)
	var got any
	if err := i.Use(interp.Exports{"probe/probe": {"Take": reflect.ValueOf(func(v any) { got = v })}}); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Eval("package main\nimport \"probe\"\ntype T struct{ A int }\nfunc (t T) M() {}\nvar e interface{ M() } = T{7}\nfunc main() { probe.Take(e) }"); err != nil {
		t.Fatal(err)
	}
	v := unwrap(reflect.ValueOf(got))
	if v.Kind() != reflect.Struct || v.NumField() == 0 || v.Field(0).Int() != 7 {
		t.Errorf("unwrap gives %v from %T", v, got)
	}
}

// TestTraceLines: the interpreter writes a line for each frame of a panic.
func TestTraceLines(t *testing.T) {
	for line, want := range map[string]frame{
		"cell[3]:2:1: panic: main.f(...)\n":    {"cell[3]:2:1", "f"},
		"cell[3]:7: panic: main.g.func(...)\n": {"cell[3]:7", "g.func"},
	} {
		f := &traceFilter{next: t.Output()}
		if _, err := f.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
		frames, _ := f.take()
		if len(frames) != 1 || frames[0] != want {
			t.Errorf("%q gives %v", line, frames)
		}
	}
}

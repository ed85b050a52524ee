package nsrt

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestDefersRunInReverseAndRecover(t *testing.T) {
	var log []string
	d := NewDefers()
	d.Add(func() { log = append(log, "last") })
	d.Add(func() { log = append(log, fmt.Sprint(d.Recover(), d.Recover())) })
	d.With(func() {
		d.Add(func() { log = append(log, "first") })
		panic("boom")
	})
	if got := strings.Join(log, ","); got != "first,boom<nil>,last" {
		t.Errorf("ran %s", got)
	}
}

func TestDefersPanicAgain(t *testing.T) {
	d := NewDefers()
	d.Add(func() { panic("second") })
	defer func() {
		if r := recover(); r != "second" {
			t.Errorf("panics with %v, want the later panic", r)
		}
	}()
	d.With(func() { panic("first") })
}

func TestStopCannotBeRecovered(t *testing.T) {
	d := NewDefers()
	d.Add(func() {
		if r := d.Recover(); r != nil {
			t.Errorf("Recover gave %v", r)
		}
	})
	defer func() {
		if _, ok := recover().(*Stop); !ok {
			t.Error("the request to stop was swallowed")
		}
	}()
	d.With(func() { panic(&Stop{errTest}) })
}

func TestDefersRunAtGoexit(t *testing.T) {
	ran := make(chan bool, 2)
	go func() {
		defer close(ran)
		d := NewDefers()
		d.Add(func() { ran <- true })
		d.With(runtime.Goexit)
		ran <- false
	}()
	if !<-ran {
		t.Error("the deferred call did not run")
	}
	if _, open := <-ran; open {
		t.Error("the goroutine went on after Goexit")
	}
}

func TestRecovererIsForTheDeferredFunctionOnly(t *testing.T) {
	deferredFunc := func() any { return Recoverer().Recover() }
	d := NewDefers()
	var direct, again any
	d.AddCall(func() {
		direct = deferredFunc()
		again = deferredFunc() // as if called by the deferred function
	})
	d.With(func() { panic(7) })
	if direct != 7 || again != nil {
		t.Errorf("recovered %v, then %v", direct, again)
	}
	if Recoverer().Recover() != nil {
		t.Error("recover outside of deferred calls is not nil")
	}
}

func TestFixPanic(t *testing.T) {
	var s []int
	i := 3
	catch := func(f func()) (r any) {
		defer func() { r = FixPanic(recover()) }()
		f()
		return nil
	}
	for name, f := range map[string]func(){
		"index":     func() { _ = s[i] },
		"reflect":   func() { panic("reflect: slice index out of range") },
		"slice":     func() { panic("reflect.Value.Slice: slice index out of bounds") },
		"make":      func() { panic("reflect.MakeSlice: negative len") },
		"nil":       func() { panic("reflect: call of reflect.Value.Field on zero Value") },
		"assertion": func() { AssertFailed("x", "int") },
		"pointer":   func() { NilPointer("*T", "error") },
		"shift":     func() { Shift(-1) },
	} {
		if err, ok := catch(f).(runtime.Error); !ok || err.Error() == "" {
			t.Errorf("%s: %v is no runtime.Error", name, err)
		}
	}
	if r := catch(func() { panic("own text") }); r != "own text" {
		t.Errorf("a panic of the program became %v", r)
	}
}

func TestChannelOperations(t *testing.T) {
	s := NewState(nil)
	c := make(chan int, 1)
	v := 5
	s.Send(c, &v)
	var got int
	if !s.Recv(c, &got) || got != 5 {
		t.Errorf("received %d", got)
	}
	close(c)
	got = 9
	if s.Recv(c, &got) || got != 0 {
		t.Errorf("a closed channel gave %d, true", got)
	}
	d := make(chan string, 1)
	text, open := "", false
	if i := s.Select(false, RecvCase(d, &text, &open)); i != -1 {
		t.Errorf("Select of an empty channel did case %d", i)
	}
	word := "w"
	if i := s.Select(true, RecvCase((chan int)(nil), &got, &open), SendCase(d, &word)); i != 1 {
		t.Errorf("Select did case %d, want the send", i)
	}
	if i := s.Select(true, RecvCase(d, &text, &open)); i != 0 || text != "w" || !open {
		t.Errorf("Select received %q, %v by case %d", text, open, i)
	}
}

func TestStopEndsChannelOperations(t *testing.T) {
	for name, f := range map[string]func(*State){
		"receive": func(s *State) { var v int; s.Recv(make(chan int), &v) },
		"nil":     func(s *State) { var v int; s.Recv((chan int)(nil), &v) },
		"send":    func(s *State) { var v int; s.Send(make(chan int), &v) },
		"select":  func(s *State) { s.Select(true) },
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := newState(t)
			c := s.Begin("cell[1]", nil)
			time.AfterFunc(10*time.Millisecond, func() { c.StopMain(errTest) })
			if p := c.Run(func() { f(s) }); !errors.Is(stopReason(p), errTest) {
				t.Errorf("outcome %+v", p)
			}
		})
	}
}

// named is a declared struct as the interpreter has it.
type named = struct {
	Xa int `nsu:"" ns:"T"`
	B  []int
}

func TestDescribedTypes(t *testing.T) {
	s := NewState(nil)
	s.Describe("T", "main.T", "T(a B(int);B SB(int))", false)
	s.Describe("E", "main.E", "T(c B(int))", false, "Error", func(any) string { return "E!" }, "Unwrap", func(any) error { return errTest })
	s.Describe("C_box", "main.C", "B(int)", true, "String", func(v any) string { return fmt.Sprint("C", Unbox(v)) })
	type box = struct {
		V int `ns:"C_box" nsbox:""`
	}
	type failure = struct {
		Xc int `nsu:"" ns:"E"`
	}
	for _, tt := range []struct {
		format, want string
		v            any
	}{
		{"%v", "{1 [2]}", named{1, []int{2}}},
		{"%+v", "{a:1 B:[2]}", named{1, []int{2}}},
		{"%+v", "&{a:1 B:[]}", &named{Xa: 1}},
		{"%#v", "main.T{a:1, B:[]int(nil)}", named{Xa: 1}},
		{"%v", "[{1 []}]", []named{{Xa: 1}}},
		{"%v", "C3", box{3}},
		{"%d", "3", box{3}},
		{"%v", "map[k:C4]", map[string]any{"k": box{4}}},
		{"%v", "E!", failure{1}},
		{"%s|", "[E!]|", []any{failure{1}}},
	} {
		if got := fmt.Sprintf(tt.format, s.FmtArg(tt.v, "")); got != tt.want {
			t.Errorf("%s of %T prints %q, want %q", tt.format, tt.v, got, tt.want)
		}
	}
	if got := fmt.Sprint(s.FmtArg([]int{1, 2}, "SN(C_box)")); got != "[C1 C2]" {
		t.Errorf("elements of a declared type print %s", got)
	}
	err := s.Error(failure{1})
	if !errors.Is(err, errTest) || err != s.Error(failure{1}) || err == s.Error(failure{2}) || Plain(err) != any(failure{1}) {
		t.Errorf("error %v does not behave as its value", err)
	}
	if s.TypeName(named{}) != "main.T" || s.TypeName([]*named{}) != "[]*main.T" || s.TypeName(box{}) != "main.C" {
		t.Errorf("type names %s, %s", s.TypeName(named{}), s.TypeName(box{}))
	}
}

func BenchmarkDefer(b *testing.B) {
	for b.Loop() {
		d := NewDefers()
		d.Add(func() {})
		d.With(func() {})
	}
}

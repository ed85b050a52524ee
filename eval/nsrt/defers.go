package nsrt

import (
	"errors"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// Defers are the deferred calls of one call of a function.
type Defers struct {
	calls     []deferred
	value     any
	panicking bool
}

type deferred struct {
	f func()
	// direct says that f consists of one call of a function that may ask for
	// the panic by Recoverer.
	direct bool
}

// NewDefers returns an empty stack.
func NewDefers() *Defers { return &Defers{} }

// Add defers f, a function literal that asks for the panic by Recover.
func (d *Defers) Add(f func()) { d.calls = append(d.calls, deferred{f: f}) }

// AddCall defers f, which calls a function that is not known to be a literal.
func (d *Defers) AddCall(f func()) { d.calls = append(d.calls, deferred{f: f, direct: true}) }

// With runs the body of the function and then its deferred calls, also when
// the body panics. It panics in turn unless a deferred call has recovered.
func (d *Defers) With(body func()) {
	normal := false
	defer func() {
		if normal {
			d.run()
			return
		}
		if r := recover(); r != nil {
			d.value, d.panicking = fix(r), true
		}
		// Without a panic this is runtime.Goexit, which goes on afterwards.
		d.run()
	}()
	body()
	normal = true
}

func (d *Defers) run() {
	for len(d.calls) > 0 {
		c := d.calls[len(d.calls)-1]
		d.calls = d.calls[:len(d.calls)-1]
		d.call(c)
	}
	if d.panicking {
		panic(d.value)
	}
}

// call makes one deferred call. Its panic replaces the one of the function.
func (d *Defers) call(c deferred) {
	normal := false
	defer func() {
		if normal {
			return
		}
		if r := recover(); r != nil {
			d.value, d.panicking = fix(r), true
		}
	}()
	if c.direct && d.panicking {
		leave := directCalls.enter(d)
		defer leave()
	}
	c.f()
	normal = true
}

// Recover is the predeclared recover in a deferred function literal. A request
// to stop the goroutine cannot be recovered from.
func (d *Defers) Recover() any {
	if d == nil || !d.panicking {
		return nil
	}
	if _, stop := d.value.(*Stop); stop {
		return nil
	}
	d.panicking = false
	return d.value
}

// pending are the deferred calls being made, by goroutine, whose function has
// not yet begun.
type pending struct {
	n  atomic.Int64
	mu sync.Mutex
	of map[uint64]*Defers
}

var directCalls = pending{of: map[uint64]*Defers{}}

// enter notes that the next function that asks belongs to d.
func (p *pending) enter(d *Defers) (leave func()) {
	id := goid()
	p.n.Add(1)
	p.mu.Lock()
	old := p.of[id]
	p.of[id] = d
	p.mu.Unlock()
	return func() {
		p.n.Add(-1)
		p.mu.Lock()
		defer p.mu.Unlock()
		if old == nil {
			delete(p.of, id)
		} else {
			p.of[id] = old
		}
	}
}

// Recoverer is called at the beginning of functions that call recover. It
// returns the deferred calls of which that function is one, or nil: recover
// works only in a function that is deferred itself.
func Recoverer() *Defers {
	if directCalls.n.Load() == 0 {
		return nil
	}
	id := goid()
	directCalls.mu.Lock()
	defer directCalls.mu.Unlock()
	d := directCalls.of[id]
	if d != nil {
		directCalls.of[id] = nil
	}
	return d
}

// FixPanic turns a panic value of the interpreter into the one that Go gives.
func FixPanic(r any) any { return fix(r) }

func fix(r any) any {
	for {
		v, ok := r.(reflect.Value)
		if !ok {
			break
		}
		if !v.IsValid() {
			return new(runtime.PanicNilError)
		}
		r = v.Interface()
	}
	switch r := r.(type) {
	case runtime.Error:
		return r
	case *reflect.ValueError:
		return fixText(r.Error(), r)
	case string:
		return fixText(r, r)
	case error:
		if errors.As(r, new(runtime.Error)) {
			return r
		}
	}
	return r
}

// fixText recognises the texts with which package reflect and the interpreter
// report run-time errors of the program.
func fixText(text string, r any) any {
	switch {
	case strings.HasPrefix(text, "reflect: ") && strings.HasSuffix(text, "index out of range"):
		return runtimeError("index out of range")
	case strings.HasPrefix(text, "reflect: cannot convert slice with length"):
		return runtimeError(strings.TrimPrefix(text, "reflect: "))
	case strings.HasPrefix(text, "reflect.MakeSlice: negative"), strings.HasPrefix(text, "reflect.MakeSlice: len"):
		return runtimeError("makeslice: len out of range")
	case strings.HasPrefix(text, "reflect.Value.Slice") && strings.Contains(text, "out of bounds"):
		return runtimeError("slice bounds out of range")
	case strings.HasPrefix(text, "reflect: call of") && strings.HasSuffix(text, "on zero Value"),
		strings.HasPrefix(text, "reflect.Value.Call: call of nil function"),
		strings.HasPrefix(text, "reflect: call of reflect.Value.Field on zero Value"):
		return runtimeError("invalid memory address or nil pointer dereference")
	}
	return r
}

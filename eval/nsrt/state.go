// Package nsrt is the run time of lowered cells: what they call to be stopped,
// to show values and to report the panics of their goroutines. It is exported
// to the interpreter as package "nsrt" and never called by hand.
//
// # Stopping
//
// Interpreted code polls State's stop flag at function entries and in loops
// and calls Halt when it is set. Halt unwinds the calling goroutine by a panic
// with a *Stop, but only when that goroutine is one that this package guards:
// the goroutine of a cell or one started by Go. A goroutine that compiled code
// started has no handler, so a panic there would end the process; it is left
// alone.
package nsrt

import (
	"maps"
	"os"
	"reflect"
	"runtime"
	"sync"
	"time"
)

// State is the run state of one session.
type State struct {
	// stop is read by interpreted code without synchronisation and written
	// by setStop only: true while some goroutine is to be unwound.
	stop bool

	report func(c *Cell, p Panic)
	print  func(text string) // where the predeclared print writes

	mu         sync.Mutex
	tasks      map[uintptr]*task // by address of the label set
	guarded    map[uint64]*task  // by goroutine number
	halting    int               // cells that have something to unwind
	background int               // guarded background goroutines of all cells
	latest     *Cell             // the cell that runs or ran last
	types      registry          // declared types
}

// task is the role of a goroutine: the main one of a cell, or one in its
// background.
type task struct {
	cell   *Cell
	main   bool
	halted time.Time // when it was unwound last; guarded by State.mu
}

// NewState returns the state of a session in which nothing runs. Panics of
// background goroutines are given to report, on those goroutines.
func NewState(report func(c *Cell, p Panic)) *State {
	return &State{report: report, print: toStderr, tasks: map[uintptr]*task{}, guarded: map[uint64]*task{}, types: newTypes()}
}

// toStderr writes where the predeclared print of a program does. A program
// that prints to a closed standard error does not learn of it either.
func toStderr(text string) { _, _ = os.Stderr.WriteString(text) }

// PrintTo makes the predeclared print and println write to f instead of the
// standard error of the process. It must be called before the first cell.
func (s *State) PrintTo(f func(text string)) { s.print = f }

// Exports returns the symbols that this package adds to an interpreter: its
// own, and the library functions that it replaces because the originals could
// not be interrupted or would lose a panic.
func (s *State) Exports() map[string]map[string]reflect.Value {
	exports := map[string]map[string]reflect.Value{
		"nsrt/nsrt": {
			"Stop":     reflect.ValueOf(&s.stop),
			"Halt":     reflect.ValueOf(s.Halt),
			"Intr":     reflect.ValueOf(s.Intr),
			"Step":     reflect.ValueOf(s.Step),
			"Mark":     reflect.ValueOf(s.Mark),
			"Out":      reflect.ValueOf(s.Out),
			"Check":    reflect.ValueOf(s.Check),
			"Rich":     reflect.ValueOf(s.Rich),
			"Bundle":   reflect.ValueOf(s.Bundle),
			"Next":     reflect.ValueOf(s.Next),
			"Context":  reflect.ValueOf(s.Context),
			"Go":       reflect.ValueOf(s.Go),
			"WaitGo":   reflect.ValueOf(s.WaitGo),
			"Callback": reflect.ValueOf(s.Callback),
			"Wait":     reflect.ValueOf(s.Wait),
			"Lock":     reflect.ValueOf(s.Lock),
		},
		"context/context": {"AfterFunc": reflect.ValueOf(s.ContextAfterFunc)},
		"time/time": {
			"Sleep":     reflect.ValueOf(s.Sleep),
			"AfterFunc": reflect.ValueOf(s.AfterFunc),
		},
	}
	maps.Copy(exports["nsrt/nsrt"], s.valueHelpers())
	return exports
}

// setStop publishes the flag that cells poll. The poll is a plain load of one
// byte that interpreted code repeats, so it sees the store in the end, and
// what it then decides is decided under the mutex. The race detector cannot
// know this.
//
//go:norace
func (s *State) setStop(v bool) { s.stop = v }

// task returns the role of the calling goroutine, nil if no cell is known.
func (s *State) task() *task {
	label := labelAddr()
	if label == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tasks[label]
}

// Current returns the cell that the calling goroutine belongs to, or else the
// cell that ran last; nil before the first cell.
func (s *State) Current() *Cell {
	if t := s.task(); t != nil {
		return t.cell
	}
	return s.Latest()
}

// Latest returns the cell that runs or ran last, nil before the first.
func (s *State) Latest() *Cell {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.latest
}

// adopt makes the calling goroutine a guarded one with role t until leave is
// called.
func (s *State) adopt(t *task) (leave func()) {
	label := setLabel(t.cell.name)
	addr, id := uintptr(label), goid()
	s.mu.Lock()
	s.tasks[addr] = t
	s.guarded[id] = t
	if t.main {
		t.cell.goid = id
	}
	s.mu.Unlock()
	// Goroutines of compiled code may carry the label on. When the last one
	// is gone the set is freed and its address can be used again.
	runtime.AddCleanup((*byte)(label), s.forget, forgotten{addr, t})
	return func() {
		s.mu.Lock()
		delete(s.guarded, id)
		s.mu.Unlock()
	}
}

type forgotten struct {
	addr uintptr
	t    *task
}

// forget drops a freed label set, unless its address has a new owner already.
func (s *State) forget(f forgotten) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tasks[f.addr] == f.t {
		delete(s.tasks, f.addr)
	}
}

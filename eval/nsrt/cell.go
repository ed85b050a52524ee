package nsrt

import (
	"errors"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Cell is one execution of a cell: its own goroutine and those it started.
type Cell struct {
	state   *State
	name    string
	owner   any
	step    atomic.Int64
	checked atomic.Bool
	line    atomic.Int64

	// Guarded by state.mu.
	goid       uint64 // of the main goroutine, 0 before it starts
	ended      bool   // the main goroutine is done
	why        *Stop  // why the main goroutine is to end, nil if it is not
	all        bool   // the background goroutines are to end as well
	halting    bool   // counted in state.halting
	background int    // guarded background goroutines that are alive
	values     []any
	shown      bool
	rich       map[string]any
	bundle     any
	bundleErr  error

	next func() // used by the main goroutine only

	intr, intrAll chan struct{} // closed with why and all
	abandoned     chan struct{}
}

// Stop is the panic value that unwinds a goroutine on request. Interpreted
// code must not recover it.
type Stop struct{ Reason error }

// Error says why the goroutine was stopped.
func (s *Stop) Error() string { return s.Reason.Error() }

// Unwrap returns the reason.
func (s *Stop) Unwrap() error { return s.Reason }

// ErrGoexit is the outcome of a cell that called runtime.Goexit.
var ErrGoexit = errors.New("runtime.Goexit ended the cell")

// CheckError is the panic value of Check: an error that the cell did not
// handle.
type CheckError struct{ Err error }

// Error is the text of the unhandled error.
func (e *CheckError) Error() string { return e.Err.Error() }

// Unwrap returns the unhandled error.
func (e *CheckError) Unwrap() error { return e.Err }

// Panic is a recovered panic.
type Panic struct {
	Value any
	Stack []byte // as debug.Stack returns it
}

// haltGrace is how long the deferred functions of an unwound goroutine may run
// before they are stopped as well.
const haltGrace = 500 * time.Millisecond

// Begin makes a new cell the current one. owner is for the caller to find
// again by Owner.
func (s *State) Begin(name string, owner any) *Cell {
	c := &Cell{
		state: s, name: name, owner: owner,
		intr: make(chan struct{}), intrAll: make(chan struct{}), abandoned: make(chan struct{}),
	}
	s.mu.Lock()
	s.latest = c
	s.mu.Unlock()
	return c
}

// Owner returns what was given to Begin.
func (c *Cell) Owner() any { return c.owner }

// Step returns the number of the top-level statement that began last.
func (c *Cell) Step() int { return int(c.step.Load()) }

// Line returns the line of the statement inside of it that began last, 0 if
// none is known.
func (c *Cell) Line() int { return int(c.line.Load()) }

// Values returns what the last expression of the cell gave to Out.
func (c *Cell) Values() (values []any, shown bool) {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	return c.values, c.shown
}

// Checked tells whether Check ended the cell.
func (c *Cell) Checked() bool { return c.checked.Load() }

// Ended tells whether the goroutine of the cell is done.
func (c *Cell) Ended() bool {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	return c.ended
}

// Run calls f on a goroutine of the cell's own and waits for it to return, to
// panic, or to be abandoned. It returns nil when f returned. A panic with an
// error of this package is returned as that error, any other in a *Panic.
func (c *Cell) Run(f func()) (failed *Panic) {
	result := make(chan *Panic, 1)
	go func() {
		leave := c.state.adopt(&task{cell: c, main: true})
		failed := &Panic{Value: ErrGoexit}
		defer func() {
			leave()
			if late := c.end(); failed == nil {
				failed = late
			}
			result <- failed
		}()
		failed = protect(f)
	}()
	select {
	case failed = <-result:
		return failed
	case <-c.abandoned:
		return &Panic{Value: &Stop{ErrAbandoned}}
	}
}

// ErrAbandoned is the outcome of a cell that did not react to an interrupt.
var ErrAbandoned = errors.New("interrupted, but a compiled call of this cell is still running in the background")

// protect calls f and returns its panic, nil if there was none. When f calls
// runtime.Goexit, protect does not return.
func protect(f func()) (failed *Panic) {
	normal := false
	defer func() {
		if normal {
			return
		}
		if v := recover(); v != nil {
			failed = &Panic{Value: v, Stack: debug.Stack()}
		}
	}()
	f()
	normal = true
	return nil
}

// end notes that the main goroutine is done. It returns the failure of a cell
// that came to its end although one of its goroutines had panicked.
func (c *Cell) end() *Panic {
	s := c.state
	s.mu.Lock()
	defer s.mu.Unlock()
	c.ended = true
	c.settle()
	if c.why != nil {
		if _, ok := c.why.Reason.(*BackgroundPanic); ok {
			return &Panic{Value: c.why}
		}
	}
	return nil
}

// settle counts c as halting or not and publishes the stop flag. The caller
// holds state.mu.
func (c *Cell) settle() {
	s := c.state
	halting := c.why != nil && !c.ended || c.all && c.background > 0
	if halting != c.halting {
		c.halting = halting
		if halting {
			s.halting++
		} else {
			s.halting--
		}
	}
	s.setStop(s.halting > 0)
}

package nsrt

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// errBackground ends the background goroutines of an interrupted cell.
var errBackground = errors.New("the cell that started this goroutine was interrupted")

// Go is the go statement of cells: f runs on a new goroutine whose panics are
// reported instead of ending the process.
func (s *State) Go(f func()) {
	c := s.Current()
	if c == nil { // not started by a cell
		go f()
		return
	}
	c.begin()
	go s.guard(c, f)
}

// AfterFunc is time.AfterFunc for cells.
func (s *State) AfterFunc(d time.Duration, f func()) *time.Timer {
	c := s.Current()
	if c == nil {
		return time.AfterFunc(d, f)
	}
	return time.AfterFunc(d, func() {
		c.begin()
		s.guard(c, f)
	})
}

// WaitGo is (*sync.WaitGroup).Go for cells.
func (s *State) WaitGo(wg *sync.WaitGroup, f func()) {
	wg.Add(1)
	s.Go(func() {
		defer wg.Done()
		f()
	})
}

// ContextAfterFunc is context.AfterFunc for cells.
func (s *State) ContextAfterFunc(ctx context.Context, f func()) (stop func() bool) {
	c := s.Current()
	if c == nil {
		return context.AfterFunc(ctx, f)
	}
	return context.AfterFunc(ctx, func() {
		c.begin()
		s.guard(c, f)
	})
}

// Callback calls f, a function of a cell, for compiled code. On a goroutine
// that compiled code has started nothing would recover a panic of f and the
// process would end: there the panic is reported, and Callback returns.
func (s *State) Callback(f func()) {
	failed := protect(f)
	if failed == nil {
		return
	}
	id := goid()
	s.mu.Lock()
	guarded := s.guarded[id] != nil
	s.mu.Unlock()
	c := s.Current()
	if guarded || c == nil {
		panic(failed.Value)
	}
	s.lost(c, *failed)
}

// lost reports the panic of a goroutine of c. In a program it would have ended
// everything; here it ends the cell if that still runs, so that nothing goes
// on as if nothing were wrong.
func (s *State) lost(c *Cell, p Panic) {
	s.report(c, p)
	c.StopMain(&BackgroundPanic{p})
}

// begin counts a background goroutine of c.
func (c *Cell) begin() {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	c.background++
	c.state.background++
	c.settle()
}

// Background returns how many goroutines of cells are alive besides that of
// the running cell.
func (s *State) Background() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.background
}

// Report tells the user of c that one of its goroutines has failed.
func (c *Cell) Report(p Panic) { c.state.report(c, p) }

// guard runs f as a background goroutine of c.
func (s *State) guard(c *Cell, f func()) {
	leave := s.adopt(&task{cell: c})
	defer func() {
		leave()
		s.mu.Lock()
		c.background--
		s.background--
		c.settle()
		s.mu.Unlock()
	}()
	failed := protect(f)
	if failed == nil {
		return
	}
	if _, stopped := failed.Value.(*Stop); stopped {
		return
	}
	s.lost(c, *failed)
}

// BackgroundPanic is why a cell was stopped whose goroutine panicked. The
// panic itself has been reported.
type BackgroundPanic struct{ Panic Panic }

// Error names the value of the panic.
func (e *BackgroundPanic) Error() string {
	return fmt.Sprintf("a goroutine of this cell panicked: %v", e.Panic.Value)
}

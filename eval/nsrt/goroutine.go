package nsrt

import (
	"errors"
	"fmt"
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
	s.mu.Lock()
	c.background++
	c.settle()
	s.mu.Unlock()
	go s.guard(c, f)
}

// AfterFunc is time.AfterFunc for cells.
func (s *State) AfterFunc(d time.Duration, f func()) *time.Timer {
	c := s.Current()
	if c == nil {
		return time.AfterFunc(d, f)
	}
	return time.AfterFunc(d, func() {
		s.mu.Lock()
		c.background++
		c.settle()
		s.mu.Unlock()
		s.guard(c, f)
	})
}

// guard runs f as a background goroutine of c.
func (s *State) guard(c *Cell, f func()) {
	leave := s.adopt(&task{cell: c})
	defer func() {
		leave()
		s.mu.Lock()
		c.background--
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
	s.report(c, *failed)
	// In a program the panic would have ended everything; here it ends the
	// cell that still runs, so that nothing goes on as if nothing were wrong.
	c.StopMain(&BackgroundPanic{*failed})
}

// BackgroundPanic is why a cell was stopped whose goroutine panicked. The
// panic itself has been reported.
type BackgroundPanic struct{ Panic Panic }

// Error names the value of the panic.
func (e *BackgroundPanic) Error() string {
	return fmt.Sprintf("a goroutine of this cell panicked: %v", e.Panic.Value)
}

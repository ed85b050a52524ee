package nsrt

import (
	"context"
	"time"
)

// Rich notes how the value that the cell shows looks as data of a MIME type.
func (s *State) Rich(mime string, data any) {
	t := s.task()
	if t == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.cell.rich == nil {
		t.cell.rich = map[string]any{}
	}
	t.cell.rich[mime] = data
}

// Bundle notes the representations that the value itself has made.
func (s *State) Bundle(b any, err error) {
	t := s.task()
	if t == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.cell.bundle, t.cell.bundleErr = b, err
}

// RichValue returns what Rich was given, by MIME type.
func (c *Cell) RichValue() map[string]any {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	return c.rich
}

// BundleValue returns what Bundle was given.
func (c *Cell) BundleValue() (any, error) {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	return c.bundle, c.bundleErr
}

// Next runs the rest of the cell: it is called at the end of statements with
// deferred calls, which must wait for that.
func (s *State) Next() {
	if t := s.task(); t != nil && t.main && t.cell.next != nil {
		t.cell.next()
	}
}

// SetNext makes f the rest of the cell. It is called on the goroutine of the
// cell.
func (c *Cell) SetNext(f func()) { c.next = f }

// Context returns a context that is cancelled when the cell of the goroutine
// that asks is interrupted. It is the same for all cells, so that functions
// which keep it follow the cell that calls them.
func (s *State) Context() context.Context { return cellContext{s} }

type cellContext struct{ s *State }

// Deadline says that there is none.
func (cellContext) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done returns a channel that is closed when the cell is interrupted.
func (c cellContext) Done() <-chan struct{} { return c.s.Intr() }

// Err is context.Canceled once the cell is interrupted.
func (c cellContext) Err() error {
	select {
	case <-c.s.Intr():
		return context.Canceled
	default:
		return nil
	}
}

// Value holds nothing.
func (cellContext) Value(any) any { return nil }

// String names the context in messages.
func (cellContext) String() string { return "context of the cell" }

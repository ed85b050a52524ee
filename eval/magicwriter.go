package eval

import (
	"slices"
	"sync"
)

// textWriter gives what a magic prints to its cell. It holds back the
// beginning of a character until the rest has come.
type textWriter struct {
	s      *Session
	e      *execution
	stream string

	mu     sync.Mutex
	rest   []byte
	closed bool
}

// Write never fails before close.
func (w *textWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return 0, errEnded
	}
	text := append(w.rest, p...)
	n := len(text) - partialRune(text)
	w.s.stream(w.e, w.stream, string(text[:n]))
	w.rest = slices.Clone(text[n:])
	return len(p), nil
}

func (w *textWriter) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.s.stream(w.e, w.stream, string(w.rest))
	w.rest = nil
}

package eval

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"sync"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/eval/nsrt"
	"github.com/nskernel/nskernel/kernel"
)

// execution is one call of Execute: the owner of its nsrt.Cell.
type execution struct {
	name string
	out  kernel.Output
	src  string // the whole text when a part of it runs, for errors to quote
}

// writer gives what cells print to the output of the cell that the goroutine
// belongs to.
type writer struct {
	s      *Session
	stream string
}

// Write never fails: a cell has no use for the failure of its front end.
func (w *writer) Write(p []byte) (int, error) {
	w.s.stream(w.s.current(), w.stream, string(p))
	return len(p), nil
}

// stream delivers text to the output of e, in order with everything else.
func (s *Session) stream(e *execution, name, text string) {
	if e == nil || text == "" {
		return
	}
	s.capture.deliver(func() { e.out.Stream(name, text) })
}

// current returns the execution that the calling goroutine belongs to, or the
// latest; nil before the first.
func (s *Session) current() *execution { return owner(s.state.Current()) }

func owner(c *nsrt.Cell) *execution {
	if c == nil {
		return nil
	}
	return c.Owner().(*execution)
}

// captured takes text from the pipes: nobody can tell who wrote it, so it goes
// to the cell that runs or ran last.
func (s *Session) captured(stream, text string) {
	if e := owner(s.state.Latest()); e != nil {
		e.out.Stream(stream, text)
	}
}

// sink is what package display writes to.
type sink struct{ s *Session }

var _ display.Sink = sink{}

func (k sink) Stream(name, text string) { k.s.stream(k.s.current(), name, text) }

func (k sink) Display(b display.Bundle, id string) error {
	return k.deliver(func(out kernel.Output) error { return out.Display(b, id) })
}

func (k sink) Update(b display.Bundle, id string) error {
	return k.deliver(func(out kernel.Output) error { return out.Update(b, id) })
}

func (k sink) Clear(wait bool) error {
	return k.deliver(func(out kernel.Output) error { return out.Clear(wait) })
}

func (k sink) deliver(f func(kernel.Output) error) (err error) {
	e := k.s.current()
	if e == nil {
		return nil
	}
	k.s.capture.deliver(func() { err = f(e.out) })
	return err
}

// traceFilter keeps the lines apart that the interpreter writes for each frame
// of a panic: "cell[3]:2:1: panic: main.f(...)".
type traceFilter struct {
	next io.Writer

	mu     sync.Mutex
	frames []frame
	more   int // frames beyond maxFrames
}

// frame is a function that a panic went through.
type frame struct{ pos, function string }

const maxFrames = 20

var traceLine = regexp.MustCompile(`^(.*?:\d+(?::\d+)?): panic: (.*)\(\.\.\.\)\n$`)

// Write gives everything but trace lines to the writer behind.
func (t *traceFilter) Write(p []byte) (int, error) {
	if !bytes.HasSuffix(p, []byte("(...)\n")) {
		return t.next.Write(p)
	}
	m := traceLine.FindSubmatch(p)
	if m == nil {
		return t.next.Write(p)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.frames) == maxFrames {
		t.more++
	} else {
		t.frames = append(t.frames, frame{string(m[1]), strings.TrimPrefix(string(m[2]), "main.")})
	}
	return len(p), nil
}

// take returns the frames since the last call.
func (t *traceFilter) take() (frames []frame, more int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	frames, more = t.frames, t.more
	t.frames, t.more = nil, 0
	return frames, more
}

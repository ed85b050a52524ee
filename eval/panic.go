package eval

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"strings"

	"github.com/nskernel/nskernel/eval/nsrt"
	"github.com/nskernel/nskernel/kernel"
)

// A runError is why a cell ended before its end.
type runError struct {
	name   string // ename
	text   string // evalue
	hint   string
	pos    token.Position // of the statement, or of the call in it that failed
	cell   *cellText
	frames []frame
	more   int
}

// Error is one line.
func (e *runError) Error() string { return e.text }

func (e *runError) cellError() *kernel.CellError {
	lines := []string{fmt.Sprintf("%s%s%s: %s", ansiRed, e.name, ansiReset, e.text)}
	if e.pos.Line > 0 {
		lines = append(lines, fmt.Sprintf("%s%s%s", ansiCyan, e.pos, ansiReset))
		if e.pos.Filename == e.cell.name {
			lines = append(lines, caretLines(e.cell.src, e.pos)...)
		}
	}
	if e.hint != "" {
		lines = append(lines, ansiBold+"fix: "+ansiReset+e.hint)
	}
	for _, f := range e.frames {
		lines = append(lines, "    in "+f.function)
	}
	if e.more > 0 {
		lines = append(lines, fmt.Sprintf("    … and %d more calls", e.more))
	}
	return &kernel.CellError{Name: e.name, Value: e.text, Traceback: lines}
}

// failure describes how a cell failed.
func (s *Session) failure(r *runner, failed *nsrt.Panic) error {
	e := &runError{pos: r.position(), cell: r.text}
	if x, ok := failed.Value.(exit); ok {
		e.name, e.text = "exit", x.Error()
		return e
	}
	var check *nsrt.CheckError
	var stop *nsrt.Stop
	switch v := failed.Value.(type) {
	case *nsrt.CheckError:
		check = v
	case *nsrt.Stop:
		stop = v
	}
	switch {
	case check != nil && errors.Is(check.Err, context.Canceled) && r.cell.Stopped() != nil:
		// A library call has seen that the context of the cell was cancelled.
		e.name, e.text = "interrupted", r.cell.Stopped().Error()
	case check != nil:
		e.name, e.text = "error", "its Error method did not return"
		s.ask(owner(r.cell), func() { e.text, e.hint = check.Err.Error(), hintOf(check.Err) })
	case stop != nil && errors.Is(stop, ErrInterrupted), stop != nil && errors.Is(stop, nsrt.ErrAbandoned):
		e.name, e.text = "interrupted", stop.Error()
	case stop != nil:
		e.name, e.text = "stopped", stop.Error()
	default:
		e.frames, e.more = s.trace.take()
		e.frames = calls(e.frames)
		e.name, e.text = "panic", "a value whose methods did not return"
		s.ask(owner(r.cell), func() {
			e.text = panicText(failed.Value)
			if err, ok := failed.Value.(error); ok {
				e.hint = hintOf(err)
			}
		})
	}
	return e
}

// hintOf returns how to fix err, if it or an error it wraps says so.
func hintOf(err error) string {
	if h, ok := err.(interface{ Hint() string }); ok {
		if hint := h.Hint(); hint != "" {
			return hint
		}
	}
	switch u := err.(type) {
	case interface{ Unwrap() error }:
		if inner := u.Unwrap(); inner != nil {
			return hintOf(inner)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range u.Unwrap() {
			if hint := hintOf(inner); hint != "" {
				return hint
			}
		}
	}
	return ""
}

// ask calls f, which may run methods of the cell, as the cell is run: it can
// be interrupted, and its panics do no harm. ok is false if f did not return.
func (s *Session) ask(e *execution, f func()) (ok bool) {
	c := s.state.Begin(e.name, e)
	s.setRunning(c)
	defer s.setRunning(nil)
	return c.Run(f) == nil
}

// calls leaves the wrapper of the cell's own statements out of a trace.
func calls(frames []frame) []frame {
	var list []frame
	for _, f := range frames {
		if !strings.HasPrefix(f.function, "ns_cell_") {
			list = append(list, f)
		}
	}
	return list
}

// position returns where the statement stands that began last, or the call in
// it.
func (r *runner) position() token.Position {
	if r.at >= len(r.units) {
		return token.Position{}
	}
	return r.units[r.at].position(r.cell.Step())
}

// panicText describes a panic value in the words of Go: the interpreter works
// by reflection, and so do the messages of its own panics.
func panicText(v any) string {
	if plain := unwrapAny(v); plain != nil {
		v = plain
	}
	switch x := nsrt.FixPanic(v).(type) {
	case error:
		return strings.TrimPrefix(x.Error(), "runtime error: ")
	case string:
		return x
	default:
		return fmt.Sprint(x)
	}
}

// backgroundPanic reports the panic of a goroutine on the output of the cell
// that started it.
func (s *Session) backgroundPanic(c *nsrt.Cell, p nsrt.Panic) {
	e := owner(c)
	text := fmt.Sprintf("panic in a goroutine of %s: %s\n", e.name, panicText(p.Value))
	frames, _ := s.trace.take()
	for _, f := range calls(frames) {
		text += "    in " + f.function + "\n"
	}
	s.stream(e, "stderr", text)
}

// An interpreterError is a fault of the interpreter or of the lowering: the
// cell is valid Go and cannot be run.
type interpreterError struct {
	cell   *cellText
	err    error
	source string
}

// Error is one line.
func (e *interpreterError) Error() string { return e.err.Error() }

func (e *interpreterError) cellError() *kernel.CellError {
	text := "this cell is valid Go that the interpreter cannot run: " + e.err.Error()
	return &kernel.CellError{Name: "interpreter error", Value: e.err.Error(), Traceback: []string{
		ansiRed + text + ansiReset,
		"Nothing was changed. Please report the cell; writing it in another way often helps.",
	}}
}

package eval

import (
	"errors"
	"fmt"
	"go/token"
	"reflect"
	"runtime"
	"strings"

	"github.com/nskernel/nskernel/eval/nsrt"
	"github.com/nskernel/nskernel/kernel"
)

// A runError is why a cell ended before its end.
type runError struct {
	name   string // ename
	text   string // evalue
	hint   string
	pos    token.Position // of the top-level statement, or of one inside of it
	source string         // the line at pos
	frames []frame
	more   int
}

// Error is one line.
func (e *runError) Error() string { return e.text }

func (e *runError) cellError() *kernel.CellError {
	lines := []string{fmt.Sprintf("%s%s%s: %s", ansiRed, e.name, ansiReset, e.text)}
	if e.hint != "" {
		lines = append(lines, ansiBold+"fix: "+ansiReset+e.hint)
	}
	if e.pos.Line > 0 {
		lines = append(lines, fmt.Sprintf("%s%s:%d%s", ansiCyan, e.pos.Filename, e.pos.Line, ansiReset))
		if e.source != "" {
			lines = append(lines, ansiRed+"--> "+ansiReset+e.source)
		}
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
	e := &runError{}
	e.pos, e.source = r.position()
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
	case check != nil:
		e.name, e.text = "error", check.Err.Error()
		e.hint = hintOf(check.Err)
	case stop != nil && errors.Is(stop, ErrInterrupted), stop != nil && errors.Is(stop, nsrt.ErrAbandoned):
		e.name, e.text = "interrupted", stop.Error()
	case stop != nil:
		e.name, e.text = "stopped", stop.Error()
	default:
		e.name, e.text = "panic", panicText(failed.Value)
		if err, ok := failed.Value.(error); ok {
			e.hint = hintOf(err)
		}
		e.frames, e.more = s.trace.take()
		e.frames = calls(e.frames)
	}
	return e
}

// hintOf returns how to fix err, if it or an error it wraps says so.
func hintOf(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
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

// position returns where the statement stands that began last.
func (r *runner) position() (token.Position, string) {
	if r.at >= len(r.units) {
		return token.Position{}, ""
	}
	u := r.units[r.at]
	pos := u.position(r.cell.Step())
	if line := r.cell.Line(); line > 0 {
		pos.Line, pos.Column = line, 1
	}
	return pos, u.line(pos)
}

// line returns a line of the cell that u belongs to.
func (u *unit) line(pos token.Position) string {
	for _, p := range u.pieces {
		if p.cell != pos.Filename {
			continue
		}
		lines := strings.Split(p.text, "\n")
		if i := pos.Line - p.line; i >= 0 && i < len(lines) {
			return strings.TrimSpace(lines[i])
		}
	}
	return ""
}

// panicText describes a panic value in the words of Go: the interpreter works
// by reflection, and so do the messages of its own panics.
func panicText(v any) string {
	rv := unwrap(reflect.ValueOf(v))
	if rv.IsValid() && rv.CanInterface() {
		v = rv.Interface()
	}
	switch x := v.(type) {
	case runtime.Error:
		return translatePanic(x.Error())
	case error:
		return x.Error()
	case string:
		return translatePanic(x)
	}
	return fmt.Sprint(v)
}

// translatePanic rewrites what package reflect says about faults of the cell.
func translatePanic(text string) string {
	switch {
	case strings.Contains(text, "index out of range") && strings.HasPrefix(text, "reflect"):
		return "index out of range"
	case strings.HasPrefix(text, "reflect: call of reflect.Value.") && strings.Contains(text, "on zero Value"):
		return "invalid memory address or nil pointer dereference"
	}
	return strings.TrimPrefix(text, "runtime error: ")
}

// backgroundPanic reports the panic of a goroutine on the output of the cell
// that started it.
func (s *Session) backgroundPanic(c *nsrt.Cell, p nsrt.Panic) {
	e := owner(c)
	text := fmt.Sprintf("%spanic%s in a goroutine of %s: %s\n", ansiRed, ansiReset, e.name, panicText(p.Value))
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

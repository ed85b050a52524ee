package eval

import (
	"context"
	"errors"
	"time"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/eval/nsrt"
)

// ErrInterrupted is why an interrupted cell ended.
var ErrInterrupted = errors.New("interrupted")

// runCell compiles and runs one cell and returns the value it shows.
func (s *Session) runCell(ctx context.Context, e *execution, code string) (*display.Bundle, error) {
	return s.runTimed(ctx, e, code, &MagicTiming{})
}

// runTimed is runCell for those who want to know how long it took.
func (s *Session) runTimed(ctx context.Context, e *execution, code string, took *MagicTiming) (*display.Bundle, error) {
	cell := s.state.Begin(e.name, e)
	defer s.capture.drain()
	s.input.begin()
	start := time.Now()
	resume := s.holdWatchdog()
	c, err := s.compileLocked(e.name, code)
	resume()
	took.Compile = time.Since(start)
	if err != nil {
		return nil, asCellError(e.quote(err))
	}
	for _, note := range c.notes {
		s.stream(e, "stderr", note+"\n")
	}
	s.commitImports(c)
	r := &runner{s: s, text: e.whole(c.cell), cell: cell, units: c.units}
	used := processorTime()
	start = time.Now()
	failed := r.run(ctx)
	took.Run, took.Processor = time.Since(start), processorTime()-used
	if failed != nil {
		r.commitPart()
		if failed.Value == (exit{0}) {
			return nil, nil
		}
		return nil, asCellError(s.failure(r, failed))
	}
	return r.result, r.err
}

// runner runs the units of a cell on one goroutine.
type runner struct {
	s     *Session
	text  *cellText
	cell  *nsrt.Cell
	units []*unit
	// Written by the goroutine of the cell.
	at       int  // unit that runs
	finished bool // all units have run
	result   *display.Bundle
	err      error
}

// run runs all units and waits. It returns how the cell failed, nil if it did
// not.
func (r *runner) run(ctx context.Context) *nsrt.Panic {
	runs := false
	for _, u := range r.units {
		runs = runs || u.run != nil
	}
	if !runs {
		r.all()
		return nil
	}
	r.s.trace.take()
	r.s.setRunning(r.cell)
	defer r.s.setRunning(nil)
	stop := context.AfterFunc(ctx, func() { r.s.Interrupt(false) })
	defer stop()
	w := r.s.watch(r.cell)
	failed := r.cell.Run(r.all)
	if why := w.end(); why != nil {
		failed = &nsrt.Panic{Value: &nsrt.Stop{Reason: why}}
	}
	return failed
}

// all runs the units and represents the value that the last one shows, which
// may run code of the cell.
func (r *runner) all() {
	r.runFrom(0)
	if n := len(r.units); n > 0 && !r.cell.Abandoned() {
		r.result, r.err = r.s.show(r.cell, r.units[n-1].out)
	}
}

// runFrom commits unit i and those behind it, each after it has run.
func (r *runner) runFrom(i int) {
	for ; i < len(r.units) && !r.finished; i++ {
		u := r.units[i]
		r.at = i
		if u.run == nil {
			r.s.commit(u, nil)
			continue
		}
		r.cell.SetNext(func() {
			r.s.commit(u, nil)
			r.runFrom(i + 1)
			r.finished = true
		})
		u.run()
		if r.cell.Abandoned() {
			return // too late: the session has gone on without it
		}
		if !r.finished {
			r.s.commit(u, nil)
		}
	}
}

// commitPart commits the variables that a failed unit had assigned: those of
// the statements before the one that failed, and of that one if it was the
// error guard that ended it.
func (r *runner) commitPart() {
	if r.at >= len(r.units) {
		return
	}
	u := r.units[r.at]
	if u.decls {
		return // the variables of a program are initialised together or not at all
	}
	step := r.cell.Step()
	if r.cell.Checked() {
		step++
	}
	r.s.commit(u, func(name string) bool { return u.stmtOf[name] < step })
}

// setRunning notes the cell that Interrupt stops. One that came while the cell
// was compiled stops it now.
func (s *Session) setRunning(c *nsrt.Cell) {
	s.interrupts.Lock()
	s.target = c
	stop := c != nil && s.early
	s.early = s.early && !stop
	s.interrupts.Unlock()
	if stop {
		c.StopMain(ErrInterrupted)
	}
}

// setExecuting notes that Execute begins or ends. An interrupt counts for the
// execution that it falls into only.
func (s *Session) setExecuting(on bool) {
	s.interrupts.Lock()
	defer s.interrupts.Unlock()
	s.executing, s.early = on, false
}

// Interrupt stops the running cell and the goroutines it has started; those of
// earlier cells go on. They end at their next statement, loop iteration, call,
// sleep or channel operation. A cell that is still being compiled ends before
// its first statement. A second interrupt gives up on the cell: Execute
// returns, and the cell ends as soon as the compiled call that it is in comes
// back.
func (s *Session) Interrupt(second bool) {
	s.interrupts.Lock()
	c, stop := s.target, s.stopMagic
	if c == nil {
		s.early = s.executing
	}
	s.interrupts.Unlock()
	if stop != nil {
		stop(ErrInterrupted)
	}
	if c == nil {
		return
	}
	c.StopMain(ErrInterrupted)
	c.StopBackground()
	if second {
		c.Abandon()
	}
}

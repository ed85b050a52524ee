package eval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
)

// runText runs a cell that may contain magics. Its parts run one after the
// other like cells of their own; the cell shows the value of the last one.
func (s *Session) runText(ctx context.Context, e *execution, req kernel.Request) (kernel.Reply, error) {
	parts, err := cutMagics(e.name, req.Code)
	if err != nil {
		return kernel.Reply{}, asCellError(err)
	}
	if s.opt.Magics == nil && parts == nil {
		b, err := s.runCell(ctx, e, req.Code)
		return kernel.Reply{Result: b}, err
	}
	m := &magicRun{s: s, e: e, ctx: ctx}
	if parts == nil {
		err = m.hooked(req.Silent, func() error { return m.run(e, req.Code, nil) })
		return m.reply, err
	}
	e.src = req.Code
	if err := m.check(parts); err != nil {
		return kernel.Reply{}, asCellError(err)
	}
	err = m.hooked(req.Silent, func() error {
		for _, p := range parts {
			m.reply.Result = nil
			if err := m.part(p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return kernel.Reply{}, err
	}
	return m.reply, nil
}

// magicRun is one cell with magics.
type magicRun struct {
	s     *Session
	e     *execution
	ctx   context.Context // of Execute
	reply kernel.Reply
}

// hooked calls f between the hooks of a cell, which silent cells do not have.
func (m *magicRun) hooked(silent bool, f func() error) error {
	if silent || m.s.opt.Magics == nil {
		return f()
	}
	m.fire("pre_execute")
	err := f()
	m.fire("post_execute")
	return err
}

func (m *magicRun) fire(event string) {
	cell, done := m.cell(m.ctx, part{}, nil)
	defer done()
	if err := m.s.opt.Magics.Fire(m.ctx, event, cell); err != nil {
		m.s.stream(m.e, "stderr", fmt.Sprintf("note: %s: %v\n", event, err))
	}
}

// check finds what can be found before anything runs: magics that do not
// exist, and faults of syntax in all of the Go.
func (m *magicRun) check(parts []part) error {
	var errs diagnostics
	text := &cellText{name: m.e.name, src: m.e.src}
	for _, p := range parts {
		switch p.kind {
		case goPart:
			var syntax *compileError
			if _, err := readCell(m.e.name, keep(m.e.src, span{p.start, p.end})); errors.As(err, &syntax) {
				errs.list = append(errs.list, syntax.list...)
			}
		case linePart, cellPart:
			if d := m.unknown(p); d != nil {
				d.pos = positionIn(m.e.name, m.e.src, p.at)
				errs.list = append(errs.list, *d)
			}
		}
	}
	return errs.err(text)
}

// unknown says what is wrong with the name of a magic, nil if nothing is.
func (m *magicRun) unknown(p part) *diagnostic {
	if m.s.opt.Magics == nil {
		return &diagnostic{msg: "this session has no magics"}
	}
	list := m.s.opt.Magics.List()
	cell := p.kind == cellPart
	if cell && p.start > 0 {
		return &diagnostic{msg: "%%" + p.name + " stands behind other text", fix: "put it on the first line of a cell of its own"}
	}
	if slices.ContainsFunc(list, func(i MagicInfo) bool { return i.Name == p.name && i.Cell == cell }) {
		return nil
	}
	d := &diagnostic{msg: fmt.Sprintf("there is no magic %s%s", marks(cell), p.name), fix: "%help lists the magics"}
	if slices.ContainsFunc(list, func(i MagicInfo) bool { return i.Name == p.name }) {
		d.fix = "write " + marks(!cell) + p.name
		return d
	}
	if near := nearestMagic(p.name, list); near != "" {
		d.fix = "did you mean " + near + "? " + d.fix
	}
	return d
}

func marks(cell bool) string {
	if cell {
		return "%%"
	}
	return "%"
}

// nearestMagic returns the magic whose name is one or two edits away.
func nearestMagic(name string, list []MagicInfo) string {
	best, found := 3, ""
	for _, i := range list {
		if d := editDistance(name, i.Name); d < best {
			best, found = d, marks(i.Cell)+i.Name
		}
	}
	return found
}

// part runs one part.
func (m *magicRun) part(p part) error {
	switch p.kind {
	case goPart:
		return m.run(m.e, keep(m.e.src, span{p.start, p.end}), nil)
	case helpPart:
		return m.help(p)
	}
	ctx, end := m.s.beginMagic(m.ctx)
	defer end()
	cell, done := m.cell(ctx, p, &m.reply)
	err := m.s.opt.Magics.Run(ctx, Magic{
		Name: p.name, Cell: p.kind == cellPart, Args: p.args.of(m.e.src), Body: p.body.of(m.e.src),
	}, cell)
	done()
	m.s.capture.drain()
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return m.failure(p, err)
}

// beginMagic makes Interrupt cancel the context that it returns.
func (s *Session) beginMagic(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	s.setStopMagic(cancel)
	return ctx, func() {
		s.setStopMagic(nil)
		cancel(nil)
	}
}

func (s *Session) setStopMagic(f context.CancelCauseFunc) {
	s.interrupts.Lock()
	defer s.interrupts.Unlock()
	s.stopMagic = f
}

// run runs Go as a part of the cell; its value becomes that of the cell.
func (m *magicRun) run(e *execution, code string, took *MagicTiming) error {
	if took == nil {
		took = &MagicTiming{}
	}
	b, err := m.s.runTimed(m.ctx, e, code, took)
	if err != nil {
		return err
	}
	m.reply.Result = b
	return nil
}

// failure is the error of a magic as the cell shows it: that of Go code which
// the magic ran stays what it is.
func (m *magicRun) failure(p part, err error) error {
	if err == nil {
		return nil
	}
	var own *kernel.CellError
	if errors.As(err, &own) {
		return own
	}
	e := &runError{
		name: "error", text: err.Error(), hint: hintOf(err),
		pos: positionIn(m.e.name, m.e.src, p.at), cell: &cellText{name: m.e.name, src: m.e.src},
	}
	if errors.Is(err, ErrInterrupted) || errors.Is(err, context.Canceled) {
		e.name, e.text, e.hint = "interrupted", ErrInterrupted.Error(), ""
	}
	return asCellError(e)
}

// cell is what the magic p can do. done takes it back: it waits for code that
// the magic still runs.
func (m *magicRun) cell(ctx context.Context, p part, reply *kernel.Reply) (cell *MagicCell, done func()) {
	s := m.s
	s.state.Begin(m.e.name, m.e)
	out := sink{s}
	g := &gate{}
	stdout, stderr := &textWriter{s: s, e: m.e, stream: "stdout"}, &textWriter{s: s, e: m.e, stream: "stderr"}
	cell = &MagicCell{
		Stdout: stdout, Stderr: stderr,
		Display: out.Display,
		Input: func(prompt string, password bool) (string, error) {
			s.capture.drain()
			return m.e.out.Input(prompt, password)
		},
	}
	if reply != nil {
		cell.Run = func(name, code string) (took MagicTiming, err error) {
			err = g.do(func() error { return m.runNamed(ctx, p, name, code, &took) })
			return took, err
		}
		cell.Eval = func(code string) (text string, err error) {
			err = g.do(func() (err error) {
				text, err = m.eval(ctx, code)
				return err
			})
			return text, err
		}
		cell.Next = func(code string, replace bool) {
			m.payload(g, map[string]any{"source": "set_next_input", "text": code, "replace": replace})
		}
		cell.Page = func(b display.Bundle) {
			m.payload(g, map[string]any{"source": "page", "data": b.Data, "start": 0})
		}
	}
	return cell, func() {
		g.close()
		stdout.close()
		stderr.close()
	}
}

func (m *magicRun) payload(g *gate, p map[string]any) {
	// A magic that has ended adds nothing.
	_ = g.do(func() error {
		m.reply.Payload = append(m.reply.Payload, p)
		return nil
	})
}

// gate lets a magic act on its session until it has ended.
type gate struct {
	mu     sync.Mutex
	closed bool
}

var errEnded = errors.New("the magic has ended")

func (g *gate) do(f func() error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return errEnded
	}
	return f()
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}

// runNamed runs code that a magic gives: its own text in the place where it
// stands, other text as of name.
func (m *magicRun) runNamed(ctx context.Context, p part, name, code string, took *MagicTiming) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	defer m.s.state.Begin(m.e.name, m.e) // what the magic prints next is of this cell again
	if name != "" {
		return m.run(&execution{name: name, out: m.e.out, src: code}, code, took)
	}
	own, at := p.within(m.e.src, code)
	switch {
	case at < 0:
		return m.run(&execution{name: m.e.name, out: m.e.out, src: code}, code, took)
	case own.of(m.e.src) == code:
		return m.run(m.e, keep(m.e.src, own), took)
	}
	pos := positionIn(m.e.name, m.e.src, own.start)
	return m.run(m.e, fmt.Sprintf("%s/*line %s:%d:%d*/%s", code[:at], m.e.name, pos.Line, pos.Column, code[at:]), took)
}

// within finds text of the magic p in code: its body, or the longest end of
// its arguments that begins with a word. at is where in code, -1 if nowhere.
func (p part) within(src, code string) (own span, at int) {
	var spans []span
	if p.body.start < p.body.end {
		text := strings.TrimRight(p.body.of(src), " \t\r\n")
		spans = append(spans, p.body, span{p.body.start, p.body.start + len(text)})
	}
	for i := p.args.start; i < p.args.end; i++ {
		if i == p.args.start || src[i-1] == ' ' && src[i] != ' ' {
			spans = append(spans, span{i, p.args.end})
		}
	}
	for _, s := range spans {
		if text := s.of(src); text != "" {
			if at := strings.Index(code, text); at >= 0 {
				return s, at
			}
		}
	}
	return span{}, -1
}

// eval returns the text of the value of code.
func (m *magicRun) eval(ctx context.Context, code string) (string, error) {
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	defer m.s.state.Begin(m.e.name, m.e)
	b, err := m.s.runCell(m.ctx, &execution{name: m.s.cellName(0), out: m.e.out}, code)
	if err != nil || b == nil {
		return "", err
	}
	text, _ := b.Data[display.MIMEText].(string)
	return text, nil
}

// help shows what is known about a name in the pager.
func (m *magicRun) help(p part) error {
	b, ok := m.s.describe(p.name, p.detail)
	if !ok {
		return m.failure(p, fmt.Errorf("nothing is known about %s", p.name))
	}
	m.reply.Payload = append(m.reply.Payload, map[string]any{"source": "page", "data": b.Data, "start": 0})
	return nil
}

// quote makes an error of a part quote the line as it stands in the cell.
func (e *execution) quote(err error) error {
	var c *compileError
	if e.src != "" && errors.As(err, &c) {
		c.cell = e.whole(c.cell)
	}
	return err
}

// whole is c with the text of the whole cell.
func (e *execution) whole(c *cellText) *cellText {
	if e.src == "" {
		return c
	}
	full := *c
	full.src = e.src
	return &full
}

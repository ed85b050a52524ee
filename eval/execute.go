package eval

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/nskernel/nskernel/kernel"
)

var _ kernel.Interpreter = (*Session)(nil)

// Execute runs a cell. What it prints goes to out, also from goroutines that
// it leaves behind; what compiled code writes goes to the cell that runs. A
// cell that does not compile changes nothing; one that fails keeps what it had
// assigned.
func (s *Session) Execute(ctx context.Context, req kernel.Request, out kernel.Output) (kernel.Reply, error) {
	s.running.Lock()
	defer s.running.Unlock()
	s.setExecuting(true)
	defer s.setExecuting(false)
	e := &execution{name: s.cellName(req.Count), out: out}
	reply, err := s.runText(ctx, e, req)
	if err != nil {
		return kernel.Reply{}, err
	}
	if len(req.UserExpressions) > 0 {
		reply.UserExpressions = map[string]kernel.Expression{}
		for name, code := range req.UserExpressions {
			reply.UserExpressions[name] = s.expression(ctx, e, code)
		}
	}
	return reply, nil
}

// cellName names an execution for messages. Silent executions and counts that
// come again get names of their own.
func (s *Session) cellName(count int) string {
	s.executions++
	name := fmt.Sprintf("cell[%d]", count)
	if n := s.names[name]; n > 0 || count <= 0 {
		s.names[name]++
		return fmt.Sprintf("cell[%d.%d]", count, n)
	}
	s.names[name] = 1
	return name
}

// build lowers every unit and gives it to the interpreter. When a unit fails,
// what the units before it declared stays in the interpreter under names that
// are never used again.
func (c *compiler) build() error {
	for _, u := range c.units {
		if err := c.buildUnit(u); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) buildUnit(u *unit) error {
	code, err := c.s.lowerer.Lower(u.lowering)
	if err != nil {
		return c.refusal(err)
	}
	u.code = code
	for _, src := range code.Sources {
		if _, err := c.s.interpret(src); err != nil {
			c.s.lowerer.Discard(code)
			return &interpreterError{cell: c.cell, err: err, source: src}
		}
	}
	if code.Entry == "" {
		c.s.lowerer.Commit(code)
		return nil
	}
	v, err := c.s.interpret(code.Entry)
	if err == nil {
		if f, ok := v.Interface().(func()); ok {
			u.run = f
			c.s.lowerer.Commit(code)
			return nil
		}
		err = fmt.Errorf("entry %s is a %v, not a func()", code.Entry, v.Type())
	}
	c.s.lowerer.Discard(code)
	return &interpreterError{cell: c.cell, err: err, source: code.Entry}
}

// interpret gives source to the interpreter. Faults of the interpreter come
// back as errors.
func (s *Session) interpret(src string) (v reflect.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	prog, err := s.interp.Compile(src)
	if err != nil {
		return v, err
	}
	s.globals.fill()
	return s.interp.Execute(prog)
}

// commit makes what u declares part of the session.
func (s *Session) commit(u *unit, done func(name string) bool) {
	s.typing.Lock()
	defer s.typing.Unlock()
	for name, obj := range u.objects {
		if done == nil || done(name) {
			s.objects[name] = obj
			delete(s.imports, name)
		}
	}
	for key, def := range u.defs {
		if done == nil || done(key) {
			s.defs[key] = def
		}
	}
}

// commitImports makes the imports of a cell part of the session, and the cell
// the place of the declarations that it repeats.
func (s *Session) commitImports(c *compiler) {
	s.typing.Lock()
	defer s.typing.Unlock()
	for name, path := range c.fresh {
		s.imports[name] = path
		delete(s.objects, name)
		delete(s.defs, name)
	}
	for _, p := range c.same {
		for _, key := range p.keys() {
			if def := s.defs[key]; def != nil {
				moved := *def
				moved.piece = p
				s.defs[key] = &moved
			}
		}
	}
}

// compileLocked compiles a cell while nobody else uses the types.
func (s *Session) compileLocked(name, src string) (*compiler, error) {
	s.typing.Lock()
	defer s.typing.Unlock()
	return s.compile(name, src)
}

// asCellError renders any error of this package for a front end.
func asCellError(err error) *kernel.CellError {
	var c *kernel.CellError
	if errors.As(err, &c) {
		return c
	}
	var r interface{ cellError() *kernel.CellError }
	if errors.As(err, &r) {
		return r.cellError()
	}
	return &kernel.CellError{Name: "error", Value: err.Error(), Traceback: []string{ansiRed + err.Error() + ansiReset}}
}

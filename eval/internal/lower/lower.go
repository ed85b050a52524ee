package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// Cell is a piece of a cell that has been type-checked as one: declarations,
// or statements that run in order. The statements were checked as the body of
// a function without parameters and results.
//
// All positions are taken from Fset.Position, so //line comments that the
// caller has put into the text count.
type Cell struct {
	// Name is the file name of //line directives and messages: "cell[3]".
	Name string
	Fset *token.FileSet
	// Info needs all maps but Scopes, FileVersions and InitOrder. The Lowerer keeps
	// it as long as generic declarations of the cell live.
	Info *types.Info
	Pkg  *types.Package

	// Decls are types, constants, functions and methods. A type comes with
	// all of its methods: it has the methods that go/types knows for it, and
	// those must be in Decls or belong to an earlier Cell with the type.
	// Imports may be present and are ignored.
	Decls []ast.Decl

	// Replace maps functions of Decls to methods of earlier cells whose bodies
	// they replace. The function has the receiver as its first parameter. When
	// Entry has been called, every call of the method runs the new body.
	Replace map[*ast.FuncDecl]*types.Func

	// Body are the statements to run.
	Body []ast.Stmt
	// Globals are the variables declared at the top level of Body that later
	// cells can see. They become package variables; := and var become
	// assignments.
	Globals []*types.Var
	// Reuse maps a variable of Globals to one of an earlier cell whose place
	// it takes: same name, identical type. Closures that captured the earlier
	// one see the new values.
	Reuse map[*types.Var]*types.Var

	// Out is the expression after Body whose values are shown, nil if none.
	// It may have several values, but not none.
	Out ast.Expr
	// OutError says that the last value of Out is an error that ends the cell
	// when it is not nil and is not shown otherwise.
	OutError bool
	// Check are the statements of Body that the error guard follows: an
	// assignment or var declaration whose last variable receives an error, or
	// a call whose last result is an error.
	Check map[ast.Stmt]bool
}

// ReplacesMethods says that Cell.Replace is obeyed.
const ReplacesMethods = true

// Code is a lowered Cell.
type Code struct {
	// Sources are complete files of package main, to be given to the
	// interpreter in order.
	Sources []string
	// Entry is the name of a func() that puts replaced methods in place, runs
	// Body and shows Out; "" if there is nothing to run.
	Entry string

	undo []func() // takes back what the Lowerer remembers of the cell
}

// A Refusal is a construct that the interpreter would run wrong in every form
// known. It is an error of compilation.
type Refusal struct {
	Pos       token.Position
	Construct string // what was refused and why, "labels inside range over func: …"
	Instead   string // what to write instead, "" if nothing is known
}

// Error is one line: position, construct, way out.
func (r *Refusal) Error() string {
	s := r.Construct
	if r.Pos.IsValid() {
		s = fmt.Sprintf("%s: %s", r.Pos, s)
	}
	if r.Instead != "" {
		s += "; " + r.Instead
	}
	return s
}

// Hint tells what to write instead.
func (r *Refusal) Hint() string { return r.Instead }

// A Lowerer lowers the cells of one session one after the other. It knows the
// names that the interpreter has for objects of earlier cells. It is not safe
// for concurrent use.
type Lowerer struct {
	registry
	pending *Code
}

// New returns the Lowerer of an empty session.
func New() *Lowerer { return &Lowerer{registry: newRegistry()} }

// Name returns the identifier that the interpreter has for an object of a
// cell; "" if it has none.
func (l *Lowerer) Name(o types.Object) string { return l.names[o] }

// Lower rewrites c. The code must be given to Commit or Discard before the
// next call. An error is a *Refusal; nothing is remembered then.
func (l *Lowerer) Lower(c *Cell) (code *Code, err error) {
	if l.pending != nil {
		l.Discard(l.pending)
	}
	u := newUnit(&l.registry, c)
	defer func() {
		if r := recover(); r != nil {
			l.rollBack(u.undo)
			code, err = nil, u.refusal(r)
		}
	}()
	u.lower()
	code = &Code{Sources: u.sources(), Entry: u.entry, undo: u.undo}
	l.pending = code
	return code, nil
}

// Commit keeps what the Lowerer learned from code, which the interpreter has
// accepted.
func (l *Lowerer) Commit(code *Code) {
	if l.pending == code {
		l.pending = nil
	}
}

// Discard forgets what the Lowerer learned from code. The names in it are
// never given again, since the interpreter may have seen some of them.
func (l *Lowerer) Discard(code *Code) {
	if l.pending == code {
		l.pending = nil
		l.rollBack(code.undo)
	}
}

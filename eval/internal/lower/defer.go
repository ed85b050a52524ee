package lower

import (
	"go/ast"
	"go/types"
)

// Deferred calls are kept by the run time: the interpreter reads their
// arguments and what they capture too late, hangs when one of them calls a
// closure of its function, and gives recover values of the wrong type. So the
// body of a function with defer statements becomes a closure, and every
// deferred call a closure given to the run time.

// deferBody writes the body of a function that has defer statements.
func (u *unit) deferBody(b *ast.BlockStmt) {
	u.fn.defers = u.fresh("defers")
	u.fn.inDefers = true
	u.p("%s := %s()\n%s.With(func() func() { return func() {\n", u.fn.defers, u.nsrt("NewDefers"), u.fn.defers)
	u.bodyStmts(b)
	u.p("} }())\n")
}

func (u *unit) deferStmt(s *ast.DeferStmt) {
	if lit, ok := ast.Unparen(s.Call.Fun).(*ast.FuncLit); ok && len(s.Call.Args) == 0 {
		u.p("%s.Add(func() func() { return %s }())\n", u.fn.defers, u.deferredLiteral(lit))
		return
	}
	call := u.capture(s.Call)
	add := "AddCall"
	if u.cannotRecover(ast.Unparen(s.Call.Fun)) {
		add = "Add"
	}
	u.p("%s.%s(func() func() { return func() { %s } }())\n", u.fn.defers, add, call)
}

// cannotRecover tells whether fun is known not to call recover itself.
func (u *unit) cannotRecover(fun ast.Expr) bool {
	if lit, ok := fun.(*ast.FuncLit); ok {
		return !callsRecover(u, lit.Body)
	}
	f := u.function(fun)
	if se, ok := fun.(*ast.SelectorExpr); ok {
		if sel := u.info().Selections[se]; sel != nil && !isInterface(sel.Recv()) {
			f, _ = sel.Obj().(*types.Func)
		}
	}
	if f == nil {
		return u.compiled(fun) != nil
	}
	src, ok := u.decls[f.Origin()]
	if !ok {
		return false
	}
	old := u.src
	u.src = src.cell
	defer func() { u.src = old }()
	return src.decl.Body != nil && !callsRecover(u, src.decl.Body)
}

// deferredLiteral writes the literal of defer func() { … }(). A recover in it
// asks for the panic of the function around it.
func (u *unit) deferredLiteral(lit *ast.FuncLit) string {
	if lit.Type.Results == nil || len(lit.Type.Results.List) == 0 {
		return u.literal(lit, u.fn.defers)
	}
	return "func() { " + u.literal(lit, u.fn.defers) + "() }"
}

// goStmt evaluates the call's operands and starts a guarded goroutine.
func (u *unit) goStmt(s *ast.GoStmt) {
	call := u.capture(s.Call)
	u.p("%s(func() func() { return func() { %s } }())\n", u.nsrt("Go"), call)
}

package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// fn is the function being written.
type fn struct {
	outer    *fn // around a function literal
	names    map[types.Object]string
	sig      *types.Signature
	results  []string // variables of the results, when they need some
	defers   string   // variable of the deferred calls, "" without any
	inDefers bool     // the body is a closure run by the deferred calls' owner
	recovers string   // operand of recover(): "" for none
	labels   map[string]string
	gotos    map[string]bool // labels that gotos name
	yield    *yieldBody      // innermost range-over-func body
	entry    bool            // the body of the cell
	recv     string          // the receiver, written as the first parameter
	loops    int             // loops around the current statement
}

// p writes text.
func (u *unit) p(format string, args ...any) { fmt.Fprintf(u.out, format, args...) }

// sub returns what f writes.
func (u *unit) sub(f func()) string {
	old := u.out
	u.out = &strings.Builder{}
	f()
	s := u.out.String()
	u.out = old
	return s
}

// funcDecl writes a function, method or instance of either under a name.
func (u *unit) funcDecl(f *types.Func, name string, recv *emitted, en *env) {
	src, ok := u.decls[f]
	if !ok {
		src, ok = u.std.decls[f]
	}
	if !ok {
		u.refuse("the method "+f.Name()+" is not declared together with its type", "declare the type again in the same cell")
	}
	d := src.decl
	if d.Body == nil {
		u.pos = d.Pos()
		u.refuse("the function "+f.Name()+" has no body", "write one")
	}
	oldSrc, oldEnv, oldFn := u.src, u.env, u.fn
	u.src, u.env = src.cell, en
	if src.cell != u.cell {
		u.analyse(d)
	}
	sig := f.Signature()
	u.fn = &fn{names: map[types.Object]string{}, labels: map[string]string{}, sig: sig}
	u.funcs.WriteString(u.sub(func() {
		u.at(d.Pos())
		u.p("func ")
		recvName := ""
		if recv != nil {
			recvName = "recv_"
			if r := d.Recv.List[0]; len(r.Names) == 1 && r.Names[0].Name != "_" {
				recvName = u.define(u.info().Defs[r.Names[0]])
			}
		}
		switch {
		case recv != nil && en == nil && !u.isLibrary(src.cell.Pkg):
			m := u.slot(f, recv)
			u.p("%s", m.impl)
			u.fn.recv = recvName + " " + m.recv
		case recv != nil:
			u.p("(%s %s) %s", recvName, receiverText(f, recv), name)
		default:
			u.p("%s", name)
		}
		u.funcBody(d.Type, sig, d.Body, f)
		u.p("\n")
	}))
	u.src, u.env, u.fn = oldSrc, oldEnv, oldFn
}

// funcBody writes parameters, results and body. Results are never named: the
// interpreter lets the variables of named results share the memory of what
// the caller assigns to, and mixes up `return b, a`.
func (u *unit) funcBody(ft *ast.FuncType, sig *types.Signature, body *ast.BlockStmt, decl *types.Func) {
	names := u.paramNames(ft)
	if ft != nil {
		text := u.signature(sig, names)
		if u.fn.recv != "" {
			text = withReceiver(u.fn.recv, text, sig.Params().Len())
		}
		u.p("%s", text)
	}
	u.fn.gotos = gotoTargets(body)
	u.p(" {\n")
	u.poll()
	u.resultVars(ft, sig, body)
	if decl != nil && callsRecover(u, body) {
		u.fn.recovers = u.fresh("rec")
		u.p("%s := %s()\n", u.fn.recovers, u.nsrt("Recoverer"))
	}
	if hasDefer(body) {
		u.deferBody(body)
	} else {
		u.bodyStmts(body)
	}
	u.at(body.Rbrace)
	if u.fn.results != nil && (u.fn.inDefers || !endsInReturn(body)) {
		u.p("return %s\n", strings.Join(u.fn.results, ", "))
	}
	u.p("}")
}

// bodyStmts writes the statements of the current function.
func (u *unit) bodyStmts(b *ast.BlockStmt) {
	if u.fn.entry {
		u.entryStmts()
	} else {
		u.stmts(b.List)
	}
}

func endsInReturn(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	_, ok := b.List[len(b.List)-1].(*ast.ReturnStmt)
	return ok
}

// poll writes the stop check.
func (u *unit) poll() {
	u.p("if *%s { %s() }\n", u.stopFlag(), u.nsrt("Halt"))
}

func (u *unit) paramNames(ft *ast.FuncType) []string {
	names := []string{}
	if ft == nil {
		return names
	}
	for _, p := range ft.Params.List {
		if len(p.Names) == 0 {
			names = append(names, u.fresh("p"))
		}
		for _, n := range p.Names {
			if n.Name == "_" {
				names = append(names, u.fresh("p"))
			} else {
				names = append(names, u.define(u.info().Defs[n]))
			}
		}
	}
	return names
}

// resultVars declares variables for results that have names, or that are set
// inside of a closure that replaces part of the body.
func (u *unit) resultVars(ft *ast.FuncType, sig *types.Signature, body *ast.BlockStmt) {
	if ft == nil || sig.Results().Len() == 0 {
		return
	}
	if len(ft.Results.List[0].Names) == 0 && !hasDefer(body) && !u.rangesOverFunc(body) {
		return
	}
	i := 0
	for _, f := range ft.Results.List {
		ids := f.Names
		if len(ids) == 0 {
			ids = []*ast.Ident{nil}
		}
		for _, id := range ids {
			var n string
			if id == nil || id.Name == "_" {
				n = u.fresh("res")
			} else {
				n = u.define(u.info().Defs[id])
			}
			u.fn.results = append(u.fn.results, n)
			u.p("var %s %s\n", n, u.t(sig.Results().At(i).Type()))
			i++
		}
	}
}

// hasDefer tells whether a body has defer statements of its own.
func hasDefer(b *ast.BlockStmt) (has bool) {
	inspectOwn(b, func(n ast.Node) {
		if _, ok := n.(*ast.DeferStmt); ok {
			has = true
		}
	})
	return has
}

func callsRecover(u *unit, b *ast.BlockStmt) (has bool) {
	inspectOwn(b, func(n ast.Node) {
		if id, ok := n.(*ast.Ident); ok {
			if bi, ok := u.info().Uses[id].(*types.Builtin); ok && bi.Name() == "recover" {
				has = true
			}
		}
	})
	return has
}

func (u *unit) rangesOverFunc(b *ast.BlockStmt) (has bool) {
	inspectOwn(b, func(n ast.Node) {
		if r, ok := n.(*ast.RangeStmt); ok {
			if _, ok := u.under(u.info().TypeOf(r.X)).(*types.Signature); ok {
				has = true
			}
		}
	})
	return has
}

// inspectOwn visits b without function literals in it.
func inspectOwn(b ast.Node, f func(ast.Node)) {
	ast.Inspect(b, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok && ast.Node(lit) != b {
			return false
		}
		if n != nil {
			f(n)
		}
		return true
	})
}

func pointerReceiver(m *types.Func) bool {
	r := m.Signature().Recv()
	if r == nil {
		return false
	}
	_, ok := types.Unalias(r.Type()).(*types.Pointer)
	return ok
}

// funcLit writes a function literal. A literal that may be called while its
// surroundings are still running needs a frame of its own: the interpreter
// keeps it in a slot of the frame that creates it, hands it to compiled code
// without its captured variables, and clears the slot when the literal has
// been called.
func (u *unit) funcLit(e *ast.FuncLit, shared bool) string {
	sig := u.info().TypeOf(e).(*types.Signature)
	shared = shared || u.fn.loops > 0
	text := u.literal(e, "")
	if shared {
		return "func() " + u.t(sig) + " { return " + text + " }()"
	}
	return text
}

// literal writes the literal itself. recovers is what recover() asks in it.
func (u *unit) literal(e *ast.FuncLit, recovers string) string {
	sig := u.info().TypeOf(e).(*types.Signature)
	u.fn = &fn{outer: u.fn, names: map[types.Object]string{}, sig: sig, labels: map[string]string{}, recovers: recovers}
	pos := u.pos
	text := u.sub(func() {
		u.p("func")
		if callsRecover(u, e.Body) && recovers == "" {
			u.litRecovers(e)
			return
		}
		u.funcBody(e.Type, sig, e.Body, nil)
	})
	u.fn = u.fn.outer
	u.pos = pos
	return text
}

// litRecovers writes a literal that calls recover and is not itself in a defer
// statement: it may be deferred through a variable.
func (u *unit) litRecovers(e *ast.FuncLit) {
	sig := u.info().TypeOf(e).(*types.Signature)
	u.fn.recovers = u.fresh("rec")
	text := u.sub(func() { u.funcBody(e.Type, sig, e.Body, nil) })
	i := strings.Index(text, "{\n") + 2
	u.p("%s%s := %s()\n%s", text[:i], u.fn.recovers, u.nsrt("Recoverer"), text[i:])
}

// analyse notes the variables that closures share with the function around
// them and those whose address is taken.
func (u *unit) analyse(n ast.Node) {
	owner := map[types.Object]ast.Node{}
	var walk func(n, f ast.Node)
	walk = func(n, f ast.Node) {
		ast.Inspect(n, func(x ast.Node) bool {
			switch x := x.(type) {
			case *ast.FuncLit:
				if ast.Node(x) != n {
					walk(x, x)
					return false
				}
			case *ast.Ident:
				if o := u.info().Defs[x]; o != nil {
					owner[o] = f
				} else if o := u.info().Uses[x]; o != nil {
					if g, ok := owner[o]; ok && g != f {
						u.escaping[o] = true
					}
				}
			case *ast.UnaryExpr:
				if x.Op == token.AND {
					u.escapes(x.X)
				}
			case *ast.SelectorExpr:
				if s := u.info().Selections[x]; s != nil && s.Kind() == types.MethodVal {
					if m, ok := s.Obj().(*types.Func); ok && pointerReceiver(m) {
						u.escapes(x.X)
					}
				}
			case *ast.SliceExpr:
				u.escapes(x.X)
			}
			return true
		})
	}
	walk(n, n)
}

// escapes notes the variable whose address is taken by &x, x.m() or x[:].
func (u *unit) escapes(x ast.Expr) {
	for {
		switch e := ast.Unparen(x).(type) {
		case *ast.Ident:
			if o := u.info().Uses[e]; o != nil {
				u.escaping[o] = true
			}
			return
		case *ast.SelectorExpr:
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		default:
			return
		}
	}
}

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// loopBody writes the statements of a loop after a stop check.
func (u *unit) loopBody(b *ast.BlockStmt) {
	u.fn.loops++
	u.stmts(b.List)
	u.fn.loops--
}

// forStmt writes a loop. The interpreter has one variable for all iterations
// where Go has one for each; that matters only if it outlives its iteration.
func (u *unit) forStmt(s *ast.ForStmt, lab, label string) {
	defer u.enter(label, true)()
	vars := u.loopVars(s)
	u.p("{\n")
	if s.Init != nil {
		u.stmt(s.Init, "")
	}
	escapes := false
	for _, o := range vars {
		escapes = escapes || u.escaping[o]
	}
	switch {
	case !escapes:
		u.plainFor(s, lab, nil)
	case !u.assigns(s.Body, vars) && !u.literalIn(s.Cond) && !u.literalIn(s.Post):
		u.plainFor(s, lab, vars)
	default:
		u.sharedFor(s, lab, vars)
	}
	u.p("}\n}\n")
}

func (u *unit) loopVars(s *ast.ForStmt) []types.Object {
	as, ok := s.Init.(*ast.AssignStmt)
	if !ok || as.Tok != token.DEFINE {
		return nil
	}
	var vars []types.Object
	for _, e := range as.Lhs {
		if o := u.info().Defs[e.(*ast.Ident)]; o != nil && !isBlank(e) {
			vars = append(vars, o)
		}
	}
	return vars
}

// plainFor writes the loop as it is, with a copy per iteration of the
// variables in copies.
func (u *unit) plainFor(s *ast.ForStmt, lab string, copies []types.Object) {
	cond, post := "", ""
	u.fn.loops++
	if s.Cond != nil {
		cond = u.header(s.Cond)
	}
	if s.Post != nil {
		post = u.oneLine(s.Post)
	}
	u.fn.loops--
	switch {
	case strings.Contains(post, "\n"):
		first := u.tmp()
		u.p("%s := true\n%sfor {\nif %s {\n%s = false\n} else {\n%s\n}\n", first, lab, first, first, post)
		if cond != "" {
			u.p("if !(%s) {\nbreak\n}\n", cond)
		}
	case post == "":
		u.p("%sfor %s {\n", lab, cond)
	default:
		u.p("%sfor ; %s; %s {\n", lab, cond, post)
	}
	u.poll()
	for _, o := range copies {
		outer := u.name(o)
		u.p("%s := %s\n", u.define(o), outer)
	}
	u.loopBody(s.Body)
}

// oneLine writes a simple statement without its position, which is that of the
// line around it.
func (u *unit) oneLine(s ast.Stmt) string {
	return strings.TrimSpace(u.sub(func() { u.simple(s) }))
}

// sharedFor writes a loop whose variables are assigned and captured: every
// iteration begins with a copy of the variables of the last one.
func (u *unit) sharedFor(s *ast.ForStmt, lab string, vars []types.Object) {
	first := u.tmp()
	u.p("%s := true\n", first)
	var ptrs []string
	for _, o := range vars {
		p := u.tmp()
		u.p("%s := &%s\n", p, u.name(o))
		ptrs = append(ptrs, p)
	}
	u.p("%sfor {\n", lab)
	u.poll()
	for i, o := range vars {
		n := u.define(o)
		u.p("%s := *%s\n%s = &%s\n", n, ptrs[i], ptrs[i], n)
	}
	u.p("if %s {\n%s = false\n} else {\n", first, first)
	u.fn.loops++
	if s.Post != nil {
		u.stmt(s.Post, "")
	}
	u.p("}\n")
	if s.Cond != nil {
		u.p("if !(%s) {\nbreak\n}\n", u.x(s.Cond))
	}
	u.fn.loops--
	u.loopBody(s.Body)
}

func (u *unit) literalIn(n ast.Node) (has bool) {
	if n == nil || isNilNode(n) {
		return false
	}
	ast.Inspect(n, func(x ast.Node) bool {
		if _, ok := x.(*ast.FuncLit); ok {
			has = true
		}
		return !has
	})
	return has
}

func isNilNode(n ast.Node) bool {
	switch n := n.(type) {
	case ast.Expr:
		return n == nil
	case ast.Stmt:
		return n == nil
	}
	return false
}

// assigns tells whether a body may change one of vars, by an assignment or
// through its address.
func (u *unit) assigns(body ast.Node, vars []types.Object) (has bool) {
	note := func(e ast.Expr) {
		if o := u.root(e); o != nil {
			for _, v := range vars {
				has = has || v == o
			}
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				note(l)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				note(n.Key)
				if n.Value != nil {
					note(n.Value)
				}
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n.X)
			}
		case *ast.SliceExpr:
			note(n.X)
		case *ast.SelectorExpr:
			if s := u.info().Selections[n]; s != nil && s.Kind() == types.MethodVal {
				if m, ok := s.Obj().(*types.Func); ok && pointerReceiver(m) {
					note(n.X)
				}
			}
		}
		return true
	})
	return has
}

// root is the variable that contains the place e.
func (u *unit) root(e ast.Expr) types.Object {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			return u.info().ObjectOf(x)
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		default:
			return nil
		}
	}
}

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// switchStmt writes a switch as one without a tag.
func (u *unit) switchStmt(s *ast.SwitchStmt, lab, label string) {
	defer u.enter(label, false)()
	u.p("{\n")
	if s.Init != nil {
		u.stmt(s.Init, "")
	}
	var tag *ast.Ident
	if s.Tag != nil {
		t := u.typ(s.Tag)
		if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			t = types.Default(t)
		}
		tag = u.variable(u.store(u.as(s.Tag, t), t), t)
	}
	which := ""
	if fallsThroughDefault(s.Body) {
		which = u.chooseClause(s, tag)
	}
	u.p("%sswitch {\n", lab)
	for i, c := range s.Body.List {
		cc := c.(*ast.CaseClause)
		u.at(cc.Pos())
		switch {
		case which != "":
			u.p("case %s == %d:\n", which, i)
		case cc.List == nil:
			u.p("default:\n")
		default:
			u.p("case %s:\n", u.cases(tag, cc.List))
		}
		u.stmts(cc.Body)
	}
	u.p("}\n}\n")
}

// fallsThroughDefault tells whether a switch has fallthrough statements and a
// default clause that is not the last one. The interpreter does not find its
// way through these.
func fallsThroughDefault(b *ast.BlockStmt) bool {
	early, falls := false, false
	for i, c := range b.List {
		cc := c.(*ast.CaseClause)
		early = early || cc.List == nil && i < len(b.List)-1
		if n := len(cc.Body); n > 0 {
			br, ok := cc.Body[n-1].(*ast.BranchStmt)
			falls = falls || ok && br.Tok == token.FALLTHROUGH
		}
	}
	return early && falls
}

// chooseClause writes statements that set a variable to the number of the
// clause to run, -1 for none.
func (u *unit) chooseClause(s *ast.SwitchStmt, tag *ast.Ident) string {
	which, def := u.tmp(), -1
	u.p("%s := 0\n", which)
	for i, c := range s.Body.List {
		cc := c.(*ast.CaseClause)
		if cc.List == nil {
			def = i
			continue
		}
		u.p("if %s {\n%s = %d\n} else ", u.parens(u.cases(tag, cc.List)), which, i)
	}
	u.p("{\n%s = %d\n}\n", which, def)
	return which
}

func (u *unit) cases(tag *ast.Ident, list []ast.Expr) string {
	var conds []string
	for _, e := range list {
		switch {
		case tag == nil && isInterface(u.typ(e)):
			conds = append(conds, u.nsrt("Equal")+"("+u.x(e)+", true)")
		case tag == nil:
			conds = append(conds, u.operand(e, 2))
		case u.isNil(e):
			conds = append(conds, tag.Name+" == nil")
		default:
			conds = append(conds, u.caseEqual(tag, e))
		}
	}
	return strings.Join(conds, " || ")
}

// caseEqual writes tag == e. A constant takes the type of the tag.
func (u *unit) caseEqual(tag *ast.Ident, e ast.Expr) string {
	tt, et := u.typ(tag), u.typ(e)
	if !isInterface(tt) && !isInterface(et) {
		return tag.Name + " == " + u.parens(u.as(e, tt))
	}
	return u.equal(tag, e)
}

func (u *unit) parens(s string) string {
	if strings.ContainsAny(s, " {") {
		return "(" + s + ")"
	}
	return s
}

// typeSwitch writes a type switch as assertions that choose the number of a
// clause, and a switch over that.
func (u *unit) typeSwitch(s *ast.TypeSwitchStmt, lab, label string) {
	defer u.enter(label, false)()
	u.p("{\n")
	if s.Init != nil {
		u.stmt(s.Init, "")
	}
	var x ast.Expr
	binds := false
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		x, binds = a.Rhs[0], true
	case *ast.ExprStmt:
		x = a.X
	}
	x = ast.Unparen(x).(*ast.TypeAssertExpr).X
	v := u.store(u.x(x), u.typ(x))
	which, ok, plain := u.tmp(), u.tmp(), u.tmp()
	u.p("%s, %s := 0, false\nvar %s interface{} = %s(%s)\n", which, ok, plain, u.nsrt("Plain"), v)
	for i, c := range s.Body.List {
		for _, e := range c.(*ast.CaseClause).List {
			if u.isNil(e) {
				u.p("if %s == 0 && %s == nil { %s = %d }\n", which, v, which, i+1)
				continue
			}
			u.p("if %s == 0 {\n%sif %s { %s = %d }\n}\n", which, u.holds(ok, plain, u.typ(e)), ok, which, i+1)
		}
	}
	u.p("%sswitch {\n", lab)
	for i, c := range s.Body.List {
		cc := c.(*ast.CaseClause)
		u.at(cc.Pos())
		if cc.List == nil {
			u.p("default:\n")
		} else {
			u.p("case %s == %d:\n", which, i+1)
		}
		if o := u.info().Implicits[cc]; binds && o != nil {
			if len(cc.List) == 1 && !u.isNil(cc.List[0]) {
				u.content(u.define(o), plain, u.subst(o.Type()))
			} else {
				u.p("var %s %s = %s\n", u.define(o), u.t(o.Type()), v)
			}
		}
		u.stmts(cc.Body)
	}
	u.p("}\n}\n")
}

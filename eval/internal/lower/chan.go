package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// Channel operations go through run-time functions that a stop request can
// end. They take the addresses of the variables for values, so that no value
// passes through an interface.

func (u *unit) chanElem(e ast.Expr) types.Type {
	return u.subst(u.under(u.info().TypeOf(e)).(*types.Chan).Elem())
}

func (u *unit) send(s *ast.SendStmt) {
	ch := u.store(u.x(s.Chan), u.typ(s.Chan))
	t := u.chanElem(s.Chan)
	v := u.store(u.as(s.Value, t), t)
	u.p("%s(%s, &%s)\n", u.nsrt("Send"), ch, v)
}

// receive writes <-ch as an expression of one or two values.
func (u *unit) receive(e *ast.UnaryExpr) string {
	t := u.t(u.chanElem(e.X))
	ct := u.t(u.typ(e.X))
	if _, two := u.typ(e).(*types.Tuple); two {
		return fmt.Sprintf("func(c_ %s) (%s, bool) { var v_ %s; ok_ := %s(c_, &v_); return v_, ok_ }(%s)", ct, t, t, u.nsrt("Recv"), u.x(e.X))
	}
	return fmt.Sprintf("func(c_ %s) %s { var v_ %s; %s(c_, &v_); return v_ }(%s)", ct, t, t, u.nsrt("Recv"), u.x(e.X))
}

func (u *unit) discardReceive(e *ast.UnaryExpr) {
	v := u.tmp()
	u.p("var %s %s\n%s(%s, &%s)\n", v, u.t(u.chanElem(e.X)), u.nsrt("Recv"), u.x(e.X), v)
}

// selectStmt evaluates the operands of all cases, lets the run time choose one,
// and switches over its number.
func (u *unit) selectStmt(s *ast.SelectStmt, lab, label string) {
	defer u.enter(label, false)()
	u.p("{\n")
	var cases []string
	var bind []func() // at the beginning of the clauses
	blocking := true
	for _, c := range s.Body.List {
		cc := c.(*ast.CommClause)
		u.at(cc.Pos())
		if cc.Comm == nil {
			blocking = false
			bind = append(bind, nil)
			continue
		}
		text, b := u.commCase(cc.Comm)
		cases = append(cases, text)
		bind = append(bind, b)
	}
	which := u.tmp()
	u.at(s.Pos())
	args := append([]string{fmt.Sprint(blocking)}, cases...)
	u.p("%s := %s(%s)\n%sswitch {\n", which, u.nsrt("Select"), strings.Join(args, ", "), lab)
	n := 0
	for i, c := range s.Body.List {
		cc := c.(*ast.CommClause)
		u.at(cc.Pos())
		if cc.Comm == nil {
			u.p("default:\n")
		} else {
			u.p("case %s == %d:\n", which, n)
			n++
		}
		if bind[i] != nil {
			bind[i]()
		}
		u.stmts(cc.Body)
	}
	u.p("}\n}\n")
}

// commCase writes a case for the run time, and returns what the clause begins
// with.
func (u *unit) commCase(s ast.Stmt) (text string, bind func()) {
	if snd, ok := s.(*ast.SendStmt); ok {
		ch := u.store(u.x(snd.Chan), u.typ(snd.Chan))
		t := u.chanElem(snd.Chan)
		v := u.store(u.as(snd.Value, t), t)
		return fmt.Sprintf("%s(%s, &%s)", u.nsrt("SendCase"), ch, v), nil
	}
	var x ast.Expr
	as, _ := s.(*ast.AssignStmt)
	if as != nil {
		x = as.Rhs[0]
	} else {
		x = s.(*ast.ExprStmt).X
	}
	e := ast.Unparen(x).(*ast.UnaryExpr)
	ch := u.store(u.x(e.X), u.typ(e.X))
	t := u.chanElem(e.X)
	v, ok := u.tmp(), u.tmp()
	u.p("var %s %s\nvar %s bool\n", v, u.t(t), ok)
	text = fmt.Sprintf("%s(%s, &%s, &%s)", u.nsrt("RecvCase"), ch, v, ok)
	if as == nil {
		return text, nil
	}
	return text, func() { u.bindReceived(as, v, ok, t) }
}

func (u *unit) bindReceived(as *ast.AssignStmt, v, ok string, t types.Type) {
	vals, ts := []string{v, ok}, []types.Type{t, types.Typ[types.Bool]}
	for i, l := range as.Lhs {
		if isBlank(l) {
			continue
		}
		if as.Tok == token.DEFINE {
			u.declare(u.info().Defs[l.(*ast.Ident)], vals[i])
			continue
		}
		u.p("%s = %s\n", u.place(l), u.toInterfaceIf(vals[i], ts[i], u.typ(l)))
	}
}

package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// entryStmts writes the top-level statements of a cell: each notes its number
// first, and may be followed by the error guard.
func (u *unit) entryStmts() {
	u.p("%s", u.replaced.String())
	for i, s := range u.cell.Body {
		u.step(i, s)
		if !u.cell.Check[s] {
			u.stmt(s, "")
			continue
		}
		if es, ok := s.(*ast.ExprStmt); ok {
			u.at(s.Pos())
			u.checkedCall(es.X)
			continue
		}
		u.stmt(s, "")
		if v := u.lastVar(s); v != "" {
			u.p("%s(%s)\n", u.nsrt("Check"), v)
		}
	}
	if u.cell.Out != nil {
		u.out1()
	}
}

// step notes that top-level statement i begins.
func (u *unit) step(i int, n ast.Node) {
	u.at(n.Pos())
	u.p("%s(%d)\n", u.nsrt("Step"), i)
}

// lastVar is the variable that a checked statement assigns last.
func (u *unit) lastVar(s ast.Stmt) string {
	var id *ast.Ident
	switch s := s.(type) {
	case *ast.AssignStmt:
		id, _ = s.Lhs[len(s.Lhs)-1].(*ast.Ident)
	case *ast.DeclStmt:
		specs := s.Decl.(*ast.GenDecl).Specs
		names := specs[len(specs)-1].(*ast.ValueSpec).Names
		id = names[len(names)-1]
	}
	if id == nil || id.Name == "_" {
		return ""
	}
	return u.name(u.info().ObjectOf(id))
}

// checkedCall writes a call whose last result is an error that ends the cell.
func (u *unit) checkedCall(e ast.Expr) {
	vals, _ := u.evaluate(e)
	u.p("%s(%s)\n", u.nsrt("Check"), vals[len(vals)-1])
}

// evaluate puts the values of e into variables.
func (u *unit) evaluate(e ast.Expr) (vals []string, ts []types.Type) {
	t := u.typ(e)
	tuple, ok := t.(*types.Tuple)
	if !ok {
		if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			if b.Kind() == types.UntypedNil {
				return []string{"nil"}, []types.Type{t}
			}
			t = types.Default(t)
		}
		return []string{u.store(u.as(e, t), t)}, []types.Type{t}
	}
	for i := range tuple.Len() {
		vals = append(vals, u.tmp())
		ts = append(ts, tuple.At(i).Type())
	}
	u.p("%s := %s\n", strings.Join(vals, ", "), u.x(e))
	return vals, ts
}

// out1 shows the values of the last expression.
func (u *unit) out1() {
	e := u.cell.Out
	u.step(len(u.cell.Body), e)
	if tv := u.info().Types[ast.Unparen(e)]; tv.Value != nil && overflowsInt(tv) {
		u.p("%s(%s)\n", u.nsrt("Out"), fmt.Sprintf("%q", tv.Value.ExactString()))
		return
	}
	vals, _ := u.evaluate(e)
	if u.cell.OutError {
		u.p("%s(%s)\n", u.nsrt("Check"), vals[len(vals)-1])
		vals = vals[:len(vals)-1]
	}
	u.p("%s(%s)\n", u.nsrt("Out"), strings.Join(vals, ", "))
}

// stopFlag is the variable with the address of the stop flag.
func (u *unit) stopFlag() string {
	if u.stop == "" {
		n := u.global("ns_stop")
		u.undo = append(u.undo, func() { u.stop = "" })
		u.stop = n
		u.prelude = fmt.Sprintf("package main\nvar %s *bool = %s\n", n, u.nsrt("Stop"))
	}
	return u.stop
}

package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// stmts writes a list of statements.
func (u *unit) stmts(list []ast.Stmt) {
	for _, s := range list {
		u.stmt(s, "")
	}
}

func (u *unit) block(b *ast.BlockStmt) {
	u.p("{\n")
	u.stmts(b.List)
	u.p("}\n")
}

// labelName is the name of a label; gotos to a labelled loop need another one
// than break and continue, since they run the initialisation again.
func (u *unit) labelName(kind, n string) string {
	key := kind + n
	if s, ok := u.fn.labels[key]; ok {
		return s
	}
	s := u.fresh(kind + n)
	u.fn.labels[key] = s
	return s
}

// stmt writes one statement. label is the name of a label in front of it.
func (u *unit) stmt(s ast.Stmt, label string) {
	if s == nil {
		return
	}
	u.at(s.Pos())
	if label != "" && u.isGotoTarget(label) {
		u.p("%s:\n", u.labelName("goto_", label))
	}
	lab := ""
	if label != "" {
		lab = u.labelName("label_", label) + ":\n"
	}
	switch s := s.(type) {
	case *ast.LabeledStmt:
		u.stmt(s.Stmt, s.Label.Name)
	case *ast.ForStmt:
		u.forStmt(s, lab, label)
	case *ast.RangeStmt:
		u.rangeStmt(s, lab, label)
	case *ast.SwitchStmt:
		u.switchStmt(s, lab, label)
	case *ast.TypeSwitchStmt:
		u.typeSwitch(s, lab, label)
	case *ast.SelectStmt:
		u.selectStmt(s, lab, label)
	case *ast.BlockStmt:
		u.block(s)
	case *ast.IfStmt:
		u.ifStmt(s)
	default:
		u.simple(s)
	}
}

// simple writes a statement without a body.
func (u *unit) simple(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.EmptyStmt:
	case *ast.DeclStmt:
		u.localDecl(s.Decl.(*ast.GenDecl))
	case *ast.ExprStmt:
		u.exprStmt(s.X)
	case *ast.SendStmt:
		u.send(s)
	case *ast.IncDecStmt:
		u.incDec(s)
	case *ast.AssignStmt:
		u.assign(s)
	case *ast.GoStmt:
		u.goStmt(s)
	case *ast.DeferStmt:
		u.deferStmt(s)
	case *ast.ReturnStmt:
		u.returnStmt(s)
	case *ast.BranchStmt:
		u.branch(s)
	default:
		panic(fmt.Sprintf("statement %T", s))
	}
}

func (u *unit) exprStmt(e ast.Expr) {
	e = ast.Unparen(e)
	if un, ok := e.(*ast.UnaryExpr); ok && un.Op == token.ARROW {
		u.discardReceive(un)
		return
	}
	u.p("%s\n", u.x(e))
}

// header writes an expression in front of a block.
func (u *unit) header(e ast.Expr) string {
	s := u.x(e)
	if strings.Contains(s, "{") {
		return "(" + s + ")"
	}
	return s
}

func (u *unit) ifStmt(s *ast.IfStmt) {
	if s.Init != nil {
		u.p("{\n")
		u.stmt(s.Init, "")
	}
	u.p("if %s {\n", u.header(s.Cond))
	u.stmts(s.Body.List)
	if s.Else != nil {
		u.p("} else {\n")
		if b, ok := s.Else.(*ast.BlockStmt); ok {
			u.stmts(b.List)
		} else {
			u.stmt(s.Else, "")
		}
	}
	u.p("}\n")
	if s.Init != nil {
		u.p("}\n")
	}
}

func (u *unit) returnStmt(s *ast.ReturnStmt) {
	if u.fn.yield != nil {
		u.yieldReturn(s)
		return
	}
	if u.fn.inDefers {
		u.setResults(s)
		u.p("return\n")
		return
	}
	if len(s.Results) == 0 {
		u.p("return %s\n", strings.Join(u.fn.results, ", "))
		return
	}
	u.p("return %s\n", strings.Join(u.resultValues(s), ", "))
}

// resultValues writes what a return statement returns.
func (u *unit) resultValues(s *ast.ReturnStmt) []string {
	res := u.fn.sig.Results()
	var vals []string
	if len(s.Results) == 1 && res.Len() > 1 { // return f()
		tuple := u.typ(s.Results[0]).(*types.Tuple)
		for range res.Len() {
			vals = append(vals, u.tmp())
		}
		u.p("%s := %s\n", strings.Join(vals, ", "), u.x(s.Results[0]))
		for i := range vals {
			vals[i] = u.toInterfaceIf(vals[i], tuple.At(i).Type(), res.At(i).Type())
		}
		return vals
	}
	for i, r := range s.Results {
		vals = append(vals, u.as(r, res.At(i).Type()))
	}
	return vals
}

// toInterfaceIf converts s to type to if that is an interface.
func (u *unit) toInterfaceIf(s string, from, to types.Type) string {
	from, to = u.subst(from), u.subst(to)
	if isInterface(to) {
		return u.toInterface(s, from, to, false)
	}
	if !types.Identical(from, to) && from != types.Typ[types.UntypedBool] {
		return "(" + u.t(to) + ")(" + s + ")"
	}
	return s
}

// setResults assigns what s returns to the variables of the results.
func (u *unit) setResults(s *ast.ReturnStmt) {
	if len(s.Results) == 0 {
		return
	}
	vals := u.resultValues(s)
	if len(vals) == 1 {
		t := u.tmp()
		u.p("var %s %s = %s\n%s = %s\n", t, u.t(u.fn.sig.Results().At(0).Type()), vals[0], u.fn.results[0], t)
		return
	}
	var ts []string
	for i, v := range vals {
		t := u.tmp()
		u.p("var %s %s = %s\n", t, u.t(u.fn.sig.Results().At(i).Type()), v)
		ts = append(ts, t)
	}
	for i, r := range u.fn.results {
		u.p("%s = %s\n", r, ts[i])
	}
}

func (u *unit) branch(s *ast.BranchStmt) {
	if s.Tok == token.GOTO {
		if u.fn.yield != nil {
			u.refuse("goto inside range over a function", "use break and continue with labels")
		}
		u.poll()
		u.p("goto %s\n", u.labelName("goto_", s.Label.Name))
		return
	}
	if u.fn.yield != nil && u.yieldBranch(s) {
		return
	}
	if s.Label != nil {
		u.p("%s %s\n", s.Tok, u.labelName("label_", s.Label.Name))
		return
	}
	u.p("%s\n", s.Tok)
}

// isGotoTarget tells whether the current function has a goto to label.
func (u *unit) isGotoTarget(label string) bool { return u.fn.gotos[label] }

// gotoTargets collects the labels that gotos of a body name.
func gotoTargets(b ast.Node) map[string]bool {
	labels := map[string]bool{}
	inspectOwn(b, func(n ast.Node) {
		if br, ok := n.(*ast.BranchStmt); ok && br.Tok == token.GOTO {
			labels[br.Label.Name] = true
		}
	})
	return labels
}

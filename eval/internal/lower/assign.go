package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// isGlobal tells whether a variable declared in the body of the cell lives on.
func (u *unit) isGlobal(o types.Object) bool { return u.names[o] != "" }

// localDecl writes var declarations in functions. Constants and types need
// none.
func (u *unit) localDecl(d *ast.GenDecl) {
	if d.Tok != token.VAR {
		return
	}
	for _, sp := range d.Specs {
		u.varSpec(sp.(*ast.ValueSpec))
	}
}

func (u *unit) varSpec(vs *ast.ValueSpec) {
	defs := make([]types.Object, len(vs.Names))
	for i, n := range vs.Names {
		if n.Name != "_" {
			defs[i] = u.info().Defs[n]
		}
	}
	switch {
	case len(vs.Values) == 0:
		for _, o := range defs {
			u.declareZero(o)
		}
	case len(vs.Values) == len(vs.Names):
		var vals []string
		for i, v := range vs.Values {
			vals = append(vals, u.as(v, u.specType(vs, defs[i], v)))
		}
		if len(vals) > 1 {
			for i, v := range vs.Values {
				vals[i] = u.store(vals[i], u.specType(vs, defs[i], v))
			}
		}
		for i, o := range defs {
			u.declare(o, vals[i])
		}
	default:
		u.unpack(vs.Values[0], func(i int) target { return target{def: defs[i]} }, len(defs))
	}
}

func (u *unit) specType(vs *ast.ValueSpec, o types.Object, v ast.Expr) types.Type {
	if o != nil {
		return o.Type()
	}
	if vs.Type != nil {
		return u.info().TypeOf(vs.Type)
	}
	return u.info().TypeOf(v)
}

// store puts a value into a new temporary variable.
func (u *unit) store(s string, t types.Type) string {
	v := u.tmp()
	u.p("var %s %s = %s\n", v, u.t(t), s)
	return v
}

// declareZero writes var x T.
func (u *unit) declareZero(o types.Object) {
	if o == nil {
		return
	}
	if u.isGlobal(o) {
		t := u.tmp()
		u.p("var %s %s\n%s = %s\n", t, u.t(o.Type()), u.name(o), t)
		return
	}
	n := u.define(o)
	u.p("var %s %s\n", n, u.t(o.Type()))
}

// declare writes the declaration of o with a value; nil is a blank.
func (u *unit) declare(o types.Object, val string) {
	switch {
	case o == nil:
		u.evaluateOnly(val)
	case u.isGlobal(o):
		u.set(u.name(o), val, o.Type(), strings.Contains(val, "("))
	default:
		n := u.define(o)
		t := u.subst(o.Type())
		if isInterface(t) || val == "nil" || isFunc(t) { // of a function the interpreter would lose the declared type
			u.p("var %s %s = %s\n", n, u.t(t), val)
		} else {
			u.p("%s := %s\n", n, val)
		}
	}
}

// evaluateOnly writes _ = val. The interpreter does not evaluate what is
// assigned to a blank, which may panic.
func (u *unit) evaluateOnly(val string) {
	if val != "nil" {
		u.p("%s := %s\n", u.tmp(), val)
	}
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// set writes an assignment. The interpreter lets a called function write its
// results straight into the variable, so a variable that the function may see
// gets them through a temporary one.
func (u *unit) set(lhs, val string, t types.Type, shared bool) {
	if shared {
		val = u.store(val, t)
	}
	u.p("%s = %s\n", lhs, val)
}

// target is something that is assigned to: a new variable, or a place; the
// zero target drops the value.
type target struct {
	def   types.Object
	place string
	t     types.Type
}

// unpack assigns the values of a call or a comma-ok expression.
func (u *unit) unpack(e ast.Expr, to func(i int) target, n int) {
	e = ast.Unparen(e)
	tuple := u.typ(e).(*types.Tuple)
	var tos []target
	for i := range n {
		tos = append(tos, to(i))
	}
	rhs := u.x(e)
	direct, some := true, false
	for i, t := range tos {
		if t.def == nil && t.place == "" {
			continue
		}
		some = true
		direct = direct && t.def != nil && !u.isGlobal(t.def) && types.Identical(u.subst(t.def.Type()), u.subst(tuple.At(i).Type()))
	}
	var names []string
	for _, t := range tos {
		switch {
		case t.def == nil && t.place == "" && some:
			names = append(names, "_")
		case direct && some:
			names = append(names, u.define(t.def))
		default:
			names = append(names, u.tmp())
		}
	}
	u.p("%s := %s\n", strings.Join(names, ", "), rhs)
	if direct {
		return
	}
	for i, t := range tos {
		switch {
		case t.def != nil:
			u.declare(t.def, u.toInterfaceIf(names[i], tuple.At(i).Type(), t.def.Type()))
		case t.place != "":
			u.p("%s = %s\n", t.place, u.toInterfaceIf(names[i], tuple.At(i).Type(), t.t))
		}
	}
}

func (u *unit) assign(s *ast.AssignStmt) {
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		u.opAssign(s)
		return
	}
	switch {
	case len(s.Lhs) == 1:
		u.assignOne(s)
	case len(s.Rhs) == 1:
		pre := u.places(s)
		u.unpack(s.Rhs[0], func(i int) target { return pre[i] }, len(s.Lhs))
	default:
		u.assignPairs(s)
	}
}

// newVar returns the variable that s declares by e, nil if it declares none.
func (u *unit) newVar(s *ast.AssignStmt, e ast.Expr) types.Object {
	if id, ok := e.(*ast.Ident); ok && s.Tok == token.DEFINE && id.Name != "_" {
		return u.info().Defs[id]
	}
	return nil
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

func (u *unit) assignOne(s *ast.AssignStmt) {
	l, r := s.Lhs[0], s.Rhs[0]
	if isBlank(l) {
		u.evaluateOnly(u.x(r))
		return
	}
	if o := u.newVar(s, l); o != nil {
		u.declare(o, u.as(r, o.Type()))
		return
	}
	t := u.info().TypeOf(l)
	if se, ok := ast.Unparen(l).(*ast.SelectorExpr); ok && u.info().Selections[se] != nil {
		if s, ok := u.callbackField(r, u.typ(se.X), t); ok {
			u.p("%s = %s\n", u.place(l), s)
			return
		}
	}
	shared := false
	if id, ok := ast.Unparen(l).(*ast.Ident); ok {
		o := u.info().ObjectOf(id)
		shared = (u.escaping[o] || u.isGlobal(o)) && hasCall(r)
	} else if hasCall(r) && hasCall(l) || !pure(l) {
		// Operands of the left side come first.
		u.p("%s = %s\n", u.place(l), u.as(r, t))
		return
	}
	u.set(u.x(l), u.as(r, t), t, shared)
}

// hasCall tells whether e calls a function.
func hasCall(e ast.Expr) (has bool) {
	inspectOwn(e, func(n ast.Node) {
		if _, ok := n.(*ast.CallExpr); ok {
			has = true
		}
	})
	return has
}

// pure tells whether e can be evaluated twice.
func pure(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident, *ast.BasicLit:
		return true
	case *ast.SelectorExpr:
		return pure(e.X)
	case *ast.ParenExpr:
		return pure(e.X)
	case *ast.StarExpr:
		return pure(e.X)
	case *ast.IndexExpr:
		return pure(e.X) && pure(e.Index)
	case *ast.BinaryExpr:
		return pure(e.X) && pure(e.Y)
	}
	return false
}

// place evaluates the operands of the left side of an assignment and writes
// what is assigned to.
func (u *unit) place(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		return u.indexPlace(e)
	case *ast.StarExpr:
		return "(*" + u.store(u.x(e.X), u.typ(e.X)) + ")"
	case *ast.SelectorExpr:
		sel := u.info().Selections[e]
		if sel == nil {
			break
		}
		x := ""
		switch t := u.typ(e.X); {
		case u.isPointer(t):
			x = u.store(u.x(e.X), t)
		case pure(e.X):
			x = u.place(e.X)
		default:
			x = "(*" + u.store("&"+u.operand(e.X, primary), types.NewPointer(t)) + ")"
		}
		s, _ := u.path(x, u.typ(e.X), sel.Index())
		return s
	}
	return u.x(e)
}

func (u *unit) indexPlace(e *ast.IndexExpr) string {
	t := u.typ(e.X)
	if m, ok := t.Underlying().(*types.Map); ok {
		x := u.store(u.x(e.X), t)
		return x + "[" + u.store(u.mapKey(e.Index, m), u.keyType(m)) + "]"
	}
	x := ""
	switch t.Underlying().(type) {
	case *types.Pointer:
		x = "(*" + u.store(u.x(e.X), t) + ")"
	case *types.Slice:
		x = u.store(u.x(e.X), t)
	default:
		if pure(e.X) {
			x = u.place(e.X)
		} else {
			x = "(*" + u.store("&"+u.operand(e.X, primary), types.NewPointer(t)) + ")"
		}
	}
	if u.info().Types[e.Index].Value != nil {
		return x + "[" + u.index(e.Index) + "]"
	}
	return x + "[" + u.store(u.x(e.Index), u.typ(e.Index)) + "]"
}

// places evaluates the left sides of an assignment of several values.
func (u *unit) places(s *ast.AssignStmt) []target {
	var tos []target
	for _, e := range s.Lhs {
		switch o := u.newVar(s, e); {
		case isBlank(e):
			tos = append(tos, target{})
		case o != nil:
			tos = append(tos, target{def: o})
		default:
			tos = append(tos, target{place: u.place(e), t: u.info().TypeOf(e)})
		}
	}
	return tos
}

// assignPairs writes a, b = x, y: first the operands on the left, then the
// values, then the assignments.
func (u *unit) assignPairs(s *ast.AssignStmt) {
	if u.canSwap(s) {
		var lhs, rhs []string
		for i, l := range s.Lhs {
			lhs = append(lhs, u.x(l))
			rhs = append(rhs, u.as(s.Rhs[i], u.info().TypeOf(l)))
		}
		u.p("%s = %s\n", strings.Join(lhs, ", "), strings.Join(rhs, ", "))
		return
	}
	tos := u.places(s)
	var vals []string
	for i, r := range s.Rhs {
		t := tos[i].t
		switch {
		case tos[i].def != nil:
			t = tos[i].def.Type()
		case t == nil:
			t = u.info().TypeOf(r)
			if b, ok := t.(*types.Basic); ok && b.Kind() == types.UntypedNil {
				t = emptyInterface
			}
		}
		vals = append(vals, u.store(u.as(r, t), t))
	}
	for i, to := range tos {
		switch {
		case to.def != nil:
			u.declare(to.def, vals[i])
		case to.place != "":
			u.p("%s = %s\n", to.place, vals[i])
		}
	}
}

// canSwap tells whether the interpreter does the assignment right by itself:
// places whose operands are plain variables that are not assigned.
func (u *unit) canSwap(s *ast.AssignStmt) bool {
	if s.Tok != token.ASSIGN {
		return false
	}
	assigned := map[types.Object]bool{}
	var operands []ast.Expr
	for i, l := range s.Lhs {
		if hasCall(s.Rhs[i]) || isInterface(u.typ(l)) {
			return false
		}
		switch l := l.(type) {
		case *ast.Ident:
			if l.Name == "_" {
				return false
			}
			assigned[u.info().ObjectOf(l)] = true
		case *ast.IndexExpr:
			if _, ok := u.under(u.info().TypeOf(l.X)).(*types.Slice); !ok || !pure(l) {
				return false
			}
			operands = append(operands, l.X, l.Index)
		default:
			return false
		}
	}
	for _, o := range operands {
		if !u.isSteady(o, assigned) {
			return false
		}
	}
	return true
}

// isSteady tells whether an operand is a constant, or a variable that is not
// assigned, or the sum of these.
func (u *unit) isSteady(e ast.Expr, assigned map[types.Object]bool) bool {
	if u.info().Types[e].Value != nil {
		return true
	}
	switch e := e.(type) {
	case *ast.Ident:
		return !assigned[u.info().ObjectOf(e)]
	case *ast.BinaryExpr:
		return u.isSteady(e.X, assigned) && u.isSteady(e.Y, assigned)
	}
	return false
}

func (u *unit) incDec(s *ast.IncDecStmt) {
	t := u.typ(s.X)
	if id, ok := ast.Unparen(s.X).(*ast.Ident); ok && hasInfo(t, types.IsInteger) {
		u.p("%s%s\n", u.ident(id), s.Tok)
		return
	}
	op := " + "
	if s.Tok == token.DEC {
		op = " - "
	}
	one := u.constant(oneConst, t)
	u.update(s.X, false, func(place string) string { return place + op + one })
}

// opAssign writes x op= y.
func (u *unit) opAssign(s *ast.AssignStmt) {
	op := s.Tok - token.ADD_ASSIGN + token.ADD
	u.update(s.Lhs[0], hasCall(s.Rhs[0]), func(place string) string {
		var y string
		if op == token.SHL || op == token.SHR {
			y = u.shift(s.Rhs[0])
		} else if tv := u.info().Types[s.Rhs[0]]; tv.Value != nil {
			y = u.constant(tv.Value, u.typ(s.Lhs[0]))
		} else {
			y = u.operand(s.Rhs[0], op.Precedence()+1)
		}
		return place + " " + op.String() + " " + y
	})
}

// update assigns to x a value that is made from it; the operands of x are
// evaluated once, and before a call that makes the value.
func (u *unit) update(x ast.Expr, calls bool, f func(place string) string) {
	x = ast.Unparen(x)
	p := ""
	if _, variable := x.(*ast.Ident); variable || pure(x) && !calls {
		p = u.x(x)
	} else {
		p = u.place(x)
	}
	u.p("%s = %s\n", p, f(p))
}

package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// Binding strength of operators, as token.Token.Precedence has it for binary
// ones. Parentheses cost a step of the interpreter, so none are written that
// are not needed.
const (
	anyPrec   = 0
	unaryPrec = token.UnaryPrec
	primary   = token.HighestPrec
)

// typ is the type of e in the current instance.
func (u *unit) typ(e ast.Expr) types.Type { return u.subst(u.info().TypeOf(e)) }

// x writes e where any operator may stand.
func (u *unit) x(e ast.Expr) string { s, _ := u.expr(e); return s }

// operand writes e for an operator of strength prec around it.
func (u *unit) operand(e ast.Expr, prec int) string {
	s, p := u.expr(e)
	if p < prec {
		return "(" + s + ")"
	}
	return s
}

// as writes e as it is assigned to something of type t.
func (u *unit) as(e ast.Expr, t types.Type) string {
	t = u.subst(t)
	if t == nil {
		return u.x(e)
	}
	from := u.typ(e)
	if u.isNil(e) {
		return "nil"
	}
	if isInterface(t) {
		return u.toInterface(u.typed(e), from, t, isAddress(e))
	}
	if tv := u.info().Types[e]; tv.Value != nil {
		return u.constant(tv.Value, t)
	}
	s := u.x(e)
	if b, ok := from.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		return s
	}
	if _, fn := t.Underlying().(*types.Signature); fn {
		return s
	}
	if _, tuple := from.(*types.Tuple); !tuple && !types.Identical(from, t) {
		return "(" + u.t(t) + ")(" + s + ")"
	}
	return s
}

// isAddress tells whether e is never nil.
func isAddress(e ast.Expr) bool {
	un, ok := ast.Unparen(e).(*ast.UnaryExpr)
	return ok && un.Op == token.AND
}

func (u *unit) isNil(e ast.Expr) bool { return u.info().Types[e].IsNil() }

// expr writes e and tells the strength of its outermost operator.
func (u *unit) expr(e ast.Expr) (string, int) {
	if tv, ok := u.info().Types[e]; ok {
		if tv.Value != nil {
			s := u.constant(tv.Value, tv.Type)
			if strings.HasPrefix(s, "-") {
				return s, unaryPrec
			}
			return s, primary
		}
		if tv.IsType() {
			return u.t(tv.Type), primary
		}
	}
	if f := u.function(e); f != nil {
		if sig, ok := u.typ(e).(*types.Signature); ok {
			return u.funcValue(u.callee(e), sig), primary
		}
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return u.expr(e.X)
	case *ast.Ident:
		return u.ident(e), primary
	case *ast.BasicLit:
		return e.Value, primary
	case *ast.FuncLit:
		return u.funcLit(e, false), primary
	case *ast.CompositeLit:
		return u.composite(e, u.typ(e)), primary
	case *ast.SelectorExpr:
		return u.selector(e), primary
	case *ast.IndexExpr:
		return u.indexExpr(e), primary
	case *ast.IndexListExpr:
		return u.expr(e.X)
	case *ast.SliceExpr:
		return u.sliceExpr(e), primary
	case *ast.TypeAssertExpr:
		return u.assertion(e), primary
	case *ast.CallExpr:
		return u.call(e), primary
	case *ast.StarExpr:
		return "*" + u.operand(e.X, unaryPrec), unaryPrec
	case *ast.UnaryExpr:
		return u.unary(e)
	case *ast.BinaryExpr:
		return u.binary(e)
	}
	panic(fmt.Sprintf("expression %T", e))
}

func (u *unit) ident(e *ast.Ident) string {
	if e.Name == "_" {
		return "_"
	}
	o := u.info().ObjectOf(e)
	switch o := o.(type) {
	case *types.Const:
		return u.constant(o.Val(), o.Type())
	case *types.Nil:
		return "nil"
	}
	return u.funcOrVar(o, e)
}

// funcOrVar writes an identifier that is no constant.
func (u *unit) funcOrVar(o types.Object, id *ast.Ident) string {
	if in, ok := u.info().Instances[id]; ok {
		return u.instance(o.(*types.Func), in.TypeArgs)
	}
	return u.name(o)
}

// function returns the function of the session that e names, nil if e is
// another expression.
func (u *unit) function(e ast.Expr) *types.Func {
	var o types.Object
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		o = u.info().ObjectOf(e)
	case *ast.SelectorExpr:
		if u.info().Selections[e] == nil {
			o = u.info().ObjectOf(e.Sel)
		}
	case *ast.IndexExpr:
		return u.function(e.X)
	case *ast.IndexListExpr:
		return u.function(e.X)
	}
	f, ok := o.(*types.Func)
	if !ok || u.compiledFunc(f) {
		return nil
	}
	return f
}

// funcValue writes a declared function that is used as a value. The
// interpreter cannot put it into every place as it is.
func (u *unit) funcValue(name string, sig *types.Signature) string {
	names, args := u.params(sig)
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	return fmt.Sprintf("func%s { %s%s(%s) }", u.signature(sig, names), ret, name, args)
}

func (u *unit) indexExpr(e *ast.IndexExpr) string {
	t := u.info().TypeOf(e.X)
	switch c := u.under(t).(type) {
	case *types.Signature: // an instance
		return u.x(e.X)
	case *types.Map:
		return u.operand(e.X, primary) + "[" + u.mapKey(e.Index, c) + "]"
	}
	return u.array(e.X) + "[" + u.index(e.Index) + "]"
}

// mapKey writes a key of a map.
func (u *unit) mapKey(e ast.Expr, m *types.Map) string { return u.as(e, u.keyType(m)) }

// keyType is the type by which a map is keyed. Interfaces of the session are
// keys as empty interfaces: the interpreter's own contain more than the value.
func (u *unit) keyType(m *types.Map) types.Type {
	k := u.subst(m.Key())
	if isInterface(k) && !isEmpty(k) && !u.isCompiledInterface(k) {
		return emptyInterface
	}
	u.checkComparable(k)
	return k
}

// array writes something that is indexed or sliced.
func (u *unit) array(x ast.Expr) string {
	if u.isPointer(u.info().TypeOf(x)) {
		return "(*" + u.operand(x, unaryPrec) + ")"
	}
	return u.operand(x, primary)
}

// index writes an index or a length.
func (u *unit) index(e ast.Expr) string {
	if tv := u.info().Types[e]; tv.Value != nil {
		return constant.ToInt(tv.Value).ExactString()
	}
	return u.x(e)
}

func (u *unit) sliceExpr(e *ast.SliceExpr) string {
	s := u.array(e.X) + "["
	if e.Low != nil {
		s += u.index(e.Low)
	}
	s += ":"
	if e.High != nil {
		s += u.index(e.High)
	}
	if e.Max != nil {
		s += ":" + u.index(e.Max)
	}
	return s + "]"
}

func (u *unit) unary(e *ast.UnaryExpr) (string, int) {
	switch e.Op {
	case token.AND:
		if c, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok {
			return "&" + u.composite(c, u.typ(c)), unaryPrec
		}
		return "&" + u.operand(e.X, primary), unaryPrec
	case token.ARROW:
		return u.receive(e), primary
	}
	s := u.operand(e.X, unaryPrec)
	if strings.HasPrefix(s, e.Op.String()) { // - -x
		s = "(" + s + ")"
	}
	return e.Op.String() + s, unaryPrec
}

func (u *unit) binary(e *ast.BinaryExpr) (string, int) {
	prec := e.Op.Precedence()
	switch e.Op {
	case token.SHL, token.SHR:
		return u.operand(e.X, prec) + " " + e.Op.String() + " " + u.shift(e.Y), prec
	case token.EQL, token.NEQ:
		return u.comparison(e)
	}
	return u.operand(e.X, prec) + " " + e.Op.String() + " " + u.operand(e.Y, prec+1), prec
}

// comparison writes == and !=. A comparison of an interface with something
// else is one of two interfaces.
func (u *unit) comparison(e *ast.BinaryExpr) (string, int) {
	op := " " + e.Op.String() + " "
	if u.isNil(e.X) {
		return u.operand(e.Y, 4) + op + "nil", 3
	}
	if u.isNil(e.Y) {
		return u.operand(e.X, 4) + op + "nil", 3
	}
	tx, ty := u.typ(e.X), u.typ(e.Y)
	if !isInterface(tx) && !isInterface(ty) {
		u.checkComparable(tx)
		return u.operand(e.X, 3) + op + u.operand(e.Y, 4), 3
	}
	s := u.equal(e.X, e.Y)
	if e.Op == token.NEQ {
		return "!" + s, unaryPrec
	}
	return s, primary
}

// equal compares two values of which at least one is an interface.
func (u *unit) equal(x, y ast.Expr) string {
	return u.nsrt("Equal") + "(" + u.dynamic(x) + ", " + u.dynamic(y) + ")"
}

// dynamic writes a value for a comparison of interfaces.
func (u *unit) dynamic(e ast.Expr) string {
	t := u.typ(e)
	if isInterface(t) {
		return u.x(e)
	}
	s := u.typed(e)
	if n, ok := types.Unalias(t).(*types.Named); ok && u.needsBox(n) {
		return u.box(n) + "{V: " + s + "}"
	}
	return s
}

// checkComparable refuses to compare values that contain interfaces of the
// session, which the interpreter compares by more than their values.
func (u *unit) checkComparable(t types.Type) {
	switch c := u.under(t).(type) {
	case *types.Struct:
		for i := range c.NumFields() {
			u.checkInner(c.Field(i).Type())
		}
	case *types.Array:
		u.checkInner(c.Elem())
	}
}

func (u *unit) checkInner(t types.Type) {
	if isInterface(u.subst(t)) && !isEmpty(u.subst(t)) && !u.isCompiledInterface(u.subst(t)) {
		u.refuse("a comparison of values that contain the interface type "+typeName(t), "compare the fields one by one")
	}
	u.checkComparable(t)
}

var emptyInterface = types.NewInterfaceType(nil, nil).Complete()

// shift writes a shift count.
func (u *unit) shift(e ast.Expr) string {
	if tv := u.info().Types[e]; tv.Value != nil {
		return "uint64(" + constant.ToInt(tv.Value).ExactString() + ")"
	}
	if hasInfo(u.typ(e), types.IsUnsigned) {
		return "uint64(" + u.x(e) + ")"
	}
	return u.nsrt("Shift") + "(int64(" + u.x(e) + "))"
}

func (u *unit) selector(e *ast.SelectorExpr) string {
	sel := u.info().Selections[e]
	if sel == nil { // qualified identifier
		o := u.info().ObjectOf(e.Sel)
		if c, ok := o.(*types.Const); ok {
			return u.constant(c.Val(), c.Type())
		}
		return u.funcOrVar(o, e.Sel)
	}
	switch sel.Kind() {
	case types.FieldVal:
		s, _ := u.path(u.operand(e.X, primary), u.typ(e.X), sel.Index())
		return s
	case types.MethodVal:
		return u.methodValue(e, sel)
	}
	return u.methodExpr(e, sel)
}

// methodValue writes a bound method as a closure that holds a copy of the
// receiver.
func (u *unit) methodValue(e *ast.SelectorExpr, sel *types.Selection) string {
	x, t, m := u.receiver(e, sel)
	sig := u.subst(m.Type()).(*types.Signature)
	names, args := u.params(sig)
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	return fmt.Sprintf("func(r_ %s) func%s { return func%s { %sr_.%s(%s) } }(%s)", u.t(t), u.signature(sig, nil), u.signature(sig, names), ret, m.Name(), args, x)
}

func (u *unit) methodExpr(e *ast.SelectorExpr, sel *types.Selection) string {
	t := u.typ(e.X)
	sig := u.typ(e).(*types.Signature)
	names, args := u.params(sig)
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	idx := sel.Index()
	path, _ := u.path(names[0], t, idx[:len(idx)-1])
	args = strings.TrimPrefix(strings.TrimPrefix(args, names[0]), ", ")
	return fmt.Sprintf("func%s { %s%s.%s(%s) }", u.signature(sig, names), ret, path, sel.Obj().Name(), args)
}

// receiver writes the receiver that a method call or value binds, with the
// type that the method wants.
func (u *unit) receiver(e *ast.SelectorExpr, sel *types.Selection) (string, types.Type, *types.Func) {
	x, t, m := u.holder(e, sel)
	switch {
	case isInterface(t):
	case pointerReceiver(m) && !u.isPointer(t):
		return "&" + x, types.NewPointer(t), m
	case !pointerReceiver(m) && u.isPointer(t):
		return "*" + x, u.under(t).(*types.Pointer).Elem(), m
	}
	return x, t, m
}

// holder writes the operand that has the method itself, after the embedded
// fields that lead to it, and finds the method.
func (u *unit) holder(e *ast.SelectorExpr, sel *types.Selection) (string, types.Type, *types.Func) {
	t := u.typ(e.X)
	idx := sel.Index()
	m := sel.Obj().(*types.Func)
	if _, ok := types.Unalias(u.info().TypeOf(e.X)).(*types.TypeParam); ok || u.env != nil {
		// In an instance the method is that of the type argument.
		if o, i, _ := types.LookupFieldOrMethod(t, true, m.Pkg(), m.Name()); o != nil {
			if f, ok := o.(*types.Func); ok {
				m, idx = f, i
			}
		}
	}
	x, t2 := u.path(u.operand(e.X, primary), t, idx[:len(idx)-1])
	if _, ok := types.Unalias(t2).(*types.Named); ok && isFunc(t2) {
		x = u.t(t2) + "(" + x + ")"
	}
	return x, t2, m
}

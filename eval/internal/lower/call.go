package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// call writes a call, a conversion or a builtin.
func (u *unit) call(c *ast.CallExpr) string {
	fun := ast.Unparen(c.Fun)
	tv := u.info().Types[fun]
	if tv.IsType() {
		return u.conversion(c.Args[0], u.subst(tv.Type))
	}
	if len(c.Args) == 1 {
		if tuple, ok := u.typ(c.Args[0]).(*types.Tuple); ok {
			return u.spread(c, tuple)
		}
	}
	if tv.IsBuiltin() {
		return u.builtin(c, fun)
	}
	sig := u.under(tv.Type).(*types.Signature)
	if s, ok := u.waits(c); ok {
		return s
	}
	if s, ok := u.errorsAs(c); ok {
		return s
	}
	if s, ok := u.slotCall(sig, c); ok {
		return s
	}
	return u.callee(fun) + "(" + u.args(sig, c) + ")"
}

// callee writes the function of a call.
func (u *unit) callee(fun ast.Expr) string {
	fun = ast.Unparen(fun)
	if u.function(fun) != nil {
		return u.funcName(fun)
	}
	se, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return u.operand(fun, primary)
	}
	sel := u.info().Selections[se]
	if sel == nil || sel.Kind() != types.MethodVal {
		return u.x(fun)
	}
	x, t, m := u.holder(se, sel)
	if !isInterface(t) && !pointerReceiver(m) && u.isPointer(t) {
		x = "(*" + x + ")"
	}
	return x + "." + m.Name()
}

// funcName names a declared function of the session.
func (u *unit) funcName(fun ast.Expr) string {
	switch f := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return u.funcOrVar(u.info().ObjectOf(f), f)
	case *ast.SelectorExpr:
		return u.funcOrVar(u.info().ObjectOf(f.Sel), f.Sel)
	case *ast.IndexExpr:
		return u.funcName(f.X)
	case *ast.IndexListExpr:
		return u.funcName(f.X)
	}
	panic(fmt.Sprintf("function %T", fun))
}

// spread writes f(g()) where g has several results.
func (u *unit) spread(c *ast.CallExpr, tuple *types.Tuple) string {
	n := *c
	n.Args = nil
	var names []string
	for i := range tuple.Len() {
		id := u.variable(u.tmp(), tuple.At(i).Type())
		n.Args = append(n.Args, id)
		names = append(names, id.Name)
	}
	u.info().Types[&n] = u.info().Types[c]
	res, ret := "", ""
	switch t := u.typ(c).(type) {
	case nil:
	case *types.Tuple:
		res = u.results(t)
	default:
		if !u.info().Types[c].IsVoid() {
			res = " " + u.t(t)
		}
	}
	if res != "" {
		ret = "return "
	}
	call, pre := "", ""
	if hasCall(c.Fun) { // the function is evaluated before its arguments
		pre = u.sub(func() {
			f := u.captureCallee(ast.Unparen(c.Fun), false)
			sig := u.under(u.info().TypeOf(c.Fun)).(*types.Signature)
			call = f + "(" + u.args(sig, &n) + ")"
		})
	} else {
		call = u.call(&n)
	}
	return fmt.Sprintf("func()%s { %s%s := %s; %s%s }()", res, pre, strings.Join(names, ", "), u.x(c.Args[0]), ret, call)
}

// variable makes an expression of a variable of the output.
func (u *unit) variable(name string, t types.Type) *ast.Ident {
	id := ast.NewIdent(name)
	v := types.NewVar(u.pos, u.cell.Pkg, name, t)
	u.info().Uses[id] = v
	u.info().Types[id] = types.TypeAndValue{Type: t}
	u.fn.names[v] = name
	return id
}

// args writes the arguments of a call.
func (u *unit) args(sig *types.Signature, c *ast.CallExpr) string {
	var args []string
	format, names := u.formatString(c, u.compiled(c.Fun))
	for i, x := range c.Args {
		switch {
		case names[i]:
			args = append(args, u.typeNameArg(x))
		case names != nil && i == sig.Params().Len()-2:
			args = append(args, strconv.Quote(format))
		default:
			args = append(args, u.arg(sig, c, i))
		}
	}
	s := strings.Join(args, ", ")
	if c.Ellipsis.IsValid() {
		s += "..."
	}
	return s
}

// paramType is the type that argument i is assigned to.
func (u *unit) paramType(sig *types.Signature, c *ast.CallExpr, i int) types.Type {
	n := sig.Params().Len()
	if !sig.Variadic() || i < n-1 {
		return u.subst(sig.Params().At(i).Type())
	}
	t := u.subst(sig.Params().At(n - 1).Type())
	if c.Ellipsis.IsValid() {
		return t
	}
	return variadicElem(t)
}

// arg writes argument i of a call.
func (u *unit) arg(sig *types.Signature, c *ast.CallExpr, i int) string {
	x := c.Args[i]
	t := u.paramType(sig, c, i)
	f := u.compiled(c.Fun)
	if f == nil {
		return u.as(x, t)
	}
	if fsig, ok := t.Underlying().(*types.Signature); ok {
		return u.callback(x, fsig, f.Pkg().Path())
	}
	if isInterface(t) && !u.isNil(x) {
		return u.compiledArg(f, x, t)
	}
	return u.as(x, t)
}

// compiled returns the compiled function that is called, nil if it is not
// known to be one.
func (u *unit) compiled(fun ast.Expr) *types.Func {
	var o types.Object
	switch f := ast.Unparen(fun).(type) {
	case *ast.Ident:
		o = u.info().ObjectOf(f)
	case *ast.SelectorExpr:
		o = u.info().ObjectOf(f.Sel)
	}
	f, ok := o.(*types.Func)
	if !ok || !u.compiledFunc(f) {
		return nil
	}
	return f
}

// compiledFunc tells whether f is compiled code.
func (u *unit) compiledFunc(f *types.Func) bool {
	return f.Pkg() != nil && f.Pkg() != u.cell.Pkg && !u.isLibrary(f.Pkg()) && f.Signature().TypeParams().Len() == 0
}

// keepers are the packages that give back the values they were given, as the
// interface they came in.
var keepers = map[string]bool{
	"container/heap": true, "container/list": true, "container/ring": true, "context": true, "errors": true,
	"sync": true, "sync/atomic": true,
}

// compiledArg writes an argument of interface type t for compiled code. Where
// that looks at the value itself, it gets the bare value and not its box.
func (u *unit) compiledArg(f *types.Func, x ast.Expr, t types.Type) string {
	from := types.Unalias(u.typ(x))
	if t.Underlying().(*types.Interface).NumMethods() > 0 {
		if isError(t) || isInterface(from) || !u.ofSession(from) {
			return u.as(x, t)
		}
		return u.wrap(u.typed(x), u.t(from), from, t, !isAddress(x))
	}
	if keepers[f.Pkg().Path()] {
		return u.as(x, t)
	}
	if u.formats(f) {
		return u.formatArg(f, x, from)
	}
	if isInterface(from) {
		return u.nsrt("Unbox") + "(" + u.x(x) + ")"
	}
	u.checkEncoding(f, from)
	return u.typed(x)
}

// waits writes calls that may block for ever by run-time functions that can be
// interrupted.
func (u *unit) waits(c *ast.CallExpr) (string, bool) {
	se, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	sel := u.info().Selections[se]
	if sel == nil || sel.Kind() != types.MethodVal {
		return "", false
	}
	m, ok := sel.Obj().(*types.Func)
	if !ok || m.Pkg() == nil || m.Pkg().Path() != "sync" {
		return "", false
	}
	x, t, _ := u.receiver(se, sel)
	if isInterface(t) {
		return "", false
	}
	switch m.FullName() {
	case "(*sync.WaitGroup).Wait":
		return u.nsrt("Wait") + "(" + x + ")", true
	case "(*sync.WaitGroup).Go":
		f := u.callback(c.Args[0], u.under(u.info().TypeOf(c.Args[0])).(*types.Signature), "sync")
		return u.nsrt("WaitGo") + "(" + x + ", " + f + ")", true
	case "(*sync.Mutex).Lock", "(*sync.RWMutex).Lock":
		return u.nsrt("Lock") + "(" + x + ")", true
	case "(*sync.RWMutex).RLock":
		return u.nsrt("Lock") + "((" + x + ").RLocker())", true
	}
	return "", false
}

func (u *unit) conversion(a ast.Expr, t types.Type) string {
	if u.isNil(a) {
		return "(" + u.t(t) + ")(nil)"
	}
	if isInterface(t) {
		from := u.typ(a)
		s := u.toInterface(u.typed(a), from, t, isAddress(a))
		if t.Underlying().(*types.Interface).NumMethods() == 0 {
			return "interface{}(" + s + ")"
		}
		return fmt.Sprintf("func() %s { return %s }()", u.t(t), s)
	}
	s := u.t(t)
	switch types.Unalias(t).(type) {
	case *types.Pointer, *types.Chan, *types.Signature:
		s = "(" + s + ")"
	}
	return s + "(" + u.x(a) + ")"
}

// capture evaluates the function and the arguments of a call now, in
// statements, and writes the call itself with what they gave.
func (u *unit) capture(c *ast.CallExpr) string {
	fun := ast.Unparen(c.Fun)
	tv := u.info().Types[fun]
	if len(c.Args) == 1 {
		if tuple, ok := u.typ(c.Args[0]).(*types.Tuple); ok {
			n := *c
			n.Args = nil
			var names []string
			for i := range tuple.Len() {
				id := u.variable(u.tmp(), tuple.At(i).Type())
				n.Args = append(n.Args, id)
				names = append(names, id.Name)
			}
			u.info().Types[&n] = u.info().Types[c]
			u.p("%s := %s\n", strings.Join(names, ", "), u.x(c.Args[0]))
			return u.capture(&n)
		}
	}
	if tv.IsBuiltin() || tv.IsType() {
		n := *c
		n.Args = append([]ast.Expr{}, c.Args...)
		for i, a := range c.Args {
			if at := u.info().Types[a]; at.IsType() || at.IsNil() || at.Value != nil {
				continue
			}
			n.Args[i] = u.variable(u.tmp(), u.typ(a))
			u.p("%s := %s\n", n.Args[i].(*ast.Ident).Name, u.x(a))
		}
		u.info().Types[&n] = u.info().Types[c]
		return u.call(&n)
	}
	f := u.captureCallee(fun, len(c.Args) == 0)
	sig := u.under(tv.Type).(*types.Signature)
	var args []string
	for i, a := range c.Args {
		if at := u.info().Types[a]; at.Value != nil && !isInterface(u.paramType(sig, c, i)) {
			args = append(args, u.arg(sig, c, i))
			continue
		}
		t := u.paramType(sig, c, i)
		v := u.tmp()
		u.p("var %s %s = %s\n", v, u.t(t), u.arg(sig, c, i))
		args = append(args, v)
	}
	dots := ""
	if c.Ellipsis.IsValid() {
		dots = "..."
	}
	return f + "(" + strings.Join(args, ", ") + dots + ")"
}

// captureCallee evaluates the function of a call.
func (u *unit) captureCallee(fun ast.Expr, noArgs bool) string {
	if u.function(fun) != nil {
		return u.callee(fun)
	}
	switch f := fun.(type) {
	case *ast.FuncLit:
		if noArgs {
			return u.literal(f, "")
		}
	case *ast.SelectorExpr:
		sel := u.info().Selections[f]
		if sel == nil {
			if _, ok := u.info().ObjectOf(f.Sel).(*types.Func); ok {
				return u.callee(f)
			}
		} else if sel.Kind() == types.MethodVal {
			x, t, m := u.receiver(f, sel)
			r := u.tmp()
			u.p("var %s %s = %s\n", r, u.t(t), x)
			if isInterface(t) {
				u.p("if %s == nil { panic(%s()) }\n", r, u.nsrt("NilDereference"))
			}
			return r + "." + m.Name()
		}
	}
	v := u.tmp()
	u.p("%s := %s\n", v, u.x(fun))
	return v
}

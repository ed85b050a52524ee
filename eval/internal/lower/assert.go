package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// dynamic is a type that can be in an interface.
type dynamic struct {
	t    types.Type
	text string
}

func (u *unit) addDynamic(t types.Type, text string) {
	old := u.dynamics
	u.undo = append(u.undo, func() { u.dynamics = old })
	u.dynamics = append(old[:len(old):len(old)], dynamic{t, text})
}

// assertion is a function that converts any value to an interface type. The
// interpreter can tell whether a value implements it but not always bind the
// methods, so the types of the session are tried one by one; cells that
// declare types later add to the list.
type assertion struct {
	name, list string
	text       string // of the interface type
	t          *types.Interface
	target     types.Type
	seen       int // dynamic types that are in the list
}

// assertTo names the function that converts to interface type t: it returns
// the value and whether that was possible.
func (u *unit) assertTo(t types.Type) string {
	text := u.t(t)
	if a, ok := u.asserts[text]; ok {
		return a.name
	}
	a := &assertion{name: u.global("ns_as"), list: u.global("ns_types"), text: text, t: t.Underlying().(*types.Interface), target: t}
	remember(u, u.asserts, text, a)
	fmt.Fprintf(&u.vars, "var %s []func(interface{}) (%s, bool)\n", a.list, text)
	fallback := fmt.Sprintf("v, ok := x.(%s)\nreturn v, ok\n", text)
	if a.t.NumMethods() > 0 && !u.isCompiledInterface(t) {
		fallback = u.adapter(a)
	}
	plain := "x = " + u.nsrt("Plain") + "(x)\n"
	if a.t.NumMethods() == 0 {
		fallback, plain = "return x, true\n", ""
	}
	fmt.Fprintf(&u.funcs, "func %s(x interface{}) (%s, bool) {\nvar none %s\nif x == nil { return none, false }\n%sfor i := 0; i < len(%s); i++ {\nv, ok := %s[i](x)\nif ok { return v, true }\n}\n%s}\n",
		a.name, text, text, plain, a.list, a.list, fallback)
	return a.name
}

// adapter declares a struct that makes a value of a compiled type one of the
// interface, which the interpreter does only when it knows the type, and
// writes the statements that return it.
func (u *unit) adapter(a *assertion) string {
	n := u.global("ns_adapter")
	var fields, get, elems, methods strings.Builder
	for i := range a.t.NumMethods() {
		m := a.t.Method(i)
		if !m.Exported() {
			return "return none, false\n"
		}
		sig := m.Signature()
		names, args := u.params(sig)
		ret := ""
		if sig.Results().Len() > 0 {
			ret = "return "
		}
		fmt.Fprintf(&fields, "; F%d func%s", i, u.signature(sig, nil))
		fmt.Fprintf(&get, "f%d, ok%d := %s(x, %q).(func%s)\nif !ok%d { return none, false }\n", i, i, u.nsrt("Method"), m.Name(), u.signature(sig, nil), i)
		fmt.Fprintf(&elems, ", F%d: f%d", i, i)
		fmt.Fprintf(&methods, "func (a %s) %s%s { %sa.F%d(%s) }\n", n, m.Name(), u.signature(sig, names), ret, i, args)
	}
	fmt.Fprintf(&u.types, "type %s struct { V interface{} %q%s }\n", n, "ns:\""+n+"\" nsadapter:\"\"", fields.String())
	u.funcs.WriteString(methods.String())
	return fmt.Sprintf("%snone = %s{V: x%s}\nreturn none, true\n", get.String(), n, elems.String())
}

// extendAsserts adds the types of the unit to the assertions.
func (u *unit) extendAsserts() {
	for _, a := range u.asserts {
		if a.t.NumMethods() == 0 {
			continue
		}
		var cases strings.Builder
		for _, d := range u.dynamics[a.seen:] {
			if types.Implements(d.t, a.t) {
				v := "v"
				if u.isCompiledInterface(a.target) {
					v = u.wrap(v, d.text, d.t, a.target, false)
				}
				fmt.Fprintf(&cases, "if v, ok := x.(%s); ok {\nnone = %s\nreturn none, true\n}\n", d.text, v)
			}
		}
		seen := a.seen
		u.undo = append(u.undo, func() { a.seen = seen })
		a.seen = len(u.dynamics)
		if cases.Len() == 0 {
			continue
		}
		n := u.global("ns_try")
		fmt.Fprintf(&u.funcs, "func %s(x interface{}) (%s, bool) {\nvar none %s\n%sreturn none, false\n}\n", n, a.text, a.text, cases.String())
		fmt.Fprintf(&u.start, "%s = append(%s, func(x interface{}) (%s, bool) { return %s(x) })\n", a.list, a.list, a.text, n)
	}
}

// assertion writes x.(T), with two values where two are wanted.
func (u *unit) assertion(e *ast.TypeAssertExpr) string {
	t := u.typ(e.Type)
	x, text, get := u.x(e.X), u.t(t), u.getAs(t)
	_, two := u.info().TypeOf(e).(*types.Tuple)
	if two {
		return fmt.Sprintf("func(x_ interface{}) (%s, bool) { %s; return v_, ok_ }(%s)", text, get, x)
	}
	return fmt.Sprintf("func(x_ interface{}) %s { %s; if !ok_ { %s(x_, %q) }; return v_ }(%s)", text, get, u.nsrt("AssertFailed"), typeName(t), x)
}

// getAs writes statements that define v_ and ok_ as the result of asserting
// that the interface x_ holds type t.
func (u *unit) getAs(t types.Type) string {
	n, named := types.Unalias(t).(*types.Named)
	switch {
	case isError(t):
		return "v_, ok_ := " + u.nsrt("AsError") + "(x_)"
	case isInterface(t):
		return "v_, ok_ := " + u.assertTo(t) + "(x_)"
	case named && u.needsBox(n):
		return fmt.Sprintf("b_, ok_ := %s(x_).(%s); v_ := b_.V", u.nsrt("Plain"), u.box(n))
	}
	u.blurs.asserts(u, t)
	return fmt.Sprintf("v_, ok_ := %s(x_).(%s)", u.nsrt("Plain"), u.t(t))
}

// errorsAs writes errors.As for targets whose type compiled code does not
// know.
func (u *unit) errorsAs(c *ast.CallExpr) (string, bool) {
	f := u.compiled(c.Fun)
	if f == nil || f.FullName() != "errors.As" {
		return "", false
	}
	p, ok := u.under(u.info().TypeOf(c.Args[1])).(*types.Pointer)
	if !ok || !u.ofSession(p.Elem()) && !isInterface(p.Elem()) {
		return "", false
	}
	return fmt.Sprintf("func(e_ error, p_ %s) bool { return %s(e_, func() func(interface{}) bool { return func(x_ interface{}) bool { %s; if ok_ { *p_ = v_ }; return ok_ } }()) }(%s, %s)",
		u.t(p), u.nsrt("As"), u.getAs(u.subst(p.Elem())), u.as(c.Args[0], errorType), u.x(c.Args[1])), true
}

// holds writes statements that set the variable ok to whether the plain value
// v holds type t.
func (u *unit) holds(ok, v string, t types.Type) string {
	n, named := types.Unalias(t).(*types.Named)
	switch {
	case isError(t):
		return fmt.Sprintf("_, %s = %s(%s)\n", ok, u.nsrt("AsError"), v)
	case isInterface(t):
		return fmt.Sprintf("_, %s = %s(%s)\n", ok, u.assertTo(t), v)
	case named && u.needsBox(n):
		return fmt.Sprintf("_, %s = %s.(%s)\n", ok, v, u.box(n))
	}
	u.blurs.asserts(u, t)
	return fmt.Sprintf("_, %s = %s.(%s)\n", ok, v, u.t(t))
}

// content writes the declaration of name as what the plain value v holds,
// which is known to be of type t.
func (u *unit) content(name, v string, t types.Type) {
	n, named := types.Unalias(t).(*types.Named)
	switch {
	case isError(t):
		u.p("%s, _ := %s(%s)\n", name, u.nsrt("AsError"), v)
	case isInterface(t):
		u.p("%s, _ := %s(%s)\n", name, u.assertTo(t), v)
	case named && u.needsBox(n):
		b := u.tmp()
		u.p("%s := %s.(%s)\n%s := %s.V\n", b, v, u.box(n), name, b)
	default:
		u.p("%s := %s.(%s)\n", name, v, u.t(t))
	}
}

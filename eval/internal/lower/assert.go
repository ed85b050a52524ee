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
	seen       int // dynamic types that are in the list
}

// assertTo names the function that converts to interface type t: it returns
// the value and whether that was possible.
func (u *unit) assertTo(t types.Type) string {
	text := u.t(t)
	if a, ok := u.asserts[text]; ok {
		return a.name
	}
	a := &assertion{name: u.global("ns_as"), list: u.global("ns_types"), text: text, t: t.Underlying().(*types.Interface)}
	remember(u, u.asserts, text, a)
	fmt.Fprintf(&u.vars, "var %s []func(interface{}) (%s, bool)\n", a.list, text)
	fallback := fmt.Sprintf("v, ok := x.(%s)\nreturn v, ok\n", text)
	if a.t.NumMethods() == 0 {
		fallback = "return x, true\n"
	}
	fmt.Fprintf(&u.funcs, "func %s(x interface{}) (%s, bool) {\nvar none %s\nif x == nil { return none, false }\nfor i := 0; i < len(%s); i++ {\nv, ok := %s[i](x)\nif ok { return v, true }\n}\n%s}\n",
		a.name, text, text, a.list, a.list, fallback)
	return a.name
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
				fmt.Fprintf(&cases, "if v, ok := x.(%s); ok {\nnone = v\nreturn none, true\n}\n", d.text)
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
	x, from := u.x(e.X), u.t(u.info().TypeOf(e.X))
	_, two := u.info().TypeOf(e).(*types.Tuple)
	n, named := types.Unalias(t).(*types.Named)
	switch {
	case isInterface(t):
		f := u.assertTo(t)
		if two {
			return f + "(" + x + ")"
		}
		return fmt.Sprintf("func(x_ interface{}) %s { v_, ok_ := %s(x_); if !ok_ { %s(x_, %q) }; return v_ }(%s)", u.t(t), f, u.nsrt("AssertFailed"), typeName(t), x)
	case named && u.needsBox(n):
		b := u.box(n)
		if two {
			return fmt.Sprintf("func(x_ %s) (%s, bool) { b_, ok_ := x_.(%s); return b_.V, ok_ }(%s)", from, u.t(t), b, x)
		}
		return fmt.Sprintf("func(x_ %s) %s { b_, ok_ := x_.(%s); if !ok_ { %s(x_, %q) }; return b_.V }(%s)", from, u.t(t), b, u.nsrt("AssertFailed"), typeName(t), x)
	}
	u.blurs.asserts(u, t)
	s := u.operand(e.X, primary) + ".(" + u.t(t) + ")"
	if two {
		return s
	}
	return fmt.Sprintf("func(x_ %s) %s { v_, ok_ := x_.(%s); if !ok_ { %s(x_, %q) }; return v_ }(%s)", from, u.t(t), u.t(t), u.nsrt("AssertFailed"), typeName(t), x)
}

// holds writes statements that set the variable ok to whether the interface
// variable v holds type t.
func (u *unit) holds(ok, v string, t types.Type) string {
	n, named := types.Unalias(t).(*types.Named)
	switch {
	case isInterface(t):
		return fmt.Sprintf("_, %s = %s(%s)\n", ok, u.assertTo(t), v)
	case named && u.needsBox(n):
		return fmt.Sprintf("_, %s = %s.(%s)\n", ok, v, u.box(n))
	}
	u.blurs.asserts(u, t)
	return fmt.Sprintf("_, %s = %s.(%s)\n", ok, v, u.t(t))
}

// content writes the declaration of name as what the interface variable v
// holds, which is known to be of type t.
func (u *unit) content(name, v string, t types.Type) {
	n, named := types.Unalias(t).(*types.Named)
	switch {
	case isInterface(t):
		u.p("%s, _ := %s(%s)\n", name, u.assertTo(t), v)
	case named && u.needsBox(n):
		b := u.tmp()
		u.p("%s := %s.(%s)\n%s := %s.V\n", b, v, u.box(n), name, b)
	default:
		u.p("%s := %s.(%s)\n", name, v, u.t(t))
	}
}

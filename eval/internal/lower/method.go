package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// slot is a method of a type of the session. Its body is a function, which is
// called through a variable, so that a later cell can replace it under the
// type and under everything that calls it. A call through a variable is also
// faster than the interpreter's own method call.
type slot struct {
	impl string // the function
	name string // the variable
	recv string // type of the receiver
}

// slot returns the variable of method m of type e, after declaring it and the
// method if they are new.
func (u *unit) slot(m *types.Func, e *emitted) *slot {
	if s, ok := u.slots[m]; ok {
		return s
	}
	s := &slot{impl: u.global(e.name + "_" + m.Name()), recv: receiverText(m, e)}
	s.name = u.global("ns_" + s.impl)
	remember(u, u.slots, m, s)
	sig := m.Signature()
	names, args := u.params(sig)
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	fmt.Fprintf(&u.vars, "var %s func%s\n", s.name, withReceiver(s.recv, u.signature(sig, nil), sig.Params().Len()))
	fmt.Fprintf(&u.funcs, "func (recv %s) %s%s { %s%s(%s) }\n", s.recv, m.Name(), u.signature(sig, names), ret, s.name, joinArgs("recv", args))
	fmt.Fprintf(&u.start, "%s = %s\n", s.name, s.impl)
	return s
}

func receiverText(m *types.Func, e *emitted) string {
	if pointerReceiver(m) {
		return "*" + e.name
	}
	return e.name
}

// withReceiver adds a first parameter to a signature of n others.
func withReceiver(recv, sig string, n int) string {
	if n == 0 {
		return "(" + recv + sig[len("("):]
	}
	return "(" + recv + ", " + sig[len("("):]
}

func joinArgs(first, rest string) string {
	if rest == "" {
		return first
	}
	return first + ", " + rest
}

// slotCall writes the call of a method through its variable.
func (u *unit) slotCall(sig *types.Signature, c *ast.CallExpr) (string, bool) {
	se, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	sel := u.info().Selections[se]
	if sel == nil || sel.Kind() != types.MethodVal {
		return "", false
	}
	x, t, m := u.receiver(se, sel)
	if isInterface(t) {
		return "", false
	}
	s := u.slotOf(m, t)
	if s == nil {
		return "", false
	}
	return s.name + "(" + joinArgs(x, u.args(sig, c)) + ")", true
}

// slotOf returns the variable of a declared method, nil if it has none. t is
// the type of the receiver.
func (u *unit) slotOf(m *types.Func, t types.Type) *slot {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.TypeArgs().Len() > 0 || !u.isSession(n) || u.isLibrary(n.Obj().Pkg()) {
		return nil
	}
	return u.slot(m, u.emit(n))
}

// replace writes the function f as the new body of method m.
func (u *unit) replace(f, m *types.Func) {
	s, ok := u.slots[m]
	if !ok {
		u.refuse("the method "+m.Name()+" of a generic type is declared again", "declare the type again in the same cell")
	}
	impl := u.global(strings.TrimPrefix(s.name, "ns_"))
	remember(u, u.decls, m, &source{u.decls[f].decl, u.cell})
	fmt.Fprintf(&u.replaced, "%s = %s\n", s.name, impl)
	u.queue = append(u.queue, func() { u.funcDecl(f, impl, nil, nil) })
}

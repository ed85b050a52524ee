package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// rangeStmt writes a range loop of any kind.
func (u *unit) rangeStmt(s *ast.RangeStmt, lab, label string) {
	t := u.typ(s.X)
	if sig, ok := t.Underlying().(*types.Signature); ok {
		u.rangeFunc(s, sig, label)
		return
	}
	defer u.enter(label, true)()
	u.p("{\n")
	switch c := t.Underlying().(type) {
	case *types.Basic:
		if c.Info()&types.IsString != 0 {
			u.rangeString(s, lab)
		} else {
			u.rangeInt(s, lab, t)
		}
	case *types.Slice:
		u.rangeSlice(s, lab, u.x(s.X))
	case *types.Array:
		u.rangeArray(s, lab, c)
	case *types.Pointer:
		u.rangePointer(s, lab, u.under(c.Elem()).(*types.Array))
	case *types.Map:
		u.rangeMap(s, lab)
	case *types.Chan:
		u.rangeChan(s, lab, c)
	default:
		panic(fmt.Sprintf("range over %v", t))
	}
	u.loopBody(s.Body)
	u.p("}\n}\n")
}

// iterVar returns the object of a variable that the range clause declares.
func (u *unit) iterVar(s *ast.RangeStmt, e ast.Expr) types.Object {
	if e == nil || isBlank(e) || s.Tok != token.DEFINE {
		return nil
	}
	return u.info().Defs[e.(*ast.Ident)]
}

// wanted tells whether the loop uses e.
func wanted(e ast.Expr) bool { return e != nil && !isBlank(e) }

// ownVar tells whether the variable o of the clause can be the one that the
// interpreter iterates with: nothing keeps or changes it.
func (u *unit) ownVar(s *ast.RangeStmt, o types.Object) bool {
	return o != nil && !u.escaping[o] && !u.assigns(s.Body, []types.Object{o})
}

// iterName names the variable that the interpreter iterates with.
func (u *unit) iterName(s *ast.RangeStmt, e ast.Expr) (name string, own bool) {
	if !wanted(e) {
		return "_", true
	}
	if o := u.iterVar(s, e); u.ownVar(s, o) {
		return u.define(o), true
	}
	return u.tmp(), false
}

// bind gives the variables of the clause their values, at the beginning of the
// body.
func (u *unit) bind(s *ast.RangeStmt, key, val string, keyType, valType types.Type) {
	if s.Tok == token.DEFINE {
		if o := u.iterVar(s, s.Key); o != nil && key != "" {
			u.p("%s := %s\n", u.define(o), key)
		}
		if o := u.iterVar(s, s.Value); o != nil && val != "" {
			u.p("%s := %s\n", u.define(o), val)
		}
		return
	}
	kp, vp := "", ""
	if wanted(s.Key) {
		kp = u.place(s.Key)
	}
	if wanted(s.Value) {
		vp = u.place(s.Value)
	}
	if kp != "" {
		u.p("%s = %s\n", kp, u.toInterfaceIf(key, keyType, u.typ(s.Key)))
	}
	if vp != "" {
		u.p("%s = %s\n", vp, u.toInterfaceIf(val, valType, u.typ(s.Value)))
	}
}

func (u *unit) rangeInt(s *ast.RangeStmt, lab string, t types.Type) {
	if wanted(s.Key) {
		t = u.typ(s.Key)
	}
	text := u.t(t)
	k, own := u.iterName(s, s.Key)
	if k == "_" {
		k = u.tmp()
	}
	n := u.store(u.as(s.X, t), t)
	u.p("%sfor %s := %s(0); %s < %s; %s++ {\n", lab, k, text, k, n, k)
	u.poll()
	if !own {
		u.bind(s, k, "", t, nil)
	}
}

// rangeSlice writes the loop over the slice x, or over a copy of an array.
func (u *unit) rangeSlice(s *ast.RangeStmt, lab, x string) {
	a := u.tmp()
	u.p("%s := %s\n", a, x)
	if _, ok := u.under(u.elem(u.typ(s.X))).(*types.Chan); ok { // the interpreter would range over the channel
		u.countTo(s, lab, "len("+a+")", "&"+a)
		return
	}
	k, ownKey := u.iterName(s, s.Key)
	v, ownVal := u.iterName(s, s.Value)
	switch {
	case s.Value != nil && v != "_":
		u.p("%sfor %s, %s := range %s {\n", lab, k, v, a)
	case k != "_":
		u.p("%sfor %s := range %s {\n", lab, k, a)
	default:
		k = u.tmp()
		u.p("%sfor %s := range %s {\n", lab, k, a)
	}
	u.poll()
	if ownKey {
		k = ""
	}
	if ownVal {
		v = ""
	}
	elem := u.elem(u.typ(s.X))
	u.bind(s, k, v, types.Typ[types.Int], elem)
}

func (u *unit) elem(t types.Type) types.Type {
	switch c := u.under(t).(type) {
	case *types.Slice:
		return c.Elem()
	case *types.Array:
		return c.Elem()
	case *types.Pointer:
		return u.elem(c.Elem())
	}
	return nil
}

func (u *unit) rangeArray(s *ast.RangeStmt, lab string, a *types.Array) {
	if wanted(s.Value) {
		u.rangeSlice(s, lab, u.x(s.X))
		return
	}
	if hasCall(s.X) {
		u.p("_ = %s\n", u.x(s.X))
	}
	u.countTo(s, lab, fmt.Sprint(a.Len()), "")
}

// rangePointer sees changes of the array that are made meanwhile.
func (u *unit) rangePointer(s *ast.RangeStmt, lab string, a *types.Array) {
	p := u.tmp()
	u.p("%s := %s\n", p, u.x(s.X))
	if !wanted(s.Value) {
		p = ""
	}
	u.countTo(s, lab, fmt.Sprint(a.Len()), p)
}

// countTo writes a loop over the indices of an array, with its elements if p,
// its address, is given.
func (u *unit) countTo(s *ast.RangeStmt, lab, n, p string) {
	k := u.tmp()
	u.p("%sfor %s := 0; %s < %s; %s++ {\n", lab, k, k, n, k)
	u.poll()
	v := ""
	if p != "" {
		v = u.tmp()
		if a, ok := strings.CutPrefix(p, "&"); ok {
			p = a
		} else {
			p = "(*" + p + ")"
		}
		u.p("%s := %s[%s]\n", v, p, k)
	}
	u.bind(s, k, v, types.Typ[types.Int], u.elem(u.typ(s.X)))
}

// rangeString decodes the string first: the interpreter counts invalid bytes
// as three.
func (u *unit) rangeString(s *ast.RangeStmt, lab string) {
	idx, runes, k := u.tmp(), u.tmp(), u.tmp()
	u.p("%s, %s := %s(string(%s))\n", idx, runes, u.nsrt("Runes"), u.x(s.X))
	u.p("%sfor %s := range %s {\n", lab, k, idx)
	u.poll()
	u.bind(s, idx+"["+k+"]", runes+"["+k+"]", types.Typ[types.Int], types.Typ[types.Rune])
}

func (u *unit) rangeMap(s *ast.RangeStmt, lab string) {
	m := u.under(u.info().TypeOf(s.X)).(*types.Map)
	x := u.tmp()
	u.p("%s := %s\n", x, u.x(s.X))
	k, v := u.tmp(), ""
	if s.Value != nil {
		v = u.tmp()
		u.p("%sfor %s, %s := range %s {\n", lab, k, v, x)
	} else {
		u.p("%sfor %s := range %s {\n", lab, k, x)
	}
	u.poll()
	if key := u.keyType(m); wanted(s.Key) && !types.Identical(key, u.subst(m.Key())) {
		as := u.tmp()
		u.p("%s, _ := %s(%s)\n", as, u.assertTo(m.Key()), k)
		k = as
	}
	u.bind(s, k, v, m.Key(), m.Elem())
}

func (u *unit) rangeChan(s *ast.RangeStmt, lab string, c *types.Chan) {
	ch, v := u.tmp(), u.tmp()
	u.p("%s := %s\n%sfor {\nvar %s %s\nif !%s(%s, &%s) {\nbreak\n}\n", ch, u.x(s.X), lab, v, u.t(c.Elem()), u.nsrt("Recv"), ch, v)
	u.poll()
	u.bind(s, v, "", c.Elem(), nil)
}

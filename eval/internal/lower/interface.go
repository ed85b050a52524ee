package lower

import (
	"fmt"
	"go/types"
	"regexp"
	"strings"
)

// toInterface writes the conversion of the value s of type from to the
// interface type to. notNil says that s is no nil pointer.
func (u *unit) toInterface(s string, from, to types.Type, notNil bool) string {
	from = types.Unalias(u.subst(from))
	if from == nil {
		return s
	}
	if isInterface(from) {
		return u.betweenInterfaces(s, from, to)
	}
	if b, ok := from.(*types.Basic); ok {
		if b.Kind() == types.UntypedNil {
			return "nil"
		}
		return s
	}
	boxed := u.t(from)
	if n, ok := from.(*types.Named); ok && u.needsBox(n) {
		boxed = u.box(n)
		s = boxed + "{V: " + s + "}"
	} else {
		u.blurs.enters(u, from)
	}
	switch {
	case !u.ofSession(from):
		return s
	case isError(to):
		return u.nsrt("Error") + "(" + s + ")"
	case isEmpty(to) && types.NewMethodSet(from).Len() > 0:
		return u.nsrt("Any") + "(" + s + ")"
	}
	if !isEmpty(to) && !u.isCompiledInterface(to) && !isReference(from) {
		return u.converter(boxed, u.t(to), "return p\n") + "(" + s + ")"
	}
	if u.isCompiledInterface(to) {
		return u.wrap(s, boxed, from, to, !notNil)
	}
	return s
}

// wrap writes the conversion of s, which is as it is in interfaces, to a
// compiled interface by a function: the interpreter wraps values where it
// sees the type of a result, and makes a nil interface of a nil pointer.
func (u *unit) wrap(s, text string, from, to types.Type, mayBeNil bool) string {
	ret := "return p\n"
	switch n, named := from.(*types.Named); {
	case isReference(from):
		if mayBeNil {
			ret = fmt.Sprintf("if p == nil { %s(%q, %q) }\nreturn p\n", u.nsrt("NilPointer"), typeName(from), typeName(to))
		}
	case named && text != u.t(from):
		ret = "return &p\n"
	case named && isStruct(from):
		ret = "return &" + u.ref(n) + "{V: p}\n"
	}
	return u.converter(text, u.t(to), ret) + "(" + s + ")"
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// isReference tells whether a copy of a value of type t is not needed to keep
// it from changing with the variable it came from.
func isReference(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// betweenInterfaces writes the conversion of one interface to another that it
// is known to implement.
func (u *unit) betweenInterfaces(s string, from, to types.Type) string {
	switch {
	case types.Identical(from, to) || isEmpty(from):
		return s
	case isError(to):
		return u.nsrt("Error") + "(" + s + ")"
	case isEmpty(to):
		return u.nsrt("Any") + "(" + s + ")"
	}
	return s
}

func isEmpty(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.NumMethods() == 0
}

func isError(t types.Type) bool { return types.Identical(t, errorType) }

var errorType = types.Universe.Lookup("error").Type()

// ofSession tells whether t is declared by the session or points to such a
// type.
func (u *unit) ofSession(t types.Type) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	return ok && u.isSession(n)
}

// needsBox tells whether values of type n lose it in an interface: the
// interpreter represents a declared type by its underlying one, unless that is
// a struct.
func (u *unit) needsBox(n *types.Named) bool {
	if !u.isSession(n) {
		return false
	}
	switch n.Underlying().(type) {
	case *types.Struct, *types.Interface, *types.Pointer:
		return false
	}
	return true
}

// box names the struct that stands for values of type n in interfaces. It has
// the methods of n.
func (u *unit) box(n *types.Named) string {
	e := u.emit(n)
	if e.box != "" {
		return e.box
	}
	e.box = u.global(e.name + "_box")
	u.undo = append(u.undo, func() { e.box = "" })
	fmt.Fprintf(&u.types, "type %s struct { V %s %q }\n", e.box, e.name, "ns:\""+e.box+"\" nsbox:\"\"")
	u.addDynamic(n, e.box)
	u.forward(n, e.box)
	return e.box
}

// ref names the struct behind the pointer that stands for a struct of type n
// in compiled interfaces: there the interpreter takes a struct for its last
// field.
func (u *unit) ref(n *types.Named) string {
	e := u.emit(n)
	if e.ref != "" {
		return e.ref
	}
	e.ref = u.global(e.name + "_ref")
	u.undo = append(u.undo, func() { e.ref = "" })
	fmt.Fprintf(&u.types, "type %s struct { V %s %q }\n", e.ref, e.name, "ns:\""+e.ref+"\" nsref:\"\"")
	u.forward(n, e.ref)
	return e.ref
}

// forward queues methods of the struct named holder that call those of its
// field V of type n.
func (u *unit) forward(n *types.Named, holder string) {
	ms := types.NewMethodSet(n)
	for i := range ms.Len() {
		m := ms.At(i).Obj().(*types.Func)
		if m.Name() == "_" || !m.Exported() && m.Pkg() != u.cell.Pkg && !u.isLibrary(m.Pkg()) {
			continue
		}
		u.queue = append(u.queue, func() {
			old := u.env
			u.env = nil
			o, index, _ := types.LookupFieldOrMethod(n, false, m.Pkg(), m.Name())
			sig := o.(*types.Func).Signature()
			names, args := u.params(sig)
			ret := ""
			if sig.Results().Len() > 0 {
				ret = "return "
			}
			path, _ := u.path(u.t(n)+"(recv.V)", n, index[:len(index)-1])
			fmt.Fprintf(&u.funcs, "func (recv %s) %s%s { %s%s.%s(%s) }\n", holder, m.Name(), u.signature(sig, names), ret, path, m.Name(), args)
			u.env = old
		})
	}
}

// isCompiledInterface tells whether values are wrapped by the interpreter when
// they are converted to t, which turns a nil pointer into a nil interface.
func (u *unit) isCompiledInterface(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	if !ok || i.NumMethods() == 0 {
		return false
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && !u.isSession(n)
}

// converter names a function that converts from one type to an interface. The
// interpreter lets the interface share the memory of the variable that was
// converted; the parameter p of a function is nobody else's.
func (u *unit) converter(from, to, body string) string {
	key := from + " to " + to + " " + body
	if n, ok := u.guards[key]; ok {
		return n
	}
	n := u.global("ns_convert")
	remember(u, u.guards, key, n)
	fmt.Fprintf(&u.funcs, "func %s(p %s) %s {\n%s}\n", n, from, to, body)
	return n
}

// blurs are the types that share their representation with another type when
// they are in an interface: []Celsius and []float64. An assertion could not
// tell them apart.
type blurs struct {
	entered  map[string][]types.Type // by representation
	asserted map[string][]types.Type
}

func newBlurs() blurs {
	return blurs{map[string][]types.Type{}, map[string][]types.Type{}}
}

// enters notes that values of type t are converted to an interface.
func (b *blurs) enters(u *unit, t types.Type) { b.note(u, b.entered, t) }

// asserts notes that an interface is asked for type t.
func (b *blurs) asserts(u *unit, t types.Type) { b.note(u, b.asserted, t) }

func (b *blurs) note(u *unit, m map[string][]types.Type, t types.Type) {
	if u.isLibrary(u.src.Pkg) {
		return
	}
	t = types.Unalias(t)
	switch t := t.(type) {
	case *types.Basic, *types.Named, *types.Tuple:
		return
	case *types.Pointer:
		if n, ok := types.Unalias(t.Elem()).(*types.Named); ok {
			if _, ok := n.Underlying().(*types.Struct); ok {
				return
			}
		}
	}
	key := u.representation(t)
	for _, o := range m[key] {
		if types.Identical(o, t) {
			return
		}
	}
	remember(u, m, key, append(m[key][:len(m[key]):len(m[key])], t))
	if len(b.entered[key]) > 0 && len(b.asserted[key]) > 0 {
		for _, e := range b.entered[key] {
			for _, a := range b.asserted[key] {
				if !types.Identical(e, a) {
					u.refuse(fmt.Sprintf("%s and %s are the same for the interpreter when they are in an interface", typeName(e), typeName(a)),
						"put them into a struct type, or do not ask an interface for one of them")
				}
			}
		}
	}
}

// reflectName is the name of t that %T shows.
func (u *unit) reflectName(t types.Type) string {
	old := u.env
	if u.env == nil {
		u.env = &env{} // also resolves aliases
	}
	t = u.subst(t)
	u.env = old
	s := types.TypeString(t, func(p *types.Package) string { return p.Name() })
	s = predeclared.ReplaceAllStringFunc(s, func(n string) string {
		switch n {
		case "byte":
			return "uint8"
		case "rune":
			return "int32"
		}
		return "interface{}"
	})
	return braces.Replace(s)
}

var (
	predeclared = regexp.MustCompile(`\b(byte|rune|any)\b`)
	// braces writes the braces of package reflect instead of those of go/types.
	braces = strings.NewReplacer("{}", " {}", "{", " { ", "}", " }")
)

// typeName is how a user knows t.
func typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	})
}

// representation is the type that the interpreter uses for t.
func (u *unit) representation(t types.Type) string {
	return types.TypeString(u.erase(t, 0), nil)
}

// erase replaces declared types that are no structs by what they are made of.
func (u *unit) erase(t types.Type, depth int) types.Type {
	if depth > 8 {
		return t
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if u.needsBox(t) {
			return u.erase(t.Underlying(), depth+1)
		}
		return t
	case *types.Pointer:
		return types.NewPointer(u.erase(t.Elem(), depth+1))
	case *types.Slice:
		return types.NewSlice(u.erase(t.Elem(), depth+1))
	case *types.Array:
		return types.NewArray(u.erase(t.Elem(), depth+1), t.Len())
	case *types.Map:
		return types.NewMap(u.erase(t.Key(), depth+1), u.erase(t.Elem(), depth+1))
	case *types.Chan:
		return types.NewChan(t.Dir(), u.erase(t.Elem(), depth+1))
	case *types.Signature:
		return types.NewSignatureType(nil, nil, nil, u.eraseTuple(t.Params(), depth), u.eraseTuple(t.Results(), depth), t.Variadic())
	}
	return t
}

func (u *unit) eraseTuple(t *types.Tuple, depth int) *types.Tuple {
	var vars []*types.Var
	for i := range t.Len() {
		vars = append(vars, types.NewVar(0, nil, "", u.erase(t.At(i).Type(), depth+1)))
	}
	return types.NewTuple(vars...)
}

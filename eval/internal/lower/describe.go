package lower

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// lookedFor are the methods that compiled code looks for in values that it
// gets as interfaces, with their types.
var lookedFor = map[string][]string{
	"Error":       {"func() string"},
	"String":      {"func() string"},
	"GoString":    {"func() string"},
	"Hint":        {"func() string"},
	"Unwrap":      {"func() error", "func() []error"},
	"Is":          {"func(error) bool"},
	"MarshalJSON": {"func() ([]byte, error)"},
	"MarshalText": {"func() ([]byte, error)"},
}

// lookedForOrder makes the output reproducible.
var lookedForOrder = []string{"Error", "String", "GoString", "Hint", "Unwrap", "Is", "MarshalJSON", "MarshalText"}

// hasLookedFor tells whether values of type t have a method that compiled code
// looks for, so that they are boxed by the run time in interfaces.
func (u *unit) hasLookedFor(t types.Type) bool {
	for _, n := range lookedForOrder {
		if n != "Unwrap" && n != "Is" && n != "Hint" && u.lookedForMethod(t, n) != nil {
			return true
		}
	}
	return false
}

func (u *unit) lookedForMethod(t types.Type, name string) *types.Signature {
	o, _, _ := types.LookupFieldOrMethod(t, false, u.cell.Pkg, name)
	m, ok := o.(*types.Func)
	if !ok {
		return nil
	}
	sig := u.subst(m.Type()).(*types.Signature)
	plain := types.NewSignatureType(nil, nil, nil, unnamed(sig.Params()), unnamed(sig.Results()), sig.Variadic())
	for _, want := range lookedFor[name] {
		if types.TypeString(plain, nil) == want {
			return sig
		}
	}
	return nil
}

func unnamed(t *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for i := range t.Len() {
		vars = append(vars, types.NewVar(0, nil, "", t.At(i).Type()))
	}
	return types.NewTuple(vars...)
}

// describe tells the run time about a declared type.
func (u *unit) describe(e *emitted) {
	t := types.Type(e.t)
	id, isBox := e.name, false
	if u.needsBox(e.t) {
		id, isBox = e.name+"_box", true
	}
	var methods strings.Builder
	for _, n := range lookedForOrder {
		if sig := u.lookedForMethod(t, n); sig != nil {
			x := "x.(" + e.name + ")"
			if isBox {
				x = u.nsrt("Unbox") + "(x).(" + e.name + ")"
			}
			u.describeMethod(&methods, n, n, x, sig)
		}
		if sig := u.lookedForMethod(types.NewPointer(t), n); sig != nil && !isBox {
			u.describeMethod(&methods, "*"+n, n, "x.(*"+e.name+")", sig)
		}
	}
	fmt.Fprintf(&u.start, "%s(%q, %q, %q, %v%s)\n", u.nsrt("Describe"), id, u.reflectName(e.t), u.shape(e.t.Underlying()), isBox, methods.String())
}

func (u *unit) describeMethod(b *strings.Builder, key, name, recv string, sig *types.Signature) {
	params, args := "x interface{}", ""
	if sig.Params().Len() == 1 {
		params, args = params+", a "+u.t(sig.Params().At(0).Type()), "a"
	}
	fmt.Fprintf(b, ", %q, func(%s)%s { v := %s; return v.%s(%s) }", key, params, u.results(sig.Results()), recv, name, args)
}

// shape writes a type for the run time, which then knows the declared types
// that the interpreter does not tell apart.
func (u *unit) shape(t types.Type) string {
	switch t := types.Unalias(u.subst(t)).(type) {
	case *types.Named:
		if !u.isSession(t) || types.IsInterface(t) {
			return "B(" + u.reflectName(t) + ")"
		}
		e := u.emit(t)
		if u.needsBox(t) {
			return "N(" + e.name + "_box)"
		}
		return "N(" + e.name + ")"
	case *types.Pointer:
		return "P" + u.shape(t.Elem())
	case *types.Slice:
		return "S" + u.shape(t.Elem())
	case *types.Array:
		return "A(" + strconv.FormatInt(t.Len(), 10) + ")" + u.shape(t.Elem())
	case *types.Map:
		return "M" + u.shape(t.Key()) + u.shape(t.Elem())
	case *types.Struct:
		var fields []string
		for i := range t.NumFields() {
			fields = append(fields, t.Field(i).Name()+" "+u.shape(t.Field(i).Type()))
		}
		return "T(" + strings.Join(fields, ";") + ")"
	case *types.Interface:
		if t.NumMethods() == 0 {
			return "B(interface {})"
		}
	}
	return "B(" + u.reflectName(t) + ")"
}

// blurred tells whether values of static type t contain values of declared
// types of the session, or of types that only the run time can know.
func (u *unit) blurred(t types.Type, depth int) bool {
	if depth > 8 {
		return true
	}
	switch t := types.Unalias(u.subst(t)).(type) {
	case *types.Named:
		return u.isSession(t) || types.IsInterface(t)
	case *types.Pointer:
		return u.blurred(t.Elem(), depth+1)
	case *types.Slice:
		return u.blurred(t.Elem(), depth+1)
	case *types.Array:
		return u.blurred(t.Elem(), depth+1)
	case *types.Map:
		return u.blurred(t.Key(), depth+1) || u.blurred(t.Elem(), depth+1)
	case *types.Struct, *types.Interface:
		return true
	}
	return false
}

package lower

import (
	"go/ast"
	"go/types"
	"strings"
)

// composite writes a composite literal of type t.
func (u *unit) composite(e *ast.CompositeLit, t types.Type) string {
	switch c := u.under(t).(type) {
	case *types.Struct:
		return u.t(t) + "{" + u.fields(e, t, c) + "}"
	case *types.Map:
		var elems []string
		for _, x := range e.Elts {
			kv := x.(*ast.KeyValueExpr)
			elems = append(elems, u.element(kv.Key, u.keyType(c))+": "+u.element(kv.Value, c.Elem()))
		}
		return u.t(t) + "{" + strings.Join(elems, ", ") + "}"
	case *types.Slice:
		return u.t(t) + "{" + u.elements(e, c.Elem()) + "}"
	case *types.Array:
		return u.t(t) + "{" + u.elements(e, c.Elem()) + "}"
	case *types.Pointer:
		return "&" + u.composite(e, c.Elem())
	}
	panic("composite literal of " + t.String())
}

func (u *unit) fields(e *ast.CompositeLit, t types.Type, st *types.Struct) string {
	var elems []string
	for i, x := range e.Elts {
		kv, ok := x.(*ast.KeyValueExpr)
		if !ok {
			elems = append(elems, u.field(st, i)+": "+u.fieldValue(x, t, st.Field(i).Type()))
			continue
		}
		name := kv.Key.(*ast.Ident).Name
		for j := range st.NumFields() {
			if st.Field(j).Name() == name {
				elems = append(elems, name+": "+u.fieldValue(kv.Value, t, st.Field(j).Type()))
			}
		}
	}
	return strings.Join(elems, ", ")
}

// fieldValue writes the value of a field of struct type t.
func (u *unit) fieldValue(e ast.Expr, t, field types.Type) string {
	if s, ok := u.callbackField(e, t, field); ok {
		return s
	}
	return u.element(e, field)
}

func (u *unit) elements(e *ast.CompositeLit, t types.Type) string {
	var elems []string
	for _, x := range e.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			elems = append(elems, u.index(kv.Key)+": "+u.element(kv.Value, t))
		} else {
			elems = append(elems, u.element(x, t))
		}
	}
	return strings.Join(elems, ", ")
}

// element writes an element, whose type may have been left out.
func (u *unit) element(e ast.Expr, t types.Type) string {
	c, ok := e.(*ast.CompositeLit)
	if !ok || c.Type != nil {
		return u.as(e, t)
	}
	if p, ok := u.under(t).(*types.Pointer); ok {
		return "&" + u.composite(c, p.Elem())
	}
	return u.composite(c, t)
}

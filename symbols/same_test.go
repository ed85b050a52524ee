package symbols_test

import (
	"go/types"
	"reflect"
	"strings"
)

// sameType compares a type of the export data with a compiled one. Types with
// names are compared by name, others by structure.
func sameType(t types.Type, r reflect.Type, depth int) bool {
	if depth > 20 {
		return true
	}
	depth++
	t = types.Unalias(t)
	switch t := t.(type) {
	case *types.Named:
		name, _, _ := strings.Cut(r.Name(), "[")
		if t.Obj().Pkg() == nil {
			return name == t.Obj().Name()
		}
		return name == t.Obj().Name() && r.PkgPath() == t.Obj().Pkg().Path()
	case *types.Basic:
		return sameBasic(t, r)
	}
	if r.Name() != "" {
		return false
	}
	switch t := t.(type) {
	case *types.Pointer:
		return r.Kind() == reflect.Pointer && sameType(t.Elem(), r.Elem(), depth)
	case *types.Slice:
		return r.Kind() == reflect.Slice && sameType(t.Elem(), r.Elem(), depth)
	case *types.Array:
		return r.Kind() == reflect.Array && int64(r.Len()) == t.Len() && sameType(t.Elem(), r.Elem(), depth)
	case *types.Map:
		return r.Kind() == reflect.Map && sameType(t.Key(), r.Key(), depth) && sameType(t.Elem(), r.Elem(), depth)
	case *types.Chan:
		dirs := map[types.ChanDir]reflect.ChanDir{types.SendRecv: reflect.BothDir, types.SendOnly: reflect.SendDir, types.RecvOnly: reflect.RecvDir}
		return r.Kind() == reflect.Chan && r.ChanDir() == dirs[t.Dir()] && sameType(t.Elem(), r.Elem(), depth)
	case *types.Signature:
		return sameSignature(t, r, depth)
	case *types.Struct:
		if r.Kind() != reflect.Struct || r.NumField() != t.NumFields() {
			return false
		}
		for i := range t.NumFields() {
			if f := r.Field(i); f.Name != t.Field(i).Name() || !sameType(t.Field(i).Type(), f.Type, depth) {
				return false
			}
		}
		return true
	case *types.Interface:
		return r.Kind() == reflect.Interface && r.NumMethod() == t.NumMethods()
	}
	return false
}

func sameBasic(t *types.Basic, r reflect.Type) bool {
	if t.Kind() == types.UnsafePointer {
		return r.Kind() == reflect.UnsafePointer
	}
	return r.PkgPath() == "" && r.Kind().String() == types.Typ[t.Kind()].Name()
}

func sameSignature(t *types.Signature, r reflect.Type, depth int) bool {
	if r.Kind() != reflect.Func || r.IsVariadic() != t.Variadic() || r.NumIn() != t.Params().Len() || r.NumOut() != t.Results().Len() {
		return false
	}
	for i := range r.NumIn() {
		if !sameType(t.Params().At(i).Type(), r.In(i), depth) {
			return false
		}
	}
	for i := range r.NumOut() {
		if !sameType(t.Results().At(i).Type(), r.Out(i), depth) {
			return false
		}
	}
	return true
}

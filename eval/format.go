package eval

import (
	"fmt"
	"go/types"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"unsafe"

	"github.com/nskernel/nskernel/eval/nsrt"
)

// Limits of the text of one value.
const (
	maxText     = 20000 // bytes
	maxElements = 100   // of a slice, array or map at the outermost level
	maxInner    = 20    // of one inside
	maxDepth    = 6
)

// formatValue writes v in the form of Go source, with the names of its static
// type t where reflection has lost them: the interpreter makes every struct
// anonymous and renames its unexported fields. t may be nil. Methods of v may
// run.
func (s *Session) formatValue(v any, t types.Type) string {
	f := formatter{s: s, seen: map[unsafe.Pointer]bool{}}
	f.value(reflect.ValueOf(v), t, 0)
	if f.full() {
		return f.b.String()[:maxText] + "…"
	}
	return f.b.String()
}

type formatter struct {
	s    *Session
	b    strings.Builder
	seen map[unsafe.Pointer]bool // pointers that are being written
}

func (f *formatter) full() bool { return f.b.Len() > maxText }

// qualifier names packages in types as cells do.
func qualifier(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	return p.Name()
}

// typeName returns the name of a type as cells write it.
func typeName(t types.Type) string { return types.TypeString(t, qualifier) }

func (f *formatter) value(v reflect.Value, t types.Type, depth int) {
	if f.full() {
		return
	}
	if t != nil && types.IsInterface(t) {
		t = nil // of the dynamic type nothing is known
	}
	v = unwrap(v)
	if !v.IsValid() {
		f.b.WriteString("nil")
		return
	}
	if f.byMethod(v, t) {
		return
	}
	v = unbox(v)
	if t == nil {
		if t = f.s.typeOf(v.Type()); t != nil {
			v = standsFor(v, t)
		}
	}
	var under types.Type
	if t != nil {
		under = t.Underlying()
	}
	switch v.Kind() {
	case reflect.Pointer:
		f.pointer(v, under, depth)
	case reflect.Struct:
		f.structure(v, t, depth)
	case reflect.Slice, reflect.Array:
		f.list(v, under, depth)
	case reflect.Map:
		f.dict(v, under, depth)
	case reflect.String:
		if depth == 0 {
			f.b.WriteString(quote(v.String()))
		} else {
			f.b.WriteString(strconv.Quote(v.String()))
		}
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		f.opaque(v, t)
	default:
		fmt.Fprint(&f.b, v)
	}
}

// byMethod writes values that describe themselves.
func (f *formatter) byMethod(v reflect.Value, t types.Type) (done bool) {
	if !v.CanInterface() || v.Kind() == reflect.Pointer && v.IsNil() {
		return false
	}
	mark := f.b.Len()
	defer func() {
		if p := recover(); p != nil {
			if stop, ok := p.(*nsrt.Stop); ok {
				panic(stop)
			}
			s := f.b.String()[:mark]
			f.b.Reset()
			fmt.Fprintf(&f.b, "%s<its method for text panicked: %s>", s, panicText(p))
			done = true
		}
	}()
	switch x := v.Interface().(type) {
	case error:
		f.b.WriteString(x.Error())
		return true
	case fmt.Stringer:
		f.b.WriteString(x.String())
		return true
	}
	if id, pointer := f.s.declared(v.Type(), t); id != "" {
		text, ok := f.s.state.MethodText(id, pointer, v.Interface())
		f.b.WriteString(text)
		return ok
	}
	return false
}

// declared returns the interpreter's identifier of a type of the session, and
// whether it is a pointer to it; "" if it is no such type.
func (s *Session) declared(rt reflect.Type, t types.Type) (id string, pointer bool) {
	if rt.Kind() == reflect.Pointer {
		pointer, rt = true, rt.Elem()
	}
	if named := namedOf(t); named != nil && named.Obj().Pkg() == s.pkg {
		s.typing.Lock()
		defer s.typing.Unlock()
		return s.lowerer.TypeID(named), pointer
	}
	return nsrt.TypeID(rt), pointer
}

// standsFor returns the value of type t that v holds: in interfaces values of
// declared types other than structs are held by a struct of one field.
func standsFor(v reflect.Value, t types.Type) reflect.Value {
	if _, ok := t.Underlying().(*types.Struct); !ok && v.Kind() == reflect.Struct && v.NumField() == 1 {
		return v.Field(0)
	}
	return v
}

// typeOf returns the type of the session that the interpreter represents by
// rt, nil if it is none.
func (s *Session) typeOf(rt reflect.Type) types.Type {
	id, pointer := s.declared(rt, nil)
	if id == "" {
		return nil
	}
	s.typing.Lock()
	t := s.lowerer.TypeByID(id)
	s.typing.Unlock()
	switch {
	case t == nil:
		return nil
	case pointer:
		return types.NewPointer(t)
	}
	return t
}

func (f *formatter) pointer(v reflect.Value, under types.Type, depth int) {
	if v.IsNil() {
		f.b.WriteString("nil")
		return
	}
	p := v.UnsafePointer()
	if depth > maxDepth || f.seen[p] {
		f.b.WriteString("&…")
		return
	}
	f.seen[p] = true
	defer delete(f.seen, p)
	f.b.WriteString("&")
	f.value(v.Elem(), elemType(under), depth+1)
}

func (f *formatter) structure(v reflect.Value, t types.Type, depth int) {
	switch {
	case t != nil:
		f.b.WriteString(typeName(t))
	default:
		if name := f.s.state.TypeName(v.Interface()); !strings.HasPrefix(name, "struct") {
			f.b.WriteString(strings.TrimPrefix(name, "main."))
		}
	}
	if depth > maxDepth {
		f.b.WriteString("{…}")
		return
	}
	f.b.WriteString("{")
	var st *types.Struct
	if t != nil {
		st, _ = t.Underlying().(*types.Struct)
	}
	n := v.NumField()
	if st != nil {
		n = min(n, st.NumFields()) // an empty struct is given a field
	}
	for i := range n {
		if i > 0 {
			f.b.WriteString(", ")
		}
		name, ft := v.Type().Field(i).Name, types.Type(nil)
		if st != nil && i < st.NumFields() {
			name, ft = st.Field(i).Name(), st.Field(i).Type()
		}
		f.b.WriteString(name + ": ")
		f.value(v.Field(i), ft, depth+1)
	}
	f.b.WriteString("}")
}

func (f *formatter) list(v reflect.Value, under types.Type, depth int) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		f.b.WriteString("nil")
		return
	}
	if depth > maxDepth {
		f.b.WriteString("[…]")
		return
	}
	f.b.WriteString("[")
	limit := elementLimit(depth)
	elem := elemType(under)
	for i := range v.Len() {
		if i > 0 {
			f.b.WriteString(" ")
		}
		if i == limit && v.Len() > limit+limit/5 {
			fmt.Fprintf(&f.b, "… (%d elements)", v.Len())
			break
		}
		f.value(v.Index(i), elem, depth+1)
	}
	f.b.WriteString("]")
}

func elementLimit(depth int) int {
	if depth == 0 {
		return maxElements
	}
	return maxInner
}

func (f *formatter) dict(v reflect.Value, under types.Type, depth int) {
	if v.IsNil() {
		f.b.WriteString("nil")
		return
	}
	var key types.Type
	if m, ok := under.(*types.Map); ok {
		key = m.Key()
	}
	if depth > maxDepth {
		f.b.WriteString("map[…]")
		return
	}
	keys := v.MapKeys()
	sortKeys(keys)
	f.b.WriteString("map[")
	limit := elementLimit(depth)
	for i, k := range keys {
		if i > 0 {
			f.b.WriteString(" ")
		}
		if i == limit && len(keys) > limit+limit/5 {
			fmt.Fprintf(&f.b, "… (%d entries)", len(keys))
			break
		}
		f.value(k, key, depth+1)
		f.b.WriteString(": ")
		f.value(v.MapIndex(k), elemType(under), depth+1)
	}
	f.b.WriteString("]")
}

// sortKeys orders the keys of a map by value, or by text if they have no
// order.
func sortKeys(keys []reflect.Value) {
	text := map[reflect.Value]string{}
	sort.SliceStable(keys, func(i, j int) bool {
		a, b := unwrap(keys[i]), unwrap(keys[j])
		switch {
		case a.CanInt() && b.CanInt():
			return a.Int() < b.Int()
		case a.CanUint() && b.CanUint():
			return a.Uint() < b.Uint()
		case a.CanFloat() && b.CanFloat():
			return a.Float() < b.Float()
		}
		for _, k := range []reflect.Value{a, b} {
			if _, ok := text[k]; !ok {
				text[k] = fmt.Sprint(k)
			}
		}
		return text[a] < text[b]
	})
}

// opaque writes functions and channels, of which only the type can be told.
func (f *formatter) opaque(v reflect.Value, t types.Type) {
	switch {
	case v.IsNil():
		f.b.WriteString("nil")
	case t != nil:
		f.b.WriteString(typeName(t))
	default:
		f.b.WriteString(v.Type().String())
	}
}

// elemType returns the element type of a pointer, slice, array or map.
func elemType(t types.Type) types.Type {
	if e, ok := t.(interface{ Elem() types.Type }); ok {
		return e.Elem()
	}
	return nil
}

// unwrap removes what the interpreter wraps around its values when they pass
// through an interface: its valueInterface, and the generated structs that
// give an interpreted value the methods of a compiled interface.
func unwrap(v reflect.Value) reflect.Value {
	for v.IsValid() {
		t := v.Type()
		switch {
		case t == reflect.TypeFor[reflect.Value]() && v.CanInterface():
			v = v.Interface().(reflect.Value)
		case t.Kind() == reflect.Interface:
			if v.IsNil() {
				return reflect.Value{}
			}
			v = v.Elem()
		case t.Kind() == reflect.Struct && t.PkgPath() == "github.com/traefik/yaegi/interp" && t.Name() == "valueInterface":
			v = insideInterface(v)
		case t.Kind() == reflect.Struct && strings.HasPrefix(t.Name(), "_") && t.NumField() > 0 && t.Field(0).Name == "IValue":
			v = v.Field(0)
		default:
			return v
		}
	}
	return v
}

// unbox returns the value in a box that gives it methods.
func unbox(v reflect.Value) reflect.Value {
	if !v.CanInterface() {
		return v
	}
	plain := reflect.ValueOf(nsrt.Plain(v.Interface()))
	if plain.IsValid() && plain.Type() != v.Type() {
		return unwrap(plain)
	}
	return v
}

// unwrapAny is unwrap for values; nil if there is none that can be used.
func unwrapAny(v any) any {
	rv := unwrap(reflect.ValueOf(v))
	if !rv.IsValid() || !rv.CanInterface() {
		return nil
	}
	return rv.Interface()
}

// insideInterface returns the value in the interpreter's valueInterface: its
// second field, of type reflect.Value. TestUnwrap guards the assumption.
func insideInterface(v reflect.Value) reflect.Value {
	addressable := reflect.New(v.Type()).Elem()
	addressable.Set(v)
	return *(*reflect.Value)(unsafe.Pointer(addressable.Field(1).UnsafeAddr()))
}

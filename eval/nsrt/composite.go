package nsrt

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// composite prints v by its parts. name is the declared type, "" if it has
// none.
func (p *printer) composite(v reflect.Value, sh *shape, name string, depth int, can bool) {
	part := func(pick func(*shape) *shape) *shape {
		if sh == nil {
			return nil
		}
		return pick(sh)
	}
	elem := part(func(sh *shape) *shape { return sh.elem })
	if name == "" && sh != nil {
		name = p.s.shapeName(sh)
	}
	if name == "" {
		name = v.Type().String()
	}
	switch v.Kind() {
	case reflect.Struct:
		p.structure(v, sh, name, depth, can)
	case reflect.Map:
		p.mapping(v, part(func(sh *shape) *shape { return sh.key }), elem, name, depth, can)
	case reflect.Slice, reflect.Array:
		p.list(v, elem, name, depth, can)
	case reflect.Pointer:
		p.pointer(v, elem, name, depth, can)
	default:
		p.basic(v)
	}
}

func (p *printer) basic(v reflect.Value) {
	if v.CanInterface() {
		p.leaf(v.Interface())
		return
	}
	p.leaf(v) // fmt prints the value that a reflect.Value holds
}

func (p *printer) structure(v reflect.Value, sh *shape, name string, depth int, can bool) {
	if p.sharp() {
		p.write(name)
	}
	p.write("{")
	n := 0
	for i := range v.NumField() {
		f := field{name: v.Type().Field(i).Name}
		if f.name == "Ns_empty" {
			continue
		}
		unexported := !v.Type().Field(i).IsExported()
		if _, ok := v.Type().Field(i).Tag.Lookup(unexportedTag); ok {
			f.name, unexported = strings.TrimPrefix(f.name, "X"), true
		}
		if sh != nil && sh.kind == 'T' && i < len(sh.fields) {
			f = sh.fields[i]
			unexported = !f.exported()
		}
		if n++; n > 1 {
			p.separate()
		}
		if p.plus() || p.sharp() {
			p.write(f.name + ":")
		}
		p.value(v.Field(i), f.shape, depth+1, can && !unexported)
	}
	p.write("}")
}

// unexportedTag marks the fields that the interpreter exports.
const unexportedTag = "nsu"

func (p *printer) separate() {
	if p.sharp() {
		p.write(", ")
	} else {
		p.write(" ")
	}
}

func (p *printer) list(v reflect.Value, elem *shape, name string, depth int, can bool) {
	if v.Type().Elem().Kind() == reflect.Uint8 && (elem == nil || elem.kind == 'B') && (strings.ContainsRune("sqxX", p.verb) || !p.sharp()) {
		p.basic(v)
		return
	}
	open, end := "[", "]"
	if p.sharp() {
		p.write(name)
		if v.Kind() == reflect.Slice && v.IsNil() {
			p.write("(nil)")
			return
		}
		open, end = "{", "}"
	}
	p.write(open)
	for i := range v.Len() {
		if i > 0 {
			p.separate()
		}
		p.value(v.Index(i), elem, depth+1, can)
	}
	p.write(end)
}

func (p *printer) mapping(v reflect.Value, key, elem *shape, name string, depth int, can bool) {
	open, end := "map[", "]"
	if p.sharp() {
		p.write(name)
		if v.IsNil() {
			p.write("(nil)")
			return
		}
		open, end = "{", "}"
	}
	p.write(open)
	keys := v.MapKeys()
	slices.SortStableFunc(keys, compareKeys)
	for i, k := range keys {
		if i > 0 {
			p.separate()
		}
		p.value(k, key, depth+1, can)
		p.write(":")
		p.value(v.MapIndex(k), elem, depth+1, can)
	}
	p.write(end)
}

func (p *printer) pointer(v reflect.Value, elem *shape, name string, depth int, can bool) {
	if depth == 0 && !v.IsNil() {
		switch v.Elem().Kind() {
		case reflect.Array, reflect.Slice, reflect.Struct, reflect.Map:
			if p.verb != 'p' {
				p.write("&")
				p.value(v.Elem(), elem, depth+1, can)
				return
			}
		}
	}
	switch {
	case p.sharp() && v.IsNil():
		p.write("(" + name + ")(nil)")
	case p.sharp():
		p.write("(" + name + ")(" + fmt.Sprintf("0x%x", v.Pointer()) + ")")
	case v.IsNil():
		p.leaf(nil)
	default:
		p.leaf(v.UnsafePointer())
	}
}

// compareKeys orders the keys of a map as fmt does.
func compareKeys(a, b reflect.Value) int {
	a, b = content(a), content(b)
	if a.Kind() == reflect.Interface {
		a, b = a.Elem(), b.Elem()
	}
	if !a.IsValid() || !b.IsValid() || a.Type() != b.Type() {
		return compareTypes(a, b)
	}
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	}
	switch a.Kind() {
	case reflect.String:
		return strings.Compare(a.String(), b.String())
	case reflect.Bool:
		return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
	case reflect.Pointer, reflect.Chan:
		return cmp.Compare(a.Pointer(), b.Pointer())
	case reflect.Struct:
		for i := range a.NumField() {
			if c := compareKeys(a.Field(i), b.Field(i)); c != 0 {
				return c
			}
		}
	case reflect.Array:
		for i := range a.Len() {
			if c := compareKeys(a.Index(i), b.Index(i)); c != 0 {
				return c
			}
		}
	}
	return 0
}

// compareTypes orders keys of different types: nil first, then by type.
func compareTypes(a, b reflect.Value) int {
	rank := func(v reflect.Value) string {
		if !v.IsValid() {
			return ""
		}
		return v.Type().String()
	}
	return strings.Compare(rank(a), rank(b))
}

package eval

import "go/types"

// mentions tells whether type t is written with name tn: []T, map[string]*T
// and func(T) mention T. It does not look into the definitions of other named
// types.
func mentions(t types.Type, tn *types.TypeName) bool {
	m := mentioner{tn: tn, seen: map[types.Type]bool{}}
	return m.in(t)
}

type mentioner struct {
	tn   *types.TypeName
	seen map[types.Type]bool
}

func (m *mentioner) in(t types.Type) bool {
	if t == nil || m.seen[t] {
		return false
	}
	m.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		return t.Obj() == m.tn || m.list(t.TypeArgs())
	case *types.Alias:
		return t.Obj() == m.tn || m.in(types.Unalias(t))
	case *types.Pointer:
		return m.in(t.Elem())
	case *types.Slice:
		return m.in(t.Elem())
	case *types.Array:
		return m.in(t.Elem())
	case *types.Chan:
		return m.in(t.Elem())
	case *types.Map:
		return m.in(t.Key()) || m.in(t.Elem())
	case *types.Signature:
		return m.tuple(t.Params()) || m.tuple(t.Results())
	case *types.Struct:
		for f := range t.Fields() {
			if m.in(f.Type()) {
				return true
			}
		}
	case *types.Interface:
		for f := range t.Methods() {
			if m.in(f.Type()) {
				return true
			}
		}
	}
	return false
}

func (m *mentioner) tuple(t *types.Tuple) bool {
	for v := range t.Variables() {
		if m.in(v.Type()) {
			return true
		}
	}
	return false
}

func (m *mentioner) list(l *types.TypeList) bool {
	for t := range l.Types() {
		if m.in(t) {
			return true
		}
	}
	return false
}

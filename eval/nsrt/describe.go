package nsrt

import (
	"reflect"
	"strings"
)

// The interpreter represents a declared type by an anonymous one, so that its
// values reach compiled code without name and methods. Lowered programs put
// the name of a declared struct into the tag of its first field, represent
// other declared types in interfaces by such a struct, and describe every type
// here. With that, values can be given to compiled code in a box that has
// their methods.

// tagName is the key of the tag that names a declared type.
const tagName = "ns"

// typeDesc describes a declared type of the session.
type typeDesc struct {
	id   string // in tags
	name string // as the user knows it, "main.T"
	// expr is the underlying type, with the ids of declared types in it.
	expr   string
	isBox  bool // id names the struct that stands for the type in interfaces
	value  methods
	ptr    methods
	parsed *shape // of expr, nil until it is needed
}

// methods are the methods that compiled code looks for. They take the receiver
// as it is in an interface.
type methods struct {
	error, string, goString func(any) string
	hint                    func(any) string // of errors: how to repair the cause
	unwrap                  func(any) error
	unwrapAll               func(any) []error
	is                      func(any, error) bool
	marshalJSON             func(any) ([]byte, error)
	marshalText             func(any) ([]byte, error)
}

func (m *methods) any() bool {
	return m.error != nil || m.string != nil || m.goString != nil || m.marshalJSON != nil || m.marshalText != nil
}

func (m *methods) set(name string, f any) {
	switch f := f.(type) {
	case func(any) string:
		switch name {
		case "Error":
			m.error = f
		case "String":
			m.string = f
		case "GoString":
			m.goString = f
		case "Hint":
			m.hint = f
		}
	case func(any) error:
		m.unwrap = f
	case func(any) []error:
		m.unwrapAll = f
	case func(any, error) bool:
		m.is = f
	case func(any) ([]byte, error):
		if name == "MarshalJSON" {
			m.marshalJSON = f
		} else {
			m.marshalText = f
		}
	}
}

// Describe makes a declared type known: its id in tags, its name, its
// underlying type, and the methods that compiled code looks for: the name,
// with a star for those of the pointer, and a function that takes the
// receiver.
func (s *State) Describe(id, name, expr string, box bool, methods ...any) {
	d := &typeDesc{id: id, name: name, expr: expr, isBox: box}
	for i := 0; i+1 < len(methods); i += 2 {
		m, _ := methods[i].(string)
		if p, ok := strings.CutPrefix(m, "*"); ok {
			d.ptr.set(p, methods[i+1])
		} else {
			d.value.set(m, methods[i+1])
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.types.byID[id] = d
}

// registry are the declared types of the session. Guarded by State.mu.
type registry struct {
	byID   map[string]*typeDesc
	byType map[reflect.Type]*typeDesc // struct types; nil for those that are no declared types
}

func newTypes() registry {
	return registry{byID: map[string]*typeDesc{}, byType: map[reflect.Type]*typeDesc{}}
}

// desc returns the description of a struct type, nil if it is not declared.
func (s *State) desc(t reflect.Type) *typeDesc {
	if t.Kind() != reflect.Struct || t.NumField() == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if d, ok := s.types.byType[t]; ok {
		return d
	}
	d := s.types.byID[t.Field(0).Tag.Get(tagName)]
	s.types.byType[t] = d
	return d
}

// methodsOf returns the description of a value in an interface and its
// methods; nil if it has none of interest.
func (s *State) methodsOf(v any) (*typeDesc, *methods) {
	t := reflect.TypeOf(v)
	if t == nil {
		return nil, nil
	}
	if t.Kind() == reflect.Pointer {
		if d := s.desc(t.Elem()); d != nil && d.ptr.any() {
			return d, &d.ptr
		}
		return nil, nil
	}
	if d := s.desc(t); d != nil && d.value.any() {
		return d, &d.value
	}
	return nil, nil
}

// Any returns v as it is in interfaces: in a box if it has methods that
// compiled code looks for.
func (s *State) Any(v any) any {
	v = Plain(v)
	d, m := s.methodsOf(v)
	if m == nil {
		return v
	}
	return newBox(s, d, m, v)
}

// Error returns v, which has an Error method, as an error.
func (s *State) Error(v any) error {
	e, _ := s.AsError(v)
	return e
}

// AsError returns v as an error if it is one.
func (s *State) AsError(v any) (error, bool) {
	if v == nil {
		return nil, false
	}
	e, ok := s.Any(v).(error)
	if !ok {
		e, ok = v.(error)
	}
	return e, ok
}

// Plain returns the value in an interface without boxes and without the
// wrappers with which the interpreter gives values to compiled interfaces.
func Plain(v any) any {
	for {
		if b, ok := v.(boxed); ok {
			v = b.content()
			continue
		}
		if rv := reflect.ValueOf(v); isValueInterface(rv) {
			if rv = content(rv); !rv.IsValid() {
				return nil
			}
			v = rv.Interface()
			continue
		}
		rv := reflect.ValueOf(v)
		switch {
		case rv.IsValid() && isWrapper(rv.Type()):
			v = rv.Field(0).Interface()
		case rv.Kind() == reflect.Pointer && hasTag(rv.Type().Elem(), "nsref"):
			v = rv.Elem().Field(0).Interface()
		case rv.Kind() == reflect.Pointer && hasTag(rv.Type().Elem(), "nsbox"):
			v = rv.Elem().Interface()
		default:
			return v
		}
	}
}

// hasTag tells whether t is a struct whose first field has a tag.
func hasTag(t reflect.Type, key string) bool {
	if t.Kind() != reflect.Struct || t.NumField() == 0 {
		return false
	}
	_, ok := t.Field(0).Tag.Lookup(key)
	return ok
}

// isWrapper tells whether t only gives a value, its first field, the methods
// of an interface: a wrapper of the interpreter or an adapter of lowered code.
func isWrapper(t reflect.Type) bool {
	if t.Kind() == reflect.Struct && t.NumField() > 0 && t.Field(0).Name == "IValue" {
		return strings.HasPrefix(t.Name(), "_") || strings.HasPrefix(t.Name(), "iface_")
	}
	return hasTag(t, "nsadapter")
}

// Method returns the method of a value as a function, nil if it has none of
// that name.
func Method(v any, name string) any {
	rv := reflect.ValueOf(v)
	if !rv.IsValid() {
		return nil
	}
	m := rv.MethodByName(name)
	if !m.IsValid() {
		return nil
	}
	return m.Interface()
}

// Equal compares two interface values.
func Equal(a, b any) bool { return Plain(a) == Plain(b) }

// As calls try with the errors that err wraps, in the order of errors.As,
// until it returns true.
func As(err error, try func(any) bool) bool {
	for err != nil {
		if try(err) {
			return true
		}
		switch e := err.(type) {
		case interface{ Unwrap() error }:
			err = e.Unwrap()
		case interface{ Unwrap() []error }:
			for _, w := range e.Unwrap() {
				if As(w, try) {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
	return false
}

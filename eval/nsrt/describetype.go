package nsrt

import "reflect"

// TypeID returns the id of the declared type that the struct type t stands
// for: the identifier that the interpreter has for it. It is "" if t stands
// for none.
func TypeID(t reflect.Type) string {
	if t.Kind() != reflect.Struct || t.NumField() == 0 {
		return ""
	}
	return t.Field(0).Tag.Get(tagName)
}

// MethodText returns what the Error or String method of the declared type with
// an id says of v, or of a pointer to it. ok is false if there is no such
// method.
func (s *State) MethodText(id string, pointer bool, v any) (text string, ok bool) {
	d := s.byID(id)
	if d == nil {
		return "", false
	}
	m := &d.value
	if pointer {
		m = &d.ptr
	}
	switch {
	case m.error != nil:
		return m.error(v), true
	case m.string != nil:
		return m.string(v), true
	}
	return "", false
}

package nsrt

import (
	"encoding/json"
	"fmt"
)

// boxed is implemented by all boxes.
type boxed interface{ content() any }

// box is a value of a declared type together with its methods. Boxes are
// equal if their values are.
type box struct {
	v any
	d *typeDesc
	m *methods
	s *State
}

func (b box) content() any { return b.v }

// boxes with the methods that fmt and package errors look for.
type (
	errorBox  struct{ box }
	errorsBox struct{ box }
	stringBox struct{ box }
)

// newBox puts v into the box that has its methods.
func newBox(s *State, d *typeDesc, m *methods, v any) any {
	b := box{v, d, m, s}
	switch {
	case m.error != nil && m.unwrapAll != nil:
		return errorsBox{b}
	case m.error != nil:
		return errorBox{b}
	case m.string != nil:
		return stringBox{b}
	}
	return b
}

// Error calls the Error method of the value.
func (b errorBox) Error() string { return b.m.error(b.v) }

// Hint tells how to repair the cause of the error, "" if the value does not.
func (b errorBox) Hint() string {
	if b.m.hint == nil {
		return ""
	}
	return b.m.hint(b.v)
}

// Unwrap returns what the value wraps, nil if it wraps nothing.
func (b errorBox) Unwrap() error {
	if b.m.unwrap == nil {
		return nil
	}
	return b.m.unwrap(b.v)
}

// Error calls the Error method of the value.
func (b errorsBox) Error() string { return b.m.error(b.v) }

// Unwrap returns what the value wraps.
func (b errorsBox) Unwrap() []error { return b.m.unwrapAll(b.v) }

// Is asks the value whether it is target, if it has a method for that.
func (b box) Is(target error) bool { return b.m.is != nil && b.m.is(b.v, target) }

// String calls the String method of the value.
func (b stringBox) String() string { return b.m.string(b.v) }

// Format prints the value as fmt prints a value with these methods.
func (b box) Format(f fmt.State, verb rune) { b.s.format(f, verb, b) }

// MarshalJSON encodes the value.
func (b box) MarshalJSON() ([]byte, error) {
	if b.m.marshalJSON != nil {
		return b.m.marshalJSON(b.v)
	}
	if b.m.marshalText != nil {
		text, err := b.m.marshalText(b.v)
		if err != nil {
			return nil, err
		}
		return json.Marshal(string(text))
	}
	return json.Marshal(Unbox(b.v))
}

package eval

import (
	"fmt"
	"go/constant"
	"go/types"
	"reflect"
	"strings"

	"github.com/nskernel/nskernel/display"
)

// show represents the values of the last expression of a cell; nil if there
// is nothing to show.
func (s *Session) show(out *output, values []any) (*display.Bundle, error) {
	if out == nil {
		return nil, nil
	}
	if out.constant != nil {
		b := display.TextBundle(constantText(out.constant, out.untyped))
		return &b, nil
	}
	if len(values) != len(out.types) {
		return nil, asCellError(fmt.Errorf("the last expression gave %d values, %d were expected", len(values), len(out.types)))
	}
	if len(values) == 1 {
		return s.bundle(values[0], out.types[0])
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = formatElement(v, out.types[i])
	}
	b := display.TextBundle(strings.Join(texts, ", "))
	return &b, nil
}

// bundle represents one value.
func (s *Session) bundle(v any, t types.Type) (*display.Bundle, error) {
	switch v.(type) {
	case *display.Handle, *display.Bar:
		return nil, nil // what they stand for is shown already
	}
	plain := unwrap(reflect.ValueOf(v))
	if plain.IsValid() && plain.CanInterface() && s.opt.Registry != nil {
		b, found, err := s.opt.Registry.Bundle(plain.Interface())
		if err != nil {
			text := display.TextBundle(formatValue(v, t))
			s.stream(s.current(), "stderr", fmt.Sprintf("note: the value could not be shown as it wants to be: %v\n", err))
			return &text, nil
		}
		if found {
			return &b, nil
		}
	}
	b := display.TextBundle(formatValue(v, t))
	return &b, nil
}

// formatElement formats one of several values, so that strings are quoted.
func formatElement(v any, t types.Type) string {
	if s, ok := v.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return formatValue(v, t)
}

// constantText writes an untyped constant: its exact value, of runes also the
// character.
func constantText(v constant.Value, t types.Type) string {
	if b, ok := t.(*types.Basic); ok && b.Kind() == types.UntypedRune {
		if i, exact := constant.Int64Val(v); exact {
			return fmt.Sprintf("%d %q", i, rune(i))
		}
	}
	switch v.Kind() {
	case constant.String:
		return constant.StringVal(v)
	case constant.Float:
		f, _ := constant.Float64Val(v)
		return fmt.Sprint(f)
	case constant.Complex:
		re, _ := constant.Float64Val(constant.Real(v))
		im, _ := constant.Float64Val(constant.Imag(v))
		return fmt.Sprint(complex(re, im))
	}
	return v.ExactString()
}

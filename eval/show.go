package eval

import (
	"fmt"
	"go/constant"
	"go/types"
	"maps"
	"strconv"
	"strings"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/eval/nsrt"
)

// show represents the values of the last expression of a cell; nil if there
// is nothing to show.
func (s *Session) show(cell *nsrt.Cell, out *output) (*display.Bundle, error) {
	if out == nil {
		return nil, nil
	}
	if out.constant != nil {
		b := display.TextBundle(constantText(out.constant, out.untyped))
		return &b, nil
	}
	values, _ := cell.Values()
	if len(values) != len(out.types) {
		return nil, asCellError(fmt.Errorf("the last expression gave %d values, %d were expected", len(values), len(out.types)))
	}
	if len(values) == 1 {
		if b := s.rich(cell, values[0], out.types[0]); b != nil {
			return b, nil
		}
		return s.bundle(values[0], out.types[0])
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = s.formatValue(v, out.types[i])
	}
	b := display.TextBundle(strings.Join(texts, ", "))
	return &b, nil
}

// rich returns the representations that a value of a type of the session has
// made of itself, with its text if it made none; nil if there are none.
func (s *Session) rich(cell *nsrt.Cell, v any, t types.Type) *display.Bundle {
	made, err := cell.BundleValue()
	if err != nil {
		s.notShown(err)
		return nil
	}
	b, ok := unwrapAny(made).(display.Bundle)
	if !ok {
		b.Data = cell.RichValue()
	}
	if len(b.Data) == 0 {
		return nil
	}
	if _, ok := b.Data[display.MIMEText]; !ok {
		b.Data = maps.Clone(b.Data)
		b.Data[display.MIMEText] = s.formatValue(v, t)
	}
	return &b
}

// notShown tells that a value could not be shown as it wants to be.
func (s *Session) notShown(err error) {
	s.stream(owner(s.state.Latest()), "stderr", fmt.Sprintf("note: the value could not be shown as it wants to be: %v\n", err))
}

// bundle represents one value.
func (s *Session) bundle(v any, t types.Type) (*display.Bundle, error) {
	switch v.(type) {
	case *display.Handle, *display.Bar:
		return nil, nil // what they stand for is shown already
	}
	if plain := unwrapAny(v); plain != nil {
		b, found, err := s.opt.Registry.Bundle(plain)
		if err != nil {
			text := display.TextBundle(s.formatValue(v, t))
			s.notShown(err)
			return &text, nil
		}
		if found {
			return &b, nil
		}
	}
	b := display.TextBundle(s.formatValue(v, t))
	return &b, nil
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
		return quote(constant.StringVal(v))
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

// quote writes a string as Go does: in quotes, or in backquotes as it is when it
// has several lines or quotes of its own.
func quote(s string) string {
	if strings.ContainsAny(s, "\n\"") && strconv.CanBackquote(strings.ReplaceAll(s, "\n", "")) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

package nsrt

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"unsafe"
)

// formatted is an argument of a fmt function whose type the interpreter has
// blurred.
type formatted struct {
	v  reflect.Value
	sh *shape // nil: what the value itself says
	s  *State
}

// Format prints the value as fmt prints a value of its declared type.
func (a formatted) Format(f fmt.State, verb rune) {
	p := printer{s: a.s, f: f, verb: verb}
	p.value(a.v, a.sh, 0, true)
}

// format prints the content of a box.
func (s *State) format(f fmt.State, verb rune, b box) {
	p := printer{s: s, f: f, verb: verb}
	if !p.methods(b.m, b.v) {
		p.value(reflect.ValueOf(b.v), nil, 0, false)
	}
}

// FmtArg prepares an argument of a fmt function. shapeText is the shape of its
// static type, "" if that is an interface or says no more than the value.
func (s *State) FmtArg(v any, shapeText string) any {
	switch v.(type) {
	case nil, int, string, float64, bool, []float64, []int, []string:
		if shapeText == "" {
			return v
		}
	case fmt.Formatter:
		return v
	}
	v = s.Any(v)
	switch v.(type) {
	case nil, boxed:
		return v
	}
	var sh *shape
	if shapeText != "" {
		sh, _ = parseShape(shapeText)
	} else if !s.blurred(reflect.TypeOf(v), 0) {
		return v
	}
	return formatted{reflect.ValueOf(v), sh, s}
}

// blurred tells whether values of type t can contain values of declared types.
func (s *State) blurred(t reflect.Type, depth int) bool {
	if t.PkgPath() != "" && t.Name() != "" || depth > 8 {
		return false
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return s.blurred(t.Elem(), depth+1)
	case reflect.Map:
		return s.blurred(t.Elem(), depth+1) || s.blurred(t.Key(), depth+1)
	}
	return false
}

// printer prints one value with one verb.
type printer struct {
	s    *State
	f    fmt.State
	verb rune
}

func (p *printer) write(s string) { _, _ = io.WriteString(p.f, s) }
func (p *printer) sharp() bool    { return p.verb == 'v' && p.f.Flag('#') }
func (p *printer) plus() bool     { return p.verb == 'v' && p.f.Flag('+') }

// leaf leaves the printing to fmt.
func (p *printer) leaf(v any) { fmt.Fprintf(p.f, fmt.FormatString(p.f, p.verb), v) }

// methods prints v by a method of its type, if it has one for the verb.
func (p *printer) methods(m *methods, v any) (done bool) {
	if p.sharp() {
		if m.goString == nil {
			return false
		}
		p.write(m.goString(v))
		return true
	}
	text := m.error
	if text == nil {
		text = m.string
	}
	if text == nil || !strings.ContainsRune("vsxXq", p.verb) {
		return false
	}
	// A nil pointer whose method does not expect it is printed by fmt as <nil>.
	fmt.Fprintf(p.f, fmt.FormatString(p.f, p.verb), lazyText(func() string { return text(v) }))
	return true
}

// lazyText lets fmt call a method, with fmt's handling of its panics.
type lazyText func() string

// String calls the method.
func (t lazyText) String() string { return t() }

// value prints v. can says whether fmt could call methods of v.
func (p *printer) value(v reflect.Value, sh *shape, depth int, can bool) {
	v = content(v)
	if !v.IsValid() {
		p.nothing(depth)
		return
	}
	if v.Kind() == reflect.Interface {
		p.iface(v, depth, can)
		return
	}
	name := ""
	if sh == nil {
		sh, name, v = p.own(v)
	}
	if sh != nil && sh.kind == 'N' {
		d := p.s.byID(sh.text)
		if d == nil {
			p.leaf(v.Interface())
			return
		}
		name = d.name
		if can && p.named(d, v) {
			return
		}
		sh = p.s.shapeOf(d)
	} else if can && p.byMethods(v, sh) {
		return
	}
	p.composite(v, sh, name, depth, can)
}

// own finds the shape that v has by itself, and the value in a box.
func (p *printer) own(v reflect.Value) (*shape, string, reflect.Value) {
	if d := p.s.desc(v.Type()); d != nil {
		if d.isBox {
			v = v.Field(0)
			return &shape{kind: 'N', text: d.id}, "", v
		}
		return &shape{kind: 'N', text: d.id}, "", v
	}
	return nil, "", v
}

// named prints a value of declared type d by its methods.
func (p *printer) named(d *typeDesc, v reflect.Value) bool {
	if !d.value.any() || !v.CanInterface() {
		return false
	}
	return p.methods(&d.value, v.Interface())
}

// byMethods prints a pointer to a declared type, or a value of a compiled
// type, by its methods.
func (p *printer) byMethods(v reflect.Value, sh *shape) bool {
	if !v.CanInterface() {
		return false
	}
	if v.Kind() == reflect.Pointer {
		if d := p.s.desc(v.Type().Elem()); d != nil {
			return d.ptr.any() && p.methods(&d.ptr, v.Interface())
		}
	}
	if v.Type().PkgPath() == "" && v.Kind() != reflect.Pointer {
		return false
	}
	switch v.Interface().(type) {
	case fmt.Formatter, error, fmt.Stringer, fmt.GoStringer:
		p.leaf(v.Interface())
		return true
	}
	return false
}

// isValueInterface tells whether v is what the interpreter keeps in variables
// of its own interface types.
func isValueInterface(v reflect.Value) bool {
	return v.Kind() == reflect.Struct && v.Type().Name() == "valueInterface" && strings.HasSuffix(v.Type().PkgPath(), "yaegi/interp")
}

// content returns the value in one of the interpreter's interfaces.
func content(v reflect.Value) reflect.Value {
	for isValueInterface(v) {
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		f := c.Field(1)
		v = reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem().Interface().(reflect.Value)
	}
	return v
}

func (p *printer) nothing(depth int) {
	if p.sharp() && depth > 0 {
		p.write("interface {}(nil)")
		return
	}
	p.leaf(nil)
}

func (p *printer) iface(v reflect.Value, depth int, can bool) {
	e := v.Elem()
	if !e.IsValid() {
		p.nothing(depth)
		return
	}
	if can && e.CanInterface() {
		switch x := e.Interface().(type) {
		case boxed:
			p.leaf(x)
			return
		}
		e = reflect.ValueOf(p.s.Any(e.Interface()))
		if b, ok := e.Interface().(boxed); ok {
			p.leaf(b)
			return
		}
	}
	p.value(e, nil, depth+1, can)
}

// TypeName is the type of the value in an interface, as %T writes it.
func (s *State) TypeName(v any) string {
	v = Plain(v)
	t := reflect.TypeOf(v)
	if t == nil {
		return "<nil>"
	}
	return s.typeName(t)
}

func (s *State) typeName(t reflect.Type) string {
	if d := s.desc(t); d != nil {
		return d.name
	}
	if t.PkgPath() != "" && t.Name() != "" {
		return t.String()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + s.typeName(t.Elem())
	case reflect.Slice:
		return "[]" + s.typeName(t.Elem())
	case reflect.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), s.typeName(t.Elem()))
	case reflect.Map:
		return "map[" + s.typeName(t.Key()) + "]" + s.typeName(t.Elem())
	}
	return t.String()
}

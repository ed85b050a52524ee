package display

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
)

// Renderer turns a value of the type it is registered for into a bundle.
type Renderer func(v any) (Bundle, error)

// Registry finds the renderer of a value by its type. The zero value is ready
// to use and knows no types; it is safe for concurrent use.
type Registry struct {
	mu      sync.RWMutex
	exact   map[reflect.Type]Renderer
	ifaces  []ifaceRenderer // in order of registration
	extends []Extension
}

// An Extension represents values whose types it knows; found is false for all
// others.
type Extension func(v any) (b Bundle, found bool, err error)

// Extend adds an extension. Extensions are asked in the order in which they
// were added, before the registered renderers.
func (r *Registry) Extend(f Extension) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.extends = append(r.extends, f)
}

// extended asks the extensions.
func (r *Registry) extended(v any) (b Bundle, found bool, err error) {
	if r == nil || v == nil {
		return Bundle{}, false, nil
	}
	r.mu.RLock()
	list := r.extends
	r.mu.RUnlock()
	for _, f := range list {
		if b, found, err := f(v); found || err != nil {
			return b, true, err
		}
	}
	return Bundle{}, false, nil
}

type ifaceRenderer struct {
	typ    reflect.Type
	render Renderer
}

// Register makes f the renderer of type t. When t is an interface type, f
// renders every value that implements it and has no renderer of its own type;
// of several interfaces the first registered wins. It is an error to register
// a nil type, a nil function, or a type twice.
func (r *Registry) Register(t reflect.Type, f Renderer) error {
	if t == nil || f == nil {
		return errors.New("display: Register needs a type and a function, got nil")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if t.Kind() == reflect.Interface {
		for _, i := range r.ifaces {
			if i.typ == t {
				return fmt.Errorf("display: %v already has a renderer", t)
			}
		}
		r.ifaces = append(r.ifaces, ifaceRenderer{t, f})
		return nil
	}
	if r.exact[t] != nil {
		return fmt.Errorf("display: %v already has a renderer", t)
	}
	if r.exact == nil {
		r.exact = map[reflect.Type]Renderer{}
	}
	r.exact[t] = f
	return nil
}

// Lookup returns the renderer for values of type t, or nil.
func (r *Registry) Lookup(t reflect.Type) Renderer {
	if r == nil || t == nil {
		return nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if f := r.exact[t]; f != nil {
		return f
	}
	for _, i := range r.ifaces {
		if t.Implements(i.typ) {
			return i.render
		}
	}
	return nil
}

// Bundle represents v: by its own Display method, by an extension, by a registered renderer, by
// one of the methods HTML() string, SVG() string and PNG() []byte, and else as
// the text of fmt's %v. found is false in the last case, so that a caller that
// knows more about v can write a better text. A representation without
// text/plain gets the text of %v or of the type. A panic inside v's own methods is
// returned as an error.
func (r *Registry) Bundle(v any) (b Bundle, found bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			b, err = Bundle{}, fmt.Errorf("showing a %T panicked: %v", v, p)
		}
	}()
	if d, ok := v.(Displayer); ok && !isNilPointer(v) {
		b, err = d.Display()
		return withText(b, v), true, err
	}
	if b, ok, err := r.extended(v); ok {
		return withText(b, v), true, err
	}
	if f := r.Lookup(reflect.TypeOf(v)); f != nil && !isNilPointer(v) {
		b, err = f(v)
		return withText(b, v), true, err
	}
	if b, ok := byMethods(v); ok {
		return withText(b, v), true, nil
	}
	return TextBundle(fmt.Sprint(v)), false, nil
}

func isNilPointer(v any) bool {
	rv := reflect.ValueOf(v)
	return rv.Kind() == reflect.Pointer && rv.IsNil()
}

func byMethods(v any) (Bundle, bool) {
	if v == nil || isNilPointer(v) {
		return Bundle{}, false
	}
	data := map[string]any{}
	if h, ok := v.(interface{ HTML() string }); ok {
		data[MIMEHTML] = h.HTML()
	}
	if s, ok := v.(interface{ SVG() string }); ok {
		data[MIMESVG] = s.SVG()
	}
	if p, ok := v.(interface{ PNG() []byte }); ok {
		data[MIMEPNG] = p.PNG()
	}
	return Bundle{Data: data}, len(data) > 0
}

// withText adds text/plain, which every front end can show.
func withText(b Bundle, v any) Bundle {
	if _, ok := b.Data[MIMEText]; ok {
		return b
	}
	data := map[string]any{}
	for k, d := range b.Data {
		data[k] = d
	}
	if s, ok := v.(fmt.Stringer); ok {
		data[MIMEText] = s.String()
	} else {
		data[MIMEText] = fmt.Sprintf("<%T>", v)
	}
	return Bundle{Data: data, Metadata: b.Metadata}
}

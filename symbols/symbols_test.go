package symbols_test

import (
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/nskernel/nskernel/symbols"
)

// allExports merges the groups; a package stands in one of them only.
func allExports(t testing.TB) map[string]map[string]reflect.Value {
	t.Helper()
	all := map[string]map[string]reflect.Value{}
	for _, group := range symbols.Exports() {
		for key, m := range group {
			if all[key] != nil {
				t.Errorf("%s stands in two groups", key)
			}
			all[key] = m
		}
	}
	delete(all, ".")
	return all
}

// eachPackage calls f with the types and the symbols of every package.
func eachPackage(t *testing.T, f func(t *testing.T, p *types.Package, syms map[string]reflect.Value)) {
	imp, err := symbols.Importer()
	if err != nil {
		t.Fatal(err)
	}
	all := allExports(t)
	if len(symbols.Packages()) != len(all) {
		t.Errorf("%d packages can be imported, %d have symbols", len(symbols.Packages()), len(all))
	}
	for _, p := range symbols.Packages() {
		tp, err := imp.Import(p)
		if err != nil {
			t.Errorf("types: %v", err)
			continue
		}
		syms := all[p+"/"+tp.Name()]
		if syms == nil {
			t.Errorf("%s has no symbols", p)
			continue
		}
		f(t, tp, syms)
	}
}

func TestPackages(t *testing.T) {
	l := symbols.Packages()
	if !slices.IsSorted(l) {
		t.Error("not sorted")
	}
	for _, p := range []string{
		"fmt", "slices", "maps", "cmp", "iter", "unique", "weak", "math/rand/v2", "testing", "go/types", "encoding/json", "net/http",
		"gonum.org/v1/gonum/mat", "gonum.org/v1/gonum/stat/distuv", "gonum.org/v1/gonum/dsp/fourier", "gonum.org/v1/gonum/graph/community",
		"gonum.org/v1/gonum/optimize", "gonum.org/v1/gonum/num/quat", "gonum.org/v1/plot", "gonum.org/v1/plot/plotter", "gonum.org/v1/plot/vg/vgsvg",
		"github.com/nskernel/nskernel/neurospatial", "github.com/nskernel/nskernel/plot", "github.com/nskernel/nskernel/display",
	} {
		if !slices.Contains(l, p) {
			t.Errorf("%s cannot be imported", p)
		}
	}
	for _, p := range l {
		for elem := range strings.SplitSeq(p, "/") {
			if p == "unsafe" || elem == "internal" || elem == "vendor" || elem == "cmd" {
				t.Errorf("%s can be imported", p)
			}
		}
	}
}

// TestNames compares the names of the symbols with those of the types.
func TestNames(t *testing.T) {
	eachPackage(t, func(t *testing.T, p *types.Package, syms map[string]reflect.Value) {
		for _, name := range p.Scope().Names() {
			if o := p.Scope().Lookup(name); o.Exported() && hasValue(o) && !syms[name].IsValid() {
				t.Errorf("%s.%s has no symbol", p.Path(), name)
			}
		}
		for name := range syms {
			o := p.Scope().Lookup(strings.TrimPrefix(name, "_"))
			if o == nil || !hasValue(o) {
				t.Errorf("the symbol %s.%s has no type", p.Path(), name)
			}
		}
	})
}

// hasValue tells whether o exists in a compiled program: generic functions and
// types and constraints do not.
func hasValue(o types.Object) bool {
	switch t := o.Type().(type) {
	case *types.Signature:
		return t.TypeParams().Len() == 0
	case *types.Named:
		if t.TypeParams().Len() > 0 {
			return false
		}
	case *types.Alias:
		if t.TypeParams().Len() > 0 {
			return false
		}
	}
	i, ok := o.Type().Underlying().(*types.Interface)
	_, isType := o.(*types.TypeName)
	return !ok || !isType || i.IsMethodSet()
}

// TestSignatures compares the compiled symbols with the export data.
func TestSignatures(t *testing.T) {
	eachPackage(t, func(t *testing.T, p *types.Package, syms map[string]reflect.Value) {
		for name, v := range syms {
			o := p.Scope().Lookup(name)
			if o == nil {
				continue // a wrapper, or reported by TestNames
			}
			switch o := o.(type) {
			case *types.Const:
				if !sameConstant(o, v) {
					t.Errorf("%s.%s is %v, want %s", p.Path(), name, v, o.Val())
				}
			case *types.TypeName:
				if v.Kind() != reflect.Pointer || !sameType(o.Type(), v.Type().Elem(), 0) {
					t.Errorf("%s.%s is a %v, want a pointer to %v", p.Path(), name, v.Type(), o.Type())
				}
			case *types.Var:
				if !v.CanSet() {
					t.Errorf("%s.%s cannot be assigned", p.Path(), name)
				}
				if !sameType(o.Type(), v.Type(), 0) {
					t.Errorf("%s.%s is a %v, want %v", p.Path(), name, v.Type(), o.Type())
				}
			default:
				if !sameType(o.Type(), v.Type(), 0) {
					t.Errorf("%s.%s is a %v, want %v", p.Path(), name, v.Type(), o.Type())
				}
			}
		}
	})
}

// sameConstant compares a constant with its symbol.
func sameConstant(c *types.Const, v reflect.Value) bool {
	got, ok := v.Interface().(constant.Value)
	if !ok {
		switch v.Kind() {
		case reflect.Bool:
			got = constant.MakeBool(v.Bool())
		case reflect.String:
			got = constant.MakeString(v.String())
		case reflect.Float32, reflect.Float64:
			got = constant.MakeFloat64(v.Float())
		default:
			if v.CanInt() {
				got = constant.MakeInt64(v.Int())
			} else if v.CanUint() {
				got = constant.MakeUint64(v.Uint())
			} else {
				return false
			}
		}
		if !sameType(c.Type(), v.Type(), 0) && c.Type() != types.Typ[types.UntypedBool] {
			return false
		}
	}
	if c.Val().Kind() == constant.Float || got.Kind() == constant.Float {
		a, _ := constant.Float64Val(constant.ToFloat(c.Val()))
		b, _ := constant.Float64Val(constant.ToFloat(got))
		return a == b
	}
	return constant.Compare(c.Val(), token.EQL, got)
}

// TestWrappers demands that the wrapper of an interface implements it and has
// the form that the interpreter fills.
func TestWrappers(t *testing.T) {
	n := 0
	eachPackage(t, func(t *testing.T, p *types.Package, syms map[string]reflect.Value) {
		for name, v := range syms {
			if !strings.HasPrefix(name, "_") {
				continue
			}
			n++
			w := v.Type().Elem()
			if w.Kind() != reflect.Struct || w.Field(0).Name != "IValue" {
				t.Errorf("%s.%s is a %v", p.Path(), name, w)
				continue
			}
			i := p.Scope().Lookup(name[1:]).Type().Underlying().(*types.Interface)
			for m := range i.Methods() {
				f, ok := w.FieldByName("W" + m.Name())
				if !ok || !sameType(m.Type(), f.Type, 0) {
					t.Errorf("%s.%s: field of %s is a %v", p.Path(), name, m, f.Type)
				}
			}
			if iface := syms[name[1:]]; iface.IsValid() && !w.Implements(iface.Type().Elem()) {
				t.Errorf("%s.%s does not implement %s", p.Path(), name, name[1:])
			}
		}
		for name, v := range syms {
			if strings.HasPrefix(name, "_") || v.Kind() != reflect.Pointer || v.Type().Elem().Kind() != reflect.Interface || !v.IsNil() {
				continue
			}
			if o := p.Scope().Lookup(name); needsWrapper(o) && !syms["_"+name].IsValid() {
				t.Errorf("%s.%s has no wrapper", p.Path(), name)
			}
		}
	})
	if n < 300 {
		t.Errorf("only %d wrappers", n)
	}
}

// needsWrapper tells whether a cell can implement the interface o.
func needsWrapper(o types.Object) bool {
	tn, ok := o.(*types.TypeName)
	if !ok || tn.IsAlias() {
		return false
	}
	i := tn.Type().Underlying().(*types.Interface)
	for m := range i.Methods() {
		if !m.Exported() || strings.Contains(m.Type().String(), "internal/") {
			return false
		}
	}
	return true
}

// TestDocs demands that the documentation speaks of names that exist.
func TestDocs(t *testing.T) {
	documented, all := 0, 0
	eachPackage(t, func(t *testing.T, p *types.Package, syms map[string]reflect.Value) {
		if symbols.Doc(p.Path(), "") == "" && !strings.HasPrefix(p.Path(), "gonum.org") {
			t.Errorf("%s has no documentation", p.Path())
		}
		for name := range symbols.DocNames(p.Path()) {
			if !exists(p, name) {
				t.Errorf("%s: documentation of %s, which does not exist", p.Path(), name)
			}
		}
		for name := range syms {
			if strings.HasPrefix(name, "_") {
				continue
			}
			all++
			if symbols.Doc(p.Path(), name) != "" {
				documented++
			}
		}
	})
	if documented*10 < all*8 {
		t.Errorf("%d of %d names are documented", documented, all)
	}
	for _, tt := range []struct{ pkg, name, want string }{
		{"fmt", "Println", "Println formats using the default formats"},
		{"sort", "Interface.Less", "Less reports whether"},
		{"net/http", "Server.Addr", "Addr optionally specifies"},
		{"gonum.org/v1/gonum/mat", "Dense.Mul", "Mul takes the matrix product"},
		{"math", "Pi", "oeis.org"},
		{"builtin", "append", "The append built-in function"},
		{"slices", "Sort", "Sort sorts a slice"},
	} {
		if got := symbols.Doc(tt.pkg, tt.name); !strings.Contains(got, tt.want) {
			t.Errorf("Doc(%s, %s) = %q", tt.pkg, tt.name, got)
		}
	}
	if symbols.Doc("fmt", "Nothing") != "" || symbols.Doc("no/such", "") != "" {
		t.Error("documentation of nothing")
	}
}

// exists tells whether a name or a member of it is declared in p.
func exists(p *types.Package, name string) bool {
	name, member, _ := strings.Cut(name, ".")
	if name == "" {
		return true
	}
	o := p.Scope().Lookup(name)
	if o == nil || member == "" {
		return o != nil
	}
	m, _, _ := types.LookupFieldOrMethod(o.Type(), true, p, member)
	return m != nil
}

// TestPlatformsIndependent demands that no symbol belongs to one platform.
func TestPlatformsIndependent(t *testing.T) {
	for key := range allExports(t) {
		switch path.Dir(key) {
		case "syscall", "unsafe", "runtime/cgo", "plugin":
			t.Errorf("%s has symbols", key)
		}
	}
}

package main

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"
)

// wrapper adds the type through which the interpreter passes its own values as
// the interface o: a struct with one function per method. The interpreter finds
// it under the name of the interface with an underscore before it, and fills the
// fields by position. An interface that has a method which no other package can
// implement or write down gets none.
func (t *tableFile) wrapper(o *types.TypeName) {
	if o.IsAlias() {
		return // the wrapper stands in the package of the type itself
	}
	named, ok := o.Type().(*types.Named)
	if !ok || named.TypeParams().Len() > 0 {
		return
	}
	i, ok := named.Underlying().(*types.Interface)
	if !ok || !i.IsMethodSet() || i.NumMethods() == 0 && !o.Exported() {
		return
	}
	for m := range i.Methods() {
		if !m.Exported() || !t.nameable(m.Type(), nil) {
			return
		}
	}
	name := "iface_" + mangle(t.pkg.Path()) + "_" + o.Name()
	fmt.Fprintf(&t.wraps, "\n// %s carries a value of the interpreter as a %s.%s.\ntype %[1]s struct {\n\tIValue any\n", name, t.pkg.Name(), o.Name())
	for m := range i.Methods() {
		fmt.Fprintf(&t.wraps, "\tW%s func%s\n", m.Name(), t.signature(m.Signature(), false))
	}
	fmt.Fprintf(&t.wraps, "}\n")
	for m := range i.Methods() {
		s := m.Signature()
		fmt.Fprintf(&t.wraps, "\nfunc (w %s) %s%s {\n", name, m.Name(), t.signature(s, true))
		if m.Name() == "String" && s.Params().Len() == 0 && s.Results().Len() == 1 {
			// fmt asks for String also when the interpreted type has none.
			fmt.Fprintf(&t.wraps, "\tif w.WString == nil {\n\t\treturn \"\"\n\t}\n")
		}
		ret := ""
		if s.Results().Len() > 0 {
			ret = "return "
		}
		fmt.Fprintf(&t.wraps, "\t%sw.W%s(%s)\n}\n", ret, m.Name(), arguments(s))
	}
	t.row("_"+o.Name(), "Type", "(*%s)(nil)", name)
}

// signature writes the parameters, named a0, a1, … if asked, and results of s.
func (t *tableFile) signature(s *types.Signature, names bool) string {
	var params, results []string
	for i := range s.Params().Len() {
		typ, dots := s.Params().At(i).Type(), ""
		if s.Variadic() && i == s.Params().Len()-1 {
			typ, dots = typ.(*types.Slice).Elem(), "..."
		}
		p := dots + types.TypeString(typ, t.qualify)
		if names {
			p = fmt.Sprintf("a%d %s", i, p)
		}
		params = append(params, p)
	}
	for r := range s.Results().Variables() {
		results = append(results, types.TypeString(r.Type(), t.qualify))
	}
	return fmt.Sprintf("(%s) (%s)", strings.Join(params, ", "), strings.Join(results, ", "))
}

func arguments(s *types.Signature) string {
	var args []string
	for i := range s.Params().Len() {
		args = append(args, fmt.Sprintf("a%d", i))
	}
	if s.Variadic() {
		args[len(args)-1] += "..."
	}
	return strings.Join(args, ", ")
}

// nameable tells whether a file of this module can write the type typ.
func (t *tableFile) nameable(typ types.Type, seen []types.Type) bool {
	for _, s := range seen {
		if s == typ {
			return true
		}
	}
	seen = append(seen, typ)
	switch typ := typ.(type) {
	case *types.Named:
		return importable(typ.Obj()) && t.allNameable(typ.TypeArgs(), seen)
	case *types.Alias:
		return importable(typ.Obj()) && t.allNameable(typ.TypeArgs(), seen)
	case *types.Pointer:
		return t.nameable(typ.Elem(), seen)
	case *types.Slice:
		return t.nameable(typ.Elem(), seen)
	case *types.Array:
		return t.nameable(typ.Elem(), seen)
	case *types.Chan:
		return t.nameable(typ.Elem(), seen)
	case *types.Map:
		return t.nameable(typ.Key(), seen) && t.nameable(typ.Elem(), seen)
	case *types.Tuple:
		for v := range typ.Variables() {
			if !t.nameable(v.Type(), seen) {
				return false
			}
		}
	case *types.Signature:
		return t.nameable(typ.Params(), seen) && t.nameable(typ.Results(), seen)
	case *types.Struct:
		for f := range typ.Fields() {
			if !f.Exported() || !t.nameable(f.Type(), seen) {
				return false
			}
		}
	case *types.Interface:
		for m := range typ.Methods() {
			if !m.Exported() || !t.nameable(m.Type(), seen) {
				return false
			}
		}
	}
	return true
}

func (t *tableFile) allNameable(l *types.TypeList, seen []types.Type) bool {
	for typ := range l.Types() {
		if !t.nameable(typ, seen) {
			return false
		}
	}
	return true
}

// importable tells whether another module can refer to o.
func importable(o *types.TypeName) bool {
	if o.Pkg() == nil {
		return true // error, comparable
	}
	if !token.IsExported(o.Name()) {
		return false
	}
	path := "/" + o.Pkg().Path() + "/"
	return !strings.Contains(path, "/internal/") && !strings.Contains(path, "/vendor/")
}

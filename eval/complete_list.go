package eval

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"github.com/nskernel/nskernel/kernel"
)

// A listing collects completions.
type listing struct {
	*sketch
	prefix    string
	want      types.Type // of the value that is expected here, nil if unknown
	types     bool       // only types can stand here
	constants bool       // in a declaration of constants
	found     []candidate
	seen      map[string]bool
}

type candidate struct {
	kernel.CompletionItem
	rank   int
	folded bool // agrees with the prefix only when case is ignored
	suits  bool // has the expected type
}

// Ranks, the most likely first.
const (
	rankExpected = iota // written for the place
	rankLocal
	rankMember
	rankSession
	rankPackage
	rankUniverse
	rankKeyword
)

// add takes c if its name agrees with what was typed. Text beyond the name (a
// package before it) is not compared.
func (l *listing) add(name string, c candidate) {
	if l.seen[c.Text] || name == placeholder {
		return
	}
	if !strings.HasPrefix(name, l.prefix) && !strings.HasPrefix(c.Text, l.prefix) {
		if !hasFoldedPrefix(name, l.prefix) {
			return
		}
		c.folded = true
	}
	l.seen[c.Text] = true
	l.found = append(l.found, c)
}

func hasFoldedPrefix(s, prefix string) bool {
	return strings.HasPrefix(strings.ToLower(s), strings.ToLower(prefix))
}

func (l *listing) object(o types.Object, rank int) {
	if pn, ok := o.(*types.PkgName); ok {
		l.pkgName(pn.Name(), pn.Imported().Path())
		return
	}
	item := kernel.CompletionItem{Text: o.Name(), Type: kindOfObject(o), Signature: signature(o, l.qualifier())}
	l.add(o.Name(), candidate{CompletionItem: item, rank: rank, suits: l.suits(o)})
}

// key adds a field of a struct literal.
func (l *listing) key(f *types.Var, hasColon bool) {
	text := f.Name()
	if !hasColon {
		text += ": "
	}
	item := kernel.CompletionItem{Text: text, Type: "field", Signature: signature(f, l.qualifier())}
	l.add(f.Name(), candidate{CompletionItem: item, rank: rankMember})
}

func (l *listing) pkgName(name, path string) {
	if o := l.view.pkg.Scope().Lookup(name); o != nil && l.imports[name] == l.view.imports[name] {
		return // hidden by a declaration of the cell
	}
	l.add(name, candidate{CompletionItem: kernel.CompletionItem{Text: name, Type: "module", Signature: path}, rank: rankPackage})
}

// text adds something written out. Of a qualified name the part behind the dot
// counts as its name.
func (l *listing) text(text, kind, sig string, rank int) {
	name := strings.TrimPrefix(text, "&")
	if !strings.ContainsAny(text, " (") {
		name = name[strings.IndexByte(name, '.')+1:]
	}
	l.add(name, candidate{CompletionItem: kernel.CompletionItem{Text: text, Type: kind, Signature: sig}, rank: rank})
}

// suits tells whether o, or what it returns, has the expected type.
func (l *listing) suits(o types.Object) bool {
	if l.want == nil {
		return false
	}
	t := o.Type()
	switch o := o.(type) {
	case *types.Nil:
		return types.AssignableTo(o.Type(), l.want)
	case *types.Func:
		if types.AssignableTo(t, l.want) {
			return !isEmptyInterface(l.want)
		}
		sig := o.Signature()
		if sig.Results().Len() == 0 || sig.TypeParams().Len() > 0 {
			return false
		}
		t = sig.Results().At(0).Type()
	case *types.TypeName:
		return types.Identical(t, l.want) && structOf(t) != nil
	case *types.Builtin, *types.Label:
		return false
	}
	return !isEmptyInterface(l.want) && types.AssignableTo(t, l.want)
}

func isEmptyInterface(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}

// items returns what was found, the most useful first.
func (l *listing) items() []kernel.CompletionItem {
	slices.SortFunc(l.found, func(a, b candidate) int {
		return cmp.Or(
			compareBools(a.folded, b.folded),
			compareBools(b.suits || b.rank == rankExpected, a.suits || a.rank == rankExpected),
			cmp.Compare(a.rank, b.rank),
			compareBools(a.suits && a.Type == "function", b.suits && b.Type == "function"),
			cmp.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)),
			cmp.Compare(a.Text, b.Text),
		)
	})
	items := make([]kernel.CompletionItem, len(l.found))
	for i, c := range l.found {
		items[i] = c.CompletionItem
	}
	return items
}

// compareBools orders false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// kindOfObject is the type of a completion as front ends draw it.
func kindOfObject(o types.Object) string {
	switch o := o.(type) {
	case *types.Func:
		if o.Signature().Recv() != nil {
			return "method"
		}
		return "function"
	case *types.Builtin:
		return "function"
	case *types.TypeName:
		return "type"
	case *types.Const, *types.Nil:
		return "constant"
	case *types.PkgName:
		return "module"
	case *types.Var:
		if o.IsField() {
			return "field"
		}
	}
	return "variable"
}

// qualifier writes packages by the names that they have in the cell, and
// nothing for the session itself.
func (s *sketch) qualifier() types.Qualifier {
	return qualifierOf(s.view.pkg, s.imports)
}

func qualifierOf(own *types.Package, imports map[string]string) types.Qualifier {
	names := map[string]string{}
	for name, path := range imports {
		if old, ok := names[path]; !ok || name < old {
			names[path] = name
		}
	}
	return func(p *types.Package) string {
		if p == own {
			return ""
		}
		if name, ok := names[p.Path()]; ok {
			return name
		}
		return p.Name()
	}
}

// signature describes o beside its name: parameters and results of a function,
// the type of a variable, type and value of a constant, the kind of a type.
func signature(o types.Object, q types.Qualifier) string {
	switch o := o.(type) {
	case *types.Func:
		return signatureText(o.Signature(), q)
	case *types.Const:
		return types.TypeString(o.Type(), q) + " = " + o.Val().String()
	case *types.TypeName:
		if o.IsAlias() {
			return types.TypeString(types.Unalias(o.Type()), q)
		}
		return typeKind(o.Type(), q)
	case *types.Builtin:
		return builtinSignatures[o.Name()]
	case *types.Nil:
		return ""
	}
	return types.TypeString(o.Type(), q)
}

// signatureText writes type parameters, parameters and results.
func signatureText(sig *types.Signature, q types.Qualifier) string {
	return strings.TrimPrefix(types.TypeString(sig, q), "func")
}

// typeKind is the kind of a type in a word, or the type it is made of.
func typeKind(t types.Type, q types.Qualifier) string {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	case *types.Basic:
		return u.Name()
	default:
		return types.TypeString(u, q)
	}
}

// builtinSignatures are those of the language's functions, which go/types does
// not describe.
var builtinSignatures = map[string]string{
	"append":  "(slice []T, elems ...T) []T",
	"cap":     "(v T) int",
	"clear":   "(t T)",
	"close":   "(c chan<- T)",
	"complex": "(r, i Float) Complex",
	"copy":    "(dst, src []T) int",
	"delete":  "(m map[K]V, key K)",
	"imag":    "(c Complex) Float",
	"len":     "(v T) int",
	"make":    "(t T, size ...int) T",
	"max":     "(x T, y ...T) T",
	"min":     "(x T, y ...T) T",
	"new":     "(T or value) *T",
	"panic":   "(v any)",
	"print":   "(args ...T)",
	"println": "(args ...T)",
	"real":    "(c Complex) Float",
	"recover": "() any",
}

package eval

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
)

// scopes adds the names that are visible at pos, the nearest first.
func (l *listing) scopes(pos token.Pos) {
	scope := l.view.pkg.Scope().Innermost(pos)
	rank := rankLocal
	for s := scope; s != nil; s = s.Parent() {
		switch s {
		case l.view.pkg.Scope():
			rank = rankSession
		case types.Universe:
			rank = rankUniverse
		}
		for _, name := range s.Names() {
			if name == wrapper || name == placeholder || name == "_" {
				continue
			}
			// The object that the name means here: one declared later in a
			// function is not there yet, one of an inner scope hides it.
			if _, o := scope.LookupParent(name, pos); o != nil && l.fits(o) {
				l.object(o, rank)
			}
		}
	}
}

// fits tells whether o can stand here: where a type is needed only types and
// packages can.
func (l *listing) fits(o types.Object) bool {
	switch o := o.(type) {
	case *types.TypeName:
		// A constraint is no type of a value.
		if i, ok := o.Type().Underlying().(*types.Interface); ok && !l.types {
			return i.IsMethodSet()
		}
		return true
	case *types.PkgName:
		return true
	case *types.Const:
		return !l.types && (o.Name() != "iota" || o.Pkg() != nil || l.constants)
	}
	return !l.types
}

// packages adds the names of packages that cells can use without doing
// anything.
func (l *listing) packages() {
	for _, name := range slices.Sorted(maps.Keys(l.imports)) {
		l.pkgName(name, l.imports[name])
	}
}

// labels adds the labels of the function around a break, continue or goto.
func (l *listing) labels(path []ast.Node) {
	for _, n := range path {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			ast.Inspect(n, func(n ast.Node) bool {
				if ls, ok := n.(*ast.LabeledStmt); ok {
					l.text(ls.Label.Name, "label", "", rankLocal)
				}
				return true
			})
			return
		}
	}
}

// literals adds what can be written for a value of the expected type: its
// constants, a struct literal, a function.
func (l *listing) literals() {
	t := l.want
	if t == nil || l.types {
		return
	}
	if sig, ok := t.Underlying().(*types.Signature); ok {
		l.text("func"+signatureText(sig, l.qualifier())+" {", "function", types.TypeString(t, l.qualifier()), rankExpected)
		return
	}
	amp := ""
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t, amp = p.Elem(), "&"
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.TypeParams().Len() > 0 {
		return
	}
	if !named.Obj().Exported() && named.Obj().Pkg() != l.view.pkg {
		return
	}
	text, ok := l.qualified(named.Obj())
	if !ok {
		return
	}
	switch u := named.Underlying().(type) {
	case *types.Struct:
		if !l.settable(u) {
			return // made by functions only
		}
		l.text(amp+text+"{", "type", "struct", rankExpected)
	case *types.Basic:
		l.constantsOf(named)
	}
}

// settable tells whether cells can set a field of st.
func (l *listing) settable(st *types.Struct) bool {
	for f := range st.Fields() {
		if l.visible(f) {
			return true
		}
	}
	return st.NumFields() == 0
}

// constantsOf adds the exported constants of an enumeration of a package.
func (l *listing) constantsOf(t *types.Named) {
	p := t.Obj().Pkg()
	if p == l.view.pkg {
		return // in scope anyway
	}
	for _, name := range p.Scope().Names() {
		c, ok := p.Scope().Lookup(name).(*types.Const)
		if !ok || !c.Exported() || !types.Identical(c.Type(), t) {
			continue
		}
		if text, ok := l.qualified(c); ok {
			l.text(text, "constant", signature(c, l.qualifier()), rankExpected)
		}
	}
}

// qualified writes the name of a package-level object as a cell must; it fails
// when the package has no name in the cell.
func (l *listing) qualified(o types.Object) (string, bool) {
	if o.Pkg() == l.view.pkg {
		return o.Name(), true
	}
	for _, name := range slices.Sorted(maps.Keys(l.imports)) {
		if l.imports[name] == o.Pkg().Path() {
			return name + "." + o.Name(), true
		}
	}
	return "", false
}

var (
	typeKeywords  = []string{"chan", "func", "interface", "map", "struct"}
	stmtKeywords  = []string{"const", "for", "go", "goto", "if", "select", "switch", "type", "var"}
	innerKeywords = []string{"defer", "return"}
	loopKeywords  = []string{"break", "continue"}
)

// keywords adds the keywords that can begin here what the name is part of.
func (l *listing) keywords(path []ast.Node) {
	if l.prefix == "" {
		return
	}
	l.words(typeKeywords)
	in := surroundings(path)
	if in.rangeable {
		l.words([]string{"range"})
	}
	if _, begins := path[1].(*ast.ExprStmt); !begins {
		return
	}
	l.words(stmtKeywords)
	if !in.function {
		l.words([]string{"import"})
	} else {
		l.words(innerKeywords)
	}
	if in.loop {
		l.words(loopKeywords)
	}
	if in.choice {
		l.words([]string{"break", "case", "default", "fallthrough"})
	}
}

func (l *listing) words(list []string) {
	for _, w := range list {
		l.text(w, "keyword", "", rankKeyword)
	}
}

// where tells what a statement stands in.
type where struct {
	function  bool // declared or literal, not the cell itself
	loop      bool
	choice    bool // switch or select
	rangeable bool // the header of a for statement
}

func surroundings(path []ast.Node) where {
	var w where
	for i, n := range path {
		switch n := n.(type) {
		case *ast.ForStmt:
			w.loop = w.loop || path[i-1] == n.Body
			w.rangeable = w.rangeable || path[i-1] != n.Body
		case *ast.RangeStmt:
			w.loop = w.loop || path[i-1] == n.Body
		case *ast.CaseClause, *ast.CommClause:
			w.choice = true
		case *ast.FuncLit:
			w.function = true
			return w
		case *ast.FuncDecl:
			w.function = n.Name.Name != wrapper
			return w
		}
	}
	return w
}

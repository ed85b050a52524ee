package eval

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/nskernel/nskernel/kernel"
)

// placeholder stands for the name at the cursor in the text that is checked.
const placeholder = "nscursor"

// Complete lists what can stand at byte offset cursor of code: names of the
// cell and of the session by the rules of scope, fields, methods, names of
// packages, fields of struct literals, import paths, files. The types are
// those of go/types, so it works before anything ran.
func (s *Session) Complete(code string, cursor int) kernel.Completion {
	if m, ok := s.completeMagic(code, cursor); ok {
		return m
	}
	c := locate(s.goOf(code), cursor)
	none := kernel.Completion{Start: c.offset, End: c.offset}
	switch c.place {
	case inComment, inNumber:
		return none
	}
	v := s.scope()
	defer v.release()
	if c.place == inString {
		return v.completeString(c)
	}
	name := placeholder
	if c.deferred() && !strings.HasPrefix(c.code[c.end:], "(") {
		name += "()" // the parser drops go and defer without a call
	}
	sk, path := v.sketchAt(c, name)
	l := &listing{sketch: sk, prefix: c.prefix(), seen: map[string]bool{}}
	if c.afterBlock() {
		l.words([]string{"else"})
	}
	if path != nil {
		l.fill(path)
	}
	return kernel.Completion{Start: c.start, End: c.end, Items: l.items()}
}

// sketchAt reads the cell with name in the place of the one at the cursor and
// returns the path to it. What is being written breaks the syntax in many
// ways, so several texts are tried: the whole cell, the cell up to the cursor
// with everything closed, the line of the cursor. The first without errors of
// syntax is taken, else the first in which the name survived.
func (v *scopeView) sketchAt(c *cursor, name string) (*sketch, []ast.Node) {
	head := c.code[:c.start] + name
	line := strings.LastIndexByte(c.code[:c.start], '\n') + 1
	texts := []string{
		head + c.code[c.end:],
		head + closing(open(c.before)),
		strings.Repeat(" ", line) + head[line:] + closing(open(lexemes(c.code[line:c.start]))),
	}
	var best *sketch
	var bestPath []ast.Node
	for _, text := range texts {
		sk := v.sketch(text, c.start)
		path := sk.path(c.start)
		if path == nil {
			continue
		}
		if best == nil || sk.faults == 0 {
			best, bestPath = sk, path
		}
		if sk.faults == 0 {
			break
		}
	}
	if best == nil {
		return nil, nil
	}
	chunk := best.placed[best.chunkAt(c.start)]
	best.check(chunk.kind.isDecl())
	return best, bestPath
}

// afterBlock tells whether the cursor stands on the line of a brace that closes
// a block, behind it.
func (c *cursor) afterBlock() bool {
	if c.previous(0) != token.RBRACE || c.start == c.offset {
		return false
	}
	last := c.before[len(c.before)-1]
	return !strings.Contains(c.code[last.off:c.start], "\n")
}

// deferred tells whether the cursor stands in the operand of go or defer.
func (c *cursor) deferred() bool {
	depth := 0
	for i := range c.before {
		switch c.previous(i) {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if depth--; depth < 0 {
				return false
			}
		case token.SEMICOLON:
			if depth == 0 {
				return false
			}
		case token.GO, token.DEFER:
			return depth == 0
		}
	}
	return false
}

// fill adds what can stand at the end of path, the path to the placeholder.
func (l *listing) fill(path []ast.Node) {
	id := path[0].(*ast.Ident)
	l.want = l.expected(path)
	l.types = typePosition(path)
	for _, n := range path {
		if d, ok := n.(*ast.GenDecl); ok {
			l.constants = d.Tok == token.CONST
		}
	}
	switch parent := path[1].(type) {
	case *ast.SelectorExpr:
		if parent.Sel == id {
			l.selector(parent, typePosition(path[1:]))
			return
		}
	case *ast.BranchStmt:
		l.labels(path)
		return
	case *ast.KeyValueExpr:
		if lit, ok := path[2].(*ast.CompositeLit); ok && parent.Key == id && l.keys(lit, parent) {
			return
		}
	case *ast.CompositeLit:
		if parent.Type != id && l.keys(parent, id) {
			return
		}
	case *ast.FuncDecl, *ast.TypeSpec, *ast.LabeledStmt, *ast.ImportSpec:
		if !l.types {
			return // the name of something new
		}
	case *ast.ValueSpec:
		if parent.Type != id && !contains(parent.Values, id) {
			return
		}
	case *ast.Field:
		if parent.Type != id {
			return
		}
	}
	l.scopes(id.Pos())
	l.packages()
	l.literals()
	l.keywords(path)
}

func contains(list []ast.Expr, e ast.Expr) bool {
	for _, x := range list {
		if x == e {
			return true
		}
	}
	return false
}

// selector adds what can follow x and a dot.
func (l *listing) selector(x *ast.SelectorExpr, typesOnly bool) {
	if id, ok := x.X.(*ast.Ident); ok {
		if pn, ok := l.info.Uses[id].(*types.PkgName); ok {
			l.members(pn.Imported(), typesOnly)
			return
		}
	}
	tv, ok := l.info.Types[x.X]
	if !ok || tv.Type == nil || typesOnly {
		return
	}
	if tv.IsType() {
		l.methods(tv.Type, false)
		return
	}
	if !tv.IsValue() {
		return
	}
	l.fields(tv.Type, map[*types.Struct]bool{})
	l.methods(tv.Type, tv.Addressable())
}

// members adds the exported names of a package.
func (l *listing) members(p *types.Package, typesOnly bool) {
	for _, name := range p.Scope().Names() {
		o := p.Scope().Lookup(name)
		if _, isType := o.(*types.TypeName); o.Exported() && (isType || !typesOnly) {
			l.object(o, rankMember)
		}
	}
}

// fields adds the fields of t that can be selected, promoted ones included.
func (l *listing) fields(t types.Type, seen map[*types.Struct]bool) {
	st := structOf(t)
	if st == nil || seen[st] {
		return
	}
	seen[st] = true
	for f := range st.Fields() {
		if l.visible(f) {
			l.object(f, rankMember)
		}
	}
	for f := range st.Fields() {
		if f.Embedded() {
			l.fields(f.Type(), seen)
		}
	}
}

// structOf returns the struct that t is or points to.
func structOf(t types.Type) *types.Struct {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, _ := t.Underlying().(*types.Struct)
	return st
}

// methods adds the methods of t: of an addressable value also those of its
// pointer.
func (l *listing) methods(t types.Type, addressable bool) {
	if _, isPtr := t.Underlying().(*types.Pointer); addressable && !isPtr && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for m := range types.NewMethodSet(t).Methods() {
		if l.visible(m.Obj()) {
			l.object(m.Obj(), rankMember)
		}
	}
}

// visible tells whether cells can select o.
func (l *listing) visible(o types.Object) bool {
	return o.Name() != "_" && (o.Exported() || o.Pkg() == l.view.pkg)
}

// keys adds the fields that a struct literal can still set. It reports whether
// a name at this place must be one.
func (l *listing) keys(lit *ast.CompositeLit, at ast.Expr) bool {
	t := l.info.Types[lit].Type
	if t == nil {
		return false
	}
	st := structOf(t)
	if st == nil {
		return false
	}
	set, positional := map[string]bool{}, false
	for _, e := range lit.Elts {
		if e == at {
			continue
		}
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			positional = true
			continue
		}
		if id, ok := kv.Key.(*ast.Ident); ok {
			set[id.Name] = true
		}
	}
	if positional {
		return false
	}
	_, hasColon := at.(*ast.KeyValueExpr)
	n := len(l.found)
	for f := range st.Fields() {
		if l.visible(f) && !set[f.Name()] {
			l.key(f, hasColon)
		}
	}
	return len(set) > 0 || hasColon || len(l.found) > n
}

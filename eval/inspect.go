package eval

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/nskernel/nskernel/display"
)

// Inspect documents the name at byte offset cursor of code or, where no name
// stands, the function whose arguments the cursor is in. A value given as
// argument is declared in short before the function, which is what one looks
// for while writing a call. Detail 0 is the declaration and the documentation;
// detail 1 adds the source of what the session defines.
func (s *Session) Inspect(code string, cursor, detail int) (display.Bundle, bool) {
	if b, ok := s.inspectMagic(code, cursor); ok {
		return b, true
	}
	c := locate(s.goOf(code), cursor)
	if c.place == inComment {
		return display.Bundle{}, false
	}
	v := s.scope()
	defer v.release()
	if c.place == inString && c.importing() {
		return v.inspectPackage(unquote(c.code[c.start:c.end]))
	}
	var named, call *answer
	if c.place == inCode && c.start < c.end {
		named = v.inspectName(c)
	}
	if named == nil || named.isValue() {
		for _, off := range c.calls() {
			if call = v.inspectName(locate(c.code, off)); call != nil {
				break
			}
		}
	}
	switch {
	case named != nil && call != nil:
		return named.before(call.bundle(detail), detail), true
	case named != nil:
		return named.bundle(detail), true
	case call != nil:
		return call.bundle(detail), true
	}
	return display.Bundle{}, false
}

// isValue tells whether the name stands for a value and not for a function, a
// type or a package.
func (a *answer) isValue() bool {
	switch a.obj.(type) {
	case *types.Var, *types.Const:
		return true
	}
	return false
}

// calls returns the offsets of the names of the functions in whose arguments
// the cursor stands, the innermost first.
func (c *cursor) calls() []int {
	var offsets []int
	depth := 0
	for i := len(c.before) - 1; i > 0; i-- {
		switch c.before[i].tok {
		case token.RPAREN, token.RBRACE:
			depth++
		case token.LBRACE:
			depth--
		case token.LPAREN:
			if depth--; depth >= 0 {
				continue
			}
			depth = 0
			if j := nameBefore(c.before[:i]); j >= 0 {
				offsets = append(offsets, c.before[j].off)
			}
		}
		if depth < 0 {
			depth = 0 // out of a block: a function literal given as argument
		}
	}
	return offsets
}

// nameBefore returns the index of the name that ends tokens, type arguments
// behind it passed over; -1 if there is none.
func nameBefore(tokens []lexeme) int {
	i, depth := len(tokens)-1, 0
	for ; i >= 0; i-- {
		switch tokens[i].tok {
		case token.RBRACK:
			depth++
			continue
		case token.LBRACK:
			depth--
			continue
		}
		if depth == 0 {
			break
		}
	}
	if i >= 0 && tokens[i].tok == token.IDENT {
		return i
	}
	return -1
}

// An answer is what can be told about a name.
type answer struct {
	*sketch
	obj   types.Object
	owner *types.TypeName // of a field: the type that declares it
}

// inspectName resolves the name around the cursor; nil if it means nothing.
func (v *scopeView) inspectName(c *cursor) *answer {
	name := c.code[c.start:c.end]
	if name == "" || token.IsKeyword(name) {
		return nil
	}
	sk, path := v.sketchAt(c, name)
	if path == nil {
		return nil
	}
	id := path[0].(*ast.Ident)
	a := &answer{sketch: sk, obj: sk.info.Uses[id]}
	if a.obj == nil {
		a.obj = sk.info.Defs[id]
	}
	if a.obj == nil {
		a.obj = sk.symbolic(path)
	}
	switch o := a.obj.(type) {
	case nil, *types.Label:
		return nil
	case *types.PkgName, *types.Builtin, *types.Nil:
	default:
		if o.Type() == nil || o.Type() == types.Typ[types.Invalid] {
			return nil
		}
	}
	if v, ok := a.obj.(*types.Var); ok && v.IsField() {
		a.owner = sk.fieldOwner(path)
	}
	return a
}

// symbolic returns the variable that a type switch declares, which has one
// object for each clause and none for itself.
func (s *sketch) symbolic(path []ast.Node) types.Object {
	for _, n := range path {
		if ts, ok := n.(*ast.TypeSwitchStmt); ok {
			for _, c := range ts.Body.List {
				if o := s.info.Implicits[c]; o != nil {
					return o
				}
			}
		}
	}
	return nil
}

// fieldOwner returns the named type that declares the field at the end of
// path, nil if it has no name.
func (s *sketch) fieldOwner(path []ast.Node) *types.TypeName {
	var t types.Type
	var index []int
	switch p := path[1].(type) {
	case *ast.SelectorExpr:
		if sel := s.info.Selections[p]; sel != nil {
			t, index = sel.Recv(), sel.Index()
		}
	case *ast.KeyValueExpr:
		if lit, ok := path[2].(*ast.CompositeLit); ok {
			t = s.info.TypeOf(lit)
		}
	}
	if t == nil {
		return nil
	}
	for i := 0; i+1 < len(index); i++ {
		st := structOf(t)
		if st == nil {
			return nil
		}
		t = st.Field(index[i]).Type()
	}
	return namedObject(t)
}

// namedObject returns the name of the type that t is or points to, nil if it has
// none.
func namedObject(t types.Type) *types.TypeName {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj()
	}
	return nil
}

// inspectPackage documents a package by its path.
func (v *scopeView) inspectPackage(path string) (display.Bundle, bool) {
	p, err := v.importPackage(path)
	if err != nil {
		return display.Bundle{}, false
	}
	sk := &sketch{view: v, imports: v.imports}
	a := &answer{sketch: sk, obj: types.NewPkgName(token.NoPos, v.pkg, p.Name(), p)}
	return a.bundle(0), true
}

package eval

import (
	"go/ast"
	"go/token"
	"go/types"
)

// typePosition tells whether path begins in a place where only a type can stand.
func typePosition(path []ast.Node) bool {
	e, ok := path[0].(ast.Expr)
	if !ok || len(path) < 2 {
		return false
	}
	switch p := path[1].(type) {
	case *ast.Field:
		return p.Type == e
	case *ast.ValueSpec:
		return p.Type == e
	case *ast.TypeSpec:
		return p.Type == e
	case *ast.ArrayType:
		return p.Elt == e
	case *ast.MapType, *ast.ChanType, *ast.Ellipsis:
		return true
	case *ast.CompositeLit:
		return p.Type == e
	case *ast.TypeAssertExpr:
		return p.Type == e
	case *ast.StarExpr:
		return typePosition(path[1:])
	case *ast.CaseClause:
		_, ok := typeSwitch(path)
		return ok && contains(p.List, e)
	case *ast.CallExpr:
		id, ok := p.Fun.(*ast.Ident)
		return ok && id.Name == "make" && len(p.Args) > 0 && p.Args[0] == e
	}
	return false
}

// typeSwitch returns the type switch whose case the path leads to.
func typeSwitch(path []ast.Node) (*ast.TypeSwitchStmt, bool) {
	if len(path) < 4 {
		return nil, false
	}
	ts, ok := path[3].(*ast.TypeSwitchStmt)
	return ts, ok
}

// expected returns the type of the value that is wanted where path begins, nil
// if nothing tells it.
func (l *listing) expected(path []ast.Node) types.Type {
	for i := 0; i+1 < len(path); i++ {
		e, ok := path[i].(ast.Expr)
		if !ok {
			return nil
		}
		switch p := path[i+1].(type) {
		case *ast.SelectorExpr:
			if p.Sel != e {
				return nil
			}
		case *ast.ParenExpr:
		default:
			return l.expectedIn(p, e, path[i+1:])
		}
	}
	return nil
}

// expectedIn returns the type that p, the first of path, wants its part e to be.
func (l *listing) expectedIn(p ast.Node, e ast.Expr, path []ast.Node) types.Type {
	switch p := p.(type) {
	case *ast.CallExpr:
		return l.parameter(p, e)
	case *ast.AssignStmt:
		for i, r := range p.Rhs {
			if r == e && p.Tok != token.DEFINE && len(p.Lhs) == len(p.Rhs) {
				return l.typeOf(p.Lhs[i])
			}
		}
	case *ast.ValueSpec:
		if contains(p.Values, e) && p.Type != nil {
			return l.typeOf(p.Type)
		}
	case *ast.KeyValueExpr:
		if lit, ok := path[1].(*ast.CompositeLit); ok && p.Value == e {
			return l.element(lit, p.Key)
		}
	case *ast.CompositeLit:
		if contains(p.Elts, e) {
			return l.element(p, nil)
		}
	case *ast.BinaryExpr:
		other := p.X
		if other == e {
			other = p.Y
		}
		if p.Op == token.SHL || p.Op == token.SHR {
			return nil
		}
		return l.typeOf(other)
	case *ast.IfStmt:
		if p.Cond == e {
			return types.Typ[types.Bool]
		}
	case *ast.ForStmt:
		if p.Cond == e {
			return types.Typ[types.Bool]
		}
	case *ast.UnaryExpr:
		switch p.Op {
		case token.NOT:
			return types.Typ[types.Bool]
		case token.AND:
			if ptr, ok := under(l.expected(path)).(*types.Pointer); ok {
				return ptr.Elem()
			}
		}
	case *ast.IndexExpr:
		return l.index(p, e)
	case *ast.SendStmt:
		if ch, ok := under(l.typeOf(p.Chan)).(*types.Chan); ok && p.Value == e {
			return ch.Elem()
		}
	case *ast.ReturnStmt:
		return l.result(p, e, path)
	}
	return nil
}

// typeOf returns the type of an expression, nil if it has none.
func (l *listing) typeOf(e ast.Expr) types.Type {
	t := l.info.TypeOf(e)
	if t == nil || t == types.Typ[types.Invalid] {
		return nil
	}
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		return types.Default(t)
	}
	return t
}

func under(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

// parameter returns the type of the parameter that the argument e is given for.
func (l *listing) parameter(call *ast.CallExpr, e ast.Expr) types.Type {
	tv := l.info.Types[call.Fun]
	switch {
	case tv.IsType():
		return nil // a conversion takes many types
	case tv.IsBuiltin():
		return l.builtinParameter(call, e)
	}
	sig, ok := under(tv.Type).(*types.Signature)
	if !ok {
		return nil
	}
	for i, a := range call.Args {
		if a != e {
			continue
		}
		n := sig.Params().Len()
		switch {
		case sig.Variadic() && i >= n-1:
			if s, ok := sig.Params().At(n - 1).Type().(*types.Slice); ok {
				return s.Elem()
			}
		case i < n:
			return sig.Params().At(i).Type()
		}
	}
	return nil
}

// builtinParameter returns the type of the argument e of append or delete, whose
// first argument tells it.
func (l *listing) builtinParameter(call *ast.CallExpr, e ast.Expr) types.Type {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || call.Args[0] == e {
		return nil
	}
	switch u := under(l.typeOf(call.Args[0])).(type) {
	case *types.Slice:
		if id.Name == "append" {
			return u.Elem()
		}
	case *types.Map:
		if id.Name == "delete" {
			return u.Key()
		}
	}
	return nil
}

// element returns the type of the values of a literal; key is that of the
// value, nil if it has none.
func (l *listing) element(lit *ast.CompositeLit, key ast.Expr) types.Type {
	t := l.info.TypeOf(lit)
	if t == nil {
		return nil
	}
	if st := structOf(t); st != nil {
		id, ok := key.(*ast.Ident)
		if !ok {
			return nil
		}
		for f := range st.Fields() {
			if f.Name() == id.Name {
				return f.Type()
			}
		}
		return nil
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return u.Elem()
	case *types.Array:
		return u.Elem()
	case *types.Map:
		if key == nil {
			return u.Key() // what is being written comes before the colon
		}
		return u.Elem()
	}
	return nil
}

// index returns the type of e in x[e].
func (l *listing) index(p *ast.IndexExpr, e ast.Expr) types.Type {
	if p.Index != e {
		return nil
	}
	switch u := under(l.typeOf(p.X)).(type) {
	case *types.Map:
		return u.Key()
	case *types.Slice, *types.Array, *types.Pointer:
		return types.Typ[types.Int]
	}
	return nil
}

// result returns the type of the result that e is returned for.
func (l *listing) result(ret *ast.ReturnStmt, e ast.Expr, path []ast.Node) types.Type {
	var sig *types.Signature
	for _, n := range path {
		switch n := n.(type) {
		case *ast.FuncLit:
			sig, _ = l.info.TypeOf(n).(*types.Signature)
		case *ast.FuncDecl:
			if fn, ok := l.info.Defs[n.Name].(*types.Func); ok {
				sig = fn.Signature()
			}
		default:
			continue
		}
		break
	}
	if sig == nil {
		return nil
	}
	for i, r := range ret.Results {
		if r == e && i < sig.Results().Len() {
			return sig.Results().At(i).Type()
		}
	}
	return nil
}

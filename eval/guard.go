package eval

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// The cell error guard: at the top level of a cell an error that is not looked
// at ends the cell. Inside functions the rules of Go stand, and so they do
// when the statement that follows begins with "if err".

var errorType = types.Universe.Lookup("error").Type()

// guarded returns the statements of a segment whose error is to be checked.
func (k *checked) guarded() map[ast.Stmt]bool {
	check := map[ast.Stmt]bool{}
	info := k.info
	for i, st := range k.body {
		next := k.owner[i].next
		handled := next != nil && next.asksErr
		switch st := st.(type) {
		case *ast.AssignStmt:
			if len(st.Rhs) == 1 && isErr(st.Lhs[len(st.Lhs)-1]) && failing(st.Rhs[0], info) && !handled {
				check[st] = true
			}
		case *ast.DeclStmt:
			if varErr(st, info) && !handled {
				check[st] = true
			}
		case *ast.ExprStmt:
			if failing(st.X, info) && !isPrint(st.X, info) {
				check[st] = true
			}
		}
	}
	return check
}

// isErr tells whether e is the identifier err, or the session's own for it.
func isErr(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && (id.Name == "err" || id.Name == shownErr)
}

// varErr tells whether st is var …, err = f() where f can fail.
func varErr(st *ast.DeclStmt, info *types.Info) bool {
	gd, ok := st.Decl.(*ast.GenDecl)
	if !ok || gd.Tok != token.VAR || len(gd.Specs) != 1 {
		return false
	}
	vs := gd.Specs[0].(*ast.ValueSpec)
	return len(vs.Values) == 1 && vs.Names[len(vs.Names)-1].Name == "err" && failing(vs.Values[0], info)
}

// failing tells whether e is a call whose last result is an error that reports
// a failure of that call.
func failing(e ast.Expr, info *types.Info) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || info.Types[call.Fun].IsType() || makesError(call, info) {
		return false
	}
	t := info.Types[call].Type
	if tup, ok := t.(*types.Tuple); ok {
		if tup.Len() == 0 {
			return false
		}
		t = tup.At(tup.Len() - 1).Type()
	}
	return t != nil && types.Identical(t, errorType)
}

// makesError tells whether call returns an error as its product: errors.New,
// errors.Join, fmt.Errorf, err.Unwrap(), or asks for one that has happened:
// ctx.Err().
func makesError(call *ast.CallExpr, info *types.Info) bool {
	fn := callee(call, info)
	if fn == nil {
		return false
	}
	if fn.Name() == "Unwrap" || fn.Name() == "Err" {
		return true
	}
	return fn.Pkg() != nil && (fn.Pkg().Path() == "errors" || fn.Pkg().Path() == "fmt" && fn.Name() == "Errorf")
}

// callee returns the function or method that call names, nil if it is a value.
func callee(call *ast.CallExpr, info *types.Info) *types.Func {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	fn, _ := info.Uses[id].(*types.Func)
	return fn
}

// isPrint tells whether e calls a function of package fmt that prints or
// scans: nobody looks at the number of bytes it returns.
func isPrint(e ast.Expr, info *types.Info) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := callee(call, info)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "fmt" {
		return false
	}
	return strings.HasPrefix(fn.Name(), "Print") || strings.HasPrefix(fn.Name(), "Fprint")
}

// asksErr tells whether st is an if or switch that looks at err.
func asksErr(st ast.Stmt) bool {
	var header []ast.Node
	switch st := st.(type) {
	case *ast.IfStmt:
		header = append(header, st.Cond)
		if st.Init != nil {
			header = append(header, st.Init)
		}
	case *ast.SwitchStmt:
		header = append(header, st)
	case *ast.TypeSwitchStmt:
		header = append(header, st.Assign)
	}
	asks := false
	for _, n := range header {
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == "err" {
				asks = true
			}
			return !asks
		})
	}
	return asks
}

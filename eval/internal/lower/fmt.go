package lower

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

// printers are the packages whose functions print their arguments of
// interface type.
var printers = map[string]bool{"fmt": true, "log": true, "log/slog": true, "errors": true, "testing": true}

// formats tells whether f prints its arguments.
func (u *unit) formats(f *types.Func) bool {
	return printers[f.Pkg().Path()] && !strings.Contains(strings.ToLower(f.Name()), "scan") && f.Name() != "As"
}

// formatArg writes an argument of a function that prints it.
func (u *unit) formatArg(f *types.Func, x ast.Expr, from types.Type) string {
	s := u.typed(x)
	if isInterface(from) {
		return u.nsrt("FmtArg") + "(" + s + `, "")`
	}
	if !u.blurred(from, 0) {
		return s
	}
	n, ok := from.(*types.Named)
	switch {
	case ok && u.needsBox(n) && u.hasLookedFor(n):
		if isString(n) && strings.HasSuffix(f.Name(), "rint") { // Print puts no space beside strings
			return u.printedText(n, s)
		}
		return u.nsrt("Any") + "(" + u.box(n) + "{V: " + s + "})"
	case ok && u.needsBox(n) && isBasic(n):
		return basicConversion(n, s)
	}
	return u.nsrt("FmtArg") + "(" + s + ", \"" + u.shape(from) + "\")"
}

// printedText is what Print shows of a string type with methods.
func (u *unit) printedText(n *types.Named, s string) string {
	for _, m := range []string{"Error", "String"} {
		if u.lookedForMethod(n, m) != nil {
			return "(" + s + ")." + m + "()"
		}
	}
	return "string(" + s + ")"
}

func isBasic(t types.Type) bool {
	_, ok := t.Underlying().(*types.Basic)
	return ok
}

func basicConversion(t types.Type, s string) string {
	return t.Underlying().(*types.Basic).Name() + "(" + s + ")"
}

// typed writes x so that its value is stored with its type: the interpreter
// cannot compute an operation straight into an interface.
func (u *unit) typed(x ast.Expr) string {
	s, prec := u.expr(x)
	if prec < primary {
		if b, ok := u.typ(x).Underlying().(*types.Basic); ok {
			if b.Info()&types.IsUntyped != 0 {
				b = types.Default(b).(*types.Basic)
			}
			t := types.Unalias(u.typ(x))
			if n, ok := t.(*types.Named); ok {
				return u.t(n) + "(" + s + ")"
			}
			return b.Name() + "(" + s + ")"
		}
	}
	return s
}

// formatString resolves the verbs %T of a constant format: the interpreter's
// types have other names. It returns the new format and the indices of the
// arguments that are to be replaced by the names of their types.
func (u *unit) formatString(c *ast.CallExpr, f *types.Func) (format string, names map[int]bool) {
	if f == nil || f.Pkg().Path() != "fmt" && f.Pkg().Path() != "log" || !strings.HasSuffix(f.Name(), "f") || c.Ellipsis.IsValid() {
		return "", nil
	}
	at := f.Signature().Params().Len() - 2
	if at < 0 || at >= len(c.Args) {
		return "", nil
	}
	tv := u.info().Types[c.Args[at]]
	if tv.Value == nil || !strings.Contains(constant.StringVal(tv.Value), "T") {
		return "", nil
	}
	old := constant.StringVal(tv.Value)
	var b strings.Builder
	names = map[int]bool{}
	arg := at + 1
	for i := 0; i < len(old); i++ {
		b.WriteByte(old[i])
		if old[i] != '%' {
			continue
		}
		for i++; i < len(old) && strings.IndexByte("+-# 0123456789.*[]", old[i]) >= 0; i++ {
			if old[i] == '*' {
				arg++
			}
			if old[i] == '[' {
				return "", nil // explicit indices
			}
			b.WriteByte(old[i])
		}
		if i == len(old) {
			break
		}
		switch old[i] {
		case '%':
			b.WriteByte('%')
			continue
		case 'T':
			b.WriteByte('s')
			names[arg] = true
		default:
			b.WriteByte(old[i])
		}
		arg++
	}
	if len(names) == 0 {
		return "", nil
	}
	return b.String(), names
}

// typeNameArg writes the name of the type of x.
func (u *unit) typeNameArg(x ast.Expr) string {
	t := u.typ(x)
	if isInterface(t) {
		return u.nsrt("TypeName") + "(" + u.x(x) + ")"
	}
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		t = types.Default(b)
	}
	return fmt.Sprintf("%q", u.reflectName(t))
}

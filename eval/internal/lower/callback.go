package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// sameGoroutine are the packages that call functions they are given only on
// the goroutine that gave them, where a panic is recovered. A slash at the end
// stands for all packages below.
var sameGoroutine = []string{
	"sort", "slices", "maps", "strings", "bytes", "unicode", "unicode/utf8", "fmt", "bufio", "math/", "path/filepath", "io/fs",
	"strconv", "iter", "text/", "html/template", "encoding/", "flag", "regexp", "container/", "expvar", "go/", "sync",
	"github.com/nskernel/nskernel/display", "gonum.org/v1/gonum/floats", "gonum.org/v1/gonum/mat", "gonum.org/v1/gonum/stat/",
	"gonum.org/v1/gonum/integrate/", "gonum.org/v1/gonum/interp", "gonum.org/v1/plot/",
}

// callsBack tells whether code of a package may call functions on goroutines
// of its own.
func callsBack(path string) bool {
	for _, p := range sameGoroutine {
		if path == strings.TrimSuffix(p, "/") || strings.HasSuffix(p, "/") && strings.HasPrefix(path, p) {
			return false
		}
	}
	return true
}

// callback writes the function x of the session for compiled code of a
// package.
func (u *unit) callback(x ast.Expr, sig *types.Signature, path string) string {
	lit, isLit := ast.Unparen(x).(*ast.FuncLit)
	if u.isNil(x) || u.compiled(x) != nil {
		return u.x(x)
	}
	if !callsBack(path) {
		if isLit {
			return u.funcLit(lit, true)
		}
		return u.x(x)
	}
	names, args := u.params(sig)
	text := u.t(sig)
	check := ""
	if !isLit && u.function(x) == nil {
		check = "if f_ == nil { return nil }; "
	}
	var vars, rets []string
	for i := range sig.Results().Len() {
		r := fmt.Sprintf("r%d_", i)
		vars = append(vars, "var "+r+" "+u.t(sig.Results().At(i).Type())+"; ")
		rets = append(rets, r)
	}
	set, ret := "", ""
	if len(rets) > 0 {
		set = strings.Join(rets, ", ") + " = "
		ret = "; return " + strings.Join(rets, ", ")
	}
	return fmt.Sprintf("func(f_ %s) %s { %sreturn func%s { %s%s(func() func() { return func() { %sf_(%s) } }())%s } }(%s)",
		text, text, check, u.signature(sig, names), strings.Join(vars, ""), u.nsrt("Callback"), set, args, ret, u.x(x))
}

// callbackField writes a function for a field of the compiled struct type t.
// It reports whether the field needs one.
func (u *unit) callbackField(x ast.Expr, t, field types.Type) (string, bool) {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	sig, isSig := u.under(field).(*types.Signature)
	if !ok || !isSig || n.Obj().Pkg() == nil || u.isSession(n) {
		return "", false
	}
	return u.callback(x, sig, n.Obj().Pkg().Path()), true
}

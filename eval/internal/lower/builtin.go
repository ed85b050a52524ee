package lower

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// builtin writes a call of a predeclared function.
func (u *unit) builtin(c *ast.CallExpr, fun ast.Expr) string {
	id, ok := fun.(*ast.Ident)
	if !ok {
		u.refuse("package unsafe", "the interpreter has no memory addresses")
	}
	name := id.Name
	if b, ok := u.info().Uses[id].(*types.Builtin); ok {
		name = b.Name()
	}
	switch name {
	case "min", "max":
		return u.minMax(c, name)
	case "clear":
		return u.nsrt("Clear") + "(" + u.x(c.Args[0]) + ")"
	case "new":
		return u.new(c)
	case "recover":
		return u.recover()
	case "make":
		return u.make(c)
	case "append":
		return u.append(c)
	case "print", "println":
		return u.print(c, name == "println")
	case "complex":
		return u.complex(c)
	case "copy":
		x := u.x(c.Args[1])
		if isString(u.typ(c.Args[1])) {
			x = "[]byte(" + x + ")"
		}
		return "copy(" + u.x(c.Args[0]) + ", " + x + ")"
	case "delete":
		m := u.under(u.info().TypeOf(c.Args[0])).(*types.Map)
		return "delete(" + u.x(c.Args[0]) + ", " + u.mapKey(c.Args[1], m) + ")"
	case "panic":
		return "panic(" + u.nsrt("PanicValue") + "(" + u.as(c.Args[0], emptyInterface) + "))"
	case "len", "cap":
		if p, ok := u.under(u.info().TypeOf(c.Args[0])).(*types.Pointer); ok {
			n := u.under(p.Elem()).(*types.Array).Len()
			return fmt.Sprintf("func(_ %s) int { return %d }(%s)", u.t(p), n, u.x(c.Args[0]))
		}
	}
	var args []string
	for _, a := range c.Args {
		args = append(args, u.x(a))
	}
	return name + "(" + strings.Join(args, ", ") + ")"
}

// minMax writes min and max as a function for the type and number of operands.
func (u *unit) minMax(c *ast.CallExpr, name string) string {
	t := u.typ(c)
	var args []string
	for _, a := range c.Args {
		args = append(args, u.as(a, t))
	}
	text := u.t(t)
	key := fmt.Sprintf("%s %s %d", name, text, len(args))
	f, ok := u.guards[key]
	if !ok {
		f = u.global("ns_" + name)
		remember(u, u.guards, key, f)
		u.funcs.WriteString(minMaxFunc(f, name, text, len(args), hasInfo(t, types.IsFloat)))
	}
	return f + "(" + strings.Join(args, ", ") + ")"
}

// minMaxFunc writes the function. NaN wins, and -0 is less than 0.
func minMaxFunc(f, name, t string, n int, float bool) string {
	op := "<"
	if name == "max" {
		op = ">"
	}
	var b strings.Builder
	var params []string
	for i := range n {
		params = append(params, fmt.Sprintf("p%d", i))
	}
	fmt.Fprintf(&b, "func %s(%s %s) %s {\nm := p0\n", f, strings.Join(params, ", "), t, t)
	for _, p := range params[1:] {
		cond := p + " " + op + " m"
		if float {
			cond = fmt.Sprintf("m == m && (%s || %s != %s || %s == 0 && m == 0 && 1/%s %s 0)", cond, p, p, p, p, op)
		}
		fmt.Fprintf(&b, "if %s { m = %s }\n", cond, p)
	}
	b.WriteString("return m\n}\n")
	return b.String()
}

func (u *unit) make(c *ast.CallExpr) string {
	t := u.typ(c.Args[0])
	text, end := u.t(t), ")"
	if ch, ok := t.Underlying().(*types.Chan); ok && ch.Dir() != types.SendRecv { // reflect makes only channels for both directions
		text, end = "(chan "+u.t(ch.Elem())+")", "))"
	}
	s := "make(" + text
	if end == "))" {
		s = "(" + u.t(t) + ")(" + s
	}
	for _, a := range c.Args[1:] {
		s += ", " + u.index(a)
	}
	return s + end
}

func (u *unit) new(c *ast.CallExpr) string {
	if tv := u.info().Types[c.Args[0]]; tv.IsType() {
		return "new(" + u.t(tv.Type) + ")"
	}
	t := u.typ(c).(*types.Pointer).Elem()
	return fmt.Sprintf("func(x_ %s) *%s { return &x_ }(%s)", u.t(t), u.t(t), u.as(c.Args[0], t))
}

func (u *unit) recover() string {
	if u.fn.recovers == "" {
		return u.nsrt("NoRecover") + "()"
	}
	return u.fn.recovers + ".Recover()"
}

func (u *unit) append(c *ast.CallExpr) string {
	rt := u.typ(c)
	st, _ := rt.Underlying().(*types.Slice)
	s := "append(" + u.x(c.Args[0])
	if u.isNil(c.Args[0]) {
		s = "append((" + u.t(rt) + ")(nil)"
	}
	for _, a := range c.Args[1:] {
		switch {
		case c.Ellipsis.IsValid() && u.isNil(a):
			s += ", (" + u.t(rt) + ")(nil)"
		case c.Ellipsis.IsValid() && isString(u.typ(a)):
			s += ", []byte(" + u.x(a) + ")"
		case c.Ellipsis.IsValid():
			s += ", " + u.x(a)
		default:
			s += ", " + u.appended(a, st.Elem(), len(c.Args) > 2)
		}
	}
	if c.Ellipsis.IsValid() {
		s += "..."
	}
	return s + ")"
}

// appended writes an element for append. If there are several the interpreter
// may overwrite an element of the slice before it has read it.
func (u *unit) appended(e ast.Expr, t types.Type, several bool) string {
	s := u.as(e, t)
	if !several || u.info().Types[e].Value != nil {
		return s
	}
	switch ast.Unparen(e).(type) {
	case *ast.IndexExpr, *ast.SelectorExpr, *ast.StarExpr:
		text := u.t(t)
		return u.converter(text, text, "return p\n") + "(" + s + ")"
	}
	return s
}

// print writes print and println, whose formats the interpreter does not
// know.
func (u *unit) print(c *ast.CallExpr, newline bool) string {
	var args []string
	for _, a := range c.Args {
		t, x := u.typ(a), u.x(a)
		if k := printKind(t); k != "" {
			x = k + "(" + x + ")"
		}
		args = append(args, x)
	}
	f := "Print"
	if newline {
		f = "Println"
	}
	return u.nsrt(f) + "(" + strings.Join(args, ", ") + ")"
}

// printKind is the type by which print knows the values of type t.
func printKind(t types.Type) string {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return ""
	}
	switch info := b.Info(); {
	case info&types.IsBoolean != 0:
		return "bool"
	case info&types.IsString != 0:
		return "string"
	case info&types.IsUnsigned != 0:
		return "uint64"
	case info&types.IsInteger != 0:
		return "int64"
	case b.Kind() == types.Float32:
		return "float32"
	case info&types.IsFloat != 0:
		return "float64"
	case info&types.IsComplex != 0:
		return "complex128"
	}
	return ""
}

func (u *unit) complex(c *ast.CallExpr) string {
	f, part := "Complex128", types.Typ[types.Float64]
	t := u.typ(c)
	if b, ok := t.Underlying().(*types.Basic); ok && b.Kind() == types.Complex64 {
		f, part = "Complex64", types.Typ[types.Float32]
	}
	s := fmt.Sprintf("%s(%s, %s)", u.nsrt(f), u.as(c.Args[0], part), u.as(c.Args[1], part))
	if _, named := types.Unalias(t).(*types.Named); named {
		return u.t(t) + "(" + s + ")"
	}
	return s
}

package eval

import (
	"fmt"
	"go/constant"
	"go/doc/comment"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/nskernel/nskernel/display"
)

// bundle writes the answer as text and as Markdown.
func (a *answer) bundle(detail int) display.Bundle {
	decl := a.declaration()
	source, where := a.source()
	var text, md strings.Builder
	text.WriteString(decl)
	fmt.Fprintf(&md, "```go\n%s\n```\n", decl)
	if doc := a.documentation(); doc != "" {
		plain, marked := a.render(doc)
		fmt.Fprintf(&text, "\n\n%s", plain)
		fmt.Fprintf(&md, "\n%s", marked)
	}
	if members := a.members(); members != "" {
		fmt.Fprintf(&text, "\n\n%s", members)
		if _, ok := a.obj.(*types.PkgName); ok {
			fmt.Fprintf(&md, "\n%s\n", strings.ReplaceAll(members, "\n", "\n\n"))
		} else {
			fmt.Fprintf(&md, "\n```go\n%s\n```\n", members)
		}
	}
	if where != "" {
		fmt.Fprintf(&text, "\n\nDefined in %s.", where)
		fmt.Fprintf(&md, "\nDefined in %s.\n", where)
	} else if p := a.origin(); p != "" {
		fmt.Fprintf(&text, "\n\nFrom package %q.", p)
		fmt.Fprintf(&md, "\nFrom package [%s](https://pkg.go.dev/%[1]s).\n", p)
	}
	if detail > 0 && source != "" {
		fmt.Fprintf(&text, "\n\n%s", source)
		fmt.Fprintf(&md, "\n```go\n%s\n```\n", source)
	}
	return display.Bundle{Data: map[string]any{
		display.MIMEText:     text.String(),
		display.MIMEMarkdown: md.String(),
	}}
}

// before puts the declaration of a value in front of b, with its source at
// detail 1.
func (a *answer) before(b display.Bundle, detail int) display.Bundle {
	decl := a.declaration()
	source, where := a.source()
	switch {
	case where != "" && detail > 0:
		decl += " // " + where + ":\n" + source
	case where != "":
		decl += " // " + where
	}
	b.Data[display.MIMEText] = decl + "\n\n" + b.Data[display.MIMEText].(string)
	b.Data[display.MIMEMarkdown] = "```go\n" + decl + "\n```\n\n" + b.Data[display.MIMEMarkdown].(string)
	return b
}

// render formats a documentation comment. Names in brackets are links when the
// package of the object has them.
func (a *answer) render(doc string) (text, markdown string) {
	parser := comment.Parser{
		LookupPackage: comment.DefaultLookupPackage,
		LookupSym:     a.hasSymbol,
	}
	d := parser.Parse(doc)
	p := &comment.Printer{
		TextWidth:    80,
		HeadingID:    func(*comment.Heading) string { return "" },
		HeadingLevel: 4,
		DocLinkURL: func(l *comment.DocLink) string {
			if l.ImportPath == "" && a.docPackage() != nil {
				l.ImportPath = a.docPackage().Path()
			}
			return l.DefaultURL("https://pkg.go.dev")
		},
	}
	return strings.TrimRight(string(p.Text(d)), "\n"), string(p.Markdown(d))
}

// docPackage is the package that the documentation belongs to, nil if that is
// the session.
func (a *answer) docPackage() *types.Package {
	if pn, ok := a.obj.(*types.PkgName); ok {
		return pn.Imported()
	}
	if a.obj.Pkg() != a.view.pkg {
		return a.obj.Pkg()
	}
	if n := namedObject(a.obj.Type()); n != nil && n.Pkg() != a.view.pkg {
		return n.Pkg() // a variable shows the documentation of its type
	}
	return nil
}

// hasSymbol tells whether the package has an exported name, or a type with a
// method of that name.
func (a *answer) hasSymbol(recv, name string) bool {
	p := a.docPackage()
	if p == nil {
		return false
	}
	if recv == "" {
		o := p.Scope().Lookup(name)
		return o != nil && o.Exported()
	}
	t, ok := p.Scope().Lookup(recv).(*types.TypeName)
	if !ok {
		return false
	}
	o, _, _ := types.LookupFieldOrMethod(t.Type(), true, p, name)
	return o != nil
}

// origin is the package of a compiled object.
func (a *answer) origin() string {
	if _, ok := a.obj.(*types.PkgName); ok || a.obj.Pkg() == nil || a.obj.Pkg() == a.view.pkg {
		return ""
	}
	return a.obj.Pkg().Path()
}

// position names a place in a cell.
func position(cell string, line int) string { return fmt.Sprintf("%s, line %d", cell, line) }

// declaration writes the object as its declaration would look.
func (a *answer) declaration() string {
	q := a.qualifier()
	switch o := a.obj.(type) {
	case *types.Func:
		return "func " + receiver(o, q) + a.name(o) + signatureText(o.Signature(), q)
	case *types.Builtin:
		return "func " + o.Name() + builtinSignatures[o.Name()]
	case *types.PkgName:
		if path := o.Imported().Path(); o.Name() == o.Imported().Name() {
			return fmt.Sprintf("import %q", path)
		} else {
			return fmt.Sprintf("import %s %q", o.Name(), path)
		}
	case *types.Const:
		return a.constant(o)
	case *types.TypeName:
		return a.typeDeclaration(o)
	case *types.Var:
		if o.IsField() {
			owner := ""
			if a.owner != nil {
				owner = types.TypeString(a.owner.Type(), q) + "."
			}
			return fmt.Sprintf("field %s%s %s", owner, o.Name(), types.TypeString(o.Type(), q))
		}
		return fmt.Sprintf("var %s %s", a.name(o), types.TypeString(o.Type(), q))
	}
	return a.obj.Name() // nil
}

// constant writes the declaration of a constant, of a floating-point number with
// all digits that a float64 has.
func (a *answer) constant(o *types.Const) string {
	value := o.Val().ExactString()
	if o.Val().Kind() == constant.Float {
		f, _ := constant.Float64Val(o.Val())
		value = strconv.FormatFloat(f, 'g', -1, 64)
	}
	return fmt.Sprintf("const %s %s = %s", a.name(o), types.TypeString(o.Type(), a.qualifier()), value)
}

// name qualifies the names of packages, as cells write them.
func (a *answer) name(o types.Object) string {
	f, isFunc := o.(*types.Func)
	if o.Pkg() == nil || isFunc && f.Signature().Recv() != nil || o.Parent() != o.Pkg().Scope() {
		return o.Name()
	}
	if p := a.qualifier()(o.Pkg()); p != "" {
		return p + "." + o.Name()
	}
	return o.Name()
}

// receiver writes the receiver of a method, "" of a function.
func receiver(f *types.Func, q types.Qualifier) string {
	recv := f.Signature().Recv()
	if recv == nil {
		return ""
	}
	text := types.TypeString(recv.Type(), q)
	if types.IsInterface(recv.Type()) && namedObject(recv.Type()) == nil {
		text = "interface"
	}
	if n := recv.Name(); n != "" && n != "_" {
		text = n + " " + text
	}
	return "(" + text + ") "
}

// typeDeclaration writes a type with the fields and methods that cells can use.
func (a *answer) typeDeclaration(o *types.TypeName) string {
	q := a.qualifier()
	if o.Pkg() == nil && !types.IsInterface(o.Type()) {
		return "type " + o.Name()
	}
	head := "type " + a.name(o)
	switch t := o.Type().(type) {
	case *types.Alias:
		return head + " = " + types.TypeString(t.Rhs(), q)
	case *types.Named:
		head += typeParams(t, q)
	}
	switch u := o.Type().Underlying().(type) {
	case *types.Struct:
		return head + " struct" + a.block(a.structLines(o, u))
	case *types.Interface:
		return head + " interface" + a.block(a.interfaceLines(o, u))
	default:
		return head + " " + types.TypeString(u, q)
	}
}

func typeParams(t *types.Named, q types.Qualifier) string {
	var l []string
	for p := range t.TypeParams().TypeParams() {
		l = append(l, p.Obj().Name()+" "+types.TypeString(p.Constraint(), q))
	}
	if len(l) == 0 {
		return ""
	}
	return "[" + strings.Join(l, ", ") + "]"
}

// block writes lines in braces, names and types in columns.
func (a *answer) block(lines []string) string {
	if len(lines) == 0 {
		return "{}"
	}
	return " {\n\t" + strings.Join(lines, "\n\t") + "\n}"
}

// structLines lists the fields of a struct with the first sentence of their
// comments.
func (a *answer) structLines(o *types.TypeName, st *types.Struct) []string {
	q := a.qualifier()
	own := o.Pkg() == a.view.pkg
	var lines, docs []string
	hidden := false
	width := 0
	for f := range st.Fields() {
		if !f.Exported() && !own {
			hidden = true
			continue
		}
		line := f.Name() + " " + types.TypeString(f.Type(), q)
		if f.Embedded() {
			line = types.TypeString(f.Type(), q)
		}
		doc := ""
		if !own {
			doc = firstSentence(a.ofPackage(o, o.Name()+"."+f.Name()))
		}
		lines, docs = append(lines, line), append(docs, doc)
		width = max(width, len(line))
	}
	for i, doc := range docs {
		if doc != "" {
			lines[i] = fmt.Sprintf("%-*s // %s", width, lines[i], doc)
		}
	}
	if hidden {
		lines = append(lines, "// and fields that are not exported")
	}
	return lines
}

// interfaceLines lists the methods of an interface, or the types of a
// constraint.
func (a *answer) interfaceLines(o *types.TypeName, i *types.Interface) []string {
	q := a.qualifier()
	var lines []string
	for m := range i.Methods() {
		lines = append(lines, m.Name()+signatureText(m.Signature(), q))
	}
	for e := range i.EmbeddedTypes() {
		if _, union := e.(*types.Union); union {
			lines = append(lines, types.TypeString(e, q))
		}
	}
	if i.IsComparable() && o.Name() == "comparable" {
		lines = append(lines, "comparable")
	}
	return lines
}

// members lists the constants and methods of a type, the contents of a
// package.
func (a *answer) members() string {
	switch o := a.obj.(type) {
	case *types.TypeName:
		return strings.Join(append(a.constants(o), a.methods(o.Type())...), "\n")
	case *types.PkgName:
		return a.contents(o.Imported())
	}
	return ""
}

// methods lists the methods of a type, with those of its pointer.
func (a *answer) methods(t types.Type) []string {
	if types.IsInterface(t) {
		return nil
	}
	var lines []string
	for m := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		f, ok := m.Obj().(*types.Func)
		if ok && (f.Exported() || f.Pkg() == a.view.pkg) {
			lines = append(lines, "func "+receiver(f, a.qualifier())+f.Name()+signatureText(f.Signature(), a.qualifier()))
		}
	}
	slices.Sort(lines)
	return lines
}

// constants lists the constants of an enumeration.
func (a *answer) constants(o *types.TypeName) []string {
	if _, basic := o.Type().Underlying().(*types.Basic); !basic || o.Pkg() == nil || o.Pkg() == a.view.pkg {
		return nil
	}
	var all []*types.Const
	for _, name := range o.Pkg().Scope().Names() {
		c, ok := o.Pkg().Scope().Lookup(name).(*types.Const)
		if ok && c.Exported() && types.Identical(c.Type(), o.Type()) {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(x, y *types.Const) int {
		switch {
		case constant.Compare(x.Val(), token.LSS, y.Val()):
			return -1
		case constant.Compare(y.Val(), token.LSS, x.Val()):
			return 1
		}
		return 0
	})
	var lines []string
	for _, c := range all {
		lines = append(lines, a.constant(c))
	}
	return lines
}

// contents lists the functions and types of a package by name.
func (a *answer) contents(p *types.Package) string {
	byKind := map[string][]string{}
	for _, name := range p.Scope().Names() {
		if o := p.Scope().Lookup(name); o.Exported() {
			kind := kindOfObject(o)
			byKind[kind] = append(byKind[kind], name)
		}
	}
	var lines []string
	for _, kind := range []string{"function", "type", "constant", "variable"} {
		if l := byKind[kind]; len(l) > 0 {
			lines = append(lines, fmt.Sprintf("%ss: %s", kind, strings.Join(l, ", ")))
		}
	}
	return strings.Join(lines, "\n")
}

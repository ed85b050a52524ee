package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// unit is the lowering of one Cell.
type unit struct {
	*registry
	cell *Cell
	undo []func()

	locals map[string]bool // identifiers inside functions
	serial int

	newImports []newImport
	types      strings.Builder // declarations, in this order
	vars       strings.Builder
	funcs      strings.Builder
	start      strings.Builder // statements to run before the body
	queue      []func()        // functions that are to be written
	described  []*emitted      // types that the run time is to be told about
	prelude    string          // a file to come first
	replaced   strings.Builder // assignments of new bodies to methods
	entry      string

	// Where the writer is.
	out      *strings.Builder
	src      *Cell // whose text is being lowered: an earlier cell for generic code
	env      *env
	fn       *fn
	escaping map[types.Object]bool // variables that outlive or are shared by calls
	pos      token.Pos             // of the statement being written
}

func newUnit(r *registry, c *Cell) *unit {
	return &unit{registry: r, cell: c, src: c, locals: map[string]bool{}, out: &strings.Builder{}, escaping: map[types.Object]bool{}}
}

// info is what go/types knows about the text being lowered.
func (u *unit) info() *types.Info { return u.src.Info }

// lower writes everything.
func (u *unit) lower() {
	u.collect()
	for _, d := range u.cell.Decls {
		u.analyse(d)
	}
	for _, d := range u.cell.Decls {
		u.decl(d)
	}
	u.body()
	u.drain()
	for len(u.described) > 0 {
		d := u.described
		u.described = nil
		for _, e := range d {
			u.describe(e)
		}
		u.drain()
	}
	u.extendAsserts()
	u.drain()
}

// drain writes the functions that are wanted.
func (u *unit) drain() {
	for len(u.queue) > 0 {
		q := u.queue
		u.queue = nil
		for _, f := range q {
			f()
		}
	}
}

// collect remembers the functions of the cell and the types that functions
// declare.
func (u *unit) collect() {
	var owner *types.Func
	each := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch d := n.(type) {
			case *ast.FuncDecl:
				if f, ok := u.info().Defs[d.Name].(*types.Func); ok {
					remember(u, u.decls, f, &source{d, u.cell})
					owner = f
				}
			case *ast.DeclStmt:
				for _, sp := range d.Decl.(*ast.GenDecl).Specs {
					if ts, ok := sp.(*ast.TypeSpec); ok {
						if o, ok := u.info().Defs[ts.Name].(*types.TypeName); ok {
							remember(u, u.local, o, owner)
						}
					}
				}
			}
			return true
		})
		owner = nil
	}
	for _, d := range u.cell.Decls {
		each(d)
	}
	for _, s := range u.cell.Body {
		each(s)
	}
	if u.cell.Out != nil {
		each(u.cell.Out)
	}
}

// decl writes a declaration of package level, unless it is generic: then its
// instances are written when they are used.
func (u *unit) decl(d ast.Decl) {
	u.pos = d.Pos()
	switch d := d.(type) {
	case *ast.FuncDecl:
		f, ok := u.info().Defs[d.Name].(*types.Func)
		if m := u.cell.Replace[d]; ok && m != nil {
			u.replace(f, m)
			return
		}
		if !ok || d.Recv != nil || d.Name.Name == "_" || f.Signature().TypeParams().Len() > 0 {
			return
		}
		u.name(f)
	case *ast.GenDecl:
		for _, sp := range d.Specs {
			switch sp := sp.(type) {
			case *ast.TypeSpec:
				if n, ok := u.info().Defs[sp.Name].Type().(*types.Named); ok && sp.Name.Name != "_" && n.TypeParams().Len() == 0 && !isConstraint(n) {
					u.t(n)
				}
			case *ast.ValueSpec:
				if d.Tok == token.VAR {
					u.refuse("a package variable in a declaration", "declare it by a statement")
				}
			}
		}
	}
}

// isConstraint tells whether n can only constrain type parameters.
func isConstraint(n *types.Named) bool {
	i, ok := n.Underlying().(*types.Interface)
	return ok && !i.IsMethodSet()
}

// body writes the statements of the cell as a function.
func (u *unit) body() {
	c := u.cell
	for _, v := range c.Globals {
		if old, ok := c.Reuse[v]; ok && u.names[old] != "" {
			remember(u, u.names, types.Object(v), u.names[old])
			continue
		}
		u.pos = v.Pos()
		n := u.defineGlobal(v)
		fmt.Fprintf(&u.vars, "var %s %s\n", n, u.t(v.Type()))
	}
	if len(c.Body) == 0 && c.Out == nil && len(c.Replace) == 0 {
		return
	}
	body := u.wholeBody()
	u.analyse(body)
	for _, v := range c.Globals {
		u.escaping[v] = true
	}
	u.entry = u.global("ns_" + identifier(c.Name))
	sig := types.NewSignatureType(nil, nil, nil, nil, nil, false)
	u.fn = &fn{names: map[types.Object]string{}, labels: map[string]string{}, sig: sig, entry: true}
	text := u.sub(func() {
		u.p("func %s()", u.entry)
		u.funcBody(nil, sig, body, nil)
		u.p("\n")
	})
	u.fn = nil
	u.funcs.WriteString(text)
}

// wholeBody is the body with Out as its last statement, for analyses.
func (u *unit) wholeBody() *ast.BlockStmt {
	b := &ast.BlockStmt{List: u.cell.Body}
	if out := u.cell.Out; out != nil {
		b.List = append(b.List[:len(b.List):len(b.List)], &ast.ExprStmt{X: out})
	}
	return b
}

// sources puts the files together.
func (u *unit) sources() []string {
	var srcs []string
	byFile := map[string][]newImport{}
	var files []string
	for _, im := range u.newImports {
		if byFile[im.file] == nil {
			files = append(files, im.file)
		}
		byFile[im.file] = append(byFile[im.file], im)
	}
	for _, f := range files {
		var b strings.Builder
		fmt.Fprintf(&b, "//line %s:1\npackage main\n", f)
		for _, im := range byFile[f] {
			fmt.Fprintf(&b, "import %s %q\n", im.name, im.path)
		}
		srcs = append(srcs, b.String())
	}
	if u.prelude != "" {
		srcs = append(srcs, fmt.Sprintf("//line %s:1\n%s", u.cell.Name, u.prelude))
	}
	text := u.types.String() + u.vars.String() + u.funcs.String()
	if text != "" {
		srcs = append(srcs, u.render("package main\n"+text))
	}
	if u.start.Len() > 0 {
		f, v := u.global("ns_register"), u.global("ns_registered")
		srcs = append(srcs, fmt.Sprintf("//line %s:1\npackage main\nfunc %s() bool {\n%sreturn true\n}\nvar %s bool = %s()\n", u.cell.Name, f, u.start.String(), v, f))
	}
	return srcs
}

// refuse ends the lowering.
func (u *unit) refuse(construct, instead string) {
	panic(&Refusal{Pos: u.position(), Construct: construct, Instead: instead})
}

func (u *unit) position() token.Position {
	if !u.pos.IsValid() || u.src == nil {
		return token.Position{Filename: u.cell.Name}
	}
	p := u.src.Fset.Position(u.pos)
	p.Filename = u.src.Name
	return p
}

// refusal makes an error of a panic. Whatever this package cannot cope with is
// a construct that is not run.
func (u *unit) refusal(r any) error {
	if rf, ok := r.(*Refusal); ok {
		return rf
	}
	return &Refusal{Pos: u.position(), Construct: fmt.Sprintf("the kernel cannot lower this statement (%v)", r), Instead: "please report it"}
}

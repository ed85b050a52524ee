package eval

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// A piece is a chunk with the text and the names that planning needs. Pieces
// of earlier cells come back when something they use was redefined.
type piece struct {
	kind     chunkKind
	cell     string // name of the cell that the text stands in, "cell[3]"
	text     string
	doc      string // the // comment that stands directly above
	line     int    // position of the text in that cell, from 1
	column   int
	defines  []string        // names that it declares at the top level
	recv     string          // of a method: the name of its receiver's type
	method   string          // of a method: its name
	header   string          // of a method: its text before the body, with single spaces
	generic  bool            // a method of a generic type
	rebody   bool            // a method whose body alone is compiled, for a type that stays
	uses     map[string]bool // identifiers that it does not declare itself
	foreign  bool            // text of an earlier cell
	internal bool            // written by the session
	quiet    bool            // an expression whose value is not to be shown
	asksErr  bool            // an if or switch that looks at err
	closure  bool            // a statement with a function literal
	next     *piece          // the statement after this one
}

// key names a declaration among the definitions of the session: "f", "T",
// "T.Method". Groups have one key for each name.
func (p *piece) keys() []string {
	if p.recv != "" {
		return []string{p.recv + "." + p.method}
	}
	return p.defines
}

// directive is the //line comment that gives the text of p its position.
func (p *piece) directive() string {
	return fmt.Sprintf("//line %s:%d:%d\n", p.cell, p.line, p.column)
}

// cellText is a cell cut into pieces.
type cellText struct {
	name    string
	src     string
	program bool     // has a package clause
	imports []*piece // in order of the text
	pieces  []*piece // declarations and statements, in order of the text
}

// readCell cuts the text of a cell and parses every piece of it. Errors of
// syntax are returned together.
func readCell(name, src string) (*cellText, error) {
	cut, scanErrs := cutCell(src)
	if len(scanErrs) == 0 {
		scanErrs = cut.lonely
	}
	c := &cellText{name: name, src: src}
	var errs diagnostics
	for _, e := range scanErrs {
		errs.add(token.Position{Filename: name, Line: e.Pos.Line, Column: e.Pos.Column}, e.Msg)
	}
	inits := 0
	for _, ch := range cut.chunks {
		if ch.kind == packageChunk {
			c.program = true
			continue
		}
		p := &piece{
			kind: ch.kind, cell: name, text: src[ch.start:ch.end], doc: commentAbove(src[:ch.start]),
			line: ch.line, column: ch.start - strings.LastIndexByte(src[:ch.start], '\n'),
		}
		if ch.end < len(src) && src[ch.end] == ';' {
			p.quiet = true
		}
		if err := p.parse(); err != nil && len(scanErrs) == 0 {
			errs.addSyntax(err, name, src)
		}
		if ch.kind == importChunk {
			c.imports = append(c.imports, p)
			continue
		}
		c.pieces = append(c.pieces, p.single()...)
		if ch.kind == funcChunk && len(p.defines) == 1 && p.defines[0] == "init" {
			inits++
			p.defines[0] = fmt.Sprintf("%s%d", initPrefix, inits)
			c.pieces = append(c.pieces, p.call())
		}
	}
	c.callMain()
	relink(c.pieces)
	return c, errs.err(c)
}

// commentAbove returns the // comment at the end of text, without slashes.
func commentAbove(text string) string {
	lines := strings.Split(text, "\n")
	end := len(lines) - 1 // the line of the chunk itself
	start := end
	for start > 0 && strings.HasPrefix(strings.TrimSpace(lines[start-1]), "//") {
		start--
	}
	var b strings.Builder
	for _, l := range lines[start:end] {
		l = strings.TrimPrefix(strings.TrimSpace(l), "//")
		b.WriteString(strings.TrimPrefix(l, " ") + "\n")
	}
	return strings.TrimSpace(b.String())
}

// single returns the variables of a group one by one, so that they can be put
// in order, and any other piece as it is.
func (p *piece) single() []*piece {
	if p.kind != stmtChunk || len(p.defines) < 2 || !strings.HasPrefix(p.text, "var") {
		return []*piece{p}
	}
	const before = "package main\n"
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", before+p.text, 0)
	if err != nil || len(file.Decls) != 1 {
		return []*piece{p}
	}
	gd, ok := file.Decls[0].(*ast.GenDecl)
	if !ok || len(gd.Specs) < 2 {
		return []*piece{p}
	}
	var list []*piece
	for _, spec := range gd.Specs {
		start, end := fset.Position(spec.Pos()), fset.Position(spec.End())
		q := &piece{kind: stmtChunk, cell: p.cell, line: p.line + start.Line - 2, column: start.Column, quiet: p.quiet}
		if start.Line == 2 {
			q.column += p.column - 1
		}
		q.text = q.directive() + (before + p.text)[start.Offset:end.Offset]
		q.text = "var\n" + q.text
		if q.parse() != nil {
			return []*piece{p}
		}
		list = append(list, q)
	}
	return list
}

// initPrefix begins the names under which the init functions of a cell are
// called.
const initPrefix = "nsinit"

// call returns a statement that calls the function that p declares.
func (p *piece) call() *piece {
	name := p.defines[0]
	return &piece{
		kind: stmtChunk, cell: p.cell, text: name + "()", line: p.line, column: p.column,
		uses: map[string]bool{name: true}, quiet: true, internal: true,
	}
}

// callMain lets a program run: main is called after everything else, unless
// the cell calls it itself.
func (c *cellText) callMain() {
	var main *piece
	for _, p := range c.pieces {
		if p.kind == funcChunk && len(p.defines) == 1 && p.defines[0] == "main" {
			main = p
		}
		if p.kind == stmtChunk && p.uses["main"] {
			return
		}
	}
	if main != nil {
		c.pieces = append(c.pieces, main.call())
	}
}

// parse fills in the names of p.
func (p *piece) parse() error {
	var src string
	if p.kind == stmtChunk {
		src = "package main; func _() {\n" + p.directive() + p.text + "\n}"
	} else {
		src = "package main\n" + p.directive() + p.text
	}
	// Object resolution within one file is what is asked for here: it tells
	// the names that the piece takes from outside.
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", src, parser.AllErrors)
	if err != nil {
		return err
	}
	p.uses = map[string]bool{}
	for _, id := range file.Unresolved {
		p.uses[id.Name] = true
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			p.readFunc(d)
			if p.recv != "" && d.Body != nil {
				body := fset.File(d.Body.Pos()).Offset(d.Body.Pos()) - (len(src) - len(p.text))
				p.header = strings.Join(strings.Fields(p.text[:body]), " ")
			}
		case *ast.GenDecl:
			p.defines = append(p.defines, declared(d)...)
		}
	}
	return nil
}

// readFunc notes the names of a function declaration, or of the statements of
// the function that wraps them.
func (p *piece) readFunc(d *ast.FuncDecl) {
	switch {
	case p.kind == stmtChunk:
		for _, st := range d.Body.List {
			p.asksErr = p.asksErr || asksErr(st)
			p.closure = p.closure || hasLiteral(st)
			for _, id := range newVars(st) {
				p.defines = append(p.defines, id.Name)
			}
		}
	case d.Recv != nil:
		p.recv, p.method = receiverName(d), d.Name.Name
		p.generic = genericReceiver(d)
		p.uses[p.recv] = true
	default:
		p.defines = append(p.defines, d.Name.Name)
	}
}

// hasLiteral tells whether a function literal stands in st.
func hasLiteral(st ast.Stmt) bool {
	has := false
	ast.Inspect(st, func(n ast.Node) bool {
		_, lit := n.(*ast.FuncLit)
		has = has || lit
		return !has
	})
	return has
}

// newVars returns the identifiers that a statement may declare in the scope it
// stands in.
func newVars(st ast.Stmt) []*ast.Ident {
	var ids []*ast.Ident
	switch st := st.(type) {
	case *ast.LabeledStmt:
		return newVars(st.Stmt)
	case *ast.AssignStmt:
		if st.Tok != token.DEFINE {
			return nil
		}
		for _, l := range st.Lhs {
			if id, ok := l.(*ast.Ident); ok && id.Name != "_" {
				ids = append(ids, id)
			}
		}
	case *ast.DeclStmt:
		gd, ok := st.Decl.(*ast.GenDecl)
		if !ok || gd.Tok != token.VAR {
			return nil
		}
		for _, sp := range gd.Specs {
			vs, ok := sp.(*ast.ValueSpec)
			if !ok {
				continue
			}
			for _, id := range vs.Names {
				if id.Name != "_" {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}

// declared returns the names of a declaration of types, constants or
// variables.
func declared(d *ast.GenDecl) []string {
	var names []string
	for _, sp := range d.Specs {
		switch sp := sp.(type) {
		case *ast.TypeSpec:
			names = append(names, sp.Name.Name)
		case *ast.ValueSpec:
			for _, id := range sp.Names {
				names = append(names, id.Name)
			}
		}
	}
	return names
}

// genericReceiver tells whether d is a method of a generic type.
func genericReceiver(d *ast.FuncDecl) bool {
	generic := false
	ast.Inspect(d.Recv, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.IndexExpr, *ast.IndexListExpr:
			generic = true
		}
		return !generic
	})
	return generic
}

// receiverName returns the name of the type that a method belongs to.
func receiverName(d *ast.FuncDecl) string {
	if len(d.Recv.List) == 0 {
		return ""
	}
	t := ast.Unparen(d.Recv.List[0].Type)
	if star, ok := t.(*ast.StarExpr); ok {
		t = ast.Unparen(star.X)
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

package eval

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// A sketch is a cell that is being written, parsed and type-checked for what
// can be known of it. Errors are expected and dropped.
type sketch struct {
	view    *scopeView
	text    string // of the cell
	fset    *token.FileSet
	file    *ast.File
	info    *types.Info
	imports map[string]string // names of packages to paths, those of the cell included
	placed  []placedChunk
	faults  int // errors of syntax
}

// placedChunk is a chunk of the cell and its offset in the text that is checked.
type placedChunk struct {
	chunk
	at int
}

// sketch reads text, the content of a cell. Of the chunks that cannot be
// parsed only the one around offset keep is used.
func (v *scopeView) sketch(text string, keep int) *sketch {
	s := &sketch{view: v, text: text, imports: maps.Clone(v.imports)}
	chunks, _ := split(text)
	s.parse(text, chunks)
	if s.faults > 0 {
		var sound []chunk
		for _, c := range chunks {
			if c.start <= keep && keep <= c.end || (&piece{kind: c.kind, text: text[c.start:c.end]}).parse() == nil {
				sound = append(sound, c)
			}
		}
		if len(sound) < len(chunks) {
			s.parse(text, sound)
		}
	}
	return s
}

// parse makes one file of the chunks: declarations at package level, then the
// statements in a function.
func (s *sketch) parse(text string, chunks []chunk) {
	var b strings.Builder
	b.WriteString("package main")
	s.placed = s.placed[:0]
	declares := map[string]bool{}
	for _, c := range chunks {
		if c.kind == importChunk {
			s.readImports(text[c.start:c.end])
		}
		if c.kind.isDecl() {
			p := piece{kind: c.kind, text: text[c.start:c.end]}
			if p.parse() == nil {
				for _, n := range p.defines {
					declares[n] = true
				}
			}
		}
	}
	for _, name := range mentioned(text, s.imports) {
		if !declares[name] {
			fmt.Fprintf(&b, ";import %s %q", name, s.imports[name])
		}
	}
	put := func(c chunk) {
		s.placed = append(s.placed, placedChunk{c, b.Len()})
		b.WriteString(text[c.start:c.end])
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	for _, c := range chunks {
		if c.kind.isDecl() {
			put(c)
		}
	}
	b.WriteString("func " + wrapper + "() {\n")
	for _, c := range chunks {
		if c.kind == stmtChunk {
			put(c)
		}
	}
	b.WriteString("}\n")
	s.fset = token.NewFileSet()
	var err error
	s.file, err = parser.ParseFile(s.fset, "", b.String(), parser.SkipObjectResolution|parser.AllErrors)
	s.faults = 0
	if list, ok := err.(scanner.ErrorList); ok {
		s.faults = len(list)
	}
	s.freeMethods()
}

// freeMethods turns methods of types that the file does not declare into
// functions with the receiver as first parameter: go/types cannot add methods
// to a type of an earlier cell.
func (s *sketch) freeMethods() {
	declares := declaredNames(s.file)
	for _, d := range s.file.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || fd.Recv == nil || declares[receiverName(fd)] {
			continue
		}
		fd.Type.Params.List = slices.Concat(fd.Recv.List, fd.Type.Params.List)
		fd.Type.TypeParams = receiverTypeParams(fd)
		fd.Recv = nil
		fd.Name = &ast.Ident{NamePos: fd.Name.NamePos, Name: "_"}
	}
}

// receiverTypeParams declares the type parameters that the receiver of a method
// names, nil if it names none.
func receiverTypeParams(fd *ast.FuncDecl) *ast.FieldList {
	var names []*ast.Ident
	for _, f := range fd.Recv.List {
		ast.Inspect(f.Type, func(n ast.Node) bool {
			var args []ast.Expr
			switch n := n.(type) {
			case *ast.IndexExpr:
				args = []ast.Expr{n.Index}
			case *ast.IndexListExpr:
				args = n.Indices
			}
			for _, a := range args {
				if id, ok := a.(*ast.Ident); ok {
					names = append(names, &ast.Ident{NamePos: id.NamePos, Name: id.Name})
				}
			}
			return true
		})
	}
	if names == nil {
		return nil
	}
	return &ast.FieldList{List: []*ast.Field{{Names: names, Type: &ast.Ident{NamePos: names[0].NamePos, Name: "any"}}}}
}

// readImports adds the packages of an import declaration.
func (s *sketch) readImports(text string) {
	f, _ := parser.ParseFile(token.NewFileSet(), "", "package main\n"+text, parser.ImportsOnly)
	if f == nil {
		return
	}
	for _, spec := range f.Imports {
		path := unquote(spec.Path.Value)
		if spec.Name != nil {
			if name := spec.Name.Name; name != "_" && name != "." {
				s.imports[name] = path
			}
			continue
		}
		if p, err := s.view.importPackage(path); err == nil {
			s.imports[p.Name()] = path
		}
	}
}

// mentioned returns the names of packages that occur in text, in its order.
func mentioned(text string, imports map[string]string) []string {
	var names []string
	seen := map[string]bool{}
	for _, l := range lexemes(text) {
		if l.tok == token.IDENT && imports[l.lit] != "" && !seen[l.lit] {
			seen[l.lit] = true
			names = append(names, l.lit)
		}
	}
	return names
}

// check type-checks the cell. With hoist, declarations see the variables that
// the statements of the cell define at the top level, as they do once it ran.
func (s *sketch) check(hoist bool) {
	s.typeCheck(s.view.objects)
	if !hoist {
		return
	}
	objects := maps.Clone(s.view.objects)
	vars := 0
	for _, d := range s.file.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || fd.Name.Name != wrapper || fd.Body == nil {
			continue
		}
		for _, st := range fd.Body.List {
			for _, id := range newVars(st) {
				if v, ok := s.info.Defs[id].(*types.Var); ok {
					objects[v.Name()] = types.NewVar(v.Pos(), s.view.pkg, v.Name(), v.Type())
					vars++
				}
			}
		}
	}
	if vars > 0 {
		s.typeCheck(objects)
	}
}

func (s *sketch) typeCheck(objects map[string]types.Object) {
	s.info = newInfo()
	view := *s.view
	view.objects = objects
	defer func() {
		// go/types is made for programs that compile. Where it fails on one
		// that is being written, what it found so far is used.
		_ = recover()
	}()
	view.check(s.fset, s.file, s.info, nil)
}

// chunkAt returns the chunk in which offset stands, -1 if in none.
func (s *sketch) chunkAt(offset int) int {
	for i, c := range s.placed {
		if c.start <= offset && offset <= c.end {
			return i
		}
	}
	return -1
}

// pos returns the position in the file of an offset of the cell.
func (s *sketch) pos(offset int) token.Pos {
	i := s.chunkAt(offset)
	if i < 0 {
		return token.NoPos
	}
	c := s.placed[i]
	return s.fset.File(s.file.FileStart).Pos(c.at + offset - c.start)
}

// path returns the identifier that begins at an offset of the cell, followed
// by the nodes around it, innermost first. It is nil if there is none.
func (s *sketch) path(offset int) []ast.Node {
	pos := s.pos(offset)
	if !pos.IsValid() {
		return nil
	}
	path := s.around(pos)
	if len(path) == 0 {
		return nil
	}
	if id, ok := path[0].(*ast.Ident); !ok || id.Pos() != pos {
		return nil
	}
	return path
}

// around returns the nodes that contain pos, innermost first.
func (s *sketch) around(pos token.Pos) []ast.Node {
	var stack, found []ast.Node
	ast.Inspect(s.file, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		if n.Pos() <= pos && pos < n.End() && len(stack) > len(found) {
			found = append(found[:0], stack...)
		}
		return true
	})
	slices.Reverse(found)
	return found
}

// unquote returns the text of a string literal, without the quotes of one that
// does not end.
func unquote(lit string) string {
	if lit == "" {
		return "" // the parser's literal for a path that is missing
	}
	lit = lit[1:]
	if n := len(lit); n > 0 && (lit[n-1] == '"' || lit[n-1] == '`') {
		lit = lit[:n-1]
	}
	return lit
}

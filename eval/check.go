package eval

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"sort"
	"strings"
)

// goVersion is the language version that cells are written in.
const goVersion = "go1.26"

// wrapper is the name of the function that statements are checked in.
const wrapper = "nscell"

// typeCheck checks file in the session's package with live as its other
// objects. The caller holds s.typing.
//
// All cells share one *types.Package and one *types.Scope: go/types compares
// packages by identity to decide whether an unexported field can be used, and
// refuses recursive instantiations by the scope they were declared in. So the
// scope keeps its identity and only its content is replaced.
func (s *Session) typeCheck(fset *token.FileSet, file *ast.File, info *types.Info, live map[string]types.Object, report func(types.Error)) {
	*s.pkg.Scope() = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "session")
	declared := declaredNames(file)
	for name, obj := range live {
		if !declared[name] {
			s.pkg.Scope().Insert(obj)
		}
	}
	conf := types.Config{
		Importer:  s.importer,
		GoVersion: goVersion,
		Error: func(err error) {
			if te, ok := err.(types.Error); ok && report != nil {
				report(te)
			}
		},
	}
	// The errors have been reported one by one.
	_ = types.NewChecker(&conf, fset, s.pkg, info).Files([]*ast.File{file})
}

// declaredNames returns the names that file declares at package level.
func declaredNames(file *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				names[d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, n := range declared(d) {
				names[n] = true
			}
		}
	}
	return names
}

// newInfo returns the maps that checking fills for the lowering.
func newInfo() *types.Info {
	return &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Instances:  map[*ast.Ident]types.Instance{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Implicits:  map[ast.Node]types.Object{},
	}
}

// checked is a segment that go/types accepts.
type checked struct {
	segment
	fset  *token.FileSet
	file  *ast.File
	info  *types.Info
	body  []ast.Stmt            // of the wrapper; nil for declarations
	owner []*piece              // of each statement of body
	text  string                // what was parsed
	start []int                 // offset of each piece in it
	own   map[types.Object]bool // variables declared at the top level of body
	// bodies are the methods of which only the body is compiled.
	bodies map[*ast.FuncDecl]*piece
}

// source writes a segment as a file. Line comments give every piece its
// position in its cell.
func (c *compiler) source(seg segment) (text string, start []int) {
	var b strings.Builder
	b.WriteString("package main")
	declares := map[string]bool{}
	if seg.decls {
		for _, p := range seg.pieces {
			for _, n := range p.defines {
				declares[n] = true
			}
		}
	}
	internal := slices.ContainsFunc(seg.pieces, func(p *piece) bool { return p.internal })
	for _, name := range sortedUses(seg.pieces) {
		if name == nsrtPath && !internal {
			continue
		}
		if path, ok := c.importPath(name); ok && !declares[name] {
			fmt.Fprintf(&b, ";import %s %q", name, path)
		}
	}
	if !seg.decls {
		b.WriteString(";func " + wrapper + "() {")
	}
	b.WriteString("\n")
	for _, p := range seg.pieces {
		b.WriteString(p.directive())
		start = append(start, b.Len())
		b.WriteString(p.text)
		b.WriteString("\n")
	}
	if !seg.decls {
		b.WriteString("}\n")
	}
	return b.String(), start
}

func sortedUses(pieces []*piece) []string {
	seen := map[string]bool{}
	var names []string
	for _, p := range pieces {
		for n := range p.uses {
			if !seen[n] {
				seen[n] = true
				names = append(names, n)
			}
		}
	}
	sort.Strings(names)
	return names
}

// fault is an error of go/types and the piece it stands in.
type fault struct {
	types.Error
	piece *piece
}

// check parses and type-checks a segment against c.live.
func (c *compiler) check(seg segment) (*checked, []fault) {
	text, start := c.source(seg)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		// Every piece has been parsed alone, so this is a fault of ours.
		return nil, []fault{{types.Error{Fset: fset, Msg: err.Error()}, seg.pieces[0]}}
	}
	k := &checked{segment: seg, fset: fset, file: file, info: newInfo(), text: text, start: start, bodies: map[*ast.FuncDecl]*piece{}}
	k.prepare()
	var faults []fault
	c.s.typeCheck(fset, file, k.info, c.live, func(te types.Error) {
		if te.Soft || k.unusedValue(te) || strings.HasPrefix(te.Msg, "\t") {
			return
		}
		faults = append(faults, fault{te, k.pieceAt(te.Pos)})
	})
	return k, faults
}

// prepare finds the statements of the wrapper and gives init functions the
// names under which they are called.
func (k *checked) prepare() {
	for _, d := range k.file.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if !k.decls && fd.Name.Name == wrapper {
			k.body = fd.Body.List
			for _, st := range k.body {
				k.owner = append(k.owner, k.pieceAt(st.Pos()))
			}
		}
		if !k.decls {
			continue
		}
		p := k.pieceAt(fd.Pos())
		if fd.Recv == nil && fd.Name.Name == "init" {
			fd.Name.Name = p.defines[0]
		}
		if fd.Recv != nil && p.rebody {
			asFunction(fd)
			k.bodies[fd] = p
		}
	}
}

// asFunction makes a method a function whose first parameter is the receiver.
func asFunction(fd *ast.FuncDecl) {
	fd.Name.Name = bodyPrefix + receiverName(fd) + "_" + fd.Name.Name
	params := append(fd.Recv.List[:1:1], fd.Type.Params.List...)
	for _, f := range params {
		if len(f.Names) == 0 {
			f.Names = []*ast.Ident{{Name: "_", NamePos: f.Pos()}}
		}
	}
	fd.Recv, fd.Type.Params.List = nil, params
}

// bodyPrefix begins the names of functions that replace the bodies of methods.
const bodyPrefix = "nsbody_"

// pieceAt returns the piece in which pos stands.
func (k *checked) pieceAt(pos token.Pos) *piece {
	if f := k.fset.File(pos); f != nil {
		off := f.Offset(pos)
		if i := sort.SearchInts(k.start, off+1) - 1; i >= 0 {
			return k.pieces[i]
		}
	}
	return k.pieces[0]
}

// unusedValue tells whether te complains about a bare expression at the top
// level, which a cell may contain.
func (k *checked) unusedValue(te types.Error) bool {
	if !strings.HasSuffix(te.Msg, "is not used") {
		return false
	}
	for _, st := range k.body {
		if es, ok := st.(*ast.ExprStmt); ok && es.Pos() <= te.Pos && te.Pos < es.End() {
			return true
		}
	}
	return false
}

// A global is a variable that the statements of a segment declare at the top
// level.
type global struct {
	*types.Var
	stmt int // number of the statement that declares it
}

// globals returns the variables that live on after the segment. go/types made
// them local to the wrapper; they are replaced by variables of the package, so
// that later cells see them as such.
func (k *checked) globals(pkg *types.Package) []global {
	var vars []global
	replaced := map[types.Object]*types.Var{}
	k.own = map[types.Object]bool{}
	for i, st := range k.body {
		for _, id := range newVars(st) {
			local, ok := k.info.Defs[id].(*types.Var)
			if !ok {
				continue
			}
			v := types.NewVar(local.Pos(), pkg, local.Name(), local.Type())
			replaced[local] = v
			k.info.Defs[id] = v
			vars = append(vars, global{v, i})
			k.own[v] = true
		}
	}
	for id, obj := range k.info.Uses {
		if v := replaced[obj]; v != nil {
			k.info.Uses[id] = v
		}
	}
	return vars
}

// dependencies returns the objects of the session that each piece uses: outside
// and inside of the body, if it is a method.
func (k *checked) dependencies(live map[string]types.Object, pkg *types.Package) (outside, inside map[*piece]map[string]types.Object) {
	outside, inside = map[*piece]map[string]types.Object{}, map[*piece]map[string]types.Object{}
	bodies := map[*piece]*ast.BlockStmt{}
	for _, d := range k.file.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok {
			if p := k.pieceAt(fd.Pos()); p.recv != "" {
				bodies[p] = fd.Body
			}
		}
	}
	for id, obj := range k.info.Uses {
		if obj == nil || obj.Parent() != pkg.Scope() && live[id.Name] != obj && !k.own[obj] {
			continue
		}
		p := k.pieceAt(id.Pos())
		deps := outside
		if b := bodies[p]; b != nil && b.Pos() <= id.Pos() && id.Pos() < b.End() {
			deps = inside
		}
		if deps[p] == nil {
			deps[p] = map[string]types.Object{}
		}
		deps[p][id.Name] = obj
	}
	return outside, inside
}

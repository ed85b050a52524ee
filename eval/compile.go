package eval

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nskernel/nskernel/eval/internal/lower"
	"github.com/nskernel/nskernel/kernel"
)

// A compiler turns the text of one cell into units that can run. It changes
// nothing in the session but what compile's caller commits.
type compiler struct {
	s       *Session
	cell    *cellText
	live    map[string]types.Object // as the next segment will see them
	imports map[string]string
	fresh   map[string]string // imports of this cell
	units   []*unit
	notes   []string
	same    []*piece // declarations that are as they were
}

// unit is a segment that has been checked: what it adds to the session, and
// what runs.
type unit struct {
	*checked
	code     *lower.Code
	lowering *lower.Cell
	stmts    []ast.Stmt              // body with the expression that is shown
	run      func()                  // runs the statements, nil if there are none
	objects  map[string]types.Object // declared or assigned
	stmtOf   map[string]int          // of a variable: the statement that assigns it
	defs     definitions
	out      *output // value to show, nil if none
}

// compile checks all of a cell, lowers it and gives it to the interpreter. The
// caller holds s.typing. When it fails nothing has changed.
func (s *Session) compile(name, src string) (*compiler, error) {
	cell, err := readCell(name, src)
	if err != nil {
		return nil, err
	}
	c := &compiler{s: s, cell: cell, live: maps.Clone(s.objects), imports: maps.Clone(s.imports), fresh: map[string]string{}}
	if err := c.readImports(); err != nil {
		return nil, err
	}
	segs := c.segments()
	for i, seg := range segs {
		if err := c.addSegment(seg, i < len(segs)-1); err != nil {
			return nil, err
		}
	}
	if err := c.build(); err != nil {
		return nil, err
	}
	return c, nil
}

// segments orders the pieces of the cell.
func (c *compiler) segments() []segment {
	if c.cell.isPackage() {
		return packageSegments(c.cell.pieces, c.s.defs, c.live)
	}
	var pieces []*piece
	pieces, c.same = revise(c.cell.pieces, c.s.defs, c.live)
	return plan(c.addContext(orderVars(pieces, c.live)), c.s.defs.hasDependants)
}

// readImports notes the imports of the cell.
func (c *compiler) readImports() error {
	var errs diagnostics
	for _, p := range c.cell.imports {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "", "package main\n"+p.directive()+p.text, parser.ImportsOnly)
		if err != nil {
			errs.addSyntax(err, c.cell.name, c.cell.src)
			continue
		}
		for _, spec := range file.Imports {
			if msg := c.addImport(spec); msg != "" {
				errs.add(fset.Position(spec.Pos()), msg)
			}
		}
	}
	return errs.err(c.cell)
}

// addImport notes one import; it returns what is wrong with it.
func (c *compiler) addImport(spec *ast.ImportSpec) string {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return "invalid import path " + spec.Path.Value
	}
	pkg, err := c.s.opt.Importer.Import(path)
	if err != nil {
		return err.Error()
	}
	name := pkg.Name()
	if spec.Name != nil {
		name = spec.Name.Name
	}
	switch name {
	case "_":
		return ""
	case ".":
		return fmt.Sprintf("import . %q is not possible in cells: its names could not be told from those of the session; import it under its name", path)
	}
	c.imports[name], c.fresh[name] = path, path
	delete(c.live, name)
	return ""
}

// importPath returns the package that name stands for in the next segment.
func (c *compiler) importPath(name string) (string, bool) {
	if name == nsrtPath {
		return nsrtPath, true
	}
	if path, ok := c.imports[name]; ok {
		return path, true
	}
	if c.live[name] != nil {
		return "", false
	}
	path, ok := c.s.opt.Preload[name]
	return path, ok
}

// define makes objects visible to the segments that follow.
func (c *compiler) define(objects map[string]types.Object) {
	for n, o := range objects {
		c.live[n] = o
		delete(c.imports, n)
	}
}

// addSegment checks a segment and adds its unit. more says that others follow.
func (c *compiler) addSegment(seg segment, more bool) error {
	if seg.decls {
		return c.addDecls(seg)
	}
	k, faults := c.check(seg)
	if len(faults) == 0 && more && k.deferring() {
		// What is deferred runs at the end of the cell, not of the segment.
		seg.pieces = append(seg.pieces[:len(seg.pieces):len(seg.pieces)], internalPiece("nsrt.Next()", seg.pieces[len(seg.pieces)-1]))
		k, faults = c.check(seg)
	}
	if err := c.refuseReturn(k); err != nil {
		return err
	}
	if len(faults) > 0 {
		return c.refuse(k, faults)
	}
	if err := c.refuseRecursive(k); err != nil {
		return err
	}
	u, err := c.statements(k)
	if err != nil {
		return err
	}
	before := maps.Clone(c.live)
	changed := map[string]bool{}
	for n, o := range u.objects {
		if before[n] != nil && before[n] != o {
			changed[n] = true
		}
	}
	c.define(u.objects)
	c.units = append(c.units, u)
	if len(changed) == 0 {
		return nil
	}
	c.notes = append(c.notes, closureNotes(changed, c.s.defs, before)...)
	if again := dependants(changed, c.s.defs, before); len(again) > 0 {
		return c.addDecls(segment{decls: true, pieces: again})
	}
	return nil
}

// addDecls checks a segment of declarations. Those of earlier cells that do
// not compile any more are left out with a note: they keep what they used.
func (c *compiler) addDecls(seg segment) error {
	for {
		k, faults := c.check(seg)
		var bad []*piece
		own := slices.ContainsFunc(faults, func(f fault) bool { return !f.piece.foreign })
		for _, f := range faults {
			if !slices.Contains(bad, f.piece) {
				bad = append(bad, f.piece)
				if !own {
					why, _, _ := strings.Cut(f.Msg, "\n")
					c.notes = append(c.notes, fmt.Sprintf("note: %s still uses the previous definitions: %s", f.piece.keys()[0], why))
				}
			}
		}
		if own {
			return c.refuse(k, faults)
		}
		if len(bad) == 0 {
			if err := c.refuseRecursive(k); err != nil {
				return err
			}
			return c.declare(k)
		}
		seg.pieces = withoutUnits(seg.pieces, bad)
		if len(seg.pieces) == 0 {
			return nil
		}
	}
}

// withoutUnits removes pieces of earlier cells. A type goes with its methods.
func withoutUnits(pieces, bad []*piece) []*piece {
	gone := map[string]bool{}
	for _, b := range bad {
		if b.kind == typeChunk {
			for _, n := range b.defines {
				gone[n] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(pieces), func(p *piece) bool {
		return slices.Contains(bad, p) || p.foreign && gone[p.recv]
	})
}

// declare adds the unit of a segment of declarations.
func (c *compiler) declare(k *checked) error {
	u := &unit{checked: k, objects: map[string]types.Object{}, defs: definitions{}}
	u.lowering = &lower.Cell{Name: c.cell.name, Fset: k.fset, Info: k.info, Pkg: c.s.pkg, Decls: k.file.Decls}
	k.initialise(u.lowering)
	u.stmts = u.lowering.Body
	for n := range declaredNames(k.file) {
		if n != "_" && !strings.HasPrefix(n, bodyPrefix) {
			u.objects[n] = c.s.pkg.Scope().Lookup(n)
		}
	}
	deps, inside := k.dependencies(c.live, c.s.pkg)
	for _, p := range k.pieces {
		for _, key := range p.keys() {
			u.defs[key] = &definition{piece: p, deps: deps[p], bodyDeps: inside[p]}
		}
	}
	if err := c.replaceBodies(u); err != nil {
		return err
	}
	changed := map[string]bool{}
	for _, p := range k.pieces {
		for _, n := range p.defines {
			changed[n] = true
		}
	}
	c.notes = append(c.notes, closureNotes(changed, c.s.defs, c.live)...)
	for n, o := range u.objects {
		if note := staleNote(n, c.live[n], c.live); note != "" && o != c.live[n] {
			c.notes = append(c.notes, note)
		}
	}
	c.define(u.objects)
	c.units = append(c.units, u)
	return nil
}

// replaceBodies tells the lowering which methods get new bodies.
func (c *compiler) replaceBodies(u *unit) error {
	u.lowering.Replace = map[*ast.FuncDecl]*types.Func{}
	for fd, p := range u.bodies {
		var method *types.Func
		if tn, ok := c.live[p.recv].(*types.TypeName); ok {
			obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(tn.Type()), false, c.s.pkg, p.method)
			method, _ = obj.(*types.Func)
		}
		if method == nil {
			return &interpreterError{cell: c.cell, err: fmt.Errorf("method %s.%s was not found", p.recv, p.method)}
		}
		u.lowering.Replace[fd] = method
	}
	return nil
}

// refuse turns faults into the error of the cell.
func (c *compiler) refuse(k *checked, faults []fault) error {
	var errs diagnostics
	for _, f := range faults {
		errs.list = append(errs.list, c.advise(k, f))
	}
	return errs.err(c.cell)
}

// refusal turns an error of the lowering into the error of the cell.
func (c *compiler) refusal(err error) error {
	var r *lower.Refusal
	if !errors.As(err, &r) {
		return &interpreterError{cell: c.cell, err: err}
	}
	d := diagnostic{pos: r.Pos, msg: r.Construct, fix: r.Instead}
	return &compileError{cell: c.cell, list: []diagnostic{d}}
}

// expression evaluates a user expression.
func (s *Session) expression(ctx context.Context, e *execution, code string) kernel.Expression {
	silent := &execution{name: s.cellName(0), out: e.out}
	b, err := s.runCell(ctx, silent, code)
	if err != nil {
		return kernel.Expression{Err: asCellError(err)}
	}
	if b == nil {
		return kernel.Expression{}
	}
	return kernel.Expression{Value: *b}
}

package eval

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/nskernel/nskernel/eval/internal/lower"
)

// A complete program, package main with nothing but declarations, is one cell:
// its declarations are checked as a package, so that variables, functions and
// types can use each other in any order and variables are initialised as Go
// does it.

// isPackage tells whether the cell is a complete program.
func (c *cellText) isPackage() bool {
	if !c.program {
		return false
	}
	for _, p := range c.pieces {
		if p.kind == stmtChunk && !p.internal && !isVar(p) {
			return false
		}
	}
	return true
}

// packageSegments returns the declarations of a program, with those of earlier
// cells that use what it declares anew, and after them the calls of its init
// functions and of main.
func packageSegments(pieces []*piece, defs definitions, live map[string]types.Object) []segment {
	r := &revision{defs: defs, live: live, own: pieces, has: map[string]bool{}, dirty: map[string]bool{}}
	calls := segment{}
	for _, p := range pieces {
		if p.internal {
			calls.pieces = append(calls.pieces, p)
			continue
		}
		for _, k := range p.keys() {
			r.has[k] = true
		}
		for _, n := range p.defines {
			r.dirty[n] = true
		}
		r.pieces = append(r.pieces, p)
	}
	r.addDependants()
	var segs []segment
	if len(r.pieces) > 0 {
		segs = append(segs, segment{decls: true, pieces: r.pieces})
	}
	if len(calls.pieces) > 0 {
		segs = append(segs, calls)
	}
	return segs
}

// initialise adds the variables that a segment of declarations declares, and
// the statements that initialise them in the order that go/types has found.
func (k *checked) initialise(c *lower.Cell) {
	c.Decls = nil
	for _, d := range k.file.Decls {
		gd, ok := d.(*ast.GenDecl)
		if !ok || gd.Tok != token.VAR {
			c.Decls = append(c.Decls, d)
			continue
		}
		for _, spec := range gd.Specs {
			for _, id := range spec.(*ast.ValueSpec).Names {
				if v, ok := k.info.Defs[id].(*types.Var); ok && id.Name != "_" {
					c.Globals = append(c.Globals, v)
				}
			}
		}
	}
	for _, init := range k.info.InitOrder {
		st := &ast.AssignStmt{Tok: token.ASSIGN, TokPos: init.Rhs.Pos(), Rhs: []ast.Expr{init.Rhs}}
		for _, v := range init.Lhs {
			id := &ast.Ident{Name: v.Name(), NamePos: v.Pos()}
			k.info.Uses[id] = v
			st.Lhs = append(st.Lhs, id)
		}
		c.Body = append(c.Body, st)
	}
}

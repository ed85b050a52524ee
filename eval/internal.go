package eval

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/nskernel/nskernel/display"
)

// The session adds statements of its own to cells: they call package nsrt,
// which cells cannot import.

// nsrtPath is the import path of the run time inside the interpreter.
const nsrtPath = "nsrt"

// internals gives go/types the functions of nsrt that the session writes into
// cells, besides all packages that cells can import.
type internals struct {
	types.Importer
	nsrt *types.Package
}

func newInternals(imp types.Importer) *internals {
	i := &internals{Importer: imp, nsrt: types.NewPackage(nsrtPath, nsrtPath)}
	anyType := types.Universe.Lookup("any").Type()
	text := types.Typ[types.String]
	i.add("Next", nil, nil)
	i.add("Rich", []types.Type{text, anyType}, nil)
	i.add("Bundle", []types.Type{anyType, errorType}, nil)
	i.nsrt.MarkComplete()
	return i
}

func (i *internals) add(name string, params, results []types.Type) {
	tuple := func(ts []types.Type) *types.Tuple {
		vars := make([]*types.Var, len(ts))
		for j, t := range ts {
			vars[j] = types.NewParam(token.NoPos, i.nsrt, "", t)
		}
		return types.NewTuple(vars...)
	}
	sig := types.NewSignatureType(nil, nil, nil, tuple(params), tuple(results), false)
	i.nsrt.Scope().Insert(types.NewFunc(token.NoPos, i.nsrt, name, sig))
}

// Import returns the types of a package.
func (i *internals) Import(path string) (*types.Package, error) {
	if path != nsrtPath {
		return i.Importer.Import(path)
	}
	if i.nsrt.Scope().Lookup("Context") == nil {
		pkg, err := i.Importer.Import("context")
		if err != nil {
			return nil, err
		}
		i.add("Context", nil, []types.Type{pkg.Scope().Lookup("Context").Type()})
	}
	return i.nsrt, nil
}

// internalPiece returns a statement of the session's own that stands where
// near does.
func internalPiece(text string, near *piece) *piece {
	return &piece{
		kind: stmtChunk, cell: near.cell, line: near.line, column: near.column, text: text,
		uses: map[string]bool{nsrtPath: true}, internal: true, quiet: true,
	}
}

// contextName is the name of the context that is cancelled when the cell is
// interrupted. It exists from the first cell that uses it.
const contextName = "ctx"

// addContext defines ctx when the cell uses it and nobody has defined it.
func (c *compiler) addContext(pieces []*piece) []*piece {
	if c.live[contextName] != nil || c.imports[contextName] != "" {
		return pieces
	}
	uses := false
	for _, p := range pieces {
		for _, n := range p.defines {
			if n == contextName && !p.uses[contextName] {
				return pieces
			}
		}
		uses = uses || p.uses[contextName]
	}
	if !uses {
		return pieces
	}
	p := internalPiece(contextName+" := nsrt.Context()", pieces[0])
	p.defines = []string{contextName}
	return append([]*piece{p}, pieces...)
}

// shownName is the variable that holds the value of the last expression while
// its methods are asked how it looks.
// shownErr receives the error of a call that returns one with it.
const (
	shownName = "nsshown"
	shownErr  = "nserr"
)

// richMethods are the methods by which a value of a session's type says how it
// looks, with the statement that asks each.
var richMethods = []struct{ name, signature, ask string }{
	{"Display", "func() (" + displayPath + ".Bundle, error)", "nsrt.Bundle(%s.Display())"},
	{"HTML", "func() string", "nsrt.Rich(%q, %s.HTML())"},
	{"SVG", "func() string", "nsrt.Rich(%q, %s.SVG())"},
	{"PNG", "func() []byte", "nsrt.Rich(%q, %s.PNG())"},
	{"Markdown", "func() string", "nsrt.Rich(%q, %s.Markdown())"},
	{"LaTeX", "func() string", "nsrt.Rich(%q, %s.LaTeX())"},
}

var richTypes = map[string]string{
	"HTML": display.MIMEHTML, "SVG": display.MIMESVG, "PNG": display.MIMEPNG,
	"Markdown": display.MIMEMarkdown, "LaTeX": display.MIMELaTeX,
}

// asksRich returns the statements that ask a value of type t how it looks: its
// methods are interpreted, so that compiled code does not see them.
func (c *compiler) asksRich(t types.Type) []string {
	named := namedOf(t)
	if named == nil || named.Obj().Pkg() != c.s.pkg {
		return nil
	}
	full := types.NewMethodSet(types.NewPointer(named))
	var asks []string
	for _, m := range richMethods {
		sel := full.Lookup(c.s.pkg, m.name)
		if sel == nil || types.TypeString(sel.Type(), nil) != m.signature {
			continue
		}
		if m.name == "Display" {
			asks = append(asks, fmt.Sprintf(m.ask, shownName))
			break
		}
		asks = append(asks, fmt.Sprintf(m.ask, richTypes[m.name], shownName))
	}
	if _, ok := t.Underlying().(*types.Pointer); ok && len(asks) > 0 {
		asks = []string{fmt.Sprintf("if %s != nil { %s }", shownName, strings.Join(asks, "; "))}
	}
	return asks
}

// askLast rewrites a segment whose last expression has a value that says how
// it looks: the value goes into a variable whose methods are called.
func askLast(seg segment, asks []string, withErr bool) segment {
	last := seg.pieces[len(seg.pieces)-1]
	left := shownName
	if withErr {
		left += ", " + shownErr
	}
	store := internalPiece(left+" :=\n"+last.directive()+last.text, last)
	store.defines = []string{shownName, shownErr}
	for n := range last.uses {
		store.uses[n] = true
	}
	show := internalPiece(shownName, last)
	show.quiet = false
	pieces := append(seg.pieces[:len(seg.pieces)-1:len(seg.pieces)-1], store)
	for _, a := range asks {
		pieces = append(pieces, internalPiece(a, last))
	}
	return segment{pieces: append(pieces, show)}
}

// deferring tells whether a statement at the top level is a defer.
func (k *checked) deferring() bool {
	for _, st := range k.body {
		if _, ok := st.(*ast.DeferStmt); ok {
			return true
		}
	}
	return false
}

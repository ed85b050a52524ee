package eval

import (
	"fmt"
	"go/scanner"
	"go/token"
)

// A chunk is a piece of a cell that stands on its own at the top level: a
// declaration or a statement.
type chunk struct {
	kind       chunkKind
	start, end int // byte offsets in the cell, without a closing semicolon
	line       int // of start, from 1
}

type chunkKind int

const (
	stmtChunk    chunkKind = iota // a statement, var declarations included
	packageChunk                  // package main
	importChunk
	typeChunk
	constChunk
	funcChunk // a function or method with a name
)

// isDecl tells whether chunks of kind k may be moved before statements.
func (k chunkKind) isDecl() bool { return k == typeChunk || k == constChunk || k == funcChunk }

// split cuts a cell at the semicolons, written or implied, that stand outside
// of all brackets. Comments between chunks belong to none. The scanner's
// errors (a string that does not end, a stray character) are returned; the
// chunks then still cover the text.
//
// A cell is no Go file, so the parser cannot cut it. Knowing brackets is
// enough except in the headers of for, if and switch, whose semicolons
// separate clauses.
func split(src string) ([]chunk, scanner.ErrorList) {
	c, errs := cutCell(src)
	return c.chunks, errs
}

// cutCell is split for those who also want to know the brackets that have no
// partner.
func cutCell(src string) (*cutter, scanner.ErrorList) {
	var errs scanner.ErrorList
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	var sc scanner.Scanner
	sc.Init(file, []byte(src), func(pos token.Position, msg string) { errs.Add(pos, msg) }, 0)
	c := &cutter{file: file}
	for {
		pos, tok, _ := sc.Scan()
		if tok == token.EOF {
			c.flush(len(src))
			return c, errs
		}
		c.token(file.Offset(pos), tok)
	}
}

// cutter collects the tokens of one chunk after the other.
type cutter struct {
	file   *token.File
	lonely scanner.ErrorList // brackets that have no partner
	open   []bracket
	chunks []chunk
	toks   []token.Token // of the open chunk
	start  int           // offset of the first of them
	header bool          // inside the header of for, if, switch or select
	lits   int           // function literals in the header whose body is to come
}

// bracket is an opening bracket whose partner is to come.
type bracket struct {
	off int
	tok token.Token
}

func (c *cutter) token(off int, tok token.Token) {
	depth := len(c.open)
	switch tok {
	case token.FOR, token.IF, token.SWITCH, token.SELECT:
		if depth == 0 {
			c.header = true
		}
	case token.FUNC:
		if depth == 0 && c.header {
			c.lits++
		}
	case token.LBRACE:
		if depth == 0 && c.header {
			if c.lits > 0 {
				c.lits--
			} else {
				c.header = false
			}
		}
		c.open = append(c.open, bracket{off, tok})
	case token.LPAREN, token.LBRACK:
		c.open = append(c.open, bracket{off, tok})
	case token.RPAREN, token.RBRACK, token.RBRACE:
		c.closing(off, tok)
	case token.SEMICOLON:
		if depth == 0 && !c.header {
			c.flush(off)
			return
		}
	}
	if len(c.toks) == 0 {
		c.start = off
	}
	c.toks = append(c.toks, tok)
}

// closing takes the partner of the innermost bracket.
func (c *cutter) closing(off int, tok token.Token) {
	n := len(c.open)
	if n == 0 {
		c.errorAt(off, fmt.Sprintf("unexpected %q: no bracket is open", tok))
		return
	}
	// A partner of another kind is left to the parser, which says what it
	// expected.
	c.open = c.open[:n-1]
}

func (c *cutter) errorAt(off int, msg string) {
	c.lonely.Add(c.file.Position(c.file.Pos(off)), msg)
}

// flush closes the open chunk at end. Brackets that are open there never had a
// partner; the innermost is reported.
func (c *cutter) flush(end int) {
	if n := len(c.open); n > 0 {
		c.errorAt(c.open[n-1].off, fmt.Sprintf("%q is never closed", c.open[n-1].tok))
	}
	c.open, c.header, c.lits = nil, false, 0
	if len(c.toks) == 0 {
		return
	}
	pos := c.file.Position(c.file.Pos(c.start))
	c.chunks = append(c.chunks, chunk{kind: kindOf(c.toks), start: c.start, end: end, line: pos.Line})
	c.toks = c.toks[:0]
}

// kindOf classifies a chunk by its first tokens.
func kindOf(toks []token.Token) chunkKind {
	switch toks[0] {
	case token.PACKAGE:
		return packageChunk
	case token.IMPORT:
		return importChunk
	case token.TYPE:
		return typeChunk
	case token.CONST:
		return constChunk
	case token.FUNC:
		if declaresFunc(toks) {
			return funcChunk
		}
	}
	return stmtChunk
}

// declaresFunc tells a declaration, func f(…) or func (r T) m(…), from a
// function literal, func(…) {…}, which may be called on the spot. A literal
// whose result types begin with a name, func(…) (T), never has a name and a
// parenthesis after its parameters.
func declaresFunc(toks []token.Token) bool {
	if len(toks) < 2 {
		return false
	}
	if toks[1] == token.IDENT {
		return true
	}
	if toks[1] != token.LPAREN {
		return false
	}
	depth := 0
	for i, t := range toks[1:] {
		switch t {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
		}
		if depth == 0 {
			rest := toks[1+i+1:]
			return len(rest) >= 2 && rest[0] == token.IDENT && (rest[1] == token.LPAREN || rest[1] == token.LBRACK)
		}
	}
	return false
}

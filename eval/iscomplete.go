package eval

import (
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"

	"github.com/nskernel/nskernel/kernel"
)

// IsComplete tells whether code can be run as it is. It is incomplete when
// text that follows can make it valid, and then indent is what the next line
// begins with: a tab for every open bracket.
func (s *Session) IsComplete(code string) (status kernel.Completeness, indent string) {
	if openCell(code) {
		return kernel.Incomplete, ""
	}
	code = statementsOf(code)
	tokens, err := tokensOf(code)
	switch {
	case err == unterminated:
		return kernel.Incomplete, "" // inside a raw string or a comment
	case err != nil:
		return kernel.Invalid, ""
	case len(tokens) == 0:
		return kernel.Complete, ""
	}
	stack, balanced := brackets(tokens)
	if !balanced {
		return kernel.Invalid, ""
	}
	last := tokens[len(tokens)-1]
	end := last.off + len(last.lit)
	indent = strings.Repeat("\t", len(stack))
	switch {
	case len(stack) > 0:
		if parses(code+"\n"+closing(stack)) || parses(code[:end]+closing(stack)) || failsAtEnd(code, tokens) {
			return kernel.Incomplete, indent
		}
	case parses(code):
		return kernel.Complete, ""
	case failsAtEnd(code, tokens):
		return kernel.Incomplete, indent
	}
	return kernel.Invalid, ""
}

// scanError is why the tokens of a text cannot be read.
type scanError string

func (e scanError) Error() string { return string(e) }

const (
	unterminated scanError = "a raw string or comment does not end"
	malformed    scanError = "not a sequence of tokens"
)

// tokensOf returns the tokens of code without comments and implied semicolons.
func tokensOf(code string) ([]lexeme, error) {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(code))
	var failed error
	var sc scanner.Scanner
	sc.Init(file, []byte(code), func(pos token.Position, msg string) {
		switch {
		case strings.HasPrefix(msg, "raw string literal not terminated"), strings.HasPrefix(msg, "comment not terminated"):
			failed = unterminated
		case failed == nil:
			failed = malformed
		}
	}, 0)
	var l []lexeme
	for {
		pos, tok, lit := sc.Scan()
		switch {
		case tok == token.EOF:
			return l, failed
		case tok == token.SEMICOLON && lit == "\n":
			continue
		case lit == "":
			lit = tok.String()
		}
		l = append(l, lexeme{tok, lit, file.Offset(pos)})
	}
}

// brackets returns the open brackets; balanced is false when one is closed
// that is not open.
func brackets(tokens []lexeme) (stack []byte, balanced bool) {
	closes := map[token.Token]byte{token.RPAREN: '(', token.RBRACK: '[', token.RBRACE: '{'}
	for _, t := range tokens {
		switch t.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			stack = append(stack, t.lit[0])
		case token.RPAREN, token.RBRACK, token.RBRACE:
			n := len(stack) - 1
			if n < 0 || stack[n] != closes[t.tok] {
				return nil, false
			}
			stack = stack[:n]
		}
	}
	return stack, true
}

// parses tells whether code is a valid cell as far as syntax goes.
func parses(code string) bool {
	return syntaxError(code) < 0
}

// syntaxError returns the offset of the first error of syntax in code, -1 if
// there is none.
func syntaxError(code string) int {
	chunks, errs := split(code)
	if len(errs) > 0 {
		return errs[0].Pos.Offset
	}
	for _, c := range chunks {
		text, before := code[c.start:c.end], "package main\n"
		switch c.kind {
		case packageChunk:
			before = ""
		case stmtChunk:
			before = "package main; func _() {\n"
			text += "\n}"
		}
		_, err := parser.ParseFile(token.NewFileSet(), "", before+text, parser.SkipObjectResolution)
		if list, ok := err.(scanner.ErrorList); ok {
			return min(c.start+max(list[0].Pos.Offset-len(before), 0), c.end)
		}
	}
	return -1
}

// failsAtEnd tells whether the only fault of code is that something has to
// follow its last token: an operand, an operator, a block.
func failsAtEnd(code string, tokens []lexeme) bool {
	last := tokens[len(tokens)-1]
	switch last.tok {
	case token.IDENT, token.INT, token.FLOAT, token.IMAG, token.CHAR, token.STRING,
		token.BREAK, token.CONTINUE, token.FALLTHROUGH, token.RETURN,
		token.INC, token.DEC, token.RPAREN, token.RBRACK, token.RBRACE:
		return false // a line end here ends the statement
	}
	if syntaxError(code) >= last.off+len(last.lit) {
		return true
	}
	// The parser finds a list of operands at fault, not what is missing.
	stack, _ := brackets(tokens)
	return last.tok == token.COMMA && parses(code+"_ = 0"+closing(stack))
}

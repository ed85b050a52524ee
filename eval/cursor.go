package eval

import (
	"go/scanner"
	"go/token"
	"unicode"
	"unicode/utf8"
)

// A cursor is what stands at an offset of a cell, as far as the tokens tell.
type cursor struct {
	code       string
	offset     int
	start, end int       // of the name around offset; of the literal or comment for those
	place      placeKind // of offset
	before     []lexeme  // tokens that end before start
	closed     bool      // of a string: the closing quote is there
}

type placeKind int

const (
	inCode placeKind = iota
	inString
	inComment
	inNumber // also rune literals: nothing to complete
)

// A lexeme is a token with its offset.
type lexeme struct {
	tok token.Token
	lit string
	off int
}

// locate reads the tokens of code. The offset is brought inside the text.
func locate(code string, offset int) *cursor {
	offset = min(max(offset, 0), len(code))
	for offset > 0 && offset < len(code) && !utf8.RuneStart(code[offset]) {
		offset--
	}
	c := &cursor{code: code, offset: offset}
	c.start, c.end = nameAround(code, offset)
	for _, l := range lexemes(code) {
		end := l.off + len(l.lit)
		switch l.tok {
		case token.COMMENT:
			if l.off+2 <= offset && (offset < end || offset == end && openComment(l.lit)) {
				c.place, c.start, c.end = inComment, l.off, end
				return c
			}
			continue
		case token.STRING:
			c.closed = len(l.lit) > 1 && l.lit[len(l.lit)-1] == l.lit[0]
			if l.off < offset && (offset < end || offset == end && !c.closed) {
				c.place, c.start, c.end = inString, l.off, end
				return c
			}
		case token.INT, token.FLOAT, token.IMAG, token.CHAR:
			if l.off < offset && offset <= end {
				c.place = inNumber
				return c
			}
		}
		if end > c.start {
			break
		}
		c.before = append(c.before, l)
	}
	return c
}

// prefix is the part of the name before the cursor.
func (c *cursor) prefix() string { return c.code[c.start:c.offset] }

// previous returns the i-th token before the name, counted from 0 backwards.
func (c *cursor) previous(i int) token.Token {
	if i >= len(c.before) {
		return token.EOF
	}
	return c.before[len(c.before)-1-i].tok
}

// openComment tells whether a comment goes on at its end: a line comment does
// until the line ends, a general one until it is closed.
func openComment(lit string) bool {
	return lit[1] == '/' || len(lit) < 4 || lit[len(lit)-2:] != "*/"
}

// nameAround returns the bounds of the identifier around offset, empty if
// there is none.
func nameAround(code string, offset int) (start, end int) {
	start, end = offset, offset
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(code[:start])
		if !isNameRune(r) {
			break
		}
		start -= n
	}
	for end < len(code) {
		r, n := utf8.DecodeRuneInString(code[end:])
		if !isNameRune(r) {
			break
		}
		end += n
	}
	return start, end
}

func isNameRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// lexemes returns the tokens of code with comments; errors are passed over.
// Semicolons that a line end stands for have the literal "\n" and no length.
func lexemes(code string) []lexeme {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(code))
	var sc scanner.Scanner
	sc.Init(file, []byte(code), nil, scanner.ScanComments)
	var l []lexeme
	for {
		pos, tok, lit := sc.Scan()
		if tok == token.EOF {
			return l
		}
		if lit == "" {
			lit = tok.String()
		}
		l = append(l, lexeme{tok, lit, file.Offset(pos)})
	}
}

// open returns what is not closed at the end of tokens: '(', '[', '{', and 'h'
// for the header of a statement whose block has not begun.
func open(tokens []lexeme) []byte {
	var stack []byte
	top := func() byte {
		if len(stack) == 0 {
			return 0
		}
		return stack[len(stack)-1]
	}
	pop := func(opening byte) {
		for len(stack) > 0 {
			last := top()
			stack = stack[:len(stack)-1]
			if last == opening {
				return
			}
		}
	}
	for _, l := range tokens {
		switch l.tok {
		case token.FOR, token.IF, token.SWITCH, token.SELECT:
			stack = append(stack, 'h')
		case token.LBRACE:
			if top() == 'h' {
				stack = stack[:len(stack)-1]
			}
			stack = append(stack, '{')
		case token.LPAREN:
			stack = append(stack, '(')
		case token.LBRACK:
			stack = append(stack, '[')
		case token.RBRACE:
			pop('{')
		case token.RPAREN:
			pop('(')
		case token.RBRACK:
			pop('[')
		case token.SEMICOLON:
			if top() == 'h' && l.lit == "\n" {
				stack = stack[:len(stack)-1]
			}
		}
	}
	return stack
}

// closing returns the text that closes what is open.
func closing(stack []byte) string {
	var b []byte
	for i := len(stack) - 1; i >= 0; i-- {
		switch stack[i] {
		case '(':
			b = append(b, ')')
		case '[':
			b = append(b, ']')
		case '{':
			b = append(b, '}')
		case 'h':
			b = append(b, " {}"...)
		}
	}
	return string(b)
}

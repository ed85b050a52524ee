package eval

import (
	"go/scanner"
	"go/token"
	"regexp"
	"strings"
)

// Magic lines are cut out of a cell before it is read as Go. Go has no
// statement that begins with % or !, and none that ends in ?, so a line is a
// magic when the text before it ends in a complete statement outside of all
// brackets: then Go could not go on with it. Elsewhere (in a raw string, a
// comment, behind an operator) it is left to Go.

// A part is a piece of a cell that runs by itself: Go, or one magic.
type part struct {
	kind       partKind
	start, end int // byte offsets in the cell
	name       string
	at         int // offset of % or !, or of the name that help is wanted for
	args, body span
	detail     int // of help: 0 for name?, 1 for name??
}

type partKind int

const (
	goPart partKind = iota
	linePart
	cellPart
	helpPart
)

// span is a range of bytes of a cell.
type span struct{ start, end int }

func (p span) of(src string) string { return src[p.start:p.end] }

var (
	lineMagic = regexp.MustCompile(`^[ \t]*%(\pL[\pL\pN_]*)(?:[ \t]+(.*?))?[ \t\r]*$`)
	cellMagic = regexp.MustCompile(`^[ \t]*%%(\pL[\pL\pN_]*)(?:[ \t]+(.*?))?[ \t\r]*$`)
	shellLine = regexp.MustCompile(`^[ \t]*!(.*?)[ \t\r]*$`)
	helpLine  = regexp.MustCompile(`^[ \t]*(%{0,2}\pL[\pL\pN_]*(?:\.[\pL_][\pL\pN_]*)*|_[\pL\pN_]*)[ \t]*(\?{1,2})[ \t\r]*$`)
)

// shellMagic is the magic that !command stands for.
const shellMagic = "sh"

// cutMagics cuts a cell into parts; nil if it is all Go. Magics that stand
// where none can are reported.
func cutMagics(name, src string) ([]part, error) {
	if !strings.ContainsAny(src, "%!?") {
		return nil, nil
	}
	if p, ok := wholeCell(src); ok {
		return []part{p}, nil
	}
	var parts []part
	var errs diagnostics
	begin := 0 // of the Go that was read last
	for start, next := 0, 0; start < len(src); start = next {
		end := len(src)
		if i := strings.IndexByte(src[start:], '\n'); i >= 0 {
			end = start + i
		}
		next = min(end+1, len(src))
		p, isMagic := readMagic(src, start, end)
		if !isMagic {
			continue
		}
		switch stateOf(src[begin:start]) {
		case atStatement:
			parts = appendGo(parts, src, begin, start)
			parts = append(parts, p)
			begin = next
		case inBlock:
			if p.kind != helpPart {
				errs.list = append(errs.list, diagnostic{
					pos: positionIn(name, src, p.at), msg: "a magic stands outside of every block",
					fix: "write it on a line of its own at the top level of the cell",
				})
			}
		}
	}
	if err := errs.err(&cellText{name: name, src: src}); err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return appendGo(parts, src, begin, len(src)), nil
}

// wholeCell reads %%name on the first line that is not blank.
func wholeCell(src string) (part, bool) {
	start := len(src) - len(strings.TrimLeft(src, " \t\r\n"))
	start = strings.LastIndexByte(src[:start], '\n') + 1
	end := len(src)
	if i := strings.IndexByte(src[start:], '\n'); i >= 0 {
		end = start + i
	}
	m := cellMagic.FindStringSubmatchIndex(src[start:end])
	if m == nil {
		return part{}, false
	}
	p := part{kind: cellPart, start: 0, end: len(src), name: src[start+m[2] : start+m[3]], at: start + m[2] - 2}
	p.args = argSpan(m, start, end)
	p.body = span{min(end+1, len(src)), len(src)}
	return p, true
}

// argSpan is the range of the last group of m, empty at end if it did not
// match.
func argSpan(m []int, start, end int) span {
	if n := len(m); m[n-2] >= 0 {
		return span{start + m[n-2], start + m[n-1]}
	}
	return span{end, end}
}

// readMagic reads the line src[start:end].
func readMagic(src string, start, end int) (part, bool) {
	line := src[start:end]
	p := part{start: start, end: min(end+1, len(src))}
	if m := helpLine.FindStringSubmatchIndex(line); m != nil {
		p.kind, p.at = helpPart, start+m[2]
		p.name, p.detail = line[m[2]:m[3]], m[5]-m[4]-1
		return p, true
	}
	if m := lineMagic.FindStringSubmatchIndex(line); m != nil {
		p.kind, p.at = linePart, start+m[2]-1
		p.name, p.args = line[m[2]:m[3]], argSpan(m, start, end)
		return p, true
	}
	if m := shellLine.FindStringSubmatchIndex(line); m != nil && m[2] < m[3] {
		p.kind, p.at = linePart, start+m[2]-1
		p.name, p.args = shellMagic, argSpan(m, start, end)
		return p, true
	}
	if m := cellMagic.FindStringSubmatchIndex(line); m != nil {
		p.kind, p.at, p.name = cellPart, start+m[2]-2, line[m[2]:m[3]]
		p.args = argSpan(m, start, end)
		p.body = span{p.end, p.end}
		return p, true
	}
	return part{}, false
}

// appendGo adds src[start:end] if there is anything in it.
func appendGo(parts []part, src string, start, end int) []part {
	if strings.TrimSpace(src[start:end]) == "" {
		return parts
	}
	return append(parts, part{kind: goPart, start: start, end: end})
}

// textState says what can follow a text, which ends in a line end.
type textState int

const (
	atStatement textState = iota // a statement at the top level
	inBlock                      // a statement inside of braces
	inGo                         // the rest of a statement, a string or a comment
)

// stateOf reads the tokens of text.
func stateOf(text string) textState {
	open := false // a raw string or a comment does not end
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	var sc scanner.Scanner
	sc.Init(file, []byte(text), func(_ token.Position, msg string) {
		if strings.HasPrefix(msg, "raw string literal not terminated") || strings.HasPrefix(msg, "comment not terminated") {
			open = true
		}
	}, 0)
	c := &cutter{file: file}
	last := token.SEMICOLON
	for {
		pos, tok, _ := sc.Scan()
		if tok == token.EOF {
			break
		}
		c.token(file.Offset(pos), tok)
		last = tok
	}
	switch {
	case open:
		return inGo
	case len(c.open) == 0 && len(c.toks) == 0:
		return atStatement
	case len(c.open) == 0 || last != token.SEMICOLON:
		return inGo
	}
	for _, b := range c.open {
		if b.tok != token.LBRACE {
			return inGo
		}
	}
	return inBlock
}

// keep returns src with everything outside of the ranges as blanks: what is
// left stands where it stood.
func keep(src string, ranges ...span) string {
	b := []byte(src)
	in := func(i int) bool {
		for _, r := range ranges {
			if r.start <= i && i < r.end {
				return true
			}
		}
		return false
	}
	for i, c := range b {
		if c != '\n' && !in(i) {
			b[i] = ' '
		}
	}
	return string(b)
}

// positionIn is the position of a byte offset of a cell.
func positionIn(name, src string, off int) token.Position {
	before := src[:off]
	return token.Position{
		Filename: name, Offset: off,
		Line: 1 + strings.Count(before, "\n"), Column: off - strings.LastIndexByte(before, '\n'),
	}
}

package lower

import (
	"fmt"
	"go/token"
	"strconv"
	"strings"
)

// mark opens a marker of the source line that the following text belongs to.
// Markers are turned into //line directives at the end, when it is known which
// of them are needed.
const mark = "\x02"

// at notes that the text that follows comes from pos.
func (u *unit) at(pos token.Pos) {
	if !pos.IsValid() {
		return
	}
	u.pos = pos
	u.p("%s%s:%d%s", mark, u.src.Name, u.src.Fset.Position(pos).Line, mark)
}

// render replaces markers. Every line of the result has the position of the
// last marker before its end; lines with the same position are joined.
func (u *unit) render(text string) string {
	r := renderer{file: u.cell.Name, line: 1}
	r.out.Grow(len(text) + len(text)/4)
	fmt.Fprintf(&r.out, "//line %s:1\n", u.cell.Name)
	for l := range strings.SplitSeq(text, "\n") {
		r.add(l)
	}
	r.out.WriteByte('\n')
	return r.out.String()
}

type renderer struct {
	out  strings.Builder
	file string // position of the line being written
	line int
	last byte // what was written last, 0 at the beginning
}

// add writes a line of text with markers.
func (r *renderer) add(l string) {
	file, line := r.file, r.line
	clean := l
	if strings.Contains(l, mark) {
		parts := strings.Split(l, mark)
		clean = parts[0]
		for i := 1; i+1 < len(parts); i += 2 {
			k := strings.LastIndexByte(parts[i], ':')
			file = parts[i][:k]
			line, _ = strconv.Atoi(parts[i][k+1:])
			clean += parts[i+1]
		}
	}
	if clean == "" {
		if r.last == 0 || file != r.file || line != r.line {
			r.newLine(file, line)
		}
		return
	}
	switch {
	case file != r.file || line != r.line:
		r.newLine(file, line)
	case r.last == 0:
	case r.last == '{' || r.last == ':':
		r.out.WriteByte(' ')
	default:
		r.out.WriteString("; ")
	}
	r.out.WriteString(clean)
	r.last = clean[len(clean)-1]
}

// newLine begins a line with the given position.
func (r *renderer) newLine(file string, line int) {
	if r.last != 0 {
		r.out.WriteByte('\n')
		r.line++
	}
	if file != r.file || line != r.line {
		fmt.Fprintf(&r.out, "//line %s:%d\n", file, line)
	}
	r.file, r.line, r.last = file, line, 0
}

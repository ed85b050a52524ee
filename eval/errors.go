package eval

import (
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
	"sort"
	"strings"

	"github.com/nskernel/nskernel/kernel"
)

// maxDiagnostics is how many errors of one cell are reported.
const maxDiagnostics = 10

// A diagnostic is an error in the text of a cell.
type diagnostic struct {
	pos token.Position // the file name is that of the cell
	msg string
	fix string // what to write instead, "" if nothing is known
}

// diagnostics collects the errors of a cell.
type diagnostics struct{ list []diagnostic }

func (d *diagnostics) add(pos token.Position, msg string) {
	d.list = append(d.list, diagnostic{pos: pos, msg: msg})
}

// addSyntax adds what the parser said about a piece of cell name. Positions
// behind the end of the text, where the parser met the end of the wrapping
// function, are moved to the end.
func (d *diagnostics) addSyntax(err error, name, src string) {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		d.add(token.Position{Filename: name, Line: 1, Column: 1}, err.Error())
		return
	}
	lines := strings.Split(strings.TrimRight(src, "\n"), "\n")
	for _, e := range list {
		msg := e.Msg
		if e.Pos.Line > len(lines) {
			e.Pos.Line, e.Pos.Column = len(lines), len(lines[len(lines)-1])+1
			if i := strings.Index(msg, ", found "); i >= 0 {
				msg = msg[:i] + ", found end of cell"
			}
		}
		msg = strings.ReplaceAll(msg, "found 'EOF'", "found end of cell")
		d.add(token.Position{Filename: name, Line: e.Pos.Line, Column: e.Pos.Column}, msg)
		if msg == "expected 1 expression" {
			text := strings.TrimSpace(lines[min(e.Pos.Line, len(lines))-1])
			d.list[len(d.list)-1].fix = "to print several values write fmt.Println(" + text + ")"
		}
	}
}

// err returns the collected errors in order of the text, nil if there are
// none.
func (d *diagnostics) err(c *cellText) error {
	if len(d.list) == 0 {
		return nil
	}
	sort.SliceStable(d.list, func(i, j int) bool {
		a, b := d.list[i].pos, d.list[j].pos
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	return &compileError{cell: c, list: d.list}
}

// A compileError is why a cell was not run: it has changed nothing.
type compileError struct {
	cell *cellText
	list []diagnostic
}

// Error is the first error with its position and fix.
func (e *compileError) Error() string {
	first, _, _ := strings.Cut(e.list[0].msg, "\n")
	if fix := e.list[0].fix; fix != "" {
		first += "; " + fix
	}
	return fmt.Sprintf("%s: %s", e.list[0].pos, first)
}

const (
	ansiRed   = "\x1b[31m"
	ansiBold  = "\x1b[1m"
	ansiCyan  = "\x1b[36m"
	ansiReset = "\x1b[0m"
)

// cellError renders e for a front end.
func (e *compileError) cellError() *kernel.CellError {
	var lines []string
	for i, d := range e.list {
		if i == maxDiagnostics {
			lines = append(lines, fmt.Sprintf("… and %d more errors", len(e.list)-i))
			break
		}
		lines = append(lines, fmt.Sprintf("%s%s%s: %s%s%s", ansiCyan, d.pos, ansiReset, ansiRed, d.msg, ansiReset))
		if d.pos.Filename == e.cell.name {
			lines = append(lines, caretLines(e.cell.src, d.pos)...)
		}
		if d.fix != "" {
			lines = append(lines, ansiBold+"fix: "+ansiReset+d.fix)
		}
	}
	return &kernel.CellError{Name: "compile error", Value: e.Error(), Traceback: lines}
}

// caretLines quotes the line of src at pos and points to its column. Tabs are
// kept so that the caret stands below its character.
func caretLines(src string, pos token.Position) []string {
	lines := strings.Split(src, "\n")
	if pos.Line < 1 || pos.Line > len(lines) {
		return nil
	}
	text := strings.TrimRight(lines[pos.Line-1], "\r")
	before := text[:min(max(pos.Column-1, 0), len(text))]
	pad := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, before)
	return []string{"    " + text, "    " + pad + ansiRed + "^" + ansiReset}
}

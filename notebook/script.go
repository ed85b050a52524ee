package notebook

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
)

// cellMark begins a line that separates the cells of a .go file.
const cellMark = "// %%"

// ReadScript reads a .go file as a notebook: a complete program (package main
// with func main) is one cell; otherwise every line "// %%" begins a cell, and
// "// %% [markdown]" one whose lines are comments.
func ReadScript(name string) (*Notebook, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return ParseScript(string(b)), nil
}

// ParseScript is ReadScript for a text that is already in memory.
func ParseScript(src string) *Notebook {
	nb := &Notebook{Minor: 5, Metadata: map[string]any{}}
	if isProgram(src) {
		nb.add(Code, src)
		return nb
	}
	typ, lines := Code, []string{}
	flush := func() {
		text := strings.Trim(strings.Join(lines, "\n"), "\n")
		lines = lines[:0]
		if text != "" {
			nb.add(typ, text)
		}
	}
	for _, line := range strings.Split(strings.ReplaceAll(src, "\r\n", "\n"), "\n") {
		if mark, ok := strings.CutPrefix(line, cellMark); ok {
			flush()
			typ = Code
			if strings.Contains(mark, "[markdown]") {
				typ = Markdown
			}
			continue
		}
		if typ == Markdown {
			line = strings.TrimPrefix(strings.TrimPrefix(line, "//"), " ")
		}
		lines = append(lines, line)
	}
	flush()
	return nb
}

func (nb *Notebook) add(typ, source string) {
	nb.Cells = append(nb.Cells, &Cell{
		Type: typ, ID: fmt.Sprintf("cell-%d", len(nb.Cells)+1), Source: source, Metadata: map[string]any{},
	})
}

// isProgram tells whether src is a file of package main with a func main: it
// is to run as a whole, whatever comments it has. A file that does not parse
// counts as one unless it is split into cells: its error is shown when it runs.
func isProgram(src string) bool {
	f, err := parser.ParseFile(token.NewFileSet(), "", src, parser.SkipObjectResolution)
	if f == nil || f.Name == nil || f.Name.Name != "main" {
		return false
	}
	if err != nil {
		return !strings.Contains("\n"+src, "\n"+cellMark)
	}
	for _, d := range f.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok && fd.Recv == nil && fd.Name.Name == "main" {
			return true
		}
	}
	return false
}

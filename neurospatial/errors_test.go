package neurospatial

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestErrorCodesDocumented checks that docs/errors.md has one section for every code constant of the
// package, no section without one, and that every constant is used.
func TestErrorCodesDocumented(t *testing.T) {
	codes, used := errorCodes(t)
	text, err := os.ReadFile(filepath.Join("..", "docs", "errors.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range checkSections(string(text), codes) {
		t.Error(fault)
	}
	for name := range codes {
		if !used[name] {
			t.Errorf("constant %s is not used", name)
		}
	}
}

// TestErrorSectionsCheck feeds the check pages that it must refuse.
func TestErrorSectionsCheck(t *testing.T) {
	codes := map[string]string{"codeA": "E1001", "codeB": "E2001"}
	for name, page := range map[string]string{
		"missing":   "## E1001\n\ntext\n",
		"unknown":   "## E1001\n\ntext\n\n## E2001\n\ntext\n\n## E2002\n\ntext\n",
		"empty":     "## E1001\n\n## E2001\n\ntext\n",
		"twice":     "## E1001\n\ntext\n\n## E2001\n\ntext\n\n## E1001\n\ntext\n",
		"unordered": "## E2001\n\ntext\n\n## E1001\n\ntext\n",
	} {
		if checkSections(page, codes) == nil {
			t.Errorf("page with a fault (%s) was accepted", name)
		}
	}
	if faults := checkSections("## E1001\n\ntext\n\n## E2001\n\ntext\n", codes); faults != nil {
		t.Errorf("good page was refused: %v", faults)
	}
}

func checkSections(page string, codes map[string]string) []string {
	var faults, order []string
	text := map[string]string{}
	for _, section := range strings.Split("\n"+page, "\n## ")[1:] {
		title, body, _ := strings.Cut(section, "\n")
		title = strings.TrimSpace(title)
		if _, ok := text[title]; ok {
			faults = append(faults, "section "+title+" stands twice")
		}
		text[title] = strings.TrimSpace(body)
		order = append(order, title)
	}
	if !slices.IsSorted(order) {
		faults = append(faults, "sections are not in order")
	}
	for name, code := range codes {
		if text[code] == "" {
			faults = append(faults, name+" = "+code+" has no section or an empty one")
		}
		delete(text, code)
	}
	for title := range text {
		faults = append(faults, "section "+title+" is of no code")
	}
	return faults
}

// errorCodes returns the code constants of the package by name and which of them its files use. It fails
// the test on an Error whose Code is written out.
func errorCodes(t *testing.T) (codes map[string]string, used map[string]bool) {
	t.Helper()
	codes, used = map[string]string{}, map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	isCode := regexp.MustCompile(`^"E\d{4}"$`)
	fset := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		declared := map[*ast.Ident]bool{}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, id := range n.Names {
					if lit, ok := valueAt(n, i); ok && isCode.MatchString(lit) {
						codes[id.Name], _ = strconv.Unquote(lit)
						declared[id] = true
					}
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Code" {
					if lit, ok := n.Value.(*ast.BasicLit); ok {
						t.Errorf("%s: code %s is written out; use a constant", fset.Position(n.Pos()), lit.Value)
					}
				}
			case *ast.Ident:
				if strings.HasPrefix(n.Name, "code") && !declared[n] {
					used[n.Name] = true
				}
			}
			return true
		})
	}
	if len(codes) < 5 {
		t.Fatalf("found only the codes %v", codes)
	}
	return codes, used
}

func valueAt(spec *ast.ValueSpec, i int) (string, bool) {
	if i >= len(spec.Values) {
		return "", false
	}
	lit, ok := spec.Values[i].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	return lit.Value, true
}

func TestErrorText(t *testing.T) {
	e := &Error{Op: "Environment.Smooth", Arg: "field", What: "has 400 values, environment has 396 bins", Kind: ErrShape, Code: "E2001",
		Why: "it belongs to another environment", Fix: "recompute it"}
	if got, want := e.Error(), "neurospatial: Environment.Smooth: field has 400 values, environment has 396 bins [E2001]"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
	if got, want := e.Hint(), "it belongs to another environment; recompute it"; got != want {
		t.Errorf("Hint() = %q, want %q", got, want)
	}
	if !errors.Is(e, ErrShape) || errors.Is(e, ErrInvalid) {
		t.Error("errors.Is does not tell the kind")
	}
	for want, e := range map[string]*Error{"why": {Why: "why"}, "fix": {Fix: "fix"}, "": {}} {
		if got := e.Hint(); got != want {
			t.Errorf("Hint() = %q, want %q", got, want)
		}
	}
	if got, want := (&Error{Op: "F", What: "what"}).Error(), "neurospatial: F: what"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}

func TestOneOption(t *testing.T) {
	if o, err := oneOption[MapOptions]("F", nil); err != nil || o != (MapOptions{}) {
		t.Errorf("no option: %v, %v", o, err)
	}
	if o, err := oneOption("F", []MapOptions{{MaxDistance: 3}}); err != nil || o.MaxDistance != 3 {
		t.Errorf("one option: %v, %v", o, err)
	}
	if _, err := oneOption("F", make([]MapOptions, 2)); !errors.Is(err, ErrInvalid) {
		t.Errorf("two options: %v", err)
	}
}

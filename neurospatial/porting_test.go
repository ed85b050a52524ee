package neurospatial_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPortingTable checks PORTING.md against the package: every function and method whose comment names
// a Python counterpart has a row, and every Go name in a row exists.
func TestPortingTable(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "PORTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	ported, exported := packageNames(t)
	for _, fault := range checkPorting(string(page), ported, exported) {
		t.Error(fault)
	}
}

// TestPortingCheck feeds the check a page that it must refuse.
func TestPortingCheck(t *testing.T) {
	page := "| Python | Go | | |\n| --- | --- | --- | --- |\n| `a` | `A` | ✅ | |\n| `b` | `B` | ✅ | |\n| `c` | `C` | | |\n"
	faults := checkPorting(page, []string{"A", "D"}, []string{"A", "C", "D", "E"})
	want := []string{"B does not exist", "C has status", "D is missing"}
	for _, w := range want {
		if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, w) }) {
			t.Errorf("faults %q do not contain %q", faults, w)
		}
	}
	if len(faults) != len(want) {
		t.Errorf("faults %q, want %d", faults, len(want))
	}
}

var goName = regexp.MustCompile("`([A-Z][A-Za-z]*(?:\\.[A-Z][A-Za-z]*)?)`")

func checkPorting(page string, ported, exported []string) []string {
	var faults []string
	listed := map[string]bool{}
	inTable := false // of Python and Go names
	for _, line := range strings.Split(page, "\n") {
		cells := strings.Split(line, "|")
		if header := strings.HasPrefix(line, "| Python | Go |"); header || !inTable || len(cells) != 6 {
			inTable = header
			continue
		}
		for _, m := range goName.FindAllStringSubmatch(cells[2], -1) {
			name := m[1]
			listed[name] = true
			if !slices.Contains(exported, name) {
				faults = append(faults, name+" does not exist")
			}
			if s := strings.TrimSpace(cells[3]); s != "✅" && s != "🟡" {
				faults = append(faults, name+" has status "+s)
			}
		}
	}
	for _, name := range ported {
		if !listed[name] {
			faults = append(faults, name+" is missing")
		}
	}
	return faults
}

// packageNames returns the exported names of the package, methods as Type.Method, and those functions,
// methods and types among them whose comment names a Python counterpart.
func packageNames(t *testing.T) (ported, exported []string) {
	t.Helper()
	fset := token.NewFileSet()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	p, err := doc.NewFromFiles(fset, files, "neurospatial")
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]string{}
	for _, f := range p.Funcs {
		text[f.Name] = f.Doc
	}
	for _, typ := range p.Types {
		text[typ.Name] = typ.Doc
		for _, f := range typ.Funcs {
			text[f.Name] = f.Doc
		}
		for _, m := range typ.Methods {
			text[typ.Name+"."+m.Name] = m.Doc
		}
	}
	exported = slices.Sorted(maps.Keys(text))
	for _, name := range exported {
		if strings.Contains(text[name], "Python:") {
			ported = append(ported, name)
		}
	}
	if len(ported) < 30 {
		t.Fatalf("only %d ported names: %v", len(ported), ported)
	}
	return ported, exported
}

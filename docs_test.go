package nskernel_test

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// documented are the packages whose exported names all have a comment.
var documented = []string{"display", "eval", "install", "kernel", "kernel/kerneltest", "magic", "neurospatial", "neurospatial/layouttest", "notebook", "plot", "plugin", "symbols"}

// exemplified are the packages whose exported functions all have a runnable
// example, and so have the methods of their main types; the methods of other
// types may share one. Examples of figures have no output to compare: a test
// of the package draws them and compares the pictures.
var exemplified = map[string]struct {
	mainType string
	output   bool
}{
	"neurospatial": {"Environment", true},
	"plot":         {"Figure", false},
}

// parsePackage reads the Go files of a folder; tests says which ones.
func parsePackage(fsys fs.FS, dir string, tests bool) (*token.FileSet, []*ast.File, error) {
	names, err := fs.Glob(fsys, dir+"/*.go")
	if err != nil {
		return nil, nil, err
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") != tests {
			continue
		}
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, nil, err
		}
		f, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, f)
	}
	return fset, files, nil
}

// undocumented lists the exported names of a package without a comment that
// begins with the name.
func undocumented(fsys fs.FS, dir string) ([]string, error) {
	fset, files, err := parsePackage(fsys, dir, false)
	if err != nil {
		return nil, err
	}
	var faults []string
	need := func(pos token.Pos, name string, texts ...*ast.CommentGroup) {
		for _, t := range texts {
			text := strings.TrimSpace(t.Text())
			for _, article := range []string{"A ", "An ", "The "} {
				text = strings.TrimPrefix(text, article)
			}
			if strings.HasPrefix(text, name) || t != nil && t.Text() != "" && len(texts) > 1 {
				return
			}
		}
		faults = append(faults, fmt.Sprintf("%s: %s has no comment that begins with its name", fset.Position(pos), name))
	}
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d))) {
					need(d.Pos(), d.Name.Name, d.Doc)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						if s.Name.IsExported() {
							need(s.Pos(), s.Name.Name, pick(s.Doc, d.Doc))
						}
					case *ast.ValueSpec:
						// A group of constants may be described once.
						if s.Names[0].IsExported() {
							need(s.Pos(), s.Names[0].Name, s.Doc, s.Comment, d.Doc)
						}
					}
				}
			}
		}
	}
	return faults, nil
}

func pick(a, b *ast.CommentGroup) *ast.CommentGroup {
	if a != nil {
		return a
	}
	return b
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// unexemplified lists the exported functions and methods of a package that
// need an example and have none, or none with output. String, Error and the
// like explain themselves.
func unexemplified(fsys fs.FS, dir, mainType string, output bool) ([]string, error) {
	_, files, err := parsePackage(fsys, dir, false)
	if err != nil {
		return nil, err
	}
	_, tests, err := parsePackage(fsys, dir, true)
	if err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for _, e := range doc.Examples(tests...) {
		if output && e.Output == "" && !e.EmptyOutput {
			continue
		}
		name, _, _ := strings.Cut(e.Name, "_")
		have[name], have[e.Name] = true, true
		if parts := strings.Split(e.Name, "_"); len(parts) > 1 {
			have[parts[0]+"_"+parts[1]] = true
		}
	}
	missing := map[string]bool{}
	for _, f := range files {
		for _, d := range f.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || !fd.Name.IsExported() || slices.Contains([]string{"String", "Error", "Unwrap", "Hint"}, fd.Name.Name) {
				continue
			}
			name := fd.Name.Name
			if fd.Recv != nil {
				if !ast.IsExported(receiver(fd)) {
					continue
				}
				name = receiver(fd) + "_" + name
			}
			if !have[name] && (fd.Recv == nil || receiver(fd) == mainType || !have[receiver(fd)]) {
				missing[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(missing)), nil
}

func TestExportedNamesAreDocumented(t *testing.T) {
	for _, dir := range documented {
		faults, err := undocumented(os.DirFS("."), dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range faults {
			t.Error(f)
		}
	}
}

func TestExportedFunctionsHaveExamples(t *testing.T) {
	for dir, rule := range exemplified {
		missing, err := unexemplified(os.DirFS("."), dir, rule.mainType, rule.output)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range missing {
			t.Errorf("%s: no runnable Example%s", dir, name)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)]*)?\)`)

// brokenLinks lists the relative links of the Markdown files that lead nowhere.
func brokenLinks(fsys fs.FS) ([]string, error) {
	var faults []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".md" {
			return nil
		}
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		for _, m := range link.FindAllStringSubmatch(string(src), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			target := filepath.ToSlash(filepath.Join(filepath.Dir(name), m[1]))
			if _, err := fs.Stat(fsys, target); err != nil {
				faults = append(faults, fmt.Sprintf("%s: link to %s leads nowhere", name, m[1]))
			}
		}
		return nil
	})
	return faults, err
}

func TestLinksLeadSomewhere(t *testing.T) {
	faults, err := brokenLinks(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
}

// TestDocumentationGatesFail shows that the gates above notice faults.
func TestDocumentationGatesFail(t *testing.T) {
	tree := fstest.MapFS{
		"p/a.go":      {Data: []byte("package p\n\n// Alpha is fine.\nfunc Alpha() {}\n\nfunc B() {}\n\n// does something.\nfunc (T) C() {}\n\n// T is a type.\ntype T int\n")},
		"p/a_test.go": {Data: []byte("package p\n\nimport \"fmt\"\n\nfunc ExampleAlpha() {\n\tfmt.Println(1)\n\t// Output: 1\n}\n\nfunc ExampleB() { fmt.Println(1) }\n")},
		"x.md":        {Data: []byte("[good](p/a.go) [web](https://example.org) [bad](no/such.md)")},
	}
	faults, err := undocumented(tree, "p")
	if err != nil || len(faults) != 2 || !strings.Contains(faults[0], "B has no comment") || !strings.Contains(faults[1], "C has no comment") {
		t.Errorf("undocumented: %q, %v", faults, err)
	}
	missing, err := unexemplified(tree, "p", "T", true)
	if err != nil || !slices.Equal(missing, []string{"B", "T_C"}) {
		t.Errorf("unexemplified: %q, %v", missing, err)
	}
	links, err := brokenLinks(tree)
	if err != nil || len(links) != 1 || !strings.Contains(links[0], "no/such.md") {
		t.Errorf("brokenLinks: %q, %v", links, err)
	}
}

package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden file")

// sources imports the standard library from its source, once for all tests.
var sources = importer.ForCompiler(token.NewFileSet(), "source", nil)

// shapes type-checks the package of testdata, with another text put in.
func shapes(t *testing.T, replace ...string) *pkg {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("testdata", "shapes.go.txt"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(replace...).Replace(string(src))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "shapes.go"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "shapes.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: sources}
	p, err := conf.Check("example.org/go-x/shapes", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &pkg{listed: listed{ImportPath: p.Path(), Name: p.Name(), Dir: dir, GoFiles: []string{"shapes.go"}}, compiled: compiled{types: p}}
}

func TestTable(t *testing.T) {
	got, err := tableSource("dest", shapes(t))
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "shapes.golden")
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Error(d)
	}
}

func TestDocumentation(t *testing.T) {
	docs, err := documentation(shapes(t))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"":            "Package shapes has every kind of declaration that extraction meets.",
		"Pi":          "Pi and the others are untyped.",
		"Big":         "Pi and the others are untyped.",
		"Max":         "Pi and the others are untyped.",
		"Min":         "Pi and the others are untyped.",
		"Name":        "Pi and the others are untyped.",
		"Rune":        "Pi and the others are untyped.",
		"Yes":         "Pi and the others are untyped.",
		"Whole":       "Pi and the others are untyped.",
		"Color":       "Color is an enumeration.",
		"Shape":       "Shape is a struct.",
		"Shape.Sides": "Sides counts them.",
		"Shape.Area":  "Area returns it.",
		"Alias":       "Alias is another name.",
		"Drawer":      "Drawer can be implemented anywhere.",
		"Drawer.Draw": "Draw draws.",
		"Sealed":      "Sealed cannot be implemented elsewhere.",
		"Hidden":      "Hidden mentions a type without exported name.",
	}
	if d := cmp.Diff(want, docs); d != "" {
		t.Error(d)
	}
}

func TestAPIDifference(t *testing.T) {
	before := api(shapes(t).types)
	for _, tt := range []struct{ name, old, new, gone, come string }{
		{"result", "Area() float64", "Area() float32", "float64", "float32"},
		{"constant", "Red Color = 1", "Red Color = 2", "= 1", "= 2"},
		{"field", "Sides int", "Sides uint", "Sides int", "Sides uint"},
		{"parameter of a method", "Done()", "Done(int)", "Done()", "Done(int)"},
		{"new function", "type Any", "func New() {}\ntype Any", "", "func New()"},
		{"removed variable", "var Default = Shape{}", "", "var Default", ""},
		{"type parameter", "Map[T any]", "Map[T comparable]", "T any", "T comparable"},
	} {
		after := api(shapes(t, tt.old, tt.new).types)
		gone, come := strings.Join(difference(before, after), "\n"), strings.Join(difference(after, before), "\n")
		if !strings.Contains(gone, tt.gone) || !strings.Contains(come, tt.come) || gone+come == "" {
			t.Errorf("%s: gone %q, come %q", tt.name, gone, come)
		}
	}
	if d := difference(before, api(shapes(t).types)); d != nil {
		t.Errorf("equal packages differ: %v", d)
	}
}

// small is a group that is loaded quickly.
var small = group{name: "ours", doc: "a test", patterns: []string{module + "/display"}, strip: module + "/"}

var loadSmall = sync.OnceValues(func() ([]*pkg, error) { return load(small) })

// generatedTree writes the files of small to a new directory.
func generatedTree(t *testing.T) (root string, pkgs []*pkg, files map[string][]byte) {
	t.Helper()
	pkgs, err := loadSmall()
	if err != nil {
		t.Fatal(err)
	}
	files, err = generate(small, pkgs)
	if err != nil {
		t.Fatal(err)
	}
	root = t.TempDir()
	if err := write(root, small, pkgs, files); err != nil {
		t.Fatal(err)
	}
	return root, pkgs, files
}

// TestCompare demands that -check accepts what was just generated and refuses
// everything that is not current.
func TestCompare(t *testing.T) {
	root, pkgs, files := generatedTree(t)
	if err := compare(root, small, pkgs, files); err != nil {
		t.Fatalf("just generated: %v", err)
	}
	table, data := filepath.Join("internal", "ours", "display.go"), filepath.Join("data", "ours.zip")
	other := shapes(t)
	other.export = []byte("!<arch>\nno export data")
	foreign, err := archive(small, []*pkg{other})
	if err != nil {
		t.Fatal(err)
	}
	undocumented, err := archive(small, []*pkg{{listed: listed{ImportPath: pkgs[0].ImportPath, Name: "display"}, compiled: compiled{export: pkgs[0].export}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, file string
		content    []byte // nil: the file is removed
		want       string
	}{
		{"missing table", table, nil, "display.go"},
		{"changed table", table, bytes.Replace(files[table], []byte(`"Show"`), []byte(`"Shaw"`), 1), "display.go is not current"},
		{"left over table", filepath.Join("internal", "ours", "gone.go"), []byte(header + "package ours\n"), "gone.go is left over"},
		{"missing archive", data, nil, "ours.zip"},
		{"damaged archive", data, files[data][:len(files[data])/2], "not a valid zip file"},
		{"archive of another package", data, foreign, "export data of " + module + "/display"},
		{"archive without documentation", data, undocumented, "documentation of " + module + "/display is not current"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(root, tt.file)
			old, had := files[tt.file]
			if tt.content == nil {
				must(t, os.Remove(path))
			} else {
				must(t, os.WriteFile(path, tt.content, 0o600))
			}
			if err := compare(root, small, pkgs, files); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("compare: %v, want …%s…", err, tt.want)
			}
			if had {
				must(t, os.WriteFile(path, old, 0o600))
			} else {
				must(t, os.Remove(path))
			}
		})
	}
}

// TestCompareSignatures demands that an archive is refused whose export data
// tell of another API.
func TestCompareSignatures(t *testing.T) {
	_, pkgs, files := generatedTree(t)
	changed := *pkgs[0]
	changed.types = types.NewPackage(changed.ImportPath, "display")
	sig := types.NewSignatureType(nil, nil, nil, nil, nil, false)
	changed.types.Scope().Insert(types.NewFunc(token.NoPos, changed.types, "Added", sig))
	failed := compareArchive(small, files[small.archiveName()], []*pkg{&changed})
	var text strings.Builder
	for _, err := range failed {
		text.WriteString(err.Error() + "\n")
	}
	for _, want := range []string{"missing: func Added()", "no longer so: func Show("} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing in\n%s", want, &text)
		}
	}
}

// TestWrite demands that write leaves nothing behind and touches only what has
// changed.
func TestWrite(t *testing.T) {
	root, pkgs, files := generatedTree(t)
	stale := filepath.Join(root, "internal", "ours", "stale.go")
	own := filepath.Join(root, "internal", "ours", "own.go")
	must(t, os.WriteFile(stale, []byte(header+"package ours\n"), 0o600))
	must(t, os.WriteFile(own, []byte("package ours\n"), 0o600))
	table := filepath.Join(root, "internal", "ours", "display.go")
	before, err := os.Stat(table)
	must(t, err)
	archived := filepath.Join(root, small.archiveName())
	var same bytes.Buffer // the same archive in other bytes
	w := zip.NewWriter(&same)
	r, err := zip.NewReader(bytes.NewReader(files[small.archiveName()]), int64(len(files[small.archiveName()])))
	must(t, err)
	for _, f := range r.File {
		must(t, w.Copy(f))
	}
	must(t, w.SetComment("same"))
	must(t, w.Close())
	must(t, os.WriteFile(archived, same.Bytes(), 0o600))
	must(t, write(root, small, pkgs, files))
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Errorf("a table of a package that is gone stays: %v", err)
	}
	if _, err := os.Stat(own); err != nil {
		t.Errorf("a file that was not generated is gone: %v", err)
	}
	after, err := os.Stat(table)
	must(t, err)
	if !after.ModTime().Equal(before.ModTime()) {
		t.Error("a file was written without need")
	}
	if now, err := os.ReadFile(archived); err != nil || !bytes.Equal(now, same.Bytes()) {
		t.Errorf("an archive was written that tells nothing new: %v", err)
	}
	must(t, os.WriteFile(archived, []byte("damaged"), 0o600))
	must(t, write(root, small, pkgs, files))
	if now, err := os.ReadFile(archived); err != nil || !bytes.Equal(now, files[small.archiveName()]) {
		t.Errorf("a damaged archive stays: %v", err)
	}
}

func TestDeterministic(t *testing.T) {
	_, _, a := generatedTree(t)
	_, _, b := generatedTree(t)
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestPackageDefinition(t *testing.T) {
	header := func(name, size string) string {
		return name + strings.Repeat(" ", 48-len(name)) + size + strings.Repeat(" ", 10-len(size)) + "`\n"
	}
	good := "!<arch>\n" + header("__.PKGDEF", "4") + "data"
	got, err := packageDefinition([]byte(good + header("_go_.o", "3") + "obj"))
	if err != nil || string(got) != good {
		t.Errorf("%q, %v", got, err)
	}
	for name, bad := range map[string]string{
		"empty":        "",
		"other file":   "go object linux amd64",
		"no header":    "!<arch>\n",
		"other member": "!<arch>\n" + header("_go_.o", "4") + "data",
		"no size":      "!<arch>\n" + header("__.PKGDEF", "x") + "data",
		"cut short":    "!<arch>\n" + header("__.PKGDEF", "9") + "data",
	} {
		if got, err := packageDefinition([]byte(bad)); err == nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestGroups(t *testing.T) {
	std := groups[0]
	for path, want := range map[string]bool{
		"fmt": true, "net/http": true, "internal/abi": false, "vendor/golang.org/x/net/dns": false, "unsafe": false, "cmd/go": false,
		"go/internal/gcimporter": false, "net/http/pprof": false, "log/syslog": true,
	} {
		if std.selected(path) != want {
			t.Errorf("selected(%s) = %v", path, !want)
		}
	}
	if name := groups[1].fileName("gonum.org/v1/gonum/stat/distuv"); name != "gonum-stat-distuv.go" {
		t.Error(name)
	}
	if l, err := choose("gonum,ours"); err != nil || len(l) != 2 || l[0].name != "gonum" || l[1].name != "ours" {
		t.Errorf("%v, %v", l, err)
	}
	if _, err := choose("gonum,none"); err == nil || !strings.Contains(err.Error(), `"none"`) {
		t.Error(err)
	}
}

// TestVariants loads a package whose constants differ between platforms.
func TestVariants(t *testing.T) {
	g := group{name: "filepath", patterns: []string{"path/filepath"}, varying: []string{"path/filepath"}}
	pkgs, err := load(g)
	if err != nil {
		t.Fatal(err)
	}
	p := pkgs[0]
	if len(p.variants) != 2 || p.variants[platform{"windows", "arm64"}].types == nil {
		t.Fatalf("variants %v", p.variants)
	}
	data, err := archive(g, pkgs)
	if err != nil {
		t.Fatal(err)
	}
	if failed := compareArchive(g, data, pkgs); failed != nil {
		t.Error(failed)
	}
	windows := p.variants[others[4]]
	p.variants[others[4]] = p.compiled // as if Windows had become like Linux
	if failed := errors.Join(compareArchive(g, data, pkgs)...); failed == nil || !strings.Contains(failed.Error(), "for windows/amd64: no longer so: const Separator") {
		t.Errorf("another separator: %v", failed)
	}
	p.variants[others[0]] = windows // and macOS had begun to differ
	if failed := errors.Join(compareArchive(g, data, pkgs)...); failed == nil || !strings.Contains(failed.Error(), "export data of path/filepath for darwin/amd64") {
		t.Errorf("a new variant: %v", failed)
	}
	delete(p.variants, others[0])
	delete(p.variants, others[4])
	if failed := errors.Join(compareArchive(g, data, pkgs)...); failed == nil || !strings.Contains(failed.Error(), "1 entries too many") {
		t.Errorf("a variant too many: %v", failed)
	}
	g.varying = nil
	if err := checkPlatforms(g, pkgs); err == nil || !strings.Contains(err.Error(), "path/filepath differs on windows/amd64: const Separator") {
		t.Errorf("checkPlatforms: %v", err)
	}
	if _, err := load(group{name: "x", patterns: []string{"path"}, varying: []string{"path/filepath"}}); err == nil {
		t.Error("a varying package outside the group is accepted")
	}
}

func TestCheckLanguage(t *testing.T) {
	for _, have := range []string{"go1.26", "go1.26.9", "go1.26rc1"} {
		if err := checkLanguage("go1.26.0", have); err != nil {
			t.Error(err)
		}
	}
	for _, have := range []string{"go1.25.9", "go1.27", "devel go1.27-abc"} {
		if err := checkLanguage("go1.26.0", have); err == nil {
			t.Errorf("%s is accepted", have)
		}
	}
}

func TestSameDocs(t *testing.T) {
	now, then := map[string]string{"A": "new"}, map[string]string{"A": "old"}
	if !sameDocs(groups[0], now, then) || sameDocs(groups[1], now, then) {
		t.Error("only texts of the standard library may differ")
	}
	if sameDocs(groups[0], now, map[string]string{"B": "new"}) {
		t.Error("names of the standard library may differ")
	}
}

func TestDecimal(t *testing.T) {
	for _, text := range []string{"1e16", "3.141592653589793238462643383279", "4.9406564584124654417656879286822137236505980e-324", "1.7976931348623157e308", "0.1"} {
		v := constant.MakeFromLiteral(text, token.FLOAT, 0)
		got, err := decimal(v)
		back := constant.MakeFromLiteral(got, token.FLOAT, 0)
		a, _ := constant.Float64Val(v)
		if b, _ := constant.Float64Val(back); err != nil || a != b {
			t.Errorf("%s becomes %s, %v", text, got, err)
		}
	}
	if got, err := decimal(constant.MakeInt64(3)); err == nil {
		t.Errorf("an integer becomes %s", got)
	}
}

func TestListRefuses(t *testing.T) {
	for _, pattern := range []string{module + "/no/such/package", "gonum.org/v1/gonum/nothing"} {
		if l, err := list(group{name: "x", patterns: []string{pattern}}, base); err == nil && len(l) > 0 {
			t.Errorf("%s: %v", pattern, l)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

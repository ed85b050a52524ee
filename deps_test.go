package nskernel_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "github.com/nskernel/nskernel"

// rule is what one package may import besides the standard library.
type rule struct {
	why string   // printed when the rule is broken
	in  []string // packages of this module
	ext []string // import path prefixes of other modules
}

// policy states what each package may import. It is a statement of policy:
// do not change it to make a build pass.
var policy = map[string]rule{
	".":                               {why: "documentation and repository-wide tests only"},
	"display":                         {why: "a leaf: the vocabulary that kernel, eval, plot and plugin share"},
	"comm":                            {why: "a leaf: comms for cells and plugins, bound to a session by eval and to the wire by kernel"},
	"neurospatial":                    {why: "usable as a plain Go library, without Jupyter and without drawing", in: []string{"neurospatial/internal/csr", "neurospatial/internal/delaunay", "neurospatial/internal/heat", "neurospatial/internal/kdtree", "neurospatial/internal/morph"}, ext: []string{"gonum.org/v1/gonum"}},
	"neurospatial/internal/csr":       {why: "works on plain slices and knows no Environment"},
	"neurospatial/internal/delaunay":  {why: "works on plain slices and knows no Environment"},
	"neurospatial/internal/heat":      {why: "works on plain slices and knows no Environment", in: []string{"neurospatial/internal/csr"}, ext: []string{"gonum.org/v1/gonum"}},
	"neurospatial/internal/kdtree":    {why: "works on plain slices and knows no Environment"},
	"neurospatial/internal/morph":     {why: "works on plain slices and knows no Environment"},
	"neurospatial/layouttest":         {why: "a contract suite for layouts, also of other modules", in: []string{"neurospatial"}},
	"plot":                            {why: "drawing must not need a kernel", in: []string{"display", "neurospatial"}, ext: []string{"gonum.org/v1/plot", "gonum.org/v1/gonum", "golang.org/x/image"}},
	"kernel":                          {why: "protocol only: knows no language, no science and no zmq4", in: []string{"comm", "display", "kernel/internal/guard"}},
	"kernel/internal/guard":           {why: "the only package that knows zmq4", ext: []string{"github.com/go-zeromq/zmq4"}},
	"kernel/kerneltest":               {why: "a mock language, an in-memory client and a transcript checker for tests of kernel and eval", in: []string{"kernel", "display"}},
	"eval":                            {why: "the only package that knows yaegi; it is handed everything that cells can use", in: []string{"comm", "display", "kernel", "eval/nsrt", "eval/internal/lower"}, ext: []string{"github.com/traefik/yaegi/interp", "golang.org/x/sys"}},
	"eval/internal/lower":             {why: "works on typed syntax trees: knows neither yaegi nor sessions"},
	"eval/internal/lower/std/atomic":  {why: "read as source by lower, which gives it the standard library in stubs only"},
	"eval/internal/lower/std/cmp":     {why: "read as source by lower, which gives it the standard library in stubs only"},
	"eval/internal/lower/std/errors":  {why: "read as source by lower, which gives it the standard library in stubs only"},
	"eval/internal/lower/std/iter":    {why: "read as source by lower, which gives it the standard library in stubs only"},
	"eval/internal/lower/std/maps":    {why: "read as source by lower, which gives it the standard library in stubs only"},
	"eval/internal/lower/std/rand":    {why: "read as source by lower, which gives it the standard library in stubs only"},
	"eval/internal/lower/std/slices":  {why: "read as source by lower, which gives it the standard library in stubs only", in: []string{"eval/internal/lower/std/cmp"}},
	"eval/internal/lower/std/reflect": {why: "read as source by lower, which gives it the standard library in stubs only"},
	"eval/internal/lower/std/sync":    {why: "read as source by lower, which gives it the standard library in stubs only"},
	"eval/internal/lower/std/unique":  {why: "read as source by lower, which gives it the standard library in stubs only"},
	"eval/nsrt":                       {why: "a leaf: it is called by lowered cells"},
	"notebook":                        {why: "notebooks without Jupyter: any language, no science", in: []string{"display", "kernel"}},
	"magic":                           {why: "magics register like those of any plugin and know no interpreter", in: []string{"plugin"}},
	"plugin":                          {why: "contributors depend on one small package", in: []string{"display"}},
	"symbols":                         {why: "joins the generated tables; nothing that runs cells", in: []string{"symbols/internal/gonum", "symbols/internal/ours", "symbols/internal/std", "symbols/internal/table"}},
	"symbols/internal/table":          {why: "a leaf: the form of a generated table"},
	"symbols/internal/std":            {why: "generated: the standard library", in: []string{"symbols/internal/table"}},
	"symbols/internal/gonum":          {why: "generated: gonum and gonum/plot", in: []string{"symbols/internal/table"}, ext: []string{"gonum.org/v1"}},
	"symbols/internal/ours":           {why: "generated: what cells see of this module", in: []string{"symbols/internal/table", "comm", "display", "neurospatial", "plot"}, ext: []string{"gonum.org/v1"}},
	"install":                         {why: "writes kernelspec files; must work in a broken set-up"},
	"cmd/nskernel":                    {why: "the only place where all parts meet", in: []string{"comm", "display", "eval", "install", "kernel", "magic", "neurospatial", "notebook", "plot", "plugin", "symbols"}, ext: []string{"github.com/spf13/cobra", "github.com/reeflective/readline", "github.com/schollz/progressbar", "golang.org/x/term", "gonum.org/v1/gonum", "gonum.org/v1/plot"}},
}

// check compares the imports of all non-test Go files below fsys with the
// policy and returns one line for each violation.
func check(fsys fs.FS, policy map[string]rule) ([]string, error) {
	var faults []string
	seen := map[string]bool{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == "testdata" || n == "node_modules" || name != "." && strings.HasPrefix(n, ".") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(name)
		if isTool(pkg) {
			return nil
		}
		r, ok := policy[pkg]
		if !ok {
			faults = append(faults, fmt.Sprintf("%s: package %s has no rule: add it to policy with its reason", name, pkg))
			return nil
		}
		seen[pkg] = true
		for _, spec := range f.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !r.allows(imp) {
				faults = append(faults, fmt.Sprintf("%s: %s must not import %s: %s", fset.Position(spec.Pos()), pkg, imp, r.why))
			}
		}
		return nil
	})
	for _, p := range slices.Sorted(maps.Keys(policy)) {
		if !seen[p] && p != "." {
			faults = append(faults, fmt.Sprintf("policy names %s, which has no Go files", p))
		}
	}
	return faults, err
}

// isTool tells whether pkg is a program that only `go generate` or CI runs.
func isTool(pkg string) bool {
	return strings.HasPrefix(pkg, "symbols/internal/gen") || strings.HasPrefix(pkg, "internal/")
}

func (r rule) allows(imp string) bool {
	if in, ok := strings.CutPrefix(imp, module+"/"); ok {
		return slices.Contains(r.in, in)
	}
	if first, _, _ := strings.Cut(imp, "/"); !strings.Contains(first, ".") {
		return true // standard library
	}
	return slices.ContainsFunc(r.ext, func(p string) bool { return imp == p || strings.HasPrefix(imp, p+"/") })
}

// TestDependencyPolicy reads the files itself: the test cache sees each file
// that it opens, which it would not see behind a child process.
func TestDependencyPolicy(t *testing.T) {
	faults, err := check(os.DirFS("."), policy)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
}

// TestDependencyPolicyFails shows that the gate notices what it is there for.
func TestDependencyPolicyFails(t *testing.T) {
	file := func(imp string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(fmt.Sprintf("package p\nimport _ %q\n", imp))}
	}
	rules := map[string]rule{"leaf": {why: "reason"}, "top": {why: "reason", in: []string{"leaf"}, ext: []string{"example.org/m"}}}
	good := fstest.MapFS{
		"leaf/a.go": file("fmt"), "top/a.go": file(module + "/leaf"), "top/b.go": file("example.org/m/x"),
		"top/a_test.go": file(module + "/other"), "top/testdata/a.go": file("example.org/evil"),
	}
	if faults, err := check(good, rules); err != nil || len(faults) > 0 {
		t.Errorf("good tree: %v, %v", faults, err)
	}
	for _, bad := range []struct {
		name string
		file *fstest.MapFile
		want string
	}{
		{"leaf/b.go", file(module + "/top"), "leaf must not import " + module + "/top: reason"},
		{"top/c.go", file("example.org/mm"), "must not import example.org/mm"},
		{"new/a.go", file("fmt"), "package new has no rule"},
		{"leaf/a.go", nil, "policy names leaf, which has no Go files"},
	} {
		tree := maps.Clone(good)
		tree[bad.name] = bad.file
		if bad.file == nil {
			delete(tree, bad.name)
		}
		faults, err := check(tree, rules)
		if err != nil || len(faults) != 1 || !strings.Contains(faults[0], bad.want) {
			t.Errorf("%s: got %q, %v; want one fault with %q", bad.name, faults, err, bad.want)
		}
	}
}

package lower_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nskernel/nskernel/symbols"
)

// standIns are the packages that stand for generic parts of the library.
var standIns = map[string]string{
	"slices": "slices", "maps": "maps", "cmp": "cmp", "iter": "iter", "sync": "sync", "sync/atomic": "atomic", "math/rand/v2": "rand",
	"errors": "errors", "reflect": "reflect", "unique": "unique",
}

// withoutStandIn are generic names of packages that cells can import which the kernel
// refuses, with the reason.
var withoutStandIn = map[string]string{
	"iter.Seq":                     "expands to its underlying type",
	"iter.Seq2":                    "expands to its underlying type",
	"cmp.Ordered":                  "a constraint",
	"crypto/hkdf.Expand":           "instances are compiled only",
	"crypto/hkdf.Extract":          "instances are compiled only",
	"crypto/hkdf.Key":              "instances are compiled only",
	"crypto/pbkdf2.Key":            "instances are compiled only",
	"database/sql.Null":            "scanned by reflection on its name",
	"hash/maphash.Comparable":      "hashes the memory of values",
	"hash/maphash.WriteComparable": "hashes the memory of values",
	"runtime.AddCleanup":           "finalizers see the interpreter's memory",
	"weak.Pointer":                 "weak pointers see the interpreter's memory",
	"weak.Make":                    "weak pointers see the interpreter's memory",
}

// TestStandInsAreComplete compares the generic functions and types of the
// library with those that cells have.
func TestStandInsAreComplete(t *testing.T) {
	for _, path := range symbols.Packages() {
		if strings.Contains(path, ".") {
			continue
		}
		pkg, err := source().Import(path)
		if err != nil {
			continue // completion offers it, the test of symbols tells whether it can be imported
		}
		ours := genericNames(t, standIns[path])
		for _, n := range pkg.Scope().Names() {
			o := pkg.Scope().Lookup(n)
			params := typeParams(o)
			if !o.Exported() || params == 0 {
				continue
			}
			name := path + "." + n
			switch got, ok := ours[n]; {
			case withoutStandIn[name] != "":
			case !ok:
				t.Errorf("%s has no stand-in and is not listed as refused", name)
			case got != params:
				t.Errorf("%s has %d type parameters, its stand-in %d", name, params, got)
			}
		}
	}
}

func typeParams(o types.Object) int {
	switch o := o.(type) {
	case *types.Func:
		return o.Signature().TypeParams().Len()
	case *types.TypeName:
		if n, ok := o.Type().(*types.Named); ok {
			return n.TypeParams().Len()
		}
	}
	return 0
}

// genericNames reads the generic declarations below std/dir.
func genericNames(t *testing.T, dir string) map[string]int {
	t.Helper()
	names := map[string]int{}
	if dir == "" {
		return names
	}
	files, err := filepath.Glob(filepath.Join("std", dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("std/%s: %v", dir, err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), f, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Type.TypeParams != nil {
					names[d.Name.Name] = d.Type.TypeParams.NumFields()
				}
			case *ast.GenDecl:
				for _, sp := range d.Specs {
					if ts, ok := sp.(*ast.TypeSpec); ok && ts.TypeParams != nil {
						names[ts.Name.Name] = ts.TypeParams.NumFields()
					}
				}
			}
		}
	}
	return names
}

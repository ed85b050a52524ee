package main

import (
	"strings"

	"github.com/nskernel/nskernel/symbols/internal/table"
)

// group is a set of packages whose symbols and data are generated together,
// so that a change in one group leaves the files of the others alone.
type group struct {
	name     string   // directory of the tables, name of the archive
	doc      string   // what the packages are
	patterns []string // what `go list` is asked for
	strip    string   // prefix of import paths that file names need not repeat
}

// groups are all symbols of the kernel.
var groups = []group{
	{name: "std", doc: "the standard library", patterns: []string{"std"}},
	{name: "gonum", doc: "gonum and gonum/plot", patterns: []string{"gonum.org/v1/gonum/...", "gonum.org/v1/plot/..."}, strip: "gonum.org/v1/"},
	{name: "ours", doc: "the packages of this module that cells can import", patterns: []string{module + "/neurospatial/...", module + "/plot/...", module + "/display/...", module + "/comm/..."}, strip: module + "/"},
}

// module is the path of this module.
const module = "github.com/nskernel/nskernel"

// selected tells whether the package path of g can be imported from a cell.
func (g group) selected(path string) bool {
	if table.Excluded[path] != "" {
		return false
	}
	for _, elem := range strings.Split(path, "/") {
		switch elem {
		case "internal", "vendor", "cmd", "testdata":
			return false
		}
	}
	return true
}

// fileName is the name of the generated file of package path. It has no
// underscore, which the go command could take for a build constraint.
func (g group) fileName(path string) string {
	return strings.ReplaceAll(strings.TrimPrefix(path, g.strip), "/", "-") + ".go"
}

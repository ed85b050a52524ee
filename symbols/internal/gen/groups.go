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
	varying  []string // packages whose constants differ between platforms
}

// groups are all symbols of the kernel.
var groups = []group{
	{name: "std", doc: "the standard library", patterns: []string{"std"},
		varying: []string{"math", "math/bits", "os", "path/filepath", "runtime", "strconv"}},
	{name: "gonum", doc: "gonum and gonum/plot", patterns: []string{"gonum.org/v1/gonum/...", "gonum.org/v1/plot/..."}, strip: "gonum.org/v1/"},
	{name: "ours", doc: "the packages of this module that cells can import", patterns: []string{module + "/neurospatial/...", module + "/plot/...", module + "/display/...", module + "/comm/..."}, strip: module + "/"},
}

// A platform is a pair of GOOS and GOARCH.
type platform struct{ goos, goarch string }

func (p platform) String() string { return p.goos + "/" + p.goarch }

// base is the platform that everything is generated for, wherever gen runs.
var base = platform{"linux", "amd64"}

// others are the platforms for which the varying packages are generated too:
// go/types folds constants, so os.O_CREATE must have the value of the platform.
var others = []platform{
	{"darwin", "amd64"}, {"darwin", "arm64"}, {"linux", "386"}, {"linux", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"},
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

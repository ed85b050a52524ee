package symbols

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/nskernel/nskernel/symbols/internal/table"
)

// Importer returns the types of the packages for go/types. A package is read
// when it is first imported, once in a process: all importers share it. Types
// of other packages that an API mentions come with it. Safe for concurrent use.
func Importer() (types.Importer, error) {
	if _, err := entries(); err != nil {
		return nil, err
	}
	return shared, nil
}

var shared = newImporter(runtime.GOOS + "/" + runtime.GOARCH)

type lockedImporter struct {
	mu  sync.Mutex
	imp types.Importer
}

// newImporter returns an importer of the packages as they are on a platform,
// which matters for constants such as os.O_CREATE.
func newImporter(platform string) *lockedImporter {
	return &lockedImporter{imp: importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		r, err := entry("types/" + path + "@" + platform)
		if r == nil && err == nil {
			r, err = entry("types/" + path)
		}
		if r == nil && err == nil {
			err = fmt.Errorf("symbols: no export data for %q, which has a table", path)
		}
		return r, err
	})}
}

// Import returns the package path, complete.
func (i *lockedImporter) Import(path string) (*types.Package, error) {
	if _, ok := slices.BinarySearch(packages(), path); !ok {
		return nil, unavailable(path) // go/importer would supply unsafe by itself
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.imp.Import(path)
}

// unavailable explains why path cannot be imported and what can be instead.
func unavailable(p string) error {
	msg := fmt.Sprintf("package %q is not available in this kernel", p)
	if why := table.Excluded[p]; why != "" {
		return fmt.Errorf("%s; it %s", msg, why)
	}
	var similar []string
	for _, q := range packages() {
		if path.Base(q) == path.Base(p) && len(similar) < 3 {
			similar = append(similar, fmt.Sprintf("%q", q))
		}
	}
	if len(similar) > 0 {
		return fmt.Errorf("%s; there is %s", msg, strings.Join(similar, ", "))
	}
	return fmt.Errorf("%s; cells can import the standard library, gonum, gonum/plot and the packages of nskernel", msg)
}

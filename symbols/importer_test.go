package symbols_test

import (
	"go/types"
	"strings"
	"sync"
	"testing"

	"github.com/nskernel/nskernel/symbols"
)

func importer(t testing.TB) types.Importer {
	t.Helper()
	imp, err := symbols.Importer()
	if err != nil {
		t.Fatal(err)
	}
	return imp
}

func TestImporterGenerics(t *testing.T) {
	for _, tt := range []struct{ pkg, name, want string }{
		{"slices", "Sort", "func slices.Sort[S ~[]E, E cmp.Ordered](x S)"},
		{"iter", "Seq2", "type iter.Seq2[K, V any] func(yield func(K, V) bool)"},
		{"sync/atomic", "Pointer", "type sync/atomic.Pointer[T any]"},
		{"maps", "Keys", "func maps.Keys[Map ~map[K]V, K comparable, V any](m Map) iter.Seq[K]"},
	} {
		p, err := importer(t).Import(tt.pkg)
		if err != nil {
			t.Error(err)
			continue
		}
		if o := p.Scope().Lookup(tt.name); o == nil || !strings.HasPrefix(types.ObjectString(o, nil), tt.want) {
			t.Errorf("%s.%s is %v", tt.pkg, tt.name, o)
		}
	}
}

// TestImporterHidden demands the types of packages that cells cannot import,
// where an API mentions them.
func TestImporterHidden(t *testing.T) {
	p, err := importer(t).Import("os")
	if err != nil {
		t.Fatal(err)
	}
	conn := p.Scope().Lookup("File").Type()
	m, _, _ := types.LookupFieldOrMethod(types.NewPointer(conn), true, p, "SyscallConn")
	if m == nil {
		t.Fatal("no method SyscallConn")
	}
	raw := m.Type().(*types.Signature).Results().At(0).Type()
	if raw.String() != "syscall.RawConn" || !types.IsInterface(raw) {
		t.Errorf("result is %v", raw)
	}
}

func TestImporterRefuses(t *testing.T) {
	for path, want := range map[string]string{
		"unsafe":             `package "unsafe" is not available in this kernel; it can break`,
		"syscall":            `it differs between platforms`,
		"gonum/stat":         `there is "gonum.org/v1/gonum/stat"`,
		"mat":                `there is "gonum.org/v1/gonum/mat"`,
		"github.com/a/b":     `cells can import the standard library, gonum, gonum/plot`,
		"":                   `not available`,
		"internal/bytealg":   `not available`,
		"fmt/":               `not available`,
		"github.com/x/rand":  `"crypto/rand", "math/rand"`,
		"neurospatial":       `"github.com/nskernel/nskernel/neurospatial"`,
		"../../etc/passwd":   `not available`,
		"golang.org/x/image": `not available`,
	} {
		p, err := importer(t).Import(path)
		if err == nil {
			t.Errorf("%q is %v", path, p)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want …%s", path, err, want)
		}
	}
}

// TestImporterShared demands one package for all: types of two imports must be
// identical.
func TestImporterShared(t *testing.T) {
	a, err := importer(t).Import("gonum.org/v1/gonum/mat")
	if err != nil {
		t.Fatal(err)
	}
	b, err := importer(t).Import("gonum.org/v1/gonum/mat")
	if err != nil || a != b {
		t.Fatalf("%p and %p, %v", a, b, err)
	}
	plotter, err := importer(t).Import("gonum.org/v1/plot/plotter")
	if err != nil {
		t.Fatal(err)
	}
	plot, err := importer(t).Import("gonum.org/v1/plot")
	if err != nil {
		t.Fatal(err)
	}
	line := types.NewPointer(plotter.Scope().Lookup("Line").Type())
	iface := plot.Scope().Lookup("Plotter").Type().Underlying().(*types.Interface)
	if !types.Implements(line, iface) {
		t.Error("*plotter.Line is no plot.Plotter")
	}
}

// TestImporterPlatforms demands the constants of the platform: go/types folds
// them, so a wrong os.O_CREATE would open files in another mode.
func TestImporterPlatforms(t *testing.T) {
	for _, tt := range []struct{ platform, pkg, name, want string }{
		{"linux/amd64", "os", "O_CREATE", "64"},
		{"linux/arm64", "os", "O_CREATE", "64"},
		{"darwin/arm64", "os", "O_CREATE", "512"},
		{"darwin/amd64", "os", "O_CREATE", "512"},
		{"windows/amd64", "os", "DevNull", `"NUL"`},
		{"windows/arm64", "path/filepath", "Separator", "92"},
		{"darwin/arm64", "path/filepath", "Separator", "47"},
		{"windows/amd64", "runtime", "GOOS", `"windows"`},
		{"linux/arm64", "runtime", "GOARCH", `"arm64"`},
		{"linux/386", "math", "MaxInt", "2147483647"},
		{"linux/386", "strconv", "IntSize", "32"},
		{"windows/arm64", "math/bits", "UintSize", "64"},
		{"plan9/mips", "fmt", "", ""}, // not known: as on Linux
	} {
		p, err := symbols.NewImporter(tt.platform).Import(tt.pkg)
		if err != nil {
			t.Errorf("%s: %v", tt.platform, err)
			continue
		}
		if c, ok := p.Scope().Lookup(tt.name).(*types.Const); tt.name != "" && (!ok || c.Val().ExactString() != tt.want) {
			t.Errorf("%s: %s.%s is %v, want %s", tt.platform, tt.pkg, tt.name, p.Scope().Lookup(tt.name), tt.want)
		}
	}
}

func TestImporterConcurrent(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, path := range symbols.Packages() {
				p, err := importer(t).Import(path)
				if err != nil {
					t.Error(err)
					return
				}
				// Use what others are importing at the same time.
				for _, name := range p.Scope().Names() {
					_ = types.ObjectString(p.Scope().Lookup(name), nil)
				}
				symbols.Doc(path, "")
			}
		})
	}
	wg.Wait()
}

func BenchmarkImport(b *testing.B) {
	for _, path := range []string{"fmt", "net/http", "gonum.org/v1/gonum/mat", "gonum.org/v1/plot", "github.com/nskernel/nskernel/neurospatial"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				if _, err := symbols.NewImporter("linux/amd64").Import(path); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

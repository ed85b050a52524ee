package table

// Excluded are public packages that cells cannot import, with the reason.
var Excluded = map[string]string{
	"unsafe":                           "can break every promise of the kernel: memory, types, the interpreter itself",
	"syscall":                          "differs between platforms; golang.org/x/sys or os do it portably",
	"plugin":                           "needs cgo and one exact build; the kernel is built without cgo",
	"runtime/cgo":                      "the kernel is built without cgo",
	"runtime/race":                     "only for programs built with -race",
	"time/tzdata":                      "has no symbols, only 450 kB of data for hosts without a time zone database",
	"net/http/pprof":                   "has no use but to add its handlers to every server of the process",
	"gonum.org/v1/gonum":               "documentation only",
	"gonum.org/v1/gonum/blas/gonum":    "the implementation behind blas64 and mat",
	"gonum.org/v1/gonum/lapack/gonum":  "the implementation behind lapack64 and mat",
	"gonum.org/v1/gonum/blas/testblas": "tests of implementations of BLAS",
	"gonum.org/v1/gonum/blas/testblas/benchautogen":        "a generator",
	"gonum.org/v1/gonum/lapack/testlapack":                 "tests of implementations of LAPACK",
	"gonum.org/v1/gonum/integrate/testquad":                "tests of package quad",
	"gonum.org/v1/gonum/graph/testgraph":                   "tests of implementations of graph",
	"gonum.org/v1/plot/cmpimg":                             "compares images in tests",
	"github.com/nskernel/nskernel/neurospatial/layouttest": "tests of layouts",
}

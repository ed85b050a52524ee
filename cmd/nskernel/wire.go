package main

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"

	"gonum.org/v1/gonum/mat"
	gplot "gonum.org/v1/plot"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/eval"
	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/plot"
	"github.com/nskernel/nskernel/plugin"
	"github.com/nskernel/nskernel/symbols"
)

const module = "github.com/nskernel/nskernel"

// preload are the names that cells use without an import. Packages of the
// standard library whose last path element is their name need no entry here.
var preload = map[string]string{
	"ns":      module + "/neurospatial",
	"plot":    module + "/plot",
	"display": module + "/display",
}

// preloadStd are the standard packages that cells use without an import.
var preloadStd = []string{
	"bufio", "bytes", "cmp", "context", "encoding/csv", "encoding/json", "errors", "fmt", "io", "iter", "maps", "math",
	"math/bits", "math/cmplx", "math/rand/v2", "os", "path/filepath", "regexp", "slices", "sort", "strconv", "strings",
	"sync", "sync/atomic", "time", "unicode", "unicode/utf8",
}

// routing says where the output of cells goes.
type routing int

const (
	captured routing = iota // descriptors 1 and 2 belong to the running cell
	direct                  // what cells print goes to the terminal as it comes
)

// workbench is a session with everything that cells can use, and the
// process's own output streams.
type workbench struct {
	session     *eval.Session
	plugins     *plugin.Registry
	capture     *eval.Capture
	stdout      *os.File
	stderr      *os.File
	interrupted atomic.Bool // by a signal, in the running cell
}

func newWorkbench(r routing) (*workbench, error) {
	registry, err := renderers()
	if err != nil {
		return nil, err
	}
	w := &workbench{stdout: os.Stdout, stderr: os.Stderr}
	if r == captured {
		if w.capture, err = eval.NewCapture(); err != nil {
			return nil, fmt.Errorf("cannot capture the output of cells: %w", err)
		}
		w.stdout, w.stderr = w.capture.Stdout(), w.capture.Stderr()
	}
	importer, err := symbols.Importer()
	if err != nil {
		w.Close()
		return nil, fmt.Errorf("the tables of this binary are damaged: %w", err)
	}
	if w.plugins, err = newPlugins(w); err != nil {
		// What was loaded works: a faulty plugin is no reason not to start.
		fmt.Fprintln(w.stderr, "nskernel:", err)
	}
	registry.Extend(extension(w.plugins))
	w.session, err = eval.New(eval.Options{
		Magics:   pluginMagics{w.plugins},
		Exports:  symbols.Exports(),
		Importer: importer,
		Doc:      symbols.Doc,
		Packages: symbols.Packages(),
		Preload:  preloaded(),
		Registry: registry,
		Capture:  w.capture,
		Info:     info(),
	})
	if err != nil {
		w.Close()
		return nil, err
	}
	w.fire(plugin.Startup)
	return w, nil
}

// fire calls the hooks of an event that belongs to no cell.
func (w *workbench) fire(event string) {
	call := plugin.Call{Stdout: w.stdout, Stderr: w.stderr}
	if err := w.plugins.Fire(context.Background(), event, call); err != nil {
		fmt.Fprintln(w.stderr, "nskernel:", err)
	}
}

// Close ends the session and gives the output streams back.
func (w *workbench) Close() {
	if w.session != nil {
		w.fire(plugin.Shutdown)
		w.session.Close()
	}
	if w.capture != nil {
		w.capture.Close()
	}
}

func preloaded() map[string]string {
	names := map[string]string{}
	for _, p := range preloadStd {
		name := p[strings.LastIndexByte(p, '/')+1:]
		if p == "math/rand/v2" {
			name = "rand"
		}
		names[name] = p
	}
	for n, p := range preload {
		names[n] = p
	}
	return names
}

func info() kernel.Info {
	return kernel.Info{
		Implementation:        "nskernel",
		ImplementationVersion: version,
		Banner:                fmt.Sprintf("nskernel %s: Go %s for animals that move through space", version, strings.TrimPrefix(runtime.Version(), "go")),
		Language: kernel.LanguageInfo{
			Name:              "go",
			Version:           strings.TrimPrefix(runtime.Version(), "go"),
			MIMEType:          "text/x-go",
			FileExtension:     ".go",
			PygmentsLexer:     "go",
			CodeMirrorMode:    "go",
			NBConvertExporter: "script",
		},
		HelpLinks: []kernel.HelpLink{
			{Text: "Go language", URL: "https://go.dev/ref/spec"},
			{Text: "Go standard library", URL: "https://pkg.go.dev/std"},
			{Text: "gonum", URL: "https://pkg.go.dev/gonum.org/v1/gonum"},
			{Text: "gonum/plot", URL: "https://pkg.go.dev/gonum.org/v1/plot"},
		},
	}
}

// renderers draw the types of other modules that people show in cells.
func renderers() (*display.Registry, error) {
	r := &display.Registry{}
	if err := r.Register(reflect.TypeFor[*gplot.Plot](), func(v any) (display.Bundle, error) {
		return plot.Bundle(v.(*gplot.Plot))
	}); err != nil {
		return nil, err
	}
	err := r.Register(reflect.TypeFor[mat.Matrix](), func(v any) (display.Bundle, error) {
		return matrixTable(v.(mat.Matrix)).Display()
	})
	return r, err
}

// matrixTable shows a matrix as its dimensions and numbers.
func matrixTable(m mat.Matrix) display.Table {
	rows, cols := m.Dims()
	return display.NewTable(fmt.Sprintf("%d×%d matrix", rows, cols), rows, cols, func(i, j int) string {
		return fmt.Sprintf("%.6g", m.At(i, j))
	})
}

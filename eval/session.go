package eval

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/nskernel/nskernel/comm"
	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/eval/internal/lower"
	"github.com/nskernel/nskernel/eval/nsrt"
	"github.com/nskernel/nskernel/kernel"
	"github.com/traefik/yaegi/interp"
)

// Options configure a session. Importer is required; the zero value of every
// other field works.
type Options struct {
	// Exports are the compiled symbols that cells can use, by "path/name" and
	// symbol. Later ones win.
	Exports []map[string]map[string]reflect.Value
	// Importer gives the types of the same packages to go/types. It need not
	// be safe for concurrent use.
	Importer types.Importer
	// Doc returns the documentation of a package (name "") or of a name in it
	// ("Func", "Type.Method"). Nil: there is none.
	Doc func(pkgPath, name string) string
	// Packages are the import paths offered by completion.
	Packages []string
	// Preload maps names that cells can use without an import to package
	// paths: "ns" to "github.com/nskernel/nskernel/neurospatial". An import
	// or a definition of the user hides the name.
	Preload map[string]string
	// Registry draws values of types that do not know how they look. Nil: an
	// empty one.
	Registry *display.Registry
	// Capture takes what is written to file descriptors 1 and 2, also by
	// compiled code. Nil: only what cells write through fmt, log, print and
	// os.Stdout is given to the cell's output.
	Capture *Capture
	// Env is the environment that os.Getenv sees in cells, "key=value" each;
	// what they set is kept apart. Nil: cells read and set that of the process,
	// which commands inherit.
	Env []string
	// MaxStack and MaxHeap are the sizes in bytes of all stacks and of live
	// heap objects at which the running cell is stopped. Zero: 256 MiB and
	// three quarters of the memory of the machine. Negative: no limit.
	MaxStack, MaxHeap int64
	// Magics run lines such as %time and !ls. Nil: there are none.
	Magics Magics
	// Info is what Info returns; empty fields are filled in.
	Info kernel.Info
}

// Session is the state of one notebook: what its cells have imported, defined
// and computed. Execute runs one cell at a time; the other methods are safe
// for concurrent use.
type Session struct {
	opt      Options
	interp   *interp.Interpreter
	globals  *globalFrame
	lowerer  *lower.Lowerer
	state    *nsrt.State
	comms    *comm.Manager
	capture  *Capture
	input    *stdin
	trace    *traceFilter
	maxStack uint64
	maxHeap  uint64

	running    sync.Mutex // held while Execute runs; guards the next three
	watching   *watchdog  // of the last cell that ran
	executions int
	names      map[string]int // how often a cell name was used

	unchecked atomic.Bool // the error guard is off

	interrupts sync.Mutex
	executing  bool       // Execute is under way
	early      bool       // an interrupt came before there was a target
	target     *nsrt.Cell // what Interrupt stops
	stopMagic  context.CancelCauseFunc

	typing   sync.Mutex // guards everything below
	importer *internals
	pkg      *types.Package
	// objects are the live names of the session: variables, functions, types
	// and constants.
	objects map[string]types.Object
	imports map[string]string // names of explicit imports to paths
	defs    definitions
}

// New returns an empty session.
func New(opt Options) (*Session, error) {
	if opt.Importer == nil {
		return nil, errors.New("eval: Options.Importer is nil: go/types needs it to check cells")
	}
	if opt.Registry == nil {
		opt.Registry = &display.Registry{}
	}
	s := &Session{
		opt:      opt,
		lowerer:  lower.New(),
		capture:  opt.Capture,
		maxStack: limit(opt.MaxStack, defaultMaxStack),
		maxHeap:  limit(opt.MaxHeap, defaultMaxHeap()),
		names:    map[string]int{},
		importer: newInternals(opt.Importer),
		pkg:      types.NewPackage("main", "main"),
		objects:  map[string]types.Object{},
		imports:  map[string]string{},
		defs:     definitions{},
	}
	s.state = nsrt.NewState(s.backgroundPanic)
	s.state.PrintTo(func(text string) { s.stream(s.current(), "stderr", text) })
	s.trace = &traceFilter{next: &writer{s, "stderr"}}
	s.input = &stdin{s: s}
	s.interp = interp.New(interp.Options{
		Env: opt.Env, Stdin: s.input, Stdout: &writer{s, "stdout"}, Stderr: s.trace,
	})
	if err := s.startCapture(); err != nil {
		return nil, err
	}
	if err := s.useExports(); err != nil {
		return nil, err
	}
	globals, err := newGlobalFrame(s.interp)
	if err != nil {
		return nil, err
	}
	s.globals = globals
	return s, nil
}

// limit returns the value of an option in bytes, 0 for no limit.
func limit(option int64, standard uint64) uint64 {
	switch {
	case option < 0:
		return 0
	case option == 0:
		return standard
	}
	return uint64(option)
}

// startCapture begins to take output. Without a Capture of the process the
// session has pipes of its own for what cells write to os.Stdout and
// os.Stderr; where there are no pipes that is left alone.
func (s *Session) startCapture() error {
	if s.capture == nil {
		own, err := newPipes()
		if err != nil {
			own = &Capture{}
		}
		s.capture = own
	}
	s.capture.start(s.captured)
	return nil
}

// useExports gives the interpreter its symbols. Those of the session replace
// functions that would otherwise act on the process.
func (s *Session) useExports() error {
	for _, e := range s.opt.Exports {
		if err := s.use(e); err != nil {
			return err
		}
	}
	// These look at what is there already.
	for _, own := range []func() map[string]map[string]reflect.Value{s.state.Exports, s.process, s.displayFunctions, s.commFunctions} {
		if err := s.use(own()); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) use(symbols interp.Exports) error {
	if err := s.interp.Use(symbols); err != nil {
		return fmt.Errorf("eval: cannot use exported symbols: %w", err)
	}
	return nil
}

// Info describes the language.
func (s *Session) Info() kernel.Info {
	info := s.opt.Info
	if info.Implementation == "" {
		info.Implementation = "nskernel"
	}
	if info.ImplementationVersion == "" {
		info.ImplementationVersion = "devel"
	}
	if info.Banner == "" {
		info.Banner = info.Implementation + " " + info.ImplementationVersion + ": Go " + strings.TrimPrefix(runtime.Version(), "go") + " cells"
	}
	if info.Language.Name == "" {
		info.Language = kernel.LanguageInfo{
			Name: "go", Version: strings.TrimPrefix(runtime.Version(), "go"), MIMEType: "text/x-go", FileExtension: ".go",
			PygmentsLexer: "go", CodeMirrorMode: "text/x-go",
		}
	}
	return info
}

// Close ends the session: the running cell is abandoned, output is no longer
// taken.
func (s *Session) Close() error {
	s.Interrupt(true)
	if s.running.TryLock() { // else a cell that cannot be stopped still runs
		s.stopWatching()
		s.running.Unlock()
	}
	if s.opt.Capture == nil {
		return s.capture.Close()
	}
	return nil
}

// scopeView is what a cell can name. It is valid until release is called;
// meanwhile no cell is compiled, so it must not be kept for longer than a
// completion takes.
type scopeView struct {
	objects map[string]types.Object // variables, functions, types, constants
	imports map[string]string       // usable package names to paths, preloaded ones included
	pkg     *types.Package          // the package of all objects; its scope is scratch, see check
	s       *Session
}

// scope returns the names that are visible to the next cell. The caller must
// release the view.
func (s *Session) scope() *scopeView {
	s.typing.Lock()
	v := &scopeView{objects: s.objects, imports: maps.Clone(s.opt.Preload), pkg: s.pkg, s: s}
	if v.imports == nil {
		v.imports = map[string]string{}
	}
	maps.Copy(v.imports, s.imports)
	for name := range s.objects {
		if _, explicit := s.imports[name]; !explicit {
			delete(v.imports, name)
		}
	}
	return v
}

// release ends the use of the view.
func (v *scopeView) release() { v.s.typing.Unlock() }

// source returns the text that defined name ("f", "T", "T.Method", "x"), the
// name of its cell and its line there.
func (v *scopeView) source(name string) (text, cell string, line int, ok bool) {
	d, ok := v.s.defs[name]
	if !ok {
		return "", "", 0, false
	}
	return d.text, d.cell, d.line, true
}

// comment returns the comment directly above the definition of name, "" if
// there is none.
func (v *scopeView) comment(name string) string {
	if d := v.s.defs[name]; d != nil {
		return d.doc
	}
	return ""
}

// check type-checks file, a complete file of package main whose imports are
// written out, against the session. Names that file declares hide those of the
// session. Errors, also soft ones, are given to report (nil: dropped); info
// is filled as far as possible. Nothing is added to the session.
func (v *scopeView) check(fset *token.FileSet, file *ast.File, info *types.Info, report func(types.Error)) {
	v.s.typeCheck(fset, file, info, v.objects, report)
}

// importPackage returns the types of a package by path.
func (v *scopeView) importPackage(path string) (*types.Package, error) {
	return v.s.opt.Importer.Import(path)
}

// doc returns the documentation of a name in a compiled package.
func (v *scopeView) doc(pkgPath, name string) string {
	if v.s.opt.Doc == nil {
		return ""
	}
	return v.s.opt.Doc(pkgPath, name)
}

// Package plugin is how things are added to the kernel: magics, renderers,
// loaders, completers, inspectors and hooks. A plugin is a name, a version and
// a function that registers contributions with a Registrar; what comes with
// the kernel registers in the same way.
//
// Contributions are functions of plain types, so that the same source can be
// compiled in, interpreted, or run in a process of its own.
package plugin

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"
)

// API is the version of this package's contract. A plugin states the one it
// was written for; any other is refused.
const API = 1

// Info is what a plugin says about itself.
type Info struct {
	Name    string // [a-z][a-z0-9-]{1,39}
	Version string // semantic: "1.2.0"
	API     int    // the plugin.API it was written for
	Summary string // one line
	// CallLimit is how long a renderer, completer, inspector, loader or hook
	// may take. Zero: two seconds. Magics have no limit: the user interrupts
	// them.
	CallLimit time.Duration
}

// A Call is what a running contribution can use. Fields for which the place of
// the call has no meaning are nil: a hook at start-up has no cell.
type Call struct {
	// Ctx is cancelled by an interrupt and at the call limit. A contribution
	// that does not end then is given up.
	Ctx context.Context
	// Args is the rest of the line behind the name, without space around it.
	Args string
	// Stdout and Stderr are the streams of the cell.
	Stdout, Stderr io.Writer
	// Display shows a bundle of MIME types; id may be empty.
	Display func(bundle map[string]any, id string) error
	// Input asks the user for a line.
	Input func(prompt string, password bool) (string, error)
	// Eval runs code in the user's session and returns the text of its value.
	// Nothing is shown.
	Eval func(code string) (text string, err error)
	// Run runs code in the user's session as a part of the cell: what it
	// prints and its value are shown. Errors in text that stands in the cell
	// point there; those in other text are reported as of name.
	Run func(name, code string) (Timing, error)
	// Next offers code as the next cell, or in place of this one.
	Next func(code string, replace bool)
	// Page shows a bundle in the pager of the front end.
	Page func(bundle map[string]any)
}

// Timing is how long code of the user took.
type Timing struct {
	Compile   time.Duration // to check and translate it
	Run       time.Duration
	Processor time.Duration // of all processors while it ran, 0 if not known
}

// Item is one completion: Text replaces code[Start:End].
type Item struct {
	Start, End int    // byte offsets
	Text       string // what is inserted
	Type       string // "magic", "path", "function", …
	Signature  string // shown beside it, may be empty
}

// The events of hooks.
const (
	PreExecute  = "pre_execute"  // before each cell
	PostExecute = "post_execute" // after each cell, also a failed one
	Startup     = "startup"      // once, when the kernel is ready
	Shutdown    = "shutdown"     // once, before it ends
)

var events = []string{PreExecute, PostExecute, Startup, Shutdown}

// RegisterFunc is the entry point of a plugin.
type RegisterFunc = func(r Registrar) error

// compiledPlugin is a plugin that is linked into the program.
type compiledPlugin struct {
	info     Info
	register RegisterFunc
}

var compiled struct {
	mu   sync.Mutex
	list []compiledPlugin
}

// Compiled makes a plugin that is linked into the program known. It is called
// from an init function; Registry.LoadCompiled loads it. Nothing is checked
// before that, so that a faulty plugin cannot keep the program from starting.
func Compiled(info Info, register RegisterFunc) {
	compiled.mu.Lock()
	defer compiled.mu.Unlock()
	compiled.list = append(compiled.list, compiledPlugin{info, register})
}

func compiledPlugins() []compiledPlugin {
	compiled.mu.Lock()
	defer compiled.mu.Unlock()
	return slices.Clone(compiled.list)
}

package eval

import (
	"context"
	"io"
	"time"

	"github.com/nskernel/nskernel/display"
)

// Magics run what cells contain besides Go. All methods are safe for
// concurrent use.
type Magics interface {
	// List names what there is.
	List() []MagicInfo
	// Run runs a magic of the list. An interrupt cancels ctx. When Run has
	// returned, the functions of cell do nothing any more.
	Run(ctx context.Context, m Magic, cell *MagicCell) error
	// Fire tells that a cell begins ("pre_execute") or has ended
	// ("post_execute"). An error is shown and changes nothing else.
	Fire(ctx context.Context, event string, cell *MagicCell) error
	// Complete lists what can stand at byte offset cursor of code, besides
	// Go and the names of magics.
	Complete(code string, cursor int) []MagicItem
	// Inspect documents a name that Go does not know.
	Inspect(name string, detail int) (data map[string]any, ok bool)
}

// MagicInfo describes a magic: %name, or %%name for a whole cell.
type MagicInfo struct {
	Name string
	Cell bool
	Help string // the first line is a summary
}

// Magic is a magic as it stands in a cell. The line !command is the magic sh.
type Magic struct {
	Name string
	Cell bool
	Args string // behind the name, without space around
	Body string // of a cell magic: the lines below
}

// MagicItem is a completion: Text replaces code[Start:End].
type MagicItem struct {
	Start, End            int
	Text, Type, Signature string
}

// MagicCell is what a magic can do in its cell. The functions may be called
// from any goroutine, one at a time.
type MagicCell struct {
	Stdout, Stderr io.Writer
	Display        func(b display.Bundle, id string) error
	Input          func(prompt string, password bool) (string, error)
	// Run runs code; what it prints and its value are shown. Where the
	// arguments or the body of the magic are part of code, errors in them
	// point to the cell; those in other text are reported as of name, "" for
	// the cell.
	Run func(name, code string) (MagicTiming, error)
	// Eval runs code and returns the text of its value.
	Eval func(code string) (string, error)
	// Next offers code as the next cell, or in place of this one.
	Next func(code string, replace bool)
	// Page shows a bundle in the pager of the front end.
	Page func(b display.Bundle)
}

// MagicTiming is how long code took: to check and translate it, and to run, by
// the clock and of all processors (0 if that is not known).
type MagicTiming struct{ Compile, Run, Processor time.Duration }

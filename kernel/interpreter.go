package kernel

import (
	"context"

	"github.com/nskernel/nskernel/display"
)

// Interpreter is the language behind the kernel. The kernel calls Execute for
// one request at a time; Info, Interrupt, Complete, Inspect and IsComplete may
// be called from other goroutines while it runs.
type Interpreter interface {
	// Info describes the language for kernel_info_reply.
	Info() Info
	// Execute runs a cell. Output goes to out until the next Execute, also
	// from goroutines that the cell leaves behind; when Execute returns,
	// everything the cell itself wrote has been given to out. A failed cell
	// returns a *CellError; any other error is reported under its Go type.
	// ctx is cancelled when the kernel shuts down.
	Execute(ctx context.Context, req Request, out Output) (Reply, error)
	// Complete lists the completions at byte offset cursor of code.
	Complete(code string, cursor int) Completion
	// Inspect documents the name at byte offset cursor of code: signature and
	// documentation at detail 0, source at detail 1.
	Inspect(code string, cursor, detail int) (display.Bundle, bool)
	// IsComplete tells whether code can be run, and the indentation of the
	// next line when it cannot yet.
	IsComplete(code string) (status Completeness, indent string)
	// Interrupt stops the running cell and keeps its state. second is true
	// when an earlier interrupt of the same cell has not ended it. It must
	// return soon: requests on control wait for it.
	Interrupt(second bool)
	// Close ends the session and everything it started.
	Close() error
}

// Info describes a language (language_info and banner of kernel_info_reply).
type Info struct {
	Implementation        string // "nskernel"
	ImplementationVersion string
	Banner                string
	Language              LanguageInfo
	HelpLinks             []HelpLink
}

// LanguageInfo is the language_info object of the Jupyter protocol.
type LanguageInfo struct {
	Name              string `json:"name"`
	Version           string `json:"version"`
	MIMEType          string `json:"mimetype"`
	FileExtension     string `json:"file_extension"`
	PygmentsLexer     string `json:"pygments_lexer,omitempty"`
	CodeMirrorMode    any    `json:"codemirror_mode,omitempty"`
	NBConvertExporter string `json:"nbconvert_exporter,omitempty"`
}

// HelpLink is an entry of the front end's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// Request is one cell to run.
type Request struct {
	Code            string
	Count           int  // the execution count In[Count]
	Silent          bool // no output is shown, nothing is counted
	StoreHistory    bool
	AllowStdin      bool              // Output.Input may ask
	UserExpressions map[string]string // evaluated after the cell
	CellID          string            // of the notebook cell, when the front end tells
}

// Output is where a cell writes. It carries the request that it belongs to,
// so that output of background goroutines stays with their cell.
type Output interface {
	display.Sink
	// Input asks the front end for a line. It fails when the front end does
	// not allow it and when the cell is interrupted; io.EOF is end of input.
	Input(prompt string, password bool) (string, error)
}

// Reply is the outcome of a cell that succeeded.
type Reply struct {
	Result          *display.Bundle // value of the last expression, nil if none
	Payload         []map[string]any
	UserExpressions map[string]Expression
}

// Expression is the value of one user expression or, in Err, why it has none.
type Expression struct {
	Value display.Bundle
	Err   *CellError
}

// CellError is why a cell failed, as the front end shows it.
type CellError struct {
	Name      string   // ename: "compile error", "panic", "interrupted", …
	Value     string   // evalue: one line
	Traceback []string // lines with ANSI colours
}

// Error returns name and value in one line.
func (e *CellError) Error() string { return e.Name + ": " + e.Value }

// Completion is the answer of Complete. Start and End are the byte offsets
// that a match replaces.
type Completion struct {
	Start, End int
	Items      []CompletionItem
}

// CompletionItem is one match.
type CompletionItem struct {
	Text      string // what replaces code[Start:End]
	Type      string // function, type, variable, constant, field, method, module, keyword, magic, path
	Signature string // of functions and methods
}

// Completeness is the status of is_complete_reply.
type Completeness string

// The statuses of is_complete_reply.
const (
	Complete   Completeness = "complete"
	Incomplete Completeness = "incomplete"
	Invalid    Completeness = "invalid"
	Unknown    Completeness = "unknown"
)

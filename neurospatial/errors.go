package neurospatial

import (
	"errors"
	"fmt"
	"strings"
)

// Kinds of errors. Every error of this package is an [*Error] that wraps one of them, so that a
// program asks errors.Is(err, ErrShape) while a person reads the message.
var (
	// ErrInvalid is the kind of a value that breaks a rule of its own: a negative bandwidth, a NaN time.
	ErrInvalid = errors.New("invalid argument")
	// ErrShape is the kind of two values whose lengths or dimensions do not fit together.
	ErrShape = errors.New("shape mismatch")
	// ErrNoActiveBins is the kind of an environment that would have no bins at all.
	ErrNoActiveBins = errors.New("no active bins")
	// ErrTooLarge is the kind of a result that would need more memory than its limit allows.
	ErrTooLarge = errors.New("too large")
	// ErrUnsupported is the kind of an operation that this environment's layout cannot do.
	ErrUnsupported = errors.New("unsupported")
	// ErrNotFound is the kind of something asked for that does not exist: a bin number out of range,
	// a path between bins that are not connected.
	ErrNotFound = errors.New("not found")
)

// Error codes, one section each in docs/errors.md. E1… are those of the Python library, with the same
// meaning; E2… are this package's own.
const (
	codeNoActiveBins = "E1001" // no bin would be active
	codeBinSize      = "E1002" // bin size is not a finite number above 0
	codeNotBuilt     = "E1006" // environment not made by a constructor
	codeLength       = "E2001" // a slice has the wrong length
	codeDimension    = "E2002" // points have the wrong number of coordinates
	codeNotFinite    = "E2003" // NaN or infinity where a number is needed
	codeRange        = "E2004" // a number outside its allowed range
	codeBinNumber    = "E2005" // no such bin
	codeNoPath       = "E2006" // bins that are not connected
	codeTooLarge     = "E2007" // more memory than allowed
	codeUnsupported  = "E2008" // not possible with this layout
	codeOptions      = "E2009" // contradictory options
	codeLayout       = "E2010" // a layout whose geometry is inconsistent
	codeFile         = "E2011" // a file that does not hold what it should
)

// Error tells what was wrong with a call, why, and how to repair it.
type Error struct {
	Op   string // the function called: "Environment.Smooth"
	Arg  string // the argument at fault: "field"; empty if no single one is
	What string // the value received and the rule, lower case, no full stop
	Why  string // what the data say about the cause
	Fix  string // one to three repairs
	Code string // "E1002": a section of docs/errors.md
	Kind error  // ErrInvalid, ErrShape, …
}

// Error returns one line: package, function, argument and what was wrong with it.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("neurospatial: ")
	b.WriteString(e.Op)
	b.WriteString(": ")
	if e.Arg != "" {
		b.WriteString(e.Arg)
		b.WriteByte(' ')
	}
	b.WriteString(e.What)
	if e.Code != "" {
		b.WriteString(" [")
		b.WriteString(e.Code)
		b.WriteByte(']')
	}
	return b.String()
}

// Unwrap returns the kind, so that errors.Is finds it.
func (e *Error) Unwrap() error { return e.Kind }

// Hint returns the reason and the repairs, or "" if the message says it all.
func (e *Error) Hint() string {
	switch {
	case e.Why == "":
		return e.Fix
	case e.Fix == "":
		return e.Why
	}
	return e.Why + "; " + e.Fix
}

// oneOption returns the only element of opts or the zero value. Options are a trailing variadic
// parameter to make them optional; two of them would hide which one holds.
func oneOption[T any](op string, opts []T) (T, error) {
	var zero T
	switch len(opts) {
	case 0:
		return zero, nil
	case 1:
		return opts[0], nil
	}
	return zero, &Error{Op: op, Arg: "opts", Code: codeOptions, Kind: ErrInvalid,
		What: fmt.Sprintf("holds %d option values; at most one is allowed", len(opts)),
		Fix:  "put all fields into one options value"}
}

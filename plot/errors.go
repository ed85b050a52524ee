package plot

import (
	"errors"
	"fmt"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// Error tells what was wrong with a call and how to repair it.
type Error struct {
	Op   string // the function called: "Field"
	Arg  string // the argument at fault: "field"; empty if no single one is
	What string // the value received and the rule, lower case, no full stop
	Fix  string // one to three repairs; may be empty
	Kind error  // ErrShape, ErrInvalid or ErrUnsupported of package neurospatial, or an error from below
}

// Error returns one line: package, function, argument and what was wrong.
func (e *Error) Error() string {
	if e.Arg == "" {
		return fmt.Sprintf("plot: %s: %s", e.Op, e.What)
	}
	return fmt.Sprintf("plot: %s: %s %s", e.Op, e.Arg, e.What)
}

// Unwrap returns the kind, so that errors.Is finds it.
func (e *Error) Unwrap() error { return e.Kind }

// Hint returns the repairs, or "" if the message says it all.
func (e *Error) Hint() string { return e.Fix }

func invalid(op, arg, fix, what string, args ...any) *Error {
	return &Error{Op: op, Arg: arg, Fix: fix, Kind: ns.ErrInvalid, What: fmt.Sprintf(what, args...)}
}

func shape(op, arg, fix, what string, args ...any) *Error {
	return &Error{Op: op, Arg: arg, Fix: fix, Kind: ns.ErrShape, What: fmt.Sprintf(what, args...)}
}

// joined returns nil, the only error, or all of them joined, so that one call
// reports all its faults.
func joined(errs []error) error {
	switch len(errs) {
	case 0:
		return nil
	case 1:
		return errs[0]
	}
	return errors.Join(errs...)
}

// oneOption returns the only element of opts or the zero value; two of them
// would hide which one holds.
func oneOption[T any](op string, opts []T) (T, error) {
	var zero T
	switch len(opts) {
	case 0:
		return zero, nil
	case 1:
		return opts[0], nil
	}
	return zero, invalid(op, "opts", "put all fields into one options value",
		"holds %d option values; at most one is allowed", len(opts))
}

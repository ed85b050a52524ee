// Package errors stands for the generic functions of the standard library's
// package errors in interpreted programs.
package errors

import "errors"

// AsType returns the first error of type E that err wraps.
func AsType[E error](err error) (E, bool) {
	var e E
	ok := errors.As(err, &e)
	return e, ok
}

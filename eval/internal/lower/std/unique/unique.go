// Package unique stands for the standard library's package unique in
// interpreted programs.
package unique

// Handle stands for a value. Two handles are equal if their values are.
type Handle[T comparable] struct{ value T }

// Make returns the handle of a value.
func Make[T comparable](value T) Handle[T] { return Handle[T]{value} }

// Value returns the value of the handle.
func (h Handle[T]) Value() T { return h.value }

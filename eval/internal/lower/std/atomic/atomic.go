// Package atomic stands for the generic types of the standard library's
// package sync/atomic in interpreted programs.
package atomic

import "sync"

// Pointer is an atomic pointer. The zero value is nil.
type Pointer[T any] struct {
	mu sync.Mutex
	p  *T
}

// Load returns the pointer.
func (x *Pointer[T]) Load() *T {
	x.mu.Lock()
	p := x.p
	x.mu.Unlock()
	return p
}

// Store sets the pointer.
func (x *Pointer[T]) Store(val *T) {
	x.mu.Lock()
	x.p = val
	x.mu.Unlock()
}

// Swap sets the pointer and returns the old one.
func (x *Pointer[T]) Swap(val *T) (old *T) {
	x.mu.Lock()
	old = x.p
	x.p = val
	x.mu.Unlock()
	return old
}

// CompareAndSwap sets the pointer to val if it is old, and tells whether it
// was.
func (x *Pointer[T]) CompareAndSwap(old, val *T) (swapped bool) {
	x.mu.Lock()
	swapped = x.p == old
	if swapped {
		x.p = val
	}
	x.mu.Unlock()
	return swapped
}

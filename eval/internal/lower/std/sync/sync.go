// Package sync stands for the generic functions of the standard library's
// package sync in interpreted programs.
package sync

import "sync"

// OnceValue returns a function that calls f once and returns its value each
// time. A panic of f is repeated each time.
func OnceValue[T any](f func() T) func() T {
	g := OnceValues(func() (T, struct{}) { return f(), struct{}{} })
	return func() T {
		v, _ := g()
		return v
	}
}

// OnceValues is OnceValue for two values.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	var mu sync.Mutex
	called, normal := false, false
	var failed any
	var v1 T1
	var v2 T2
	call := func() {
		defer func() {
			if !normal {
				failed = recover()
			}
		}()
		v1, v2 = f()
		normal = true
	}
	return func() (T1, T2) {
		mu.Lock()
		defer mu.Unlock()
		if !called {
			called = true
			call()
		}
		if !normal {
			panic(failed)
		}
		return v1, v2
	}
}

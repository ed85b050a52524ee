// Package iter stands for the generic functions of the standard library's
// package iter in interpreted programs.
package iter

// pair is what an iteration over two variables gives.
type pair[K, V any] struct {
	k K
	v V
}

// Pull turns an iteration into a function that returns the next value, and one
// that ends it.
func Pull[V any](seq func(yield func(V) bool)) (next func() (V, bool), stop func()) {
	n, s := Pull2(func(yield func(V, bool) bool) {
		seq(func(v V) bool { return yield(v, true) })
	})
	return func() (V, bool) {
		v, _, ok := n()
		return v, ok
	}, s
}

// Pull2 is Pull for iterations over two variables. The iteration runs on a
// goroutine of its own, but only while next or stop waits for it.
func Pull2[K, V any](seq func(yield func(K, V) bool)) (next func() (K, V, bool), stop func()) {
	values := make(chan pair[K, V])
	resume := make(chan bool)
	started, done := false, false
	var failed any
	run := func() {
		defer close(values)
		defer func() {
			if r := recover(); r != nil {
				failed = r
			}
		}()
		if !<-resume {
			return
		}
		seq(func(k K, v V) bool {
			values <- pair[K, V]{k, v}
			return <-resume
		})
	}
	step := func(more bool) (p pair[K, V], ok bool) {
		if done {
			return p, false
		}
		if !started {
			if !more {
				done = true
				return p, false
			}
			started = true
			go run()
		}
		resume <- more
		p, ok = <-values
		if !ok {
			done = true
			if failed != nil {
				panic(failed)
			}
		}
		return p, ok
	}
	next = func() (K, V, bool) {
		p, ok := step(true)
		return p.k, p.v, ok
	}
	stop = func() {
		step(false)
		done = true
	}
	return next, stop
}

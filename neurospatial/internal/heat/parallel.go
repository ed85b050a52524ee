package heat

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// workers returns how many goroutines are worth starting for so many elementary
// operations: starting one and waiting for it costs about as much as 10,000.
func workers(operations int) int {
	return max(1, min(runtime.GOMAXPROCS(0), operations/100_000))
}

// scratch is the working memory of one goroutine.
type scratch struct {
	vectors [3][]float64
	shared  bool // other goroutines work beside this one
}

// vector returns a vector of the given length with any content.
func (b *scratch) vector(slot, n int) []float64 {
	if cap(b.vectors[slot]) < n {
		b.vectors[slot] = make([]float64, n)
	}
	return b.vectors[slot][:n]
}

// inParallel runs jobs 0, 1, … on as many goroutines as the operations of all of
// them are worth and returns the first error, after which no job is begun.
func inParallel(jobs, operations int, run func(job int, b *scratch) error) error {
	count := min(jobs, workers(operations))
	if count <= 1 {
		b := new(scratch)
		for job := range jobs {
			if err := run(job, b); err != nil {
				return err
			}
		}
		return nil
	}
	var (
		next   atomic.Int64
		once   sync.Once
		failed atomic.Bool
		first  error
		group  sync.WaitGroup
	)
	for range count {
		group.Go(func() {
			b := &scratch{shared: true}
			for !failed.Load() {
				job := int(next.Add(1)) - 1
				if job >= jobs {
					return
				}
				if err := run(job, b); err != nil {
					once.Do(func() { first = err })
					failed.Store(true)
				}
			}
		})
	}
	group.Wait()
	return first
}

// split runs f over 0..n-1 in so many parts at once.
func split(parts, n int, f func(lo, hi int)) {
	if parts <= 1 {
		f(0, n)
		return
	}
	var group sync.WaitGroup
	for p := range parts {
		group.Go(func() { f(p*n/parts, (p+1)*n/parts) })
	}
	group.Wait()
}

package eval

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/nskernel/nskernel/eval/nsrt"
)

// Why a watchdog ended a cell.
var (
	errStack = errors.New("stack overflow: the recursion did not end")
	errHeap  = errors.New("out of memory")
)

const (
	watchInterval   = 10 * time.Millisecond
	defaultMaxStack = 256 << 20
	// goMaxStack keeps the Go runtime from ending the process before the
	// watchdog has seen a runaway recursion.
	goMaxStack = 4 << 30
)

// watchdog watches the memory of the process while a cell runs.
type watchdog struct {
	s    *Session
	cell *nsrt.Cell
	stop chan struct{}
	done sync.WaitGroup
	id   uint64 // run id of the interpreter when the cell began

	why atomic.Pointer[error]
}

var raiseMaxStack = sync.OnceFunc(func() { debug.SetMaxStack(goMaxStack) })

// watch starts to watch the running cell.
func (s *Session) watch(c *nsrt.Cell) *watchdog {
	raiseMaxStack()
	w := &watchdog{s: s, cell: c, stop: make(chan struct{}), id: atomic.LoadUint64(s.runID())}
	w.done.Go(w.loop)
	return w
}

// end stops watching and returns why the watchdog ended the cell, nil if it
// did not.
func (w *watchdog) end() error {
	close(w.stop)
	w.done.Wait()
	why := w.why.Load()
	if why == nil {
		return nil
	}
	// Closures of earlier cells run again.
	atomic.StoreUint64(w.s.runID(), w.id)
	return *why
}

func (w *watchdog) loop() {
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/stacks:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"},
	}
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-tick.C:
		}
		metrics.Read(samples)
		if limit := w.s.maxStack; limit > 0 && samples[0].Value.Uint64() > limit {
			w.overflow()
			return
		}
		if limit := w.s.maxHeap; limit > 0 && samples[1].Value.Uint64() > limit {
			runtime.GC()
			if metrics.Read(samples); samples[1].Value.Uint64() > limit {
				w.cell.StopMain(fmt.Errorf("%w: the cell was stopped at %d MB of live objects", errHeap, samples[1].Value.Uint64()>>20))
				return
			}
		}
	}
}

// overflow ends a runaway recursion. To unwind its frames by a panic would
// take time quadratic in their number, so all frames of the interpreter are
// made to return: each compares the run id it was started with, and changing
// that ends them. end changes it back.
func (w *watchdog) overflow() {
	why := errStack
	w.why.Store(&why)
	w.cell.StopMain(why)
	atomic.AddUint64(w.s.runID(), 1)
}

// runID is the counter by which the interpreter cancels its frames, its first
// field. TestRunID guards the assumption.
func (s *Session) runID() *uint64 { return (*uint64)(unsafe.Pointer(s.interp)) }

package eval

import (
	"errors"
	"fmt"
	"math"
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
	goMaxStack = min(4<<30, math.MaxInt)
)

// watchdog watches the memory of the process while a cell runs.
type watchdog struct {
	s    *Session
	cell *nsrt.Cell
	stop chan struct{}
	done sync.WaitGroup
	id   uint64 // run id of the interpreter when the cell began
	base uint64 // least bytes of all stacks since the cell began
	heap uint64 // bytes of heap objects at which the cell is stopped, 0 for no limit

	why atomic.Pointer[error]
}

var raiseMaxStack = sync.OnceFunc(func() { debug.SetMaxStack(goMaxStack) })

// watch starts to watch the running cell.
func (s *Session) watch(c *nsrt.Cell) *watchdog {
	raiseMaxStack()
	w := &watchdog{s: s, cell: c, stop: make(chan struct{}), id: atomic.LoadUint64(s.runID()), base: stackBytes()}
	if limit := s.maxHeap; limit > 0 {
		// What earlier cells hold is not the fault of this one.
		held := heapBytes()
		if held > limit {
			runtime.GC()
			held = heapBytes()
		}
		w.heap = max(limit, held+limit/8)
	}
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
	// All frames must be gone before those of earlier cells may run again,
	// also those of a goroutine that the cell has left behind.
	for deadline := time.Now().Add(unwindTime); w.tooDeep(stackBytes()) && time.Now().Before(deadline); {
		time.Sleep(watchInterval)
	}
	atomic.StoreUint64(w.s.runID(), w.id)
	return *why
}

// unwindTime is how long the frames of a runaway recursion may take to return.
const unwindTime = 10 * time.Second

const stackMetric, heapMetric = "/memory/classes/heap/stacks:bytes", "/memory/classes/heap/objects:bytes"

// stackBytes returns the size of all stacks of the process.
func stackBytes() uint64 { return readMetric(stackMetric) }

// heapBytes returns the size of all objects on the heap, garbage that has not
// been found included.
func heapBytes() uint64 { return readMetric(heapMetric) }

func readMetric(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// tooDeep tells whether the stacks have grown beyond the limit since they were
// smallest. When the cell began they may have held the dead stack of an earlier
// runaway, which the next garbage collection frees: measured from there, a new
// one would grow as large unseen.
func (w *watchdog) tooDeep(stacks uint64) bool {
	w.base = min(w.base, stacks)
	return w.s.maxStack > 0 && stacks-w.base > w.s.maxStack
}

func (w *watchdog) loop() {
	samples := []metrics.Sample{{Name: stackMetric}, {Name: heapMetric}}
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-tick.C:
		}
		metrics.Read(samples)
		if w.tooDeep(samples[0].Value.Uint64()) {
			w.overflow()
			return
		}
		if w.heap > 0 && samples[1].Value.Uint64() > w.heap && w.full() {
			return
		}
	}
}

// full stops the cell if the heap is above its limit without garbage as well.
// What cleanups hold is garbage only the second time.
func (w *watchdog) full() bool {
	for range 2 {
		runtime.GC()
		if heapBytes() <= w.heap {
			return false
		}
	}
	w.cell.StopMain(fmt.Errorf("%w: the cell was stopped at %d MB of live objects; set large variables to nil to go on", errHeap, heapBytes()>>20))
	return true
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

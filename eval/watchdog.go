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

// watchdog watches the memory of the process while a cell runs, and after it
// while goroutines that cells have left behind still run.
type watchdog struct {
	s        *Session
	cell     *nsrt.Cell
	stop     chan struct{}
	done     sync.WaitGroup
	base     uint64      // least bytes of all stacks since the cell began; of the loop
	heap     uint64      // bytes of heap objects at which the cell is stopped, 0 for no limit
	detached atomic.Bool // the cell is over

	unwinding sync.Mutex            // held while a runaway recursion is ended
	why       atomic.Pointer[error] // why the cell was ended
}

var raiseMaxStack = sync.OnceFunc(func() { debug.SetMaxStack(goMaxStack) })

// watch starts to watch the running cell, instead of the one before it. The
// caller holds s.running.
func (s *Session) watch(c *nsrt.Cell) *watchdog {
	raiseMaxStack()
	s.stopWatching()
	w := &watchdog{s: s, cell: c, stop: make(chan struct{}), base: stackBytes()}
	if limit := s.maxHeap; limit > 0 {
		// What earlier cells hold is not the fault of this one.
		held := heapBytes()
		if held > limit {
			runtime.GC()
			held = heapBytes()
		}
		w.heap = max(limit, held+limit/8)
	}
	s.watching = w
	w.done.Go(w.loop)
	return w
}

// stopWatching ends the watchdog that runs, if any. A recursion that it is just
// ending is over then, so that code may run again. The caller holds s.running.
func (s *Session) stopWatching() {
	if w := s.watching; w != nil {
		s.watching = nil
		close(w.stop)
		w.done.Wait()
	}
}

// holdWatchdog keeps the watchdog from ending a recursion until resume is
// called: meanwhile the interpreter may compile. The caller holds s.running.
func (s *Session) holdWatchdog() (resume func()) {
	w := s.watching
	if w == nil {
		return func() {}
	}
	w.unwinding.Lock()
	return w.unwinding.Unlock
}

// end notes that the cell is over and returns why the watchdog ended it, nil if
// it did not. Goroutines that go on are watched on.
func (w *watchdog) end() error {
	w.detached.Store(true)
	w.unwinding.Lock() // wait for a recursion that is just being ended
	defer w.unwinding.Unlock()
	if why := w.why.Load(); why != nil {
		return *why
	}
	return nil
}

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
		detached := w.detached.Load()
		if detached && w.s.state.Background() == 0 {
			return
		}
		metrics.Read(samples)
		if w.tooDeep(samples[0].Value.Uint64()) {
			w.overflow()
		}
		if !detached && w.heap > 0 && samples[1].Value.Uint64() > w.heap && w.full() {
			w.heap = 0
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

// unwindTime is how long the frames of a runaway recursion may take to return,
// settleTime how long they get when the size of the stacks tells that they have.
// That size alone is no proof: dead stacks come and go in it.
const unwindTime, settleTime = 10 * time.Second, time.Second

// overflow ends a runaway recursion. To unwind its frames by a panic would
// take time quadratic in their number, so all frames of the interpreter are
// made to return: each compares the run id it was started with, and changing
// that ends them. When they are gone the id is changed back, for the closures
// and goroutines of earlier cells.
func (w *watchdog) overflow() {
	w.unwinding.Lock()
	defer w.unwinding.Unlock()
	why := errStack
	late := w.detached.Load()
	w.why.Store(&why)
	id := atomic.LoadUint64(w.s.runID())
	atomic.AddUint64(w.s.runID(), 1)
	w.cell.StopMain(why)
	for start := time.Now(); !w.unwound(time.Since(start)); {
		time.Sleep(watchInterval)
	}
	atomic.StoreUint64(w.s.runID(), id)
	w.base = stackBytes()
	if late {
		w.cell.Report(nsrt.Panic{Value: why})
	}
}

// unwound tells whether the frames of a runaway recursion have returned, after
// waiting for a while.
func (w *watchdog) unwound(waited time.Duration) bool {
	if w.cell.Ended() && w.s.state.Background() == 0 || waited > unwindTime {
		return true
	}
	return waited > settleTime && !w.tooDeep(stackBytes())
}

// runID is the counter by which the interpreter cancels its frames, its first
// field. TestRunID guards the assumption.
func (s *Session) runID() *uint64 { return (*uint64)(unsafe.Pointer(s.interp)) }

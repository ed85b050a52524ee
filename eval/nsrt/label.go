package nsrt

import (
	"bytes"
	"context"
	"runtime"
	"runtime/pprof"
	"strconv"
	"unsafe"
)

// A goroutine inherits the profiler labels of the goroutine that starts it,
// also when compiled code starts it. That makes the pointer to the label set
// the one cheap answer to "which cell does this goroutine belong to": every
// cell sets a label set of its own, and the address of the set is looked up.
// Only the address is used, never the layout.

// profLabel returns the label set of the calling goroutine, nil if it has none.
//
//go:linkname profLabel runtime/pprof.runtime_getProfLabel
func profLabel() unsafe.Pointer

// setLabel gives the calling goroutine a label set that no other cell has and
// returns its address. The label shows in CPU profiles.
func setLabel(cell string) unsafe.Pointer {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("nskernel", cell)))
	return profLabel()
}

// labelAddr returns the address of the label set of the calling goroutine, 0
// if it has none.
func labelAddr() uintptr { return uintptr(profLabel()) }

// goid returns the number of the calling goroutine. It takes microseconds on a
// deep stack, so it is asked only when a goroutine starts and when one is
// about to be stopped.
func goid() uint64 {
	var buf [64]byte
	fields := bytes.Fields(buf[:runtime.Stack(buf[:], false)])
	if len(fields) < 2 {
		return 0
	}
	id, _ := strconv.ParseUint(string(fields[1]), 10, 64)
	return id
}

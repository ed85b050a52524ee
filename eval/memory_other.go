//go:build !linux && !darwin

package eval

// machineMemory returns 0: it is not asked for on this system, so there is no
// limit of the heap unless Options.MaxHeap sets one.
func machineMemory() uint64 { return 0 }

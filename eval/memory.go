package eval

// heapShare is the part of the machine's memory that live objects may take
// before a cell is stopped, in percent.
const heapShare = 75

// defaultMaxHeap returns the standard limit of live heap objects in bytes, 0
// when the size of the machine is not known.
func defaultMaxHeap() uint64 { return machineMemory() / 100 * heapShare }

package eval

import "golang.org/x/sys/unix"

// machineMemory returns the memory of the machine in bytes.
func machineMemory() uint64 {
	n, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0
	}
	return n
}

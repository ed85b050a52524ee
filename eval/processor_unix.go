//go:build unix

package eval

import (
	"syscall"
	"time"
)

// processorTime is what all threads of the process have used so far, 0 if that
// is not known.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

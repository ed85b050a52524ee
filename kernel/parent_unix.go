//go:build unix

package kernel

import (
	"os"
	"syscall"
)

// parentAlive returns the test whether the starter of this process lives, nil
// if there is none to watch. pid is what the starter says its id is, 0 if it
// says nothing; a script may stand between it and this process. A pid that
// means nobody here, as in a container, is not believed.
func parentAlive(pid int) func() bool {
	direct := os.Getppid()
	if pid > 1 && pid != direct && processExists(pid) {
		return func() bool { return processExists(pid) }
	}
	if direct <= 1 { // started by init, or first in a container
		return nil
	}
	return func() bool { return os.Getppid() == direct }
}

func processExists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}

package kernel

import "syscall"

// parentAlive returns the test whether the starter of this process lives, nil
// if there is none to watch. On Windows clients tell a handle that this process
// has inherited, not an id.
func parentAlive(handle int) func() bool {
	if handle == 0 {
		return nil
	}
	return func() bool {
		event, err := syscall.WaitForSingleObject(syscall.Handle(handle), 0)
		return err != nil || event != syscall.WAIT_OBJECT_0
	}
}

package eval

import (
	"os"

	"golang.org/x/sys/unix"
)

// growPipe lets the pipe of w hold pipeSize bytes, so that writers wait less.
// A limit of the system may forbid it; the pipe works all the same.
func growPipe(w *os.File) {
	if raw, err := w.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeSize) })
	}
}

func dup2(from, to int) error { return unix.Dup3(from, to, 0) }

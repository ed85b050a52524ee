//go:build linux || darwin

package eval

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// pipeSize is how much a pipe is made to hold where that can be chosen.
const pipeSize = 1 << 20

// pipe is one captured stream.
type pipe struct {
	r, w *os.File
	fd   int    // of r, for reads that do not wait
	tail []byte // the beginning of a rune whose rest has not been read
}

func newPipe() (*pipe, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	raw, err := r.SyscallConn()
	if err != nil {
		return nil, err
	}
	p := &pipe{r: r, w: w}
	if err := raw.Control(func(fd uintptr) { p.fd = int(fd) }); err != nil {
		return nil, err
	}
	growPipe(w)
	return p, nil
}

// read reads what is there; 0 if nothing is.
func (p *pipe) read(buf []byte) int {
	for {
		n, err := unix.Read(p.fd, buf)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		return max(n, 0)
	}
}

// watch calls ready whenever there is something to read, until p is closed.
func (p *pipe) watch(ready func()) {
	raw, err := p.r.SyscallConn()
	if err != nil {
		return
	}
	// Read fails when p.r is closed, which is how watching ends.
	_ = raw.Read(func(uintptr) bool {
		ready()
		return false
	})
}

// redirect makes descriptor fd write to p and returns what it was.
func (p *pipe) redirect(fd int) (*os.File, error) {
	old, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	// Fd makes the writing end wait when the pipe is full, which is what
	// writers of a standard stream expect.
	if err := dup2(int(p.w.Fd()), fd); err != nil {
		return nil, errors.Join(err, unix.Close(old))
	}
	return os.NewFile(uintptr(old), "saved"), nil
}

// restore makes fd what it was before redirect.
func restore(saved *os.File, fd int) error {
	return errors.Join(dup2(int(saved.Fd()), fd), saved.Close())
}

func (p *pipe) close() {
	// Nobody is left who could act on an error.
	_ = p.w.Close()
	_ = p.r.Close()
}

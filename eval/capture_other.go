//go:build !linux && !darwin

package eval

import (
	"errors"
	"os"
	"runtime"
)

// On this system descriptors are not captured. Cells see what they print with
// fmt, log and print; what compiled code, os.Stdout and child processes write
// goes where the kernel's own output goes.

const pipeSize = 0

var errNoCapture = errors.New("output that compiled code writes to file descriptors is not captured on " + runtime.GOOS)

type pipe struct {
	w    *os.File
	tail []byte
}

func newPipe() (*pipe, error)                { return nil, errNoCapture }
func (*pipe) read([]byte) int                { return 0 }
func (*pipe) watch(func())                   {}
func (*pipe) redirect(int) (*os.File, error) { return nil, errNoCapture }
func (*pipe) close()                         {}
func restore(saved *os.File, _ int) error    { return saved.Close() }

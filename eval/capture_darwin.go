package eval

import (
	"os"

	"golang.org/x/sys/unix"
)

// growPipe does nothing: pipes grow by themselves on this system.
func growPipe(*os.File) {}

func dup2(from, to int) error { return unix.Dup2(from, to) }

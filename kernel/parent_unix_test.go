//go:build unix

package kernel

import (
	"os"
	"os/exec"
	"testing"
)

func TestParentAlive(t *testing.T) {
	child := exec.Command("cat") // waits until its input is closed
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	alive := parentAlive(child.Process.Pid)
	if !alive() {
		t.Error("a living process is said to be gone")
	}
	in.Close()
	if err := child.Wait(); err != nil {
		t.Fatal(err)
	}
	if alive() {
		t.Error("a process that has ended is said to live")
	}
	// A pid that never meant anybody: as if in another pid namespace.
	if alive := parentAlive(child.Process.Pid); alive != nil && !alive() {
		t.Error("an unknown parent is taken for one that is gone")
	}
	for _, pid := range []int{0, -1, 1, os.Getppid()} {
		if alive := parentAlive(pid); alive != nil && !alive() {
			t.Errorf("parent %d is said to be gone", pid)
		}
	}
}

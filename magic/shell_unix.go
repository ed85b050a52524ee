//go:build unix

package magic

import (
	"os"
	"os/exec"
	"syscall"
)

// shell runs text by bash where there is one.
func shell(text string) *exec.Cmd {
	if path, err := exec.LookPath("bash"); err == nil {
		return exec.Command(path, "-c", text)
	}
	return exec.Command("/bin/sh", "-c", text)
}

// group makes cmd the leader of a process group of its own.
func group(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// The group may have ended by itself, so that errors mean nothing.

func interruptGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGINT) }

func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

//go:build !unix

package magic

import (
	"os"
	"os/exec"
)

// shell runs text by the command interpreter of the system.
func shell(text string) *exec.Cmd { return exec.Command("cmd", "/c", text) }

func group(*exec.Cmd) {}

func interruptGroup(p *os.Process) { killGroup(p) }

// killGroup ends the command only: there are no process groups to speak of.
func killGroup(p *os.Process) { _ = p.Kill() }

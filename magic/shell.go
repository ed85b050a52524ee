package magic

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/nskernel/nskernel/plugin"
)

const (
	shHelp = `%sh COMMAND  run a command of the shell; !COMMAND is the same
What it prints is shown as it comes. An interrupt ends it and everything that
it has started. A command that fails ends the cell; append || true if it may.`
	bashHelp = `%%bash ⏎ COMMAND…  run the lines below in bash
The cell fails when the last command does; begin with set -e to stop at the
first one.`
)

func (*set) sh(c *plugin.Call) error {
	if c.Args == "" {
		return &hinted{"%sh needs a command", "write !ls"}
	}
	return command(c, shell(c.Args))
}

func (*set) bash(c *plugin.Call, body string) error {
	if err := noArgs(c, "%bash"); err != nil {
		return err
	}
	if _, err := exec.LookPath("bash"); err != nil {
		return &hinted{"%%bash: bash is not installed", "write !COMMAND for the shell that there is"}
	}
	return command(c, exec.Command("bash", "-c", strings.ReplaceAll(body, "\r\n", "\n")))
}

const (
	// mercy is how long a command has to end after an interrupt before it is
	// killed.
	mercy = 500 * time.Millisecond
	// drain is how long output is read when the command has ended and
	// something that it left behind keeps the pipe open.
	drain = 300 * time.Millisecond
)

// command runs cmd and streams what it prints. An interrupt goes to its whole
// process group.
func command(c *plugin.Call, cmd *exec.Cmd) error {
	cmd.Stdout, cmd.Stderr = c.Stdout, c.Stderr
	cmd.WaitDelay = drain
	group(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		select {
		case <-done:
			return
		case <-c.Ctx.Done():
		}
		interruptGroup(cmd.Process)
		select {
		case <-done:
		case <-time.After(mercy):
		}
		// What ignored the interrupt, also behind a command that obeyed.
		killGroup(cmd.Process)
	}()
	err := cmd.Wait()
	close(done)
	<-stopped
	if c.Ctx.Err() != nil {
		return context.Cause(c.Ctx)
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		return nil // a background process still holds the pipe
	}
	return exitError(err)
}

// exitError says how a command failed.
func exitError(err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	if code := exit.ExitCode(); code >= 0 {
		return &hinted{fmt.Sprintf("the command failed with exit status %d", code), "append || true if it may fail"}
	}
	return fmt.Errorf("the command was ended: %v", exit.ProcessState)
}

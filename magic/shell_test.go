//go:build unix

package magic_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

var errStopped = errors.New("stopped by the test")

// TestInterruptEndsTheGroup starts commands that ignore polite requests and
// leave children behind: an interrupt ends all of them.
func TestInterruptEndsTheGroup(t *testing.T) {
	for name, script := range map[string]string{
		"child":      "sleep 60 & echo $! >pid; wait",
		"foreground": "sh -c 'echo $$ >pid; exec sleep 60'; true",
		"stubborn":   "trap '' INT; sh -c 'trap \"\" INT; echo $$ >pid; sleep 60'; true",
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			r := newRig(t)
			ctx, cancel := context.WithCancelCause(context.Background())
			r.ctx = ctx
			done := make(chan error, 1)
			go func() { _, err := r.cell("bash", "", script); done <- err }()
			pid := waitForPid(t)
			cancel(errStopped)
			select {
			case err := <-done:
				if !errors.Is(err, errStopped) {
					t.Errorf("error %v, want the cause", err)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("the command goes on")
			}
			for deadline := time.Now().Add(10 * time.Second); alive(pid); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("process %d goes on", pid)
				}
			}
		})
	}
}

// waitForPid waits until the script has written the number of its child.
func waitForPid(t *testing.T) int {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		b, err := os.ReadFile("pid")
		if err != nil || !strings.HasSuffix(string(b), "\n") {
			continue
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
		if err != nil {
			t.Fatal(err)
		}
		return pid
	}
	t.Fatal("the script did not start")
	return 0
}

// alive tells whether a process runs; one that has ended and that nobody has
// waited for does not.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return true // no /proc here
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z")
}

// TestOutputStreams wants what a command prints before it ends.
func TestOutputStreams(t *testing.T) {
	t.Chdir(t.TempDir())
	r := newRig(t)
	seen := make(chan bool, 1)
	r.onText = func(string) {
		select {
		case seen <- true:
		default:
		}
	}
	done := make(chan error, 1)
	go func() {
		_, err := r.line("sh", "echo now; until test -e go; do sleep 0.01; done; echo then")
		done <- err
	}()
	select {
	case <-seen:
	case <-time.After(20 * time.Second):
		t.Fatal("nothing came while the command ran")
	}
	if err := os.WriteFile("go", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := r.out.String(); got != "now\nthen\n" {
		t.Errorf("printed %q", got)
	}
}

// TestBackgroundCommand does not wait for what a command leaves behind.
func TestBackgroundCommand(t *testing.T) {
	r := newRig(t)
	start := time.Now()
	out, err := r.line("sh", "sleep 30 & echo $!")
	pid, convErr := strconv.Atoi(strings.TrimSpace(out))
	if err != nil || convErr != nil {
		t.Fatalf("printed %q, %v", out, err)
	}
	defer func() { _ = syscall.Kill(pid, syscall.SIGKILL) }()
	if took := time.Since(start); took > 25*time.Second {
		t.Errorf("waited %v for a background process", took)
	}
	if !alive(pid) {
		t.Error("the background process was ended")
	}
}

func TestFailingCommands(t *testing.T) {
	r := newRig(t)
	for command, want := range map[string]string{
		"exit 3":              "exit status 3",
		"nosuchcommandatall":  "exit status 127",
		"kill -9 $$; sleep 9": "signal: killed",
	} {
		if _, err := r.line("sh", command); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", command, err, want)
		}
	}
	if _, err := r.line("sh", ""); err == nil {
		t.Error("no command, no error")
	}
	if _, err := r.cell("bash", "-x", "ls"); err == nil {
		t.Errorf("%s -x: no error", "%%bash")
	}
}

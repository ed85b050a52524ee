//go:build unix

package kernel_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

func standalone(cfg *kernel.Config) { cfg.Standalone = true }

func TestSignalInterrupts(t *testing.T) {
	i, c := start(t, standalone)
	reached := make(chan struct{})
	i.Handle("reached", func(*kerneltest.Cell, string) error { close(reached); return nil })
	cell := c.StartExecute("reached\nblock")
	<-reached
	if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if r := cell.Wait().Reply(); r.Text("ename") != "interrupted" {
		t.Errorf("%s", r)
	}
	if got := i.Interrupts(); !slices.Equal(got, []bool{false}) {
		t.Errorf("interrupts %v", got)
	}
}

func TestSignalEnds(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		i := kerneltest.NewInterpreter()
		k := kerneltest.Start(t, i, standalone)
		c := k.Client()
		cell := c.StartExecute("print x\nblock")
		cell.Await("execute_input")
		if err := syscall.Kill(os.Getpid(), sig); err != nil {
			t.Fatal(err)
		}
		if err := k.Wait(); err != nil || !i.Closed() {
			t.Errorf("%v: Serve returned %v, interpreter closed: %v", sig, err, i.Closed())
		}
		cell.Wait()
	}
}

// roles of this test binary in TestOrphan.
const (
	roleEnv    = "NSKERNEL_TEST_ROLE"
	roleServer = "server" // starts a kernel and waits to be killed
	roleShell  = "shell"  // stands between server and kernel, as a wrapper script
	roleKernel = "kernel"
)

func TestMain(m *testing.M) {
	role := os.Getenv(roleEnv)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := play(role); err != nil {
		fmt.Fprintln(os.Stderr, role, err)
		os.Exit(1)
	}
}

func play(role string) error {
	next := map[string]string{roleServer: roleKernel, roleShell: roleKernel}[role]
	if role == roleServer {
		os.Setenv("JPY_PARENT_PID", strconv.Itoa(os.Getpid()))
		if os.Getenv("NSKERNEL_TEST_WRAPPED") != "" {
			next = roleShell
		}
		if os.Getenv("NSKERNEL_TEST_SILENT") != "" {
			os.Unsetenv("JPY_PARENT_PID")
		}
	}
	if role == roleKernel {
		a := announcing{kerneltest.NewWire()}
		return kernel.Serve(context.Background(), kernel.Config{
			Connection: kerneltest.Connection, Interpreter: kerneltest.NewInterpreter(), Listen: a.Listen, Standalone: true,
		})
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleEnv+"="+next)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// announcing is a wire that tells on stdout that the kernel has started.
type announcing struct{ *kerneltest.Wire }

func (a announcing) Listen(f kernel.ConnectionFile, on kernel.SubscribeFunc) (kernel.Transport, error) {
	_, err := a.Wire.Listen(f, on)
	return a, err
}

func (a announcing) Publish(frames [][]byte) error {
	fmt.Println("pid", os.Getpid())
	return a.Wire.Publish(frames)
}

// A kernel ends when its server is killed, whether it is the server's child or
// that of a wrapper, and whether or not the server tells its id.
func TestOrphan(t *testing.T) {
	for name, env := range map[string]string{"direct": "", "wrapped": "NSKERNEL_TEST_WRAPPED=1", "no JPY_PARENT_PID": "NSKERNEL_TEST_SILENT=1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := exec.Command(os.Args[0])
			server.Env = append(os.Environ(), roleEnv+"="+roleServer, env)
			server.Stderr = os.Stderr
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			server.Stdout = w
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
			w.Close()
			out := bufio.NewReader(r)
			line, err := out.ReadString('\n')
			pid, found := strings.CutPrefix(strings.TrimSpace(line), "pid ")
			if err != nil || !found {
				t.Fatalf("kernel said %q, %v", line, err)
			}
			server.Process.Kill()
			server.Wait()
			// Reading ends when the kernel, the last one to hold the pipe, does.
			if _, err := io.Copy(io.Discard, out); err != nil {
				t.Errorf("kernel %s: %v", pid, err)
			}
		})
	}
}

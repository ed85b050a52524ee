//go:build linux || darwin

package eval_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/nskernel/nskernel/eval"
)

// TestCaptureOfTheProcess runs in a process of its own: it takes the standard
// output away.
func TestCaptureOfTheProcess(t *testing.T) {
	if os.Getenv("NSKERNEL_TEST_CAPTURE") == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestCaptureOfTheProcess$", "-test.v")
		cmd.Env = append(os.Environ(), "NSKERNEL_TEST_CAPTURE=1")
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "to the saved output\n") || strings.Contains(string(out), "by the child") {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	capture, err := eval.NewCapture()
	if err != nil {
		t.Fatal(err)
	}
	opt := testOptions()
	opt.Capture = capture
	n := &notebook{t: t, s: newSessionWith(t, opt)}
	_, out := n.result(`import "os/exec"
fmt.Println("1 by fmt")
os.Stdout.WriteString("2 by the file\n")
cmd := exec.Command("sh", "-c", "echo 3 by the child")
cmd.Stdout = os.Stdout
err := cmd.Run()
println("4 by println")`)
	if want := "1 by fmt\n2 by the file\n3 by the child\n4 by println\n"; out != want {
		t.Errorf("got %q, want %q", out, want)
	}
	_, out = n.result(`cmd = exec.Command("sh", "-c", "echo on stderr by the child >&2")
cmd.Stderr = os.Stderr
err = cmd.Run()`)
	if want := "on stderr by the child\n"; out != want {
		t.Errorf("got %q, want %q", out, want)
	}
	if _, err := capture.Stdout().WriteString("to the saved output\n"); err != nil {
		t.Error(err)
	}
	if err := capture.Close(); err != nil {
		t.Error(err)
	}
}

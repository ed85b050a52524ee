package kerneltest_test

import (
	"testing"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

// language is the scripted language as TestInterpreter wants it.
var language = kerneltest.Language{
	Hello: "print hello, world", Stderr: "stderr oops", Nothing: "set x y",
	Result: "result 42", ResultText: "42", Display: "display figure", Lines: "lines 10000",
	Broken: "print before\nfail broken", Invalid: "nonsense", Endless: "block",
	Set: "set a kept", Get: "get a", Input: "input Name?",
	Background: "background", Release: "release",
	Complete:   map[string][]string{"dis": {"display"}, "print x\nun": nil},
	Inspect:    map[string]string{"print": "print is a command"},
	IsComplete: map[string]kernel.Completeness{"print": kernel.Complete, `print \`: kernel.Incomplete, "nonsense": kernel.Invalid},
}

func TestInterpreterContract(t *testing.T) {
	kerneltest.TestInterpreter(t, func(testing.TB) kernel.Interpreter {
		i := kerneltest.NewInterpreter()
		release, written := make(chan struct{}), make(chan struct{})
		i.Handle("background", func(c *kerneltest.Cell, _ string) error {
			go func() {
				defer close(written)
				<-release
				c.Out.Stream("stdout", "late\n")
			}()
			return nil
		})
		i.Handle("release", func(*kerneltest.Cell, string) error {
			close(release)
			<-written
			return nil
		})
		return i
	}, language)
}

package kernel_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

func TestManyLinesInFewMessages(t *testing.T) {
	_, c := start(t)
	e := c.Execute("lines 100000")
	var want strings.Builder
	for i := range 100000 {
		fmt.Fprintf(&want, "line %d\n", i)
	}
	if got := e.Stream("stdout"); got != want.String() {
		t.Errorf("%d bytes arrived, %d were written, or their order changed", len(got), want.Len())
	}
	// 1.1 MB in pieces of 64 KiB are 17; slow machines add some by time.
	if n := len(e.Published()); n > 200 {
		t.Errorf("%d stream messages", n)
	}
}

// What is written at one moment goes in pieces of 64 KiB and a rest.
func TestStreamBySize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c := start(t)
		e := c.Execute("lines 100000")
		if n := len(e.Published()); n != 17 {
			t.Errorf("%d stream messages, want 17", n)
		}
		for _, m := range e.Published()[:16] {
			if n := len(m.Text("text")); n < 64<<10 || n > 65<<10 {
				t.Errorf("message of %d bytes", n)
			}
		}
	})
}

// write is a command whose argument is a Go string literal, so that a cell can
// write bytes that are no text.
func handleWrite(i *kerneltest.Interpreter) {
	for _, name := range []string{"stdout", "stderr"} {
		i.Handle(name, func(c *kerneltest.Cell, arg string) error {
			var text string
			if _, err := fmt.Sscanf(arg, "%q", &text); err != nil {
				return err
			}
			c.Out.Stream(name, text)
			return nil
		})
	}
	i.Handle("sleep", func(c *kerneltest.Cell, arg string) error {
		d, err := time.ParseDuration(arg)
		time.Sleep(d)
		return err
	})
}

func TestStreamMerging(t *testing.T) {
	tests := []struct{ name, code, want string }{
		{"one message", "print a\nprint b\nprint c", "stdout:a\nb\nc\n"},
		{"name change", "print a\nstderr \"b\"\nprint c", "stdout:a\n|stderr:b|stdout:c\n"},
		{"other name is stdout", "print a\nodd b", "stdout:a\nb"},
		{"before display", "print a\ndisplay x\nprint b", "stdout:a\n|display_data|stdout:b\n"},
		{"before clear", "print a\nclear wait\nprint b", "stdout:a\n|clear_output|stdout:b\n"},
		{"before result", "print a\nresult x", "stdout:a\n|execute_result"},
		{"before error", "print a\nfail x", "stdout:a\n|error"},
		{"49 ms apart", "print a\nsleep 49ms\nprint b", "stdout:a\nb\n"},
		{"50 ms after the first byte", "print a\nsleep 30ms\nprint b\nsleep 21ms\nprint c", "stdout:a\nb\n|stdout:c\n"},
		{"delay starts again", "print a\nsleep 60ms\nprint b\nsleep 49ms\nprint c", "stdout:a\n|stdout:b\nc\n"},
		{"delay starts again after a flush", "print a\nsleep 40ms\ndisplay x\nprint b\nsleep 40ms\nprint c", "stdout:a\n|display_data|stdout:b\nc\n"},
		{"rune in two writes", `stdout "a\xc3"` + "\n" + `stdout "\xa9b"`, "stdout:aéb"},
		{"rune across the delay", `stdout "a\xe2\x82"` + "\nsleep 60ms\n" + `stdout "\xac"`, "stdout:a|stdout:€"},
		{"rune across a display", `stdout "a\xc3"` + "\ndisplay x\n" + `stdout "\xa9"`, "stdout:a|display_data|stdout:é"},
		{"rune across the other stream", `stdout "a\xc3"` + "\n" + `stderr "x"` + "\n" + `stdout "\xa9"`, "stdout:a|stderr:x|stdout:é"},
		{"runes in both streams", `stdout "\xc3"` + "\n" + `stderr "\xe2\x82"` + "\n" + `stdout "\xa9"` + "\n" + `stderr "\xac"`, "stdout:é|stderr:€"},
		{"rune never completed", `stdout "a\xe2\x82"`, "stdout:a|stdout:\uFFFD"},
		{"rune not completed for long", `stdout "a\xe2\x82"` + "\nsleep 110ms\n" + `stdout "b"`, "stdout:a|stdout:\uFFFD|stdout:b"},
		{"invalid bytes", `stdout "a\xff\xfeb\xc3(c"`, "stdout:a\uFFFDb\uFFFD(c"},
		{"nothing", `stdout ""`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i, c := start(t)
				handleWrite(i)
				i.Handle("odd", func(c *kerneltest.Cell, arg string) error { c.Out.Stream("odd", arg); return nil })
				if got := brief(c.Execute(tt.code).Published()); got != tt.want {
					t.Errorf("published %q, want %q", got, tt.want)
				}
			})
		})
	}
}

// brief writes stream messages as name:text and others as their type.
func brief(messages []kerneltest.Message) string {
	var parts []string
	for _, m := range messages {
		if m.Type() == "stream" {
			parts = append(parts, m.Text("name")+":"+m.Text("text"))
			continue
		}
		parts = append(parts, m.Type())
	}
	return strings.Join(parts, "|")
}

func TestStreamLimit(t *testing.T) {
	_, c := start(t, func(cfg *kernel.Config) { cfg.StreamLimit = 10 })
	if e := c.Execute("print 123\nstderr 56789"); brief(e.Published()) != "stdout:123\n|stderr:56789\n" {
		t.Errorf("%s", e)
	}
	e := c.Execute("print 123456\nprint 9abcdef\nprint more\ndisplay figure\nresult x")
	if e.Stream("stdout") != "123456\n9ab" || strings.Count(e.Stream("stderr"), "10 bytes") != 1 {
		t.Errorf("%s", e)
	}
	only(t, e, "display_data")
	only(t, e, "execute_result")
}

// One large text is cut, since a message above the limit of a peer's queue
// would disconnect the peer; runes stay whole at the cuts.
func TestStreamLargeText(t *testing.T) {
	i, c := start(t)
	text := "x" + strings.Repeat("€", 1<<20)
	i.Handle("large", func(c *kerneltest.Cell, _ string) error { c.Out.Stream("stdout", text); return nil })
	e := c.Execute("large")
	if e.Stream("stdout") != text {
		t.Error("the text arrived changed")
	}
	for _, m := range e.Published() {
		if n := len(m.Text("text")); n > 1<<20+64<<10 {
			t.Errorf("message of %d bytes", n)
		}
	}
}

// Goroutines of a cell write to that cell, also while a later one runs.
func TestBackgroundOutput(t *testing.T) {
	i, c := start(t)
	release, written := make(chan struct{}), make(chan error, 1)
	i.Handle("background", func(cell *kerneltest.Cell, _ string) error {
		go func() {
			<-release
			cell.Out.Stream("stdout", "late ")
			cell.Out.Stream("stdout", "text")
			written <- cell.Out.Display(display.TextBundle("late picture"), "")
		}()
		return nil
	})
	i.Handle("release", func(*kerneltest.Cell, string) error {
		close(release)
		return <-written
	})
	first := c.StartExecute("background")
	first.Wait()
	second := c.Execute("print a\nrelease\nprint b")
	if got := brief(second.Published()); got != "stdout:a\nb\n" {
		t.Errorf("second cell: %q", got)
	}
	if m := first.Await("stream"); m.Text("text") != "late text" {
		t.Errorf("first cell: %s", m)
	}
	if m := first.Await("display_data"); m.Data(display.MIMEText) != "late picture" {
		t.Errorf("first cell: %s", m)
	}
}

// Text that waits for its delay when the kernel ends is not lost.
func TestBackgroundOutputAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := kerneltest.NewInterpreter()
		k := kerneltest.Start(t, i)
		c := k.Client()
		ready, done := make(chan struct{}), make(chan struct{})
		i.Handle("background", func(cell *kerneltest.Cell, _ string) error {
			go func() {
				<-ready
				cell.Out.Stream("stdout", "last words")
				close(done)
			}()
			return nil
		})
		call := c.StartExecute("background")
		call.Wait()
		close(ready)
		<-done
		k.Stop()
		if m := call.Await("stream"); m.Text("text") != "last words" {
			t.Errorf("%s", m)
		}
	})
}

// Writers of one cell do not tear each other's calls.
func TestConcurrentOutput(t *testing.T) {
	i, c := start(t)
	i.Handle("crowd", func(cell *kerneltest.Cell, _ string) error {
		var wg sync.WaitGroup
		for k := range 8 {
			wg.Go(func() {
				for n := range 200 {
					cell.Out.Stream([]string{"stdout", "stderr"}[k%2], fmt.Sprintf("%d:%d\n", k, n))
					if n%50 == 0 {
						cell.Out.Display(display.TextBundle("x"), "")
					}
				}
			})
		}
		wg.Wait()
		return nil
	})
	e := c.Execute("crowd")
	next := map[int]int{}
	for line := range strings.Lines(e.Stream("stdout") + e.Stream("stderr")) {
		var k, n int
		if _, err := fmt.Sscanf(line, "%d:%d\n", &k, &n); err != nil || n != next[k] {
			t.Fatalf("line %q after %d lines of that writer", line, next[k])
		}
		next[k]++
	}
	for k := range 8 {
		if next[k] != 200 {
			t.Errorf("writer %d: %d lines", k, next[k])
		}
	}
}

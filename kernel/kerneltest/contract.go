package kerneltest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
)

// Language is code in the language of an interpreter for TestInterpreter. All
// fields are needed, except those that say otherwise.
type Language struct {
	Hello      string // prints "hello, world\n" on stdout and nothing else
	Stderr     string // prints anything on stderr and succeeds
	Nothing    string // prints nothing and has no value, such as a comment
	Result     string // has a value …
	ResultText string // … whose text/plain is this
	Display    string // shows something with text/plain, prints nothing and has no value
	Lines      string // prints "line 0\n" to "line 9999\n"
	Broken     string // prints "before\n", then fails while it runs
	Invalid    string // is refused before anything runs, though it would print first
	Endless    string // computes until it is interrupted
	Set        string // sets a variable …
	Get        string // … that this prints: "kept\n"

	Input      string // optional: asks for a line and prints it with a newline
	Background string // optional: leaves something behind that prints "late\n" …
	Release    string // … as soon as this has run, and before it ends

	Complete   map[string][]string // code, cursor at its end: exactly these matches
	Inspect    map[string]string   // code, cursor at its end: a part of the text found
	IsComplete map[string]kernel.Completeness
}

// TestInterpreter checks that the interpreters that open returns keep the
// contract of kernel.Interpreter, behind a kernel and by direct calls. Every
// subtest opens its own.
func TestInterpreter(t *testing.T, open func(t testing.TB) kernel.Interpreter, l Language) {
	s := &suite{open: open, l: l}
	for _, test := range []struct {
		name string
		f    func(*testing.T)
	}{
		{"info", s.testInfo},
		{"output", s.testOutput},
		{"result", s.testResult},
		{"lines", s.testLines},
		{"failure", s.testFailure},
		{"refusal", s.testRefusal},
		{"interrupt", s.testInterrupt},
		{"shutdown", s.testShutdown},
		{"silent", s.testSilent},
		{"input", s.testInput},
		{"background", s.testBackground},
		{"complete", s.testComplete},
		{"inspect", s.testInspect},
		{"is complete", s.testIsComplete},
		{"any cursor", s.testAnyCursor},
		{"while running", s.testWhileRunning},
		{"close", s.testClose},
	} {
		t.Run(test.name, test.f)
	}
}

type suite struct {
	open func(t testing.TB) kernel.Interpreter
	l    Language
}

func (s *suite) client(t *testing.T) *Client {
	t.Helper()
	return Start(t, s.open(t)).Client()
}

// succeed runs code that must succeed.
func succeed(t *testing.T, c *Client, code string) Exchange {
	t.Helper()
	e := c.Execute(code)
	if e.Reply().Text("status") != "ok" {
		t.Fatalf("the cell failed:\n%s", e)
	}
	return e
}

func (s *suite) testInfo(t *testing.T) {
	i := s.open(t)
	defer i.Close()
	info := i.Info()
	for name, v := range map[string]string{
		"Implementation": info.Implementation, "ImplementationVersion": info.ImplementationVersion, "Banner": info.Banner,
		"Language.Name": info.Language.Name, "Language.Version": info.Language.Version,
		"Language.MIMEType": info.Language.MIMEType, "Language.FileExtension": info.Language.FileExtension,
	} {
		if v == "" {
			t.Errorf("Info().%s is empty", name)
		}
	}
	if !strings.HasPrefix(info.Language.FileExtension, ".") {
		t.Errorf("file extension %q does not begin with a dot", info.Language.FileExtension)
	}
}

func (s *suite) testOutput(t *testing.T) {
	c := s.client(t)
	if e := succeed(t, c, s.l.Hello); e.Stream("stdout") != "hello, world\n" || len(e.Published()) != 1 {
		t.Errorf("Hello:\n%s", e)
	}
	if e := succeed(t, c, s.l.Stderr); e.Stream("stderr") == "" {
		t.Errorf("Stderr:\n%s", e)
	}
	if e := succeed(t, c, s.l.Nothing); len(e.Published()) != 0 {
		t.Errorf("Nothing:\n%s", e)
	}
	if e := succeed(t, c, ""); len(e.Published()) != 0 {
		t.Errorf("empty cell:\n%s", e)
	}
	e := succeed(t, c, s.l.Display)
	if m, err := e.Only("display_data"); err != nil || m.Data(display.MIMEText) == nil || len(e.Published()) != 1 {
		t.Errorf("Display: %v\n%s", err, e)
	}
}

func (s *suite) testResult(t *testing.T) {
	c := s.client(t)
	for range 2 {
		e := succeed(t, c, s.l.Result)
		if m, err := e.Only("execute_result"); err != nil || m.Data(display.MIMEText) != s.l.ResultText || len(e.Published()) != 1 {
			t.Errorf("Result: %v\n%s", err, e)
		}
	}
}

// Everything a cell prints is there when it ends, in order.
func (s *suite) testLines(t *testing.T) {
	c := s.client(t)
	var want strings.Builder
	for n := range 10000 {
		fmt.Fprintf(&want, "line %d\n", n)
	}
	for range 3 {
		if got := succeed(t, c, s.l.Lines).Stream("stdout"); got != want.String() {
			t.Errorf("%d bytes arrived, want %d, or their order is wrong", len(got), want.Len())
		}
	}
}

// checkFailure demands that a failure says what front ends show, once.
func checkFailure(t *testing.T, e Exchange) {
	t.Helper()
	m, err := e.Only("error")
	if err != nil {
		t.Errorf("%v\n%s", err, e)
		return
	}
	traceback, _ := m.Content["traceback"].([]any)
	if m.Text("ename") == "" || m.Text("evalue") == "" || len(traceback) == 0 || strings.Contains(m.Text("evalue"), "\n") {
		t.Errorf("name, one line of value and a traceback are expected:\n%s", e)
	}
	if e.Stream("stderr") != "" {
		t.Errorf("a failure belongs into error only, not on stderr:\n%s", e)
	}
}

func (s *suite) testFailure(t *testing.T) {
	c := s.client(t)
	succeed(t, c, s.l.Set)
	e := c.Execute(s.l.Broken)
	checkFailure(t, e)
	if e.Stream("stdout") != "before\n" {
		t.Errorf("what the cell printed before it failed:\n%s", e)
	}
	if e := succeed(t, c, s.l.Get); e.Stream("stdout") != "kept\n" {
		t.Errorf("after the failure:\n%s", e)
	}
}

func (s *suite) testRefusal(t *testing.T) {
	c := s.client(t)
	succeed(t, c, s.l.Set)
	for _, code := range []string{s.l.Invalid, "\x00", "(", ")", "\"", "`", "'", "/*", "\u2028", "\U0001F600", "%%%", "{{{{"} {
		e := c.Execute(code)
		if code == s.l.Invalid || e.Reply().Text("status") == "error" {
			checkFailure(t, e)
		}
		if e.Stream("stdout") != "" {
			t.Errorf("%q ran in part:\n%s", code, e)
		}
	}
	if e := succeed(t, c, s.l.Get); e.Stream("stdout") != "kept\n" {
		t.Errorf("after the refusals:\n%s", e)
	}
}

func (s *suite) testInterrupt(t *testing.T) {
	c := s.client(t)
	succeed(t, c, s.l.Set)
	for range 3 {
		cell := c.StartExecute(s.l.Endless)
		cell.Await("execute_input")
		c.interruptUntilReply(cell)
		e := cell.Wait()
		checkFailure(t, e)
		if e.Reply().Text("status") != "error" {
			t.Errorf("an interrupted cell did not fail:\n%s", e)
		}
	}
	if e := succeed(t, c, s.l.Get); e.Stream("stdout") != "kept\n" {
		t.Errorf("after the interrupts:\n%s", e)
	}
}

// interruptUntilReply interrupts call, and again as long as it does not end:
// the first interrupt may come before the interpreter has begun.
func (c *Client) interruptUntilReply(call *Call) {
	for {
		c.Do(kernel.Control, "interrupt_request", nil)
		retry := time.After(200 * time.Millisecond)
		for waiting := true; waiting; {
			c.mu.Lock()
			bell := c.bell
			c.mu.Unlock()
			if call.Replied() {
				return
			}
			select {
			case <-bell:
			case <-retry:
				waiting = false
			}
		}
	}
}

// The end of its context ends a cell.
func (s *suite) testShutdown(t *testing.T) {
	i := s.open(t)
	defer i.Close()
	ctx, cancel := context.WithCancel(context.Background())
	out := &recorder{}
	done := make(chan error)
	go func() {
		_, err := i.Execute(ctx, kernel.Request{Code: s.l.Endless, Count: 1, StoreHistory: true}, out)
		done <- err
	}()
	cancel()
	if err := <-done; err == nil {
		t.Error("the cell succeeded")
	}
}

func (s *suite) testSilent(t *testing.T) {
	c := s.client(t)
	run := func(code string, silent bool) Exchange {
		return c.Do(kernel.Shell, "execute_request", Fields{"code": code, "silent": silent, "stop_on_error": false})
	}
	run(s.l.Set, true)
	for _, code := range []string{s.l.Hello, s.l.Stderr, s.l.Display, s.l.Result, s.l.Broken, s.l.Invalid} {
		run(code, true) // Exchange.Check demands that nothing is published
	}
	if e := run(s.l.Get, false); e.Stream("stdout") != "kept\n" || e.Reply().Int("execution_count") != 1 {
		t.Errorf("after silent cells:\n%s", e)
	}
}

func (s *suite) testInput(t *testing.T) {
	if s.l.Input == "" {
		return
	}
	c := s.client(t)
	cell := c.StartExecute(s.l.Input)
	c.Answer(cell.Await("input_request"), "an answer")
	if e := cell.Wait(); e.Stream("stdout") != "an answer\n" {
		t.Errorf("Input:\n%s", e)
	}
	cell = c.StartExecute(s.l.Input)
	cell.Await("input_request")
	c.Do(kernel.Control, "interrupt_request", nil)
	if e := cell.Wait(); e.Reply().Text("status") != "error" {
		t.Errorf("interrupted question:\n%s", e)
	}
	if e := c.Do(kernel.Shell, "execute_request", Fields{"code": s.l.Input, "allow_stdin": false, "stop_on_error": false}); e.Reply().Text("status") == "" {
		t.Errorf("question without stdin:\n%s", e)
	}
	succeed(t, c, s.l.Hello)
}

func (s *suite) testBackground(t *testing.T) {
	if s.l.Background == "" {
		return
	}
	c := s.client(t)
	cell := c.StartExecute(s.l.Background)
	if e := cell.Wait(); e.Reply().Text("status") != "ok" {
		t.Fatalf("Background:\n%s", e)
	}
	if e := succeed(t, c, s.l.Release); strings.Contains(e.Stream("stdout"), "late") {
		t.Errorf("output of an earlier cell arrived at this one:\n%s", e)
	}
	if m := cell.Await("stream"); m.Text("text") != "late\n" {
		t.Errorf("%s", m)
	}
}

func (s *suite) testClose(t *testing.T) {
	i := s.open(t)
	if _, err := i.Execute(context.Background(), kernel.Request{Code: s.l.Set, Count: 1}, &recorder{}); err != nil {
		t.Error(err)
	}
	if err := i.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// recorder is an Output that keeps the text of stdout.
type recorder struct {
	mu   sync.Mutex
	text strings.Builder
}

func (r *recorder) Stream(name, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if name == "stdout" {
		r.text.WriteString(text)
	}
}

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func (r *recorder) Display(display.Bundle, string) error { return nil }
func (r *recorder) Update(display.Bundle, string) error  { return nil }
func (r *recorder) Clear(bool) error                     { return nil }
func (r *recorder) Input(string, bool) (string, error) {
	return "", errors.New("kerneltest: nobody can be asked")
}

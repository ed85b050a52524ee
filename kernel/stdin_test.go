package kernel_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

func TestInput(t *testing.T) {
	for _, tt := range []struct {
		code     string
		password bool
	}{{"input Name: ", false}, {"password Name: ", true}} {
		t.Run(tt.code, func(t *testing.T) {
			_, c := start(t)
			cell := c.StartExecute("print before\n" + tt.code)
			q := cell.Await("input_request")
			if q.Channel != kernel.Stdin || q.Text("prompt") != "Name:" || q.Content["password"] != tt.password {
				t.Errorf("%s", q)
			}
			if m := cell.Await("stream"); m.Text("text") != "before\n" {
				t.Errorf("what was printed before the question did not come before it: %s", m)
			}
			c.Answer(q, "Ada")
			if got := cell.Wait().Stream("stdout"); got != "before\nAda\n" {
				t.Errorf("stdout %q", got)
			}
		})
	}
}

// ask is a command that asks and keeps what it got.
func handleAsk(i *kerneltest.Interpreter) (line *string, err *error) {
	line, err = new(string), new(error)
	i.Handle("ask", func(c *kerneltest.Cell, arg string) error {
		*line, *err = c.Out.Input(arg, false)
		return nil
	})
	return line, err
}

func TestInputEnd(t *testing.T) {
	i, c := start(t)
	_, err := handleAsk(i)
	cell := c.StartExecute("ask")
	c.Answer(cell.Await("input_request"), "\x04")
	cell.Wait()
	if !errors.Is(*err, io.EOF) {
		t.Errorf("error %v, want end of input", *err)
	}
}

func TestInputRefused(t *testing.T) {
	i, c := start(t)
	_, err := handleAsk(i)
	e := c.Do(kernel.Shell, "execute_request", kerneltest.Fields{"code": "ask", "allow_stdin": false})
	if !errors.Is(*err, kernel.ErrNoStdin) {
		t.Errorf("error %v, want ErrNoStdin", *err)
	}
	for _, m := range e.Messages {
		if m.Channel == kernel.Stdin {
			t.Errorf("asked all the same: %s", m)
		}
	}
}

func TestInputInterrupted(t *testing.T) {
	i, c := start(t)
	line, err := handleAsk(i)
	cell := c.StartExecute("ask first\nask second")
	cell.Await("input_request")
	c.Do(kernel.Control, "interrupt_request", nil)
	e := cell.Wait()
	if !errors.Is(*err, kernel.ErrInterrupted) {
		t.Errorf("error %v, want ErrInterrupted", *err)
	}
	questions := 0
	for _, m := range e.Messages {
		if m.Type() == "input_request" {
			questions++
		}
	}
	if questions != 1 {
		t.Errorf("%d questions, want none after the interrupt", questions)
	}
	next := c.StartExecute("ask third")
	c.Answer(next.Await("input_request"), "answer")
	next.Wait()
	if *line != "answer" || *err != nil {
		t.Errorf("next cell got %q, %v", *line, *err)
	}
}

// An answer that comes too late must not answer the next question.
func TestInputStale(t *testing.T) {
	i := kerneltest.NewInterpreter()
	k := kerneltest.Start(t, i)
	c := k.Client()
	line, _ := handleAsk(i)
	reply := func(parent kerneltest.Header, value string) {
		c.StartMessage(kerneltest.Message{
			Channel: kernel.Stdin, Header: kerneltest.Header{Type: "input_reply"}, Parent: parent,
			Content: kerneltest.Fields{"status": "ok", "value": value},
		})
	}
	reply(kerneltest.Header{}, "never asked") // names no parent: recognised by its time
	k.Wire().Settle(kernel.Stdin)

	first := c.StartExecute("ask")
	q := first.Await("input_request")
	c.Do(kernel.Control, "interrupt_request", nil)
	first.Wait()

	second := c.StartExecute("ask")
	second.Await("input_request")
	reply(q.Header, "of the first question") // names the wrong question
	reply(kerneltest.Header{ID: second.ID()}, "right")
	reply(kerneltest.Header{ID: second.ID()}, "twice")
	second.Wait()
	if *line != "right" {
		t.Errorf("got %q", *line)
	}
}

// Front ends differ in what they name as parent of an answer.
func TestInputParents(t *testing.T) {
	i, c := start(t)
	line, _ := handleAsk(i)
	for n, parent := range []func(call *kerneltest.Call, q kerneltest.Message) kerneltest.Header{
		func(*kerneltest.Call, kerneltest.Message) kerneltest.Header { return kerneltest.Header{} },
		func(_ *kerneltest.Call, q kerneltest.Message) kerneltest.Header { return q.Header },
		func(call *kerneltest.Call, _ kerneltest.Message) kerneltest.Header {
			return kerneltest.Header{ID: call.ID()}
		},
		func(*kerneltest.Call, kerneltest.Message) kerneltest.Header {
			return kerneltest.Header{Type: "input_request"}
		},
	} {
		cell := c.StartExecute("ask")
		want := fmt.Sprint("answer ", n)
		c.StartMessage(kerneltest.Message{
			Channel: kernel.Stdin, Header: kerneltest.Header{Type: "input_reply"}, Parent: parent(cell, cell.Await("input_request")),
			Content: kerneltest.Fields{"status": "ok", "value": want},
		})
		cell.Wait()
		if *line != want {
			t.Errorf("got %q, want %q", *line, want)
		}
	}
}

func TestInputMakesNoSense(t *testing.T) {
	i, c := start(t)
	_, err := handleAsk(i)
	cell := c.StartExecute("ask")
	cell.Await("input_request")
	c.Start(kernel.Stdin, "input_reply", kerneltest.Fields{"value": 5})
	cell.Wait()
	if e, ok := errors.AsType[*kernel.CellError](*err); !ok || e.Name != "BadRequest" {
		t.Errorf("error %v", *err)
	}
}

// A goroutine that outlives its cell may write, but nobody listens to its
// questions any more.
func TestInputAfterTheCell(t *testing.T) {
	i, c := start(t)
	release, result := make(chan struct{}), make(chan error)
	i.Handle("background", func(cell *kerneltest.Cell, _ string) error {
		go func() {
			<-release
			_, err := cell.Out.Input("late", false)
			result <- err
		}()
		return nil
	})
	i.Handle("waiting", func(cell *kerneltest.Cell, _ string) error {
		go func() {
			_, err := cell.Out.Input("open", false)
			result <- err
		}()
		return nil
	})
	c.Execute("background")
	close(release)
	if err := <-result; !errors.Is(err, kernel.ErrNoStdin) {
		t.Errorf("question after the end: %v", err)
	}
	c.Execute("waiting")
	if err := <-result; !errors.Is(err, kernel.ErrNoStdin) {
		t.Errorf("question open at the end: %v", err)
	}
}

// Several goroutines of a cell ask one after the other.
func TestInputConcurrent(t *testing.T) {
	i, c := start(t)
	i.Handle("crowd", func(cell *kerneltest.Cell, _ string) error {
		lines := make(chan string)
		for n := range 3 {
			go func() {
				line, err := cell.Out.Input(fmt.Sprint(n), false)
				lines <- fmt.Sprint(n, "=", line, err)
			}()
		}
		for range 3 {
			cell.Out.Stream("stdout", <-lines+"\n")
		}
		return nil
	})
	cell := c.StartExecute("crowd")
	asked := map[string]bool{}
	for range 3 {
		q := c.Await("a new question", func(m kerneltest.Message) bool { return m.Type() == "input_request" && !asked[m.Header.ID] })
		asked[q.Header.ID] = true
		c.Answer(q, q.Text("prompt"))
	}
	out := cell.Wait().Stream("stdout")
	for n := range 3 {
		if want := fmt.Sprintf("%d=%d<nil>", n, n); !contains(out, want) {
			t.Errorf("stdout %q lacks %q", out, want)
		}
	}
}

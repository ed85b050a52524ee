package kernel

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/nskernel/nskernel/display"
)

// Errors of Output.Input besides io.EOF.
var (
	// ErrNoStdin is returned when nobody can be asked: the front end does not
	// allow it, or the cell has ended.
	ErrNoStdin = errors.New("kernel: the front end does not allow input here")
	// ErrInterrupted is returned when the wait was ended by an interrupt.
	ErrInterrupted = errors.New("kernel: interrupted while waiting for input")
)

// output is the Output of one cell. It knows the request it belongs to, so
// that goroutines which outlive the cell go on writing to it.
type output struct {
	server  *server
	request *message
	silent  bool
	ask     bool // input is allowed

	interrupted chan struct{} // closed by the first interrupt
	ended       chan struct{} // closed when the reply is due

	mu      sync.Mutex // orders everything below and all that is published
	stream  stream
	printed int64 // bytes, for StreamLimit
}

func (s *server) newOutput(m *message, silent, ask bool) *output {
	o := &output{
		server: s, request: m, silent: silent, ask: ask,
		interrupted: make(chan struct{}), ended: make(chan struct{}),
	}
	o.stream.init(o)
	return o
}

// Stream implements display.Sink. Names other than stderr mean stdout, as
// these two are all that front ends know.
func (o *output) Stream(name, text string) {
	if o.silent {
		return
	}
	for len(text) > 0 {
		piece := text[:min(len(text), streamPiece)]
		text = text[len(piece):]
		if o.write(name, piece) {
			o.server.pressure.wait(o.interrupted)
		}
	}
}

// write reports whether text has been sent since the last call, so that the
// writer waits when front ends are behind, and nobody while others wait for
// the lock.
func (o *output) write(name, text string) (sent bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	limit := o.server.cfg.StreamLimit
	before := o.printed
	o.printed += int64(len(text))
	switch {
	case limit <= 0 || o.printed <= limit:
		o.stream.write(name, text)
	case before <= limit:
		o.stream.write(name, text[:limit-before])
		o.stream.write("stderr", fmt.Sprintf("\n[this cell has printed %d bytes, the most that the kernel was started to show; the rest is dropped]\n", limit))
	}
	return o.stream.takeSent()
}

// Display implements display.Sink.
func (o *output) Display(b display.Bundle, id string) error {
	return o.show("display_data", b, id)
}

// Update implements display.Sink.
func (o *output) Update(b display.Bundle, id string) error {
	if id == "" {
		return errors.New("kernel: Update needs the id that the output was shown under")
	}
	return o.show("update_display_data", b, id)
}

func (o *output) show(kind string, b display.Bundle, id string) error {
	w, err := encodeBundle(b)
	if err != nil || o.silent {
		return err
	}
	type transient struct {
		ID string `json:"display_id,omitempty"`
	}
	err = o.publish(kind, struct {
		wireBundle
		Transient transient `json:"transient"`
	}{w, transient{id}})
	o.server.pressure.wait(o.interrupted)
	return err
}

// Clear implements display.Sink.
func (o *output) Clear(wait bool) error {
	return o.publish("clear_output", map[string]bool{"wait": wait})
}

// publish sends a message of the cell behind all text written before it.
func (o *output) publish(kind string, content any) error {
	if o.silent {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stream.flush(false)
	return o.server.iopub.publish(draft{Type: kind, Parent: o.request.parent, Content: content})
}

// result shows the value of the cell. What has no place in a message is left
// out and named on stderr: a bad picture must not hide the text.
func (o *output) result(b display.Bundle, count int) {
	w, err := encodeBundle(b)
	if err != nil {
		o.Stream("stderr", fmt.Sprintf("result not shown completely:\n%v\n", err))
	}
	if len(w.Data) == 0 {
		return
	}
	err = o.publish("execute_result", struct {
		wireBundle
		Count int `json:"execution_count"`
	}{w, count})
	if err != nil {
		o.server.log.Error("result not published", "reason", err)
	}
}

// flush sends all text that waits. No rune is completed any more by the cell.
func (o *output) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stream.flush(true)
}

// end marks the cell as over: nothing may be asked any more.
func (o *output) end() { close(o.ended) }

// Input implements Output.
func (o *output) Input(prompt string, password bool) (string, error) {
	switch {
	case !o.ask || isClosed(o.ended):
		return "", ErrNoStdin
	case isClosed(o.interrupted):
		return "", ErrInterrupted
	}
	o.flush()
	ctx, cancel := context.WithCancelCause(o.server.ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-o.interrupted:
			cancel(ErrInterrupted)
		case <-o.ended:
			cancel(ErrNoStdin)
		case <-ctx.Done():
		}
	}()
	return o.server.stdin.ask(ctx, question{to: o.request, prompt: prompt, password: password})
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

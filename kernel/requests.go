package kernel

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"
)

const (
	statusOK    = "ok"
	statusError = "error"
)

// handler answers one type of request with the content of its reply. An error
// becomes a reply with status error.
type handler func(*server, *message) (any, error)

// handlerOf returns the handler of a type of request, which is the same on
// every channel, nil if there is none. Besides these there are execute_request
// and shutdown_request, whose replies are more than a content, and messages
// that get no reply.
func handlerOf(kind string) handler {
	switch kind {
	case "kernel_info_request":
		return (*server).answerKernelInfo
	case "connect_request":
		return (*server).answerConnect
	case "complete_request":
		return (*server).answerComplete
	case "inspect_request":
		return (*server).answerInspect
	case "is_complete_request":
		return (*server).answerIsComplete
	case "history_request":
		return (*server).answerHistory
	case "comm_info_request":
		return (*server).answerCommInfo
	case "interrupt_request":
		return (*server).answerInterrupt
	case "usage_request":
		return (*server).answerUsage
	case "create_subshell_request":
		return (*server).answerCreateSubshell
	case "delete_subshell_request":
		return (*server).answerDeleteSubshell
	case "list_subshell_request":
		return (*server).answerListSubshell
	}
	return nil
}

// handle answers m between busy and idle. It survives every handler.
func (s *server) handle(m *message) {
	s.iopub.status(m.parent, stateBusy)
	defer s.iopub.status(m.parent, stateIdle)
	err := guarded(s, m.kind, func() error { return s.dispatch(m) })
	if err == nil {
		return
	}
	if kind, isRequest := strings.CutSuffix(m.kind, "_request"); isRequest {
		s.reply(m, kind+"_reply", nil, errorContent(describe(err)))
		return
	}
	s.log.Warn("message ignored", "channel", m.channel.String(), "type", m.kind, "reason", err)
}

// dispatch handles m. An error means that no reply has been sent.
func (s *server) dispatch(m *message) error {
	if m.lost {
		return noSubshell(m.subshell)
	}
	switch m.kind {
	case "execute_request":
		return s.handleExecute(m)
	case "shutdown_request":
		s.handleShutdown(m)
		return nil
	case CommOpen, CommMsg, CommClose:
		return s.receiveComm(m)
	}
	h := handlerOf(m.kind)
	if h == nil {
		return &CellError{Name: "UnknownRequest", Value: fmt.Sprintf("this kernel does not know %s", m.kind)}
	}
	content, err := h(s, m)
	if err != nil {
		return err
	}
	s.reply(m, strings.TrimSuffix(m.kind, "_request")+"_reply", nil, content)
	return nil
}

// reply sends a reply on the socket that m came from.
func (s *server) reply(m *message, kind string, metadata, content any) {
	frames, _, err := s.author.compose(draft{Type: kind, Parent: m.parent, Metadata: metadata, Content: content})
	if err != nil {
		s.log.Error("reply without its content", "type", kind, "reason", err)
		frames, _, err = s.author.compose(draft{Type: kind, Parent: m.parent, Content: errorContent(describe(err))})
	}
	if err == nil {
		err = s.transport.Send(m.channel, m.packet(frames))
	}
	if err != nil {
		s.log.Warn("reply not sent", "type", kind, "reason", err)
	}
}

// guarded calls f and turns a panic in it, of an interpreter for example, into
// an error. The stack goes to the log, as it says nothing about the cell.
func guarded(s *server, what string, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			s.log.Error("panic", "in", what, "value", fmt.Sprint(v), "stack", string(debug.Stack()))
			err = &CellError{Name: "panic", Value: fmt.Sprint(v), Traceback: []string{
				fmt.Sprintf("panic in %s: %v", what, v), "This is a fault of the kernel, which goes on.",
			}}
		}
	}()
	return f()
}

// answerLimit is how long an interpreter may think about a question while other
// requests wait. Cells have no limit; they can be interrupted.
const answerLimit = 10 * time.Second

// limited calls f, which asks the interpreter, and gives up after answerLimit
// or when the kernel ends. A call that was given up goes on by itself.
func limited[T any](s *server, what string, f func() T) (T, error) {
	type result struct {
		answer T
		err    error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		r.err = guarded(s, what, func() error {
			r.answer = f()
			return nil
		})
		done <- r
	}()
	var none T
	select {
	case r := <-done:
		return r.answer, r.err
	case <-time.After(answerLimit):
		return none, &CellError{Name: "Timeout", Value: fmt.Sprintf("%s took longer than %v and was given up", what, answerLimit)}
	case <-s.ctx.Done():
		return none, context.Cause(s.ctx)
	}
}

// describe returns err as front ends show it: with a name, a line and at least
// one line of traceback.
func describe(err error) *CellError {
	if e, ok := errors.AsType[*CellError](err); ok {
		if e == nil {
			return describe(errors.New("the interpreter failed with a nil *CellError"))
		}
		if e.Traceback != nil {
			return e
		}
		return &CellError{Name: e.Name, Value: e.Value, Traceback: []string{e.Error()}}
	}
	e := &CellError{Name: strings.TrimLeft(fmt.Sprintf("%T", err), "*"), Value: err.Error()}
	e.Traceback = []string{e.Error()}
	var hinter interface{ Hint() string }
	if errors.As(err, &hinter) && hinter.Hint() != "" {
		e.Traceback = append(e.Traceback, hinter.Hint())
	}
	return e
}

// errorContent is the content of a reply with status error.
func errorContent(e *CellError) map[string]any {
	return map[string]any{"status": statusError, "ename": e.Name, "evalue": e.Value, "traceback": e.Traceback}
}

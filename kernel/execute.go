package kernel

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/nskernel/nskernel/display"
)

// executeRequest is the content of execute_request. Absent pointers are true.
type executeRequest struct {
	Code            string            `json:"code"`
	Silent          bool              `json:"silent"`
	StoreHistory    *bool             `json:"store_history"`
	UserExpressions map[string]string `json:"user_expressions"`
	AllowStdin      *bool             `json:"allow_stdin"`
	StopOnError     *bool             `json:"stop_on_error"`
}

func orTrue(b *bool) bool { return b == nil || *b }

// handleExecute runs a cell and replies. Everything the cell has to say is
// published before the reply.
func (s *server) handleExecute(m *message) error {
	if m.channel != Shell {
		return wrongChannel(m, Shell)
	}
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.ctx.Err() != nil {
		return errShutdown
	}
	started := time.Now()
	content := s.execute(m)
	s.reply(m, "execute_reply", map[string]any{
		"started": started.UTC().Format(dateLayout), "status": content["status"],
	}, content)
	return nil
}

// execute runs a cell and returns the content of the reply.
func (s *server) execute(m *message) map[string]any {
	if m.number <= m.queue.abortedUpTo {
		return s.failed(&CellError{Name: "Aborted", Value: "not run, because a cell before it failed"})
	}
	r, err := contentOf[executeRequest](m)
	if err != nil {
		return s.failed(err)
	}
	store := orTrue(r.StoreHistory) && !r.Silent
	if store {
		s.count++
		s.history.add(s.count, r.Code)
	}
	out := s.newOutput(m, r.Silent, orTrue(r.AllowStdin))
	s.comms.began(m)
	s.setRunning(out) // before anybody can see that it runs
	if !r.Silent {
		s.iopub.notify("execute_input", m.parent, map[string]any{"code": r.Code, "execution_count": s.count})
	}
	reply, err := s.runCell(Request{
		Code: r.Code, Count: s.count, Silent: r.Silent, StoreHistory: store, AllowStdin: out.ask,
		UserExpressions: r.UserExpressions, CellID: cellID(m),
	}, out)
	out.flush()
	if err != nil {
		if orTrue(r.StopOnError) && !r.Silent {
			// A client that runs many cells sends them at once, but a cell can
			// fail before the others have arrived. As long as nobody has been
			// told of the failure, whatever comes was sent without knowing.
			m.queue.abortedUpTo = m.queue.settle(s.ctx.Done())
		}
		content := s.failed(err)
		out.fail(content)
		return content
	}
	if reply.Result != nil {
		out.result(*reply.Result, s.count)
		out.flush()
		if text, ok := reply.Result.Data[display.MIMEText].(string); ok && store {
			s.history.setOutput(text)
		}
	}
	return s.succeeded(reply)
}

// cellID returns the notebook's name for the cell, "" if it told none.
func cellID(m *message) string {
	var metadata struct {
		CellID string `json:"cellId"`
	}
	if json.Unmarshal(m.metadata, &metadata) != nil { // clients put into it what they like
		return ""
	}
	return metadata.CellID
}

func (s *server) succeeded(r Reply) map[string]any {
	payload := r.Payload
	if payload == nil {
		payload = []map[string]any{}
	}
	expressions := map[string]any{}
	for name, x := range r.UserExpressions {
		expressions[name] = expressionContent(x)
	}
	return map[string]any{
		"status": statusOK, "execution_count": s.count, "payload": payload, "user_expressions": expressions,
	}
}

func expressionContent(x Expression) any {
	if x.Err != nil {
		return errorContent(describe(x.Err))
	}
	w, err := encodeBundle(x.Value)
	if err != nil {
		return errorContent(describe(err))
	}
	return struct {
		Status string `json:"status"`
		wireBundle
	}{statusOK, w}
}

func (s *server) failed(err error) map[string]any {
	content := errorContent(describe(err))
	content["execution_count"] = s.count
	content["payload"] = []any{}
	content["user_expressions"] = map[string]any{}
	return content
}

// fail publishes the error of the cell.
func (o *output) fail(content map[string]any) {
	err := o.publish("error", map[string]any{
		"ename": content["ename"], "evalue": content["evalue"], "traceback": content["traceback"],
	})
	if err != nil {
		o.server.log.Error("error not published", "reason", err)
	}
}

// running is the cell that an interrupt would meet.
type running struct {
	mu    sync.Mutex
	out   *output // nil between cells
	begun bool    // the interpreter has it
}

// begin reports whether the interpreter may begin: not after an interrupt.
func (r *running) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun = !isClosed(r.out.interrupted)
	return r.begun
}

// runCell calls the interpreter on a goroutine of its own, so that a cell that
// ends its goroutine does not end the kernel.
func (s *server) runCell(r Request, out *output) (reply Reply, err error) {
	defer s.setRunning(nil)
	defer out.end()
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	done := make(chan struct{})
	err = errGoexit
	go func() {
		defer close(done)
		if !s.running.begin() {
			err = errEarly
			return
		}
		err = guarded(s, "Execute", func() (err error) {
			reply, err = s.interp.Execute(ctx, r, out)
			return err
		})
	}()
	<-done
	return reply, err
}

// Failures of cells that the interpreter knows nothing of.
var (
	errGoexit = &CellError{Name: "goexit", Value: "the cell ended its goroutine with runtime.Goexit"}
	errEarly  = &CellError{Name: "interrupted", Value: "the cell was interrupted before it began"}
)

func (s *server) setRunning(out *output) {
	s.running.mu.Lock()
	defer s.running.mu.Unlock()
	s.running.out, s.running.begun = out, false
}

// interrupt stops the running cell, if there is one. The lock makes sure that
// the interpreter is not told about a cell that has ended.
func (s *server) interrupt() {
	s.running.mu.Lock()
	defer s.running.mu.Unlock()
	out := s.running.out
	if out == nil {
		return
	}
	second := isClosed(out.interrupted)
	if !second {
		close(out.interrupted)
	}
	if !s.running.begun {
		return
	}
	err := guarded(s, "Interrupt", func() error {
		s.interp.Interrupt(second)
		return nil
	})
	if err != nil {
		s.log.Warn("interrupt failed", "reason", err)
	}
}

func (s *server) answerInterrupt(*message) (any, error) {
	s.interrupt()
	return map[string]string{"status": statusOK}, nil
}

// handleShutdown replies, tells all front ends, and ends the kernel.
func (s *server) handleShutdown(m *message) {
	r, err := contentOf[struct {
		Restart bool `json:"restart"`
	}](m)
	if err != nil {
		s.log.Warn("shutdown_request", "reason", err) // whatever else it says, it says shut down
	}
	content := map[string]any{"status": statusOK, "restart": r.Restart}
	s.reply(m, "shutdown_reply", nil, content)
	s.iopub.notify("shutdown_reply", m.parent, content)
	s.cancel(errShutdown)
}

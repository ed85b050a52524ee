package kernel

import (
	"context"
	"io"
	"log/slog"
	"sync"
)

// endOfInput is what front ends send for Ctrl-D.
const endOfInput = "\x04"

// question is one request for a line of input.
type question struct {
	to       *message // the execute_request whose sender is asked
	prompt   string
	password bool
}

// stdin asks front ends for input, one question at a time.
type stdin struct {
	author    *author
	transport Transport
	log       *slog.Logger

	turn chan struct{} // holds one token while a question is open

	mu      sync.Mutex
	waiting *pendingQuestion // nil when nothing has been asked
}

// pendingQuestion is the open question.
type pendingQuestion struct {
	id      string // msg_id of the input_request
	request string // msg_id of the execute_request
	reply   chan *message
}

func newStdin(a *author, t Transport, log *slog.Logger) *stdin {
	return &stdin{author: a, transport: t, log: log, turn: make(chan struct{}, 1)}
}

// ask waits for the answer to q or for the end of ctx, whose cause it returns.
func (s *stdin) ask(ctx context.Context, q question) (string, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	frames, id, err := s.author.compose(draft{Type: "input_request", Parent: q.to.parent, Content: map[string]any{
		"prompt": q.prompt, "password": q.password,
	}})
	if err != nil {
		return "", err
	}
	p := &pendingQuestion{id: id, request: q.to.id, reply: make(chan *message, 1)}
	s.setWaiting(p)
	defer s.setWaiting(nil)
	if err := s.transport.Send(Stdin, q.to.packet(frames)); err != nil {
		return "", err
	}
	select {
	case m := <-p.reply:
		return inputValue(m)
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

func (s *stdin) setWaiting(p *pendingQuestion) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = p
}

// deliver takes a message from the stdin channel. Whatever does not answer
// the open question is stale and dropped: it must not answer the next one.
// Some front ends name no parent, some the cell, some the question.
func (s *stdin) deliver(m *message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.waiting
	if m.kind == "input_reply" && p != nil && (m.replyTo == "" || m.replyTo == p.id || m.replyTo == p.request) {
		select {
		case p.reply <- m:
			return
		default: // answered already
		}
	}
	s.log.Warn("message dropped", "channel", Stdin.String(), "type", m.kind, "reason", "nothing waits for it")
}

func inputValue(m *message) (string, error) {
	reply, err := contentOf[struct {
		Value string `json:"value"`
	}](m)
	if err != nil {
		return "", err
	}
	if reply.Value == endOfInput {
		return "", io.EOF
	}
	return reply.Value, nil
}

package kernel

import (
	"encoding/json"
	"errors"
	"log/slog"
)

// States of the kernel in status messages.
const (
	stateStarting = "starting"
	stateBusy     = "busy"
	stateIdle     = "idle"
)

// publisher sends messages to all front ends.
type publisher struct {
	author    *author
	transport Transport
	log       *slog.Logger
}

// publish sends d on iopub. Only a fault of d itself is an error.
func (p *publisher) publish(d draft) error {
	frames, _, err := p.author.compose(d)
	if err != nil {
		return err
	}
	topic := []byte("kernel." + p.author.session + "." + d.Type)
	err = p.transport.Publish(append([][]byte{topic}, frames...))
	if err != nil && !errors.Is(err, ErrClosed) { // goroutines of cells may write to the very end
		p.log.Warn("message not published", "type", d.Type, "reason", err)
	}
	return nil
}

// notify publishes a message whose content always has JSON.
func (p *publisher) notify(kind string, parent json.RawMessage, content any) {
	if err := p.publish(draft{Type: kind, Parent: parent, Content: content}); err != nil {
		p.log.Error("message not published", "type", kind, "reason", err)
	}
}

func (p *publisher) status(parent json.RawMessage, state string) {
	p.notify("status", parent, map[string]string{"execution_state": state})
}

// welcome is the SubscribeFunc of the kernel: it tells a new subscriber, and
// nobody else, that from now on it misses nothing. The topic goes in front so
// that the subscription matches the message.
func (s *server) welcome(topic string, send func(frames [][]byte)) {
	frames, _, err := s.author.compose(draft{Type: "iopub_welcome", Content: map[string]string{"subscription": topic}})
	if err != nil {
		s.log.Error("no iopub_welcome sent", "reason", err)
		return
	}
	send(append([][]byte{[]byte(topic)}, frames...))
}

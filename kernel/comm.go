package kernel

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
)

// Kinds of CommMessage.
const (
	CommOpen  = "comm_open"
	CommMsg   = "comm_msg"
	CommClose = "comm_close"
)

// CommMessage is a message on a comm, a channel between cells and code in
// front ends such as widgets.
type CommMessage struct {
	Kind     string          // CommOpen, CommMsg or CommClose
	ID       string          // of the comm
	Target   string          // of CommOpen: the name of who shall answer
	Data     json.RawMessage // an object, nil = empty
	Metadata json.RawMessage // an object, nil = empty
	Buffers  [][]byte        // binary data behind it
}

// CommInterpreter is an Interpreter whose cells can have comms. Its methods
// are called from several goroutines, also while a cell runs.
type CommInterpreter interface {
	Interpreter
	// ConnectComms is called once, before the first request, with the way to
	// the front ends. send may be called at any time.
	ConnectComms(send func(CommMessage) error)
	// ReceiveComm handles a message from a front end. It returns false when
	// nobody knows its target or its comm.
	ReceiveComm(CommMessage) bool
	// ListComms returns the targets of the open comms by id: all of them, or
	// those of one target.
	ListComms(target string) map[string]string
}

// comms joins the comms of an interpreter to the wire.
type comms struct {
	interp CommInterpreter                 // nil = there are none
	parent atomic.Pointer[json.RawMessage] // of what is sent: the last cell or comm message that began
}

func (s *server) connectComms() {
	i, ok := s.interp.(CommInterpreter)
	if !ok {
		return
	}
	s.comms.interp = i
	i.ConnectComms(s.sendComm)
}

// began makes m the parent of comm messages that are sent from now on.
func (c *comms) began(m *message) { c.parent.Store(&m.parent) }

// sendComm publishes a message of the interpreter.
func (s *server) sendComm(m CommMessage) error {
	content := map[string]any{"comm_id": m.ID, "data": object(m.Data)}
	switch m.Kind {
	case CommOpen:
		content["target_name"] = m.Target
	case CommMsg, CommClose:
	default:
		return fmt.Errorf("kernel: comm message of kind %q; use %s, %s or %s", m.Kind, CommOpen, CommMsg, CommClose)
	}
	var parent json.RawMessage
	if p := s.comms.parent.Load(); p != nil {
		parent = *p
	}
	return s.iopub.publish(draft{Type: m.Kind, Parent: parent, Metadata: object(m.Metadata), Content: content, Buffers: m.Buffers})
}

func object(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage("{}")
	}
	return raw
}

// receiveComm gives a comm message to the interpreter. One to an unknown
// target is answered by closing the comm, which is how the protocol says no.
func (s *server) receiveComm(m *message) error {
	r, err := contentOf[struct {
		ID     string          `json:"comm_id"`
		Target string          `json:"target_name"`
		Data   json.RawMessage `json:"data"`
	}](m)
	if err != nil {
		return err
	}
	known := false
	if s.comms.interp != nil {
		s.comms.began(m)
		known, err = limited(s, m.kind, func() bool {
			return s.comms.interp.ReceiveComm(CommMessage{
				Kind: m.kind, ID: r.ID, Target: r.Target, Data: object(r.Data), Metadata: m.metadata, Buffers: m.buffers,
			})
		})
	}
	if m.kind == CommOpen && !known {
		s.log.Info("comm refused", "target", r.Target)
		s.iopub.notify(CommClose, m.parent, map[string]any{"comm_id": r.ID, "data": map[string]any{}})
	}
	return err
}

// answerCommInfo answers comm_info_request.
func (s *server) answerCommInfo(m *message) (any, error) {
	r, err := contentOf[struct {
		Target string `json:"target_name"`
	}](m)
	if err != nil {
		return nil, err
	}
	list := map[string]any{}
	if s.comms.interp != nil {
		open, err := limited(s, "ListComms", func() map[string]string { return s.comms.interp.ListComms(r.Target) })
		if err != nil {
			return nil, err
		}
		for id, target := range open {
			list[id] = map[string]string{"target_name": target}
		}
	}
	return map[string]any{"status": statusOK, "comms": list}, nil
}

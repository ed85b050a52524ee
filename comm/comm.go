// Package comm lets cells talk to code in front ends: widgets, extensions,
// pages. A comm is a channel between the two with an id; either side opens it,
// naming a target that the other side knows.
//
// In a cell the functions of this package belong to the session:
//
//	comm.Register("counter", func(c *comm.Comm, data map[string]any) {
//		c.OnMessage(func(data map[string]any, _ [][]byte) {
//			c.Send(map[string]any{"n": data["n"]})
//		})
//	})
//
// Handlers run while other cells may run; what they share needs a lock.
//
// The package is a leaf: a session owns a Manager, and whoever serves the
// session connects the Manager to the wire.
package comm

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

// Kind says what a Message does.
type Kind string

// The kinds of messages, as the Jupyter protocol names them.
const (
	KindOpen    Kind = "comm_open"
	KindMessage Kind = "comm_msg"
	KindClose   Kind = "comm_close"
)

// Message is what travels on a comm.
type Message struct {
	Kind     Kind
	ID       string          // of the comm
	Target   string          // of KindOpen
	Data     json.RawMessage // an object, nil = empty
	Metadata json.RawMessage // an object, nil = empty
	Buffers  [][]byte
}

// Errors of sending.
var (
	// ErrClosed is returned for a comm that either side has closed.
	ErrClosed = errors.New("comm: closed")
	// ErrNotConnected is returned where no front end is, as in a headless run.
	ErrNotConnected = errors.New("comm: no front end is connected to this session")
)

// Comm is one channel. Its methods are safe for concurrent use.
type Comm struct {
	m      *Manager
	id     string
	target string

	mu        sync.Mutex
	closed    bool
	onMessage func(data map[string]any, buffers [][]byte)
	onClose   func(data map[string]any)
}

// ID returns the id of the comm.
func (c *Comm) ID() string { return c.id }

// Target returns the name that the comm was opened with.
func (c *Comm) Target() string { return c.target }

// OnMessage makes f the handler of messages from the front end. Messages that
// come before the first handler are lost, so it is set by the function given
// to Register, or before the front end can answer.
func (c *Comm) OnMessage(f func(data map[string]any, buffers [][]byte)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onMessage = f
}

// OnClose makes f the handler that is called when the front end closes the comm.
func (c *Comm) OnClose(f func(data map[string]any)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onClose = f
}

// Send sends data, which must have JSON, and buffers to the front end.
func (c *Comm) Send(data map[string]any, buffers ...[]byte) error {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return ErrClosed
	}
	return c.m.post(KindMessage, c, data, OpenOptions{Buffers: buffers})
}

// Close ends the comm on both sides. Closing again does nothing.
func (c *Comm) Close(data ...map[string]any) error {
	if !c.end() {
		return nil
	}
	var last map[string]any
	if len(data) > 0 {
		last = data[0]
	}
	return c.m.post(KindClose, c, last, OpenOptions{})
}

// end marks the comm as closed and reports whether it was open.
func (c *Comm) end() bool {
	c.m.forget(c)
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.closed
	c.closed = true
	return !was
}

func newID() string {
	var random [16]byte
	rand.Read(random[:]) // never fails
	return hex.EncodeToString(random[:])
}

// decode returns the object that a front end sent.
func decode(m Message) (data map[string]any, err error) {
	if len(m.Data) == 0 {
		return map[string]any{}, nil
	}
	if err := json.Unmarshal(m.Data, &data); err != nil {
		return nil, fmt.Errorf("comm: data of %s is not an object: %w", m.Kind, err)
	}
	if data == nil { // null
		data = map[string]any{}
	}
	return data, nil
}

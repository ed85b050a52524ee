package kerneltest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nskernel/nskernel/kernel"
)

// patience is how long a client waits for what a correct kernel sends at once.
const patience = time.Minute

// sessions numbers the clients of a process.
var sessions atomic.Int64

// Client speaks to a kernel and holds everything it hears to the protocol.
// Its methods fail the test they belong to; they are called by the goroutine
// of the test, as testing.TB.Fatal demands.
type Client struct {
	t       testing.TB
	link    Link
	key     string
	session string
	ordered bool

	mu    sync.Mutex
	heard []Message
	bell  chan struct{} // closed and replaced when something is heard
	ended bool
	count int
}

// NewClient returns a client on link, which is closed at the end of the test.
// Ordered says that the link keeps the order of messages across channels. Only
// hmac-sha256 and unsigned connections are supported.
func NewClient(t testing.TB, link Link, c kernel.ConnectionFile, ordered bool) *Client {
	t.Helper()
	cl := &Client{t: t, link: link, key: c.Key, session: fmt.Sprint("client-", sessions.Add(1)), ordered: ordered, bell: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		cl.listen()
	}()
	t.Cleanup(func() {
		link.Close()
		<-done
	})
	return cl
}

// listen stores what the kernel sends until the link ends.
func (c *Client) listen() {
	for {
		ch, frames, err := c.link.Recv()
		if err != nil {
			c.store(Message{}, true)
			if !errors.Is(err, kernel.ErrClosed) {
				c.t.Errorf("client: %v", err)
			}
			return
		}
		m, err := decode(ch, frames, c.key)
		if err != nil {
			c.t.Errorf("client: bad message on %s: %v: %q", ch, err, frames)
			continue
		}
		c.store(m, false)
	}
}

func (c *Client) store(m Message, ended bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ended {
		c.ended = true
	} else {
		c.heard = append(c.heard, m)
	}
	close(c.bell)
	c.bell = make(chan struct{})
}

// Heard returns everything that the client has heard so far.
func (c *Client) Heard() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.heard[:len(c.heard):len(c.heard)]
}

// Forget drops everything that the client has heard so far, for long tests. No
// call may be waited for any more that was started before.
func (c *Client) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = nil
}

// Subscribe subscribes to all of iopub and waits for the kernel's welcome.
func (c *Client) Subscribe() Message {
	c.t.Helper()
	if err := c.link.Subscribe(""); err != nil {
		c.t.Fatalf("client: subscribe: %v", err)
	}
	return c.Await("iopub_welcome", func(m Message) bool { return m.Type() == "iopub_welcome" })
}

// Await waits for the first message, heard already or not, that pred accepts.
func (c *Client) Await(what string, pred func(Message) bool) Message {
	c.t.Helper()
	var found Message
	c.await(what, func(heard []Message) bool {
		for _, m := range heard {
			if pred(m) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// await waits until done accepts what has been heard.
func (c *Client) await(what string, done func([]Message) bool) {
	c.t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		c.mu.Lock()
		heard, ended, bell := c.heard, c.ended, c.bell
		c.mu.Unlock()
		switch {
		case done(heard):
			return
		case ended:
			c.t.Fatalf("client: the kernel closed before %s came; heard:\n%s", what, list(heard))
		}
		select {
		case <-bell:
		case <-timeout.C:
			c.t.Fatalf("client: no %s; heard:\n%s", what, list(heard))
		}
	}
}

func list(messages []Message) string {
	var b strings.Builder
	for _, m := range messages {
		fmt.Fprintln(&b, m)
	}
	return b.String()
}

// Fields is the content of a request.
type Fields map[string]any

// Call is a request that has been sent.
type Call struct {
	client  *Client
	request Message
}

// Start sends a request and does not wait.
func (c *Client) Start(ch kernel.Channel, msgType string, content Fields) *Call {
	c.t.Helper()
	return c.StartMessage(Message{Channel: ch, Header: Header{Type: msgType}, Content: content})
}

// StartMessage sends a message and does not wait. Of its header only type and
// subshell are used.
func (c *Client) StartMessage(m Message) *Call {
	c.t.Helper()
	subshell := m.Header.Subshell
	m.Header = c.NewHeader(m.Header.Type)
	m.Header.Subshell = subshell
	frames, err := m.encode(c.key)
	if err != nil {
		c.t.Fatalf("client: %v", err)
	}
	c.SendFrames(m.Channel, frames)
	return &Call{client: c, request: m}
}

// NewHeader returns a header with a new msg_id.
func (c *Client) NewHeader(msgType string) Header {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	return Header{
		ID: fmt.Sprintf("%s-%d", c.session, c.count), Session: c.session, Username: "test",
		Date: time.Now().UTC().Format(time.RFC3339Nano), Type: msgType, Version: "5.4",
	}
}

// Frames returns m signed and cut into frames, for tests that change them
// before SendFrames.
func (c *Client) Frames(m Message) [][]byte {
	c.t.Helper()
	frames, err := m.encode(c.key)
	if err != nil {
		c.t.Fatalf("client: %v", err)
	}
	return frames
}

// SendFrames sends frames as they are.
func (c *Client) SendFrames(ch kernel.Channel, frames [][]byte) {
	c.t.Helper()
	if err := c.link.Send(ch, frames); err != nil {
		c.t.Fatalf("client: send on %s: %v", ch, err)
	}
}

// Do sends a request and waits for everything that belongs to it.
func (c *Client) Do(ch kernel.Channel, msgType string, content Fields) Exchange {
	c.t.Helper()
	return c.Start(ch, msgType, content).Wait()
}

// Execute runs a cell and waits for everything that belongs to it.
func (c *Client) Execute(code string) Exchange {
	c.t.Helper()
	return c.StartExecute(code).Wait()
}

// StartExecute sends a cell and does not wait.
func (c *Client) StartExecute(code string) *Call {
	c.t.Helper()
	return c.Start(kernel.Shell, "execute_request", Fields{"code": code, "silent": false, "store_history": true, "user_expressions": Fields{}, "allow_stdin": true, "stop_on_error": true})
}

// Answer replies to an input_request as front ends do.
func (c *Client) Answer(request Message, value string) {
	c.t.Helper()
	c.StartMessage(Message{Channel: kernel.Stdin, Header: Header{Type: "input_reply"}, Parent: request.Header, Content: Fields{"status": "ok", "value": value}})
}

// Await waits for the first message in answer to the call that is of a type.
func (k *Call) Await(msgType string) Message {
	k.client.t.Helper()
	return k.client.Await(msgType, func(m Message) bool { return m.Parent.ID == k.request.Header.ID && m.Type() == msgType })
}

// ID returns the msg_id of the request.
func (k *Call) ID() string { return k.request.Header.ID }

// Replied reports whether the reply to the call has come.
func (k *Call) Replied() bool {
	return slices.ContainsFunc(k.client.Heard(), func(m Message) bool {
		return m.Parent.ID == k.ID() && m.Channel == k.request.Channel
	})
}

// Wait waits for the reply and idle and returns everything that belongs to the
// call. It fails the test when the exchange breaks a rule of the protocol.
func (k *Call) Wait() Exchange {
	c := k.client
	c.t.Helper()
	var e Exchange
	c.await("reply and idle of "+k.request.Type(), func(heard []Message) bool {
		e = Exchange{Request: k.request, Ordered: c.ordered}
		replied, idle := !strings.HasSuffix(k.request.Type(), "_request"), false
		for _, m := range heard {
			if m.Parent.ID != k.request.Header.ID {
				continue
			}
			e.Messages = append(e.Messages, m)
			replied = replied || m.Channel == k.request.Channel
			idle = idle || m.Text("execution_state") == "idle"
		}
		return replied && idle
	})
	if err := e.Check(); err != nil {
		c.t.Error(err)
	}
	return e
}

package guard

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Long enough for the race detector on a busy machine; no test waits so long
// unless it fails.
const patience = 20 * time.Second

// client is a ZMTP peer made of a bare socket.
type client struct {
	t testing.TB
	net.Conn
	in *bufio.Reader
}

// dial opens a connection and sends nothing.
func dial(t testing.TB, s *Socket) *client {
	t.Helper()
	c, err := net.Dial(s.Addr().Network(), s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &client{t, c, bufio.NewReader(c)}
}

// connect does the handshake as a socket of type typ.
func connect(t testing.TB, s *Socket, typ, identity string) *client {
	t.Helper()
	c := dial(t, s)
	c.write(greeting(1), readyCommand(typ, identity))
	c.handshake()
	return c
}

// subscribe connects a subscriber to a topic.
func subscribe(t testing.TB, s *Socket, topic string) *client {
	t.Helper()
	c := connect(t, s, "SUB", "")
	c.command("SUBSCRIBE", topic)
	return c
}

func (c *client) write(parts ...[]byte) {
	c.t.Helper()
	for _, b := range parts {
		if _, err := c.Write(b); err != nil {
			c.t.Fatal(err)
		}
	}
}

func (c *client) send(frames ...string) {
	c.t.Helper()
	c.write(encodeMessage(toBytes(frames)))
}

func (c *client) command(name, body string) {
	c.t.Helper()
	c.write(encodeCommand(name, []byte(body)))
}

// handshake reads and checks the greeting and READY of the other side.
func (c *client) handshake() {
	c.t.Helper()
	c.SetReadDeadline(time.Now().Add(patience))
	if err := readGreeting(c.in); err != nil {
		c.t.Fatalf("greeting: %v", err)
	}
	if _, err := readReady(c.in); err != nil {
		c.t.Fatalf("READY: %v", err)
	}
}

// frame reads one frame.
func (c *client) frame() (flags byte, body string, err error) {
	h, err := readHeader(c.in)
	if err != nil {
		return 0, "", err
	}
	b := make([]byte, h.size)
	_, err = io.ReadFull(c.in, b)
	return h.flags &^ flagLong, string(b), err
}

// recv reads one message.
func (c *client) recv() []string {
	c.t.Helper()
	c.SetReadDeadline(time.Now().Add(patience))
	var frames []string
	for {
		flags, body, err := c.frame()
		if err != nil {
			c.t.Fatalf("receive after %d frames: %v", len(frames), err)
		}
		if flags&flagCommand != 0 {
			c.t.Fatalf("received command %q, want a message", body)
		}
		if frames = append(frames, body); flags&flagMore == 0 {
			return frames
		}
	}
}

// want reads one message and compares it.
func (c *client) want(frames ...string) {
	c.t.Helper()
	if got := c.recv(); !equal(got, frames) {
		c.t.Fatalf("received %.200q, want %.200q", got, frames)
	}
}

// wantClosed demands that the other side closes the connection.
func (c *client) wantClosed() {
	c.t.Helper()
	c.SetReadDeadline(time.Now().Add(patience))
	switch _, err := io.Copy(io.Discard, c.in); {
	case err == nil, errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
	default:
		c.t.Fatalf("connection is not closed: %v", err)
	}
}

// introduce sends a message and returns the address that s knows the client by.
func (c *client) introduce(s *Socket) []byte {
	c.t.Helper()
	c.send("hello")
	frames, err := s.Recv()
	if err != nil || len(frames) != 2 || string(frames[1]) != "hello" {
		c.t.Fatalf("received %q, %v", frames, err)
	}
	return frames[0]
}

// wantSilence demands that nothing arrives for a while.
func (c *client) wantSilence() {
	c.t.Helper()
	c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if b, err := c.in.Peek(1); !errors.Is(err, os.ErrDeadlineExceeded) {
		c.t.Fatalf("received %q, %v, want nothing", b, err)
	}
}

// wantEcho sends a message and demands it back.
func (c *client) wantEcho(frames ...string) {
	c.t.Helper()
	c.send(frames...)
	c.want(frames...)
}

// listening returns a socket on a free port.
func listening(t testing.TB, cfg Config) *Socket {
	t.Helper()
	if cfg.Network == "" {
		cfg.Network, cfg.Address = "tcp", "127.0.0.1:0"
	}
	s, err := Listen(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(0) })
	return s
}

// echo returns a Router that sends every message back.
func echo(t testing.TB, cfg Config) *Socket {
	t.Helper()
	s := listening(t, cfg)
	go func() {
		for {
			frames, err := s.Recv()
			if err != nil {
				return
			}
			s.Send(frames)
		}
	}()
	return s
}

// welcoming returns a Publisher that greets every subscriber, and the number
// of subscriptions so far.
func welcoming(t testing.TB, cfg Config) *Socket {
	t.Helper()
	cfg.Kind = Publisher
	cfg.OnSubscribe = func(topic string, send func([][]byte)) {
		send(toBytes([]string{topic, "welcome"}))
	}
	return listening(t, cfg)
}

func publish(t testing.TB, s *Socket, frames ...string) {
	t.Helper()
	if err := s.Send(toBytes(frames)); err != nil {
		t.Fatal(err)
	}
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

// socketPath returns a path for a socket file that is short enough everywhere.
func socketPath(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "guard")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "kernel-1")
}

func toBytes(frames []string) [][]byte {
	b := make([][]byte, len(frames))
	for i, f := range frames {
		b[i] = []byte(f)
	}
	return b
}

func equal(a, b []string) bool {
	return len(a) == len(b) && strings.Join(a, "\x00") == strings.Join(b, "\x00")
}

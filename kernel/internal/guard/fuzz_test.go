package guard

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"
)

// FuzzHandshake: whatever a peer sends, the handshake ends in an error or in
// an identity that may be used.
func FuzzHandshake(f *testing.F) {
	for _, h := range hostile {
		f.Add(bytes.Join(h.sent, nil), h.kind == Publisher)
	}
	f.Add(append(greeting(1), readyCommand("DEALER", "me")...), false)
	f.Add(append(greeting(0), readyCommand("SUB", "")...), true)
	f.Fuzz(func(t *testing.T, sent []byte, pub bool) {
		kind := Router
		if pub {
			kind = Publisher
		}
		in := bytes.NewReader(sent)
		id, err := shakeHands(io.Discard, in, kind)
		if err != nil {
			if id != "" {
				t.Errorf("identity %q in spite of %v", id, err)
			}
			return
		}
		if len(id) > maxIdentity {
			t.Errorf("identity %q", id)
		}
		if used := len(sent) - in.Len(); used < greetingSize+headerSize(0)+len("\x05READY") {
			t.Errorf("finished after %d bytes", used)
		}
	})
}

// FuzzFrames: whatever a peer sends after the handshake, zmq4 reads complete
// headers without surprises: no commands, no message over the limit, and on a
// Publisher nothing but subscriptions.
func FuzzFrames(f *testing.F) {
	for _, h := range hostile {
		if len(h.sent) > 2 {
			f.Add(bytes.Join(h.sent[2:], nil), h.kind == Publisher)
		}
	}
	for _, pub := range []bool{false, true} {
		f.Add(encodeMessage(toBytes([]string{"", "frame", string(make([]byte, 300))})), pub)
		f.Add(encodeCommand("PING", []byte("\x00\x10context")), pub)
		f.Add(encodeCommand("SUBSCRIBE", []byte("topic")), pub)
		f.Add(append(encodeCommand("SUBSCRIBE", nil), encodeCommand("CANCEL", nil)...), pub)
		f.Add([]byte("\x00\x02\x01t\x00\x02\x00t\x04\x19"), pub)
	}
	f.Fuzz(func(t *testing.T, sent []byte, pub bool) {
		cfg := Config{QueueBytes: 1 << 16, MaxMessage: 1 << 12}
		limit := cfg.MaxMessage
		if pub {
			cfg.Kind, limit = Publisher, maxCommand+1 // a topic may come as a command
		}
		p := newPeer(&listener{cfg: cfg}, &recording{in: bytes.NewReader(sent)})
		var message uint64
		for {
			h, err := readHeader(p)
			if err != nil {
				break
			}
			body := make([]byte, h.size)
			if _, err := io.ReadFull(p, body); err != nil {
				break
			}
			if h.command() {
				t.Fatalf("zmq4 reads a command: %q", body)
			}
			if message += h.size; message > limit {
				t.Fatalf("zmq4 reads a message of %d bytes", message)
			}
			if !h.more() {
				message = 0
			}
			if pub && (h.more() || len(body) == 0 || body[0] > 1) {
				t.Fatalf("a publisher reads %q", body)
			}
		}
		if _, err := p.Read(make([]byte, 1)); err == nil {
			t.Error("Read goes on after the end")
		}
	})
}

// recording is a connection whose other side has sent in and reads nothing.
type recording struct{ in *bytes.Reader }

func (c *recording) Read(b []byte) (int, error)       { return c.in.Read(b) }
func (c *recording) Write(b []byte) (int, error)      { return len(b), nil }
func (c *recording) Close() error                     { return nil }
func (c *recording) LocalAddr() net.Addr              { return nil }
func (c *recording) RemoteAddr() net.Addr             { return nil }
func (c *recording) SetDeadline(time.Time) error      { return nil }
func (c *recording) SetReadDeadline(time.Time) error  { return nil }
func (c *recording) SetWriteDeadline(time.Time) error { return nil }

package guard

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// rawFrame encodes a header that may lie about the body.
func rawFrame(flags byte, size uint64, body string) []byte {
	if flags&flagLong != 0 {
		return append(binary.BigEndian.AppendUint64([]byte{flags}, size), body...)
	}
	return append([]byte{flags, byte(size)}, body...)
}

// Each of these disturbs nobody else and is disconnected.
var hostile = []struct {
	name string
	kind Kind
	sent [][]byte // after which the connection must be closed
}{
	{"HTTP", Router, [][]byte{[]byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")}},
	{"short HTTP", Publisher, [][]byte{[]byte("GET /\r\n\r\n")}},
	{"wrong signature", Router, [][]byte{[]byte("\xff12345678\x7e")}},
	{"ZMTP 2", Router, [][]byte{append([]byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x02"), make([]byte, 53)...)}},
	{"CURVE", Router, [][]byte{append([]byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x01CURVE"), make([]byte, 47)...)}},
	{"message before READY", Router, [][]byte{greeting(1), appendFrame(nil, 0, []byte("hello"))}},
	{"other command before READY", Router, [][]byte{greeting(1), encodeCommand("PING", []byte("\x00\x00"))}},
	{"READY without a name", Router, [][]byte{greeting(1), rawFrame(flagCommand, 0, "")}},
	{"READY with half a name", Router, [][]byte{greeting(1), rawFrame(flagCommand, 2, "\x05R")}},
	{"READY ends in a property name", Router, [][]byte{greeting(1), encodeCommand("READY", []byte("\x01a"))}},
	{"READY announces a property of 4 GB", Router, [][]byte{greeting(1), encodeCommand("READY", []byte("\x01a\xff\xff\xff\xffb"))}},
	{"READY of 9e18 bytes", Router, [][]byte{greeting(1), rawFrame(flagCommand|flagLong, 0x7f7f7f7f7f7f7f7f, "")}},
	{"READY without a type", Router, [][]byte{greeting(1), encodeCommand("READY", nil)}},
	{"PUSH on ROUTER", Router, [][]byte{greeting(1), readyCommand("PUSH", "")}},
	{"DEALER on XPUB", Publisher, [][]byte{greeting(1), readyCommand("DEALER", "")}},
	{"long identity", Router, [][]byte{greeting(1), readyCommand("DEALER", strings.Repeat("x", 256))}},
	{"frame of 9e18 bytes", Router, [][]byte{greeting(1), readyCommand("DEALER", ""), rawFrame(flagLong, 0x7f7f7f7f7f7f7f7f, "x")}},
	{"frame of 2^64-1 bytes", Router, [][]byte{greeting(1), readyCommand("DEALER", ""), rawFrame(flagLong, 1<<64-1, "x")}},
	{"frame over the limit", Router, [][]byte{greeting(1), readyCommand("DEALER", ""), rawFrame(flagLong, 1<<20+1, "x")}},
	{"frames over the limit", Router, [][]byte{greeting(1), readyCommand("DEALER", ""), []byte(strings.Repeat("\x01\x00", 1<<20/frameCost+1))}},
	{"reserved flags", Router, [][]byte{greeting(1), readyCommand("DEALER", ""), rawFrame(0x10, 1, "x")}},
	{"command with more", Router, [][]byte{greeting(1), readyCommand("DEALER", ""), rawFrame(flagCommand|flagMore, 1, "x")}},
	{"short PING", Router, [][]byte{greeting(1), readyCommand("DEALER", ""), encodeCommand("PING", nil)}},
	{"nameless command", Router, [][]byte{greeting(1), readyCommand("DEALER", ""), rawFrame(flagCommand, 1, "\x00")}},
	{"ERROR", Router, [][]byte{greeting(1), readyCommand("DEALER", ""), encodeCommand("ERROR", []byte("\x05sorry"))}},
	{"subscriber sends a large frame", Publisher, [][]byte{greeting(1), readyCommand("SUB", ""), rawFrame(flagLong, 100_000, "")}},
	{"subscriber fills the table", Publisher, [][]byte{greeting(1), readyCommand("SUB", ""), manySubscriptions()}},
}

func manySubscriptions() (b []byte) {
	for i := range 200 {
		b = append(b, encodeCommand("SUBSCRIBE", []byte(fmt.Sprint(i)+strings.Repeat("x", 6000)))...)
	}
	return b
}

func TestHostilePeers(t *testing.T) {
	var reasons atomic.Int32
	cfg := Config{MaxMessage: 1 << 20, OnDisconnect: func(_ string, why error) {
		if why != nil && why.Error() != "" {
			reasons.Add(1)
		}
	}}
	router, pub := echo(t, cfg), welcoming(t, cfg)
	honest := connect(t, router, "DEALER", "honest")
	reader := subscribe(t, pub, "")
	reader.want("", "welcome")
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			target := router
			if tt.kind == Publisher {
				target = pub
			}
			before := reasons.Load()
			c := dial(t, target)
			for _, b := range tt.sent {
				c.Conn.Write(b) // may fail: the other side closes as soon as it knows
			}
			c.wantClosed()
			eventually(t, "reason for the disconnection", func() bool { return reasons.Load() > before })

			honest.wantEcho("still", "there")
			connect(t, router, "DEALER", "").wantEcho("new")
			publish(t, pub, "t", tt.name)
			reader.want("t", tt.name)
		})
	}
}

// An announcement costs no memory: 50 connections announce 1 GiB each.
func TestAnnouncedFramesCostNothing(t *testing.T) {
	s := echo(t, Config{})
	before := heap()
	for range 50 {
		c := connect(t, s, "DEALER", "")
		c.write(rawFrame(flagLong, 1<<30-frameCost, "x"))
	}
	connect(t, s, "DEALER", "").wantEcho("alive")
	if grown := heap() - before; grown > 200<<20 {
		t.Errorf("heap grew by %d MiB", grown>>20)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Connections that send nothing, or half a greeting, or stop reading, on both
// sockets at once: (a) and (b) of the defects of zmq4, together.
func TestIdlePeersDisturbNobody(t *testing.T) {
	const n = 3000
	router, pub := echo(t, Config{}), welcoming(t, Config{})
	stuck := subscribe(t, pub, "")
	stuck.want("", "welcome")
	for _, s := range []*Socket{router, pub} {
		dial(t, s)
		dial(t, s).write(greeting(1)[:30])
		dial(t, s).write([]byte("GET / HTTP/1.1\r\n\r\n"))
	}
	connect(t, router, "DEALER", "").wantEcho("hello")
	good := subscribe(t, pub, "")
	good.want("", "welcome")
	body := strings.Repeat("x", 5000)
	go func() {
		for i := range n {
			publish(t, pub, "t", fmt.Sprint(i), body)
		}
	}()
	for i := range n {
		good.want("t", fmt.Sprint(i), body)
	}
	connect(t, router, "DEALER", "").wantEcho("hello")
}

func TestHandshakeHasADeadline(t *testing.T) {
	s := echo(t, Config{Handshake: 100 * time.Millisecond})
	c := connect(t, s, "DEALER", "")
	silent, slow := dial(t, s), dial(t, s)
	slow.write(greeting(1))
	silent.wantClosed()
	slow.wantClosed()
	c.wantEcho("not cut off after the handshake")
}

// Too many unfinished handshakes end the oldest, so that there is always room.
func TestUnfinishedHandshakesAreBounded(t *testing.T) {
	s := echo(t, Config{Handshake: time.Hour})
	var idle []*client
	for range maxHandshakes + 10 {
		idle = append(idle, dial(t, s))
	}
	for _, c := range idle[:10] {
		c.wantClosed()
	}
	connect(t, s, "DEALER", "").wantEcho("welcome all the same")
	last := idle[len(idle)-1]
	last.handshake() // still open
	last.write(greeting(1), readyCommand("DEALER", ""))
	last.wantEcho("late")
}

// A peer that does not read loses its connection, the process no memory.
func TestQueueIsBounded(t *testing.T) {
	const limit = 1 << 20
	full := make(chan error, 1)
	s := welcoming(t, Config{QueueBytes: limit, OnDisconnect: func(_ string, why error) {
		select {
		case full <- why:
		default:
		}
	}})
	stuck, good := subscribe(t, s, ""), subscribe(t, s, "")
	stuck.want("", "welcome")
	good.want("", "welcome")
	body := strings.Repeat("x", 5000)
	for i := range 10_000 {
		publish(t, s, "t", fmt.Sprint(i), body)
		good.want("t", fmt.Sprint(i), body)
	}
	select {
	case why := <-full:
		if why != errQueueFull {
			t.Errorf("disconnected because: %v", why)
		}
	case <-time.After(patience):
		t.Fatal("50 MB for a peer that does not read, and it is still connected")
	}
	// It has lost the end, but nothing in between.
	for i := 0; ; i++ {
		stuck.SetReadDeadline(time.Now().Add(patience))
		if _, _, err := stuck.frame(); err != nil {
			break // cut off
		}
		_, number, err := stuck.frame()
		if err != nil {
			break
		}
		if number != fmt.Sprint(i) {
			t.Fatalf("message %s follows %d", number, i-1)
		}
		if _, _, err = stuck.frame(); err != nil {
			break
		}
	}
}

// (c) of the defects of zmq4.
func TestPing(t *testing.T) {
	s := listening(t, Config{})
	c := connect(t, s, "DEALER", "me")
	for _, context := range []string{"", "abc", "0123456789abcdef"} {
		c.command("PING", "\x00\x64"+context)
		c.SetReadDeadline(time.Now().Add(patience))
		flags, body, err := c.frame()
		if err != nil || flags != flagCommand || body != "\x04PONG"+context {
			t.Errorf("answer to PING %q is %q (flags %d), %v", context, body, flags, err)
		}
	}
	c.command("UNKNOWN", "ignored")
	c.send("message") // the first thing that Recv sees
	if frames, err := s.Recv(); err != nil || string(frames[1]) != "message" {
		t.Errorf("received %q, %v", frames, err)
	}
}

// A PING is also answered between the frames of a large message to the peer,
// never inside one.
func TestPongDoesNotTearMessages(t *testing.T) {
	s := echo(t, Config{})
	c := connect(t, s, "DEALER", "me")
	big := strings.Repeat("x", 4*writePiece)
	for range 20 {
		c.send(big, big)
		c.command("PING", "\x00\x00p")
	}
	pongs, messages := 0, 0
	for pongs < 20 || messages < 20 {
		c.SetReadDeadline(time.Now().Add(patience))
		flags, body, err := c.frame()
		switch {
		case err != nil:
			t.Fatal(err)
		case flags == flagCommand:
			pongs++
		case body != big:
			t.Fatalf("torn frame of %d bytes", len(body))
		case flags == 0:
			messages++
		default: // the second frame follows at once
			if flags, body, err := c.frame(); err != nil || flags != 0 || body != big {
				t.Fatalf("frame %d of %d bytes inside a message, %v", flags, len(body), err)
			}
			messages++
		}
	}
}

func TestCutConnections(t *testing.T) {
	s := echo(t, Config{})
	for _, cut := range [][]byte{
		{flagLong, 0, 0},
		rawFrame(0, 10, "half"),
		rawFrame(flagLong, 2*maxUnseen, "half"),
		appendFrame(nil, flagMore, []byte("first of two")),
	} {
		c := connect(t, s, "DEALER", "")
		c.write(cut)
		c.Close()
	}
	connect(t, s, "DEALER", "").wantEcho("alive")
	eventually(t, "all but one forgotten", func() bool { return len(s.l.connected()) == 1 })
}

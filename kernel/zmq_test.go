package kernel

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// onZMQ listens on free ports, or on socket files in a directory with a short name.
func onZMQ(t *testing.T, transport string, onSubscribe SubscribeFunc) *zmqTransport {
	t.Helper()
	c := ConnectionFile{Transport: transport, IP: "127.0.0.1"}
	if transport == "ipc" {
		dir, err := os.MkdirTemp("", "zmq")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		c = ConnectionFile{Transport: "ipc", IP: filepath.Join(dir, "kernel"), ShellPort: 1, ControlPort: 2, StdinPort: 3, IOPubPort: 4, HeartbeatPort: 5}
	}
	tr, err := ListenZMQ(c, onSubscribe)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close(0) })
	return tr.(*zmqTransport)
}

// dial connects a client socket of zmq4.
func (t *zmqTransport) dial(test *testing.T, ch Channel) zmq4.Socket {
	test.Helper()
	quiet := zmq4.WithLogger(log.New(io.Discard, "", 0))
	var s zmq4.Socket
	if ch == IOPub {
		s = zmq4.NewSub(test.Context(), quiet)
	} else {
		s = zmq4.NewDealer(test.Context(), quiet, zmq4.WithID(zmq4.SocketIdentity("client")))
	}
	test.Cleanup(func() { s.Close() })
	a := t.sockets[ch].Addr()
	scheme := a.Network()
	if scheme == "unix" {
		scheme = "ipc"
	}
	if err := s.Dial(scheme + "://" + a.String()); err != nil {
		test.Fatal(err)
	}
	return s
}

func TestZMQChannels(t *testing.T) {
	for _, transport := range []string{"tcp", "ipc"} {
		t.Run(transport, func(t *testing.T) {
			tr := onZMQ(t, transport, nil)
			for _, ch := range []Channel{Shell, Control, Stdin} {
				client := tr.dial(t, ch)
				if err := client.SendMulti(zmq4.NewMsgFromString([]string{ch.String(), "request"})); err != nil {
					t.Fatal(err)
				}
				p, err := tr.Recv(ch)
				if err != nil || !strings.HasPrefix(p.Peer, "client") || len(p.Frames) != 2 || string(p.Frames[0]) != ch.String() {
					t.Fatalf("%s: received %q, %v", ch, p, err)
				}
				if err := tr.Send(ch, p); err != nil {
					t.Fatal(err)
				}
				if m, err := client.Recv(); err != nil || len(m.Frames) != 2 || string(m.Frames[0]) != ch.String() {
					t.Errorf("%s: client received %q, %v", ch, m.Frames, err)
				}
			}
		})
	}
}

func TestZMQHeartbeat(t *testing.T) {
	tr := onZMQ(t, "tcp", nil)
	client := tr.dial(t, Heartbeat)
	for _, frames := range [][]string{{"ping"}, {""}, {"", "many", "frames"}} {
		if err := client.SendMulti(zmq4.NewMsgFromString(frames)); err != nil {
			t.Fatal(err)
		}
		m, err := client.Recv()
		if err != nil || string(joinFrames(m.Frames)) != strings.Join(frames, "|") {
			t.Errorf("%q came back as %q, %v", frames, m.Frames, err)
		}
	}
}

func joinFrames(frames [][]byte) (b []byte) {
	for i, f := range frames {
		if i > 0 {
			b = append(b, '|')
		}
		b = append(b, f...)
	}
	return b
}

func TestZMQWelcomeAndPublish(t *testing.T) {
	tr := onZMQ(t, "tcp", func(topic string, send func([][]byte)) {
		send([][]byte{[]byte(topic), []byte("welcome")})
	})
	client := tr.dial(t, IOPub)
	if err := client.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		t.Fatal(err)
	}
	if m, err := client.Recv(); err != nil || string(joinFrames(m.Frames)) != "|welcome" {
		t.Fatalf("first message is %q, %v", m.Frames, err)
	}
	if err := tr.Publish([][]byte{[]byte("topic"), []byte("body")}); err != nil {
		t.Fatal(err)
	}
	if m, err := client.Recv(); err != nil || string(joinFrames(m.Frames)) != "topic|body" {
		t.Errorf("received %q, %v", m.Frames, err)
	}
	for end := time.Now().Add(10 * time.Second); tr.Pending() != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d bytes pending for ever", tr.Pending())
		}
	}
}

func TestZMQSendRefuses(t *testing.T) {
	tr := onZMQ(t, "tcp", nil)
	if err := tr.Publish(nil); err == nil {
		t.Error("published no frames")
	}
	if err := tr.Send(Shell, Packet{Peer: "nobody at all", Frames: [][]byte{{}}}); err != nil {
		t.Errorf("sending to a peer that has gone: %v", err)
	}
	if err := tr.Send(Shell, Packet{Peer: "client"}); err == nil {
		t.Error("sent no frames")
	}
}

func TestZMQClose(t *testing.T) {
	tr := onZMQ(t, "tcp", nil)
	ended := make(chan error)
	go func() { _, err := tr.Recv(Stdin); ended <- err }()
	for range 2 {
		if err := tr.Close(time.Second); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	select {
	case err := <-ended:
		if !errors.Is(err, ErrClosed) {
			t.Errorf("Recv: %v", err)
		}
	case <-ctx.Done():
		t.Fatal("Recv goes on after Close")
	}
	if err := tr.Publish([][]byte{{}}); !errors.Is(err, ErrClosed) {
		t.Errorf("Publish: %v", err)
	}
	if err := tr.Send(Shell, Packet{Peer: "x", Frames: [][]byte{{}}}); !errors.Is(err, ErrClosed) {
		t.Errorf("Send: %v", err)
	}
}

// When one port is taken, the others are given back.
func TestZMQPortTaken(t *testing.T) {
	taken := onZMQ(t, "tcp", nil)
	tr := onZMQ(t, "ipc", nil) // for a path that is free afterwards
	path := tr.sockets[Shell].Addr().String()
	tr.Close(0)
	c := ConnectionFile{Transport: "ipc", IP: strings.TrimSuffix(path, "-1"), ShellPort: 1, ControlPort: 1}
	_, err := ListenZMQ(c, nil)
	if err == nil || !strings.Contains(err.Error(), "control channel") {
		t.Errorf("two channels on one file: %v", err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the shell channel is still bound: %v", err)
	}
	port := taken.sockets[IOPub].Addr().(*net.TCPAddr).Port
	c = ConnectionFile{Transport: "tcp", IP: "127.0.0.1", ControlPort: port}
	if _, err := ListenZMQ(c, nil); err == nil || !strings.Contains(err.Error(), "control channel at 127.0.0.1:") {
		t.Errorf("a port that is taken: %v", err)
	}
}

// A connection that says nothing, one that speaks another protocol and a
// subscriber that does not read, on every port: nobody else notices.
func TestZMQBadClients(t *testing.T) {
	tr := onZMQ(t, "tcp", func(topic string, send func([][]byte)) { send([][]byte{[]byte("welcome")}) })
	for _, s := range tr.sockets {
		for _, greeting := range []string{"", "\xff\x00", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"} {
			c, err := net.Dial("tcp", s.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.Write([]byte(greeting))
		}
	}
	stuck := tr.dial(t, IOPub) // zmq4 reads ten messages for it and then no more
	good := tr.dial(t, IOPub)
	for _, s := range []zmq4.Socket{stuck, good} {
		if err := s.SetOption(zmq4.OptionSubscribe, ""); err != nil {
			t.Fatal(err)
		}
	}
	if m, err := good.Recv(); err != nil || string(joinFrames(m.Frames)) != "welcome" {
		t.Fatalf("first message is %q, %v", m.Frames, err)
	}
	const n = 2000
	body := make([]byte, 20_000)
	go func() {
		for i := range n {
			tr.Publish([][]byte{[]byte(strconv.Itoa(i)), body})
		}
	}()
	for i := range n {
		if m, err := good.Recv(); err != nil || string(m.Frames[0]) != strconv.Itoa(i) {
			t.Fatalf("message %d is %.20q, %v", i, m.Frames, err)
		}
	}
	for _, ch := range []Channel{Shell, Control, Stdin} {
		client := tr.dial(t, ch)
		client.Send(zmq4.NewMsgString("hello"))
		if p, err := tr.Recv(ch); err != nil || string(p.Frames[0]) != "hello" {
			t.Errorf("%s: %q, %v", ch, p.Frames, err)
		}
	}
	beat := tr.dial(t, Heartbeat)
	beat.Send(zmq4.NewMsgString("ping"))
	if m, err := beat.Recv(); err != nil || string(m.Frames[0]) != "ping" {
		t.Errorf("heartbeat: %q, %v", m.Frames, err)
	}
}

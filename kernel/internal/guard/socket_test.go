package guard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestRoundTrip(t *testing.T) {
	sizes := []int{0, 1, 255, 256, 65536, maxUnseen, maxUnseen + 1, 3*maxUnseen + 17}
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			cfg := Config{Network: network, Address: "127.0.0.1:0"}
			if network == "unix" {
				cfg.Address = socketPath(t)
			}
			c := connect(t, echo(t, cfg), "DEALER", "me")
			for _, n := range sizes {
				c.wantEcho(strings.Repeat("x", n))
				c.wantEcho("", strings.Repeat("a", n), "", strings.Repeat("b", n))
			}
		})
	}
}

func TestRouterNamesPeers(t *testing.T) {
	s := listening(t, Config{})
	named, nameless, other := connect(t, s, "DEALER", "me"), connect(t, s, "DEALER", ""), connect(t, s, "REQ", "")
	ids := map[string]bool{}
	for _, c := range []*client{named, nameless, other} {
		c.send("hello")
		frames, err := s.Recv()
		if err != nil || len(frames) != 2 || string(frames[1]) != "hello" {
			t.Fatalf("received %q, %v", frames, err)
		}
		ids[string(frames[0])] = true
		if err := s.Send([][]byte{frames[0], []byte("answer")}); err != nil {
			t.Fatal(err)
		}
		c.want("answer")
	}
	if len(ids) != 3 {
		t.Errorf("addresses are %v, want three different ones", ids)
	}
}

func TestSendRefuses(t *testing.T) {
	router, pub := listening(t, Config{}), listening(t, Config{Kind: Publisher})
	// The first peer makes no difference to the time that an unknown one takes.
	if err := router.Send(toBytes([]string{"nobody", "x"})); !errors.Is(err, ErrUnknownPeer) {
		t.Errorf("unknown peer: %v", err)
	}
	for _, frames := range [][]string{nil, {"id"}} {
		if err := router.Send(toBytes(frames)); err == nil {
			t.Errorf("router sent %q", frames)
		}
	}
	if err := pub.Send(nil); err == nil {
		t.Error("published a message without frames")
	}
	publish(t, pub, "") // an empty frame is a message
}

func TestSendFromManyGoroutines(t *testing.T) {
	const senders, each = 8, 200
	s := listening(t, Config{})
	c := connect(t, s, "DEALER", "me")
	address := c.introduce(s)
	var wg sync.WaitGroup
	for i := range senders {
		wg.Go(func() {
			for k := range each {
				s.Send([][]byte{address, fmt.Append(nil, i), fmt.Append(nil, k), bytes.Repeat([]byte{'x'}, 300)})
			}
		})
	}
	next := map[string]int{}
	for range senders * each {
		m := c.recv()
		if len(m) != 3 || m[1] != fmt.Sprint(next[m[0]]) || len(m[2]) != 300 {
			t.Fatalf("message is torn or out of order: %.80q", m)
		}
		next[m[0]]++
	}
	wg.Wait()
}

// Two clients in one process often have one identity. Each gets the answers to
// its own requests, and neither is disconnected: libzmq would connect again,
// and the two would drive each other out without an end.
func TestPeersOfOneIdentity(t *testing.T) {
	s := echo(t, Config{})
	older, newer := connect(t, s, "DEALER", "same"), connect(t, s, "DEALER", "same")
	for i := range 20 {
		older.wantEcho("older", fmt.Sprint(i))
		newer.wantEcho("newer", fmt.Sprint(i))
	}
	older.wantSilence()
	newer.wantSilence()
}

// An answer finds a client that has connected again, on the newest connection.
func TestAnswerFollowsIdentity(t *testing.T) {
	s, other := listening(t, Config{}), listening(t, Config{})
	first := connect(t, s, "DEALER", "me")
	address := first.introduce(s)
	stranger := connect(t, s, "DEALER", "stranger")
	stranger.introduce(s)
	second := connect(t, s, "DEALER", "me")
	second.introduce(s)
	third := connect(t, s, "DEALER", "me")
	third.introduce(s)
	publish(t, s, string(address), "1")
	first.want("1")
	first.Close()
	eventually(t, "end of the first connection", func() bool { return len(s.l.connected()) == 3 })
	publish(t, s, string(address), "2")
	third.want("2")
	third.Close()
	eventually(t, "end of the third connection", func() bool { return len(s.l.connected()) == 2 })
	publish(t, s, string(address), "3")
	second.want("3")
	second.Close()
	eventually(t, "end of the second connection", func() bool { return len(s.l.connected()) == 1 })
	if err := s.Send([][]byte{address, []byte("4")}); !errors.Is(err, ErrUnknownPeer) {
		t.Errorf("sending to an identity that has gone: %v", err)
	}
	stranger.wantSilence()

	// Another socket of the same client: where it is asked for input.
	stdin := connect(t, other, "DEALER", "me")
	stdin.introduce(other)
	publish(t, other, string(address), "5")
	stdin.want("5")
}

// A client without an identity is never mistaken for another one.
func TestNamelessPeersAreStrangers(t *testing.T) {
	s, other := listening(t, Config{}), listening(t, Config{})
	address := connect(t, s, "DEALER", "").introduce(s)
	elsewhere := connect(t, other, "DEALER", "")
	elsewhere.introduce(other)
	if err := other.Send([][]byte{address, []byte("x")}); !errors.Is(err, ErrUnknownPeer) {
		t.Errorf("sending to a nameless peer of another socket: %v", err)
	}
	elsewhere.wantSilence()
}

// Subscribers of one client share an identity, too; they all stay.
func TestPublisherIgnoresIdentity(t *testing.T) {
	s := welcoming(t, Config{})
	var clients []*client
	for range 3 {
		c := connect(t, s, "SUB", "same")
		c.command("SUBSCRIBE", "")
		c.want("", "welcome")
		clients = append(clients, c)
	}
	publish(t, s, "topic", "body")
	for _, c := range clients {
		c.want("topic", "body")
	}
}

func TestCloseDeliversWhatWasSent(t *testing.T) {
	const n = 2000
	router, pub := listening(t, Config{}), welcoming(t, Config{})
	sub, dealer := subscribe(t, pub, ""), connect(t, router, "DEALER", "me")
	sub.want("", "welcome")
	address := dealer.introduce(router)
	for range 20 { // never read by the other side: must not reset the connection
		dealer.send(strings.Repeat("x", 50_000))
	}
	body := strings.Repeat("x", 1000)
	for i := range n {
		publish(t, pub, "t", fmt.Sprint(i), body)
		publish(t, router, string(address), fmt.Sprint(i), body)
	}
	var wg sync.WaitGroup
	wg.Go(func() { pub.Close(patience) })
	wg.Go(func() { router.Close(patience) })
	for i := range n {
		sub.want("t", fmt.Sprint(i), body)
		dealer.want(fmt.Sprint(i), body)
	}
	for _, c := range []*client{sub, dealer} {
		if b, err := c.in.Peek(1); err != io.EOF {
			t.Errorf("after the last message: %q, %v, want the end", b, err)
		}
	}
	sub.Close()
	dealer.Close()
	wg.Wait()
	if err := pub.Close(patience); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestCloseEndsRecvAndSend(t *testing.T) {
	s, pub := listening(t, Config{}), listening(t, Config{Kind: Publisher})
	ended := make(chan error)
	go func() { _, err := s.Recv(); ended <- err }()
	s.Close(time.Second)
	pub.Close(time.Second)
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Recv: %v", err)
	}
	for _, s := range []*Socket{s, pub} {
		if err := s.Send(toBytes([]string{"me", "x"})); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Send: %v", err)
		}
	}
}

// Close does not wait longer than it is told to, whatever the peers do.
func TestCloseGivesUp(t *testing.T) {
	s := welcoming(t, Config{})
	stuck := subscribe(t, s, "")
	stuck.want("", "welcome")
	for range 500 {
		publish(t, s, "t", strings.Repeat("x", 100_000))
	}
	start := time.Now()
	s.Close(200 * time.Millisecond)
	if took := time.Since(start); took < 200*time.Millisecond || took > patience {
		t.Errorf("Close took %v with a linger of 200 ms", took)
	}
}

func TestPendingFallsToZero(t *testing.T) {
	s := welcoming(t, Config{})
	c := subscribe(t, s, "")
	c.want("", "welcome")
	for range 300 {
		publish(t, s, "t", strings.Repeat("x", 100_000))
	}
	if n := s.Pending(); n < 1<<20 {
		t.Errorf("%d bytes pending, although nobody reads 30 MB", n)
	}
	for range 300 {
		c.recv()
	}
	eventually(t, "nothing pending", func() bool { return s.Pending() == 0 })
}

// What is published at once leaves zmq4's queue like everything else.
func TestPublishAtOnce(t *testing.T) {
	for range 50 {
		s := listening(t, Config{Kind: Publisher})
		publish(t, s, "t", "early")
		eventually(t, "nothing pending", func() bool { return s.Pending() == 0 })
	}
}

// The limit is one for each message, not for the sum of all.
func TestManyMessagesOfOnePeer(t *testing.T) {
	c := connect(t, echo(t, Config{MaxMessage: 1000}), "DEALER", "")
	for range 50 {
		c.wantEcho("", strings.Repeat("x", 500))
	}
}

func TestSocketFile(t *testing.T) {
	path := socketPath(t)
	cfg := Config{Network: "unix", Address: path}

	t.Run("private", func(t *testing.T) {
		s := listening(t, cfg)
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode is %v, %v, want -rw-------", info.Mode(), err)
		}
		if _, err := Listen(cfg); err == nil || !strings.Contains(err.Error(), "in use") {
			t.Errorf("second socket on one file: %v", err)
		}
		s.Close(0)
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("file is left after Close: %v", err)
		}
	})
	t.Run("stale", func(t *testing.T) {
		l, err := net.Listen("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		l.(*net.UnixListener).SetUnlinkOnClose(false) // as if killed
		l.Close()
		connect(t, echo(t, cfg), "DEALER", "").wantEcho("alive")
	})
	t.Run("not a socket", func(t *testing.T) {
		if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Listen(cfg); err == nil || !strings.Contains(err.Error(), "no socket") {
			t.Errorf("listening on a regular file: %v", err)
		}
		if b, _ := os.ReadFile(path); string(b) != "precious" {
			t.Error("the file was destroyed")
		}
	})
	t.Run("long", func(t *testing.T) {
		_, err := Listen(Config{Network: "unix", Address: path + strings.Repeat("x", 200)})
		if err == nil || !strings.Contains(err.Error(), "shorter") {
			t.Errorf("path of 200 bytes: %v", err)
		}
	})
}

func TestAddressInUse(t *testing.T) {
	s := listening(t, Config{})
	if _, err := Listen(Config{Network: "tcp", Address: s.Addr().String()}); err == nil {
		t.Error("two sockets on one port")
	}
}

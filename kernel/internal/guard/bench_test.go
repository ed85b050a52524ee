package guard

import (
	"fmt"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// The same work with zmq4's own transport and with the guard.

func BenchmarkRoundTrip(b *testing.B) {
	for _, size := range []int{100, 1 << 20} {
		for _, how := range []string{"bare", "guard"} {
			b.Run(fmt.Sprintf("%s/%d", how, size), func(b *testing.B) {
				s := echo(b, Config{})
				if how == "bare" {
					s = bare(b, Router)
					go func() {
						for m, err := s.zmq.Recv(); err == nil; m, err = s.zmq.Recv() {
							s.zmq.SendMulti(m)
						}
					}()
				}
				c := connect(b, s, "DEALER", "")
				body := string(make([]byte, size))
				b.SetBytes(int64(size))
				for b.Loop() {
					c.wantEcho(body)
				}
			})
		}
	}
}

func BenchmarkPublish100(b *testing.B) {
	for _, size := range []int{300, 64 << 10} {
		for _, how := range []string{"bare", "guard"} {
			b.Run(fmt.Sprintf("%s/%d", how, size), func(b *testing.B) {
				s := listening(b, Config{Kind: Publisher})
				if how == "bare" {
					s = bare(b, Publisher)
				}
				c := connect(b, s, "SUB", "")
				c.send("\x01")
				c.awaitSubscription(s)
				frames := [][]byte{make([]byte, 10), make([]byte, size)}
				send := func() error { return s.Send(frames) }
				if how == "bare" {
					send = func() error { return s.zmq.SendMulti(zmq4.NewMsgFrom(frames...)) }
				}
				b.SetBytes(int64(100 * size))
				for b.Loop() {
					for range 100 {
						send()
					}
					for range 100 {
						c.recv()
					}
				}
			})
		}
	}
}

// awaitSubscription publishes until something arrives, and reads all of it.
func (c *client) awaitSubscription(s *Socket) {
	probe := func(text string) { s.zmq.SendMulti(zmq4.NewMsgFromString([]string{text})) }
	for {
		probe("there?")
		c.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		if _, err := c.in.Peek(1); err == nil {
			break
		}
	}
	probe("last")
	for c.recv()[0] != "last" {
	}
}

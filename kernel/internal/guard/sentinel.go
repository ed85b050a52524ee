package guard

import (
	"net"
	"sync"
	"sync/atomic"
)

// sentinel is a subscriber of a Publisher that is no client: zmq4 has an
// unbounded queue of its own before the peers, and the sentinel sees what
// leaves it. Being subscribed to everything, it gets each message once.
type sentinel struct {
	accepted   bool        // used by the goroutine of zmq4 that accepts
	ready      net.Buffers // for zmq4; used by its goroutine that reads
	subscribed chan struct{}
	inside     atomic.Int64 // bytes in zmq4's queue
	once       sync.Once
	closed     chan struct{}
	net.Conn   // deadlines and addresses, of which zmq4 uses none
}

func newSentinel() *sentinel {
	return &sentinel{
		ready: net.Buffers{
			greeting(zmq4Minor),
			readyCommand(Publisher.peers()[0], ""),
			appendFrame(nil, 0, []byte{1}),
		},
		subscribed: make(chan struct{}),
		closed:     make(chan struct{}),
	}
}

// accept reports whether zmq4 has yet to be given the sentinel.
func (s *sentinel) accept() bool {
	first := !s.accepted
	s.accepted = true
	return first
}

// entered counts a message given to zmq4; its encoded size leaves by Write.
func (s *sentinel) entered(bytes int) { s.inside.Add(int64(bytes)) }

// Read subscribes to everything and then waits for Close.
func (s *sentinel) Read(b []byte) (int, error) {
	if len(s.ready) > 0 {
		return s.ready.Read(b)
	}
	close(s.subscribed) // zmq4 asks only once more: this Read never returns data
	<-s.closed
	return 0, &net.OpError{Op: "read", Net: schemeName, Err: net.ErrClosed}
}

// Write counts what leaves zmq4's queue, once the handshake is over.
func (s *sentinel) Write(b []byte) (int, error) {
	select {
	case <-s.subscribed:
		s.inside.Add(-int64(len(b)))
	default:
	}
	return len(b), nil
}

// Close ends the waiting Read.
func (s *sentinel) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

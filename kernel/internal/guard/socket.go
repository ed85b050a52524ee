package guard

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// Kind is the type of a socket.
type Kind int

// The socket types that a kernel needs.
const (
	Router    Kind = iota // receives from all peers, sends to the one that is named
	Publisher             // XPUB: sends to all peers that have subscribed
)

// String returns the name that ZMTP has for the type.
func (k Kind) String() string {
	if k == Publisher {
		return "XPUB"
	}
	return "ROUTER"
}

// peers are the types that may connect, the usual one first.
func (k Kind) peers() []string {
	if k == Publisher {
		return []string{"SUB", "XSUB"}
	}
	return []string{"DEALER", "REQ", "ROUTER"}
}

// Config describes a Socket. Network and Address are needed.
type Config struct {
	Kind    Kind
	Network string // "tcp" or "unix"
	Address string // of net.Listen: host and port, or the path of a socket file

	// Handshake is the time that a new connection has to identify itself;
	// 0 is 10 s.
	Handshake time.Duration
	// QueueBytes is how much may wait for one peer: it is disconnected when one
	// more message comes. 0 is 64 MiB.
	QueueBytes int
	// MaxMessage is the largest message that is taken from a peer, in bytes of
	// all frames and 64 for each; 0 is 1 GiB.
	MaxMessage uint64
	// OnSubscribe is called for every topic that a peer of a Publisher did not
	// have before, when the subscription counts. What is given to send during
	// the call reaches this peer before anything that is published. It must
	// not wait for other calls of the socket.
	OnSubscribe func(topic string, send func(frames [][]byte))
	// OnDisconnect is called when a connection ends, also one that has not
	// finished its handshake.
	OnDisconnect func(remote string, why error)
}

const (
	// Sending to a ROUTER that never had a peer waits this long in zmq4.
	sendTimeout = time.Second

	// Longest wait for peers to confirm by closing that they have everything.
	partingTime = 250 * time.Millisecond

	pollTime = time.Millisecond
)

// ErrUnknownPeer is returned by Send when no peer of the identity is connected.
var ErrUnknownPeer = errors.New("guard: no peer of this identity")

// Socket is a bound ROUTER or XPUB socket. Recv is for one goroutine at a
// time, all other methods for any number.
type Socket struct {
	zmq  zmq4.Socket
	l    *listener
	once sync.Once
}

// Listen binds a socket.
func Listen(cfg Config) (*Socket, error) {
	cfg.Handshake = cmp.Or(cfg.Handshake, 10*time.Second)
	cfg.QueueBytes = cmp.Or(cfg.QueueBytes, 64<<20)
	cfg.MaxMessage = cmp.Or(cfg.MaxMessage, 1<<30)
	l, err := newListener(cfg)
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	ep, err := scheme.add(l)
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("guard: %w", err)
	}
	s := &Socket{zmq: newZMQ(cfg.Kind), l: l}
	if err := s.zmq.Listen(ep); err != nil {
		l.Close()
		return nil, fmt.Errorf("guard: %w", err)
	}
	if l.sentinel != nil {
		<-l.sentinel.subscribed
	}
	go l.serve()
	return s, nil
}

// newZMQ makes an unbound socket. zmq4 logs to the standard error by default,
// which belongs to the cells.
func newZMQ(kind Kind) zmq4.Socket {
	options := []zmq4.Option{
		zmq4.WithLogger(log.New(io.Discard, "", 0)),
		zmq4.WithTimeout(sendTimeout),
	}
	if kind == Publisher {
		return zmq4.NewXPub(context.Background(), options...)
	}
	return zmq4.NewRouter(context.Background(), options...)
}

// Addr is the address that clients connect to.
func (s *Socket) Addr() net.Addr { return s.l.Addr() }

// Recv waits for the next message of a Router; frame 0 is the address of the
// peer: its identity and a number for the connection. After Close it returns net.ErrClosed. The caller must come back soon:
// PINGs of the peers are not answered while ten messages wait to be received.
func (s *Socket) Recv() ([][]byte, error) {
	m, err := s.zmq.Recv()
	switch {
	case errors.Is(err, context.Canceled):
		return nil, net.ErrClosed
	case err != nil:
		return nil, fmt.Errorf("guard: receive: %w", err)
	}
	return m.Frames, nil
}

// Send queues a message and does not wait for any peer. A Router sends
// frames[1:] to the peer whose address is frames[0] or, if that connection has
// ended or belongs to another socket, to the newest peer of the same identity.
// A Publisher sends all frames to those that have subscribed to a prefix of
// frames[0].
func (s *Socket) Send(frames [][]byte) error {
	if s.l.closed() {
		return net.ErrClosed
	}
	if s.l.cfg.Kind == Router {
		return s.route(frames)
	}
	if len(frames) == 0 { // zmq4 panics
		return errors.New("guard: a message needs at least one frame")
	}
	return s.publish(frames)
}

func (s *Socket) route(frames [][]byte) error {
	if len(frames) < 2 {
		return fmt.Errorf("guard: a routed message needs an address and at least one frame, got %d frames", len(frames))
	}
	address, ok := s.l.find(string(frames[0]))
	if !ok {
		return ErrUnknownPeer
	}
	m := zmq4.NewMsgFrom(slices.Concat([][]byte{[]byte(address)}, frames[1:])...)
	err := s.zmq.SendMulti(m)
	switch {
	case errors.Is(err, zmq4.ErrClosedConn): // it has ended since
		return ErrUnknownPeer
	case err != nil:
		return fmt.Errorf("guard: send: %w", err)
	}
	return nil
}

func (s *Socket) publish(frames [][]byte) error {
	n := encodedSize(frames)
	s.l.sentinel.entered(n)
	if err := s.zmq.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		s.l.sentinel.entered(-n)
		return fmt.Errorf("guard: publish: %w", err)
	}
	return nil
}

// Pending is the number of bytes that have been sent and not yet been handed
// to the system. Peers that have taken nothing for five seconds are not
// counted: waiting for Pending to fall is not waiting for them.
func (s *Socket) Pending() int {
	n := s.l.pending()
	if s.l.sentinel != nil {
		n += int(s.l.sentinel.inside.Load())
	}
	return n
}

// Close stops accepting, waits at most linger until everything sent has
// reached the peers, and disconnects them. Calls after the first do nothing.
func (s *Socket) Close(linger time.Duration) (err error) {
	s.once.Do(func() {
		stopped := s.l.stop()
		end := time.Now().Add(linger)
		s.drain(end)
		s.part(end)
		err = errors.Join(stopped, s.zmq.Close())
	})
	return err
}

// drain waits for the queues of zmq4 and of the peers to become empty.
func (s *Socket) drain(end time.Time) {
	if s.l.flush != nil {
		// When the sentinel has seen this, all peers have got all before it.
		_, n := decodeHeader(s.l.flush)
		s.publish([][]byte{s.l.flush[len(s.l.flush)-int(n):]})
	}
	waitUntil(end, func() bool { return s.Pending() == 0 })
}

// part closes the connections for writing and waits for the peers to close
// theirs. Closing at once may reset a connection and destroy what is under way.
func (s *Socket) part(end time.Time) {
	if limit := time.Now().Add(partingTime); limit.Before(end) {
		end = limit
	}
	for _, p := range s.l.connected() {
		if c, ok := p.Conn.(interface{ CloseWrite() error }); ok {
			c.CloseWrite()
		}
	}
	waitUntil(end, func() bool { return len(s.l.connected()) == 0 })
}

// waitUntil polls done until it is true or end has come.
func waitUntil(end time.Time, done func() bool) {
	for !done() && time.Now().Before(end) {
		time.Sleep(pollTime)
	}
}

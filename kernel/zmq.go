package kernel

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/nskernel/nskernel/kernel/internal/guard"
)

// zmqTransport is the Transport over ZeroMQ: five sockets on tcp or ipc.
type zmqTransport struct {
	sockets [Heartbeat + 1]*guard.Socket // by Channel
	once    sync.Once
	beat    chan struct{} // closed when the heartbeat has ended
}

var _ Transport = (*zmqTransport)(nil)

// ListenZMQ binds the five sockets of c with ZeroMQ and answers heartbeats. A
// client that is silent, does not read or sends garbage disturbs no other.
func ListenZMQ(c ConnectionFile, onSubscribe SubscribeFunc) (Transport, error) {
	t := &zmqTransport{beat: make(chan struct{})}
	for _, ch := range []Channel{Shell, Control, Stdin, IOPub, Heartbeat} {
		cfg := guard.Config{Kind: guard.Router}
		if ch == IOPub {
			cfg.Kind, cfg.OnSubscribe = guard.Publisher, onSubscribe
		}
		cfg.Network, cfg.Address = c.Endpoint(ch)
		s, err := guard.Listen(cfg)
		if err != nil {
			close(t.beat)
			t.Close(0)
			return nil, fmt.Errorf("kernel: cannot listen on the %s channel at %s: %w", ch, cfg.Address, err)
		}
		t.sockets[ch] = s
	}
	go t.answerHeartbeats()
	return t, nil
}

// answerHeartbeats sends every message back. A goroutine of its own does it,
// so that a kernel which is busy does not look dead.
func (t *zmqTransport) answerHeartbeats() {
	defer close(t.beat)
	s := t.sockets[Heartbeat]
	for {
		frames, err := s.Recv()
		if err != nil {
			return
		}
		s.Send(frames) // fails only for a peer that has gone
	}
}

// Recv waits for the next message on ch.
func (t *zmqTransport) Recv(ch Channel) (Packet, error) {
	frames, err := t.sockets[ch].Recv()
	switch {
	case errors.Is(err, net.ErrClosed):
		return Packet{}, ErrClosed
	case err != nil:
		return Packet{}, fmt.Errorf("kernel: %s channel: %w", ch, err)
	}
	return Packet{Peer: string(frames[0]), Frames: frames[1:]}, nil
}

// Send queues p on ch.
func (t *zmqTransport) Send(ch Channel, p Packet) error {
	frames := make([][]byte, 0, 1+len(p.Frames))
	frames = append(append(frames, []byte(p.Peer)), p.Frames...)
	err := t.sockets[ch].Send(frames)
	switch {
	case err == nil, errors.Is(err, guard.ErrUnknownPeer):
		return nil
	case errors.Is(err, net.ErrClosed):
		return ErrClosed
	}
	return fmt.Errorf("kernel: %s channel: %w", ch, err)
}

// Publish queues frames for the subscribers.
func (t *zmqTransport) Publish(frames [][]byte) error {
	err := t.sockets[IOPub].Send(frames)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, net.ErrClosed):
		return ErrClosed
	}
	return fmt.Errorf("kernel: %s channel: %w", IOPub, err)
}

// Pending returns the number of bytes that wait for peers which are reading.
func (t *zmqTransport) Pending() (n int64) {
	for _, s := range t.sockets {
		n += int64(s.Pending())
	}
	return n
}

// Close waits up to linger for the queued messages and closes all sockets.
func (t *zmqTransport) Close(linger time.Duration) error {
	var faults [len(t.sockets)]error
	t.once.Do(func() {
		var all sync.WaitGroup
		for ch, s := range t.sockets {
			if s != nil { // nil when listening failed half-way
				all.Go(func() { faults[ch] = s.Close(linger) })
			}
		}
		all.Wait()
		<-t.beat
	})
	return errors.Join(faults[:]...)
}

package guard

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

const (
	readBuffer = 16 << 10

	// A frame up to this size is passed on as it arrives. zmq4 allocates what
	// a header announces, so a larger one is shown to it only when all of it
	// is here: an announcement alone costs no memory.
	maxUnseen = 1 << 20

	// What every frame of an incoming message counts besides its body.
	frameCost = 64

	// Topics of one subscriber, in bytes.
	maxTopics = 1 << 20
)

var errQueueFull = errors.New("peer does not read: its queue is full")

// peer is the connection that zmq4 gets for one client: the handshake is over,
// Read yields message frames, Write queues.
type peer struct {
	net.Conn
	l        *listener
	identity string // as the peer chose it, "" for none
	address  string // identity and number of the connection
	admitted bool   // the handshake is over; guarded by l.mu
	in       *bufio.Reader
	out      *outbox
	once     sync.Once

	// Used by the goroutine of zmq4 that reads.
	ready   net.Buffers    // for zmq4, before anything else
	through uint64         // rest of a frame that is passed on as it arrives
	message uint64         // size of the current message so far
	inside  bool           // the previous frame had the more flag
	topics  map[string]int // subscriptions, counted
	bytes   int            // of topics
	fresh   []string       // given to zmq4, not yet reported
	ended   bool           // Read has failed; what is left in the buffer does not count

	// Used by the goroutine of zmq4 that writes.
	asm assembler
}

func newPeer(l *listener, c net.Conn) *peer {
	return &peer{
		Conn:   c,
		l:      l,
		in:     bufio.NewReaderSize(c, readBuffer),
		out:    newOutbox(l.cfg.QueueBytes),
		topics: map[string]int{},
		asm:    assembler{skip: greetingSize},
	}
}

// shake does the handshake and prepares the one that zmq4 will see.
func (p *peer) shake() (err error) {
	if p.identity, err = shakeHands(p.Conn, p.in, p.l.cfg.Kind); err != nil {
		return err
	}
	p.address = newAddress(p.identity)
	p.ready = net.Buffers{greeting(zmq4Minor), readyCommand(p.l.cfg.Kind.peers()[0], p.address)}
	return nil
}

// write sends what is queued until the peer is gone.
func (p *peer) write() {
	if err := p.out.run(p.Conn); err != nil {
		p.fail(err)
	}
}

// fail disconnects. Only the first reason counts.
func (p *peer) fail(why error) {
	p.once.Do(func() {
		p.out.close()
		p.Conn.Close()
		p.l.forget(p)
		if f := p.l.cfg.OnDisconnect; f != nil {
			f(fmt.Sprint(p.RemoteAddr()), why)
		}
	})
}

// Close disconnects; zmq4 calls it.
func (p *peer) Close() error {
	p.fail(net.ErrClosed)
	return nil
}

// push queues an encoded message or command.
func (p *peer) push(m []byte) {
	if !p.out.push(m) {
		p.fail(errQueueFull)
	}
}

// Write takes what zmq4 sends. It never waits and never fails: what is written
// to a peer that is gone is dropped, and zmq4 learns of it by Read.
func (p *peer) Write(b []byte) (int, error) {
	p.asm.feed(b, func(m []byte) {
		if !p.l.isFlush(m) {
			p.push(m)
		}
	})
	return len(b), nil
}

// Read gives zmq4 message frames.
func (p *peer) Read(b []byte) (int, error) {
	for {
		switch {
		case p.ended:
			return 0, p.gone(net.ErrClosed)
		case len(p.ready) > 0:
			return p.ready.Read(b)
		case p.through > 0:
			n, err := p.in.Read(b[:min(uint64(len(b)), p.through)])
			p.through -= uint64(n)
			if err != nil {
				return n, p.gone(err)
			}
			return n, nil
		}
		p.report()
		if err := p.next(); err != nil {
			return 0, p.gone(err)
		}
	}
}

// gone disconnects and returns an error on which zmq4 forgets the peer. An
// end of file inside a frame would not do: it becomes io.ErrUnexpectedEOF.
func (p *peer) gone(why error) error {
	p.ended = true
	p.fail(why)
	return &net.OpError{Op: "read", Net: schemeName, Err: net.ErrClosed}
}

// next handles one frame from the network.
func (p *peer) next() error {
	h, err := readHeader(p.in)
	if err != nil {
		return err
	}
	if h.command() {
		body := make([]byte, h.size)
		if _, err := io.ReadFull(p.in, body); err != nil {
			return err
		}
		return p.obey(body)
	}
	if p.message += min(h.size, p.l.cfg.MaxMessage) + frameCost; p.message > p.l.cfg.MaxMessage {
		return fmt.Errorf("message exceeds %d bytes (frame of %d)", p.l.cfg.MaxMessage, h.size)
	}
	whole := !p.inside && !h.more()
	if p.inside = h.more(); !p.inside {
		p.message = 0
	}
	if p.l.cfg.Kind == Publisher {
		return p.subscription(h, whole)
	}
	return p.pass(h)
}

// pass gives a frame to zmq4.
func (p *peer) pass(h frameHeader) error {
	p.ready = net.Buffers{h.bytes()}
	if h.size <= maxUnseen {
		p.through = h.size
		return nil
	}
	for rest := h.size; rest > 0; {
		piece := make([]byte, min(rest, maxUnseen))
		if _, err := io.ReadFull(p.in, piece); err != nil {
			return err
		}
		p.ready = append(p.ready, piece)
		rest -= uint64(len(piece))
	}
	return nil
}

// obey executes a command. Unknown ones are ignored, as ZMTP wants it.
func (p *peer) obey(frame []byte) error {
	name, body, err := cutCommand(frame)
	if err != nil {
		return err
	}
	switch name {
	case "PING": // time to live (2 bytes), context
		if len(body) < 2 {
			return fmt.Errorf("PING of %d bytes", len(body))
		}
		p.push(encodeCommand("PONG", body[2:]))
	case "ERROR":
		return fmt.Errorf("peer reports: %.255q", body)
	case "SUBSCRIBE":
		return p.subscribe(string(body))
	case "CANCEL":
		p.cancel(string(body))
	}
	return nil
}

// subscription handles what a subscriber of ZMTP 3.0 sends instead of commands:
// messages of one frame, 1 or 0 and the topic. Everything else that a
// subscriber sends is dropped.
func (p *peer) subscription(h frameHeader, whole bool) error {
	if h.size > maxCommand {
		return fmt.Errorf("subscriber sent a frame of %d bytes", h.size)
	}
	body := make([]byte, h.size)
	if _, err := io.ReadFull(p.in, body); err != nil {
		return err
	}
	switch {
	case !whole || len(body) == 0:
		return nil
	case body[0] == 1:
		return p.subscribe(string(body[1:]))
	case body[0] == 0:
		p.cancel(string(body[1:]))
	}
	return nil
}

// subscribe tells zmq4 of a topic. What is published before the subscription
// is reported is held back, so that nothing comes before the greeting.
func (p *peer) subscribe(topic string) error {
	if p.l.cfg.Kind != Publisher {
		return nil
	}
	if p.topics[topic]++; p.topics[topic] > 1 {
		return nil
	}
	if p.bytes += len(topic) + frameCost; p.bytes > maxTopics {
		return fmt.Errorf("subscriptions exceed %d bytes", maxTopics)
	}
	p.out.hold()
	p.fresh = append(p.fresh, topic)
	p.ready = net.Buffers{appendFrame(nil, 0, append([]byte{1}, topic...))}
	return nil
}

// cancel takes one subscription back; the last one for a topic counts.
func (p *peer) cancel(topic string) {
	switch p.topics[topic] {
	case 0:
		return
	case 1:
		delete(p.topics, topic)
		p.bytes -= len(topic) + frameCost
		p.ready = net.Buffers{appendFrame(nil, 0, append([]byte{0}, topic...))}
	default:
		p.topics[topic]--
	}
}

// report calls OnSubscribe for the subscriptions that zmq4 has taken in.
func (p *peer) report() {
	if len(p.fresh) == 0 {
		return
	}
	for _, topic := range p.fresh {
		if f := p.l.cfg.OnSubscribe; f != nil {
			f(topic, func(frames [][]byte) {
				if !p.out.pushFirst(encodeMessage(frames)) {
					p.fail(errQueueFull)
				}
			})
		}
	}
	p.fresh = nil
	p.out.release()
}

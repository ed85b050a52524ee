package kerneltest

import (
	"bytes"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nskernel/nskernel/kernel"
)

// Link is the client's end of a connection to a kernel.
type Link interface {
	// Send gives frames to the kernel on Shell, Control or Stdin.
	Send(ch kernel.Channel, frames [][]byte) error
	// Recv waits for the next message on any channel.
	Recv() (kernel.Channel, [][]byte, error)
	// Subscribe asks for the iopub messages whose first frame begins with topic.
	Subscribe(topic string) error
	// Close ends the link and pending Recv calls.
	Close() error
}

// Wire joins a kernel to clients in memory. It keeps the order of everything
// the kernel sends over all channels, which sockets do not.
type Wire struct {
	onSubscribe kernel.SubscribeFunc
	requests    [kernel.Stdin + 1]*mailbox[kernel.Packet]
	pending     atomic.Int64

	mu     sync.Mutex // orders what the kernel sends
	peers  map[string]*wireLink
	closed bool
}

// NewWire returns a wire without kernel and clients.
func NewWire() *Wire {
	w := &Wire{peers: map[string]*wireLink{}}
	for ch := range w.requests {
		w.requests[ch] = newMailbox[kernel.Packet]()
	}
	return w
}

// Listen is the wire's kernel.ListenFunc; it is called once.
func (w *Wire) Listen(_ kernel.ConnectionFile, onSubscribe kernel.SubscribeFunc) (kernel.Transport, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.onSubscribe != nil {
		return nil, errors.New("kerneltest: a wire has one kernel")
	}
	w.onSubscribe = onSubscribe
	return w, nil
}

// Dial connects a client under an identity that no other client has. It
// subscribes to nothing.
func (w *Wire) Dial(identity string) Link {
	l := &wireLink{wire: w, identity: identity, inbox: newMailbox[arrival]()}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.peers[identity] = l
	return l
}

// SetPending makes the kernel believe that n bytes wait for slow peers.
func (w *Wire) SetPending(n int64) { w.pending.Store(n) }

// Settle waits until the kernel has received everything that was sent on ch
// and waits for more. What it does with it may take longer.
func (w *Wire) Settle(ch kernel.Channel) { w.requests[ch].settle() }

// Recv implements kernel.Transport.
func (w *Wire) Recv(ch kernel.Channel) (kernel.Packet, error) {
	p, ok := w.requests[ch].take()
	if !ok {
		return kernel.Packet{}, kernel.ErrClosed
	}
	return p, nil
}

// Send implements kernel.Transport.
func (w *Wire) Send(ch kernel.Channel, p kernel.Packet) error {
	if len(p.Frames) == 0 {
		return errors.New("kerneltest: packet without frames")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return kernel.ErrClosed
	}
	if l := w.peers[p.Peer]; l != nil {
		l.inbox.put(arrival{ch, p.Frames})
	}
	return nil
}

// Publish implements kernel.Transport.
func (w *Wire) Publish(frames [][]byte) error {
	if len(frames) == 0 {
		return errors.New("kerneltest: message without frames")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return kernel.ErrClosed
	}
	for _, l := range w.peers {
		if l.wants(frames[0]) {
			l.inbox.put(arrival{kernel.IOPub, frames})
		}
	}
	return nil
}

// Pending implements kernel.Transport: what SetPending said.
func (w *Wire) Pending() int64 { return w.pending.Load() }

// Close implements kernel.Transport. Nothing is ever queued, so nothing lingers.
func (w *Wire) Close(time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for _, m := range w.requests {
		m.close()
	}
	for _, l := range w.peers {
		l.inbox.close()
	}
	return nil
}

// arrival is a message on its way to a client.
type arrival struct {
	channel kernel.Channel
	frames  [][]byte
}

// wireLink is one client of a Wire.
type wireLink struct {
	wire     *Wire
	identity string
	inbox    *mailbox[arrival]
	topics   []string // guarded by wire.mu
}

func (l *wireLink) wants(topic []byte) bool {
	for _, t := range l.topics {
		if bytes.HasPrefix(topic, []byte(t)) {
			return true
		}
	}
	return false
}

func (l *wireLink) Send(ch kernel.Channel, frames [][]byte) error {
	l.wire.requests[ch].put(kernel.Packet{Peer: l.identity, Frames: frames})
	return nil
}

func (l *wireLink) Recv() (kernel.Channel, [][]byte, error) {
	a, ok := l.inbox.take()
	if !ok {
		return 0, nil, kernel.ErrClosed
	}
	return a.channel, a.frames, nil
}

func (l *wireLink) Subscribe(topic string) error {
	w := l.wire
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.onSubscribe == nil {
		return errors.New("kerneltest: no kernel listens on this wire yet")
	}
	l.topics = append(l.topics, topic)
	w.onSubscribe(topic, func(frames [][]byte) { l.inbox.put(arrival{kernel.IOPub, frames}) })
	return nil
}

func (l *wireLink) Close() error {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	delete(l.wire.peers, l.identity)
	l.inbox.close()
	return nil
}

// mailbox is an unbounded queue with one taker. Close lets what is inside be
// taken.
type mailbox[T any] struct {
	mu      sync.Mutex
	changed sync.Cond
	items   []T
	waiting bool // the taker has nothing to do
	closed  bool
}

func newMailbox[T any]() *mailbox[T] {
	m := &mailbox[T]{}
	m.changed.L = &m.mu
	return m
}

func (m *mailbox[T]) put(item T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	m.items = append(m.items, item)
	m.changed.Broadcast()
}

func (m *mailbox[T]) take() (item T, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.items) == 0 && !m.closed {
		m.waiting = true
		m.changed.Broadcast()
		m.changed.Wait()
	}
	m.waiting = false
	if len(m.items) == 0 {
		return item, false
	}
	item = m.items[0]
	m.items = m.items[1:]
	return item, true
}

// settle waits until the taker has taken everything and waits, or the end.
func (m *mailbox[T]) settle() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for !m.closed && !(m.waiting && len(m.items) == 0) {
		m.changed.Wait()
	}
}

func (m *mailbox[T]) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.changed.Broadcast()
}

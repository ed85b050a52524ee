package guard

import (
	"bytes"
	"crypto/rand"
	"errors"
	"net"
	"slices"
	"sync"
	"time"
)

const (
	// More unfinished handshakes than this end the oldest of them. Honest
	// clients need milliseconds.
	maxHandshakes = 64

	// Pause after a failed accept, for example for want of file descriptors.
	acceptPause = 50 * time.Millisecond
)

var (
	errTakenOver = errors.New("another peer of the same identity has connected")
	errCrowded   = errors.New("handshake unfinished while too many others are waiting")
)

// listener is the net.Listener that zmq4 gets: Accept returns connections that
// have finished the handshake.
type listener struct {
	cfg      Config
	network  net.Listener
	shaken   chan net.Conn
	done     chan struct{}
	once     sync.Once
	sentinel *sentinel // first connection of a Publisher, until Accept has returned it
	flush    []byte    // encoded message that reaches only the sentinel

	mu       sync.Mutex
	shaking  []*peer // oldest first
	peers    map[*peer]bool
	identity map[string]*peer
}

func newListener(cfg Config) (*listener, error) {
	network, err := listen(cfg.Network, cfg.Address)
	if err != nil {
		return nil, err
	}
	l := &listener{
		cfg:      cfg,
		network:  network,
		shaken:   make(chan net.Conn),
		done:     make(chan struct{}),
		peers:    map[*peer]bool{},
		identity: map[string]*peer{},
	}
	if cfg.Kind == Publisher {
		l.sentinel = newSentinel()
		l.flush = encodeMessage([][]byte{[]byte("\x00flush " + rand.Text())})
	}
	return l, nil
}

// newIdentity invents a name for a peer that has none; a leading zero byte
// keeps it apart from those that peers choose.
func (*listener) newIdentity() string { return "\x00" + rand.Text() }

// isFlush reports whether m is the message that Close publishes.
func (l *listener) isFlush(m []byte) bool { return l.flush != nil && bytes.Equal(m, l.flush) }

// serve accepts connections until stop.
func (l *listener) serve() {
	for {
		c, err := l.network.Accept()
		switch {
		case err == nil:
			p := newPeer(l, c)
			l.crowd(p)
			go l.greet(p)
		case errors.Is(err, net.ErrClosed):
			return
		default: // never shown to zmq4, which would try again without a pause
			select {
			case <-l.done:
				return
			case <-time.After(acceptPause):
			}
		}
	}
}

// greet does the handshake with p and passes it on to zmq4.
func (l *listener) greet(p *peer) {
	p.SetDeadline(time.Now().Add(l.cfg.Handshake))
	if err := p.shake(); err != nil {
		p.fail(err)
		return
	}
	p.SetDeadline(time.Time{})
	old, err := l.admit(p)
	if err != nil {
		p.fail(err)
		return
	}
	if old != nil { // zmq4 knows it for a moment more; what it writes there is dropped
		old.fail(errTakenOver)
	}
	go p.write()
	select {
	case l.shaken <- p:
	case <-l.done:
		p.fail(net.ErrClosed)
	}
}

// crowd counts p among the unfinished handshakes.
func (l *listener) crowd(p *peer) {
	l.mu.Lock()
	l.shaking = append(l.shaking, p)
	var oldest *peer
	if len(l.shaking) > maxHandshakes {
		oldest = l.shaking[0]
		l.shaking = slices.Delete(l.shaking, 0, 1)
	}
	l.mu.Unlock()
	if oldest != nil {
		oldest.fail(errCrowded)
	}
}

// admit makes p a peer and returns the one that had its identity. It refuses
// when p has been disconnected meanwhile or the listener has been closed.
func (l *listener) admit(p *peer) (old *peer, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.shaking, p)
	if i < 0 || l.closed() {
		return nil, net.ErrClosed
	}
	l.shaking = slices.Delete(l.shaking, i, i+1)
	l.peers[p] = true
	if p.id != "" {
		old = l.identity[p.id]
		l.identity[p.id] = p
	}
	return old, nil
}

// forget removes a peer that has been disconnected.
func (l *listener) forget(p *peer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.shaking, p); i >= 0 {
		l.shaking = slices.Delete(l.shaking, i, i+1)
	}
	if l.peers[p] { // before that its identity belongs to another goroutine
		delete(l.peers, p)
		if l.identity[p.id] == p {
			delete(l.identity, p.id)
		}
	}
}

// closed reports whether Close has been called.
func (l *listener) closed() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// knows reports whether a peer of this identity is connected.
func (l *listener) knows(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.identity[id] != nil
}

// connected returns the peers of this moment.
func (l *listener) connected() []*peer {
	l.mu.Lock()
	defer l.mu.Unlock()
	peers := make([]*peer, 0, len(l.peers))
	for p := range l.peers {
		peers = append(peers, p)
	}
	return peers
}

// pending is the number of bytes that wait for peers which read.
func (l *listener) pending() (n int) {
	now := time.Now()
	for _, p := range l.connected() {
		n += p.out.pending(now)
	}
	return n
}

// Accept waits for the next finished handshake; zmq4 calls it.
func (l *listener) Accept() (net.Conn, error) {
	if s := l.sentinel; s != nil && s.accept() {
		return s, nil
	}
	select {
	case c := <-l.shaken:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Addr is the address that clients connect to.
func (l *listener) Addr() net.Addr { return l.network.Addr() }

// stop ends accepting and the unfinished handshakes.
func (l *listener) stop() error {
	err := l.network.Close()
	l.mu.Lock()
	shaking := slices.Clone(l.shaking)
	l.mu.Unlock()
	for _, p := range shaking {
		p.fail(net.ErrClosed)
	}
	return err
}

// Close ends accepting and disconnects all peers.
func (l *listener) Close() (err error) {
	l.once.Do(func() {
		err = l.stop()
		l.mu.Lock()
		close(l.done) // under the lock: admit either sees it or is seen below
		l.mu.Unlock()
		for _, p := range l.connected() {
			p.fail(net.ErrClosed)
		}
		if l.sentinel != nil {
			l.sentinel.Close()
		}
	})
	return err
}

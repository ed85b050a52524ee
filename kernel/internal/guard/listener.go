package guard

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"maps"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// More unfinished handshakes than this end the oldest of them. Honest
	// clients need milliseconds.
	maxHandshakes = 64

	// Pause after a failed accept, for example for want of file descriptors.
	acceptPause = 50 * time.Millisecond
)

var errCrowded = errors.New("handshake unfinished while too many others are waiting")

// connections counts the connections of all sockets, so that an address of one
// socket is none of another.
var connections atomic.Uint64

const numberSize = 8 // of a connection's number in an address

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
	shaking  []*peer            // oldest first
	peers    map[string]*peer   // by address
	identity map[string][]*peer // by the name that they chose, newest last
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
		peers:    map[string]*peer{},
		identity: map[string][]*peer{},
	}
	if cfg.Kind == Publisher {
		l.sentinel = newSentinel()
		l.flush = encodeMessage([][]byte{[]byte("\x00flush " + rand.Text())})
	}
	return l, nil
}

// newAddress makes the identity of a peer unique: several live connections may
// have one identity, for example those of two clients in one process.
func newAddress(identity string) string {
	return string(binary.BigEndian.AppendUint64([]byte(identity), connections.Add(1)))
}

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
	if err := l.admit(p); err != nil {
		p.fail(err)
		return
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

// admit makes p a peer. It refuses when p has been disconnected meanwhile or
// the listener has been closed.
func (l *listener) admit(p *peer) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.shaking, p)
	if i < 0 || l.closed() {
		return net.ErrClosed
	}
	l.shaking = slices.Delete(l.shaking, i, i+1)
	p.admitted = true
	l.peers[p.address] = p
	if p.identity != "" {
		l.identity[p.identity] = append(l.identity[p.identity], p)
	}
	return nil
}

// forget removes a peer that has been disconnected.
func (l *listener) forget(p *peer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.shaking, p); i >= 0 {
		l.shaking = slices.Delete(l.shaking, i, i+1)
	}
	if !p.admitted { // its identity may belong to another goroutine
		return
	}
	delete(l.peers, p.address)
	same := slices.DeleteFunc(l.identity[p.identity], func(q *peer) bool { return q == p })
	if len(same) == 0 {
		delete(l.identity, p.identity)
	} else {
		l.identity[p.identity] = same
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

// find returns the address of the connection that a message to address should
// take: this very connection or, if it has ended or is one of another socket,
// the newest of the same identity.
func (l *listener) find(address string) (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.peers[address] != nil {
		return address, true
	}
	if len(address) <= numberSize {
		return "", false
	}
	same := l.identity[address[:len(address)-numberSize]]
	if len(same) == 0 {
		return "", false
	}
	return same[len(same)-1].address, true
}

// connected returns the peers of this moment.
func (l *listener) connected() []*peer {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Values(l.peers))
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

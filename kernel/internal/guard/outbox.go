package guard

import (
	"io"
	"net"
	"sync"
	"time"
)

// How much the writer hands to the system at once. After each piece the
// peer is known to make progress.
const writePiece = 256 << 10

// A peer that has taken nothing for this long is not waited for any more.
const stallTime = 5 * time.Second

// outbox holds the whole messages that wait to be sent to one peer.
type outbox struct {
	mu       sync.Mutex
	wake     sync.Cond
	queue    [][]byte
	held     [][]byte // came while holding, follow after release
	holding  bool
	bytes    int // of queue, held and the piece being written
	limit    int
	closed   bool
	progress time.Time // when bytes last left, or the first one arrived
}

func newOutbox(limit int) *outbox {
	o := &outbox{limit: limit}
	o.wake.L = &o.mu
	return o
}

// push queues a message and reports whether there was room: less than the
// limit was waiting. So one large message does not cost a peer its connection
// that merely has a small one before it. A closed outbox swallows everything.
func (o *outbox) push(m []byte) bool { return o.add(m, false) }

// pushFirst queues a message before those that are held back.
func (o *outbox) pushFirst(m []byte) bool { return o.add(m, true) }

func (o *outbox) add(m []byte, first bool) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed:
		return true
	case o.bytes >= o.limit:
		return false
	case o.bytes == 0:
		o.progress = time.Now()
	}
	o.bytes += len(m)
	if o.holding && !first {
		o.held = append(o.held, m)
		return true
	}
	o.queue = append(o.queue, m)
	o.wake.Signal()
	return true
}

// hold keeps messages back until release.
func (o *outbox) hold() {
	o.mu.Lock()
	o.holding = true
	o.mu.Unlock()
}

func (o *outbox) release() {
	o.mu.Lock()
	o.holding = false
	o.queue = append(o.queue, o.held...)
	o.held = nil
	o.wake.Signal()
	o.mu.Unlock()
}

// pending is the number of bytes not yet handed to the system; a peer that has
// stopped reading counts as zero.
func (o *outbox) pending(now time.Time) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if now.Sub(o.progress) > stallTime {
		return 0
	}
	return o.bytes
}

// close ends run and drops what waits.
func (o *outbox) close() {
	o.mu.Lock()
	o.closed = true
	o.queue, o.held, o.bytes = nil, nil, 0
	o.wake.Signal()
	o.mu.Unlock()
}

// run writes to w until the outbox is closed or w fails.
func (o *outbox) run(w io.Writer) error {
	for {
		piece, n := o.take()
		if n == 0 {
			return nil
		}
		if _, err := piece.WriteTo(w); err != nil {
			return err
		}
		o.sent(n)
	}
}

// take waits for messages and cuts the next piece off; 0 bytes mean closed.
func (o *outbox) take() (piece net.Buffers, n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.queue) == 0 && !o.closed {
		o.wake.Wait()
	}
	for len(o.queue) > 0 && n < writePiece {
		m := o.queue[0]
		k := min(len(m), writePiece-n)
		piece = append(piece, m[:k])
		n += k
		if k < len(m) {
			o.queue[0] = m[k:]
			break
		}
		o.queue[0] = nil
		o.queue = o.queue[1:]
	}
	return piece, n
}

func (o *outbox) sent(n int) {
	o.mu.Lock()
	o.bytes = max(0, o.bytes-n) // 0 already if closed meanwhile
	o.progress = time.Now()
	o.mu.Unlock()
}

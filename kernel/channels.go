package kernel

import (
	"errors"
	"sync"
	"time"
)

// queue holds the messages of one channel that wait for their handler. It is
// unbounded: whoever receives must never wait for whoever handles.
type queue struct {
	mu       sync.Mutex
	filled   sync.Cond
	items    []*message
	last     uint64    // number of the newest message
	lastAt   time.Time // when it came
	finished bool      // nothing is added any more
	closed   bool      // nothing is taken any more

	abortedUpTo uint64 // number of the last cell to refuse after a failure; only its worker knows
}

func newQueue() *queue {
	q := &queue{}
	q.filled.L = &q.mu
	return q
}

// put reports whether the message was added: not to a queue that has ended.
func (q *queue) put(m *message) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.finished || q.closed {
		return false
	}
	q.last++
	q.lastAt = time.Now()
	m.number = q.last
	q.items = append(q.items, m)
	q.filled.Signal()
	return true
}

// take waits for the oldest message. ok is false when the queue has ended.
func (q *queue) take() (m *message, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.finished && !q.closed {
		q.filled.Wait()
	}
	if q.closed || len(q.items) == 0 {
		return nil, false
	}
	m, q.items[0] = q.items[0], nil
	q.items = q.items[1:]
	return m, true
}

// newest returns the number of the message that was put last, a mark behind
// everything that is queued now, and when that was.
func (q *queue) newest() (number uint64, at time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.last, q.lastAt
}

const (
	settleQuiet = 20 * time.Millisecond  // without a message, after which none is thought to be under way
	settleMax   = 200 * time.Millisecond // longest wait for that
)

// settle waits until no message has come for a moment, or the kernel ends, and
// returns the number of the newest one.
func (q *queue) settle(end <-chan struct{}) (number uint64) {
	deadline := time.Now().Add(settleMax)
	for {
		number, at := q.newest()
		wait := min(time.Until(at.Add(settleQuiet)), time.Until(deadline))
		if wait <= 0 {
			return number
		}
		select {
		case <-time.After(wait):
		case <-end:
			return number
		}
	}
}

// finish lets what is queued be taken, and then ends take.
func (q *queue) finish() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.finished = true
	q.filled.Broadcast()
}

// close drops what is queued and ends take.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed, q.items = true, nil
	q.filled.Broadcast()
}

// receive gives every good message of ch to accept until the transport is
// closed. Bad ones are logged and dropped: whoever can reach the port must not
// be able to stop the kernel.
func (s *server) receive(ch Channel, accept func(*message)) {
	for {
		p, err := s.transport.Recv(ch)
		if errors.Is(err, ErrClosed) {
			return
		}
		if err != nil {
			s.fail(ch, err)
			return
		}
		m, err := decodeMessage(ch, p, s.author.signer)
		if err != nil {
			s.log.Warn("message dropped", "channel", ch.String(), "reason", err)
			continue
		}
		accept(m)
	}
}

// work handles the messages of q one after the other until the kernel ends,
// which leaves the rest unanswered.
func (s *server) work(q *queue) {
	for {
		m, ok := q.take()
		if !ok || s.ctx.Err() != nil {
			return
		}
		m.queue = q
		s.handle(m)
	}
}

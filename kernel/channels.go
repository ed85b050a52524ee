package kernel

import (
	"errors"
	"sync"
)

// queue holds the messages of one channel that wait for their handler. It is
// unbounded: whoever receives must never wait for whoever handles.
type queue struct {
	mu     sync.Mutex
	filled sync.Cond
	items  []*message
	last   uint64 // number of the newest message
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.filled.L = &q.mu
	return q
}

func (q *queue) put(m *message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.last++
	m.number = q.last
	q.items = append(q.items, m)
	q.filled.Signal()
}

// take waits for the oldest message. ok is false when the queue is closed.
func (q *queue) take() (m *message, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed {
		q.filled.Wait()
	}
	if q.closed {
		return nil, false
	}
	m, q.items[0] = q.items[0], nil
	q.items = q.items[1:]
	return m, true
}

// newest returns the number of the message that was put last: a mark behind
// everything that is queued now.
func (q *queue) newest() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.last
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
		s.handle(m)
	}
}

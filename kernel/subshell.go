package kernel

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// subshells are further queues of the shell channel, each with a goroutine of
// its own: requests in them are answered while a cell runs in the main shell.
// Cells still run one at a time, whichever shell they are sent to.
type subshells struct {
	mu     sync.Mutex
	queues map[string]*queue
	closed bool
}

// create starts a subshell and returns its id, or "" when the kernel ends.
func (s *subshells) create(start func(*queue)) string {
	var random [16]byte
	rand.Read(random[:]) // never fails
	id := hex.EncodeToString(random[:])
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ""
	}
	if s.queues == nil {
		s.queues = map[string]*queue{}
	}
	q := newQueue()
	s.queues[id] = q
	start(q)
	return id
}

// remove ends a subshell once it has answered what is queued in it, and
// reports whether it existed.
func (s *subshells) remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queues[id]
	if q == nil {
		return false
	}
	delete(s.queues, id)
	q.finish()
	return true
}

func (s *subshells) ids() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := slices.AppendSeq([]string{}, maps.Keys(s.queues))
	slices.Sort(ids)
	return ids
}

func (s *subshells) get(id string) *queue {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queues[id]
}

// close ends all subshells for good.
func (s *subshells) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, q := range s.queues {
		q.close()
	}
}

// acceptShell queues a message from the shell channel. One for a subshell that
// does not exist goes to control, which says so even while a cell runs.
func (s *server) acceptShell(m *message) {
	if m.subshell == "" {
		s.shell.put(m)
		return
	}
	if q := s.subshells.get(m.subshell); q == nil || !q.put(m) {
		m.lost = true
		s.control.put(m)
	}
}

func noSubshell(id string) error {
	return &CellError{Name: "UnknownSubshell", Value: fmt.Sprintf("there is no subshell %q; create_subshell_request makes one", id)}
}

// answerCreateSubshell answers create_subshell_request.
func (s *server) answerCreateSubshell(m *message) (any, error) {
	if m.channel != Control {
		return nil, wrongChannel(m, Control)
	}
	id := s.subshells.create(func(q *queue) { s.workers.Go(func() { s.work(q) }) })
	if id == "" {
		return nil, errShutdown
	}
	return map[string]string{"status": statusOK, "subshell_id": id}, nil
}

// answerDeleteSubshell answers delete_subshell_request.
func (s *server) answerDeleteSubshell(m *message) (any, error) {
	if m.channel != Control {
		return nil, wrongChannel(m, Control)
	}
	r, err := contentOf[struct {
		ID string `json:"subshell_id"`
	}](m)
	if err != nil {
		return nil, err
	}
	if !s.subshells.remove(r.ID) {
		return nil, noSubshell(r.ID)
	}
	return map[string]string{"status": statusOK}, nil
}

// answerListSubshell answers list_subshell_request.
func (s *server) answerListSubshell(m *message) (any, error) {
	if m.channel != Control {
		return nil, wrongChannel(m, Control)
	}
	return map[string]any{"status": statusOK, "subshell_id": s.subshells.ids()}, nil
}

func wrongChannel(m *message, ch Channel) error {
	return &CellError{Name: "BadRequest", Value: fmt.Sprintf("%s belongs on the %s channel", m.kind, ch)}
}

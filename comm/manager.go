package comm

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

// Manager holds the comms of one session. It is safe for concurrent use.
type Manager struct {
	report func(error)

	mu      sync.Mutex
	send    func(Message) error
	targets map[string]func(c *Comm, data map[string]any)
	comms   map[string]*Comm
}

// NewManager returns a Manager without comms. Failures of handlers, which have
// no caller in the session, go to report; nil drops them.
func NewManager(report func(error)) *Manager {
	if report == nil {
		report = func(error) {}
	}
	return &Manager{report: report, targets: map[string]func(*Comm, map[string]any){}, comms: map[string]*Comm{}}
}

// Functions returns the functions that cells call, by name.
func (m *Manager) Functions() map[string]any {
	return map[string]any{"Open": m.Open, "Register": m.Register}
}

// Connect gives the way to the front ends.
func (m *Manager) Connect(send func(Message) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.send = send
}

// OpenOptions are what Open can send besides data.
type OpenOptions struct {
	Metadata map[string]any // such as {"version": "2.1.0"} for widgets
	Buffers  [][]byte       // binary data
}

// Open opens a comm to the target of that name in the front end, with the data
// that it shall begin with. Whether the front end knows the target shows later:
// if not, it closes the comm.
func (m *Manager) Open(target string, data map[string]any, opts ...OpenOptions) (*Comm, error) {
	if target == "" {
		return nil, errors.New("comm: Open needs the name of a target in the front end")
	}
	var opt OpenOptions
	switch len(opts) {
	case 0:
	case 1:
		opt = opts[0]
	default:
		return nil, fmt.Errorf("comm: Open takes one OpenOptions, got %d", len(opts))
	}
	c := &Comm{m: m, id: newID(), target: target}
	m.mu.Lock()
	m.comms[c.id] = c
	m.mu.Unlock()
	if err := m.post(KindOpen, c, data, opt); err != nil {
		c.end()
		return nil, err
	}
	return c, nil
}

// Register makes f answer comms that a front end opens for target. A later
// function for the same target replaces f, nil removes it.
func (m *Manager) Register(target string, f func(c *Comm, data map[string]any)) error {
	if target == "" {
		return errors.New("comm: Register needs the name under which front ends open comms")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if f == nil {
		delete(m.targets, target)
		return nil
	}
	m.targets[target] = f
	return nil
}

// List returns the targets of the open comms by id: all of them, or those of
// one target.
func (m *Manager) List(target string) map[string]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := map[string]string{}
	for id, c := range m.comms {
		if target == "" || c.target == target {
			list[id] = c.target
		}
	}
	return list
}

// Receive handles a message from a front end. It returns false when nobody
// knows its target or its comm.
func (m *Manager) Receive(msg Message) bool {
	switch msg.Kind {
	case KindOpen:
		return m.receiveOpen(msg)
	case KindMessage, KindClose:
		m.mu.Lock()
		c := m.comms[msg.ID]
		m.mu.Unlock()
		if c == nil {
			return false
		}
		m.deliver(c, msg)
		return true
	}
	return false
}

func (m *Manager) receiveOpen(msg Message) bool {
	c := &Comm{m: m, id: msg.ID, target: msg.Target}
	m.mu.Lock()
	f := m.targets[msg.Target]
	taken := m.comms[msg.ID] != nil
	if f == nil || taken || msg.ID == "" {
		m.mu.Unlock()
		return false
	}
	m.comms[c.id] = c
	m.mu.Unlock()
	if m.handle(c, msg, func(data map[string]any) { f(c, data) }) {
		return true
	}
	c.end() // a handler that failed will not answer
	return false
}

func (m *Manager) deliver(c *Comm, msg Message) {
	c.mu.Lock()
	onMessage, onClose := c.onMessage, c.onClose
	c.mu.Unlock()
	if msg.Kind == KindClose {
		c.end()
		if onClose != nil {
			m.handle(c, msg, onClose)
		}
		return
	}
	if onMessage != nil {
		m.handle(c, msg, func(data map[string]any) { onMessage(data, msg.Buffers) })
	}
}

// handle calls f with the data of msg and reports whether that went well.
func (m *Manager) handle(c *Comm, msg Message, f func(map[string]any)) (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			m.report(fmt.Errorf("comm %s: panic in the handler of %s: %v", c.target, msg.Kind, p))
		}
	}()
	data, err := decode(msg)
	if err != nil {
		m.report(err)
		return false
	}
	f(data)
	return true
}

// post sends a message of c to the front ends.
func (m *Manager) post(kind Kind, c *Comm, data map[string]any, opt OpenOptions) error {
	raw, err := encode(data)
	if err != nil {
		return fmt.Errorf("comm: data of %s: %w", kind, err)
	}
	metadata, err := encode(opt.Metadata)
	if err != nil {
		return fmt.Errorf("comm: metadata of %s: %w", kind, err)
	}
	m.mu.Lock()
	send := m.send
	m.mu.Unlock()
	if send == nil {
		return ErrNotConnected
	}
	msg := Message{Kind: kind, ID: c.id, Data: raw, Metadata: metadata, Buffers: opt.Buffers}
	if kind == KindOpen {
		msg.Target = c.target
	}
	return send(msg)
}

// encode returns data as a JSON object, also if it is nil.
func encode(data map[string]any) (json.RawMessage, error) {
	if data == nil {
		return json.RawMessage("{}"), nil
	}
	return json.Marshal(data)
}

func (m *Manager) forget(c *Comm) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.comms[c.id] == c {
		delete(m.comms, c.id)
	}
}

package kernel_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

// Without comms in the language every one is refused.
func TestCommsRefused(t *testing.T) {
	_, c := start(t)
	if r := c.Do(kernel.Shell, "comm_info_request", kerneltest.Fields{"target_name": "jupyter.widget"}).Reply(); fmt.Sprint(r.Content["comms"]) != "map[]" {
		t.Errorf("%s", r)
	}
	e := c.Do(kernel.Shell, "comm_open", kerneltest.Fields{"comm_id": "abc", "target_name": "jupyter.widget", "data": kerneltest.Fields{}})
	wantTypes(t, e, "busy comm_close idle")
	if m := only(t, e, "comm_close"); m.Text("comm_id") != "abc" {
		t.Errorf("%s", m)
	}
	wantTypes(t, c.Do(kernel.Shell, "comm_msg", kerneltest.Fields{"comm_id": "abc", "data": kerneltest.Fields{}}), "busy idle")
	wantTypes(t, c.Do(kernel.Shell, "comm_close", kerneltest.Fields{"comm_id": "abc", "data": kerneltest.Fields{}}), "busy idle")
	wantTypes(t, c.Do(kernel.Shell, "comm_open", kerneltest.Fields{"comm_id": 5}), "busy idle")
}

// echoing is an interpreter that knows the target echo.
type echoing struct {
	*kerneltest.Interpreter
	mu   sync.Mutex
	send func(kernel.CommMessage) error
	open map[string]string
	got  []kernel.CommMessage
}

var _ kernel.CommInterpreter = (*echoing)(nil)

func (e *echoing) ConnectComms(send func(kernel.CommMessage) error) { e.send = send }

func (e *echoing) ReceiveComm(m kernel.CommMessage) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.got = append(e.got, m)
	switch {
	case m.Target == "panic":
		panic("comm")
	case m.Kind == kernel.CommOpen && m.Target == "echo":
		e.open[m.ID] = m.Target
	case m.Kind == kernel.CommMsg && e.open[m.ID] != "":
		return e.send(kernel.CommMessage{Kind: kernel.CommMsg, ID: m.ID, Data: m.Data, Metadata: m.Metadata, Buffers: m.Buffers}) == nil
	case m.Kind == kernel.CommClose:
		delete(e.open, m.ID)
	default:
		return false
	}
	return true
}

func (e *echoing) ListComms(target string) map[string]string {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := map[string]string{}
	for id, t := range e.open {
		if target == "" || target == t {
			list[id] = t
		}
	}
	return list
}

func startEchoing(t *testing.T) (*echoing, *kerneltest.Client) {
	e := &echoing{Interpreter: kerneltest.NewInterpreter(), open: map[string]string{}}
	return e, kerneltest.Start(t, e).Client()
}

func TestCommFromFrontEnd(t *testing.T) {
	e, c := startEchoing(t)
	open := func(target string) kerneltest.Exchange {
		return c.Do(kernel.Shell, "comm_open", kerneltest.Fields{"comm_id": "id of " + target, "target_name": target, "data": kerneltest.Fields{"a": 1}})
	}
	wantTypes(t, open("echo"), "busy idle")
	wantTypes(t, open("nobody"), "busy comm_close idle")
	wantTypes(t, open("panic"), "busy comm_close idle")
	if m := e.got[0]; m.Kind != "comm_open" || m.ID != "id of echo" || m.Target != "echo" || string(m.Data) != `{"a":1}` {
		t.Errorf("interpreter got %+v", m)
	}
	sent := c.StartMessage(kerneltest.Message{
		Channel: kernel.Shell, Header: kerneltest.Header{Type: "comm_msg"}, Metadata: map[string]any{"version": "2.1.0"},
		Content: kerneltest.Fields{"comm_id": "id of echo", "data": kerneltest.Fields{"b": "<2>"}}, Buffers: [][]byte{{0, 0xff}, {}},
	}).Wait()
	m := only(t, sent, "comm_msg")
	if m.Text("comm_id") != "id of echo" || fmt.Sprint(m.Content["data"]) != "map[b:<2>]" || m.Metadata["version"] != "2.1.0" || len(m.Buffers) != 2 || string(m.Buffers[0]) != "\x00\xff" {
		t.Errorf("%s with %v, %q", m, m.Metadata, m.Buffers)
	}
	wantTypes(t, c.Do(kernel.Shell, "comm_msg", kerneltest.Fields{"comm_id": "unknown", "data": kerneltest.Fields{}}), "busy idle")
	for target, want := range map[any]string{nil: "map[id of echo:map[target_name:echo]]", "echo": "map[id of echo:map[target_name:echo]]", "other": "map[]"} {
		if r := c.Do(kernel.Shell, "comm_info_request", kerneltest.Fields{"target_name": target}).Reply(); fmt.Sprint(r.Content["comms"]) != want {
			t.Errorf("comms of %v: %s", target, r)
		}
	}
	c.Do(kernel.Shell, "comm_close", kerneltest.Fields{"comm_id": "id of echo", "data": nil})
	if r := c.Do(kernel.Control, "comm_info_request", nil).Reply(); fmt.Sprint(r.Content["comms"]) != "map[]" {
		t.Errorf("after closing: %s", r)
	}
}

func TestCommFromCell(t *testing.T) {
	e, c := startEchoing(t)
	var sent []error
	e.Handle("comm", func(*kerneltest.Cell, string) error {
		sent = append(sent,
			e.send(kernel.CommMessage{Kind: kernel.CommOpen, ID: "1", Target: "plot", Data: json.RawMessage(`{"x":1}`)}),
			e.send(kernel.CommMessage{Kind: kernel.CommMsg, ID: "1", Buffers: [][]byte{[]byte("raw")}}),
			e.send(kernel.CommMessage{Kind: kernel.CommClose, ID: "1"}),
			e.send(kernel.CommMessage{Kind: "comm_shout", ID: "1"}),
			e.send(kernel.CommMessage{Kind: kernel.CommMsg, ID: "1", Data: json.RawMessage(`{`)}),
		)
		return nil
	})
	x := c.Execute("comm")
	wantTypes(t, x, "busy execute_input comm_open comm_msg comm_close idle")
	if m := only(t, x, "comm_open"); m.Text("target_name") != "plot" || fmt.Sprint(m.Content["data"]) != "map[x:1]" {
		t.Errorf("%s", m)
	}
	if m := only(t, x, "comm_msg"); len(m.Buffers) != 1 || string(m.Buffers[0]) != "raw" {
		t.Errorf("%s with %q", m, m.Buffers)
	}
	for n, err := range sent {
		if (err != nil) != (n > 2) {
			t.Errorf("message %d: %v", n, err)
		}
	}
	if !strings.Contains(fmt.Sprint(sent[3]), "comm_shout") {
		t.Errorf("unknown kind: %v", sent[3])
	}
}

// Comms in a subshell work while a cell runs.
func TestCommInSubshell(t *testing.T) {
	e, c := startEchoing(t)
	id := createSubshell(t, c)
	reached, open := gate(e.Interpreter, "gate")
	cell := c.StartExecute("gate")
	<-reached
	inSubshell(c, id, "comm_open", kerneltest.Fields{"comm_id": "1", "target_name": "echo", "data": kerneltest.Fields{}}).Wait()
	x := inSubshell(c, id, "comm_msg", kerneltest.Fields{"comm_id": "1", "data": kerneltest.Fields{"n": 1}}).Wait()
	if m := only(t, x, "comm_msg"); fmt.Sprint(m.Content["data"]) != "map[n:1]" {
		t.Errorf("%s", m)
	}
	open()
	cell.Wait()
}

package comm_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/nskernel/nskernel/comm"
)

// frontEnd stands for the other side of a Manager.
type frontEnd struct {
	mu   sync.Mutex
	got  []string
	last comm.Message
	err  error
}

func (f *frontEnd) receive(m comm.Message) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.got = append(f.got, fmt.Sprintf("%s %s %s %s %q", m.Kind, m.Target, m.Data, m.Metadata, m.Buffers))
	f.last = m
	return f.err
}

func (f *frontEnd) want(t *testing.T, want ...string) {
	t.Helper()
	if strings.Join(f.got, "\n") != strings.Join(want, "\n") {
		t.Errorf("front end got\n%s\nwant\n%s", strings.Join(f.got, "\n"), strings.Join(want, "\n"))
	}
	f.got = nil
}

// connected returns a Manager, its front end, and the failures it reports.
func connected() (*comm.Manager, *frontEnd, *[]string) {
	f, failures := &frontEnd{}, &[]string{}
	m := comm.NewManager(func(err error) { *failures = append(*failures, err.Error()) })
	m.Connect(f.receive)
	return m, f, failures
}

func TestFromCell(t *testing.T) {
	m, f, _ := connected()
	c, err := m.Open("plot", map[string]any{"x": 1}, comm.OpenOptions{Metadata: map[string]any{"version": "2.1.0"}, Buffers: [][]byte{[]byte("raw")}})
	if err != nil {
		t.Fatal(err)
	}
	f.want(t, `comm_open plot {"x":1} {"version":"2.1.0"} ["raw"]`)
	if c.Target() != "plot" || c.ID() == "" || c.ID() != f.last.ID || !reflect.DeepEqual(m.List("plot"), map[string]string{c.ID(): "plot"}) {
		t.Errorf("comm %q of %q, listed %v", c.ID(), c.Target(), m.List("plot"))
	}
	if err := errors.Join(c.Send(map[string]any{"y": 2}), c.Send(nil, []byte("a"), []byte("b"))); err != nil {
		t.Error(err)
	}
	f.want(t, `comm_msg  {"y":2} {} []`, `comm_msg  {} {} ["a" "b"]`)

	var got []string
	c.OnMessage(func(data map[string]any, buffers [][]byte) { got = append(got, fmt.Sprintf("%v %q", data, buffers)) })
	for _, data := range []string{`{"z":3}`, `null`, ``} {
		if !m.Receive(comm.Message{Kind: comm.KindMessage, ID: c.ID(), Data: json.RawMessage(data), Buffers: [][]byte{{1}}}) {
			t.Errorf("message %q is for nobody", data)
		}
	}
	if want := `map[z:3] ["\x01"]|map[] ["\x01"]|map[] ["\x01"]`; strings.Join(got, "|") != want {
		t.Errorf("handler got %s, want %s", strings.Join(got, "|"), want)
	}

	for range 2 {
		if err := c.Close(map[string]any{"bye": true}); err != nil {
			t.Error(err)
		}
	}
	f.want(t, `comm_close  {"bye":true} {} []`)
	if err := c.Send(nil); !errors.Is(err, comm.ErrClosed) {
		t.Errorf("send after close: %v", err)
	}
	if m.Receive(comm.Message{Kind: comm.KindMessage, ID: c.ID()}) || len(m.List("")) != 0 {
		t.Errorf("the closed comm is still known: %v", m.List(""))
	}
}

func TestFromFrontEnd(t *testing.T) {
	m, f, failures := connected()
	var log []string
	err := m.Register("counter", func(c *comm.Comm, data map[string]any) {
		log = append(log, fmt.Sprint("open ", c.ID(), data))
		c.OnMessage(func(data map[string]any, _ [][]byte) {
			if err := c.Send(map[string]any{"n": data["n"]}); err != nil {
				t.Error(err)
			}
		})
		c.OnClose(func(data map[string]any) { log = append(log, fmt.Sprint("close ", data)) })
	})
	if err != nil {
		t.Fatal(err)
	}
	open := comm.Message{Kind: comm.KindOpen, ID: "1", Target: "counter", Data: json.RawMessage(`{"a":1}`)}
	if !m.Receive(open) || m.Receive(open) {
		t.Error("want the comm to be opened once, not twice")
	}
	for _, unknown := range []comm.Message{
		{Kind: comm.KindOpen, ID: "2", Target: "nobody"}, {Kind: comm.KindOpen, Target: "counter"},
		{Kind: comm.KindMessage, ID: "2"}, {Kind: comm.KindClose, ID: "2"}, {Kind: "comm_shout", ID: "1"},
	} {
		if m.Receive(unknown) {
			t.Errorf("%+v is known", unknown)
		}
	}
	m.Receive(comm.Message{Kind: comm.KindMessage, ID: "1", Data: json.RawMessage(`{"n":5}`)})
	f.want(t, `comm_msg  {"n":5} {} []`)
	m.Receive(comm.Message{Kind: comm.KindClose, ID: "1", Data: json.RawMessage(`{"b":2}`)})
	if want := "open 1map[a:1]|close map[b:2]"; strings.Join(log, "|") != want {
		t.Errorf("handlers: %s, want %s", strings.Join(log, "|"), want)
	}
	if len(m.List("")) != 0 || len(*failures) != 0 {
		t.Errorf("left: %v, failures %q", m.List(""), *failures)
	}
	if err := m.Register("counter", nil); err != nil || m.Receive(comm.Message{Kind: comm.KindOpen, ID: "3", Target: "counter"}) {
		t.Errorf("removed target answers, %v", err)
	}
}

// Handlers have no caller in the session: what goes wrong is reported.
func TestHandlerFails(t *testing.T) {
	m, _, failures := connected()
	m.Register("bad", func(*comm.Comm, map[string]any) { panic("oh") })
	m.Register("good", func(c *comm.Comm, _ map[string]any) {
		c.OnMessage(func(map[string]any, [][]byte) { panic("no") })
	})
	if m.Receive(comm.Message{Kind: comm.KindOpen, ID: "1", Target: "bad"}) || len(m.List("")) != 0 {
		t.Error("a comm whose handler failed is open")
	}
	if !m.Receive(comm.Message{Kind: comm.KindOpen, ID: "2", Target: "good"}) {
		t.Error("comm refused")
	}
	m.Receive(comm.Message{Kind: comm.KindMessage, ID: "2"})
	m.Receive(comm.Message{Kind: comm.KindMessage, ID: "2", Data: json.RawMessage(`[1]`)})
	want := []string{
		"comm bad: panic in the handler of comm_open: oh",
		"comm good: panic in the handler of comm_msg: no",
		"comm: data of comm_msg is not an object",
	}
	if len(*failures) != len(want) {
		t.Fatalf("failures %q", *failures)
	}
	for n, w := range want {
		if !strings.Contains((*failures)[n], w) {
			t.Errorf("failure %q, want %q", (*failures)[n], w)
		}
	}
	comm.NewManager(nil).Receive(comm.Message{Kind: comm.KindOpen, ID: "1", Target: "bad"}) // must not panic
}

func TestRefused(t *testing.T) {
	m, f, _ := connected()
	nan := map[string]any{"f": func() {}}
	open := func(target string, data map[string]any, opts ...comm.OpenOptions) error {
		_, err := m.Open(target, data, opts...)
		return err
	}
	for want, err := range map[string]error{
		"name of a target":             open("", nil),
		"data of comm_open":            open("x", nan),
		"metadata of comm_open":        open("x", nil, comm.OpenOptions{Metadata: nan}),
		"takes one OpenOptions, got 2": open("x", nil, comm.OpenOptions{}, comm.OpenOptions{}),
		"name under which":             m.Register("", func(*comm.Comm, map[string]any) {}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	f.want(t)
	f.err = errors.New("cable cut")
	if err := open("x", nil); !errors.Is(err, f.err) {
		t.Errorf("error %v", err)
	}
	if len(m.List("")) != 0 {
		t.Errorf("comms that were not opened are listed: %v", m.List(""))
	}
}

func TestNobody(t *testing.T) {
	if _, err := comm.Open("x", nil); !errors.Is(err, comm.ErrNotConnected) {
		t.Errorf("error %v", err)
	}
	if err := comm.Register("x", func(*comm.Comm, map[string]any) {}); err != nil {
		t.Error(err)
	}
}

// The functions of a session have the types of the functions of the package.
func TestFunctions(t *testing.T) {
	functions := comm.NewManager(nil).Functions()
	for name, f := range map[string]any{"Open": comm.Open, "Register": comm.Register} {
		if got := reflect.TypeOf(functions[name]); got != reflect.TypeOf(f) {
			t.Errorf("%s has type %v, want %T", name, got, f)
		}
	}
	if len(functions) != 2 {
		t.Errorf("%d functions", len(functions))
	}
}

func TestConcurrent(t *testing.T) {
	m, f, _ := connected()
	m.Register("t", func(c *comm.Comm, _ map[string]any) {
		c.OnMessage(func(data map[string]any, _ [][]byte) { c.Send(data) })
	})
	var wg sync.WaitGroup
	for k := range 8 {
		wg.Go(func() {
			for n := range 50 {
				id := fmt.Sprint(k, "-", n)
				m.Receive(comm.Message{Kind: comm.KindOpen, ID: id, Target: "t"})
				m.Receive(comm.Message{Kind: comm.KindMessage, ID: id})
				c, err := m.Open("u", nil)
				if err != nil {
					t.Error(err)
					return
				}
				m.List("")
				c.Close()
				m.Receive(comm.Message{Kind: comm.KindClose, ID: id})
			}
		})
	}
	wg.Wait()
	if n := len(f.got); n != 8*50*3 || len(m.List("")) != 0 {
		t.Errorf("%d messages, want %d; left %v", n, 8*50*3, m.List(""))
	}
}

func ExampleManager() {
	m := comm.NewManager(nil)
	m.Connect(func(msg comm.Message) error { // what a kernel does
		fmt.Println(msg.Kind, string(msg.Data))
		return nil
	})
	m.Register("double", func(c *comm.Comm, _ map[string]any) {
		c.OnMessage(func(data map[string]any, _ [][]byte) {
			n, _ := data["n"].(float64)
			c.Send(map[string]any{"n": 2 * n})
		})
	})
	m.Receive(comm.Message{Kind: comm.KindOpen, ID: "1", Target: "double"})
	m.Receive(comm.Message{Kind: comm.KindMessage, ID: "1", Data: []byte(`{"n": 21}`)})
	// Output: comm_msg {"n":42}
}

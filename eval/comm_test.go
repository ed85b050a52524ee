package eval_test

import (
	"fmt"
	"testing"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

const commImport = `import "github.com/nskernel/nskernel/comm"`

// A cell answers a comm of the front end, also after other cells.
func TestCommFromFrontEnd(t *testing.T) {
	c := kerneltest.Start(t, newSession(t)).Client()
	e := c.Execute(commImport + `
factor := 2.0
comm.Register("multiply", func(c *comm.Comm, data map[string]any) {
	c.OnMessage(func(data map[string]any, _ [][]byte) {
		c.Send(map[string]any{"n": data["n"].(float64) * factor})
	})
})`)
	if e.Reply().Text("status") != "ok" {
		t.Fatalf("%s", e)
	}
	c.Execute("factor = 3")
	e = c.Do(kernel.Shell, "comm_open", kerneltest.Fields{"comm_id": "1", "target_name": "multiply", "data": kerneltest.Fields{}})
	if len(e.Published()) != 0 {
		t.Errorf("open:\n%s", e)
	}
	e = c.Do(kernel.Shell, "comm_msg", kerneltest.Fields{"comm_id": "1", "data": kerneltest.Fields{"n": 14}})
	if m, err := e.Only("comm_msg"); err != nil || fmt.Sprint(m.Content["data"]) != "map[n:42]" {
		t.Errorf("answer: %v\n%s", err, e)
	}
	if r := c.Do(kernel.Shell, "comm_info_request", nil).Reply(); fmt.Sprint(r.Content["comms"]) != "map[1:map[target_name:multiply]]" {
		t.Errorf("%s", r)
	}
	// A handler that fails does no harm.
	c.Do(kernel.Shell, "comm_msg", kerneltest.Fields{"comm_id": "1", "data": kerneltest.Fields{"n": "no number"}})
	if e := c.Execute(`fmt.Println(factor)`); e.Stream("stdout") != "3\n" {
		t.Errorf("after the failure:\n%s", e)
	}
}

func TestCommFromCell(t *testing.T) {
	c := kerneltest.Start(t, newSession(t)).Client()
	e := c.Execute(commImport + `
w, err := comm.Open("widget", map[string]any{"x": 1})
w.Send(map[string]any{"y": 2}, []byte("raw"))
w.Close()`)
	if got := e.Types(); got != "busy execute_input comm_open comm_msg comm_close idle" {
		t.Fatalf("published %s:\n%s", got, e)
	}
	open, err := e.Only("comm_open")
	if err != nil || open.Text("target_name") != "widget" || fmt.Sprint(open.Content["data"]) != "map[x:1]" {
		t.Errorf("%s, %v", open, err)
	}
	message, err := e.Only("comm_msg")
	if err != nil || message.Text("comm_id") != open.Text("comm_id") || len(message.Buffers) != 1 || string(message.Buffers[0]) != "raw" {
		t.Errorf("%s with %q, %v", message, message.Buffers, err)
	}
}

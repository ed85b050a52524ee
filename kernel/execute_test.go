package kernel_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

// start runs a kernel with the language of kerneltest and one client.
func start(t testing.TB, change ...func(*kernel.Config)) (*kerneltest.Interpreter, *kerneltest.Client) {
	t.Helper()
	i := kerneltest.NewInterpreter()
	return i, kerneltest.Start(t, i, change...).Client()
}

func only(t *testing.T, e kerneltest.Exchange, msgType string) kerneltest.Message {
	t.Helper()
	m, err := e.Only(msgType)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func wantTypes(t *testing.T, e kerneltest.Exchange, want string) {
	t.Helper()
	if got := e.Types(); got != want {
		t.Errorf("published %q, want %q", got, want)
	}
}

func TestExecuteOrder(t *testing.T) {
	_, c := start(t)
	e := c.Execute("print a\nstderr b\ndisplay c\nprint d\nresult e")
	wantTypes(t, e, "busy execute_input stream stream display_data stream execute_result idle")
	if got := only(t, e, "execute_result").Data(display.MIMEText); got != "e" {
		t.Errorf("result is %v, want e", got)
	}
	if out, err := e.Stream("stdout"), e.Stream("stderr"); out != "a\nd\n" || err != "b\n" {
		t.Errorf("stdout %q, stderr %q", out, err)
	}
	if e.Reply().Metadata["started"] == nil {
		t.Error("execute_reply does not tell when the cell started, which JupyterLab shows")
	}
}

func TestExecuteCounts(t *testing.T) {
	i, c := start(t)
	run := func(code string, change kerneltest.Fields) int {
		content := kerneltest.Fields{"code": code}
		for k, v := range change {
			content[k] = v
		}
		return c.Do(kernel.Shell, "execute_request", content).Reply().Int("execution_count")
	}
	steps := []struct {
		code   string
		change kerneltest.Fields
		want   int
	}{
		{"print a", nil, 1},
		{"fail x", kerneltest.Fields{"stop_on_error": false}, 2}, // failures count
		{"print b", kerneltest.Fields{"store_history": false}, 2},
		{"print c", kerneltest.Fields{"silent": true}, 2},
		{"print d", kerneltest.Fields{"silent": true, "store_history": true}, 2}, // silent wins
		{"print e", nil, 3},
	}
	for _, s := range steps {
		if got := run(s.code, s.change); got != s.want {
			t.Errorf("%s %v: execution_count %d, want %d", s.code, s.change, got, s.want)
		}
	}
	var counts []int
	for _, r := range i.Requests() {
		counts = append(counts, r.Count)
	}
	if want := []int{1, 2, 2, 2, 2, 3}; !slices.Equal(counts, want) {
		t.Errorf("interpreter saw counts %v, want %v", counts, want)
	}
}

// The checker of exchanges demands that nothing but busy and idle is published.
func TestExecuteSilent(t *testing.T) {
	i, c := start(t)
	for _, code := range []string{"print a", "stderr a", "display a", "result a", "clear", "fail a", "panic a"} {
		c.Do(kernel.Shell, "execute_request", kerneltest.Fields{"code": code, "silent": true})
	}
	for _, r := range i.Requests() {
		if !r.Silent || r.StoreHistory {
			t.Errorf("request %+v: want Silent and not StoreHistory", r)
		}
	}
}

func TestExecuteRequest(t *testing.T) {
	i, c := start(t)
	c.Execute("set a 1")
	call := c.StartMessage(kerneltest.Message{
		Channel: kernel.Shell, Header: kerneltest.Header{Type: "execute_request"},
		Metadata: map[string]any{"cellId": "abc", "deletedCells": []any{}},
		Content:  kerneltest.Fields{"code": "print x", "allow_stdin": false, "user_expressions": kerneltest.Fields{"v": "a", "w": "b"}},
	})
	e := call.Wait()
	got := i.Requests()[1]
	if got.CellID != "abc" || got.AllowStdin || got.Code != "print x" || got.Count != 2 || !got.StoreHistory {
		t.Errorf("interpreter got %+v", got)
	}
	x, _ := e.Reply().Content["user_expressions"].(map[string]any)
	v, _ := x["v"].(map[string]any)
	w, _ := x["w"].(map[string]any)
	if v["status"] != "ok" || fmt.Sprint(v["data"]) != "map[text/plain:1]" || fmt.Sprint(v["metadata"]) != "map[]" {
		t.Errorf("expression v is %v", v)
	}
	if w["status"] != "error" || w["ename"] != "UnknownVariable" || w["evalue"] != "b" || w["traceback"] == nil {
		t.Errorf("expression w is %v", w)
	}
}

func TestExecutePayload(t *testing.T) {
	_, c := start(t)
	payload, _ := c.Execute("page help").Reply().Content["payload"].([]any)
	if len(payload) != 1 || fmt.Sprint(payload[0]) != "map[data:map[text/plain:help] source:page start:0]" {
		t.Errorf("payload is %v", payload)
	}
}

// hinted is an error with advice, as package neurospatial makes them.
type hinted struct{}

func (*hinted) Error() string { return "bin size is 0" }
func (*hinted) Hint() string  { return "try binSize 5" }

func TestExecuteFailures(t *testing.T) {
	i, c := start(t)
	i.Handle("hinted", func(*kerneltest.Cell, string) error { return fmt.Errorf("cell: %w", &hinted{}) })
	i.Handle("nil", func(*kerneltest.Cell, string) error { return (*kernel.CellError)(nil) })
	i.Handle("untraced", func(*kerneltest.Cell, string) error { return &kernel.CellError{Name: "N", Value: "v"} })
	i.Handle("badpayload", func(c *kerneltest.Cell, _ string) error {
		c.Reply.Payload = []map[string]any{{"source": func() {}}}
		return nil
	})
	tests := []struct{ code, name, value, traceback string }{
		{"fail x", "Failure", "x", "[Failure: x]"},
		{"hinted", "fmt.wrapError", "cell: bin size is 0", "[fmt.wrapError: cell: bin size is 0 try binSize 5]"},
		{"untraced", "N", "v", "[N: v]"},
		{"panic oh", "panic", "oh", "[panic in Execute: oh This is a fault of the kernel, which goes on.]"},
		{"goexit", "goexit", "the cell ended its goroutine with runtime.Goexit", "[goexit: the cell ended its goroutine with runtime.Goexit]"},
		{"nil", "errors.errorString", "the interpreter failed with a nil *CellError", "[errors.errorString: the interpreter failed with a nil *CellError]"},
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			e := c.Execute("print before\n" + tt.code)
			wantTypes(t, e, "busy execute_input stream error idle")
			for _, m := range []kerneltest.Message{only(t, e, "error"), e.Reply()} {
				if m.Text("ename") != tt.name || m.Text("evalue") != tt.value || fmt.Sprint(m.Content["traceback"]) != tt.traceback {
					t.Errorf("%s", m)
				}
			}
		})
	}
	reply := c.Start(kernel.Shell, "execute_request", kerneltest.Fields{"code": "badpayload"}).Await("execute_reply")
	if reply.Text("status") != "error" || !strings.Contains(reply.Text("evalue"), "unsupported type") {
		t.Errorf("payload without JSON: %s", reply)
	}
	if got := c.Execute("result still here"); only(t, got, "execute_result").Data(display.MIMEText) != "still here" {
		t.Errorf("after the failures: %s", got)
	}
}

func TestExecuteContentMakesNoSense(t *testing.T) {
	i, c := start(t)
	e := c.Start(kernel.Shell, "execute_request", kerneltest.Fields{"code": 5}).Await("execute_reply")
	if e.Text("status") != "error" || e.Text("ename") != "BadRequest" || e.Int("execution_count") != 0 {
		t.Errorf("reply: %s", e)
	}
	if len(i.Requests()) != 0 {
		t.Error("the interpreter was asked")
	}
}

func TestExecuteOnControl(t *testing.T) {
	i, c := start(t)
	reply := c.Start(kernel.Control, "execute_request", kerneltest.Fields{"code": "print x"}).Await("execute_reply")
	if reply.Channel != kernel.Control || reply.Text("ename") != "BadRequest" || len(i.Requests()) != 0 {
		t.Errorf("reply: %s on %s", reply, reply.Channel)
	}
}

// gate is a command that blocks until it is opened, and tells when it is reached.
func gate(i *kerneltest.Interpreter, name string) (reached <-chan struct{}, open func()) {
	r, o := make(chan struct{}), make(chan struct{})
	i.Handle(name, func(*kerneltest.Cell, string) error {
		close(r)
		<-o
		return nil
	})
	return r, func() { close(o) }
}

func TestStopOnError(t *testing.T) {
	i := kerneltest.NewInterpreter()
	k := kerneltest.Start(t, i)
	c := k.Client()
	reached, open := gate(i, "gate")
	failing := c.StartExecute("gate\nfail first")
	<-reached
	second := c.StartExecute("print second")
	info := c.Start(kernel.Shell, "kernel_info_request", nil)
	third := c.StartExecute("print third")
	k.Wire().Settle(kernel.Shell)
	open()
	failing.Wait()
	for _, call := range []*kerneltest.Call{second, third} {
		e := call.Wait()
		wantTypes(t, e, "busy idle")
		if r := e.Reply(); r.Text("status") != "error" || r.Text("ename") != "Aborted" || r.Int("execution_count") != 1 {
			t.Errorf("queued cell: %s", r)
		}
	}
	if info.Wait().Reply().Text("status") != "ok" {
		t.Error("other requests in the queue are not answered")
	}
	if e := c.Execute("print later"); e.Stream("stdout") != "later\n" || e.Reply().Int("execution_count") != 2 {
		t.Errorf("a cell sent after the failure: %s", e)
	}
}

// A cell can fail before those sent with it have arrived.
func TestStopOnErrorInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i, c := start(t)
		handleWrite(i)
		failing := c.StartExecute("print shown at once\nfail first")
		synctest.Wait()
		var later []*kerneltest.Call
		for range 3 {
			time.Sleep(19 * time.Millisecond)
			later = append(later, c.StartExecute("print later"))
		}
		failing.Wait()
		for n, call := range later {
			if r := call.Wait().Reply(); r.Text("ename") != "Aborted" {
				t.Errorf("cell %d, sent before the failure was told: %s", n, r)
			}
		}
		if e := c.Execute("print after"); e.Stream("stdout") != "after\n" {
			t.Errorf("cell sent at the moment when the failure was told: %s", e)
		}
	})
}

func TestStopOnErrorDelay(t *testing.T) {
	took := func(t *testing.T, f func(c *kerneltest.Client)) (d time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			i, c := start(t)
			handleWrite(i)
			began := time.Now()
			f(c)
			d = time.Since(began)
		})
		return d
	}
	if d := took(t, func(c *kerneltest.Client) { c.Execute("fail x") }); d > 20*time.Millisecond {
		t.Errorf("a cell that fails at once takes %v", d)
	}
	if d := took(t, func(c *kerneltest.Client) { c.Execute("sleep 30ms\nfail x") }); d > 30*time.Millisecond {
		t.Errorf("a cell that fails after 30 ms takes %v", d)
	}
	if d := took(t, func(c *kerneltest.Client) {
		c.Do(kernel.Shell, "execute_request", kerneltest.Fields{"code": "fail x", "stop_on_error": false})
		c.Execute("print x")
	}); d != 0 {
		t.Errorf("cells that stop nothing take %v", d)
	}
	// Requests without end hold the failure back for 200 ms, not for ever.
	took(t, func(c *kerneltest.Client) {
		failing := c.StartExecute("fail x")
		for range 100 {
			time.Sleep(10 * time.Millisecond)
			c.Start(kernel.Shell, "kernel_info_request", nil)
		}
		told, err := time.Parse(time.RFC3339Nano, failing.Await("error").Header.Date)
		if err != nil {
			t.Fatal(err)
		}
		if d := time.Since(told); d < 700*time.Millisecond {
			t.Errorf("the failure was told %v before the end of a second", d)
		}
	})
}

func TestStopOnErrorFalse(t *testing.T) {
	i, c := start(t)
	reached, open := gate(i, "gate")
	failing := c.Start(kernel.Shell, "execute_request", kerneltest.Fields{"code": "gate\nfail first", "stop_on_error": false})
	<-reached
	second := c.StartExecute("print second")
	open()
	failing.Wait()
	if e := second.Wait(); e.Stream("stdout") != "second\n" {
		t.Errorf("second cell: %s", e)
	}
}

func TestCellContext(t *testing.T) {
	i, c := start(t)
	var ctx context.Context
	i.Handle("context", func(c *kerneltest.Cell, _ string) error { ctx = c.Ctx; return c.Ctx.Err() })
	c.Execute("context")
	if ctx.Err() == nil {
		t.Error("the context of a cell outlives it")
	}
}

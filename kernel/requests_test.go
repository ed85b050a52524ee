package kernel_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

func TestKernelInfo(t *testing.T) {
	_, c := start(t)
	for _, ch := range []kernel.Channel{kernel.Shell, kernel.Control} {
		r := c.Do(ch, "kernel_info_request", nil).Reply()
		language, _ := r.Content["language_info"].(map[string]any)
		if r.Channel != ch || r.Text("protocol_version") != "5.5" || r.Text("implementation") != "kerneltest" || r.Text("banner") != "commands for tests" ||
			language["name"] != "commands" || language["mimetype"] != "text/x-commands" || language["file_extension"] != ".txt" {
			t.Errorf("on %s: %s", ch, r)
		}
		if links, _ := r.Content["help_links"].([]any); len(links) != 1 {
			t.Errorf("help_links: %v", links)
		}
		if features := fmt.Sprint(r.Content["supported_features"]); features != "[kernel subshells]" {
			t.Errorf("promises %s", features)
		}
	}
}

func TestConnect(t *testing.T) {
	_, c := start(t)
	r := c.Do(kernel.Shell, "connect_request", nil).Reply()
	for n, ch := range []kernel.Channel{kernel.Shell, kernel.Control, kernel.Stdin, kernel.IOPub, kernel.Heartbeat} {
		if got := r.Int(ch.String() + "_port"); got != n+1 {
			t.Errorf("%s_port is %d, want %d", ch, got, n+1)
		}
	}
}

func TestUsage(t *testing.T) {
	_, c := start(t)
	for range 2 {
		r := c.Do(kernel.Control, "usage_request", nil).Reply()
		if r.Int("pid") != os.Getpid() || r.Int("cpu_count") < 1 || r.Int("kernel_memory") < 1<<20 {
			t.Errorf("%s", r)
		}
		if runtime.GOOS != "linux" {
			continue
		}
		memory, _ := r.Content["host_virtual_memory"].(map[string]any)
		total, _ := memory["total"].(float64)
		available, _ := memory["available"].(float64)
		if total < 1<<20 || available <= 0 || available > total {
			t.Errorf("memory of the host: %v", memory)
		}
		for _, rate := range []string{"kernel_cpu", "host_cpu_percent"} {
			if f, ok := r.Content[rate].(float64); !ok || f < 0 {
				t.Errorf("%s is %v", rate, r.Content[rate])
			}
		}
	}
}

func TestComplete(t *testing.T) {
	i, c := start(t)
	i.Handle("äöü", func(*kerneltest.Cell, string) error { return nil })
	tests := []struct {
		name    string
		content kerneltest.Fields
		matches string
		start   int
		end     int
	}{
		{"in the middle", kerneltest.Fields{"code": "dis x", "cursor_pos": 3}, "[display]", 0, 3},
		{"behind other letters", kerneltest.Fields{"code": "😀é dis", "cursor_pos": 6}, "[display]", 3, 6},
		{"other letters", kerneltest.Fields{"code": "x äöx", "cursor_pos": 4}, "[äöü]", 2, 4},
		{"no cursor", kerneltest.Fields{"code": "print pan"}, "[panic]", 6, 9},
		{"cursor behind the end", kerneltest.Fields{"code": "é pan", "cursor_pos": 1000}, "[panic]", 2, 5},
		{"cursor before the start", kerneltest.Fields{"code": "block", "cursor_pos": -5}, "", 0, 0},
		{"no match", kerneltest.Fields{"code": "zzz", "cursor_pos": 3}, "[]", 0, 3},
		{"nothing", kerneltest.Fields{"code": "", "cursor_pos": 0}, "", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := c.Do(kernel.Shell, "complete_request", tt.content).Reply()
			if got := fmt.Sprint(r.Content["matches"]); tt.matches != "" && got != tt.matches {
				t.Errorf("matches %s, want %s", got, tt.matches)
			}
			if s, e := r.Int("cursor_start"), r.Int("cursor_end"); s != tt.start || e != tt.end {
				t.Errorf("cursor from %d to %d, want %d to %d", s, e, tt.start, tt.end)
			}
			metadata, _ := r.Content["metadata"].(map[string]any)
			details, ok := metadata["_jupyter_types_experimental"].([]any)
			matches, _ := r.Content["matches"].([]any)
			if !ok || len(details) != len(matches) {
				t.Fatalf("%d details for %d matches", len(details), len(matches))
			}
			for n, d := range details {
				d := d.(map[string]any)
				if d["text"] != matches[n] || d["type"] != "keyword" || d["start"] != float64(tt.start) || d["end"] != float64(tt.end) || d["signature"] != matches[n].(string)+" ARG" {
					t.Errorf("detail %v of match %v", d, matches[n])
				}
			}
		})
	}
}

// oddities answers with what no interpreter should.
type oddities struct {
	*kerneltest.Interpreter
	completion kernel.Completion
	bundle     display.Bundle
	panics     bool
}

func (o *oddities) Complete(string, int) kernel.Completion {
	if o.panics {
		panic("odd")
	}
	return o.completion
}

func (o *oddities) Inspect(string, int, int) (display.Bundle, bool) {
	if o.panics {
		panic("odd")
	}
	return o.bundle, true
}

func (o *oddities) IsComplete(string) (kernel.Completeness, string) { panic("odd") }
func (o *oddities) Interrupt(bool)                                  { panic("odd") }
func (o *oddities) Close() error                                    { panic("odd") }

func TestOddInterpreter(t *testing.T) {
	o := &oddities{Interpreter: kerneltest.NewInterpreter()}
	c := kerneltest.Start(t, o).Client()
	for _, tt := range []struct{ start, end, wantStart, wantEnd int }{
		{-3, 100, 0, 2}, {2, 1, 1, 1}, {1, 2, 1, 1}, // é has two bytes; 1 is within it
	} {
		o.completion = kernel.Completion{Start: tt.start, End: tt.end}
		r := c.Do(kernel.Shell, "complete_request", kerneltest.Fields{"code": "éa", "cursor_pos": 1}).Reply()
		if s, e := r.Int("cursor_start"), r.Int("cursor_end"); s != tt.wantStart || e != tt.wantEnd {
			t.Errorf("%+v: cursor from %d to %d", tt, s, e)
		}
	}
	o.bundle = display.Bundle{Data: map[string]any{"bad": 1}}
	if r := c.Do(kernel.Shell, "inspect_request", kerneltest.Fields{"code": "x"}).Reply(); r.Text("status") != "error" {
		t.Errorf("bad bundle: %s", r)
	}
	o.panics = true
	for _, request := range []string{"complete_request", "inspect_request", "is_complete_request"} {
		for _, ch := range []kernel.Channel{kernel.Shell, kernel.Control} {
			if r := c.Do(ch, request, kerneltest.Fields{"code": "x"}).Reply(); r.Text("ename") != "panic" || r.Text("evalue") != "odd" {
				t.Errorf("%s: %s", request, r)
			}
		}
	}
	cell := c.StartExecute("print a\nblock")
	cell.Await("execute_input")
	if r := c.Do(kernel.Control, "interrupt_request", nil).Reply(); r.Text("status") != "ok" {
		t.Errorf("interrupt: %s", r)
	}
}

// slow thinks for a long time about every question.
type slow struct {
	*kerneltest.Interpreter
	pause time.Duration
}

func (s slow) Complete(code string, cursor int) kernel.Completion {
	time.Sleep(s.pause)
	return s.Interpreter.Complete(code, cursor)
}

func (s slow) Inspect(code string, cursor, detail int) (display.Bundle, bool) {
	time.Sleep(s.pause)
	return s.Interpreter.Inspect(code, cursor, detail)
}

func (s slow) IsComplete(code string) (kernel.Completeness, string) {
	time.Sleep(s.pause)
	return s.Interpreter.IsComplete(code)
}

// A question that takes for ever does not keep cells from running.
func TestSlowInterpreter(t *testing.T) {
	for _, request := range []string{"complete_request", "inspect_request", "is_complete_request"} {
		for pause, want := range map[time.Duration]string{9 * time.Second: "", time.Hour: "Timeout"} {
			synctest.Test(t, func(t *testing.T) {
				c := kerneltest.Start(t, slow{kerneltest.NewInterpreter(), pause}).Client()
				began := time.Now()
				question := c.Start(kernel.Shell, request, kerneltest.Fields{"code": "print"})
				cell := c.StartExecute("print x")
				if r := question.Wait().Reply(); r.Text("ename") != want {
					t.Errorf("%s: %s", request, r)
				}
				if e := cell.Wait(); e.Stream("stdout") != "x\n" || time.Since(began) > 11*time.Second {
					t.Errorf("after %v: %s", time.Since(began), e)
				}
				time.Sleep(pause) // the question that was given up ends with the test
			})
		}
	}
}

func TestInspect(t *testing.T) {
	_, c := start(t)
	tests := []struct {
		content kerneltest.Fields
		want    any // text/plain, nil if nothing is found
	}{
		{kerneltest.Fields{"code": "print x", "cursor_pos": 0, "detail_level": 0}, "print is a command (detail 0)"},
		{kerneltest.Fields{"code": "é print", "cursor_pos": 2, "detail_level": 1}, "print is a command (detail 1)"},
		{kerneltest.Fields{"code": "print x", "cursor_pos": 7}, nil},
		{kerneltest.Fields{"code": "", "cursor_pos": 3}, nil},
	}
	for _, tt := range tests {
		r := c.Do(kernel.Shell, "inspect_request", tt.content).Reply()
		if r.Content["found"] != (tt.want != nil) || r.Data(display.MIMEText) != tt.want {
			t.Errorf("%v: %s", tt.content, r)
		}
	}
}

func TestIsComplete(t *testing.T) {
	_, c := start(t)
	tests := []struct {
		code, status string
		indent       any
	}{
		{"print x", "complete", nil}, {`print \`, "incomplete", "  "}, {"nonsense", "invalid", nil},
	}
	for _, tt := range tests {
		r := c.Do(kernel.Shell, "is_complete_request", kerneltest.Fields{"code": tt.code}).Reply()
		if r.Text("status") != tt.status || r.Content["indent"] != tt.indent {
			t.Errorf("%q: %s", tt.code, r)
		}
	}
}

// Whatever comes is answered, or at least gives busy and idle.
func TestUnknownMessages(t *testing.T) {
	_, c := start(t)
	for _, ch := range []kernel.Channel{kernel.Shell, kernel.Control} {
		for _, kind := range []string{"debug_request", "nonsense_request", "_request"} {
			r := c.Do(ch, kind, kerneltest.Fields{}).Reply()
			if r.Channel != ch || r.Text("status") != "error" || r.Text("ename") != "UnknownRequest" {
				t.Errorf("%s on %s: %s", kind, ch, r)
			}
		}
		for _, kind := range []string{"nonsense", "status", "execute_reply", "\x00"} {
			wantTypes(t, c.Do(ch, kind, nil), "busy idle")
		}
	}
}

// A request whose content does not fit is answered with an error.
func TestContentMakesNoSense(t *testing.T) {
	_, c := start(t)
	for request, content := range map[string]kerneltest.Fields{
		"complete_request":    {"code": 1},
		"inspect_request":     {"cursor_pos": "a"},
		"is_complete_request": {"code": []int{}},
		"history_request":     {"n": "many"},
	} {
		if r := c.Do(kernel.Shell, request, content).Reply(); r.Text("status") != "error" || r.Text("ename") != "BadRequest" {
			t.Errorf("%s %v: %s", request, content, r)
		}
	}
}

func TestTwoClients(t *testing.T) {
	k := kerneltest.Start(t, kerneltest.NewInterpreter())
	a, b := k.Client(), k.Client()
	call := a.StartExecute("print for all")
	call.Wait()
	b.Await("idle at the other client", func(m kerneltest.Message) bool {
		return m.Parent.ID == call.ID() && m.Text("execution_state") == "idle"
	})
	for _, m := range b.Heard() {
		if m.Channel != kernel.IOPub {
			t.Errorf("the other client got the reply: %s", m)
		}
	}
}

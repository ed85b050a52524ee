package kerneltest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nskernel/nskernel/kernel"
)

// exchange builds the exchange of a cell that prints and has a value.
func exchange() Exchange {
	request := Message{Channel: kernel.Shell, Header: Header{ID: "r", Type: "execute_request"}, Content: Fields{"code": "x"}}
	e := Exchange{Request: request, Ordered: true}
	add := func(ch kernel.Channel, msgType string, content map[string]any) {
		id := fmt.Sprint("m", len(e.Messages))
		e.Messages = append(e.Messages, Message{Channel: ch, Header: Header{ID: id, Type: msgType}, Parent: request.Header, Content: content})
	}
	add(kernel.IOPub, "status", map[string]any{"execution_state": "busy"})
	add(kernel.IOPub, "execute_input", map[string]any{"code": "x", "execution_count": 1.0})
	add(kernel.IOPub, "stream", map[string]any{"name": "stdout", "text": "a"})
	add(kernel.IOPub, "execute_result", map[string]any{"data": map[string]any{}, "metadata": map[string]any{}, "execution_count": 1.0})
	add(kernel.Shell, "execute_reply", map[string]any{"status": "ok", "execution_count": 1.0, "payload": []any{}, "user_expressions": map[string]any{}})
	add(kernel.IOPub, "status", map[string]any{"execution_state": "idle"})
	return e
}

// failed turns the exchange into that of a cell that failed.
func failed(e *Exchange) {
	e.Messages[3].Header.Type = "error"
	e.Messages[3].Content = map[string]any{"ename": "N", "evalue": "v", "traceback": []any{}}
	e.Messages[4].Content = map[string]any{"status": "error", "ename": "N", "evalue": "v", "traceback": []any{}, "execution_count": 1.0}
}

func swap(i, j int) func(*Exchange) {
	return func(e *Exchange) { e.Messages[i], e.Messages[j] = e.Messages[j], e.Messages[i] }
}

func drop(i int) func(*Exchange) {
	return func(e *Exchange) { e.Messages = append(e.Messages[:i:i], e.Messages[i+1:]...) }
}

func repeat(i int) func(*Exchange) {
	return func(e *Exchange) {
		m := e.Messages[i]
		m.Header.ID += "again"
		e.Messages = append(e.Messages[:i:i], append([]Message{m}, e.Messages[i:]...)...)
	}
}

func TestExchangeCheckAccepts(t *testing.T) {
	for name, change := range map[string]func(*Exchange){
		"success":   func(*Exchange) {},
		"failure":   failed,
		"no result": drop(3),
		"no output": func(e *Exchange) { drop(3)(e); drop(2)(e) },
		"unordered": func(e *Exchange) { e.Ordered = false; swap(4, 5)(e) },
		"aborted": func(e *Exchange) {
			failed(e)
			e.Messages[4].Content["ename"] = "Aborted"
			drop(3)(e)
			drop(2)(e)
			drop(1)(e)
		},
	} {
		e := exchange()
		change(&e)
		if err := e.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Each rule must be able to fail.
func TestExchangeCheckRejects(t *testing.T) {
	set := func(i int, key string, v any) func(*Exchange) {
		return func(e *Exchange) { e.Messages[i].Content[key] = v }
	}
	both := func(f, g func(*Exchange)) func(*Exchange) { return func(e *Exchange) { f(e); g(e) } }
	tests := []struct {
		name   string
		change func(*Exchange)
		want   string
	}{
		{"no busy", drop(0), "busy comes first"},
		{"no idle", drop(5), "idle comes last"},
		{"busy twice", repeat(0), "busy comes first"},
		{"idle twice", repeat(5), "idle comes last"},
		{"output after idle", swap(2, 5), "idle comes last"},
		{"nothing at all", func(e *Exchange) { e.Messages = nil }, "busy and idle"},
		{"no reply", drop(4), "0 replies"},
		{"two replies", repeat(4), "but before 2 messages"},
		{"reply before output", swap(3, 4), "the reply comes not between"},
		{"reply after idle", swap(4, 5), "the reply comes not between"},
		{"reply on another channel", func(e *Exchange) { e.Messages[4].Channel = kernel.Control }, "no reply to the request"},
		{"reply of another type", func(e *Exchange) {
			e.Messages[4].Header.Type, e.Messages[4].Content = "interrupt_reply", map[string]any{"status": "ok"}
		}, "no reply to the request"},
		{"other parent", func(e *Exchange) { e.Messages[2].Parent.ID = "other" }, "parent"},
		{"altered parent", func(e *Exchange) { e.Messages[2].Parent.Date = "now" }, "parent"},
		{"msg_id twice", func(e *Exchange) { e.Messages[2].Header.ID = e.Messages[1].Header.ID }, "used twice"},
		{"unknown type", func(e *Exchange) { e.Messages[2].Header.Type = "pyout" }, "sends no pyout"},
		{"field missing", func(e *Exchange) { delete(e.Messages[2].Content, "text") }, "field text"},
		{"field of other type", set(2, "text", 5.0), "field text"},
		{"unknown state", set(5, "execution_state", "finished"), "unknown state"},
		{"deprecated status", set(4, "status", 1.0), "field status"},
		{"no execute_input", drop(1), "not execute_input"},
		{"execute_input late", swap(1, 2), "not execute_input"},
		{"execute_input twice", repeat(1), "comes twice"},
		{"execute_input with other code", set(1, "code", "y"), "not execute_input with the code"},
		{"result before output", swap(2, 3), "not the last output"},
		{"result twice", repeat(3), "not the last output"},
		{"counts differ in result", set(3, "execution_count", 2.0), "counts differ"},
		{"counts differ in input", set(1, "execution_count", 2.0), "execute_input counts 2"},
		{"error but status ok", both(failed, func(e *Exchange) { e.Messages[4].Content = exchange().Messages[4].Content }), "not the last output of a cell that failed"},
		{"status error without error", both(failed, drop(3)), "status is error, but"},
		{"error differs", both(failed, set(3, "evalue", "w")), "failed so"},
		{"output after error", both(failed, swap(2, 3)), "failed so"},
		{"error without traceback", both(failed, func(e *Exchange) { delete(e.Messages[3].Content, "traceback") }), "field traceback"},
		{"silent with output", func(e *Exchange) { e.Request.Content["silent"] = true }, "silent"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := exchange()
			tt.change(&e)
			if err := e.Check(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestDecodeRejects(t *testing.T) {
	m := Message{Header: Header{ID: "1", Session: "s", Username: "u", Date: "2026-01-02T03:04:05.000006Z", Type: "status", Version: "5.5"}}
	build := func(change func(*Message)) [][]byte {
		m := m
		change(&m)
		frames, err := m.encode("key")
		if err != nil {
			t.Fatal(err)
		}
		return append([][]byte{[]byte("topic.status")}, frames...)
	}
	if _, err := decode(kernel.IOPub, build(func(*Message) {}), "key"); err != nil {
		t.Errorf("good message: %v", err)
	}
	for name, frames := range map[string][][]byte{
		"nine digits":  build(func(m *Message) { m.Header.Date = "2026-01-02T03:04:05.000006789Z" }),
		"no zone":      build(func(m *Message) { m.Header.Date = "2026-01-02T03:04:05.000006" }),
		"old version":  build(func(m *Message) { m.Header.Version = "5.3" }),
		"no id":        build(func(m *Message) { m.Header.ID = "" }),
		"no user":      build(func(m *Message) { m.Header.Username = "" }),
		"other topic":  build(func(m *Message) { m.Header.Type = "stream" }),
		"no topic":     build(func(*Message) {})[1:],
		"cut":          build(func(*Message) {})[:6],
		"no delimiter": append([][]byte{[]byte("topic.status"), []byte("x")}, build(func(*Message) {})[2:]...),
	} {
		if _, err := decode(kernel.IOPub, frames, "key"); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := decode(kernel.IOPub, build(func(*Message) {}), "other key"); err == nil || !strings.Contains(err.Error(), "signed wrongly") {
		t.Errorf("other key: %v", err)
	}
}

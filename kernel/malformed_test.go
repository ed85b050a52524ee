package kernel_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

// logged is a slog.Handler that keeps the records as text.
type logged struct {
	mu    sync.Mutex
	lines []string
}

func (l *logged) Enabled(context.Context, slog.Level) bool { return true }
func (l *logged) WithAttrs([]slog.Attr) slog.Handler       { return l }
func (l *logged) WithGroup(string) slog.Handler            { return l }
func (l *logged) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(r.Message)
	r.Attrs(func(a slog.Attr) bool { fmt.Fprintf(&b, " %s=%v", a.Key, a.Value); return true })
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, b.String())
	return nil
}

func (l *logged) count(part string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(l.lines), func(s string) bool { return !strings.Contains(s, part) }))
}

// Messages that cannot be trusted or read change nothing on any channel, and
// the kernel says in its log why it dropped them.
func TestMalformedMessages(t *testing.T) {
	log := &logged{}
	i := kerneltest.NewInterpreter()
	k := kerneltest.Start(t, i, func(cfg *kernel.Config) { cfg.Logger = slog.New(log) })
	c := k.Client()
	good := func(ch kernel.Channel) [][]byte {
		return c.Frames(kerneltest.Message{Channel: ch, Header: c.NewHeader("execute_request"), Content: kerneltest.Fields{"code": "print bad"}})
	}
	bad := map[string]func([][]byte) [][]byte{
		"no delimiter": func(f [][]byte) [][]byte { return f[1:] },
		"cut":          func(f [][]byte) [][]byte { return f[:4] },
		"empty frame":  func([][]byte) [][]byte { return [][]byte{{}} },
		"no signature": func(f [][]byte) [][]byte { f[1] = nil; return f },
		"altered code": func(f [][]byte) [][]byte {
			f[5] = bytes.Replace(f[5], []byte("print"), []byte("panic"), 1)
			return f
		},
		"altered header":   func(f [][]byte) [][]byte { f[2] = append(f[2], ' '); return f },
		"signature of all": func(f [][]byte) [][]byte { f[1] = bytes.Repeat([]byte("0"), 64); return f },
		"binary": func([][]byte) [][]byte {
			return [][]byte{{0, 0xff}, []byte("<IDS|MSG>"), {0xff}, {0xff}, {0xff}, {0xff}, {0xff}}
		},
		"truncated": func(f [][]byte) [][]byte { f[1] = f[1][:10]; return f },
	}
	c.Execute("print first") // from here on the kernel speaks only when spoken to
	before := len(c.Heard())
	sent := 0
	for name, change := range bad {
		for _, ch := range []kernel.Channel{kernel.Shell, kernel.Control, kernel.Stdin} {
			c.SendFrames(ch, change(good(ch)))
			sent++
			k.Wire().Settle(ch)
			if got := log.count("message dropped channel=" + ch.String()); got == 0 {
				t.Errorf("%s on %s is not in the log", name, ch)
			}
		}
	}
	if got := log.count("message dropped"); got != sent {
		t.Errorf("%d messages are logged as dropped, %d were sent", got, sent)
	}
	if heard := c.Heard()[before:]; len(heard) != 0 || len(i.Requests()) != 1 {
		t.Errorf("the kernel answered %v, the interpreter got %v", heard, i.Requests())
	}
	if e := c.Execute("print fine"); e.Stream("stdout") != "fine\n" {
		t.Errorf("afterwards: %s", e)
	}
}

func TestReplay(t *testing.T) {
	i := kerneltest.NewInterpreter()
	k := kerneltest.Start(t, i)
	c := k.Client()
	message := kerneltest.Message{Header: c.NewHeader("execute_request"), Content: kerneltest.Fields{"code": "print once"}}
	frames := c.Frames(message)
	for _, ch := range []kernel.Channel{kernel.Shell, kernel.Shell, kernel.Control} {
		c.SendFrames(ch, frames)
		k.Wire().Settle(ch)
	}
	c.Execute("print next")
	if n := len(i.Requests()); n != 2 {
		t.Errorf("%d cells ran, want the first and the next", n)
	}
}

func TestUnsignedConnection(t *testing.T) {
	_, c := start(t, func(cfg *kernel.Config) { cfg.Connection.Key = "" })
	if e := c.Execute("print x"); e.Stream("stdout") != "x\n" {
		t.Errorf("%s", e)
	}
}

// Routing frames of proxies come back in front of the reply.
func TestRoutedRequest(t *testing.T) {
	i := kerneltest.NewInterpreter()
	k := kerneltest.Start(t, i)
	k.Client()
	link := k.Wire().Dial("proxy")
	c := kerneltest.NewClient(t, k.Wire().Dial("signer only"), kerneltest.Connection, true)
	frames := c.Frames(kerneltest.Message{Header: c.NewHeader("kernel_info_request")})
	if err := link.Send(kernel.Shell, append([][]byte{[]byte("hop 1"), []byte("hop 2")}, frames...)); err != nil {
		t.Fatal(err)
	}
	ch, reply, err := link.Recv()
	if err != nil || ch != kernel.Shell || len(reply) != 8 || string(reply[0]) != "hop 1" || string(reply[1]) != "hop 2" || string(reply[2]) != "<IDS|MSG>" {
		t.Errorf("%s %q, %v", ch, reply, err)
	}
}

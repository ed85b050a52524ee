package kernel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

// asked is a request of a conversation and what must come back.
type asked struct {
	call           *kerneltest.Call
	status, stdout string
	count          int // -1 = none
}

// conversation predicts a kernel that handles the requests on shell in order.
type conversation struct {
	clients []*kerneltest.Client
	count   int
	value   string // of variable v
	asked   []asked
}

func (c *conversation) client(rt *rapid.T) *kerneltest.Client {
	return rapid.SampledFrom(c.clients).Draw(rt, "client")
}

// execute sends a cell made of random commands.
func (c *conversation) execute(rt *rapid.T) {
	silent := rapid.Bool().Draw(rt, "silent")
	store := rapid.Bool().Draw(rt, "store")
	var code []string
	want := asked{status: "ok"}
	for n := range rapid.IntRange(0, 5).Draw(rt, "commands") {
		switch rapid.SampledFrom([]string{"print", "stderr", "display", "set", "get", "result", "clear"}).Draw(rt, "command") {
		case "print":
			text := rapid.StringMatching(`[a-zé€😀]{1,5}`).Draw(rt, "text")
			code = append(code, "print "+text)
			want.stdout += text + "\n"
		case "stderr":
			code = append(code, "stderr x")
		case "display":
			code = append(code, "display x")
		case "set":
			c.value = fmt.Sprint(len(c.asked), n)
			code = append(code, "set v "+c.value)
		case "get":
			code = append(code, "get v")
			want.stdout += c.value + "\n"
		case "result":
			code = append(code, "result x")
		case "clear":
			code = append(code, "clear")
		}
	}
	if end := rapid.SampledFrom([]string{"", "", "fail x", "panic x", "goexit"}).Draw(rt, "end"); end != "" {
		code = append(code, end)
		want.status = "error"
	}
	if store && !silent {
		c.count++
	}
	if silent {
		want.stdout = ""
	}
	want.count = c.count
	want.call = c.client(rt).Start(kernel.Shell, "execute_request", kerneltest.Fields{
		"code": strings.Join(code, "\n"), "silent": silent, "store_history": store, "stop_on_error": false,
	})
	c.asked = append(c.asked, want)
}

// question sends a request that any channel answers at once.
func (c *conversation) question(rt *rapid.T) {
	kind := rapid.SampledFrom([]string{"kernel_info", "complete", "inspect", "is_complete", "history", "comm_info", "connect", "usage", "nonsense"}).Draw(rt, "kind")
	ch := rapid.SampledFrom([]kernel.Channel{kernel.Shell, kernel.Control}).Draw(rt, "channel")
	want := asked{status: "ok", count: -1}
	switch kind {
	case "nonsense":
		want.status = "error"
	case "is_complete":
		want.status = "complete"
	}
	want.call = c.client(rt).Start(ch, kind+"_request", kerneltest.Fields{"code": "print x", "cursor_pos": 3})
	c.asked = append(c.asked, want)
}

// noise sends what must be ignored.
func (c *conversation) noise(rt *rapid.T) {
	client := c.client(rt)
	frames := client.Frames(kerneltest.Message{Header: client.NewHeader("execute_request"), Content: kerneltest.Fields{"code": "set v bad"}})
	cut := rapid.IntRange(0, len(frames)-1).Draw(rt, "cut")
	if rapid.Bool().Draw(rt, "alter") {
		frames[len(frames)-1][rapid.IntRange(0, 5).Draw(rt, "byte")] ^= 1
	} else {
		frames = frames[:cut]
	}
	client.SendFrames(rapid.SampledFrom([]kernel.Channel{kernel.Shell, kernel.Control, kernel.Stdin}).Draw(rt, "channel"), frames)
}

// check waits for all answers. The client checks the rules of the protocol.
func (c *conversation) check(t testing.TB) {
	for n, a := range c.asked {
		e := a.call.Wait()
		r := e.Reply()
		if r.Text("status") != a.status || e.Stream("stdout") != a.stdout || a.count >= 0 && r.Int("execution_count") != a.count {
			t.Errorf("request %d: want status %s, stdout %q, count %d:\n%s", n, a.status, a.stdout, a.count, e)
		}
	}
}

// rapidTB reports the failures of one case to rapid, which makes it smaller.
type rapidTB struct {
	testing.TB
	rt       *rapid.T
	cleanups []func()
}

func (t *rapidTB) Error(args ...any)                 { t.rt.Error(args...) }
func (t *rapidTB) Errorf(format string, args ...any) { t.rt.Errorf(format, args...) }
func (t *rapidTB) Fatalf(format string, args ...any) { t.rt.Fatalf(format, args...) }
func (t *rapidTB) Cleanup(f func())                  { t.cleanups = append(t.cleanups, f) }

func (t *rapidTB) end() {
	for _, f := range slices.Backward(t.cleanups) {
		f()
	}
}

// Whatever several clients send, in whatever order, each request gets its own
// answer, in the right order, on the right channel, and nothing else happens.
func TestConversations(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tb := &rapidTB{TB: t, rt: rt}
		defer tb.end()
		k := kerneltest.Start(tb, kerneltest.NewInterpreter())
		c := &conversation{clients: []*kerneltest.Client{k.Client(), k.Client(), k.Client()}}
		for range rapid.IntRange(1, 40).Draw(rt, "requests") {
			switch rapid.IntRange(0, 9).Draw(rt, "what") {
			case 0:
				c.noise(rt)
			case 1, 2, 3:
				c.question(rt)
			default:
				c.execute(rt)
			}
		}
		c.check(tb)
	})
}

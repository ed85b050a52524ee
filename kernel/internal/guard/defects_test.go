package guard

import (
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// The tests of this file show what zmq4 does without the guard. When one of
// them fails, a newer zmq4 has changed, and part of the guard may go.

// bare returns zmq4's own socket on a TCP port, without a guard.
func bare(t testing.TB, kind Kind) *Socket {
	t.Helper()
	z := newZMQ(kind)
	if err := z.Listen("tcp://127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { z.Close() })
	return &Socket{zmq: z, l: &listener{network: addrOnly{z}}}
}

// addrOnly lets dial find the port of a bare socket.
type addrOnly struct{ zmq4.Socket }

func (addrOnly) Accept() (_ net.Conn, err error) { return nil, context.Canceled }

func TestBareIdleConnectionKeepsOthersOut(t *testing.T) {
	s := bare(t, Router)
	dial(t, s)
	c := dial(t, s)
	c.write(greeting(1))
	c.wantSilence() // not even a greeting
}

func TestBareDeliversPing(t *testing.T) {
	s := bare(t, Router)
	c := connect(t, s, "DEALER", "me")
	c.command("PING", "\x00\x00context")
	m, err := s.zmq.Recv()
	if err != nil || len(m.Frames) != 2 || !strings.Contains(string(m.Frames[1]), "PING") {
		t.Errorf("received %q, %v", m.Frames, err)
	}
	c.wantSilence()
}

func TestBareIgnoresSubscribeCommands(t *testing.T) {
	s := bare(t, Publisher)
	c := subscribe(t, s, "")
	time.Sleep(50 * time.Millisecond)
	s.zmq.SendMulti(zmq4.NewMsgFrom([]byte("t")))
	c.wantSilence()
}

func TestBareAnswersBothPeersOfAnIdentity(t *testing.T) {
	s := bare(t, Router)
	a, b := connect(t, s, "DEALER", "same"), connect(t, s, "DEALER", "same")
	for _, c := range []*client{a, b} {
		c.send("hello")
		if _, err := s.zmq.Recv(); err != nil {
			t.Fatal(err)
		}
	}
	s.zmq.SendMulti(zmq4.NewMsgFrom([]byte("same"), []byte("answer")))
	a.want("answer")
	b.want("answer")
}

// What kills the process is done in a child.
func TestBareDies(t *testing.T) {
	const variable = "GUARD_TEST_DEFECT"
	defects := map[string]struct {
		sent [][]byte
		died string
	}{
		"malformed READY": {[][]byte{greeting(0), encodeCommand("READY", []byte("\x01a"))}, "slice bounds out of range"},
		"giant frame":     {[][]byte{greeting(0), readyCommand("DEALER", ""), rawFrame(flagLong, 0x7f7f7f7f7f7f7f7f, "")}, "makeslice"},
		"empty message":   {nil, "index out of range"},
	}
	if name := os.Getenv(variable); name != "" {
		if d := defects[name]; d.sent != nil {
			s := bare(t, Router)
			dial(t, s).write(d.sent...)
		} else {
			s := bare(t, Publisher)
			s.zmq.SendMulti(zmq4.NewMsgFrom())
		}
		time.Sleep(patience) // does not come to its end
		return
	}
	for name, d := range defects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run=^TestBareDies$")
			cmd.Env = append(os.Environ(), variable+"="+name)
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(out), d.died) {
				t.Errorf("process ended with %v and without %q:\n%s", err, d.died, out)
			}
		})
	}
}

package kernel_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

// zmqLink is a client's end over real sockets of another implementation than
// the kernel's side of the wire, which ends ZMTP itself.
type zmqLink struct {
	cancel  context.CancelFunc
	ctx     context.Context
	sockets map[kernel.Channel]zmq4.Socket
	inbox   chan arrival
}

type arrival struct {
	ch     kernel.Channel
	frames [][]byte
}

// dialZMQ connects to a kernel as front ends do: one identity on all sockets.
func dialZMQ(t testing.TB, c kernel.ConnectionFile, identity string) kerneltest.Link {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l := &zmqLink{cancel: cancel, ctx: ctx, sockets: map[kernel.Channel]zmq4.Socket{}, inbox: make(chan arrival)}
	quiet := zmq4.WithLogger(log.New(io.Discard, "", 0))
	for _, ch := range []kernel.Channel{kernel.Shell, kernel.Control, kernel.Stdin, kernel.IOPub} {
		s := zmq4.NewSub(ctx, quiet)
		if ch != kernel.IOPub {
			s = zmq4.NewDealer(ctx, quiet, zmq4.WithID(zmq4.SocketIdentity(identity)))
		}
		network, address := c.Endpoint(ch)
		if err := s.Dial(strings.Replace(network, "unix", "ipc", 1) + "://" + address); err != nil {
			t.Fatalf("%s: %v", ch, err)
		}
		l.sockets[ch] = s
		go l.receive(ch, s)
	}
	return l
}

func (l *zmqLink) receive(ch kernel.Channel, s zmq4.Socket) {
	for {
		m, err := s.Recv()
		if err != nil {
			return
		}
		select {
		case l.inbox <- arrival{ch, m.Frames}:
		case <-l.ctx.Done():
			return
		}
	}
}

func (l *zmqLink) Send(ch kernel.Channel, frames [][]byte) error {
	return l.sockets[ch].SendMulti(zmq4.NewMsgFrom(frames...))
}

func (l *zmqLink) Recv() (kernel.Channel, [][]byte, error) {
	select {
	case a := <-l.inbox:
		return a.ch, a.frames, nil
	case <-l.ctx.Done():
		return 0, nil, kernel.ErrClosed
	}
}

func (l *zmqLink) Subscribe(topic string) error {
	return l.sockets[kernel.IOPub].SetOption(zmq4.OptionSubscribe, topic)
}

func (l *zmqLink) Close() error {
	l.cancel()
	for _, s := range l.sockets {
		s.Close() // a reset connection is no fault here
	}
	return nil
}

// connection returns a connection that nobody else uses.
func connection(t testing.TB, transport string) kernel.ConnectionFile {
	t.Helper()
	c := kerneltest.Connection
	c.Transport = transport
	if transport == "ipc" {
		dir, err := os.MkdirTemp("", "ns") // t.TempDir is too long for a socket's name
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		c.IP = filepath.Join(dir, "k")
		return c
	}
	for _, port := range []*int{&c.ShellPort, &c.ControlPort, &c.StdinPort, &c.IOPubPort, &c.HeartbeatPort} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		*port = l.Addr().(*net.TCPAddr).Port
		defer l.Close()
	}
	return c
}

// overZMQ runs a kernel on real sockets, with a connection file as it is in use.
func overZMQ(t *testing.T, transport string) (*kerneltest.Interpreter, *kerneltest.Kernel, func() *kerneltest.Client) {
	t.Helper()
	data, err := json.Marshal(connection(t, transport))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "kernel.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := kernel.ReadConnectionFile(path)
	if err != nil {
		t.Fatal(err)
	}
	i := kerneltest.NewInterpreter()
	k := kerneltest.Start(t, i, func(cfg *kernel.Config) { cfg.Connection, cfg.Listen = file, kernel.ListenZMQ })
	clients := 0
	return i, k, func() *kerneltest.Client {
		clients++
		c := kerneltest.NewClient(t, dialZMQ(t, file, fmt.Sprint("client ", clients)), file, false)
		c.Subscribe()
		return c
	}
}

func TestServeZMQ(t *testing.T) {
	for _, transport := range []string{"tcp", "ipc"} {
		t.Run(transport, func(t *testing.T) {
			i, k, dial := overZMQ(t, transport)
			c := dial()
			if m := c.Heard()[0]; m.Type() != "iopub_welcome" {
				t.Errorf("the first message is %s", m)
			}
			c.Do(kernel.Shell, "kernel_info_request", nil)
			c.Do(kernel.Control, "kernel_info_request", nil)
			e := c.Execute("print a\nstderr b\ndisplay c\nresult d")
			wantTypes(t, e, "busy execute_input stream stream display_data execute_result idle")
			wantTypes(t, c.Execute("fail x"), "busy execute_input error idle")

			if got := c.Execute("lines 100000").Stream("stdout"); strings.Count(got, "\n") != 100000 || !strings.HasSuffix(got, "line 99999\n") {
				t.Errorf("%d lines arrived", strings.Count(got, "\n"))
			}

			question := c.StartExecute("input Name?")
			c.Answer(question.Await("input_request"), "Ada")
			if e := question.Wait(); e.Stream("stdout") != "Ada\n" {
				t.Errorf("input: %s", e)
			}

			reached := make(chan struct{})
			i.Handle("reached", func(*kerneltest.Cell, string) error { close(reached); return nil })
			cell := c.StartExecute("reached\nblock")
			<-reached
			c.Do(kernel.Control, "interrupt_request", nil)
			if r := cell.Wait().Reply(); r.Text("ename") != "interrupted" {
				t.Errorf("interrupt: %s", r)
			}

			e = c.Do(kernel.Control, "shutdown_request", kerneltest.Fields{"restart": false})
			wantTypes(t, e, "busy shutdown_reply idle")
			if err := k.Wait(); err != nil || !i.Closed() {
				t.Errorf("Serve returned %v, interpreter closed: %v", err, i.Closed())
			}
		})
	}
}

// Each client gets its own replies and questions, and everybody's output.
func TestServeZMQClients(t *testing.T) {
	_, _, dial := overZMQ(t, "tcp")
	a, b := dial(), dial()
	cell := a.StartExecute("input a?")
	q := cell.Await("input_request")
	for _, m := range b.Heard() {
		if m.Channel == kernel.Stdin {
			t.Errorf("the other client was asked: %s", m)
		}
	}
	a.Answer(q, "yes")
	cell.Wait()
	var calls []*kerneltest.Call
	for n := range 20 {
		calls = append(calls, []*kerneltest.Client{a, b}[n%2].StartExecute(fmt.Sprint("print ", n)))
	}
	for n, call := range calls {
		if got := call.Wait().Stream("stdout"); got != fmt.Sprintln(n) {
			t.Errorf("cell %d printed %q", n, got)
		}
	}
	b.Await("output of a", func(m kerneltest.Message) bool { return m.Parent.ID == calls[18].ID() && m.Type() == "stream" })
}

func TestServeZMQPortTaken(t *testing.T) {
	c := connection(t, "tcp")
	l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", c.StdinPort))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	i := kerneltest.NewInterpreter()
	err = kernel.Serve(t.Context(), kernel.Config{Connection: c, Interpreter: i})
	if err == nil || !strings.Contains(err.Error(), "stdin") || !i.Closed() {
		t.Errorf("Serve returned %v, interpreter closed: %v", err, i.Closed())
	}
}

// A front end that reads nothing costs the others nothing: 24 MB are more than
// may wait for it before the cell is slowed down.
func TestServeZMQStalledFrontEnd(t *testing.T) {
	file := connection(t, "tcp")
	kerneltest.Start(t, kerneltest.NewInterpreter(), func(cfg *kernel.Config) { cfg.Connection, cfg.Listen = file, kernel.ListenZMQ })
	stalled := zmq4.NewSub(t.Context(), zmq4.WithLogger(log.New(io.Discard, "", 0)))
	defer stalled.Close()
	_, address := file.Endpoint(kernel.IOPub)
	if err := stalled.Dial("tcp://" + address); err != nil {
		t.Fatal(err)
	}
	if err := stalled.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		t.Fatal(err)
	}
	c := kerneltest.NewClient(t, dialZMQ(t, file, "reader"), file, false)
	c.Subscribe()
	const lines = 2000000
	if got := strings.Count(c.Execute(fmt.Sprint("lines ", lines)).Stream("stdout"), "\n"); got != lines {
		t.Errorf("%d lines arrived, want %d", got, lines)
	}
}

// Late subscribers miss nothing after their welcome: every status that follows
// is complete, in order.
func TestServeZMQLateSubscriber(t *testing.T) {
	_, _, dial := overZMQ(t, "tcp")
	a := dial()
	var calls []*kerneltest.Call
	for range 50 {
		calls = append(calls, a.StartExecute("print x"))
	}
	b := dial()
	call := a.StartExecute("print last")
	for _, c := range calls {
		c.Wait()
	}
	call.Wait()
	b.Await("idle of the last cell", func(m kerneltest.Message) bool {
		return m.Parent.ID == call.ID() && m.Text("execution_state") == "idle"
	})
	var all, seen []string
	for _, m := range a.Heard() {
		if m.Channel == kernel.IOPub && m.Type() != "iopub_welcome" {
			all = append(all, m.Header.ID)
		}
	}
	for _, m := range b.Heard()[1:] {
		seen = append(seen, m.Header.ID)
	}
	if len(seen) == 0 || !slices.Equal(seen, all[len(all)-len(seen):]) {
		t.Errorf("the late subscriber saw %d messages that are not the last of %d", len(seen), len(all))
	}
}

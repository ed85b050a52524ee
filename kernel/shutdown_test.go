package kernel_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

func TestStarting(t *testing.T) {
	w := kerneltest.NewWire()
	var c *kerneltest.Client
	// The subscriber is there before the kernel says its first word.
	kerneltest.Start(t, kerneltest.NewInterpreter(), func(cfg *kernel.Config) {
		cfg.Listen = func(f kernel.ConnectionFile, on kernel.SubscribeFunc) (kernel.Transport, error) {
			transport, err := w.Listen(f, on)
			c = kerneltest.NewClient(t, w.Dial("early"), f, true)
			c.Subscribe()
			return transport, err
		}
	})
	c.Await("starting", func(m kerneltest.Message) bool { return m.Text("execution_state") == "starting" })
	c.Execute("print x")
	var states []string
	for _, m := range c.Heard() {
		if s := m.Text("execution_state"); s != "" {
			states = append(states, s)
		}
	}
	if want := []string{"starting", "busy", "idle"}; !slices.Equal(states, want) {
		t.Errorf("states %v, want %v", states, want)
	}
	if m := c.Heard()[1]; m.Parent != (kerneltest.Header{}) {
		t.Errorf("starting has a parent: %+v", m.Parent)
	}
}

// Each subscription is welcomed, by a message to this subscriber only, and
// before anything else.
func TestWelcome(t *testing.T) {
	k := kerneltest.Start(t, kerneltest.NewInterpreter())
	a := k.Client()
	a.Execute("print x")
	b := k.Client()
	for _, c := range []*kerneltest.Client{a, b} {
		m := c.Heard()[0]
		if m.Type() != "iopub_welcome" || m.Topic != "" || m.Content["subscription"] != "" || m.Parent != (kerneltest.Header{}) {
			t.Errorf("first message: %s", m)
		}
	}
	welcomes := 0
	for _, m := range a.Heard() {
		if m.Type() == "iopub_welcome" {
			welcomes++
		}
	}
	if welcomes != 1 {
		t.Errorf("the first client was welcomed %d times", welcomes)
	}
}

func TestShutdown(t *testing.T) {
	for _, ch := range []kernel.Channel{kernel.Control, kernel.Shell} {
		for _, restart := range []bool{false, true} {
			i := kerneltest.NewInterpreter()
			k := kerneltest.Start(t, i)
			c, other := k.Client(), k.Client()
			call := c.Start(ch, "shutdown_request", kerneltest.Fields{"restart": restart})
			e := call.Wait()
			wantTypes(t, e, "busy shutdown_reply idle")
			if r := e.Reply(); r.Channel != ch || r.Content["restart"] != restart {
				t.Errorf("%s", r)
			}
			// The copy for everybody comes behind the reply.
			if e.Messages[1].Channel != ch || e.Messages[2].Channel != kernel.IOPub {
				t.Errorf("order: %s", e)
			}
			if err := k.Wait(); err != nil || !i.Closed() {
				t.Errorf("Serve returned %v, interpreter closed: %v", err, i.Closed())
			}
			if m := other.Await("shutdown_reply", func(m kerneltest.Message) bool { return m.Type() == "shutdown_reply" }); m.Content["restart"] != restart {
				t.Errorf("other client: %s", m)
			}
		}
	}
}

// A shutdown does not wait for the cell, and the cell still gets its reply.
func TestShutdownWhileBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := kerneltest.NewInterpreter()
		k := kerneltest.Start(t, i)
		c := k.Client()
		cell := c.StartExecute("print x\nblock")
		queued := c.StartExecute("print never")
		synctest.Wait()
		began := time.Now()
		c.Do(kernel.Control, "shutdown_request", kerneltest.Fields{"restart": false})
		if r := cell.Wait().Reply(); r.Text("evalue") != context.Canceled.Error() {
			t.Errorf("cell: %s", r)
		}
		if err := k.Wait(); err != nil || !i.Closed() {
			t.Errorf("Serve returned %v, interpreter closed: %v", err, i.Closed())
		}
		if d := time.Since(began); d > 100*time.Millisecond {
			t.Errorf("shutdown took %v", d)
		}
		for _, m := range c.Heard() {
			if m.Parent.ID == queued.ID() {
				t.Errorf("queued cell was touched: %s", m)
			}
		}
	})
}

// Cells that ignore their context are interrupted, twice, and left behind.
func TestShutdownWhileDeaf(t *testing.T) {
	run := func(t *testing.T, command string, f kerneltest.Command) ([]bool, time.Duration) {
		i := kerneltest.NewInterpreter()
		i.Handle(command, f)
		k := kerneltest.Start(t, i)
		c := k.Client()
		c.StartExecute(command)
		synctest.Wait()
		began := time.Now()
		c.Do(kernel.Control, "shutdown_request", nil)
		if err := k.Wait(); err != nil {
			t.Errorf("Serve: %v", err)
		}
		return i.Interrupts(), time.Since(began)
	}
	t.Run("interruptible", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			told, d := run(t, "stubborn", func(c *kerneltest.Cell, _ string) error { <-c.Interrupted; return nil })
			if !slices.Equal(told, []bool{false}) || d > time.Second {
				t.Errorf("interrupts %v, after %v", told, d)
			}
		})
	})
	t.Run("not at all", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			never := make(chan struct{})
			defer close(never)
			told, d := run(t, "stone", func(c *kerneltest.Cell, _ string) error { <-never; return nil })
			if !slices.Equal(told, []bool{false, true}) || d > 4*time.Second {
				t.Errorf("interrupts %v, after %v; clients kill after 5 s", told, d)
			}
		})
	})
}

func TestShutdownWhileAsking(t *testing.T) {
	i := kerneltest.NewInterpreter()
	k := kerneltest.Start(t, i)
	c := k.Client()
	_, asked := handleAsk(i)
	cell := c.StartExecute("ask")
	cell.Await("input_request")
	c.Do(kernel.Control, "shutdown_request", nil)
	cell.Wait()
	if err := k.Wait(); err != nil || *asked == nil {
		t.Errorf("Serve returned %v, Input %v", err, *asked)
	}
}

func TestServeContext(t *testing.T) {
	i := kerneltest.NewInterpreter()
	k := kerneltest.Start(t, i)
	k.Client().Execute("print x")
	if err := k.Stop(); err != nil || !i.Closed() {
		t.Errorf("Serve returned %v, interpreter closed: %v", err, i.Closed())
	}
}

func TestServeRefuses(t *testing.T) {
	if err := kernel.Serve(t.Context(), kernel.Config{Connection: kerneltest.Connection}); err == nil || !strings.Contains(err.Error(), "Interpreter is nil") {
		t.Errorf("no interpreter: %v", err)
	}
	bad := kerneltest.Connection
	bad.SignatureScheme = "rot13"
	errListen := errors.New("no socket today")
	for want, cfg := range map[string]kernel.Config{
		"rot13":           {Connection: bad},
		"no socket today": {Connection: kerneltest.Connection, Listen: func(kernel.ConnectionFile, kernel.SubscribeFunc) (kernel.Transport, error) { return nil, errListen }},
	} {
		i := kerneltest.NewInterpreter()
		cfg.Interpreter = i
		if err := kernel.Serve(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), want) || !i.Closed() {
			t.Errorf("Serve returned %v, want %q; interpreter closed: %v", err, want, i.Closed())
		}
	}
}

// broken is a transport whose control socket fails.
type broken struct {
	*kerneltest.Wire
	fail chan struct{}
}

func (b broken) Recv(ch kernel.Channel) (kernel.Packet, error) {
	if ch == kernel.Control {
		<-b.fail
		return kernel.Packet{}, errors.New("cable cut")
	}
	return b.Wire.Recv(ch)
}

func TestServeTransportFails(t *testing.T) {
	b := broken{kerneltest.NewWire(), make(chan struct{})}
	i := kerneltest.NewInterpreter()
	done := make(chan error)
	go func() {
		done <- kernel.Serve(t.Context(), kernel.Config{
			Connection: kerneltest.Connection, Interpreter: i,
			Listen: func(f kernel.ConnectionFile, on kernel.SubscribeFunc) (kernel.Transport, error) {
				_, err := b.Wire.Listen(f, on)
				return b, err
			},
		})
	}()
	close(b.fail)
	if err := <-done; err == nil || !strings.Contains(err.Error(), "receive on control: cable cut") || !i.Closed() {
		t.Errorf("Serve returned %v, interpreter closed: %v", err, i.Closed())
	}
}

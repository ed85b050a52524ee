package kernel_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

func TestInterrupt(t *testing.T) {
	i, c := start(t)
	reached := make(chan struct{})
	i.Handle("reached", func(*kerneltest.Cell, string) error { close(reached); return nil })
	cell := c.StartExecute("set a kept\nreached\nblock")
	<-reached
	if r := c.Do(kernel.Control, "interrupt_request", nil).Reply(); r.Text("status") != "ok" {
		t.Errorf("interrupt: %s", r)
	}
	if r := cell.Wait().Reply(); r.Text("ename") != "interrupted" {
		t.Errorf("interrupted cell: %s", r)
	}
	if got := c.Execute("get a").Stream("stdout"); got != "kept\n" {
		t.Errorf("variable is %q", got)
	}
	if got := i.Interrupts(); !slices.Equal(got, []bool{false}) {
		t.Errorf("interrupts %v, want one", got)
	}
}

func TestInterruptEscalates(t *testing.T) {
	i, c := start(t)
	reached := make(chan struct{}, 2)
	i.Handle("reached", func(*kerneltest.Cell, string) error { reached <- struct{}{}; return nil })
	for range 2 {
		cell := c.StartExecute("reached\ndeaf")
		<-reached
		c.Do(kernel.Control, "interrupt_request", nil)
		c.Do(kernel.Control, "interrupt_request", nil)
		cell.Wait()
	}
	if got := i.Interrupts(); !slices.Equal(got, []bool{false, true, false, true}) {
		t.Errorf("interrupts %v, want first and second for each cell", got)
	}
}

// An interrupt that comes when nothing runs must not hit the next cell.
func TestInterruptBetweenCells(t *testing.T) {
	i, c := start(t)
	c.Execute("print a")
	c.Do(kernel.Control, "interrupt_request", nil)
	if got := i.Interrupts(); len(got) != 0 {
		t.Errorf("the interpreter was interrupted: %v", got)
	}
	if e := c.Execute("print b"); e.Stream("stdout") != "b\n" {
		t.Errorf("next cell: %s", e)
	}
}

// pausing is a wire that stops the kernel when it publishes execute_input.
type pausing struct {
	*kerneltest.Wire
	reached, open chan struct{}
}

func (p pausing) Listen(f kernel.ConnectionFile, on kernel.SubscribeFunc) (kernel.Transport, error) {
	_, err := p.Wire.Listen(f, on)
	return p, err
}

func (p pausing) Publish(frames [][]byte) error {
	err := p.Wire.Publish(frames)
	if strings.HasSuffix(string(frames[0]), ".execute_input") {
		p.reached <- struct{}{}
		<-p.open
	}
	return err
}

// An interrupt that comes before the interpreter has the cell is not lost.
func TestInterruptBeforeTheCellBegins(t *testing.T) {
	p := pausing{kerneltest.NewWire(), make(chan struct{}), make(chan struct{})}
	i := kerneltest.NewInterpreter()
	kerneltest.Start(t, i, func(cfg *kernel.Config) { cfg.Listen = p.Listen })
	c := kerneltest.NewClient(t, p.Dial("client"), kerneltest.Connection, true)
	c.Subscribe()
	cell := c.StartExecute("print x")
	<-p.reached
	c.Do(kernel.Control, "interrupt_request", nil)
	close(p.open)
	if r := cell.Wait().Reply(); r.Text("ename") != "interrupted" {
		t.Errorf("%s", r)
	}
	if len(i.Requests()) != 0 || len(i.Interrupts()) != 0 {
		t.Errorf("the interpreter got %v, %v", i.Requests(), i.Interrupts())
	}
	next := c.StartExecute("print y")
	<-p.reached
	if e := next.Wait(); e.Stream("stdout") != "y\n" {
		t.Errorf("next cell: %s", e)
	}
}

func TestControlWhileBusy(t *testing.T) {
	i, c := start(t)
	reached, open := gate(i, "gate")
	cell := c.StartExecute("gate\nprint after")
	<-reached
	for _, request := range []string{"kernel_info_request", "history_request", "comm_info_request", "usage_request", "interrupt_request", "connect_request"} {
		if r := c.Do(kernel.Control, request, nil).Reply(); r.Channel != kernel.Control || r.Text("status") != "ok" {
			t.Errorf("%s: %s on %s", request, r, r.Channel)
		}
	}
	queued := c.Start(kernel.Shell, "kernel_info_request", nil)
	open()
	if e := cell.Wait(); e.Stream("stdout") != "after\n" {
		t.Errorf("cell: %s", e)
	}
	if r := queued.Wait().Reply(); r.Channel != kernel.Shell {
		t.Errorf("reply to a request on shell came on %s", r.Channel)
	}
}

package kernel_test

import (
	"fmt"
	"testing"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

func createSubshell(t *testing.T, c *kerneltest.Client) string {
	t.Helper()
	r := c.Do(kernel.Control, "create_subshell_request", nil).Reply()
	id := r.Text("subshell_id")
	if r.Text("status") != "ok" || id == "" {
		t.Fatalf("%s", r)
	}
	return id
}

// inSubshell sends a request on shell to a subshell.
func inSubshell(c *kerneltest.Client, id, msgType string, content kerneltest.Fields) *kerneltest.Call {
	return c.StartMessage(kerneltest.Message{Channel: kernel.Shell, Header: kerneltest.Header{Type: msgType, Subshell: id}, Content: content})
}

func TestSubshellList(t *testing.T) {
	_, c := start(t)
	list := func() string {
		return fmt.Sprint(c.Do(kernel.Control, "list_subshell_request", nil).Reply().Content["subshell_id"])
	}
	if got := list(); got != "[]" {
		t.Errorf("subshells at the start: %s", got)
	}
	a, b := createSubshell(t, c), createSubshell(t, c)
	if got := list(); got != fmt.Sprint([]string{min(a, b), max(a, b)}) || a == b {
		t.Errorf("subshells: %s, created were %s and %s", got, a, b)
	}
	if r := c.Do(kernel.Control, "delete_subshell_request", kerneltest.Fields{"subshell_id": a}).Reply(); r.Text("status") != "ok" {
		t.Errorf("%s", r)
	}
	if got := list(); got != fmt.Sprint([]string{b}) {
		t.Errorf("subshells: %s, left is %s", got, b)
	}
	for _, id := range []any{a, "nobody", "", 5} {
		if r := c.Do(kernel.Control, "delete_subshell_request", kerneltest.Fields{"subshell_id": id}).Reply(); r.Text("status") != "error" {
			t.Errorf("delete %v: %s", id, r)
		}
	}
	for _, request := range []string{"create_subshell_request", "list_subshell_request", "delete_subshell_request"} {
		if r := c.Do(kernel.Shell, request, kerneltest.Fields{"subshell_id": b}).Reply(); r.Text("ename") != "BadRequest" {
			t.Errorf("on shell: %s", r)
		}
	}
}

// Questions in a subshell are answered while a cell runs, on the shell channel.
func TestSubshellWhileBusy(t *testing.T) {
	i, c := start(t)
	id := createSubshell(t, c)
	reached, open := gate(i, "gate")
	cell := c.StartExecute("gate\nprint after")
	<-reached
	for _, request := range []string{"kernel_info_request", "complete_request", "inspect_request", "is_complete_request", "history_request", "comm_info_request"} {
		e := inSubshell(c, id, request, kerneltest.Fields{"code": "print"}).Wait()
		if r := e.Reply(); r.Channel != kernel.Shell || r.Text("status") == "error" || r.Parent.Subshell != id {
			t.Errorf("%s: %s", request, e)
		}
	}
	open()
	if e := cell.Wait(); e.Stream("stdout") != "after\n" {
		t.Errorf("cell: %s", e)
	}
}

// Cells run one at a time, in whatever shell they are.
func TestSubshellExecute(t *testing.T) {
	i := kerneltest.NewInterpreter()
	k := kerneltest.Start(t, i)
	c := k.Client()
	id := createSubshell(t, c)
	reached, open := gate(i, "gate")
	first := c.StartExecute("gate\nset v 1\nfail x")
	<-reached
	second := inSubshell(c, id, "execute_request", kerneltest.Fields{"code": "get v"})
	third := c.StartExecute("print third")
	k.Wire().Settle(kernel.Shell)
	open()
	first.Wait()
	if e := second.Wait(); e.Stream("stdout") != "1\n" || e.Reply().Int("execution_count") != 2 {
		t.Errorf("cell in the subshell, whose queue has seen no failure: %s", e)
	}
	if r := third.Wait().Reply(); r.Text("ename") != "Aborted" {
		t.Errorf("cell behind the failure: %s", r)
	}
	failing := inSubshell(c, id, "execute_request", kerneltest.Fields{"code": "fail x"})
	behind := inSubshell(c, id, "execute_request", kerneltest.Fields{"code": "print x"})
	failing.Wait()
	if r := behind.Wait().Reply(); r.Text("ename") != "Aborted" {
		t.Errorf("cell behind a failure in the subshell: %s", r)
	}
}

// A message to a subshell that is not there is answered, even at once.
func TestSubshellUnknown(t *testing.T) {
	i, c := start(t)
	reached, open := gate(i, "gate")
	cell := c.StartExecute("gate")
	<-reached
	for _, request := range []string{"kernel_info_request", "execute_request"} {
		r := inSubshell(c, "nobody", request, kerneltest.Fields{"code": "print x"}).Await(request[:len(request)-len("request")] + "reply")
		if r.Channel != kernel.Shell || r.Text("ename") != "UnknownSubshell" {
			t.Errorf("%s", r)
		}
	}
	wantTypes(t, inSubshell(c, "nobody", "comm_msg", nil).Wait(), "busy idle")
	open()
	cell.Wait()
	if n := len(i.Requests()); n != 1 {
		t.Errorf("%d cells ran", n)
	}
}

// What is queued in a subshell when it is deleted is still answered.
func TestSubshellDeleteWithQueue(t *testing.T) {
	i := kerneltest.NewInterpreter()
	k := kerneltest.Start(t, i)
	c := k.Client()
	id := createSubshell(t, c)
	reached, open := gate(i, "gate")
	busy := inSubshell(c, id, "execute_request", kerneltest.Fields{"code": "gate"})
	<-reached
	queued := inSubshell(c, id, "kernel_info_request", nil)
	k.Wire().Settle(kernel.Shell)
	c.Do(kernel.Control, "delete_subshell_request", kerneltest.Fields{"subshell_id": id})
	late := inSubshell(c, id, "kernel_info_request", nil)
	if r := late.Wait().Reply(); r.Text("ename") != "UnknownSubshell" {
		t.Errorf("%s", r)
	}
	open()
	busy.Wait()
	if r := queued.Wait().Reply(); r.Text("status") != "ok" {
		t.Errorf("%s", r)
	}
}

func TestSubshellShutdown(t *testing.T) {
	i := kerneltest.NewInterpreter()
	k := kerneltest.Start(t, i)
	c := k.Client()
	idle, busy := createSubshell(t, c), createSubshell(t, c)
	cell := inSubshell(c, busy, "execute_request", kerneltest.Fields{"code": "block"})
	cell.Await("execute_input")
	inSubshell(c, idle, "execute_request", kerneltest.Fields{"code": "print never"})
	k.Wire().Settle(kernel.Shell)
	c.Do(kernel.Control, "shutdown_request", nil)
	cell.Wait()
	if err := k.Wait(); err != nil || !i.Closed() {
		t.Errorf("Serve returned %v, interpreter closed: %v", err, i.Closed())
	}
	if n := len(i.Requests()); n != 1 {
		t.Errorf("%d cells ran, want only the one that was running", n)
	}
}

func TestSubshellInterrupt(t *testing.T) {
	_, c := start(t)
	id := createSubshell(t, c)
	cell := inSubshell(c, id, "execute_request", kerneltest.Fields{"code": "block"})
	cell.Await("execute_input")
	c.Do(kernel.Control, "interrupt_request", nil)
	if r := cell.Wait().Reply(); r.Text("ename") != "interrupted" && r.Text("evalue") != "by the user" {
		t.Errorf("%s", r)
	}
}

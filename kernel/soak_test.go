package kernel_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

var (
	soakTime = flag.Duration("soak", 2*time.Second, "how long TestSoak lasts")
	soakSeed = flag.Uint64("soak.seed", 0, "seed of TestSoak, 0 = a new one")
)

// soakPhases is how often the kernel is shut down and started again.
const soakPhases = 4

// soak counts what TestSoak did.
type soak struct {
	requests, cells, interrupted, malformed, connections atomic.Int64
}

// TestSoak lets three clients talk to a kernel over tcp while others connect
// and misbehave, with restarts in between. Every request must be answered
// once, and nothing may grow. With -soak 30m it is a soak.
func TestSoak(t *testing.T) {
	seed := *soakSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	var s soak
	var goroutines [soakPhases]int
	var heap [soakPhases]uint64
	for phase := range soakPhases {
		t.Run(fmt.Sprint("phase ", phase), func(t *testing.T) {
			s.run(t, seed+uint64(phase)<<32, *soakTime/soakPhases)
		})
		goroutines[phase], heap[phase] = footprint()
	}
	t.Logf("soak of %v, seed %d: %d requests, %d cells, %d of them interrupted, %d malformed messages, %d bad connections; goroutines %v, heap %v",
		*soakTime, seed, s.requests.Load(), s.cells.Load(), s.interrupted.Load(), s.malformed.Load(), s.connections.Load(), goroutines, heap)
	// zmq4 leaves one goroutine for each publishing socket that is closed.
	if first, last := goroutines[0], goroutines[soakPhases-1]; last > first+2*soakPhases {
		t.Errorf("goroutines grow: %v", goroutines)
	}
	if first, last := heap[0], heap[soakPhases-1]; last > first+first/2+4<<20 {
		t.Errorf("the heap grows: %v", heap)
	}
}

// footprint returns the number of goroutines and of live bytes, once those
// that are about to end have ended.
func footprint() (goroutines int, heap uint64) {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
		time.Sleep(20 * time.Millisecond)
	}
	runtime.ReadMemStats(&m)
	return runtime.NumGoroutine(), m.HeapAlloc
}

// run is one life of a kernel.
func (s *soak) run(t *testing.T, seed uint64, d time.Duration) {
	file := connection(t, "tcp")
	i := kerneltest.NewInterpreter()
	k := kerneltest.Start(t, i, func(cfg *kernel.Config) { cfg.Connection, cfg.Listen = file, kernel.ListenZMQ })
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var all sync.WaitGroup
	for n := range 3 {
		c := kerneltest.NewClient(t, dialZMQ(t, file, fmt.Sprint("soak ", n)), file, false)
		c.Subscribe()
		r := rand.New(rand.NewPCG(seed, uint64(n)))
		all.Go(func() {
			for ctx.Err() == nil && !t.Failed() {
				s.batch(t, c, r)
			}
		})
	}
	all.Go(func() { s.misbehave(ctx, t, file, rand.New(rand.NewPCG(seed, 99))) })
	all.Wait()
	last := kerneltest.NewClient(t, dialZMQ(t, file, "last"), file, false)
	last.Subscribe()
	last.Do(kernel.Control, "shutdown_request", kerneltest.Fields{"restart": true})
	if err := k.Wait(); err != nil || !i.Closed() {
		t.Errorf("Serve returned %v, interpreter closed: %v", err, i.Closed())
	}
}

// batch sends some requests at once and waits for the answers.
func (s *soak) batch(t *testing.T, c *kerneltest.Client, r *rand.Rand) {
	calls := map[string]*kerneltest.Call{}
	add := func(call *kerneltest.Call) {
		calls[call.ID()] = call
		s.requests.Add(1)
	}
	var blocked []*kerneltest.Call
	for n := range 1 + r.IntN(12) {
		switch r.IntN(8) {
		case 0:
			call := c.Start(kernel.Shell, "execute_request", kerneltest.Fields{"code": "block", "stop_on_error": false})
			blocked = append(blocked, call)
			add(call)
		case 1, 2, 3:
			add(s.cell(c, r, n))
		case 4:
			s.malformed.Add(1)
			frames := c.Frames(kerneltest.Message{Header: c.NewHeader("execute_request"), Content: kerneltest.Fields{"code": "fail"}})
			frames[r.IntN(len(frames)-1)+1] = []byte("garbage")
			c.SendFrames([]kernel.Channel{kernel.Shell, kernel.Control, kernel.Stdin}[r.IntN(3)], frames)
		default:
			ch := []kernel.Channel{kernel.Shell, kernel.Control}[r.IntN(2)]
			kind := []string{"kernel_info", "complete", "inspect", "is_complete", "history", "comm_info", "connect", "usage", "nonsense", "interrupt", "list_subshell"}[r.IntN(11)]
			add(c.Start(ch, kind+"_request", kerneltest.Fields{"code": "print x", "n": 5}))
		}
	}
	for _, call := range blocked {
		s.interruptUntil(c, call, add)
	}
	for _, call := range calls {
		e := call.Wait()
		if e.Request.Type() == "execute_request" {
			s.cells.Add(1)
			s.check(t, e)
		}
	}
	replies := map[string]int{}
	for _, m := range c.Heard() {
		if m.Channel != kernel.IOPub {
			replies[m.Parent.ID]++
		}
	}
	for id, call := range calls {
		if replies[id] != 1 {
			t.Errorf("%d replies to %s", replies[id], call.Wait())
		}
	}
	c.Forget()
}

// cell starts a cell whose output tells which one it is.
func (s *soak) cell(c *kerneltest.Client, r *rand.Rand, n int) *kerneltest.Call {
	code := []string{"print %d", "print %d\nstderr x\nresult y", "print %d\nlines 200", "print %d\nfail x", "print %d\npanic x", "print %d\ndisplay x\nclear"}[r.IntN(6)]
	return c.Start(kernel.Shell, "execute_request", kerneltest.Fields{"code": fmt.Sprintf(code, n), "stop_on_error": false, "allow_stdin": false})
}

// check demands the cell's own output, unless somebody has interrupted it.
func (s *soak) check(t *testing.T, e kerneltest.Exchange) {
	if strings.HasPrefix(e.Reply().Text("ename"), "interrupted") {
		s.interrupted.Add(1)
		return
	}
	line, _, _ := strings.Cut(e.Request.Text("code"), "\n")
	want := strings.TrimPrefix(line, "print ") + "\n"
	if !strings.HasPrefix(e.Stream("stdout"), want) {
		t.Errorf("want stdout %q:\n%s", want, e)
	}
}

// interruptUntil interrupts until the call, which may wait behind the cells of
// others, has its reply.
func (s *soak) interruptUntil(c *kerneltest.Client, call *kerneltest.Call, add func(*kerneltest.Call)) {
	for !call.Replied() {
		interrupt := c.Start(kernel.Control, "interrupt_request", nil)
		add(interrupt)
		interrupt.Wait()
		time.Sleep(time.Millisecond)
	}
}

// misbehave opens connections that say nothing, say nonsense, or never read.
func (s *soak) misbehave(ctx context.Context, t *testing.T, file kernel.ConnectionFile, r *rand.Rand) {
	var open []io.Closer
	defer func() {
		for _, c := range open {
			c.Close()
		}
	}()
	for ctx.Err() == nil {
		ch, hello := kernel.Channel(r.IntN(5)), badHello(r)
		if r.IntN(10) == 0 {
			ch, hello = kernel.IOPub, subscriber
		}
		_, address := file.Endpoint(ch)
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Errorf("connect to %s: %v", address, err)
			return
		}
		c.Write(hello) // the kernel may have hung up
		open = append(open, c)
		s.connections.Add(1)
		if len(open) > 50 {
			open[0].Close()
			open = open[1:]
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(r.IntN(20)) * time.Millisecond):
		}
	}
}

// greeting is the first 64 bytes of a ZeroMQ connection.
var greeting = slices.Concat([]byte{0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0}, []byte("NULL"), make([]byte, 48))

// subscriber is all that a subscriber to everything has to say. One that then
// reads nothing is stuck.
var subscriber = slices.Concat(greeting, []byte("\x04\x19\x05READY\x0bSocket-Type\x00\x00\x00\x03SUB"), []byte{0, 1, 1})

// badHello is what others than ZeroMQ sockets say, or such sockets gone mad.
func badHello(r *rand.Rand) []byte {
	junk := make([]byte, r.IntN(200))
	for n := range junk {
		junk[n] = byte(r.Uint32())
	}
	switch r.IntN(4) {
	case 0:
		return nil
	case 1:
		return []byte("GET / HTTP/1.1\r\n\r\n")
	case 2:
		return append(slices.Clone(greeting), junk...)
	}
	return junk
}

package nsrt

import (
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

var errTest = errors.New("test interrupt")

// poll is what lowered loops do.
func poll(s *State) {
	if pollStop(s) {
		s.Halt()
	}
}

//go:norace
func pollStop(s *State) bool { return s.stop }

func newState(t *testing.T) (*State, func() []string) {
	t.Helper()
	var mu sync.Mutex
	var reports []string
	s := NewState(func(c *Cell, p Panic) {
		mu.Lock()
		defer mu.Unlock()
		reports = append(reports, c.name+": "+toString(p.Value))
	})
	return s, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return reports
	}
}

func toString(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return v.(error).Error()
}

func stopReason(p *Panic) error {
	if p == nil {
		return nil
	}
	if s, ok := p.Value.(*Stop); ok {
		return s.Reason
	}
	return nil
}

func TestStopMainUnwindsEveryKindOfWait(t *testing.T) {
	for name, f := range map[string]func(*State){
		"loop": func(s *State) {
			for {
				poll(s)
			}
		},
		"sleep": func(s *State) { s.Sleep(time.Hour) },
		"wait group": func(s *State) {
			var wg sync.WaitGroup
			wg.Add(1)
			s.Wait(&wg)
		},
		"mutex": func(s *State) {
			var mu sync.Mutex
			mu.Lock()
			s.Lock(&mu)
		},
		"channel": func(s *State) {
			<-s.Intr()
			s.Halt()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := newState(t)
			c := s.Begin("cell[1]", nil)
			time.AfterFunc(20*time.Millisecond, func() { c.StopMain(errTest) })
			deferred := false
			p := c.Run(func() {
				defer func() { poll(s); deferred = true }()
				f(s)
			})
			if stopReason(p) != errTest {
				t.Errorf("outcome %+v, want the interrupt", p)
			}
			if !deferred {
				t.Error("the deferred function was stopped as well")
			}
			if pollStop(s) {
				t.Error("the stop flag is still set after the cell ended")
			}
		})
	}
}

func TestLockIsGivenBackAfterInterrupt(t *testing.T) {
	s, _ := newState(t)
	c := s.Begin("cell[1]", nil)
	var mu sync.Mutex
	mu.Lock()
	time.AfterFunc(10*time.Millisecond, func() { c.StopMain(errTest) })
	c.Run(func() { s.Lock(&mu) })
	mu.Unlock()
	for range 100 {
		if mu.TryLock() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("the interrupted Lock keeps the mutex")
}

func TestStopMainLeavesOtherGoroutines(t *testing.T) {
	s, _ := newState(t)
	ticks := make(chan int)
	first := s.Begin("cell[1]", nil)
	first.Run(func() {
		s.Go(func() {
			for i := 0; ; i++ {
				poll(s)
				select {
				case ticks <- i:
				case <-s.Intr():
					s.Halt()
				}
			}
		})
	})
	second := s.Begin("cell[2]", nil)
	time.AfterFunc(10*time.Millisecond, func() { second.StopMain(errTest) })
	second.Run(func() {
		for {
			poll(s)
		}
	})
	a, b := <-ticks, <-ticks
	if b != a+1 {
		t.Errorf("ticks %d, %d", a, b)
	}
	first.StopBackground()
	for range 200 {
		if !pollStop(s) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Error("the background goroutine did not end")
}

func TestGoroutinesBelongToTheirCell(t *testing.T) {
	s, _ := newState(t)
	first := s.Begin("cell[1]", "first")
	got := make(chan any)
	again := make(chan struct{})
	first.Run(func() {
		// Compiled code starts goroutines without telling.
		go func() { <-again; got <- s.Current().Owner() }()
		s.Go(func() { <-again; go func() { got <- s.Current().Owner() }() })
		s.AfterFunc(time.Millisecond, func() { <-again; got <- s.Current().Owner() })
	})
	s.Begin("cell[2]", "second")
	close(again)
	for range 3 {
		if owner := <-got; owner != "first" {
			t.Errorf("a goroutine of the first cell belongs to %v", owner)
		}
	}
	if owner := s.Current().Owner(); owner != "second" {
		t.Errorf("a stranger belongs to %v, want the latest cell", owner)
	}
}

func TestUnguardedGoroutineIsNotUnwound(t *testing.T) {
	s, _ := newState(t)
	c := s.Begin("cell[1]", nil)
	survived := make(chan bool)
	p := c.Run(func() {
		started := make(chan struct{})
		go func() { // as compiled code would: nothing recovers here
			close(started)
			<-s.Intr()
			s.Halt()
			survived <- true
		}()
		<-started
		c.StopMain(errTest)
		for {
			poll(s)
		}
	})
	if stopReason(p) != errTest {
		t.Errorf("outcome %+v", p)
	}
	<-survived
}

func TestBackgroundPanicIsReportedAndStopsTheCell(t *testing.T) {
	s, reports := newState(t)
	c := s.Begin("cell[1]", nil)
	p := c.Run(func() {
		s.Go(func() { panic("boom") })
		for {
			poll(s)
		}
	})
	var bp *BackgroundPanic
	if !errors.As(stopReason(p), &bp) {
		t.Errorf("outcome %+v, want a BackgroundPanic", p)
	}
	if got := strings.Join(reports(), ","); got != "cell[1]: boom" {
		t.Errorf("reports %q", got)
	}
}

func TestBackgroundPanicFailsCellThatReturns(t *testing.T) {
	s, _ := newState(t)
	c := s.Begin("cell[1]", nil)
	p := c.Run(func() {
		s.Go(func() { panic("boom") })
		for { // no poll: compiled work that returns
			s.mu.Lock()
			why := c.why
			s.mu.Unlock()
			if why != nil {
				return
			}
			runtime.Gosched()
		}
	})
	if p == nil {
		t.Error("the cell succeeded although its goroutine panicked")
	}
}

func TestCallbackOnForeignGoroutineIsReported(t *testing.T) {
	s, reports := newState(t)
	c := s.Begin("cell[1]", nil)
	p := c.Run(func() {
		done := make(chan bool)
		go func() { // compiled code that calls back
			s.Callback(func() { panic("in a callback") })
			done <- true
		}()
		<-done
	})
	if p == nil || strings.Join(reports(), ",") != "cell[1]: in a callback" {
		t.Errorf("outcome %+v, reports %q", p, reports())
	}
	p = s.Begin("cell[2]", nil).Run(func() { s.Callback(func() { panic("mine") }) })
	if p == nil || p.Value != "mine" {
		t.Errorf("on the goroutine of the cell: %+v", p)
	}
}

func TestWaitGo(t *testing.T) {
	s, reports := newState(t)
	var wg sync.WaitGroup
	p := s.Begin("cell[1]", nil).Run(func() {
		s.WaitGo(&wg, func() { panic("boom") })
		s.Wait(&wg)
	})
	if p == nil || len(reports()) != 1 {
		t.Errorf("outcome %+v, reports %q", p, reports())
	}
}

func TestRunOutcomes(t *testing.T) {
	s, _ := newState(t)
	if p := s.Begin("a", nil).Run(func() {}); p != nil {
		t.Errorf("normal: %+v", p)
	}
	if p := s.Begin("b", nil).Run(func() { panic("x") }); p == nil || p.Value != "x" || len(p.Stack) == 0 {
		t.Errorf("panic: %+v", p)
	}
	if p := s.Begin("c", nil).Run(runtime.Goexit); p == nil || p.Value != ErrGoexit {
		t.Errorf("Goexit: %+v", p)
	}
	if p := s.Begin("d", nil).Run(func() { s.Check(errTest) }); p == nil || !errors.Is(p.Value.(error), errTest) {
		t.Errorf("Check: %+v", p)
	}
	c := s.Begin("e", nil)
	if p := c.Run(func() { s.Step(2); s.Mark(3); s.Out(1, "a") }); p != nil || c.Line() != 3 || c.Step() != 2 {
		t.Errorf("Mark: %+v, line %d", p, c.Line())
	}
	if v, ok := c.Values(); !ok || len(v) != 2 {
		t.Errorf("Out: %v, %v", v, ok)
	}
}

func TestAbandonedGoroutineEndsAtItsNextPoll(t *testing.T) {
	s, _ := newState(t)
	c := s.Begin("cell[1]", nil)
	release := make(chan struct{})
	c.StopMain(errTest)
	time.AfterFunc(10*time.Millisecond, c.Abandon)
	zombie := make(chan bool, 1)
	p := c.Run(func() {
		<-release // a compiled call
		poll(s)
		zombie <- true
	})
	if !errors.Is(stopReason(p), ErrAbandoned) {
		t.Errorf("outcome %+v", p)
	}
	close(release)
	for pollStop(s) {
		time.Sleep(time.Millisecond)
	}
	select {
	case <-zombie:
		t.Error("the abandoned cell went on after its call")
	default:
	}
}

func TestLabelsAreForgotten(t *testing.T) {
	s, _ := newState(t)
	for range 50 {
		s.Begin("cell", nil).Run(func() {})
	}
	for range 100 {
		runtime.GC()
		s.mu.Lock()
		n := len(s.tasks)
		s.mu.Unlock()
		if n < 10 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d label sets are kept for 50 cells that ended", len(s.tasks))
}

func BenchmarkCurrent(b *testing.B) {
	s := NewState(nil)
	c := s.Begin("cell[1]", nil)
	c.Run(func() {
		for b.Loop() {
			s.Current()
		}
	})
}

func BenchmarkGo(b *testing.B) {
	s := NewState(nil)
	c := s.Begin("cell[1]", nil)
	c.Run(func() {
		for b.Loop() {
			done := make(chan struct{})
			s.Go(func() { close(done) })
			<-done
		}
	})
}

package nsrt

import (
	"sync"
	"time"
)

// StopMain asks the goroutine of the cell to end with reason at its next poll
// or wait. Background goroutines go on. The first reason holds.
func (c *Cell) StopMain(reason error) {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	if c.why != nil || c.ended {
		return
	}
	c.why = &Stop{reason}
	close(c.intr)
	c.settle()
}

// StopBackground asks every goroutine that the cell started by go statements
// to end.
func (c *Cell) StopBackground() {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	if c.all {
		return
	}
	c.all = true
	close(c.intrAll)
	c.settle()
}

// Abandon makes Run return although the goroutine of the cell has not ended.
// It ends at its next poll, which may be never.
func (c *Cell) Abandon() {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	select {
	case <-c.abandoned:
	default:
		close(c.abandoned)
	}
}

// Stopped returns why the goroutine of the cell was asked to end, nil if it was
// not.
func (c *Cell) Stopped() error {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	if c.why == nil {
		return nil
	}
	return c.why.Reason
}

// Abandoned tells whether the cell was given up.
func (c *Cell) Abandoned() bool {
	select {
	case <-c.abandoned:
		return true
	default:
		return false
	}
}

// Halt unwinds the calling goroutine if it has been asked to end. It is called
// by interpreted code while the stop flag is set.
func (s *State) Halt() {
	id := goid()
	s.mu.Lock()
	why := s.due(s.guarded[id])
	s.mu.Unlock()
	if why != nil {
		panic(why)
	}
}

// due returns the reason for which a goroutine with role t is to be unwound
// now. While its deferred functions run after a first panic it is left alone
// for a while. The caller holds s.mu.
func (s *State) due(t *task) *Stop {
	if t == nil {
		return nil
	}
	c := t.cell
	var why *Stop
	switch {
	case t.main:
		why = c.why
	case c.all:
		why = &Stop{errBackground}
	}
	if why == nil {
		return nil
	}
	now := time.Now()
	if !t.halted.IsZero() && now.Sub(t.halted) < haltGrace {
		return nil
	}
	t.halted = now
	return why
}

// Intr returns a channel that is closed when the calling goroutine is asked to
// end; nil, which is never ready, when it belongs to no cell. After it has
// fired the caller must call Halt, and wait without it if Halt returns.
func (s *State) Intr() <-chan struct{} {
	t := s.task()
	switch {
	case t == nil:
		return nil
	case t.main:
		return t.cell.intr
	}
	return t.cell.intrAll
}

// Sleep is time.Sleep for cells.
func (s *State) Sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return
	case <-s.Intr():
	}
	s.Halt()
	<-timer.C
}

// Wait is (*sync.WaitGroup).Wait for cells.
func (s *State) Wait(wg *sync.WaitGroup) {
	s.interruptible(wg.Wait, nil)
}

// Lock is the Lock method of mutexes for cells.
func (s *State) Lock(l sync.Locker) {
	if t, ok := l.(interface{ TryLock() bool }); ok && t.TryLock() {
		return
	}
	s.interruptible(l.Lock, l.Unlock)
}

// interruptible calls block and returns with it, or unwinds the goroutine when
// that is asked to end; undo then takes the effect of block back.
func (s *State) interruptible(block, undo func()) {
	intr := s.Intr()
	if intr == nil {
		block()
		return
	}
	done := make(chan *Panic)
	given := make(chan struct{})
	go func() {
		p := protect(block)
		select {
		case done <- p:
		case <-given:
			if p == nil && undo != nil {
				undo()
			}
		}
	}()
	var p *Panic
	select {
	case p = <-done:
	case <-intr:
		halted := true
		defer func() {
			if halted {
				close(given)
			}
		}()
		s.Halt()
		halted = false
		p = <-done
	}
	if p != nil {
		panic(p.Value)
	}
}

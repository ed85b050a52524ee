package kernel

import (
	"sync/atomic"
	"time"
)

const (
	pressureLimit = 16 << 20         // bytes that may wait for slow front ends
	pressurePoll  = time.Millisecond // how often the transport is asked
	pressureWait  = 2 * time.Second  // longest wait of one message
)

// pressure slows output down while front ends are behind.
type pressure struct {
	pending func() int64
	gaveUp  atomic.Bool // the last wait was in vain: a front end reads nothing
}

// wait returns when few bytes are pending, when it has waited long enough, or
// when stop is closed. After a wait in vain it does not wait again before the
// pending bytes have become few: the transport will part with the front end
// that does not read, and the cell need not suffer until then.
func (p *pressure) wait(stop <-chan struct{}) {
	if p.pending() <= pressureLimit {
		p.gaveUp.Store(false)
		return
	}
	if p.gaveUp.Load() {
		return
	}
	deadline := time.Now().Add(pressureWait)
	tick := time.NewTicker(pressurePoll)
	defer tick.Stop()
	for p.pending() > pressureLimit {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		if time.Now().After(deadline) {
			p.gaveUp.Store(true)
			return
		}
	}
}

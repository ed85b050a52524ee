package kernel

import (
	"os"
	"strconv"
	"time"
)

// parentPoll is how often the kernel looks whether its parent lives.
const parentPoll = time.Second

// watchParent makes the kernel end when the process that started it is gone,
// so that none stays behind after a crash of its server.
func (s *server) watchParent() {
	pid, _ := strconv.Atoi(os.Getenv("JPY_PARENT_PID")) // 0 if the client told none
	alive := parentAlive(pid)
	if alive == nil {
		return
	}
	go func() {
		tick := time.NewTicker(parentPoll)
		defer tick.Stop()
		for {
			select {
			case <-s.ctx.Done():
				return
			case <-tick.C:
			}
			if !alive() {
				s.cancel(errOrphan)
				return
			}
		}
	}()
}

package kernel

import (
	"os"
	"os/signal"
)

// watchSignals makes SIGINT interrupt the running cell until the returned
// function is called.
func (s *server) watchSignals() (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-signals:
				s.interrupt()
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}

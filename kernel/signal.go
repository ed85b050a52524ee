package kernel

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// errTerminated is why a kernel ends that the system asked to.
var errTerminated = errors.New("kernel: terminated by a signal")

// watchSignals makes SIGINT interrupt the running cell, and SIGTERM and SIGHUP
// end the kernel in good order, until the returned function is called.
func (s *server) watchSignals() (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case sig := <-signals:
				if sig == os.Interrupt {
					s.interrupt()
					continue
				}
				s.cancel(errTerminated)
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

package kernel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Config is what a kernel is made of. Connection, Interpreter and, unless
// ZeroMQ is meant, Listen are needed; the zero value of the rest is usable.
type Config struct {
	Connection  ConnectionFile
	Interpreter Interpreter  // closed when Serve returns
	Listen      ListenFunc   // nil = ZeroMQ
	History     string       // directory that keeps the history across sessions, "" = this session only
	Logger      *slog.Logger // nil = no log. It must not write to the process' stdout or stderr if cells capture those
	// StreamLimit is the number of bytes that a cell may print, 0 or less = any.
	// What goes beyond is dropped, with a note on stderr: endless printing makes
	// front ends unusable, which have no limit of their own.
	StreamLimit int64
	// Standalone says that the process is there for this kernel: SIGINT
	// interrupts the running cell, SIGTERM and SIGHUP end the kernel, and so does
	// the end of the process that started it.
	Standalone bool
}

const (
	// Clients kill a kernel that takes five seconds; these stay below in sum.
	shutdownGrace = 500 * time.Millisecond // for a running cell to end, and again after each of two interrupts
	closeGrace    = 1500 * time.Millisecond
	closeLinger   = time.Second
)

// Why a kernel ends, besides the end of its context.
var (
	errShutdown = errors.New("kernel: shut down by a client")
	errOrphan   = errors.New("kernel: the process that started the kernel is gone")
)

// transportError is why a kernel ends that can receive no more.
type transportError struct{ error }

// Serve runs a kernel until a client shuts it down or ctx ends, which both
// return nil, or until its sockets fail. Cells that do not end in time are
// left behind: the process should exit then.
func Serve(ctx context.Context, cfg Config) error {
	s, err := newServer(ctx, cfg)
	if err != nil {
		if cfg.Interpreter != nil {
			err = errors.Join(err, cfg.Interpreter.Close())
		}
		return err
	}
	return s.run()
}

// server is a running kernel.
type server struct {
	cfg       Config
	interp    Interpreter
	log       *slog.Logger
	author    *author
	transport Transport
	iopub     *publisher
	stdin     *stdin
	history   *history
	usage     usage
	comms     comms
	pressure  pressure
	unsent    unsent

	ctx    context.Context // ends with the kernel
	cancel context.CancelCauseFunc

	shell, control *queue
	subshells      subshells
	workers        sync.WaitGroup // one handles control, one each shell and subshell

	turn    sync.Mutex // held by the cell that runs: they do so one at a time
	count   int        // cells that were counted, guarded by turn
	running running
}

func newServer(ctx context.Context, cfg Config) (*server, error) {
	if cfg.Interpreter == nil {
		return nil, errors.New("kernel: Config.Interpreter is nil")
	}
	if cfg.Listen == nil {
		cfg.Listen = ListenZMQ
	}
	if err := cfg.Connection.Validate(); err != nil {
		return nil, err
	}
	signer, err := newSigner(cfg.Connection.SignatureScheme, cfg.Connection.Key)
	if err != nil {
		return nil, err
	}
	s := &server{cfg: cfg, interp: cfg.Interpreter, log: cfg.Logger, author: newAuthor(signer), shell: newQueue(), control: newQueue()}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.ctx, s.cancel = context.WithCancelCause(ctx)
	s.history = &history{}
	if cfg.History != "" {
		s.history.log = openHistoryLog(cfg.History, s.log)
	}
	if s.transport, err = cfg.Listen(cfg.Connection, s.welcome); err != nil {
		s.cancel(err)
		return nil, err
	}
	s.iopub = &publisher{author: s.author, transport: s.transport, log: s.log}
	s.stdin = newStdin(s.author, s.transport, s.log)
	s.pressure.pending = s.transport.Pending
	s.connectComms()
	return s, nil
}

// fail ends the kernel with an error, which Serve returns.
func (s *server) fail(ch Channel, err error) {
	s.cancel(transportError{fmt.Errorf("kernel: receive on %s: %w", ch, err)})
}

func (s *server) run() error {
	if s.cfg.Standalone {
		defer s.watchSignals()()
		s.watchParent()
	}
	s.iopub.status(nil, stateStarting)
	var receivers sync.WaitGroup
	receivers.Go(func() { s.receive(Shell, s.acceptShell) })
	receivers.Go(func() { s.receive(Control, func(m *message) { s.control.put(m) }) })
	receivers.Go(func() { s.receive(Stdin, s.stdin.deliver) })
	s.workers.Go(func() { s.work(s.control) })
	s.workers.Go(func() { s.work(s.shell) })
	<-s.ctx.Done()
	s.shell.close()
	s.control.close()
	s.subshells.close()
	s.endWork()
	s.closeInterpreter()
	s.unsent.flush()
	s.history.close()
	err := s.transport.Close(closeLinger)
	receivers.Wait()
	cause := context.Cause(s.ctx)
	s.log.Info("kernel ended", "reason", cause)
	if _, failed := errors.AsType[transportError](cause); failed {
		return errors.Join(cause, err)
	}
	return err
}

// endWork waits for the running handlers. A cell whose context has ended and
// that does not care is helped with interrupts.
func (s *server) endWork() {
	ended := make(chan struct{})
	go func() { s.workers.Wait(); close(ended) }()
	for range 2 {
		select {
		case <-ended:
			return
		case <-time.After(shutdownGrace):
			go s.interrupt() // an interpreter that hangs in it must not stop the end
		}
	}
	select {
	case <-ended:
	case <-time.After(shutdownGrace):
		s.log.Warn("cell left running", "reason", "it ended neither by its context nor by interrupts")
	}
}

func (s *server) closeInterpreter() {
	closed := make(chan error, 1)
	go func() {
		closed <- guarded(s, "Close", s.interp.Close)
	}()
	select {
	case err := <-closed:
		if err != nil {
			s.log.Warn("interpreter not closed", "reason", err)
		}
	case <-time.After(closeGrace):
		s.log.Warn("interpreter not closed", "reason", "it takes too long")
	}
}

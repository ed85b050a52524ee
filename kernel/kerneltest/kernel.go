package kerneltest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/nskernel/nskernel/kernel"
)

// Connection is the connection of kernels on a Wire.
var Connection = kernel.ConnectionFile{
	Transport: "tcp", IP: "127.0.0.1", ShellPort: 1, ControlPort: 2, StdinPort: 3, IOPubPort: 4, HeartbeatPort: 5,
	Key: "not a secret", SignatureScheme: "hmac-sha256",
}

// Kernel is a kernel under test.
type Kernel struct {
	t      testing.TB
	cfg    kernel.Config
	wire   *Wire
	cancel context.CancelFunc
	done   chan struct{}
	err    error

	mu      sync.Mutex
	clients int
}

// Start runs a kernel with interpreter i on a Wire until the end of the test.
// Each of change may set more of its Config; Listen, if set, replaces the Wire.
func Start(t testing.TB, i kernel.Interpreter, change ...func(*kernel.Config)) *Kernel {
	t.Helper()
	k := &Kernel{t: t, wire: NewWire(), done: make(chan struct{})}
	listening := make(chan struct{})
	k.cfg = kernel.Config{Connection: Connection, Interpreter: i, Listen: k.wire.Listen}
	for _, f := range change {
		f(&k.cfg)
	}
	listen := k.cfg.Listen
	k.cfg.Listen = func(c kernel.ConnectionFile, on kernel.SubscribeFunc) (kernel.Transport, error) {
		defer close(listening)
		return listen(c, on)
	}
	var ctx context.Context
	ctx, k.cancel = context.WithCancel(context.Background())
	go func() {
		defer close(k.done)
		k.err = kernel.Serve(ctx, k.cfg)
	}()
	t.Cleanup(func() {
		if err := k.Stop(); err != nil {
			t.Errorf("kernel: %v", err)
		}
	})
	select {
	case <-listening:
	case <-k.done:
		t.Fatalf("kernel: %v", k.err)
	}
	return k
}

// Wire returns the wire that the kernel listens on.
func (k *Kernel) Wire() *Wire { return k.wire }

// Client connects a client over the wire, subscribed to all of iopub.
func (k *Kernel) Client() *Client {
	k.t.Helper()
	k.mu.Lock()
	k.clients++
	identity := fmt.Sprintf("client %d", k.clients)
	k.mu.Unlock()
	c := NewClient(k.t, k.wire.Dial(identity), k.cfg.Connection, true)
	c.Subscribe()
	return c
}

// Stop ends the kernel and returns what Serve returned.
func (k *Kernel) Stop() error {
	k.cancel()
	return k.Wait()
}

// Wait waits for the end of the kernel and returns what Serve returned.
func (k *Kernel) Wait() error {
	<-k.done
	return k.err
}

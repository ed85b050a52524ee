// Command faulty is a kernel that answers everything a little wrong. The
// conformance tests must fail with it: a test that passes here proves nothing
// about the real kernel.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
)

func main() {
	fmt.Fprintln(os.Stderr, serve(os.Args[1:]))
	os.Exit(1)
}

// serve returns an error even after a proper shutdown.
func serve(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: faulty CONNECTION_FILE")
	}
	c, err := kernel.ReadConnectionFile(args[0])
	if err != nil {
		return err
	}
	i := &interpreter{}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	go func() {
		for range signals {
			i.Interrupt(false)
		}
	}()
	// Not Standalone: stays behind when its parent is killed.
	if err := kernel.Serve(context.Background(), kernel.Config{Connection: c, Interpreter: i, Listen: listen}); err != nil {
		return err
	}
	return errors.New("shut down")
}

// lazy is how long an interrupted cell goes on.
const lazy = 400 * time.Millisecond

type interpreter struct {
	mu        sync.Mutex
	interrupt chan struct{}
}

func (*interpreter) Info() kernel.Info {
	return kernel.Info{
		Implementation:        "faulty",
		ImplementationVersion: "0",
		Banner:                "faulty",
		Language:              kernel.LanguageInfo{Name: "og", Version: "0", MIMEType: "text/plain", FileExtension: "go"},
	}
}

// Execute recognises what the tests do by words in their cells.
func (i *interpreter) Execute(ctx context.Context, r kernel.Request, out kernel.Output) (kernel.Reply, error) {
	switch {
	case strings.HasPrefix(r.Code, "for {\n"):
		return kernel.Reply{}, i.loop(ctx)
	case strings.Contains(r.Code, "range"):
		var count, padding int
		fmt.Sscanf(r.Code, "for i := range %d {\n\tfmt.Println(\"line\", i, strings.Repeat(\"x\", %d))", &count, &padding)
		for n := range count {
			if n != 77_777 { // lost
				out.Stream("stdout", fmt.Sprintln("line", n, strings.Repeat("x", padding)))
			}
		}
	case strings.Contains(r.Code, "Println"):
		go func() { // late
			time.Sleep(20 * time.Millisecond)
			out.Stream("stdout", "hello\n")
		}()
	}
	result := display.TextBundle("43")
	return kernel.Reply{Result: &result}, nil
}

func (i *interpreter) loop(ctx context.Context) error {
	i.mu.Lock()
	i.interrupt = make(chan struct{})
	stop := i.interrupt
	i.mu.Unlock()
	select {
	case <-stop:
		time.Sleep(lazy)
	case <-ctx.Done():
	}
	return &kernel.CellError{Name: "interrupted", Value: "late"}
}

func (*interpreter) Complete(code string, cursor int) kernel.Completion {
	return kernel.Completion{Start: cursor, End: cursor, Items: []kernel.CompletionItem{{Text: "wrong"}}}
}

func (*interpreter) Inspect(string, int, int) (display.Bundle, bool) { return display.Bundle{}, false }

func (*interpreter) IsComplete(string) (kernel.Completeness, string) { return kernel.Unknown, "" }

func (i *interpreter) Interrupt(second bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !second && i.interrupt != nil {
		close(i.interrupt)
		i.interrupt = nil
	}
}

func (*interpreter) Close() error { return nil }

package eval

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"unicode/utf8"
)

// Capture takes what is written to the file descriptors 1 and 2 of the
// process, by cells, by compiled libraries and by child processes. There is
// one pipe for each. Text that cells print takes a shorter way past the pipes;
// before it is delivered the pipes are emptied, so all output keeps its order.
type Capture struct {
	mu    sync.Mutex // held while output is delivered
	sink  func(stream, text string)
	out   *pipe
	err   *pipe
	saved [2]*os.File // where 1 and 2 went before; nil if they were not taken
}

// streamNames are the names of the streams by file descriptor - 1.
var streamNames = [2]string{"stdout", "stderr"}

// NewCapture redirects the standard output and error of the process until
// Close. What is written is kept in the pipes until a session takes it. On
// systems where this is not possible it returns an error; output that cells
// print themselves is shown all the same.
func NewCapture() (*Capture, error) {
	c, err := newPipes()
	if err != nil {
		return nil, err
	}
	for i, p := range []*pipe{c.out, c.err} {
		if c.saved[i], err = p.redirect(i + 1); err != nil {
			return nil, errors.Join(fmt.Errorf("eval: cannot capture %s: %w", streamNames[i], err), c.Close())
		}
	}
	// If the process dies, what the Go runtime says must not end in a pipe
	// that nobody reads any more.
	if err := debug.SetCrashOutput(c.Stderr(), debug.CrashOptions{}); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// newPipes returns a Capture that no descriptor is redirected to.
func newPipes() (*Capture, error) {
	c := &Capture{}
	var err error
	if c.out, err = newPipe(); err != nil {
		return nil, fmt.Errorf("eval: cannot capture output: %w", err)
	}
	if c.err, err = newPipe(); err != nil {
		c.out.close()
		return nil, fmt.Errorf("eval: cannot capture output: %w", err)
	}
	return c, nil
}

// Stdout returns the standard output that the process was started with.
func (c *Capture) Stdout() *os.File { return c.saved[0] }

// Stderr returns the standard error that the process was started with: the
// place for the kernel's own log.
func (c *Capture) Stderr() *os.File { return c.saved[1] }

// start gives what is written from now on to sink.
func (c *Capture) start(sink func(stream, text string)) {
	c.mu.Lock()
	c.sink = sink
	c.mu.Unlock()
	for i, p := range []*pipe{c.out, c.err} {
		if p != nil {
			go p.watch(func() {
				c.mu.Lock()
				defer c.mu.Unlock()
				c.empty(p, streamNames[i])
			})
		}
	}
}

// drain delivers everything that was written before the call.
func (c *Capture) drain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.emptyAll()
	for i, p := range []*pipe{c.out, c.err} {
		if p != nil && len(p.tail) > 0 {
			c.sink(streamNames[i], string(p.tail))
			p.tail = nil
		}
	}
}

// deliver calls f after everything that was written before it.
func (c *Capture) deliver(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.emptyAll()
	f()
}

func (c *Capture) emptyAll() {
	for i, p := range []*pipe{c.out, c.err} {
		if p != nil {
			c.empty(p, streamNames[i])
		}
	}
}

// empty delivers what stands in p. A writer that never pauses could keep it
// busy for ever, so it stops after as much as a pipe holds.
func (c *Capture) empty(p *pipe, stream string) {
	var buf [32 << 10]byte
	for total := 0; total < pipeSize; {
		n := p.read(buf[:])
		if n == 0 {
			return
		}
		total += n
		text := append(p.tail, buf[:n]...)
		whole := len(text) - partialRune(text)
		p.tail = append([]byte(nil), text[whole:]...)
		if whole > 0 && c.sink != nil {
			c.sink(stream, string(text[:whole]))
		}
	}
}

// partialRune returns the length of an incomplete rune at the end of b.
func partialRune(b []byte) int {
	for n := 1; n <= min(utf8.UTFMax-1, len(b)); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// Close gives the descriptors back and delivers what is left.
func (c *Capture) Close() error {
	var errs []error
	if c.saved[1] != nil {
		errs = append(errs, debug.SetCrashOutput(nil, debug.CrashOptions{}))
	}
	for i, f := range c.saved {
		if f != nil {
			errs = append(errs, restore(f, i+1))
		}
	}
	c.mu.Lock()
	c.emptyAll()
	pipes := []*pipe{c.out, c.err}
	c.out, c.err = nil, nil
	c.mu.Unlock()
	// Closing waits for the watchers, which need the mutex.
	for _, p := range pipes {
		if p != nil {
			p.close()
		}
	}
	return errors.Join(errs...)
}

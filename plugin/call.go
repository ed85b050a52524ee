package plugin

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// The kinds of contributions; kind and name joined by a dot are the id.
const (
	kindLine      = "magic.line"
	kindCell      = "magic.cell"
	kindRenderer  = "mime"
	kindLoader    = "load"
	kindCompleter = "complete"
	kindInspector = "inspect"
	kindHook      = "hook"
)

// contribution is one thing that a plugin has registered. The function of its
// kind is set.
type contribution struct {
	id, kind, name, owner string
	help                  string
	event                 string // of a hook
	priority              int    // of a renderer
	limit                 time.Duration

	line     func(*Call) error // of hooks, too
	cell     func(*Call, string) error
	render   func(any) (map[string]any, error)
	load     func(*Call, string) (any, error)
	complete func(string, int) []Item
	inspect  func(string, int) (map[string]any, bool)

	mu       sync.Mutex
	calls    int
	failures int
	streak   int // failures since the last success
	total    time.Duration
	last     string // the last failure
}

// standardLimit is the call limit of a plugin that names none.
const standardLimit = 2 * time.Second

// maxStreak is how many failures in a row disable a contribution.
const maxStreak = 3

// grace is how long a magic may take to end after it was interrupted.
const grace = 2 * time.Second

// ErrDisabled is why a contribution that failed three times in a row is not
// called.
var ErrDisabled = errors.New("disabled after three failures in a row")

// ErrNotFound is the outcome of a call that nothing is registered for.
var ErrNotFound = errors.New("nothing is registered")

// A PanicError is a panic inside a contribution.
type PanicError struct {
	ID    string // of the contribution
	Value any
	Stack []byte // as debug.Stack returns it
}

// Error names the contribution and the panic value in one line.
func (e *PanicError) Error() string { return fmt.Sprintf("%s panicked: %v", e.ID, e.Value) }

// A LimitError is the outcome of a call that did not come back in time.
type LimitError struct {
	ID    string
	Limit time.Duration // what it was given
}

// Error names the contribution and the limit in one line.
func (e *LimitError) Error() string {
	return fmt.Sprintf("%s did not come back within %v and was given up", e.ID, e.Limit)
}

// unlimited tells whether calls end only when the user wants.
func (c *contribution) unlimited() bool { return c.kind == kindLine || c.kind == kindCell }

// answers tells whether an error that the contribution returns is an answer
// to the user rather than a failure of the contribution.
func (c *contribution) answers() bool { return c.unlimited() || c.kind == kindLoader }

func (c *contribution) disabled() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.streak >= maxStreak
}

// invoke is the one way in which contributions are called: a panic becomes an
// error, a call that does not end is given up, the time is taken, and failures
// are counted.
func (r *Registry) invoke(ctx context.Context, c *contribution, f func(ctx context.Context) error) error {
	if c.disabled() {
		return fmt.Errorf("%s of plugin %s is %w: %s", c.id, c.owner, ErrDisabled, c.lastFailure())
	}
	limit := c.limit
	if limit <= 0 {
		limit = standardLimit
	}
	if c.unlimited() {
		limit = 0
	}
	start := time.Now()
	err := guard(ctx, c.id, limit, f)
	if c.note(err, time.Since(start)) {
		first, _, _ := strings.Cut(err.Error(), "\n")
		r.notify(fmt.Sprintf("plugin %s: %s is disabled after %d failures in a row, the last: %s", c.owner, c.id, maxStreak, first))
	}
	return err
}

// guard calls f on a goroutine of its own. limit 0 is none; then the caller's
// context ends the call, after a grace.
func guard(ctx context.Context, id string, limit time.Duration, f func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		err := fmt.Errorf("%s called runtime.Goexit", id)
		defer func() {
			if p := recover(); p != nil {
				err = &PanicError{ID: id, Value: p, Stack: debug.Stack()}
			}
			done <- err
		}()
		err = f(ctx)
	}()
	var expired <-chan time.Time
	if limit > 0 {
		t := time.NewTimer(limit)
		defer t.Stop()
		expired = t.C
	}
	select {
	case err := <-done:
		return err
	case <-expired:
		return &LimitError{ID: id, Limit: limit}
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(grace):
		return fmt.Errorf("%s did not end within %v of the interrupt and was given up: %w", id, grace, context.Cause(ctx))
	}
}

// note counts a call. It reports whether this failure disabled c.
func (c *contribution) note(err error, took time.Duration) (disabled bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	c.total += took
	if !c.failed(err) {
		c.streak = 0
		return false
	}
	c.failures++
	c.streak++
	c.last = err.Error()
	return c.streak == maxStreak
}

// failed tells whether err is a failure of the contribution itself.
func (c *contribution) failed(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	var p *PanicError
	var l *LimitError
	return !c.answers() || errors.As(err, &p) || errors.As(err, &l)
}

func (c *contribution) lastFailure() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

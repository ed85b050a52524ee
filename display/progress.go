package display

import (
	"fmt"
	"html"
	"strings"
	"sync"
	"time"
)

// barInterval is the least time between two updates of a bar, so that a fast
// loop does not flood the front end.
const barInterval = 100 * time.Millisecond

// Bar is a progress bar in the output of a cell. Its methods are safe for
// concurrent use.
type Bar struct {
	mu    sync.Mutex
	h     *Handle
	label string
	n     int // steps in all
	k     int // steps done
	start time.Time
	shown time.Time
}

// Progress shows a bar for n steps and returns it; call Add as they are done.
// A bar of no steps (n <= 0) is shown as done.
func (p *Publisher) Progress(n int, label string) *Bar {
	now := time.Now()
	b := &Bar{label: label, n: max(n, 0), start: now, shown: now}
	sink := p.sink()
	b.h = &Handle{p: p, sink: sink, id: newID()}
	if err := sink.Display(b.bundle(now), b.h.id); err != nil {
		sink.Stream("stderr", err.Error()+"\n")
	}
	return b
}

// Add counts k more steps as done.
func (b *Bar) Add(k int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(b.k + k)
}

// Set counts k steps in all as done. k is kept between 0 and the bar's steps.
func (b *Bar) Set(k int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(k)
}

// Done fills the bar.
func (b *Bar) Done() { b.Set(b.n) }

func (b *Bar) set(k int) {
	was := b.k
	b.k = min(max(k, 0), b.n)
	now := time.Now()
	ends := b.k == b.n && was != b.n
	if !ends && now.Sub(b.shown) < barInterval {
		return
	}
	b.shown = now
	if err := b.h.sink.Update(b.bundle(now), b.h.id); err != nil {
		b.h.sink.Stream("stderr", err.Error()+"\n")
	}
}

func (b *Bar) bundle(now time.Time) Bundle {
	done := 1.0
	if b.n > 0 {
		done = float64(b.k) / float64(b.n)
	}
	elapsed := now.Sub(b.start).Round(100 * time.Millisecond)
	cells := int(done * 30)
	text := fmt.Sprintf("%s [%s%s] %d/%d %v", b.label, strings.Repeat("#", cells), strings.Repeat(".", 30-cells), b.k, b.n, elapsed)
	page := fmt.Sprintf(`<div>%s <progress value="%d" max="%d" style="width:20em;vertical-align:middle"></progress> %d/%d <small>%v</small></div>`,
		html.EscapeString(b.label), b.k, max(b.n, 1), b.k, b.n, elapsed)
	if b.n == 0 {
		page = strings.Replace(page, `value="0"`, `value="1"`, 1)
	}
	return Bundle{Data: map[string]any{MIMEText: strings.TrimSpace(text), MIMEHTML: page}}
}

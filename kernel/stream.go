package kernel

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

const (
	streamFlush = 64 << 10              // bytes that are sent at once
	streamPiece = 1 << 20               // longer text is taken in pieces, to bound the messages
	streamDelay = 50 * time.Millisecond // longest time that text waits
)

// stream merges what a cell prints into few messages. Its owner's mutex
// guards it.
type stream struct {
	out   *output
	name  string
	text  []byte
	cut   map[string][]byte // by stream, the beginning of a rune whose rest is to come
	timer *time.Timer
	armed bool
	sent  bool // since takeSent asked
}

func (s *stream) init(o *output) {
	s.out, s.name, s.cut = o, "stdout", map[string][]byte{}
}

func (s *stream) write(name, text string) {
	if name != "stderr" {
		name = "stdout"
	}
	if name != s.name {
		s.flush(false)
		s.name = name
	}
	if cut := s.cut[name]; cut != nil {
		s.text = append(s.text, cut...)
		delete(s.cut, name)
	}
	s.text = append(s.text, text...)
	if len(s.text) >= streamFlush {
		s.send()
	}
	s.schedule()
}

// flush sends the text that waits. A rune whose end is missing waits on,
// unless final says that it will never come.
func (s *stream) flush(final bool) {
	if len(s.text) > 0 {
		s.send()
	}
	for _, name := range []string{"stdout", "stderr"} {
		if cut := s.cut[name]; cut != nil && final {
			delete(s.cut, name)
			s.publish(name, cut)
		}
	}
	s.schedule()
}

// send publishes the text. When it ends within a rune, that part is put aside.
func (s *stream) send() {
	whole := len(s.text) - cutRune(s.text)
	if whole > 0 {
		s.publish(s.name, s.text[:whole])
	}
	if whole < len(s.text) {
		s.cut[s.name] = append([]byte(nil), s.text[whole:]...)
	}
	s.text = s.text[:0]
}

func (s *stream) publish(name string, text []byte) {
	s.sent = true
	s.out.server.iopub.notify("stream", s.out.request.parent, map[string]string{
		"name": name, "text": strings.ToValidUTF8(string(text), "\uFFFD"),
	})
}

// takeSent reports whether text has been sent since the last call.
func (s *stream) takeSent() bool {
	sent := s.sent
	s.sent = false
	return sent
}

// schedule starts the delay when the first byte waits and stops it when none
// does.
func (s *stream) schedule() {
	waits := len(s.text) > 0 || len(s.cut) > 0
	switch {
	case waits == s.armed:
	case !waits:
		s.timer.Stop()
		s.out.server.unsent.remove(s.out)
	case s.timer == nil:
		s.timer = time.AfterFunc(streamDelay, s.expire)
		s.out.server.unsent.add(s.out)
	default:
		s.timer.Reset(streamDelay)
		s.out.server.unsent.add(s.out)
	}
	s.armed = waits
}

// expire sends what has waited for the whole delay. The beginning of a rune
// gets a second one.
func (s *stream) expire() {
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	s.armed = false
	s.out.server.unsent.remove(s.out)
	s.flush(len(s.text) == 0)
}

// cutRune returns the length of the incomplete rune at the end of p, 0 if the
// last rune is whole or the bytes can never become one.
func cutRune(p []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if tail := p[len(p)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// unsent is the set of outputs whose text waits for its delay, to be sent
// early when the kernel ends.
type unsent struct {
	mu  sync.Mutex
	set map[*output]bool
}

func (u *unsent) add(o *output) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.set == nil {
		u.set = map[*output]bool{}
	}
	u.set[o] = true
}

func (u *unsent) remove(o *output) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.set, o)
}

func (u *unsent) flush() {
	u.mu.Lock()
	outputs := slices.Collect(maps.Keys(u.set))
	u.mu.Unlock()
	for _, o := range outputs {
		o.flush()
	}
}

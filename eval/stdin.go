package eval

import (
	"errors"
	"io"
	"sync"
	"unicode/utf8"
)

// reader is the type that os.Stdin has in cells.
type reader interface{ io.Reader }

// stdin is what cells read from: each time its text is used up it asks the
// front end for one line.
type stdin struct {
	s *Session

	mu   sync.Mutex
	text []byte
	used int // bytes of text that were read
}

// Read returns the rest of a line, or asks for one.
func (r *stdin) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.fill(); err != nil {
		return 0, err
	}
	n := copy(p, r.text[r.used:])
	r.used += n
	return n, nil
}

// ReadRune and UnreadRune make package fmt read no further than it needs:
// without them Scan would lose what follows on the line.
func (r *stdin) ReadRune() (rune, int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.fill(); err != nil {
		return 0, 0, err
	}
	c, n := utf8.DecodeRune(r.text[r.used:])
	r.used += n
	return c, n, nil
}

// UnreadRune gives the last rune back.
func (r *stdin) UnreadRune() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.used == 0 {
		return errors.New("nothing was read from standard input that could be given back")
	}
	_, n := utf8.DecodeLastRune(r.text[:r.used])
	r.used -= n
	return nil
}

// begin drops the end of a line that the cell before has not read: it would
// look like an empty answer to the first question of this one.
func (r *stdin) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if string(r.text[r.used:]) == "\n" {
		r.text, r.used = nil, 0
	}
}

// fill asks for a line when there is none. Text that was read stays until the
// next line, for UnreadRune.
func (r *stdin) fill() error {
	if r.used < len(r.text) {
		return nil
	}
	e := r.s.current()
	if e == nil {
		return io.EOF
	}
	// What the cell has printed is a question to be seen first.
	r.s.capture.drain()
	line, err := e.out.Input("", false)
	if err != nil {
		return err
	}
	r.text, r.used = append([]byte(line), '\n'), 0
	return nil
}

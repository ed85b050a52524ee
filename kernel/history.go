package kernel

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

// entry is one executed cell.
type entry struct {
	Session int
	Line    int // its execution count
	Input   string
	Output  *string // text of the result, nil if there was none
}

// history answers history requests: the cells of this session and, from the
// log, of earlier ones. It is safe for concurrent use.
type history struct {
	mu      sync.Mutex
	log     *historyLog // nil = nothing is kept
	session []entry     // cells of this session
}

// historyRequest is the content of history_request.
type historyRequest struct {
	Output  bool   `json:"output"`
	Access  string `json:"hist_access_type"`
	Session int    `json:"session"`
	Start   int    `json:"start"`
	Stop    *int   `json:"stop"`
	N       *int   `json:"n"`
	Pattern string `json:"pattern"`
	Unique  bool   `json:"unique"`
}

// historyDefault is the number of cells that tail and search return when the
// request names none.
const historyDefault = 1000

// add records a cell before it runs, so that a cell that takes the kernel down
// is in the history.
func (h *history) add(line int, input string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.session = append(h.session, entry{Line: line, Input: input})
	if h.log != nil {
		h.log.append(record{Line: line, Input: &input})
	}
}

// historyText is the number of bytes of a result that are kept: the history
// tells what a cell gave, it is no store for results.
const historyText = 16 << 10

// setOutput records the text of the result of the newest cell.
func (h *history) setOutput(text string) {
	if len(text) > historyText {
		text = text[:historyText-cutRune([]byte(text[:historyText]))] + "…"
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	e := &h.session[len(h.session)-1]
	e.Output = &text
	if h.log != nil {
		h.log.append(record{Line: e.Line, Output: &text})
	}
}

// number returns the number of this session.
func (h *history) number() int {
	if h.log == nil {
		return 1
	}
	return h.log.number()
}

// find returns the entries that r asks for, oldest first.
func (h *history) find(r historyRequest) ([]entry, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch r.Access {
	case "range":
		return h.between(r.Session, r.Start, r.Stop), nil
	case "tail", "":
		return h.newest(limit(r.N), func(entry) bool { return true }), nil
	case "search":
		return h.search(r)
	}
	return nil, &CellError{Name: "BadRequest", Value: fmt.Sprintf("hist_access_type is %q; use range, tail or search", r.Access)}
}

func limit(n *int) int {
	if n == nil {
		return historyDefault
	}
	return max(*n, 0)
}

// between returns the lines from start up to, without, stop of a session. 0 is
// this session, -1 the one before; negative lines count from the end.
func (h *history) between(session, start int, stop *int) []entry {
	current := h.number()
	if session <= 0 {
		session += current
	}
	entries := h.of(session)
	end := 0
	if len(entries) > 0 {
		end = entries[len(entries)-1].Line + 1
	}
	if start < 0 {
		start += end
	}
	last := end
	if stop != nil {
		if last = *stop; last < 0 {
			last += end
		}
	}
	var found []entry
	for _, e := range entries {
		if e.Line >= start && e.Line < last {
			found = append(found, e)
		}
	}
	return found
}

// of returns the entries of one session with their session number.
func (h *history) of(session int) []entry {
	if session != h.number() {
		if h.log == nil {
			return nil
		}
		return h.log.read(session)
	}
	entries := slices.Clone(h.session)
	for i := range entries {
		entries[i].Session = session
	}
	return entries
}

// newest returns the newest n entries that match, oldest first.
func (h *history) newest(n int, match func(entry) bool) []entry {
	sessions := []int{h.number()}
	if h.log != nil {
		sessions = append(sessions, h.log.earlier()...)
	}
	var found []entry
	for _, session := range sessions {
		for _, e := range slices.Backward(h.of(session)) {
			if len(found) == n {
				break
			}
			if match(e) {
				found = append(found, e)
			}
		}
		if len(found) == n {
			break
		}
	}
	slices.Reverse(found)
	return found
}

// search returns the newest entries whose whole input matches the pattern.
func (h *history) search(r historyRequest) ([]entry, error) {
	pattern := r.Pattern
	if pattern == "" {
		pattern = "*"
	}
	g, err := compileGlob(pattern)
	if err != nil {
		return nil, &CellError{Name: "BadRequest", Value: err.Error()}
	}
	seen := map[string]bool{}
	return h.newest(limit(r.N), func(e entry) bool {
		if !g.MatchString(e.Input) || r.Unique && seen[e.Input] {
			return false
		}
		seen[e.Input] = true
		return true
	}), nil
}

// triple is the form of an entry in history_reply.
func (e entry) triple(output bool) []any {
	if output {
		return []any{e.Session, e.Line, []any{e.Input, e.Output}}
	}
	return []any{e.Session, e.Line, e.Input}
}

// answerHistory answers history_request.
func (s *server) answerHistory(m *message) (any, error) {
	r, err := contentOf[historyRequest](m)
	if err != nil {
		return nil, err
	}
	entries, err := s.history.find(r)
	if err != nil {
		return nil, err
	}
	triples := make([]json.RawMessage, len(entries))
	for i, e := range entries {
		if triples[i], err = encodeJSON(e.triple(r.Output)); err != nil {
			return nil, err
		}
	}
	return map[string]any{"status": statusOK, "history": triples}, nil
}

// close ends the file of this session.
func (h *history) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.log == nil {
		return nil
	}
	return h.log.close()
}

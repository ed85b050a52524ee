package kernel

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// historyKeep is the number of sessions that stay on disk.
const historyKeep = 1000

// historyLog keeps the sessions of all kernels of a user in a directory, one
// file of JSON lines for each. A session writes to no file but its own, so
// kernels that run side by side need no locks; its number is taken by creating
// the file, which succeeds for one of them only.
type historyLog struct {
	dir  string
	log  *slog.Logger
	file *os.File // nil before the first cell and after a failure
	own  int      // number of this session; a guess before file is created
	lost bool     // writing failed: the rest of this session is not kept
}

// record is one line of a session file: the input or the output of a cell.
type record struct {
	Line   int     `json:"line"`
	Input  *string `json:"input,omitempty"`
	Output *string `json:"output,omitempty"`
}

// openHistoryLog returns the log in dir, which need not exist yet. No file is
// created before the first cell: many kernels never run one.
func openHistoryLog(dir string, log *slog.Logger) *historyLog {
	l := &historyLog{dir: dir, log: log}
	l.own = 1
	if taken := l.sessions(); len(taken) > 0 {
		l.own = taken[0] + 1
	}
	return l
}

func (l *historyLog) number() int { return l.own }

func (l *historyLog) path(session int) string {
	return filepath.Join(l.dir, fmt.Sprintf("%06d.jsonl", session))
}

// sessions returns the numbers of all sessions on disk, newest first.
func (l *historyLog) sessions() []int {
	entries, err := os.ReadDir(l.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.log.Warn("history not read", "reason", err)
	}
	var numbers []int
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".jsonl")
		if n, err := strconv.Atoi(name); ok && err == nil && n > 0 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	slices.Reverse(numbers)
	return numbers
}

// earlier returns the numbers of all sessions but this one, newest first.
func (l *historyLog) earlier() []int {
	return slices.DeleteFunc(l.sessions(), func(n int) bool { return n == l.own })
}

// append writes r to the file of this session.
func (l *historyLog) append(r record) {
	if l.lost {
		return
	}
	if err := l.write(r); err != nil {
		l.lost = true
		l.log.Warn("history of this session is no longer kept", "reason", err)
	}
}

func (l *historyLog) write(r record) error {
	if l.file == nil {
		if err := l.create(); err != nil {
			return err
		}
	}
	line, err := encodeJSON(r)
	if err != nil {
		return err
	}
	_, err = l.file.Write(append(line, '\n'))
	return err
}

// create takes the next free number and removes the oldest sessions.
func (l *historyLog) create() error {
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return err
	}
	for {
		f, err := os.OpenFile(l.path(l.own), os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
		if errors.Is(err, fs.ErrExist) {
			l.own++
			continue
		}
		if err != nil {
			return err
		}
		l.file = f
		break
	}
	for i, n := range l.sessions() {
		if i >= historyKeep {
			if err := os.Remove(l.path(n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// read returns the entries of a session, none if there is no such session.
// Lines that make no sense, such as the last one of a killed kernel, are
// skipped.
func (l *historyLog) read(session int) []entry {
	f, err := os.Open(l.path(session))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			l.log.Warn("history not read", "reason", err)
		}
		return nil
	}
	defer f.Close()
	var entries []entry
	lines := bufio.NewReader(f)
	for {
		text, err := lines.ReadBytes('\n')
		var r record
		if json.Unmarshal(bytes.TrimSpace(text), &r) == nil {
			entries = r.applyTo(entries, session)
		}
		if err != nil {
			return entries
		}
	}
}

// applyTo adds a cell or completes the newest one.
func (r record) applyTo(entries []entry, session int) []entry {
	last := len(entries) - 1
	switch {
	case r.Input != nil:
		return append(entries, entry{Session: session, Line: r.Line, Input: *r.Input})
	case r.Output != nil && last >= 0 && entries[last].Line == r.Line:
		entries[last].Output = r.Output
	}
	return entries
}

func (l *historyLog) close() error {
	l.lost = true
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}

// compileGlob translates a pattern with *, ?, [a-z] and [^a-z] into the
// expression that matches whole cells. A [ without ] stands for itself.
func compileGlob(pattern string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			b.WriteString(`.*`)
		case '?':
			b.WriteString(`.`)
		case '[':
			class, length := globClass(pattern[i:])
			b.WriteString(class)
			i += length - 1
		default:
			j := i + 1
			for j < len(pattern) && !strings.ContainsRune("*?[", rune(pattern[j])) {
				j++
			}
			b.WriteString(regexp.QuoteMeta(pattern[i:j]))
			i = j - 1
		}
	}
	b.WriteString(`\z`)
	g, err := regexp.Compile(b.String())
	if err != nil {
		return nil, fmt.Errorf("pattern %q: %w", pattern, err)
	}
	return g, nil
}

// globClass translates the class at the beginning of p and returns its length.
func globClass(p string) (class string, length int) {
	negated := strings.HasPrefix(p[1:], "^")
	first := 1
	if negated {
		first++
	}
	if first >= len(p) {
		return `\[`, 1
	}
	end := strings.IndexByte(p[first+1:], ']') // a ] in front belongs to the class
	if end < 0 {
		return `\[`, 1
	}
	members := p[first : first+1+end]
	members = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `^`, `\^`).Replace(members)
	if negated {
		return `[^` + members + `]`, first + 1 + end + 1
	}
	return `[` + members + `]`, first + 1 + end + 1
}

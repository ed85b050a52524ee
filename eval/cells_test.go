package eval_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/eval"
	"github.com/nskernel/nskernel/kernel"
)

var update = flag.Bool("update", false, "rewrite the expectations of testdata/*.cells that do not hold; read the difference before you commit it")

// TestCells runs testdata/*.cells: each file is a notebook, its cells are cut
// by lines "---". Behind the text of a cell stand its expectations:
//
//	//= text    the value that is shown
//	//> text    what is printed, both streams in order
//	### "regexp"   at the end of a line: the cell fails there with this error
//
// What is not expected must not happen. "//= ~ regexp" and "//> ~ regexp"
// match a line by a pattern.
func TestCells(t *testing.T) {
	files, err := filepath.Glob("testdata/*.cells")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cells found: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".cells"), func(t *testing.T) {
			t.Parallel()
			runCells(t, file)
		})
	}
}

func runCells(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(t)
	changed := false
	chunks := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n---\n")
	line := 1
	for i, chunk := range chunks {
		c := parseCellTest(chunk)
		got := c.run(s, i+1)
		if diff := c.compare(got); diff != "" {
			if *update {
				chunks[i], changed = c.rewrite(got), true
			} else {
				t.Errorf("%s:%d: %s", file, line, diff)
			}
		}
		line += strings.Count(chunk, "\n") + 2
	}
	if changed {
		if err := os.WriteFile(file, []byte(strings.Join(chunks, "\n---\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// cellTest is a cell and what is expected of it; the result of a run has the
// same form.
type cellTest struct {
	code    string
	value   []string
	printed []string
	errLine int // 0 if the cell succeeds
	err     string
}

var marker = regexp.MustCompile(`[ \t]*### ("(?:[^"\\]|\\.)*")$`)

func parseCellTest(chunk string) cellTest {
	var c cellTest
	var code []string
	for _, l := range strings.Split(chunk, "\n") {
		switch {
		case strings.HasPrefix(l, "//="):
			c.value = append(c.value, strings.TrimPrefix(l[3:], " "))
			continue
		case strings.HasPrefix(l, "//>"):
			c.printed = append(c.printed, strings.TrimPrefix(l[3:], " "))
			continue
		}
		if m := marker.FindStringSubmatchIndex(l); m != nil {
			c.err, _ = strconv.Unquote(l[m[2]:m[3]])
			l = l[:m[0]]
			c.errLine = len(code) + 1
		}
		code = append(code, l)
	}
	c.code = strings.Join(code, "\n")
	return c
}

// run executes the cell. A cell that does not end is interrupted.
func (c cellTest) run(s *eval.Session, count int) cellTest {
	out := &recorder{}
	watch := time.AfterFunc(20*time.Second, func() { s.Interrupt(false); s.Interrupt(true) })
	defer watch.Stop()
	reply, err := s.Execute(context.Background(), kernel.Request{Code: c.code, Count: count}, out)
	got := cellTest{code: c.code}
	if text := strings.TrimSuffix(out.String(), "\n"); text != "" {
		got.printed = strings.Split(text, "\n")
	}
	if reply.Result != nil {
		got.value = strings.Split(fmt.Sprint(reply.Result.Data[display.MIMEText]), "\n")
	}
	if err != nil {
		got.err = err.Error()
		got.errLine = errorLine(err, fmt.Sprintf("cell[%d]:", count))
	}
	return got
}

// errorLine finds the line of the cell that the traceback names first.
func errorLine(err error, prefix string) int {
	ce, ok := err.(*kernel.CellError)
	if !ok {
		return -1
	}
	for _, l := range ce.Traceback {
		if i := strings.Index(l, prefix); i >= 0 {
			n := strings.TrimFunc(regexp.MustCompile(`^\d+`).FindString(l[i+len(prefix):]), func(r rune) bool { return r == ':' })
			if line, err := strconv.Atoi(n); err == nil {
				return line
			}
		}
	}
	return -1
}

// compare tells how got differs from what is expected, "" if it does not.
func (c cellTest) compare(got cellTest) string {
	var diffs []string
	if d := compareLines("value", c.value, got.value); d != "" {
		diffs = append(diffs, d)
	}
	if d := compareLines("output", c.printed, got.printed); d != "" {
		diffs = append(diffs, d)
	}
	switch {
	case c.err == "" && got.err != "":
		diffs = append(diffs, "error "+got.err)
	case c.err != "" && got.err == "":
		diffs = append(diffs, "no error, want "+c.err)
	case c.err != "":
		if ok, err := regexp.MatchString(c.err, got.err); !ok || err != nil {
			diffs = append(diffs, fmt.Sprintf("error %s, want %s", got.err, c.err))
		} else if got.errLine != c.errLine {
			diffs = append(diffs, fmt.Sprintf("error in line %d, want %d: %s", got.errLine, c.errLine, got.err))
		}
	}
	if len(diffs) == 0 {
		return ""
	}
	return strings.Join(diffs, "; ") + "\n" + c.code
}

func compareLines(what string, want, got []string) string {
	ok := len(want) == len(got)
	for i := 0; ok && i < len(want); i++ {
		if pattern, is := strings.CutPrefix(want[i], "~ "); is {
			ok, _ = regexp.MatchString(pattern, got[i])
		} else {
			ok = strings.TrimRight(got[i], " ") == strings.TrimRight(want[i], " ")
		}
	}
	if ok {
		return ""
	}
	return fmt.Sprintf("%s %q, want %q", what, got, want)
}

// rewrite returns the chunk with the expectations that a run has met.
func (c cellTest) rewrite(got cellTest) string {
	lines := strings.Split(c.code, "\n")
	if got.err != "" {
		i := max(min(got.errLine, len(lines)), 1) - 1
		lines[i] += " ### " + strconv.Quote(regexp.QuoteMeta(got.err))
	}
	for _, l := range got.value {
		lines = append(lines, strings.TrimRight("//= "+l, " "))
	}
	for _, l := range got.printed {
		lines = append(lines, strings.TrimRight("//> "+l, " "))
	}
	return strings.Join(lines, "\n")
}

package eval_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/eval"
	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/symbols"
)

// recorder is the Output of a test: it keeps what a cell does.
type recorder struct {
	mu     sync.Mutex
	text   strings.Builder // both streams
	shown  []display.Bundle
	input  []string // lines that Input returns
	onText func(string)
}

var _ kernel.Output = (*recorder)(nil)

func (r *recorder) Stream(name, text string) {
	r.mu.Lock()
	r.text.WriteString(text)
	f := r.onText
	r.mu.Unlock()
	if f != nil {
		f(text)
	}
}

func (r *recorder) Display(b display.Bundle, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shown = append(r.shown, b)
	fmt.Fprintf(&r.text, "[display %v]\n", b.Data[display.MIMEText])
	return nil
}

func (r *recorder) Update(b display.Bundle, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(&r.text, "[update %v]\n", b.Data[display.MIMEText])
	return nil
}

func (r *recorder) Clear(wait bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text.WriteString("[clear]\n")
	return nil
}

func (r *recorder) Input(prompt string, password bool) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.input) == 0 {
		return "", io.EOF
	}
	line := r.input[0]
	r.input = r.input[1:]
	return line, nil
}

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

var testPreload = map[string]string{
	"fmt": "fmt", "math": "math", "strings": "strings", "errors": "errors", "time": "time", "os": "os", "sort": "sort", "display": displayPath,
}

const displayPath = "github.com/nskernel/nskernel/display"

// testOptions give a session the symbols and types of the kernel: the cells of
// the tests see what all cells see.
func testOptions() eval.Options {
	imp, err := symbols.Importer()
	if err != nil {
		panic(err)
	}
	return eval.Options{Exports: symbols.Exports(), Importer: imp, Preload: testPreload, Packages: symbols.Packages(), Doc: symbols.Doc}
}

func newSession(t testing.TB) *eval.Session { return newSessionWith(t, testOptions()) }

func newSessionWith(t testing.TB, opt eval.Options) *eval.Session {
	t.Helper()
	s, err := eval.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// notebook runs the cells of a test in one session.
type notebook struct {
	t     testing.TB
	s     *eval.Session
	count int
	last  *recorder
}

func newNotebook(t testing.TB) *notebook { return &notebook{t: t, s: newSession(t)} }

// exec runs a cell.
func (n *notebook) exec(code string) (kernel.Reply, string, error) {
	n.count++
	n.last = &recorder{}
	r, err := n.s.Execute(context.Background(), kernel.Request{Code: code, Count: n.count, StoreHistory: true}, n.last)
	return r, n.last.String(), err
}

// result runs a cell that must succeed; it returns the text of what it shows
// and what it printed.
func (n *notebook) result(code string) (value, printed string) {
	n.t.Helper()
	r, out, err := n.exec(code)
	if err != nil {
		n.t.Fatalf("cell %q: %v", code, describe(err))
	}
	if r.Result == nil {
		return "", out
	}
	return fmt.Sprint(r.Result.Data[display.MIMEText]), out
}

func describe(err error) string {
	if ce, ok := err.(*kernel.CellError); ok {
		return ce.Error() + "\n" + strings.Join(ce.Traceback, "\n")
	}
	return err.Error()
}

package eval_test

import (
	"context"
	"io"
	"maps"
	"strings"
	"testing"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/eval"
	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/symbols"
)

// editorPreload are the names that cells of these tests can use.
var editorPreload = map[string]string{
	"ns":      "github.com/nskernel/nskernel/neurospatial",
	"plot":    "github.com/nskernel/nskernel/plot",
	"display": "github.com/nskernel/nskernel/display",
	"fmt":     "fmt",
	"math":    "math",
	"strings": "strings",
	"mat":     "gonum.org/v1/gonum/mat",
}

// newEditor returns a session with the symbols of the kernel in which cells
// have been run.
func newEditor(t testing.TB, cells ...string) *eval.Session {
	t.Helper()
	imp, err := symbols.Importer()
	if err != nil {
		t.Fatal(err)
	}
	s, err := eval.New(eval.Options{
		Exports: symbols.Exports(), Importer: imp, Doc: symbols.Doc, Packages: symbols.Packages(), Preload: maps.Clone(editorPreload),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for i, c := range cells {
		if _, err := s.Execute(context.Background(), kernel.Request{Code: c, Count: i + 1}, silent{}); err != nil {
			t.Fatalf("cell %d: %v", i+1, err)
		}
	}
	return s
}

// silent is an Output that nobody looks at.
type silent struct{}

func (silent) Stream(string, string)                {}
func (silent) Display(display.Bundle, string) error { return nil }
func (silent) Update(display.Bundle, string) error  { return nil }
func (silent) Clear(bool) error                     { return nil }
func (silent) Input(string, bool) (string, error)   { return "", io.EOF }

// atCursor returns code without the mark | and the offset of the mark.
func atCursor(t testing.TB, marked string) (code string, offset int) {
	t.Helper()
	before, after, ok := strings.Cut(marked, "¦")
	if !ok {
		t.Fatalf("no ¦ in %q", marked)
	}
	return before + after, len(before)
}

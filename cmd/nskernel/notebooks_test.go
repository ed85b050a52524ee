package main

import (
	"context"
	"encoding/base64"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/notebook"
)

// runNotebook executes a notebook of the repository where its data is and
// returns it as stored and as it came out.
func runNotebook(t *testing.T, name string) (stored, fresh *notebook.Notebook) {
	t.Helper()
	t.Chdir(filepath.Join("..", "..", "notebooks"))
	stored, err := notebook.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	fresh, err = notebook.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	w, err := newWorkbench(direct)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := fresh.Run(context.Background(), w.session, notebook.RunOptions{}); err != nil {
		t.Fatal(err)
	}
	return stored, fresh
}

// TestNotebooks holds the stored outputs of every notebook to account.
func TestNotebooks(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "..", "notebooks", "*.ipynb"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			stored, fresh := runNotebook(t, filepath.Base(name))
			for _, d := range notebook.Differences(stored, fresh) {
				t.Error(d)
			}
		})
	}
}

// TestQuickstart wants what the first command of README promises: numbers, and
// at least four figures that decode as PNG.
func TestQuickstart(t *testing.T) {
	_, nb := runNotebook(t, "quickstart.ipynb")
	figures, text := 0, ""
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			text += o.Text
			encoded, ok := o.Data[display.MIMEPNG].(string)
			if !ok {
				continue
			}
			b, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil || !strings.HasPrefix(string(b), "\x89PNG\r\n") {
				t.Errorf("a figure is no PNG: %v", err)
			}
			figures++
		}
	}
	if figures < 4 {
		t.Errorf("%d figures, want at least 4", figures)
	}
	if want := "in the recording 599.64 s, equal to 1e-9: true"; !strings.Contains(text, want) {
		t.Errorf("the outputs lack %q", want)
	}
}

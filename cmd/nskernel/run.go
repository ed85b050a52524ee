package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/notebook"
)

func newRun() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Run a notebook or a Go file from start to end, without Jupyter",
		Long: `Run a notebook (.ipynb) or a Go file (.go) from start to end, without Jupyter.

A Go file is a complete program (package main with func main), or cells
separated by lines that begin with "// %%". What the cells print is shown as it
comes. At the first cell that fails, the error is shown and the exit status is 1.`,
		Example: "  nskernel run notebooks/quickstart.ipynb\n  nskernel run analysis.go -o analysis.ipynb",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runFile(cmd.Context(), args[0], output)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "write the executed notebook to `FILE`")
	return cmd
}

func runFile(ctx context.Context, name, output string) error {
	if output != "" && filepath.Ext(output) != ".ipynb" {
		return misused(fmt.Errorf("-o %s: the output is a notebook, its name must end in .ipynb", output))
	}
	nb, err := readFile(name)
	if err != nil {
		return misused(err)
	}
	if output != "" {
		// Found out now rather than after an hour of work.
		if _, err := os.Stat(filepath.Dir(output)); err != nil {
			return misused(fmt.Errorf("-o %s: %w", output, err))
		}
		if output, err = filepath.Abs(output); err != nil {
			return failed(err)
		}
	}
	// A notebook finds its data beside itself, wherever it is run from.
	if filepath.Ext(name) == ".ipynb" {
		if err := os.Chdir(filepath.Dir(name)); err != nil {
			return failed(err)
		}
	}
	w, err := newWorkbench(captured)
	if err != nil {
		return failed(err)
	}
	defer w.Close()
	stop := w.interruptOnSignal()
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	term := &terminal{w: w, stop: cancel}
	runErr := nb.Run(ctx, w.session, term.options())
	if err := term.failure(); err != nil && output == "" {
		return err
	}
	if output != "" {
		if err := nb.Write(output); err != nil {
			return failed(errors.Join(runErr, err))
		}
	}
	var cell *notebook.CellFailure
	if errors.As(runErr, &cell) {
		return &failure{status: exitStatus(cell.Err)} // the traceback has been shown
	}
	return failed(runErr)
}

// exitStatus is the status that a program gave to os.Exit, else that of a
// failure.
func exitStatus(err *kernel.CellError) int {
	status := 0
	if err.Name == "exit" {
		if _, e := fmt.Sscanf(err.Value, "exit status %d", &status); e == nil && status > 0 {
			return status
		}
	}
	return exitFailed
}

func readFile(name string) (*notebook.Notebook, error) {
	switch filepath.Ext(name) {
	case ".ipynb":
		return notebook.Read(name)
	case ".go":
		nb, err := notebook.ReadScript(name)
		if err != nil {
			return nil, err
		}
		for _, c := range nb.Cells {
			if !utf8.ValidString(c.Source) || strings.ContainsRune(c.Source, 0) {
				return nil, fmt.Errorf("%s is not text in UTF-8", name)
			}
		}
		return nb, nil
	}
	if _, err := os.Stat(name); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%s: nskernel runs notebooks (.ipynb) and Go files (.go)", name)
}

// terminal shows what the cells of a headless run produce. When it cannot be
// written to (the reader of a pipe has gone, the disk is full), the run ends.
type terminal struct {
	w    *workbench
	stop context.CancelFunc
	mu   sync.Mutex
	err  error // of the first write that failed
}

func (t *terminal) options() notebook.RunOptions {
	return notebook.RunOptions{
		OnCell: func(int, *notebook.Cell) { t.w.interrupted.Store(false) },
		OnStream: func(name, text string) {
			if name == "stderr" {
				t.write(t.w.stderr, text)
			} else {
				t.write(t.w.stdout, text)
			}
		},
		OnOutput: func(o notebook.Output) {
			if o.Type == notebook.Error {
				t.mu.Lock()
				gone := t.err != nil
				t.mu.Unlock()
				// After a failed write it is the interrupt of write; a program
				// that ends by os.Exit has said what it wanted.
				if !gone && o.EName != "exit" {
					printTraceback(t.w.stderr, o.Traceback)
				}
				return
			}
			t.write(t.w.stdout, describe(o)+"\n")
		},
	}
}

func (t *terminal) write(f *os.File, text string) {
	_, err := io.WriteString(f, text)
	if err == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil {
		t.err = err
		t.stop()
		// On its own goroutine: the cell may be waiting for this write.
		go t.w.session.Interrupt(false)
	}
}

// failure is the error of the first write that failed. A reader that has gone
// away wants no message.
func (t *terminal) failure() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.err == nil:
		return nil
	case errors.Is(t.err, syscall.EPIPE):
		return &failure{status: exitFailed}
	}
	return failed(fmt.Errorf("output: %w", t.err))
}

// describe is the plain text of an output, with a note of the pictures that
// a terminal does not show.
func describe(o notebook.Output) string {
	text, _ := o.Data[display.MIMEText].(string)
	var pictures []string
	for _, m := range []string{display.MIMEPNG, display.MIMESVG, display.MIMEJPEG} {
		if _, ok := o.Data[m]; ok {
			pictures = append(pictures, m)
		}
	}
	if len(pictures) == 0 {
		return text
	}
	return strings.TrimSpace(text + " [" + strings.Join(pictures, ", ") + "]")
}

var ansi = regexp.MustCompile("\x1b\\[[0-9;]*m")

func printTraceback(w *os.File, lines []string) {
	text := strings.Join(lines, "\n")
	if !term.IsTerminal(int(w.Fd())) || os.Getenv("NO_COLOR") != "" {
		text = ansi.ReplaceAllString(text, "")
	}
	fmt.Fprintln(w, text)
}

// interruptOnSignal passes Ctrl-C to the running cell: the first stops it, the
// second gives it up. The function it returns undoes this.
func (w *workbench) interruptOnSignal() func() {
	c := make(chan os.Signal, 2)
	signal.Notify(c, os.Interrupt)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-c:
				w.session.Interrupt(w.interrupted.Swap(true))
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(c)
		close(done)
	}
}

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

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/nskernel/nskernel/display"
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
	runErr := nb.Run(ctx, w.session, w.printing())
	if output != "" {
		if err := nb.Write(output); err != nil {
			return failed(errors.Join(runErr, err))
		}
	}
	var cell *notebook.CellFailure
	if errors.As(runErr, &cell) {
		return &failure{status: exitFailed} // the traceback has been shown
	}
	return failed(runErr)
}

func readFile(name string) (*notebook.Notebook, error) {
	switch filepath.Ext(name) {
	case ".ipynb":
		return notebook.Read(name)
	case ".go":
		return notebook.ReadScript(name)
	}
	if _, err := os.Stat(name); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%s: nskernel runs notebooks (.ipynb) and Go files (.go)", name)
}

// printing shows on the terminal what the cells of a headless run produce.
func (w *workbench) printing() notebook.RunOptions {
	return notebook.RunOptions{
		OnCell: func(int, *notebook.Cell) { w.interrupted.Store(false) },
		OnStream: func(name, text string) {
			out := w.stdout
			if name == "stderr" {
				out = w.stderr
			}
			io.WriteString(out, text)
		},
		OnOutput: func(o notebook.Output) {
			if o.Type == notebook.Error {
				printTraceback(w.stderr, o.Traceback)
				return
			}
			fmt.Fprintln(w.stdout, describe(o))
		},
	}
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

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/reeflective/readline"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
)

func newREPL() *cobra.Command {
	return &cobra.Command{
		Use:   "repl",
		Short: "Type cells at a prompt",
		Long: `Type cells at a prompt: the language, completion and errors are those of a
notebook. Tab completes, Up recalls, Ctrl-C stops a running cell and keeps its
variables, Ctrl-D ends. Figures are written to files and their names printed.
Input that is not a terminal is read to its end and run.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w, err := newWorkbench(direct)
			if err != nil {
				return failed(err)
			}
			defer w.Close()
			r := &repl{w: w, out: os.Stdout}
			if !term.IsTerminal(int(os.Stdin.Fd())) {
				return r.pipe(cmd.Context(), os.Stdin)
			}
			return failed(r.interact(cmd.Context()))
		},
	}
}

// repl reads cells, runs them and prints what they produce.
type repl struct {
	w       *workbench
	out     io.Writer
	count   int
	figures string // folder of figures, made when the first one is shown
}

// interact is the loop at a terminal.
func (r *repl) interact(ctx context.Context) error {
	fmt.Fprintf(r.out, "%s\nTab completes, Ctrl-D ends.\n", r.w.session.Info().Banner)
	sh := readline.NewShell()
	sh.Prompt.Primary(func() string { return fmt.Sprintf("In [%d]: ", r.count+1) })
	sh.Prompt.Secondary(func() string { return "   ...: " })
	sh.AcceptMultiline = func(line []rune) bool {
		status, _ := r.w.session.IsComplete(string(line))
		return status != kernel.Incomplete
	}
	sh.Completer = r.complete
	if dir := stateDir(); dir != "" {
		sh.History.AddFromFile("nskernel", filepath.Join(dir, "repl_history"))
	}
	stop := r.w.interruptOnSignal()
	defer stop()
	for {
		code, err := sh.Readline()
		switch {
		case errors.Is(err, io.EOF):
			fmt.Fprintln(r.out)
			return nil
		case errors.Is(err, readline.ErrInterrupt):
			continue // the line is given up
		case err != nil:
			return err
		}
		r.cell(ctx, code)
	}
}

// pipe runs input that is not typed: line by line until what was read is a
// complete cell. A failed cell ends it with exit status 1.
func (r *repl) pipe(ctx context.Context, in io.Reader) error {
	stop := r.w.interruptOnSignal()
	defer stop()
	var code strings.Builder
	ok := true
	run := func() {
		if strings.TrimSpace(code.String()) != "" {
			ok = r.cell(ctx, code.String()) && ok
		}
		code.Reset()
	}
	sc := bufio.NewScanner(in)
	sc.Buffer(nil, 64<<20)
	for ok && sc.Scan() {
		code.WriteString(sc.Text() + "\n")
		if status, _ := r.w.session.IsComplete(strings.TrimSuffix(code.String(), "\n")); status != kernel.Incomplete {
			run()
		}
	}
	if err := sc.Err(); err != nil {
		return failed(fmt.Errorf("standard input: %w", err))
	}
	if ok {
		run()
	}
	if !ok {
		return &failure{status: exitFailed}
	}
	return nil
}

// cell runs one cell and reports whether it succeeded.
func (r *repl) cell(ctx context.Context, code string) bool {
	if strings.TrimSpace(code) == "" {
		return true
	}
	r.count++
	r.w.interrupted.Store(false)
	reply, err := r.w.session.Execute(ctx, kernel.Request{Code: code, Count: r.count, StoreHistory: true, AllowStdin: true}, r)
	if err != nil {
		var ce *kernel.CellError
		if errors.As(err, &ce) {
			printTraceback(r.w.stderr, ce.Traceback)
		} else {
			fmt.Fprintln(r.w.stderr, err)
		}
		return false
	}
	io.WriteString(r.out, payloadText(reply.Payload))
	if reply.Result != nil {
		if err := r.Display(*reply.Result, ""); err != nil {
			fmt.Fprintln(r.w.stderr, err)
		}
	}
	return true
}

// complete offers what the session knows at the cursor.
func (r *repl) complete(line []rune, cursor int) readline.Completions {
	code := string(line)
	at := len(string(line[:min(cursor, len(line))]))
	c := r.w.session.Complete(code, at)
	prefix := code[c.Start:at]
	var values []readline.Completion
	for _, it := range c.Items {
		values = append(values, readline.Completion{Value: it.Text, Display: it.Text, Description: it.Signature, Tag: it.Type})
	}
	comps := readline.CompleteRaw(values)
	comps.PREFIX = prefix
	return comps.NoSpace()
}

// Stream prints.
func (r *repl) Stream(name, text string) {
	if name == "stderr" {
		io.WriteString(r.w.stderr, text)
		return
	}
	io.WriteString(r.out, text)
}

// Display prints the text of b and writes its picture to a file.
func (r *repl) Display(b display.Bundle, _ string) error {
	if text, ok := b.Data[display.MIMEText].(string); ok {
		fmt.Fprintln(r.out, text)
	}
	png, ok := b.Data[display.MIMEPNG].([]byte)
	if !ok {
		return nil
	}
	if r.figures == "" {
		dir, err := os.MkdirTemp("", "nskernel-figures-")
		if err != nil {
			return err
		}
		r.figures = dir
	}
	f, err := os.CreateTemp(r.figures, fmt.Sprintf("figure-%03d-*.png", r.count))
	if err != nil {
		return err
	}
	_, err = f.Write(png)
	fmt.Fprintln(r.out, "figure:", f.Name())
	return errors.Join(err, f.Close())
}

// Update prints the new text: a terminal cannot replace what scrolled away.
func (r *repl) Update(b display.Bundle, id string) error { return r.Display(b, id) }

// Clear does nothing: what was printed stays.
func (r *repl) Clear(bool) error { return nil }

// Input reads a line from the terminal, without echo for a password.
func (r *repl) Input(prompt string, password bool) (string, error) {
	fmt.Fprint(r.out, prompt)
	if password {
		b, err := term.ReadPassword(int(os.Stdin.Fd()))
		fmt.Fprintln(r.out)
		return string(b), err
	}
	// Byte by byte: a buffered reader would take what follows the line.
	var line []byte
	buf := make([]byte, 1)
	for {
		n, err := os.Stdin.Read(buf)
		if n == 1 && buf[0] == '\n' {
			break
		}
		line = append(line, buf[:n]...)
		if err != nil {
			if len(line) == 0 {
				return "", err
			}
			break
		}
	}
	return strings.ToValidUTF8(strings.TrimSuffix(string(line), "\r"), string(utf8.RuneError)), nil
}

var _ kernel.Output = (*repl)(nil)

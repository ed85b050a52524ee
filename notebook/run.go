package notebook

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
)

// RunOptions are the options of Run. The zero value stops at the first cell
// that fails and shows nothing while it runs.
type RunOptions struct {
	// KeepGoing runs the cells after a failed one, too.
	KeepGoing bool
	// OnStream is called with the text that a cell prints, as it comes; name
	// is stdout or stderr. It must not print to the process's own standard
	// output when the interpreter captures that.
	OnStream func(name, text string)
	// OnOutput is called with every other output when it appears or changes.
	OnOutput func(o Output)
	// OnCell is called before a code cell runs; index counts all cells from 0.
	OnCell func(index int, c *Cell)
}

// CellFailure is the error of a cell that failed.
type CellFailure struct {
	Index int // of the cell, all cells counted from 0
	Count int // its execution count
	Err   *kernel.CellError
}

// Error names the cell and what went wrong, in one line.
func (f *CellFailure) Error() string {
	return fmt.Sprintf("cell %d: %v", f.Index+1, f.Err)
}

// Unwrap returns the error of the cell.
func (f *CellFailure) Unwrap() error { return f.Err }

// Run executes the code cells of nb in order with in and replaces their
// outputs and execution counts. It returns the first *CellFailure (joined with
// the later ones when opts say to keep going), or the error of ctx, which ends the
// run before the next cell. Cells that were not reached keep no output.
func (nb *Notebook) Run(ctx context.Context, in kernel.Interpreter, opts RunOptions) error {
	for _, c := range nb.Cells {
		if c.Type == Code {
			c.Outputs, c.Count = nil, 0
		}
	}
	nb.stamp(in.Info().Language)
	var failures []error
	count := 0
	for i, c := range nb.Cells {
		if c.Type != Code || isBlank(c.Source) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return errors.Join(append(failures, err)...)
		}
		count++
		if opts.OnCell != nil {
			opts.OnCell(i, c)
		}
		if err := nb.runCell(ctx, in, c, count, opts); err != nil {
			failures = append(failures, &CellFailure{Index: i, Count: count, Err: err})
			if !opts.KeepGoing {
				break
			}
		}
	}
	if len(failures) == 1 {
		return failures[0]
	}
	return errors.Join(failures...)
}

// stamp records the language in the metadata, as Jupyter does when it saves.
func (nb *Notebook) stamp(l kernel.LanguageInfo) {
	if nb.Metadata == nil {
		nb.Metadata = map[string]any{}
	}
	if info, err := plain(l); err == nil {
		nb.Metadata["language_info"] = info
	}
	if _, ok := nb.Metadata["kernelspec"]; !ok {
		nb.Metadata["kernelspec"] = map[string]any{"name": "nskernel", "display_name": "Go (nskernel)", "language": l.Name}
	}
}

func (nb *Notebook) runCell(ctx context.Context, in kernel.Interpreter, c *Cell, count int, opts RunOptions) *kernel.CellError {
	col := &collector{nb: nb, cell: c, opts: opts}
	c.Count = count
	reply, err := in.Execute(ctx, kernel.Request{
		Code: c.Source, Count: count, StoreHistory: true, CellID: c.ID,
	}, col)
	if err == nil {
		err = col.pages(reply.Payload)
	}
	if err == nil {
		if reply.Result != nil {
			col.result(*reply.Result, count)
		}
		return nil
	}
	var ce *kernel.CellError
	if !errors.As(err, &ce) {
		ce = &kernel.CellError{Name: fmt.Sprintf("%T", err), Value: err.Error(), Traceback: []string{err.Error()}}
	}
	col.add(Output{Type: Error, EName: ce.Name, EValue: ce.Value, Traceback: ce.Traceback})
	return ce
}

func isBlank(s string) bool {
	for _, r := range s {
		if r != ' ' && r != '\t' && r != '\n' && r != '\r' {
			return false
		}
	}
	return true
}

var errNoInput = fmt.Errorf("input is not available while a notebook runs by itself: %w", io.EOF)

// Input refuses: nobody is there to answer.
func (*collector) Input(string, bool) (string, error) { return "", errNoInput }

var _ kernel.Output = (*collector)(nil)
var _ display.Sink = (*collector)(nil)

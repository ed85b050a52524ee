package kerneltest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
)

// Interpreter is a language for tests of kernels. Every line of a cell is a
// command, a word with the rest of the line as argument:
//
//	print TEXT      print a line on stdout
//	stderr TEXT     print a line on stderr
//	lines N         print N numbered lines, with one call each
//	result TEXT     value of the cell
//	display TEXT    show a text
//	show ID TEXT    show a text under an id
//	update ID TEXT  replace it
//	clear, clear wait
//	input PROMPT    ask for a line and print it
//	password PROMPT ask without echo
//	set N V, get N  a variable: set it, print it
//	page TEXT       text for the pager
//	fail VALUE      end with the error Failure
//	panic VALUE     panic in the interpreter
//	goexit          end the goroutine of the cell
//	block           wait for an interrupt
//	deaf            ignore interrupts until the second
//
// Handle adds others.
type Interpreter struct {
	mu        sync.Mutex
	commands  map[string]Command
	variables map[string]string
	interrupt chan struct{} // closed by Interrupt
	second    chan struct{} // closed by the second
	told      []bool
	requests  []kernel.Request
	closed    bool
}

var _ kernel.Interpreter = (*Interpreter)(nil)

// Command runs one line of a cell. An error ends the cell.
type Command func(c *Cell, arg string) error

// Cell is a running cell.
type Cell struct {
	Ctx         context.Context
	Request     kernel.Request
	Out         kernel.Output
	Reply       kernel.Reply
	Interrupted <-chan struct{} // closed by the first interrupt
	second      <-chan struct{}
	interp      *Interpreter
}

// NewInterpreter returns an interpreter with the commands above.
func NewInterpreter() *Interpreter {
	return &Interpreter{commands: maps.Clone(builtin), variables: map[string]string{}}
}

// Handle makes name a command.
func (i *Interpreter) Handle(name string, c Command) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.commands[name] = c
}

// Interrupts returns the arguments of all calls of Interrupt.
func (i *Interpreter) Interrupts() []bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.told)
}

// Requests returns the requests of all cells.
func (i *Interpreter) Requests() []kernel.Request {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.requests)
}

// Closed reports whether Close has been called.
func (i *Interpreter) Closed() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.closed
}

// Info implements kernel.Interpreter.
func (i *Interpreter) Info() kernel.Info {
	return kernel.Info{
		Implementation: "kerneltest", ImplementationVersion: "1.0.0", Banner: "commands for tests",
		Language:  kernel.LanguageInfo{Name: "commands", Version: "1.0.0", MIMEType: "text/x-commands", FileExtension: ".txt"},
		HelpLinks: []kernel.HelpLink{{Text: "Jupyter protocol", URL: "https://jupyter-client.readthedocs.io/en/stable/messaging.html"}},
	}
}

// Execute implements kernel.Interpreter.
func (i *Interpreter) Execute(ctx context.Context, req kernel.Request, out kernel.Output) (kernel.Reply, error) {
	c := &Cell{Ctx: ctx, Request: req, Out: out, interp: i}
	i.mu.Lock()
	i.requests = append(i.requests, req)
	i.interrupt, i.second = make(chan struct{}), make(chan struct{})
	c.Interrupted, c.second = i.interrupt, i.second
	i.mu.Unlock()
	for line := range strings.Lines(req.Code) {
		if err := i.run(c, strings.TrimSpace(line)); err != nil {
			return kernel.Reply{}, err
		}
	}
	for name, x := range req.UserExpressions {
		if c.Reply.UserExpressions == nil {
			c.Reply.UserExpressions = map[string]kernel.Expression{}
		}
		c.Reply.UserExpressions[name] = i.expression(x)
	}
	return c.Reply, nil
}

func (i *Interpreter) run(c *Cell, line string) error {
	if line == "" {
		return nil
	}
	name, arg, _ := strings.Cut(line, " ")
	command := i.command(name)
	if command == nil {
		return &kernel.CellError{Name: "UnknownCommand", Value: name}
	}
	return command(c, arg)
}

func (i *Interpreter) command(name string) Command {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.commands[name]
}

func (i *Interpreter) expression(x string) kernel.Expression {
	i.mu.Lock()
	defer i.mu.Unlock()
	v, ok := i.variables[x]
	if !ok {
		return kernel.Expression{Err: &kernel.CellError{Name: "UnknownVariable", Value: x}}
	}
	return kernel.Expression{Value: display.TextBundle(v)}
}

// Complete implements kernel.Interpreter: the commands that begin like the word
// before the cursor.
func (i *Interpreter) Complete(code string, cursor int) kernel.Completion {
	start := strings.LastIndexAny(code[:cursor], " \n") + 1
	c := kernel.Completion{Start: start, End: cursor}
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(i.commands)) {
		if strings.HasPrefix(name, code[start:cursor]) {
			c.Items = append(c.Items, kernel.CompletionItem{Text: name, Type: "keyword", Signature: name + " ARG"})
		}
	}
	return c
}

// Inspect implements kernel.Interpreter: a sentence about the word that the
// cursor touches.
func (i *Interpreter) Inspect(code string, cursor, detail int) (display.Bundle, bool) {
	start := strings.LastIndexAny(code[:cursor], " \n") + 1
	word, _, _ := strings.Cut(code[start:], " ")
	if i.command(word) == nil {
		return display.Bundle{}, false
	}
	return display.TextBundle(fmt.Sprintf("%s is a command (detail %d)", word, detail)), true
}

// IsComplete implements kernel.Interpreter: a backslash at the end asks for
// more, an unknown command is invalid.
func (i *Interpreter) IsComplete(code string) (kernel.Completeness, string) {
	if strings.HasSuffix(code, `\`) {
		return kernel.Incomplete, "  "
	}
	if name, _, _ := strings.Cut(code, " "); i.command(name) == nil {
		return kernel.Invalid, ""
	}
	return kernel.Complete, ""
}

// Interrupt implements kernel.Interpreter.
func (i *Interpreter) Interrupt(second bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.told = append(i.told, second)
	closeOnce(i.interrupt)
	if second {
		closeOnce(i.second)
	}
}

// closeOnce closes c, unless it is nil or closed. The caller holds a lock.
func closeOnce(c chan struct{}) {
	if c == nil { // before the first cell
		return
	}
	select {
	case <-c:
	default:
		close(c)
	}
}

// Close implements kernel.Interpreter.
func (i *Interpreter) Close() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed {
		return errors.New("kerneltest: interpreter closed twice")
	}
	i.closed = true
	return nil
}

var errInterrupted = &kernel.CellError{Name: "interrupted", Value: "by the user"}

var builtin = map[string]Command{
	"print":  func(c *Cell, arg string) error { c.Out.Stream("stdout", arg+"\n"); return nil },
	"stderr": func(c *Cell, arg string) error { c.Out.Stream("stderr", arg+"\n"); return nil },
	"lines": func(c *Cell, arg string) error {
		n, err := strconv.Atoi(arg)
		for k := range n {
			c.Out.Stream("stdout", "line "+strconv.Itoa(k)+"\n")
		}
		return err
	},
	"result": func(c *Cell, arg string) error {
		b := display.TextBundle(arg)
		c.Reply.Result = &b
		return nil
	},
	"display": func(c *Cell, arg string) error { return c.Out.Display(display.TextBundle(arg), "") },
	"show": func(c *Cell, arg string) error {
		id, text, _ := strings.Cut(arg, " ")
		return c.Out.Display(display.TextBundle(text), id)
	},
	"update": func(c *Cell, arg string) error {
		id, text, _ := strings.Cut(arg, " ")
		return c.Out.Update(display.TextBundle(text), id)
	},
	"clear":    func(c *Cell, arg string) error { return c.Out.Clear(arg == "wait") },
	"input":    func(c *Cell, arg string) error { return c.input(arg, false) },
	"password": func(c *Cell, arg string) error { return c.input(arg, true) },
	"set": func(c *Cell, arg string) error {
		name, value, _ := strings.Cut(arg, " ")
		c.interp.mu.Lock()
		defer c.interp.mu.Unlock()
		c.interp.variables[name] = value
		return nil
	},
	"get": func(c *Cell, arg string) error {
		c.interp.mu.Lock()
		v := c.interp.variables[arg]
		c.interp.mu.Unlock()
		c.Out.Stream("stdout", v+"\n")
		return nil
	},
	"page": func(c *Cell, arg string) error {
		c.Reply.Payload = append(c.Reply.Payload, map[string]any{
			"source": "page", "start": 0, "data": map[string]any{display.MIMEText: arg},
		})
		return nil
	},
	"fail": func(c *Cell, arg string) error {
		return &kernel.CellError{Name: "Failure", Value: arg, Traceback: []string{"Failure: " + arg}}
	},
	"panic":  func(c *Cell, arg string) error { panic(arg) },
	"goexit": func(c *Cell, arg string) error { runtime.Goexit(); return nil },
	"block":  func(c *Cell, arg string) error { return c.wait(c.Interrupted) },
	"deaf":   func(c *Cell, arg string) error { return c.wait(c.second) },
}

func (c *Cell) input(prompt string, password bool) error {
	line, err := c.Out.Input(prompt, password)
	if err == nil {
		c.Out.Stream("stdout", line+"\n")
	}
	return err
}

func (c *Cell) wait(interrupt <-chan struct{}) error {
	select {
	case <-interrupt:
		return errInterrupted
	case <-c.Ctx.Done():
		return c.Ctx.Err()
	}
}

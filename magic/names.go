package magic

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/nskernel/nskernel/plugin"
)

const (
	whoHelp = `%who [KIND]  list what the cells have defined
KIND is variable, function, type, constant or import.`
	resetHelp = `%reset [-f]  forget everything that the cells have defined and imported
It asks first unless -f is given.`
	autocheckHelp = `%autocheck [on|off]  end a cell at an error that nobody looks at, or not
On, which it is at first, a statement at the top level of a cell that returns
an error ends the cell. Without an argument it tells what is set.`
	helpHelp = `%help [MAGIC]  list the magics, or explain one
NAME? shows the documentation of a Go name, NAME?? its source as well.`
)

var kinds = []string{"variable", "function", "type", "constant", "import"}

func (m *set) who(c *plugin.Call) error {
	if c.Args != "" && !slices.Contains(kinds, c.Args) {
		return &hinted{fmt.Sprintf("%%who knows no kind %q", c.Args), "write one of " + strings.Join(kinds, ", ")}
	}
	w := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	n := 0
	for _, name := range m.session.Names() {
		if c.Args == "" || name.Kind == c.Args {
			fmt.Fprintf(w, "%s\t%s\t%s\n", name.Name, name.Kind, name.Type)
			n++
		}
	}
	if n == 0 {
		fmt.Fprintln(w, "nothing is defined")
	}
	return w.Flush()
}

func (m *set) reset(c *plugin.Call) error {
	switch c.Args {
	case "-f":
	case "":
		answer, err := c.Input("Forget everything that the cells have defined? (y/n) ", false)
		if err != nil {
			return &hinted{"%reset could not ask: " + err.Error(), "write %reset -f"}
		}
		if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
			_, err := fmt.Fprintln(c.Stdout, "nothing was changed")
			return err
		}
	default:
		return &hinted{fmt.Sprintf("%%reset takes -f, got %q", c.Args), "write %reset or %reset -f"}
	}
	m.session.Reset()
	return nil
}

func (m *set) autocheck(c *plugin.Call) error {
	switch c.Args {
	case "on", "off":
		m.session.SetErrorGuard(c.Args == "on")
	case "":
	default:
		return &hinted{fmt.Sprintf("%%autocheck takes on or off, got %q", c.Args), "write %autocheck on"}
	}
	state := "off"
	if m.session.ErrorGuard() {
		state = "on"
	}
	_, err := fmt.Fprintln(c.Stdout, "autocheck is", state)
	return err
}

func (m *set) help(c *plugin.Call) error {
	name := strings.TrimLeft(c.Args, "%!")
	w := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	found := c.Args == "!" // stands for %sh
	for _, magic := range m.session.Magics() {
		if c.Args == "" {
			usage, summary, _ := strings.Cut(first(magic.Help), "  ")
			fmt.Fprintf(w, "%s\t%s\n", usage, summary)
		} else if magic.Name == name || found && magic.Name == "sh" {
			fmt.Fprintln(w, magic.Help)
			found = true
		}
	}
	if c.Args != "" && !found {
		return &hinted{fmt.Sprintf("there is no magic %q", c.Args), "%help lists the magics"}
	}
	if c.Args == "" {
		io.WriteString(w, "!COMMAND\tthe same as %sh COMMAND\nNAME?\tdocumentation of NAME; NAME?? shows its source as well\n")
	}
	return w.Flush()
}

func first(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

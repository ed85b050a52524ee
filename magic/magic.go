// Package magic is what comes with the kernel besides Go: lines of a cell that
// begin with % or !, and cells that begin with %%. It registers like any other
// plugin.
package magic

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nskernel/nskernel/plugin"
)

// Info is what the built-in magics say about themselves.
func Info(version string) plugin.Info {
	return plugin.Info{Name: "builtin", Version: version, API: plugin.API, Summary: "the magics that come with the kernel"}
}

// Session is what magics change and list that code in a cell cannot reach.
type Session interface {
	// Names lists what cells have defined and imported.
	Names() []Name
	// Reset forgets all of it.
	Reset()
	// ErrorGuard tells whether an error that a statement at the top level
	// returns ends its cell; SetErrorGuard changes it.
	ErrorGuard() bool
	SetErrorGuard(on bool)
	// Magics lists the magics of all plugins.
	Magics() []plugin.Magic
}

// Name is something that a cell has defined.
type Name struct{ Name, Kind, Type string }

// set are the magics of one session.
type set struct {
	session  Session
	previous string // directory before the last %cd
}

// Register returns the registration of the built-in magics for a session.
func Register(s Session) plugin.RegisterFunc {
	m := &set{session: s}
	return func(r plugin.Registrar) error {
		var errs []error
		for _, l := range []struct {
			name, help string
			f          func(*plugin.Call) error
		}{
			{"time", timeHelp, m.time},
			{"timeit", timeitHelp, m.timeit},
			{"memit", memitHelp, m.memit},
			{"who", whoHelp, m.who},
			{"reset", resetHelp, m.reset},
			{"autocheck", autocheckHelp, m.autocheck},
			{"help", helpHelp, m.help},
			{"cd", cdHelp, m.cd},
			{"pwd", pwdHelp, m.pwd},
			{"env", envHelp, m.env},
			{"run", runHelp, m.run},
			{"load", loadHelp, m.load},
			{"sh", shHelp, m.sh},
		} {
			errs = append(errs, r.LineMagic(l.name, l.help, l.f))
		}
		for _, c := range []struct {
			name, help string
			f          func(*plugin.Call, string) error
		}{
			{"time", timeCellHelp, m.timeCell},
			{"timeit", timeitCellHelp, m.timeitCell},
			{"memit", memitCellHelp, m.memitCell},
			{"writefile", writefileHelp, m.writefile},
			{"bash", bashHelp, m.bash},
		} {
			errs = append(errs, r.CellMagic(c.name, c.help, c.f))
		}
		return errors.Join(errs...)
	}
}

// hinted is an error that says how to mend it.
type hinted struct{ what, fix string }

// Error says what is wrong.
func (e *hinted) Error() string { return e.what }

// Hint says how to mend it.
func (e *hinted) Hint() string { return e.fix }

// noArgs refuses arguments.
func noArgs(c *plugin.Call, name string) error {
	if c.Args != "" {
		return &hinted{fmt.Sprintf("%%%s takes no arguments, got %q", name, c.Args), "write %" + name + " alone"}
	}
	return nil
}

// unquoted returns the text of an argument in quotes, and any other as it is:
// names of files may have spaces either way.
func unquoted(s string) string {
	s = strings.TrimSpace(s)
	if n := len(s); n >= 2 && (s[0] == '"' || s[0] == '\'') && s[n-1] == s[0] {
		return s[1 : n-1]
	}
	return s
}

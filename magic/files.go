package magic

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nskernel/nskernel/plugin"
)

const (
	cdHelp = `%cd [DIR]  change the directory that relative names of files begin in
Without DIR it is the home directory; - is the one before.`
	pwdHelp = `%pwd  show the directory that relative names of files begin in`
	envHelp = `%env [NAME[=VALUE]]  list the environment, show or set a variable
Cells see what is set in os.Getenv, commands in their environment.`
	runHelp = `%run FILE  run a Go file or the code cells of a notebook in this session
What they define can be used afterwards. A complete program runs its main.`
	loadHelp = `%load FILE  put the text of a file in the place of this cell`

	writefileHelp = `%%writefile [-a] FILE ⏎ TEXT  write the lines below to a file
-a adds them to the end of the file.`
)

func (m *set) cd(c *plugin.Call) error {
	dir := unquoted(c.Args)
	before, err := os.Getwd()
	if err != nil {
		before = "" // it was removed: away from it, no way back
	}
	if dir == "-" {
		if m.previous == "" {
			return &hinted{"there is no directory before this one", "write %cd DIR"}
		}
		dir = m.previous
	}
	if dir, err = expand(dir); err != nil {
		return err
	}
	if err := os.Chdir(dir); err != nil {
		return fmt.Errorf("%%cd: %w", err)
	}
	m.previous = before
	return m.pwd(&plugin.Call{Stdout: c.Stdout})
}

func (*set) pwd(c *plugin.Call) error {
	if err := noArgs(c, "pwd"); err != nil {
		return err
	}
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.Stdout, dir)
	return err
}

// expand replaces ~ by the home directory, which "" stands for as well.
func expand(name string) (string, error) {
	if name != "" && name != "~" && !strings.HasPrefix(name, "~/") {
		return name, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, strings.TrimPrefix(name, "~")), nil
}

func (*set) env(c *plugin.Call) error {
	if c.Args == "" {
		list := os.Environ()
		slices.Sort(list)
		_, err := fmt.Fprintln(c.Stdout, strings.Join(list, "\n"))
		return err
	}
	name, value, given := c.Args, "", false
	if i := strings.IndexAny(c.Args, "= "); i >= 0 {
		name, value, given = c.Args[:i], c.Args[i+1:], true
	}
	if !given {
		v, ok := os.LookupEnv(name)
		if !ok {
			return &hinted{"the environment has no variable " + name, "write %env " + name + "=VALUE to set it"}
		}
		_, err := fmt.Fprintln(c.Stdout, v)
		return err
	}
	if err := os.Setenv(name, unquoted(value)); err != nil {
		return fmt.Errorf("%%env: %q cannot be set: %w", name, err)
	}
	return nil
}

// readNamed reads the file that a magic names.
func readNamed(c *plugin.Call, magic string) (name, text string, err error) {
	if name, err = expand(unquoted(c.Args)); err != nil {
		return "", "", err
	}
	if c.Args == "" {
		return "", "", &hinted{"%" + magic + " needs the name of a file", "write %" + magic + " FILE"}
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return "", "", fmt.Errorf("%%%s: %w", magic, err)
	}
	return name, string(b), nil
}

func (*set) run(c *plugin.Call) error {
	name, text, err := readNamed(c, "run")
	if err != nil {
		return err
	}
	base := filepath.Base(name)
	switch filepath.Ext(name) {
	case ".go":
		_, err := c.Run(base, text)
		return err
	case ".ipynb":
		cells, err := codeCells(text)
		if err != nil {
			return fmt.Errorf("%%run: %s is no notebook: %w", name, err)
		}
		for i, code := range cells {
			if _, err := c.Run(fmt.Sprintf("%s[%d]", base, i+1), code); err != nil {
				return err
			}
		}
		return nil
	}
	return &hinted{fmt.Sprintf("%%run runs Go files and notebooks, got %s", base), "name a file that ends in .go or .ipynb; !COMMAND runs programs"}
}

// codeCells returns the texts of the code cells of a notebook that are not
// blank.
func codeCells(text string) ([]string, error) {
	var nb struct {
		Cells []struct {
			Type   string          `json:"cell_type"`
			Source json.RawMessage `json:"source"`
		} `json:"cells"`
	}
	if err := json.Unmarshal([]byte(text), &nb); err != nil {
		return nil, err
	}
	var list []string
	for _, c := range nb.Cells {
		var whole string
		var lines []string
		if json.Unmarshal(c.Source, &whole) != nil {
			if err := json.Unmarshal(c.Source, &lines); err != nil {
				return nil, err
			}
			whole = strings.Join(lines, "")
		}
		if c.Type == "code" && strings.TrimSpace(whole) != "" {
			list = append(list, whole)
		}
	}
	return list, nil
}

func (*set) load(c *plugin.Call) error {
	_, text, err := readNamed(c, "load")
	if err != nil {
		return err
	}
	c.Next("// %load "+c.Args+"\n"+text, true)
	return nil
}

func (*set) writefile(c *plugin.Call, body string) error {
	args, appending := strings.CutPrefix(c.Args, "-a ")
	name, err := expand(unquoted(args))
	if err != nil {
		return err
	}
	if strings.TrimSpace(args) == "" {
		return &hinted{"%%writefile needs the name of a file", "write %%writefile FILE"}
	}
	if body != "" && !strings.HasSuffix(body, "\n") {
		body += "\n"
	}
	mode, what := os.O_TRUNC, "wrote"
	if appending {
		mode, what = os.O_APPEND, "appended"
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|mode, 0o666)
	if err != nil {
		return fmt.Errorf("%%%%writefile: %w", err)
	}
	_, err = f.WriteString(body)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("%%%%writefile: %w", err)
	}
	_, err = fmt.Fprintf(c.Stdout, "%s %d bytes to %s\n", what, len(body), name)
	return err
}

package install

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// DefaultName is the name of the kernel specification when Options has none.
const DefaultName = "nskernel"

const defaultDisplayName = "Go (nskernel)"

// spec is the content of kernel.json.
type spec struct {
	Argv          []string       `json:"argv"`
	DisplayName   string         `json:"display_name"`
	Language      string         `json:"language"`
	InterruptMode string         `json:"interrupt_mode"`
	Metadata      map[string]any `json:"metadata"`
}

// marker is the key in metadata by which a specification is recognised as
// written by this package.
const marker = "nskernel"

func newSpec(executable, displayName string) spec {
	return spec{
		Argv:        []string{executable, "kernel", "{connection_file}"},
		DisplayName: displayName,
		Language:    "go",
		// An interrupt by signal does not exist on Windows and tells a remote
		// kernel nothing.
		InterruptMode: "message",
		Metadata: map[string]any{
			"debugger": false, // decides whether JupyterLab offers one
			marker:     map[string]any{},
		},
	}
}

func (s spec) encode() ([]byte, error) {
	b, err := json.MarshalIndent(s, "", "  ")
	return append(b, '\n'), err
}

// owner tells whose kernel specification the directory is.
type owner int

const (
	nobody owner = iota // the directory does not exist
	ours
	foreign
)

// inspect looks at what is installed in dir. what describes a foreign one.
func inspect(dir string) (o owner, what string, err error) {
	switch _, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return nobody, "", nil
	case err != nil:
		return foreign, "", err
	}
	data, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return foreign, "no kernel specification", nil
	}
	if err != nil {
		return foreign, "", err
	}
	var s spec
	if err := json.Unmarshal(data, &s); err != nil {
		return foreign, "a damaged kernel specification", nil
	}
	if _, ok := s.Metadata[marker]; !ok {
		return foreign, fmt.Sprintf("the kernel %q", s.DisplayName), nil
	}
	return ours, "", nil
}

var validName = regexp.MustCompile(`^[a-z0-9_][a-z0-9._-]*$`)

// checkName applies Jupyter's rule for names of kernels. Jupyter turns upper
// case into lower case, which would make the name another one than was asked for.
func checkName(name string) error {
	switch {
	case validName.MatchString(name):
		return nil
	case validName.MatchString(strings.ToLower(name)):
		return fmt.Errorf("kernel name %q has capital letters, which Jupyter does not distinguish; use %q", name, strings.ToLower(name))
	}
	return fmt.Errorf("kernel name %q is not valid: Jupyter allows the letters a to z, digits, '.', '_' and '-', not beginning with '.' or '-'", name)
}

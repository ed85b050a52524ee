// Package install makes the kernel known to Jupyter and takes it back.
//
// A kernel is known by a directory in one of Jupyter's data directories that
// holds kernel.json and logos. The package writes files and asks nobody: it
// works where Jupyter is not installed yet and where Python is broken. Only
// an environment that no variable names is found by asking Python.
package install

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// Options say what to install where. The zero value is the running program,
// for the current user. At most one of User, SysPrefix and Prefix may be set.
type Options struct {
	User        bool   // in the user's data directory; the default
	SysPrefix   bool   // in the active Python or conda environment
	Prefix      string // in Prefix/share/jupyter
	Name        string // of the kernel specification; "" = DefaultName
	DisplayName string // what front ends show; "" = "Go (nskernel)"
	Executable  string // the kernel; "" = the running program
}

// Install writes the kernel specification and returns its directory. What an
// earlier Install has written there is replaced at once and as a whole; the
// specification of another kernel is not touched.
func Install(o Options) (dir string, err error) { return thisSystem.install(o) }

// Uninstall removes what Install has written for the same options, and returns
// the directory that is gone. Executable and DisplayName make no difference.
func Uninstall(o Options) (dir string, err error) { return thisSystem.uninstall(o) }

func (s system) install(o Options) (string, error) {
	name := cmp.Or(o.Name, DefaultName)
	if err := checkName(name); err != nil {
		return "", fmt.Errorf("install: %w", err)
	}
	exe, err := executable(o.Executable)
	if err != nil {
		return "", fmt.Errorf("install: %w", err)
	}
	kernels, err := s.kernels(o)
	if err != nil {
		return "", fmt.Errorf("install: %w", err)
	}
	dir := filepath.Join(kernels, name)
	switch whose, what, err := inspect(dir); {
	case err != nil:
		return "", fmt.Errorf("install: %w", err)
	case whose == foreign:
		return "", fmt.Errorf("install: %s holds %s; choose another name, or remove the directory first", dir, what)
	}
	if err := replace(dir, newSpec(exe, cmp.Or(o.DisplayName, defaultDisplayName))); err != nil {
		return "", fmt.Errorf("install: %w", explain(err))
	}
	return dir, nil
}

func (s system) uninstall(o Options) (string, error) {
	name := cmp.Or(o.Name, DefaultName)
	if err := checkName(name); err != nil {
		return "", fmt.Errorf("uninstall: %w", err)
	}
	kernels, err := s.kernels(o)
	if err != nil {
		return "", fmt.Errorf("uninstall: %w", err)
	}
	dir := filepath.Join(kernels, name)
	switch whose, what, err := inspect(dir); {
	case err != nil:
		return "", fmt.Errorf("uninstall: %w", err)
	case whose == nobody:
		return "", fmt.Errorf("uninstall: there is no kernel %q in %s; jupyter kernelspec list shows where others are", name, kernels)
	case whose == foreign:
		return "", fmt.Errorf("uninstall: %s holds %s, which this program has not installed", dir, what)
	}
	if err := remove(dir); err != nil {
		return "", fmt.Errorf("uninstall: %w", explain(err))
	}
	return dir, nil
}

// executable returns the absolute path of the kernel program.
func executable(path string) (string, error) {
	if path == "" {
		var err error
		if path, err = os.Executable(); err != nil {
			return "", err
		}
		if isTemporary(path) {
			return "", fmt.Errorf("%s will vanish: it was built by go run; build with go build or go install and run that program", path)
		}
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", fmt.Errorf("kernel program: %w", err)
	case !info.Mode().IsRegular() || runtime.GOOS != "windows" && info.Mode()&0o111 == 0:
		return "", fmt.Errorf("kernel program %s is not executable", path)
	}
	return path, nil
}

// cached is the directory of a program in Go's build cache.
var cached = regexp.MustCompile(`^[0-9a-f]{64}-d$`)

// isTemporary recognises a program built by go run, in its temporary directory
// or in Go's build cache, wherever that is.
func isTemporary(path string) bool {
	dir := filepath.Dir(path)
	if cached.MatchString(filepath.Base(dir)) {
		return true
	}
	return slices.ContainsFunc(strings.Split(filepath.ToSlash(dir), "/"), func(part string) bool {
		return strings.HasPrefix(part, "go-build")
	})
}

// explain adds the way out to errors of the file system.
func explain(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission), isReadOnly(err):
		return fmt.Errorf("%w; choose a place that you may write to (the user's directory, the active environment or a prefix)", err)
	case errors.Is(err, fs.ErrExist), isNotDirectory(err):
		return fmt.Errorf("%w; a file is where a directory is needed", err)
	}
	return err
}

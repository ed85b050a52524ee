package install

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// replace writes the specification beside dir and then takes dir's place, so
// that Jupyter never sees half of one.
func replace(dir string, s spec) (err error) {
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(parent, ".install-*") // names with a dot are no kernels
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	content := filepath.Join(fresh, "new")
	if err := write(content, s); err != nil {
		return err
	}
	old := filepath.Join(fresh, "old")
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(content, dir); err != nil {
		if back := os.Rename(old, dir); back != nil && !errors.Is(back, fs.ErrNotExist) {
			return errors.Join(err, back)
		}
		return err
	}
	return nil
}

// write creates the directory of a specification.
func write(dir string, s spec) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	data, err := s.encode()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "kernel.json"), data, 0o644); err != nil {
		return err
	}
	logos, err := assets.ReadDir("assets")
	if err != nil {
		return err
	}
	for _, l := range logos {
		data, err := assets.ReadFile("assets/" + l.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, l.Name()), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// remove takes dir away at once and then deletes it. A link is removed, not
// what it points to.
func remove(dir string) (err error) {
	gone, err := os.MkdirTemp(filepath.Dir(dir), ".uninstall-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(gone)) }()
	return os.Rename(dir, filepath.Join(gone, "old"))
}

func isReadOnly(err error) bool     { return errors.Is(err, syscall.EROFS) }
func isNotDirectory(err error) bool { return errors.Is(err, syscall.ENOTDIR) }

package install

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// pythonTime limits the question to Python for its prefix.
const pythonTime = 10 * time.Second

// system is what the places of Jupyter's files depend on.
type system struct {
	goos   string
	getenv func(string) string
	home   func() (string, error)
	python func() (prefix string, err error) // sys.prefix of the Python on PATH
}

// thisSystem is the one that the process runs on.
var thisSystem = system{
	goos:   runtime.GOOS,
	getenv: os.Getenv,
	home:   os.UserHomeDir,
	python: pythonPrefix,
}

// kernels returns the directory of kernel specifications that o means.
func (s system) kernels(o Options) (string, error) {
	var chosen []string
	for _, c := range []struct {
		set  bool
		name string
	}{{o.User, "the user's directory"}, {o.SysPrefix, "the Python environment"}, {o.Prefix != "", "a prefix"}} {
		if c.set {
			chosen = append(chosen, c.name)
		}
	}
	if len(chosen) > 1 {
		return "", fmt.Errorf("%s were asked for; choose one", strings.Join(chosen, " and "))
	}
	data, err := s.data(o)
	if err != nil {
		return "", err
	}
	return filepath.Join(data, "kernels"), nil
}

// data returns the data directory of Jupyter that o means.
func (s system) data(o Options) (string, error) {
	prefix := o.Prefix
	switch {
	case o.SysPrefix:
		var err error
		if prefix, err = s.environment(); err != nil {
			return "", err
		}
	case prefix == "":
		return s.userData()
	}
	prefix, err := filepath.Abs(prefix)
	return filepath.Join(prefix, "share", "jupyter"), err
}

// userData follows jupyter_core.paths.jupyter_data_dir.
func (s system) userData() (string, error) {
	if dir := s.getenv("JUPYTER_DATA_DIR"); dir != "" {
		return filepath.Abs(dir)
	}
	home, err := s.home()
	if err != nil {
		return "", fmt.Errorf("there is no home directory (%w); set JUPYTER_DATA_DIR or choose a prefix", err)
	}
	platform := s.platformDirs()
	switch s.goos {
	case "darwin":
		if platform {
			return filepath.Join(home, "Library", "Application Support", "Jupyter"), nil
		}
		return filepath.Join(home, "Library", "Jupyter"), nil
	case "windows":
		if local := s.getenv("LOCALAPPDATA"); platform && local != "" {
			return filepath.Join(local, "Jupyter"), nil
		}
		if roaming := s.getenv("APPDATA"); roaming != "" {
			return filepath.Join(roaming, "jupyter"), nil
		}
		if dir := s.getenv("JUPYTER_CONFIG_DIR"); dir != "" {
			return filepath.Join(dir, "data"), nil
		}
		return filepath.Join(home, ".jupyter", "data"), nil
	}
	if xdg := s.getenv("XDG_DATA_HOME"); xdg != "" {
		return filepath.Join(xdg, "jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), nil
}

// platformDirs reports whether the user has chosen the directories that are
// usual on the system instead of Jupyter's own.
func (s system) platformDirs() bool {
	switch strings.ToLower(s.getenv("JUPYTER_PLATFORM_DIRS")) {
	case "", "0", "no", "n", "false", "off":
		return false
	}
	return true
}

// environment returns the directory of the active Python environment.
func (s system) environment() (string, error) {
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		dir := s.getenv(name)
		if dir == "" {
			continue
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return "", fmt.Errorf("%s is %q, which is no directory; activate the environment again", name, dir)
		}
		return dir, nil
	}
	prefix, err := s.python()
	if err != nil {
		return "", fmt.Errorf("no Python environment found: VIRTUAL_ENV and CONDA_PREFIX are not set and %w; "+
			"install for the user or give a prefix", err)
	}
	return prefix, nil
}

// pythonPrefix asks the Python on PATH for sys.prefix.
func pythonPrefix() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), pythonTime)
	defer cancel()
	for _, name := range []string{"python3", "python"} {
		if _, err := exec.LookPath(name); err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, name, "-I", "-c", "import sys; print(sys.prefix)").Output()
		prefix := strings.TrimSpace(string(out))
		if err != nil || !filepath.IsAbs(prefix) {
			return "", fmt.Errorf("%s does not tell its prefix (%q, %v)", name, prefix, err)
		}
		return prefix, nil
	}
	return "", errors.New("there is no python3 or python on PATH")
}

package install

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// fake is a system with the given variables and no Python.
func fake(goos string, env map[string]string) system {
	return system{
		goos:   goos,
		getenv: func(name string) string { return env[name] },
		home:   func() (string, error) { return "/home/me", nil },
		python: func() (string, error) { return "", errors.New("there is no python3") },
	}
}

func TestUserDirectory(t *testing.T) {
	// The right column is what jupyter_core 5 answers.
	tests := []struct {
		name, goos string
		env        map[string]string
		want       string
	}{
		{"linux", "linux", nil, "/home/me/.local/share/jupyter"},
		{"XDG", "linux", map[string]string{"XDG_DATA_HOME": "/data"}, "/data/jupyter"},
		{"variable", "linux", map[string]string{"JUPYTER_DATA_DIR": "/jupyter", "XDG_DATA_HOME": "/data"}, "/jupyter"},
		{"freebsd", "freebsd", nil, "/home/me/.local/share/jupyter"},
		{"macOS", "darwin", nil, "/home/me/Library/Jupyter"},
		{"macOS, platform directories", "darwin", map[string]string{"JUPYTER_PLATFORM_DIRS": "1"}, "/home/me/Library/Application Support/Jupyter"},
		{"macOS, not platform directories", "darwin", map[string]string{"JUPYTER_PLATFORM_DIRS": "0"}, "/home/me/Library/Jupyter"},
		{"Windows", "windows", map[string]string{"APPDATA": "/roaming"}, "/roaming/jupyter"},
		{"Windows, platform directories", "windows", map[string]string{"APPDATA": "/roaming", "LOCALAPPDATA": "/local", "JUPYTER_PLATFORM_DIRS": "true"}, "/local/Jupyter"},
		{"Windows without APPDATA", "windows", nil, "/home/me/.jupyter/data"},
		{"Windows with configuration", "windows", map[string]string{"JUPYTER_CONFIG_DIR": "/config"}, "/config/data"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, o := range []Options{{}, {User: true}} {
				got, err := fake(tt.goos, tt.env).kernels(o)
				if want := filepath.FromSlash(tt.want + "/kernels"); err != nil || got != want {
					t.Errorf("%+v: %q, %v, want %q", o, got, err, want)
				}
			}
		})
	}
}

func TestNoHome(t *testing.T) {
	s := fake("linux", nil)
	s.home = func() (string, error) { return "", errors.New("$HOME is not defined") }
	if _, err := s.kernels(Options{}); err == nil || !strings.Contains(err.Error(), "JUPYTER_DATA_DIR") {
		t.Errorf("without a home: %v", err)
	}
	if _, err := s.kernels(Options{Prefix: t.TempDir()}); err != nil {
		t.Errorf("a prefix needs no home: %v", err)
	}
}

func TestEnvironment(t *testing.T) {
	venv, conda, python := t.TempDir(), t.TempDir(), t.TempDir()
	with := func(env map[string]string) system {
		s := fake("linux", env)
		s.python = func() (string, error) { return python, nil }
		return s
	}
	for _, tt := range []struct {
		name string
		s    system
		want string // prefix, or part of the error
	}{
		{"venv", with(map[string]string{"VIRTUAL_ENV": venv, "CONDA_PREFIX": conda}), venv},
		{"conda", with(map[string]string{"CONDA_PREFIX": conda}), conda},
		{"python", with(nil), python},
		{"vanished", with(map[string]string{"VIRTUAL_ENV": venv + "/gone"}), "activate the environment again"},
		{"none", fake("linux", nil), "no Python environment found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.s.kernels(Options{SysPrefix: true})
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error is %v", err)
				}
				return
			}
			if want := filepath.Join(tt.want, "share", "jupyter", "kernels"); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestOnlyOnePlace(t *testing.T) {
	for _, o := range []Options{{User: true, SysPrefix: true}, {User: true, Prefix: "/p"}, {SysPrefix: true, Prefix: "/p"}} {
		if dir, err := fake("linux", nil).kernels(o); err == nil || !strings.Contains(err.Error(), "choose one") {
			t.Errorf("%+v: %q, %v", o, dir, err)
		}
	}
}

// A program that plays Python, so that the test needs none.
func TestPythonPrefix(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("a shell script cannot play Python on Windows")
		return
	}
	script := func(t *testing.T, body string) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "python3"), []byte("#!/bin/sh\n"+body), 0o755); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", dir)
	}
	t.Run("works", func(t *testing.T) {
		script(t, "echo /the/prefix\n")
		if got, err := pythonPrefix(); got != "/the/prefix" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("broken", func(t *testing.T) {
		script(t, "echo /the/prefix; exit 1\n")
		if got, err := pythonPrefix(); err == nil {
			t.Errorf("a failing Python yields %q", got)
		}
	})
	t.Run("nonsense", func(t *testing.T) {
		script(t, "echo Fatal Python error\n")
		if got, err := pythonPrefix(); err == nil {
			t.Errorf("nonsense yields %q", got)
		}
	})
	t.Run("absent", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if got, err := pythonPrefix(); err == nil {
			t.Errorf("no Python yields %q", got)
		}
	})
}

package install

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// kernelProgram makes a file that may be executed.
func kernelProgram(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "nskernel.exe")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func readSpec(t *testing.T, dir string) spec {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var s spec
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestInstall(t *testing.T) {
	exe, prefix := kernelProgram(t), t.TempDir()
	dir, err := Install(Options{Prefix: prefix, Executable: exe})
	if want := filepath.Join(prefix, "share", "jupyter", "kernels", "nskernel"); err != nil || dir != want {
		t.Fatalf("%q, %v, want %q", dir, err, want)
	}
	want := spec{
		Argv:          []string{exe, "kernel", "{connection_file}"},
		DisplayName:   "Go (nskernel)",
		Language:      "go",
		InterruptMode: "message",
		Metadata:      map[string]any{"debugger": false, "nskernel": map[string]any{}},
	}
	if got := readSpec(t, dir); !reflect.DeepEqual(got, want) {
		t.Errorf("kernel.json is %+v, want %+v", got, want)
	}
	if info, err := os.Stat(dir); err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&0o055 == 0 {
		t.Errorf("others cannot read it: %v, %v", info.Mode(), err)
	}
	for name, size := range map[string]int{"logo-32x32.png": 32, "logo-64x64.png": 64} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if c, err := png.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width != size || c.Height != size {
			t.Errorf("%s is %d×%d, %v", name, c.Width, c.Height, err)
		}
	}
	if svg, err := os.ReadFile(filepath.Join(dir, "logo-svg.svg")); err != nil || !bytes.HasPrefix(svg, []byte("<svg")) {
		t.Errorf("logo-svg.svg: %.20q, %v", svg, err)
	}
	onlyEntry(t, filepath.Dir(dir), "nskernel")
}

// onlyEntry demands that nothing temporary is left.
func onlyEntry(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if strings.Join(names, " ") != strings.Join(want, " ") {
		t.Errorf("%s holds %q, want %q", dir, names, want)
	}
}

func TestInstallReplacesItsOwn(t *testing.T) {
	exe, prefix := kernelProgram(t), t.TempDir()
	o := Options{Prefix: prefix, Name: "go-dev", Executable: exe}
	dir, err := Install(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "left over"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o.DisplayName = "Go, development"
	if _, err := Install(o); err != nil {
		t.Fatal(err)
	}
	if got := readSpec(t, dir).DisplayName; got != o.DisplayName {
		t.Errorf("display name is %q", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "left over")); !os.IsNotExist(err) {
		t.Error("the directory was not replaced as a whole")
	}
	onlyEntry(t, filepath.Dir(dir), "go-dev")
}

func TestForeignKernelsAreSafe(t *testing.T) {
	exe := kernelProgram(t)
	for name, kernelJSON := range map[string]string{
		"another kernel": `{"argv": ["python3"], "display_name": "Python 3"}`,
		"damaged":        `{"argv": `,
		"no kernel":      "",
	} {
		t.Run(name, func(t *testing.T) {
			prefix := t.TempDir()
			dir := filepath.Join(prefix, "share", "jupyter", "kernels", "python3")
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, "kernel.json")
			if kernelJSON == "" {
				file = filepath.Join(dir, "thesis.txt")
			}
			if err := os.WriteFile(file, []byte(kernelJSON), 0o600); err != nil {
				t.Fatal(err)
			}
			o := Options{Prefix: prefix, Name: "python3", Executable: exe}
			if _, err := Install(o); err == nil || !strings.Contains(err.Error(), "another name") {
				t.Errorf("Install: %v", err)
			}
			if _, err := Uninstall(o); err == nil {
				t.Error("Uninstall removed it")
			}
			if got, err := os.ReadFile(file); err != nil || string(got) != kernelJSON {
				t.Errorf("file is %q, %v", got, err)
			}
		})
	}
}

func TestUninstall(t *testing.T) {
	o := Options{Prefix: t.TempDir(), Executable: kernelProgram(t)}
	dir, err := Install(o)
	if err != nil {
		t.Fatal(err)
	}
	o.Executable = "" // the program need not exist any more
	if gone, err := Uninstall(o); err != nil || gone != dir {
		t.Fatalf("%q, %v", gone, err)
	}
	onlyEntry(t, filepath.Dir(dir))
	if _, err := Uninstall(o); err == nil || !strings.Contains(err.Error(), "there is no kernel") {
		t.Errorf("second Uninstall: %v", err)
	}
}

// jupyter kernelspec install --symlink leaves a link: the files behind it stay.
func TestLinkedSpecification(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("links need a privilege on Windows")
		return
	}
	o := Options{Prefix: t.TempDir(), Executable: kernelProgram(t)}
	dir, err := Install(o)
	if err != nil {
		t.Fatal(err)
	}
	origin := filepath.Join(t.TempDir(), "origin")
	if err := os.Rename(dir, origin); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(origin, dir); err != nil {
		t.Fatal(err)
	}
	if _, err := Uninstall(o); err != nil {
		t.Fatal(err)
	}
	readSpec(t, origin)
}

func TestNames(t *testing.T) {
	o := Options{Prefix: t.TempDir(), Executable: kernelProgram(t)}
	for name, want := range map[string]string{
		"go": "", "go-1.26_x": "", "_go": "",
		"Go": `use "go"`, "a/b": "not valid", "..": "not valid", ".go": "not valid", "-go": "not valid", "gö": "not valid", "a b": "not valid", "a\n": "not valid",
	} {
		o.Name = name
		_, err := Install(o)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("name %q: %v, want %q", name, err, want)
		}
	}
}

func TestExecutables(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	bad := []string{filepath.Join(dir, "absent"), dir}
	if runtime.GOOS != "windows" {
		bad = append(bad, text)
	}
	for _, path := range bad {
		prefix := t.TempDir()
		if _, err := Install(Options{Prefix: prefix, Executable: path}); err == nil {
			t.Errorf("installed %s", path)
		}
		onlyEntry(t, prefix)
	}
	for path, want := range map[string]bool{
		"/tmp/go-build628012210/b001/exe/main": true,
		"/root/.cache/go-build/60/6010f679c07bc4ae91539f50b6a8d5874fe0e681e047cbd9a5a604614835ed35-d/x": true,
		"/my/cache/60/6010f679c07bc4ae91539f50b6a8d5874fe0e681e047cbd9a5a604614835ed35-d/nskernel":      true,
		"/home/me/go/bin/nskernel":       false,
		"/home/me/gobuild/exe/nskernel":  false,
		"/usr/local/bin/go-builder-not":  false,
		"/home/me/nskernel/bin/nskernel": false,
	} {
		if got := isTemporary(filepath.FromSlash(path)); got != want {
			t.Errorf("isTemporary(%s) = %v", path, got)
		}
	}
}

// The executable of the specification is absolute, whatever was given.
func TestRelativeExecutable(t *testing.T) {
	exe := kernelProgram(t)
	t.Chdir(filepath.Dir(exe))
	dir, err := Install(Options{Prefix: "here", Executable: filepath.Base(exe)})
	if err != nil {
		t.Fatal(err)
	}
	if got := readSpec(t, dir).Argv[0]; !filepath.IsAbs(got) || filepath.Base(got) != filepath.Base(exe) {
		t.Errorf("argv[0] is %q", got)
	}
	if !filepath.IsAbs(dir) {
		t.Errorf("directory is %q", dir)
	}
}

func TestUnusablePlaces(t *testing.T) {
	exe := kernelProgram(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Install(Options{Prefix: file, Executable: exe})
	if err == nil || !strings.Contains(err.Error(), "is needed") && !strings.Contains(err.Error(), "directory") {
		t.Errorf("a file as prefix: %v", err)
	}
	if os.Geteuid() <= 0 {
		t.Log("permissions do not stop this user")
		return
	}
	locked := t.TempDir()
	if err := os.Chmod(locked, 0o500); err != nil {
		t.Fatal(err)
	}
	_, err = Install(Options{Prefix: locked, Executable: exe})
	if err == nil || !strings.Contains(err.Error(), "may write to") {
		t.Errorf("a prefix without permission: %v", err)
	}
}

// A failed exchange leaves the old specification as it was.
func TestReplaceIsAllOrNothing(t *testing.T) {
	o := Options{Prefix: t.TempDir(), Executable: kernelProgram(t)}
	dir, err := Install(o)
	if err != nil {
		t.Fatal(err)
	}
	before := readSpec(t, dir)
	broken := before
	broken.Metadata = map[string]any{"unencodable": func() {}}
	if err := replace(dir, broken); err == nil {
		t.Fatal("a specification that cannot be encoded was installed")
	}
	if got := readSpec(t, dir); !reflect.DeepEqual(got, before) {
		t.Errorf("specification is %+v", got)
	}
	onlyEntry(t, filepath.Dir(dir), "nskernel")
}

func TestErrorsNameTheWayOut(t *testing.T) {
	for err, want := range map[syscall.Errno]string{
		syscall.EACCES:  "may write to",
		syscall.EROFS:   "may write to",
		syscall.ENOTDIR: "a directory is needed",
	} {
		if got := explain(&os.PathError{Op: "mkdir", Path: "/usr/share", Err: err}).Error(); !strings.Contains(got, want) || !strings.Contains(got, "/usr/share") {
			t.Errorf("%v is explained as %q", err, got)
		}
	}
}

package lower_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var (
	update   = flag.Bool("update", false, "write what go run prints into testdata")
	selected = flag.String("archives", "*", "glob of the archives that -update is for, without .txtar")
)

var packageNames = map[string]string{
	"atomic": "sync/atomic", "json": "encoding/json", "heap": "container/heap", "list": "container/list", "rand": "math/rand/v2",
}

var qualifier = regexp.MustCompile(`\b(fmt|errors|sort|strings|slices|maps|cmp|sync|time|iter|os|io|bytes|strconv|math|atomic|context|json|heap|list|rand|runtime|bufio|utf8|reflect)\.[A-Z]`)

// complete makes a program of a part of an archive: the package clause, the
// imports and, if it has none, func main are added.
func complete(text string) string {
	imports := map[string]bool{}
	for _, m := range qualifier.FindAllStringSubmatch(text, -1) {
		p := m[1]
		if full, ok := packageNames[p]; ok {
			p = full
		}
		imports[p] = true
	}
	var paths []string
	for p := range imports {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	var b strings.Builder
	b.WriteString("package main\n")
	for _, p := range paths {
		fmt.Fprintf(&b, "import %q\n", p)
	}
	if !strings.Contains(text, "func main()") {
		text = "func main() {\n" + text + "}\n"
	}
	b.WriteString(text)
	return b.String()
}

// archives returns the archives of programs.
func archives(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	return files
}

// TestPrograms compares what lowered programs print with what they print when
// they are compiled. The latter is in the archives; -update runs the compiler.
func TestPrograms(t *testing.T) {
	if *update {
		updateArchives(t)
	}
	n := 0
	for _, file := range archives(t) {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for _, f := range ar.Files {
			want[f.Name] = string(f.Data)
		}
		for _, f := range ar.Files {
			name, ok := strings.CutSuffix(f.Name, ".go")
			if !ok {
				continue
			}
			n++
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+name, func(t *testing.T) {
				expected, ok := want[name+".out"]
				if !ok {
					t.Fatal("no expected output: run the test with -update")
				}
				got, err := runProgram(t, f.Name, complete(string(f.Data)))
				if err != nil {
					t.Fatalf("%v\noutput: %s", err, got)
				}
				if strings.TrimRight(got, "\n") != strings.TrimRight(expected, "\n") {
					t.Errorf("output\n%s\nwant\n%s", got, expected)
				}
			})
		}
	}
	if n < 150 {
		t.Errorf("%d programs, want at least 150", n)
	}
}

// updateArchives compiles all programs at once and records their output.
func updateArchives(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(dir, "go.mod"), "module programs\n\ngo 1.26\n")
	all := map[string]*txtar.Archive{}
	for _, file := range archives(t) {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := filepath.Match(*selected, strings.TrimSuffix(filepath.Base(file), ".txtar")); err != nil || !ok {
			continue
		}
		all[file] = ar
		for _, f := range ar.Files {
			if name, ok := strings.CutSuffix(f.Name, ".go"); ok {
				text := complete(string(f.Data))
				if b, err := format.Source([]byte(text)); err == nil {
					text = string(b)
				}
				write(filepath.Join(dir, name, "main.go"), text)
			}
		}
	}
	build := exec.Command("go", "build", "-o", "bin/", "./...")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for file, ar := range all {
		var files []txtar.File
		for _, f := range ar.Files {
			name, ok := strings.CutSuffix(f.Name, ".go")
			if !ok {
				continue
			}
			out, err := exec.Command(filepath.Join(dir, "bin", name)).CombinedOutput()
			if err != nil {
				t.Errorf("%s: %v\n%s", name, err, out)
			}
			if len(out) > 0 && !bytes.HasSuffix(out, []byte("\n")) {
				out = append(out, '\n')
			}
			files = append(files, f, txtar.File{Name: name + ".out", Data: out})
		}
		ar.Files = files
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

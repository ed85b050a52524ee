// Gen writes what package symbols is made of: for each group of packages the
// tables of compiled symbols (symbols/internal/<group>) and an archive with
// export data and documentation (symbols/data/<group>.zip). All of it comes
// from one build list.
//
//	go run ./symbols/internal/gen            # everything
//	go run ./symbols/internal/gen -only ours # one group
//	go run ./symbols/internal/gen -check     # changes nothing, fails on a difference
//	go run ./symbols/internal/gen -platforms # are the varying packages all? (minutes)
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

func main() {
	only := flag.String("only", "", "comma separated `groups`: std, gonum, ours (default all)")
	check := flag.Bool("check", false, "compare with the packages as they are and write nothing")
	platforms := flag.Bool("platforms", false, "write nothing, but compare all packages on all platforms: needed with a new version of Go")
	flag.Parse()
	if err := run(*only, *check, *platforms); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(only string, check, platforms bool) error {
	root, err := symbolsDir()
	if err != nil {
		return err
	}
	wanted, err := choose(only)
	if err != nil {
		return err
	}
	if err := sameLanguage(); err != nil {
		return err
	}
	var failed []error
	for _, g := range wanted {
		pkgs, err := load(g)
		if err != nil {
			return err
		}
		if platforms {
			failed = append(failed, checkPlatforms(g, pkgs))
			continue
		}
		files, err := generate(g, pkgs)
		if err != nil {
			return err
		}
		if check {
			failed = append(failed, compare(root, g, pkgs, files))
			continue
		}
		if err := write(root, g, pkgs, files); err != nil {
			return err
		}
		fmt.Printf("%s: %d packages, %d kB export data and documentation\n", g.name, len(pkgs), len(files[g.archiveName()])/1000)
	}
	return errors.Join(failed...)
}

// symbolsDir finds the directory of package symbols from anywhere in the module.
func symbolsDir() (string, error) {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", module+"/symbols/internal/table").Output()
	if err != nil {
		return "", fmt.Errorf("run gen inside the module %s: %w", module, err)
	}
	return filepath.Dir(filepath.Dir(strings.TrimSpace(string(out)))), nil
}

// sameLanguage refuses another version of Go than that of go.mod: its standard
// library has other names.
func sameLanguage() error {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.GoVersion}}", module).Output()
	if err != nil {
		return fmt.Errorf("go list -m %s: %w", module, err)
	}
	return checkLanguage("go"+strings.TrimSpace(string(out)), runtime.Version())
}

func checkLanguage(want, have string) error {
	if version.Lang(want) != version.Lang(have) {
		return fmt.Errorf("the tables are of %s, this is %s: use GOTOOLCHAIN=%s, or raise the version in go.mod first", version.Lang(want), have, want)
	}
	return nil
}

func choose(only string) ([]group, error) {
	if only == "" {
		return groups, nil
	}
	var l []group
next:
	for name := range strings.SplitSeq(only, ",") {
		for _, g := range groups {
			if g.name == name {
				l = append(l, g)
				continue next
			}
		}
		return nil, fmt.Errorf("there is no group %q: use std, gonum, ours", name)
	}
	return l, nil
}

func (g group) archiveName() string { return filepath.Join("data", g.name+".zip") }

func (g group) tableDir() string { return filepath.Join("internal", g.name) }

// generate returns the files of g by their path in symbols.
func generate(g group, pkgs []*pkg) (map[string][]byte, error) {
	files := map[string][]byte{}
	add := func(name string, data []byte, err error) error {
		files[name] = data
		return err
	}
	for _, p := range pkgs {
		data, err := tableSource(g.name, p)
		if err := add(filepath.Join(g.tableDir(), g.fileName(p.ImportPath)), data, err); err != nil {
			return nil, err
		}
	}
	data, err := index(g, pkgs)
	if err := add(filepath.Join(g.tableDir(), "packages.go"), data, err); err != nil {
		return nil, err
	}
	data, err = archive(g, pkgs)
	return files, add(g.archiveName(), data, err)
}

// write replaces the files of g below root. An archive that tells the same in
// other bytes stays: export data also hold positions, and git keeps every version.
func write(root string, g group, pkgs []*pkg, files map[string][]byte) error {
	old, err := generated(root, g)
	if err != nil {
		return err
	}
	for _, name := range old {
		if files[name] == nil {
			if err := os.Remove(filepath.Join(root, name)); err != nil {
				return err
			}
		}
	}
	for name, data := range files {
		path := filepath.Join(root, name)
		if now, err := os.ReadFile(path); err == nil {
			if bytes.Equal(now, data) || name == g.archiveName() && len(compareArchive(g, now, pkgs)) == 0 {
				continue // the build cache and git see no change
			}
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generated lists the generated tables of g that stand below root.
func generated(root string, g group) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(root, g.tableDir(), "*.go"))
	if err != nil {
		return nil, err
	}
	var l []string
	for _, path := range found {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if bytes.HasPrefix(data, []byte(header)) {
			l = append(l, filepath.Join(g.tableDir(), filepath.Base(path)))
		}
	}
	return l, nil
}

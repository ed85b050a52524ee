package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// compare tells in what the generated files of g below root differ from what
// they would be now. Export data are compared by names and signatures: their
// bytes depend on the compiler and on where it ran.
func compare(root string, g group, pkgs []*pkg, files map[string][]byte) error {
	var failed []error
	fail := func(format string, args ...any) { failed = append(failed, fmt.Errorf(format, args...)) }
	old, err := generated(root, g)
	if err != nil {
		return err
	}
	for _, name := range old {
		if files[name] == nil {
			fail("%s is left over", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name == g.archiveName() {
			continue
		}
		if now, err := os.ReadFile(filepath.Join(root, name)); err != nil {
			failed = append(failed, err)
		} else if !bytes.Equal(now, files[name]) {
			fail("%s is not current", name)
		}
	}
	data, err := os.ReadFile(filepath.Join(root, g.archiveName()))
	if err != nil {
		return errors.Join(append(failed, err)...)
	}
	failed = append(failed, compareArchive(g, data, pkgs)...)
	if len(failed) == 0 {
		return nil
	}
	return fmt.Errorf("run: go run ./symbols/internal/gen -only %s\n%w", g.name, errors.Join(failed...))
}

// compareArchive compares the entries of the archive data with pkgs.
func compareArchive(g group, data []byte, pkgs []*pkg) (failed []error) {
	fail := func(format string, args ...any) {
		failed = append(failed, fmt.Errorf(g.archiveName()+": "+format, args...))
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		fail("%w", err)
		return failed
	}
	entries := 0
	for _, p := range pkgs {
		failed = append(failed, compareTypes(z, p.ImportPath, base, p.types)...)
		entries++
		for _, on := range others {
			if v, ok := p.variants[on]; ok {
				failed = append(failed, compareTypes(z, p.ImportPath, on, v.types)...)
				entries++
			}
		}
	}
	docs, err := documented(g, pkgs)
	if err != nil {
		fail("%w", err)
	}
	for _, path := range slices.Sorted(maps.Keys(docs)) {
		was := map[string]string{}
		if text, err := readEntry(z, "doc/"+path); err != nil {
			fail("documentation of %s: %w", path, err)
		} else if err := json.Unmarshal(text, &was); err != nil {
			fail("documentation of %s: %w", path, err)
		} else if !sameDocs(g, docs[path], was) {
			fail("documentation of %s is not current", path)
		}
	}
	if extra := len(z.File) - entries - len(docs); extra > 0 {
		fail("%d entries too many", extra)
	}
	return failed
}

// compareTypes compares the export data of a package in the archive with the
// package as it is.
func compareTypes(z *zip.Reader, path string, on platform, now *types.Package) (failed []error) {
	imp := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return z.Open(typesEntry(path, on))
	})
	then, err := imp.Import(path)
	if err != nil {
		return []error{fmt.Errorf("export data of %s for %s: %w", path, on, err)}
	}
	for _, l := range difference(api(then), api(now)) {
		failed = append(failed, fmt.Errorf("%s for %s: no longer so: %s", path, on, l))
	}
	for _, l := range difference(api(now), api(then)) {
		failed = append(failed, fmt.Errorf("%s for %s: missing: %s", path, on, l))
	}
	return failed
}

// sameDocs compares the documentation of a package. Texts of the standard
// library may differ: they change between releases of one version of Go.
func sameDocs(g group, now, then map[string]string) bool {
	if g.name != "std" {
		return maps.Equal(now, then)
	}
	return maps.EqualFunc(now, then, func(string, string) bool { return true })
}

func readEntry(z *zip.Reader, name string) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// api lists the exported objects of p with their methods and fields, a line each.
func api(p *types.Package) map[string]bool {
	lines := map[string]bool{}
	qualify := types.RelativeTo(p)
	for _, name := range p.Scope().Names() {
		o := p.Scope().Lookup(name)
		if !o.Exported() {
			continue
		}
		line := types.ObjectString(o, qualify)
		if c, ok := o.(*types.Const); ok {
			line += " = " + c.Val().ExactString()
		}
		lines[line] = true
		if _, ok := o.(*types.TypeName); !ok || types.IsInterface(o.Type()) {
			continue
		}
		for m := range types.NewMethodSet(types.NewPointer(o.Type())).Methods() {
			if m.Obj().Exported() {
				lines[types.SelectionString(m, qualify)] = true
			}
		}
	}
	return lines
}

func difference(a, b map[string]bool) []string {
	var l []string
	for _, k := range slices.Sorted(maps.Keys(a)) {
		if !b[k] {
			l = append(l, k)
		}
	}
	return l
}

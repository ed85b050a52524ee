package main

import (
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
	"os/exec"
	"slices"
	"sort"
	"strings"
)

// listed is what the go command tells about a package.
type listed struct {
	ImportPath, Name, Dir, Export string
	GoFiles                       []string
	Error                         *struct{ Err string }
}

// list asks the go command for the packages of g on a platform. Inlining is off because it
// would put function bodies into the export data, four times the size.
func list(g group, on platform) ([]listed, error) {
	cmd := exec.Command("go", append([]string{"list", "-e", "-export", "-gcflags=all=-l",
		"-json=ImportPath,Name,Dir,Export,GoFiles,Error"}, g.patterns...)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+on.goos, "GOARCH="+on.goarch)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w\n%s", strings.Join(g.patterns, " "), err, stderr.Bytes())
	}
	var l []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			sort.Slice(l, func(i, j int) bool { return l[i].ImportPath < l[j].ImportPath })
			return l, nil
		case err != nil:
			return nil, fmt.Errorf("go list: %w", err)
		}
		if !g.selected(p.ImportPath) || len(p.GoFiles) == 0 {
			continue
		}
		if p.Error != nil {
			return nil, fmt.Errorf("package %s cannot be loaded: %s", p.ImportPath, p.Error.Err)
		}
		if p.Export == "" {
			return nil, fmt.Errorf("package %s does not compile\n%s", p.ImportPath, stderr.Bytes())
		}
		l = append(l, p)
	}
}

// pkg is a package with everything that is generated from it.
type pkg struct {
	listed
	compiled
	variants map[platform]compiled // on the platforms where its API differs
}

// compiled is what the compiler tells about a package.
type compiled struct {
	types  *types.Package
	export []byte // the archive member with the export data
}

// load reads the packages of g, the varying ones also for other platforms.
func load(g group) ([]*pkg, error) {
	pkgs, err := loadOn(g, base)
	if err != nil || len(g.varying) == 0 {
		return pkgs, err
	}
	byPath := map[string]*pkg{}
	for _, p := range pkgs {
		byPath[p.ImportPath] = p
	}
	for _, on := range others {
		there, err := loadOn(group{name: g.name, patterns: g.varying}, on)
		if err != nil {
			return nil, fmt.Errorf("for %s: %w", on, err)
		}
		for _, v := range there {
			p := byPath[v.ImportPath]
			if p == nil {
				return nil, fmt.Errorf("%s varies between platforms and is not in the group %s", v.ImportPath, g.name)
			}
			if maps.Equal(api(p.types), api(v.types)) {
				continue
			}
			if p.variants == nil {
				p.variants = map[platform]compiled{}
			}
			p.variants[on] = v.compiled
		}
	}
	return pkgs, nil
}

// loadOn reads the export data of the packages of g on one platform.
func loadOn(g group, on platform) ([]*pkg, error) {
	l, err := list(g, on)
	if err != nil {
		return nil, err
	}
	exports := map[string][]byte{}
	for _, p := range l {
		b, err := os.ReadFile(p.Export)
		if err != nil {
			return nil, err
		}
		if exports[p.ImportPath], err = packageDefinition(b); err != nil {
			return nil, fmt.Errorf("%s: %w", p.ImportPath, err)
		}
	}
	imp := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		b, ok := exports[path]
		if !ok {
			return nil, fmt.Errorf("no export data for %s", path)
		}
		return io.NopCloser(bytes.NewReader(b)), nil
	})
	var pkgs []*pkg
	for _, p := range l {
		t, err := imp.Import(p.ImportPath)
		if err != nil {
			return nil, err
		}
		pkgs = append(pkgs, &pkg{listed: p, compiled: compiled{t, exports[p.ImportPath]}})
	}
	return pkgs, nil
}

// checkPlatforms demands that the packages of g have the same API everywhere,
// those apart that are known to vary or to be missing.
func checkPlatforms(g group, pkgs []*pkg) error {
	want := map[string]map[string]bool{}
	for _, p := range pkgs {
		want[p.ImportPath] = api(p.types)
	}
	var failed []error
	for _, on := range others {
		there, err := loadOn(g, on)
		if err != nil {
			return fmt.Errorf("for %s: %w", on, err)
		}
		for _, p := range there {
			if slices.Contains(g.varying, p.ImportPath) || constraints[p.ImportPath] != "" {
				continue
			}
			for _, l := range difference(api(p.types), want[p.ImportPath]) {
				failed = append(failed, fmt.Errorf("%s differs on %s: %s", p.ImportPath, on, l))
			}
		}
	}
	return errors.Join(failed...)
}

// packageDefinition returns the archive b with nothing but its first member,
// __.PKGDEF: the export data without the object code.
func packageDefinition(b []byte) ([]byte, error) {
	const magic, header = "!<arch>\n", 60
	if !bytes.HasPrefix(b, []byte(magic)) || len(b) < len(magic)+header {
		return nil, errors.New("compiled package is not an archive")
	}
	h := b[len(magic) : len(magic)+header]
	var size int
	if name := strings.TrimSpace(string(h[:16])); name != "__.PKGDEF" {
		return nil, fmt.Errorf("first member of the archive is %q, want __.PKGDEF", name)
	}
	if _, err := fmt.Sscan(string(h[48:58]), &size); err != nil {
		return nil, fmt.Errorf("size of the export data: %w", err)
	}
	end := len(magic) + header + size
	if end > len(b) {
		return nil, fmt.Errorf("export data is cut short: %d of %d bytes", len(b)-len(magic)-header, size)
	}
	return b[:end], nil
}

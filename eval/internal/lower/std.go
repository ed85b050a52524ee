package lower

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"strings"
)

// Compiled code has no generic functions, only instances, so the interpreter
// can have none of the library's. The packages below std are this project's
// own versions of them; they are lowered like generic functions of a cell.

//go:embed std/*/*.go
var stdFiles embed.FS

// stdDirs are the directories below std by the import path they stand for.
var stdDirs = map[string]string{
	"slices": "slices", "maps": "maps", "cmp": "cmp", "iter": "iter", "sync": "sync", "sync/atomic": "atomic",
	"math/rand/v2": "rand", "errors": "errors", "reflect": "reflect", "unique": "unique",
}

// stdPath is the import path below which std is.
const stdPath = "github.com/nskernel/nskernel/eval/internal/lower/std/"

// stubs declare what the sources below std use of compiled packages.
var stubs = map[string]string{
	"sync":         "package sync\ntype Mutex struct{ _ int }\nfunc (*Mutex) Lock()\nfunc (*Mutex) Unlock()\n",
	"sort":         "package sort\nfunc Ints([]int)\nfunc Float64s([]float64)\nfunc Strings([]string)\nfunc Slice(any, func(i, j int) bool)\nfunc SliceStable(any, func(i, j int) bool)\n",
	"errors":       "package errors\nfunc As(err error, target any) bool\n",
	"reflect":      "package reflect\ntype Type interface{ Elem() Type }\ntype Value struct{ _ int }\nfunc (Value) Interface() any\nfunc TypeOf(any) Type\n",
	"math/rand/v2": "package rand\nfunc Uint64N(n uint64) uint64\n",
}

// library are the packages below std that have been wanted so far.
type library struct {
	fset  *token.FileSet
	cells map[string]*Cell // by the import path they stand for
	stubs map[string]*types.Package
	owned map[*types.Package]bool
	decls map[*types.Func]*source
}

func newLibrary() *library {
	return &library{
		fset: token.NewFileSet(), cells: map[string]*Cell{}, stubs: map[string]*types.Package{},
		owned: map[*types.Package]bool{}, decls: map[*types.Func]*source{},
	}
}

// load returns the package that stands for an import path, nil if there is
// none.
func (l *library) load(importPath string) (*Cell, error) {
	if c, ok := l.cells[importPath]; ok {
		return c, nil
	}
	dir, ok := stdDirs[importPath]
	if !ok {
		return nil, nil
	}
	entries, err := stdFiles.ReadDir(path.Join("std", dir))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		text, err := stdFiles.ReadFile(path.Join("std", dir, e.Name()))
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(l.fset, e.Name(), text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	conf := types.Config{Importer: l}
	pkg, err := conf.Check(importPath, l.fset, files, info)
	if err != nil {
		return nil, err
	}
	c := &Cell{Name: identifier(importPath), Fset: l.fset, Info: info, Pkg: pkg}
	l.cells[importPath] = c
	l.owned[pkg] = true
	for _, f := range files {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok {
				l.decls[info.Defs[fd.Name].(*types.Func)] = &source{fd, c}
			}
		}
	}
	return c, nil
}

// Import gives the sources below std each other and the stubs.
func (l *library) Import(importPath string) (*types.Package, error) {
	if name, ok := strings.CutPrefix(importPath, stdPath); ok {
		c, err := l.load(name)
		if err != nil {
			return nil, err
		}
		return c.Pkg, nil
	}
	if p, ok := l.stubs[importPath]; ok {
		return p, nil
	}
	text, ok := stubs[importPath]
	if !ok {
		return nil, fmt.Errorf("no stub of package %s", importPath)
	}
	f, err := parser.ParseFile(l.fset, importPath+".go", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	conf := types.Config{IgnoreFuncBodies: true, Error: func(error) {}} // missing bodies
	p, _ := conf.Check(importPath, l.fset, []*ast.File{f}, nil)
	p.MarkComplete()
	l.stubs[importPath] = p
	return p, nil
}

func (u *unit) isLibrary(p *types.Package) bool { return u.std.owned[p] }

// standIn returns the object that stands for a generic object of a compiled
// package.
func (u *unit) standIn(o types.Object) types.Object {
	if o.Pkg() == nil || o.Pkg() == u.cell.Pkg || u.isLibrary(o.Pkg()) {
		return nil
	}
	c, err := u.std.load(o.Pkg().Path())
	if err != nil {
		panic(err)
	}
	if c == nil {
		return nil
	}
	return c.Pkg.Scope().Lookup(o.Name())
}

// libraryFunc returns the function to instantiate for f.
func (u *unit) libraryFunc(f *types.Func) *types.Func {
	if f.Pkg() == nil || f.Pkg() == u.cell.Pkg || u.isLibrary(f.Pkg()) {
		return f
	}
	if g, ok := u.standIn(f).(*types.Func); ok {
		return g
	}
	u.refuse("the generic function "+f.Pkg().Path()+"."+f.Name(), "the kernel does not have it; write a loop or a function of your own")
	return nil
}

// libraryType returns the type that stands for an instance of a generic
// compiled type, nil if there is none.
func (u *unit) libraryType(t *types.Named) *types.Named {
	if t.TypeArgs().Len() == 0 {
		return nil
	}
	o, ok := u.standIn(t.Obj()).(*types.TypeName)
	if !ok {
		return nil
	}
	var args []types.Type
	for i := range t.TypeArgs().Len() {
		args = append(args, u.subst(t.TypeArgs().At(i)))
	}
	r, err := types.Instantiate(u.ctx, o.Type(), args, false)
	if err != nil {
		panic(err)
	}
	return r.(*types.Named)
}

// checkEncoding refuses to give values to encoders that would encode them
// differently: embedded fields are ordinary fields for compiled code.
func (u *unit) checkEncoding(f *types.Func, t types.Type) {
	if !strings.HasPrefix(f.Pkg().Path(), "encoding/") {
		return
	}
	if name := u.embeds(t, 0); name != "" {
		u.refuse("encoding "+name+", which has embedded fields", "name the fields")
	}
}

// embeds returns a type in t that has embedded fields, "" if there is none.
func (u *unit) embeds(t types.Type, depth int) string {
	if depth > 8 {
		return ""
	}
	switch c := types.Unalias(u.subst(t)).(type) {
	case *types.Named:
		if u.isSession(c) {
			if st, ok := c.Underlying().(*types.Struct); ok {
				for i := range st.NumFields() {
					if st.Field(i).Embedded() {
						return typeName(c)
					}
				}
			}
			return u.embeds(c.Underlying(), depth+1)
		}
	case *types.Struct:
		for i := range c.NumFields() {
			if s := u.embeds(c.Field(i).Type(), depth+1); s != "" {
				return s
			}
		}
	case *types.Pointer:
		return u.embeds(c.Elem(), depth+1)
	case *types.Slice:
		return u.embeds(c.Elem(), depth+1)
	case *types.Array:
		return u.embeds(c.Elem(), depth+1)
	case *types.Map:
		return u.embeds(c.Elem(), depth+1)
	}
	return ""
}

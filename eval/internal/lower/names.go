package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// registry is what is remembered from one cell to the next. Everything but
// used is taken back when a cell is discarded.
type registry struct {
	// used are the identifiers of package level that were ever given out.
	used map[string]bool
	// names are the identifiers of package-level objects.
	names map[types.Object]string
	// decls are the functions and methods with their source.
	decls map[*types.Func]*source
	// slots are the methods that can be replaced.
	slots map[*types.Func]*slot
	// insts are the names of instances of generic functions, by key.
	insts map[string]string
	// named are the emitted types, by declaration and type arguments.
	named map[typeKey]*emitted
	// dynamics are the types that can be in an interface.
	dynamics []dynamic
	// local are the types declared in functions, with those.
	local map[*types.TypeName]*types.Func
	// copies are the types declared in generic functions, one per instance.
	copies map[string]*types.Named
	// aliases are the package names by import path.
	aliases map[string]string
	// imports are the package names that files of the interpreter have.
	imports map[importKey]bool
	// asserts are the functions that convert to an interface, by its text.
	asserts map[string]*assertion
	// guards are the functions that refuse nil pointers, by types.
	guards map[string]string
	// blurs are the types whose identity is lost in interfaces.
	blurs blurs
	std   *library
	ctx   *types.Context
	// stop is the variable with the address of the stop flag.
	stop string
}

// source is a declaration and what go/types knows about it.
type source struct {
	decl *ast.FuncDecl
	cell *Cell
}

type importKey struct{ file, name string }

func newRegistry() registry {
	r := registry{
		used: map[string]bool{}, names: map[types.Object]string{}, decls: map[*types.Func]*source{}, slots: map[*types.Func]*slot{}, insts: map[string]string{},
		named: map[typeKey]*emitted{}, local: map[*types.TypeName]*types.Func{}, copies: map[string]*types.Named{},
		aliases: map[string]string{}, imports: map[importKey]bool{}, asserts: map[string]*assertion{}, guards: map[string]string{},
		ctx: types.NewContext(), blurs: newBlurs(), std: newLibrary(),
	}
	for _, n := range types.Universe.Names() {
		r.used[n] = true
	}
	for t := token.BREAK; t <= token.VAR; t++ {
		r.used[t.String()] = true
	}
	for _, n := range []string{"_", "main", "init"} {
		r.used[n] = true
	}
	return r
}

// remember sets m[k] and notes how to take that back.
func remember[K comparable, V any](u *unit, m map[K]V, k K, v V) {
	old, had := m[k]
	u.undo = append(u.undo, func() {
		if had {
			m[k] = old
		} else {
			delete(m, k)
		}
	})
	m[k] = v
}

func (r *registry) rollBack(undo []func()) {
	for i := len(undo) - 1; i >= 0; i-- {
		undo[i]()
	}
}

// global returns a new identifier of package level: name itself, or name__2
// and so on when it was given before.
func (u *unit) global(name string) string {
	n := name
	for i := 2; u.used[n] || u.locals[n]; i++ {
		n = name + "__" + strconv.Itoa(i)
	}
	u.used[n] = true
	return n
}

// fresh returns a new identifier for use inside functions. It differs from
// every other identifier of the unit, so nothing is ever shadowed.
func (u *unit) fresh(name string) string {
	if name == "_" {
		name = "blank"
	}
	n := name
	for u.used[n] || u.locals[n] {
		u.serial++
		n = name + "_" + strconv.Itoa(u.serial)
	}
	u.locals[n] = true
	return n
}

func (u *unit) tmp() string { return u.fresh("t") }

// define names a new local variable.
func (u *unit) define(o types.Object) string {
	n := u.fresh(o.Name())
	u.fn.names[o] = n
	return n
}

// defineGlobal names a package-level object.
func (u *unit) defineGlobal(o types.Object) string {
	n := u.global(o.Name())
	remember(u, u.names, o, n)
	return n
}

// name is the identifier of a variable, function or package-level object.
func (u *unit) name(o types.Object) string {
	for f := u.fn; f != nil; f = f.outer {
		if n, ok := f.names[o]; ok {
			return n
		}
	}
	if n, ok := u.names[o]; ok {
		return n
	}
	if o.Pkg() != nil && o.Pkg() != u.cell.Pkg && !u.isLibrary(o.Pkg()) {
		return u.pkgName(o.Pkg().Path(), o.Pkg().Name()) + "." + o.Name()
	}
	if f, ok := o.(*types.Func); ok {
		n := u.defineGlobal(f)
		u.queue = append(u.queue, func() { u.funcDecl(f, n, nil, nil) })
		return n
	}
	u.refuse("the interpreter has no "+o.Name()+": the cell that declares it has failed", "run that cell again")
	return ""
}

// nsrt names a run-time function.
func (u *unit) nsrt(name string) string {
	return u.pkgName("nsrt", "nsrt") + "." + name
}

// pkgName is the name of an imported package. The interpreter keeps imports by
// the base name of the file that a position belongs to, so code of an earlier
// cell needs the import there as well.
func (u *unit) pkgName(path, name string) string {
	n, ok := u.aliases[path]
	if !ok {
		n = u.global(identifier(name))
		remember(u, u.aliases, path, n)
	}
	u.importAs(u.cell.Name, path, n)
	if u.src != nil {
		u.importAs(u.src.Name, path, n)
	}
	return n
}

// importAs imports path into file under a given name.
func (u *unit) importAs(file, path, name string) {
	k := importKey{file, name}
	if u.imports[k] {
		return
	}
	remember(u, u.imports, k, true)
	u.newImports = append(u.newImports, newImport{file, path, name})
}

type newImport struct{ file, path, name string }

// identifier replaces what cannot be in an identifier.
func identifier(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
}

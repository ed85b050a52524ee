// Package symbols is the library of the kernel: the standard library, gonum,
// gonum/plot and this module's own packages in the three forms that cells need,
// all from one build list. Exports are the compiled symbols, Importer has their
// types, Doc their documentation.
//
// The tables and archives are generated; their difference is the review of a
// change of API.
package symbols

//go:generate go run ./internal/gen

import (
	"reflect"
	"slices"
	"sync"

	"github.com/nskernel/nskernel/symbols/internal/gonum"
	"github.com/nskernel/nskernel/symbols/internal/ours"
	"github.com/nskernel/nskernel/symbols/internal/std"
	"github.com/nskernel/nskernel/symbols/internal/table"
)

// Exports returns the symbols for the interpreter, one map for each group of
// packages, by "path/name" and symbol. Generic functions and types have no
// value and are missing; every package is there. The maps are shared: do not
// modify them.
func Exports() []map[string]map[string]reflect.Value { return exports() }

var exports = sync.OnceValue(buildExports)

func buildExports() []map[string]map[string]reflect.Value {
	library := group(std.Packages)
	restrict(library)
	library["."] = map[string]reflect.Value{"MapTypes": reflect.ValueOf(dynamicTypes(library))}
	return []map[string]map[string]reflect.Value{library, group(gonum.Packages), group(ours.Packages)}
}

func group(packages []*table.Package) map[string]map[string]reflect.Value {
	m := make(map[string]map[string]reflect.Value, len(packages))
	for _, p := range packages {
		m[p.Key()] = p.Map()
	}
	return m
}

// Packages returns the import paths of all packages that cells can import,
// sorted.
func Packages() []string { return slices.Clone(packages()) }

var packages = sync.OnceValue(func() []string {
	var l []string
	for _, p := range slices.Concat(std.Packages, gonum.Packages, ours.Packages) {
		l = append(l, p.Path)
	}
	slices.Sort(l)
	return l
})

// Package table is the form in which the generated packages list the symbols
// of a Go package. A table is static data: it costs nothing until it is turned
// into a map of reflect.Values.
package table

import (
	"go/constant"
	"go/token"
	"reflect"
)

// Kind tells how the value of a Symbol is given to the interpreter.
type Kind uint8

const (
	// Value is a function, a typed constant or a boolean constant.
	Value Kind = iota
	// Var is a variable; the symbol holds its address.
	Var
	// Type is a type T or the wrapper of an interface; the symbol holds (*T)(nil).
	Type
	// Const is an untyped constant held exactly as an int64, uint64 or string.
	Const
	// Int and Float are untyped constants written as a Go literal, because
	// no Go type holds them exactly.
	Int
	Float
)

// Symbol is one name of a package. It is an alias so that the generated lists,
// in other packages, can leave out the names of the fields.
type Symbol = struct {
	Name  string
	Kind  Kind
	Value any
}

// Package lists the symbols of the package Path.
type Package struct {
	Path, Name string
	Symbols    []Symbol
}

// Key is the name of the package in the interpreter's exports: the import path
// followed by the package name.
func (p *Package) Key() string { return p.Path + "/" + p.Name }

// Map returns the symbols in the form that the interpreter wants.
func (p *Package) Map() map[string]reflect.Value {
	m := make(map[string]reflect.Value, len(p.Symbols))
	for i := range p.Symbols {
		m[p.Symbols[i].Name] = reflected(&p.Symbols[i])
	}
	return m
}

func reflected(s *Symbol) reflect.Value {
	switch s.Kind {
	case Var:
		return reflect.ValueOf(s.Value).Elem()
	case Const:
		return reflect.ValueOf(constant.Make(widen(s.Value)))
	case Int:
		return reflect.ValueOf(constant.MakeFromLiteral(s.Value.(string), token.INT, 0))
	case Float:
		return reflect.ValueOf(constant.MakeFromLiteral(s.Value.(string), token.FLOAT, 0))
	}
	return reflect.ValueOf(s.Value)
}

// widen turns a uint64 into a value that constant.Make knows.
func widen(v any) any {
	if u, ok := v.(uint64); ok {
		return constant.Val(constant.MakeUint64(u))
	}
	return v
}

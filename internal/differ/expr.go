package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// gen writes one program.
type gen struct {
	r      *rand.Rand
	counts map[string]int
	id     int    // of the program
	serial int    // of names
	vars   []pair // variables in scope
	body   strings.Builder
	decls  strings.Builder
	indent int
}

type pair struct{ name, typ string }

var numeric = []string{"int", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "uint", "float64", "float32"}

var integers = numeric[:10]

func (g *gen) count(what string)         { g.counts[what]++ }
func (g *gen) n(k int) int               { return g.r.IntN(k) }
func (g *gen) oneOf(xs ...string) string { return xs[g.n(len(xs))] }
func (g *gen) name(p string) string      { g.serial++; return fmt.Sprintf("%s%d", p, g.serial) }
func (g *gen) p(format string, args ...any) {
	fmt.Fprintf(&g.body, strings.Repeat("\t", g.indent)+format+"\n", args...)
}
func (g *gen) dp(format string, args ...any) { fmt.Fprintf(&g.decls, format+"\n", args...) }
func isFloat(t string) bool                  { return strings.HasPrefix(t, "float") }
func isNumeric(t string) bool                { return strings.Contains(t, "int") || isFloat(t) }

// variable returns a variable of type t that is in scope, declaring one at
// the current place if there is none.
func (g *gen) variable(t string) string {
	var names []string
	for _, v := range g.vars {
		if v.typ == t {
			names = append(names, v.name)
		}
	}
	if len(names) == 0 {
		// Functions of the file give values that are no constants.
		return fmt.Sprintf("%s(val(%d))", t, g.n(100))
	}
	return names[g.n(len(names))]
}

// expr writes an expression of type t that is no constant.
func (g *gen) expr(t string, depth int) string {
	if depth <= 0 {
		return g.leaf(t)
	}
	switch {
	case t == "bool":
		return g.boolean(depth)
	case t == "string":
		return g.text(depth)
	case isFloat(t):
		return g.float(t, depth)
	}
	return g.integer(t, depth)
}

func (g *gen) leaf(t string) string {
	switch t {
	case "bool":
		return fmt.Sprintf("(val(%d) > %d)", g.n(20), g.n(20))
	case "string":
		for _, v := range g.vars {
			if v.typ == "string" && g.n(2) == 0 {
				return v.name
			}
		}
		return fmt.Sprintf("word(%d)", g.n(8))
	}
	return g.variable(t)
}

// operand writes an expression or a small constant.
func (g *gen) operand(t string, depth int) string {
	if g.n(4) == 0 {
		g.count("constant")
		return fmt.Sprint(1 + g.n(9))
	}
	return g.expr(t, depth)
}

func (g *gen) integer(t string, depth int) string {
	switch g.n(11) {
	case 0, 1, 2:
		g.count("arithmetic")
		return fmt.Sprintf("(%s %s %s)", g.expr(t, depth-1), g.oneOf("+", "-", "*", "&", "|", "^", "&^"), g.operand(t, depth-1))
	case 3:
		g.count("division")
		return fmt.Sprintf("(%s %s %d)", g.expr(t, depth-1), g.oneOf("/", "%"), 1+g.n(9))
	case 4:
		g.count("shift")
		if g.n(2) == 0 {
			return fmt.Sprintf("(%s %s %d)", g.expr(t, depth-1), g.oneOf("<<", ">>"), g.n(9))
		}
		return fmt.Sprintf("(%s %s (%s & 15))", g.expr(t, depth-1), g.oneOf("<<", ">>"), g.expr(g.oneOf("uint", "uint8", "int", "uint64"), depth-1))
	case 5, 6:
		g.count("conversion")
		return fmt.Sprintf("%s(%s)", t, g.expr(g.oneOf(integers...), depth-1))
	case 7:
		g.count("unary")
		return fmt.Sprintf("(%s%s)", g.oneOf("-", "^", "+"), g.expr(t, depth-1))
	case 8:
		g.count("min/max")
		return fmt.Sprintf("%s(%s, %s)", g.oneOf("min", "max"), g.expr(t, depth-1), g.operand(t, depth-1))
	}
	return g.call(t, depth)
}

func (g *gen) float(t string, depth int) string {
	switch g.n(7) {
	case 0, 1, 2:
		g.count("float arithmetic")
		return fmt.Sprintf("(%s %s %s)", g.expr(t, depth-1), g.oneOf("+", "-", "*"), g.operand(t, depth-1))
	case 3:
		g.count("float division")
		return fmt.Sprintf("(%s / %d)", g.expr(t, depth-1), 1+g.n(9))
	case 4:
		g.count("conversion")
		return fmt.Sprintf("%s(%s)", t, g.expr(g.oneOf(numeric...), depth-1))
	}
	return g.call(t, depth)
}

func (g *gen) boolean(depth int) string {
	switch g.n(6) {
	case 0:
		g.count("logic")
		return fmt.Sprintf("(%s %s %s)", g.expr("bool", depth-1), g.oneOf("&&", "||"), g.expr("bool", depth-1))
	case 1:
		return "!" + g.expr("bool", depth-1)
	case 2:
		g.count("string comparison")
		return fmt.Sprintf("(%s %s %s)", g.expr("string", depth-1), g.oneOf("==", "!=", "<", ">="), g.expr("string", depth-1))
	case 3:
		return g.call("bool", depth)
	}
	t := g.oneOf(numeric...)
	g.count("comparison")
	return fmt.Sprintf("(%s %s %s)", g.expr(t, depth-1), g.oneOf("==", "!=", "<", "<=", ">", ">="), g.operand(t, depth-1))
}

func (g *gen) text(depth int) string {
	switch g.n(7) {
	case 0, 1:
		g.count("concatenation")
		return fmt.Sprintf("(%s + %s)", g.expr("string", depth-1), g.expr("string", depth-1))
	case 2:
		g.count("slicing of strings")
		return fmt.Sprintf("cut(%s, %s)", g.expr("string", depth-1), g.expr("int", depth-1))
	case 3:
		g.count("formatting")
		return fmt.Sprintf("fmt.Sprint(%s, %s)", g.expr(g.oneOf(numeric...), depth-1), g.expr("bool", depth-1))
	case 4:
		g.count("string conversion")
		return fmt.Sprintf("string([]rune(%s))", g.expr("string", depth-1))
	case 5:
		g.count("library call")
		return fmt.Sprintf("strings.%s(%s)", g.oneOf("ToUpper", "TrimSpace", "Title"), g.expr("string", depth-1))
	}
	return g.call("string", depth)
}

// call writes a call that gives a t.
func (g *gen) call(t string, depth int) string {
	switch g.n(5) {
	case 0:
		g.count("function literal")
		v := g.name("v")
		return fmt.Sprintf("func(%s %s) %s { return %s }(%s)", v, t, t, g.with(pair{v, t}, func() string { return g.expr(t, depth-1) }), g.expr(t, depth-1))
	case 1:
		g.count("generic call")
		return fmt.Sprintf("pick(%s, %s, %s)", g.expr("bool", depth-1), g.expr(t, depth-1), g.expr(t, depth-1))
	case 2:
		g.count("generic type")
		return fmt.Sprintf("newCell(%s).Swap(%s)", g.expr(t, depth-1), g.expr(t, depth-1))
	case 3:
		g.count("type assertion")
		return fmt.Sprintf("any(%s).(%s)", g.expr(t, depth-1), t)
	}
	g.count("map or slice literal")
	if g.n(2) == 0 {
		return fmt.Sprintf("[]%s{%s, %s}[val(%d)]", t, g.expr(t, depth-1), g.expr(t, depth-1), g.n(2))
	}
	return fmt.Sprintf("map[string]%s{word(%d): %s}[word(%d)]", t, g.n(4), g.expr(t, depth-1), g.n(4))
}

// with calls f while v is in scope.
func (g *gen) with(v pair, f func() string) string {
	g.vars = append(g.vars, v)
	s := f()
	g.vars = g.vars[:len(g.vars)-1]
	return s
}

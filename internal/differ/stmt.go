package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// prelude is what all programs of a file share.
const prelude = `package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"
)

var words = [...]string{"", "a", "go", "Hé", "zebra", "0x", "日本", "tail"}

//go:noinline
func val(n int) int { return n }

//go:noinline
func word(n int) string { return words[n%len(words)] }

func cut(s string, n int) string {
	if n < 0 {
		n = -(n + 1)
	}
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return string(r[:n%len(r)])
}

// short keeps strings that are built in loops from growing without end.
func short(s string) string {
	if r := []rune(s); len(r) > 16 {
		return string(r[:16])
	}
	return s
}

func pick[T any](c bool, a, b T) T {
	if c {
		return a
	}
	return b
}

type cell[T any] struct{ v, old T }

func newCell[T any](v T) *cell[T] { return &cell[T]{v: v} }

func (c *cell[T]) Swap(v T) T {
	c.old, c.v = c.v, v
	return c.old
}

func guard(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(error); ok {
				r = "run-time error"
			}
			fmt.Println(name, "panics:", r)
		}
	}()
	f()
}

var _, _ = sort.Ints, strings.ToUpper
var _ sync.Mutex
var _ = errors.New

`

// file writes n programs that begin at a seed.
func file(seed uint64, n int, counts map[string]int) string {
	var decls, main strings.Builder
	for i := range n {
		g := &gen{r: rand.New(rand.NewPCG(seed+uint64(i), 1)), counts: counts, id: i, indent: 1}
		g.program()
		decls.WriteString(g.decls.String())
		fmt.Fprintf(&decls, "func p%d() {\n%s}\n\n", i, g.body.String())
		fmt.Fprintf(&main, "\tfmt.Println(\"== %d\")\n\tguard(\"program\", p%d)\n", i, i)
	}
	return prelude + decls.String() + "func main() {\n" + main.String() + "}\n"
}

// program writes the statements of one program.
func (g *gen) program() {
	for range 3 {
		g.declare()
	}
	for range 4 + g.n(4) {
		g.stmt(2)
	}
	for _, v := range g.vars {
		g.p("fmt.Println(%q, %s)", v.name, v.name)
	}
}

func (g *gen) declare() {
	t := g.oneOf(append([]string{"string", "string", "bool", "int", "int", "float64"}, numeric...)...)
	v := g.name("x")
	g.p("%s %s = %s", "var "+v, t, g.expr(t, 2))
	g.p("_ = %s", v)
	g.vars = append(g.vars, pair{v, t})
}

// block writes statements in a scope of their own.
func (g *gen) block(f func()) {
	n := len(g.vars)
	g.indent++
	f()
	g.indent--
	g.vars = g.vars[:n]
}

// scenario is a statement with a name that is counted.
type scenario struct {
	name  string
	write func(g *gen, depth int)
}

func (g *gen) stmt(depth int) {
	if depth <= 0 {
		g.assign()
		return
	}
	s := scenarios[g.n(len(scenarios))]
	g.count(s.name)
	s.write(g, depth)
}

func (g *gen) assign() {
	if len(g.vars) == 0 {
		g.declare()
		return
	}
	v := g.vars[g.n(len(g.vars))]
	switch {
	case isNumeric(v.typ) && g.n(2) == 0:
		g.count("operator assignment")
		g.p("%s %s %s", v.name, g.oneOf("+=", "-=", "*="), g.operand(v.typ, 2))
	case isNumeric(v.typ) && g.n(4) == 0:
		g.count("increment")
		g.p("%s%s", v.name, g.oneOf("++", "--"))
	case v.typ == "string":
		g.count("assignment")
		g.p("%s = short(%s)", v.name, g.expr(v.typ, 2))
	default:
		g.count("assignment")
		g.p("%s = %s", v.name, g.expr(v.typ, 2))
	}
}

// anyVar returns a variable that is in scope.
func (g *gen) anyVar() pair {
	if len(g.vars) == 0 {
		g.declare()
	}
	return g.vars[g.n(len(g.vars))]
}

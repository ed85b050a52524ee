package eval

import (
	"go/types"
	"slices"
	"strings"
)

// A segment is a run of pieces that is checked and compiled as one: either
// declarations, or statements that run in order.
type segment struct {
	decls  bool
	pieces []*piece
}

// plan orders the pieces of a cell. Statements keep their order. A declaration
// moves up as far as the variables that it uses allow, so that a cell can call
// what it defines further down, as a Go file can. A type and its methods move
// together.
//
// cut tells names whose new definition must be compiled before the statements
// after it, because functions of earlier cells use them.
func plan(pieces []*piece, cut func(name string) bool) []segment {
	p := newPlanner(pieces)
	after := map[int][]*piece{} // declarations by the statement they must follow
	for i, pc := range pieces {
		if pc.kind.isDecl() {
			k := p.reach(i, map[int]bool{})
			after[k] = append(after[k], pc)
		}
	}
	var out []segment
	add := func(decls bool, ps ...*piece) {
		if len(ps) == 0 {
			return
		}
		if n := len(out); n > 0 && out[n-1].decls == decls && (decls || !out[n-1].cut(cut)) {
			out[n-1].pieces = append(out[n-1].pieces, ps...)
			return
		}
		out = append(out, segment{decls: decls, pieces: ps})
	}
	add(true, after[-1]...)
	for i, pc := range pieces {
		if !pc.kind.isDecl() {
			add(false, pc)
			add(true, after[i]...)
		}
	}
	return out
}

// cut tells whether the last statement of s defines a name that ends the
// segment.
func (s *segment) cut(cut func(name string) bool) bool {
	for _, n := range s.pieces[len(s.pieces)-1].defines {
		if cut(n) {
			return true
		}
	}
	return false
}

// planner knows which piece of a cell defines what.
type planner struct {
	pieces  []*piece
	vars    map[string]int   // first statement that defines a variable
	decls   map[string]int   // declaration of a function, type or constant
	methods map[string][]int // methods by name of their type
}

func newPlanner(pieces []*piece) *planner {
	p := &planner{pieces: pieces, vars: map[string]int{}, decls: map[string]int{}, methods: map[string][]int{}}
	for i, pc := range pieces {
		if pc.recv != "" {
			p.methods[pc.recv] = append(p.methods[pc.recv], i)
		}
		for _, n := range pc.defines {
			if pc.kind.isDecl() {
				p.decls[n] = i
			} else if _, ok := p.vars[n]; !ok {
				p.vars[n] = i
			}
		}
	}
	return p
}

// reach returns the index of the last statement that declaration i needs,
// itself or through other declarations of the cell; -1 if it needs none.
func (p *planner) reach(i int, seen map[int]bool) int {
	if seen[i] {
		return -1
	}
	seen[i] = true
	last := -1
	for name := range p.pieces[i].uses {
		if j, ok := p.decls[name]; ok {
			last = max(last, p.reach(j, seen))
		} else if j, ok := p.vars[name]; ok {
			last = max(last, j)
		}
	}
	if p.pieces[i].kind == typeChunk {
		for _, name := range p.pieces[i].defines {
			for _, j := range p.methods[name] {
				last = max(last, p.reach(j, seen))
			}
		}
	}
	return last
}

// orderVars puts variables that stand side by side in the order in which they
// need each other, as Go does with those of a package: var a = b; var b = 2.
// A name that the session has already means what it meant.
func orderVars(pieces []*piece, live map[string]types.Object) []*piece {
	out := slices.Clone(pieces)
	for i := 0; i < len(out); i++ {
		n := i
		for n < len(out) && (isVar(out[n]) || out[n].kind.isDecl()) {
			n++
		}
		p := newPlanner(out)
		for out[i].kind == stmtChunk && i < n {
			j := p.firstNeeded(i, n, live, map[int]bool{})
			if j < 0 {
				break
			}
			first := out[j]
			copy(out[i+1:j+1], out[i:j])
			out[i] = first
			p = newPlanner(out)
		}
	}
	relink(out)
	return out
}

func isVar(p *piece) bool { return p.kind == stmtChunk && strings.HasPrefix(p.text, "var") }

// firstNeeded returns the index of a variable between i and n that variable i
// needs to be defined first, -1 if there is none. A circle is left to go/types.
func (p *planner) firstNeeded(i, n int, live map[string]types.Object, seen map[int]bool) int {
	need := -1
	var visit func(k int)
	visit = func(k int) {
		if seen[k] {
			return
		}
		seen[k] = true
		for name := range p.pieces[k].uses {
			if j, ok := p.decls[name]; ok {
				visit(j)
				for _, m := range p.methods[name] {
					visit(m)
				}
			} else if j, ok := p.vars[name]; ok && j > i && j < n && live[name] == nil && !p.needs(j, i) {
				need = max(need, j)
			}
		}
	}
	visit(i)
	return need
}

// needs tells whether variable j uses, itself or through others, variable i.
func (p *planner) needs(j, i int) bool {
	seen := map[int]bool{}
	var visit func(k int) bool
	visit = func(k int) bool {
		if seen[k] {
			return false
		}
		seen[k] = true
		for name := range p.pieces[k].uses {
			d, ok := p.decls[name]
			if !ok {
				d, ok = p.vars[name]
			}
			if ok && (d == i || visit(d)) {
				return true
			}
		}
		return false
	}
	return visit(j)
}

// relink tells each statement anew which one follows.
func relink(pieces []*piece) {
	var last *piece
	for _, p := range pieces {
		if p.kind != stmtChunk {
			continue
		}
		if last != nil {
			last.next = p
		}
		last = p
	}
	if last != nil {
		last.next = nil
	}
}

package eval

import (
	"go/types"
	"maps"
	"slices"
	"strings"
)

// A definition is a piece that the session has run or declared, with the
// session's objects that it uses.
type definition struct {
	*piece
	deps map[string]types.Object // by the name under which the text uses them
	// bodyDeps are those that only the body of a method uses. The method gets
	// a new body when they change; its type stays what it is.
	bodyDeps map[string]types.Object
}

// definitions are those of one session by key; see piece.keys.
type definitions map[string]*definition

// methodsOf returns the keys of the methods of a type, sorted.
func (d definitions) methodsOf(name string) []string {
	var keys []string
	for k, def := range d {
		if def.recv == name {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

// upToDate tells whether p says what is defined already: the same text, which
// means the same because nothing that it uses has changed.
func (d definitions) upToDate(p *piece, live map[string]types.Object) bool {
	keys := p.keys()
	if len(keys) == 0 {
		return false
	}
	for _, k := range keys {
		def := d[k]
		if def == nil || def.text != p.text || def.kind != p.kind {
			return false
		}
		if !current(def.deps, live) || !current(def.bodyDeps, live) {
			return false
		}
	}
	return true
}

// current tells whether deps are the present objects of their names.
func current(deps, live map[string]types.Object) bool {
	for name, obj := range deps {
		if live[name] != obj {
			return false
		}
	}
	return true
}

// takesBody tells whether method p differs from the present one by its body
// at most, so that only that has to be replaced.
func (d definitions) takesBody(p *piece, live map[string]types.Object) bool {
	old := d[p.keys()[0]]
	return old != nil && !p.generic && p.header == old.header && current(old.deps, live)
}

// revision works out which declarations a cell really makes: it leaves out
// what is up to date and takes in what must be compiled again.
type revision struct {
	defs   definitions
	live   map[string]types.Object
	own    []*piece
	pieces []*piece        // the result
	has    map[string]bool // keys in pieces
	dirty  map[string]bool // names that pieces declare
	same   []*piece        // own declarations that are up to date
}

// revise returns the pieces of a cell without declarations that are up to
// date, which are returned apart, and with the declarations of earlier cells
// that use what the cell declares anew.
func revise(own []*piece, defs definitions, live map[string]types.Object) (pieces, same []*piece) {
	r := &revision{defs: defs, live: live, own: own, has: map[string]bool{}, dirty: map[string]bool{}}
	methods := map[string][]*piece{}
	for _, p := range own {
		if p.recv != "" {
			methods[p.recv] = append(methods[p.recv], p)
		}
	}
	for _, p := range own {
		switch {
		case !p.kind.isDecl():
			r.pieces = append(r.pieces, p)
		case p.recv != "":
			r.addMethod(p, methods[p.recv])
		case p.kind == typeChunk:
			r.addType(p, methods)
		case !defs.upToDate(p, live):
			r.add(p)
		default:
			r.same = append(r.same, p)
		}
	}
	r.addDependants()
	return r.pieces, r.same
}

// add takes in p, once.
func (r *revision) add(p *piece) {
	keys := p.keys()
	if len(keys) > 0 && r.has[keys[0]] {
		return
	}
	for _, k := range keys {
		r.has[k] = true
	}
	for _, n := range p.defines {
		r.dirty[n] = true
	}
	r.pieces = append(r.pieces, p)
}

// addType takes in a declaration of types with their methods if the types or
// the headers of their methods have changed: a type always comes with all its
// methods. Otherwise methods get new bodies where they need them.
func (r *revision) addType(p *piece, own map[string][]*piece) {
	changed := !r.defs.upToDate(p, r.live)
	var methods []*piece
	for _, name := range p.defines {
		methods = append(methods, own[name]...)
		changed = changed || len(r.dropped(name, own[name])) > 0
	}
	for _, m := range methods {
		changed = changed || !r.defs.upToDate(m, r.live) && !r.defs.takesBody(m, r.live)
	}
	if !changed {
		r.same = append(r.same, p)
		for _, m := range methods {
			r.addBody(m)
		}
		return
	}
	r.add(p)
	for _, name := range p.defines {
		gone := r.dropped(name, own[name])
		for _, m := range own[name] {
			r.add(m)
		}
		for _, k := range r.defs.methodsOf(name) {
			if !r.has[k] && !slices.Contains(gone, k) {
				r.add(r.defs[k].again())
			}
		}
	}
}

// addBody takes in the body of a method unless that is up to date.
func (r *revision) addBody(m *piece) {
	if r.defs.upToDate(m, r.live) {
		r.same = append(r.same, m)
		return
	}
	m.rebody = true
	r.add(m)
}

// dropped returns the methods of a type that stood in the cell of the type's
// present declaration and stand no longer beside the new one.
func (r *revision) dropped(name string, own []*piece) []string {
	old := r.defs[name]
	if old == nil {
		return nil
	}
	kept := map[string]bool{}
	for _, m := range own {
		kept[m.keys()[0]] = true
	}
	var gone []string
	for _, k := range r.defs.methodsOf(name) {
		if r.defs[k].cell == old.cell && !kept[k] {
			gone = append(gone, k)
		}
	}
	return gone
}

// addMethod takes in a method whose type the cell may not declare.
func (r *revision) addMethod(p *piece, siblings []*piece) {
	for _, q := range r.own {
		if q.kind == typeChunk && slices.Contains(q.defines, p.recv) {
			return // comes with the type
		}
	}
	if r.has[p.keys()[0]] {
		return
	}
	if r.defs.upToDate(p, r.live) || r.defs.takesBody(p, r.live) {
		r.addBody(p)
		return
	}
	if old := r.defs[p.recv]; old != nil && old.kind == typeChunk {
		r.addUnit(old, siblings)
		return
	}
	r.add(p) // go/types says what is wrong with the receiver
}

// addUnit takes in the types of an earlier cell with all their methods, some
// of which the cell may replace by own.
func (r *revision) addUnit(old *definition, own []*piece) {
	if !r.whole(old) {
		return
	}
	r.add(old.again())
	for _, m := range own {
		r.add(m)
	}
	for _, name := range old.defines {
		for _, k := range r.defs.methodsOf(name) {
			if !r.has[k] {
				r.add(r.defs[k].again())
			}
		}
	}
}

// whole tells whether every name of a declaration is still defined by it. A
// group of which one name was defined again elsewhere cannot be repeated.
func (r *revision) whole(d *definition) bool {
	for _, k := range d.keys() {
		if r.defs[k] == nil || r.defs[k].piece != d.piece {
			return false
		}
	}
	return true
}

// addDependants takes in every declaration that uses, directly or through
// others, a name that is declared anew.
func (r *revision) addDependants() {
	for again := true; again; {
		again = false
		for _, k := range slices.Sorted(maps.Keys(r.defs)) {
			d := r.defs[k]
			if r.has[k] || !d.kind.isDecl() || !r.uses(d.deps) && !r.uses(d.bodyDeps) {
				continue
			}
			n := len(r.pieces)
			switch {
			case d.recv != "" && !d.generic && !r.uses(d.deps):
				m := d.again()
				m.rebody = true
				r.add(m)
			case d.recv != "" && r.defs[d.recv] != nil:
				r.addUnit(r.defs[d.recv], nil)
			case d.kind == typeChunk:
				r.addUnit(d, nil)
			case r.whole(d):
				r.add(d.again())
			}
			again = again || len(r.pieces) > n
		}
	}
}

// uses tells whether deps name something dirty. That a dependency is no longer
// the present object does not matter: its user has kept a previous meaning because it
// did not compile with a later one.
func (r *revision) uses(deps map[string]types.Object) bool {
	for name := range deps {
		if r.dirty[name] {
			return true
		}
	}
	return false
}

// again returns the piece of d to be compiled once more.
func (d *definition) again() *piece {
	p := *d.piece
	p.foreign, p.rebody = true, false
	return &p
}

// dependants returns what must be compiled again after the variables named
// dirty got new objects. live holds the objects before.
func dependants(dirty map[string]bool, defs definitions, live map[string]types.Object) []*piece {
	r := &revision{defs: defs, live: live, has: map[string]bool{}, dirty: dirty}
	r.addDependants()
	return r.pieces
}

// hasDependants tells whether a declaration uses name.
func (d definitions) hasDependants(name string) bool {
	for _, def := range d {
		if def.kind.isDecl() && (def.deps[name] != nil || def.bodyDeps[name] != nil) {
			return true
		}
	}
	return false
}

// closureNotes names the variables that were assigned function literals which
// use the previous meaning of a dirty name, and go on to do so.
func closureNotes(dirty map[string]bool, defs definitions, live map[string]types.Object) []string {
	var notes []string
	for _, k := range slices.Sorted(maps.Keys(defs)) {
		d := defs[k]
		if d.kind != stmtChunk || !d.closure {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(d.deps)) {
			if dirty[name] && name != k && live[name] == d.deps[name] {
				notes = append(notes, "note: "+k+" keeps using the previous "+name+"; run "+d.cell+" again to change that")
			}
		}
	}
	return notes
}

// staleNote names the variables whose values keep the previous version of a
// type.
func staleNote(name string, old types.Object, live map[string]types.Object) string {
	tn, ok := old.(*types.TypeName)
	if !ok {
		return ""
	}
	var users []string
	for n, o := range live {
		if v, ok := o.(*types.Var); ok && mentions(v.Type(), tn) {
			users = append(users, n)
		}
	}
	if len(users) == 0 {
		return ""
	}
	slices.Sort(users)
	verb := "keep"
	if len(users) == 1 {
		verb = "keeps"
	}
	return "note: " + strings.Join(users, ", ") + " " + verb + " the previous version of type " + name + "; assign again to use the new one"
}

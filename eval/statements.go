package eval

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/nskernel/nskernel/eval/internal/lower"
)

// output is the value that a cell shows: that of its last expression.
type output struct {
	types    []types.Type   // of the values
	constant constant.Value // of an untyped constant, which does not run
	untyped  types.Type     // its type
}

// statements makes the unit of a segment of statements: which variables live
// on, which errors are checked, which value is shown.
func (c *compiler) statements(k *checked) (*unit, error) {
	t, withErr := k.lastType()
	guard := c.s.ErrorGuard()
	if withErr && !guard {
		t = nil
	}
	if asks := c.asksRich(t); len(asks) > 0 {
		var faults []fault
		if k, faults = c.check(askLast(k.segment, asks, withErr)); len(faults) > 0 {
			return nil, c.refuse(k, faults)
		}
	}
	u := &unit{checked: k, stmts: k.body, objects: map[string]types.Object{}, stmtOf: map[string]int{}, defs: definitions{}}
	lc := &lower.Cell{Name: c.cell.name, Fset: k.fset, Info: k.info, Pkg: c.s.pkg, Body: k.body, Reuse: map[*types.Var]*types.Var{}}
	vars := k.globals(c.s.pkg)
	deps, _ := k.dependencies(c.live, c.s.pkg)
	for _, v := range vars {
		lc.Globals = append(lc.Globals, v.Var)
		obj := v.Var
		if old, ok := c.live[v.Name()].(*types.Var); ok && u.objects[v.Name()] == nil && types.Identical(old.Type(), v.Type()) {
			lc.Reuse[v.Var] = old
			obj = old
		}
		p := k.owner[v.stmt]
		if p.internal && v.Name() != contextName {
			continue
		}
		u.objects[v.Name()] = obj
		u.stmtOf[v.Name()] = v.stmt
		u.defs[v.Name()] = &definition{piece: p, deps: deps[p]}
	}
	if guard {
		lc.Check = k.guarded()
	}
	c.showLast(u, lc)
	u.lowering = lc
	return u, nil
}

// refuseReturn reports a return that stands outside of every function of the
// cell: in the wrapper it would end the segment only.
func (c *compiler) refuseReturn(k *checked) error {
	var errs diagnostics
	for _, st := range k.body {
		ast.Inspect(st, func(n ast.Node) bool {
			if r, ok := n.(*ast.ReturnStmt); ok {
				errs.add(k.fset.Position(r.Pos()), "return outside of a function")
			}
			_, lit := n.(*ast.FuncLit)
			return !lit
		})
	}
	return errs.err(c.cell)
}

// lastType returns the type of the one value that the cell shows, and whether
// an error comes with it; nil if there is none or there are several.
func (k *checked) lastType() (t types.Type, withErr bool) {
	n := len(k.body) - 1
	if n < 0 {
		return nil, false
	}
	es, ok := k.body[n].(*ast.ExprStmt)
	if !ok || !k.owner[n].shows() {
		return nil, false
	}
	tv := k.info.Types[es.X]
	if !tv.IsValue() {
		return nil, false
	}
	tup, ok := tv.Type.(*types.Tuple)
	if !ok {
		return tv.Type, false
	}
	if tup.Len() == 2 && failing(es.X, k.info) {
		return tup.At(0).Type(), true
	}
	return nil, false
}

// shows tells whether p, an expression, is the one whose value a cell shows.
func (p *piece) shows() bool { return p.next == nil && !p.quiet && !p.foreign }

// showLast takes the last expression of the cell out of the statements, if it
// has a value to show.
func (c *compiler) showLast(u *unit, lc *lower.Cell) {
	n := len(u.body) - 1
	if n < 0 {
		return
	}
	p := u.owner[n]
	es, ok := u.body[n].(*ast.ExprStmt)
	if !ok || !p.shows() || isPrint(es.X, u.info) {
		return
	}
	tv := u.info.Types[es.X]
	if tv.IsVoid() || tv.IsType() || tv.IsBuiltin() || !tv.IsValue() {
		return
	}
	u.out = &output{}
	if b, ok := tv.Type.(*types.Basic); ok && tv.Value != nil && b.Info()&types.IsUntyped != 0 {
		u.out.constant, u.out.untyped = tv.Value, b
		u.body = u.body[:n]
		lc.Body = u.body
		return
	}
	delete(lc.Check, es)
	lc.OutError = c.s.ErrorGuard() && failing(es.X, u.info)
	lc.Out = es.X
	u.body = u.body[:n]
	lc.Body = u.body
	u.out.types = resultTypes(tv.Type)
	if lc.OutError {
		u.out.types = u.out.types[:len(u.out.types)-1]
	}
	if len(u.out.types) == 0 {
		u.out = nil
	}
}

// resultTypes returns the types of the values of an expression.
func resultTypes(t types.Type) []types.Type {
	tup, ok := t.(*types.Tuple)
	if !ok {
		return []types.Type{types.Default(t)}
	}
	var ts []types.Type
	for v := range tup.Variables() {
		ts = append(ts, v.Type())
	}
	return ts
}

// position returns where statement i of the unit stands in its cell: the call
// on its right side if it is an assignment.
func (u *unit) position(i int) token.Position {
	if i < 0 || i >= len(u.stmts) {
		return token.Position{}
	}
	pos := u.stmts[i].Pos()
	if st, ok := u.stmts[i].(*ast.AssignStmt); ok && len(st.Rhs) == 1 {
		pos = st.Rhs[0].Pos()
	}
	return u.fset.Position(pos)
}

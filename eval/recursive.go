package eval

import "go/types"

// refuseRecursive reports declared types that contain themselves without a
// declared struct in between, as type Tree []Tree: reflection cannot make them, and the
// interpreter fails on some of them in a way that ends the process.
func (c *compiler) refuseRecursive(k *checked) error {
	var errs diagnostics
	for id, obj := range k.info.Defs {
		tn, ok := obj.(*types.TypeName)
		if !ok || tn.IsAlias() || !bareRecursive(tn.Type(), map[*types.TypeName]bool{}) {
			continue
		}
		errs.list = append(errs.list, diagnostic{
			pos: k.fset.Position(id.Pos()),
			msg: "type " + tn.Name() + " contains itself without a declared struct in between, which the interpreter cannot represent",
			fix: "put it into a struct: type " + tn.Name() + " struct { … }",
		})
	}
	return errs.err(c.cell)
}

// bareRecursive tells whether t leads back to one of the named types in open
// without passing a declared struct type.
func bareRecursive(t types.Type, open map[*types.TypeName]bool) bool {
	in := func(ts ...types.Type) bool {
		for _, t := range ts {
			if bareRecursive(t, open) {
				return true
			}
		}
		return false
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if _, ok := t.Underlying().(*types.Struct); ok || t.Obj().Pkg() == nil {
			return false
		}
		if open[t.Obj()] {
			return true
		}
		open[t.Obj()] = true
		defer delete(open, t.Obj())
		return in(t.Underlying())
	case *types.Pointer:
		return in(t.Elem())
	case *types.Slice:
		return in(t.Elem())
	case *types.Array:
		return in(t.Elem())
	case *types.Chan:
		return in(t.Elem())
	case *types.Map:
		return in(t.Key(), t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if in(f.Type()) {
				return true
			}
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			if in(v.Type()) {
				return true
			}
		}
		for v := range t.Results().Variables() {
			if in(v.Type()) {
				return true
			}
		}
	}
	return false
}

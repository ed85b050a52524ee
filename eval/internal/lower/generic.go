package lower

import (
	"fmt"
	"go/types"
	"strings"
)

// env maps the type parameters of the instance that is being written.
type env struct {
	fn   *types.Func // the generic function or method
	args map[*types.TypeParam]types.Type
	key  string
}

// subst replaces type parameters by the arguments of the current instance.
func (u *unit) subst(t types.Type) types.Type {
	if u.env == nil || t == nil {
		return t
	}
	switch t := t.(type) {
	case *types.TypeParam:
		if r, ok := u.env.args[t]; ok {
			return r
		}
		return t
	case *types.Alias:
		return u.subst(types.Unalias(t))
	case *types.Named:
		return u.substNamed(t)
	case *types.Pointer:
		return types.NewPointer(u.subst(t.Elem()))
	case *types.Slice:
		return types.NewSlice(u.subst(t.Elem()))
	case *types.Array:
		return types.NewArray(u.subst(t.Elem()), t.Len())
	case *types.Map:
		return types.NewMap(u.subst(t.Key()), u.subst(t.Elem()))
	case *types.Chan:
		return types.NewChan(t.Dir(), u.subst(t.Elem()))
	case *types.Tuple:
		return u.substTuple(t)
	case *types.Signature:
		return types.NewSignatureType(nil, nil, nil, u.substTuple(t.Params()), u.substTuple(t.Results()), t.Variadic())
	case *types.Struct:
		var fields []*types.Var
		var tags []string
		for i := range t.NumFields() {
			f := t.Field(i)
			fields = append(fields, types.NewField(f.Pos(), f.Pkg(), f.Name(), u.subst(f.Type()), f.Embedded()))
			tags = append(tags, t.Tag(i))
		}
		return types.NewStruct(fields, tags)
	case *types.Interface:
		return u.substInterface(t)
	}
	return t
}

func (u *unit) substInterface(t *types.Interface) types.Type {
	var methods []*types.Func
	for i := range t.NumExplicitMethods() {
		m := t.ExplicitMethod(i)
		methods = append(methods, types.NewFunc(m.Pos(), m.Pkg(), m.Name(), u.subst(m.Type()).(*types.Signature)))
	}
	var embedded []types.Type
	for i := range t.NumEmbeddeds() {
		embedded = append(embedded, u.subst(t.EmbeddedType(i)))
	}
	return types.NewInterfaceType(methods, embedded).Complete()
}

func (u *unit) substTuple(t *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for i := range t.Len() {
		v := t.At(i)
		vars = append(vars, types.NewVar(v.Pos(), v.Pkg(), v.Name(), u.subst(v.Type())))
	}
	return types.NewTuple(vars...)
}

func (u *unit) substNamed(t *types.Named) types.Type {
	if t.TypeArgs().Len() == 0 {
		if owner := u.local[t.Obj()]; owner != nil && owner == u.env.fn {
			return u.copyLocal(t)
		}
		return t
	}
	var args []types.Type
	for i := range t.TypeArgs().Len() {
		args = append(args, u.subst(t.TypeArgs().At(i)))
	}
	r, err := types.Instantiate(u.ctx, t.Origin(), args, false)
	if err != nil {
		panic(err)
	}
	return r
}

// copyLocal gives a type declared in a generic function one copy per instance.
func (u *unit) copyLocal(t *types.Named) types.Type {
	k := fmt.Sprintf("%p in %s", t.Obj(), u.env.key)
	if r, ok := u.copies[k]; ok {
		return r
	}
	n := types.NewNamed(types.NewTypeName(t.Obj().Pos(), t.Obj().Pkg(), t.Obj().Name(), nil), nil, nil)
	remember(u, u.copies, k, n)
	n.SetUnderlying(u.subst(t.Underlying()).Underlying())
	return n
}

// instance names an instance of a generic function, and queues its text if it
// is new.
func (u *unit) instance(f *types.Func, targs *types.TypeList) string {
	f = u.libraryFunc(f)
	params := f.Signature().TypeParams()
	en := &env{fn: f, args: map[*types.TypeParam]types.Type{}}
	var keys []string
	for i := range params.Len() {
		a := u.subst(targs.At(i))
		en.args[params.At(i)] = a
		keys = append(keys, u.t(a))
	}
	en.key = fmt.Sprintf("%p[%s]", f, strings.Join(keys, "; "))
	if n, ok := u.insts[en.key]; ok {
		return n
	}
	n := u.global(f.Name())
	remember(u, u.insts, en.key, n)
	u.queue = append(u.queue, func() { u.funcDecl(f, n, nil, en) })
	return n
}

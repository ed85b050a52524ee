package lower

import (
	"fmt"
	"go/types"
	"sort"
	"strconv"
	"strings"
)

// typeKey identifies a declared type or one instance of a generic one.
type typeKey struct {
	obj  *types.TypeName
	args string
}

// emitted is a declared type that the interpreter knows.
type emitted struct {
	t    *types.Named
	name string
	box  string // name of the struct that stands for it in interfaces, "" if none yet
	ref  string // name of the struct that stands for it in compiled interfaces
}

// t writes a type.
func (u *unit) t(t types.Type) string {
	switch t := u.subst(t).(type) {
	case *types.Basic:
		if t.Info()&types.IsUntyped != 0 && t.Kind() != types.UntypedNil {
			return u.t(types.Default(t))
		}
		if t.Kind() == types.UnsafePointer {
			u.refuse("unsafe.Pointer", "the interpreter has no memory addresses")
		}
		return t.Name()
	case *types.Alias:
		return u.t(types.Unalias(t))
	case *types.Named:
		return u.declared(t)
	case *types.Pointer:
		return "*" + u.t(t.Elem())
	case *types.Slice:
		return "[]" + u.t(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), u.t(t.Elem()))
	case *types.Map:
		return "map[" + u.t(u.keyType(t)) + "]" + u.t(t.Elem())
	case *types.Chan:
		return u.chanType(t)
	case *types.Signature:
		return "func" + u.signature(t, nil)
	case *types.Struct:
		return u.structType(t, "")
	case *types.Interface:
		return u.interfaceType(t)
	}
	panic(fmt.Sprintf("type %T", t))
}

func (u *unit) chanType(t *types.Chan) string {
	e := u.t(t.Elem())
	switch t.Dir() {
	case types.SendOnly:
		return "chan<- " + e
	case types.RecvOnly:
		return "<-chan " + e
	}
	if strings.HasPrefix(e, "<-") {
		e = "(" + e + ")"
	}
	return "chan " + e
}

// structType writes a struct. The interpreter takes structs with the same
// fields for one type, and encoders see unexported fields since it exports
// them: tags keep the former apart (id names a declared type) and hide the
// latter. Embedded fields become ordinary ones; selections through them are
// written out.
func (u *unit) structType(t *types.Struct, id string) string {
	var fields []string
	for i := range t.NumFields() {
		f := t.Field(i)
		tag := t.Tag(i)
		if !f.Exported() && f.Name() != "_" {
			tag = joinTags(joinTags(tag, hidden(tag)), unexportedTag)
		}
		if i == 0 && id != "" {
			tag = joinTags(tag, "ns:"+strconv.Quote(id))
		}
		s := u.field(t, i) + " " + u.t(f.Type())
		if tag != "" {
			s += " " + strconv.Quote(tag)
		}
		fields = append(fields, s)
	}
	if len(fields) == 0 && id != "" {
		return "struct{ " + onlyField + " struct{} " + strconv.Quote(joinTags("ns:"+strconv.Quote(id), hidden(""))) + " }"
	}
	return "struct{ " + strings.Join(fields, "; ") + " }"
}

// unexportedTag marks unexported fields for the run time.
const unexportedTag = `nsu:""`

// onlyField keeps declared empty structs apart.
const onlyField = "Ns_empty"

// hidden is the tag that keeps a field out of JSON and XML, unless the user
// wrote one.
func hidden(tag string) string {
	s := ""
	for _, k := range []string{"json", "xml"} {
		if !strings.Contains(tag, k+":") {
			s = joinTags(s, k+`:"-"`)
		}
	}
	return s
}

func joinTags(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

func (u *unit) interfaceType(t *types.Interface) string {
	if !t.IsMethodSet() {
		u.refuse("a constraint interface used as a type", "")
	}
	var methods []string
	for i := range t.NumMethods() {
		m := t.Method(i)
		methods = append(methods, m.Name()+u.signature(m.Signature(), nil))
	}
	if len(methods) == 0 {
		return "interface{}"
	}
	sort.Strings(methods)
	return "interface{ " + strings.Join(methods, "; ") + " }"
}

// field is the name of field i; blank fields get one, several of them would
// clash.
func (u *unit) field(s *types.Struct, i int) string {
	if n := s.Field(i).Name(); n != "_" {
		return n
	}
	return fmt.Sprintf("blank%d", i)
}

// signature writes parameters and results. names, when not nil, are those of
// the parameters.
func (u *unit) signature(t *types.Signature, names []string) string {
	var in []string
	for i := range t.Params().Len() {
		p := u.subst(t.Params().At(i).Type())
		s := ""
		if names != nil {
			s = names[i] + " "
		}
		if t.Variadic() && i == t.Params().Len()-1 {
			s += "..." + u.t(variadicElem(p))
		} else {
			s += u.t(p)
		}
		in = append(in, s)
	}
	return "(" + strings.Join(in, ", ") + ")" + u.results(t.Results())
}

// results writes the result types with a leading blank.
func (u *unit) results(t *types.Tuple) string {
	var out []string
	for i := range t.Len() {
		out = append(out, u.t(t.At(i).Type()))
	}
	switch len(out) {
	case 0:
		return ""
	case 1:
		return " " + out[0]
	}
	return " (" + strings.Join(out, ", ") + ")"
}

// variadicElem is the element type of a variadic parameter; append(b, s...)
// has one of type string.
func variadicElem(t types.Type) types.Type {
	if s, ok := t.Underlying().(*types.Slice); ok {
		return s.Elem()
	}
	return types.Typ[types.Byte]
}

// isSession tells whether the interpreter gets t from its source text.
func (u *unit) isSession(t *types.Named) bool {
	p := t.Obj().Pkg()
	return p != nil && (p == u.cell.Pkg || u.isLibrary(p))
}

// declared writes the name of a declared type, after its declaration if it is
// new.
func (u *unit) declared(t *types.Named) string {
	o := t.Obj()
	if o.Pkg() == nil {
		return o.Name()
	}
	if !u.isSession(t) {
		if lib := u.libraryType(t); lib != nil {
			return u.declared(lib)
		}
		if t.TypeArgs().Len() > 0 {
			if _, ok := t.Underlying().(*types.Signature); !ok {
				u.refuse("the generic type "+o.Pkg().Path()+"."+o.Name(), "the kernel does not have it; write a type of your own")
			}
			return u.t(t.Underlying())
		}
		return u.pkgName(o.Pkg().Path(), o.Pkg().Name()) + "." + o.Name()
	}
	return u.emit(t).name
}

func (u *unit) key(t *types.Named) typeKey {
	k := typeKey{obj: t.Obj()}
	if t.TypeArgs().Len() > 0 {
		k.obj = t.Origin().Obj()
		var args []string
		for i := range t.TypeArgs().Len() {
			args = append(args, u.t(t.TypeArgs().At(i)))
		}
		k.args = strings.Join(args, ", ")
	}
	return k
}

// emit writes the declaration of t once, and queues its methods.
func (u *unit) emit(t *types.Named) *emitted {
	key := u.key(t)
	if e, ok := u.named[key]; ok {
		return e
	}
	e := &emitted{t: t, name: u.global(t.Obj().Name())}
	remember(u, u.named, key, e)
	var text string
	if st, ok := t.Underlying().(*types.Struct); ok {
		u.checkRecursion(t, st)
		text = u.structType(st, e.name)
	} else {
		text = u.t(t.Underlying())
	}
	fmt.Fprintf(&u.types, "type %s %s\n", e.name, text)
	if types.IsInterface(t) {
		return e
	}
	if _, ok := t.Underlying().(*types.Struct); ok {
		u.addDynamic(t, e.name)
	}
	u.addDynamic(types.NewPointer(t), "*"+e.name)
	u.methods(e)
	u.described = append(u.described, e)
	return e
}

// methods queues the methods of a type: declared ones and, for structs, those
// of embedded fields.
func (u *unit) methods(e *emitted) {
	origin := e.t.Origin()
	for i := range origin.NumMethods() {
		m := origin.Method(i)
		if m.Name() == "_" {
			continue
		}
		var en *env
		if n := e.t.TypeArgs().Len(); n > 0 {
			en = &env{fn: m, args: map[*types.TypeParam]types.Type{}, key: e.name}
			params := m.Signature().RecvTypeParams()
			for j := range n {
				en.args[params.At(j)] = e.t.TypeArgs().At(j)
			}
		}
		u.queue = append(u.queue, func() { u.funcDecl(m, m.Name(), e, en) })
	}
	if st, ok := e.t.Underlying().(*types.Struct); ok {
		u.queue = append(u.queue, func() { u.promote(e, st) })
	}
}

// promote writes the methods that come from embedded fields.
func (u *unit) promote(e *emitted, st *types.Struct) {
	embeds := false
	for i := range st.NumFields() {
		embeds = embeds || st.Field(i).Embedded()
	}
	if !embeds {
		return
	}
	val, ptr := types.NewMethodSet(e.t), types.NewMethodSet(types.NewPointer(e.t))
	for i := range ptr.Len() {
		s := ptr.At(i)
		m := s.Obj().(*types.Func)
		if len(s.Index()) == 1 || m.Name() == "_" || !m.Exported() && m.Pkg() != u.cell.Pkg {
			continue
		}
		star := "*"
		if val.Lookup(m.Pkg(), m.Name()) != nil {
			star = ""
		}
		sig := m.Signature()
		names, args := u.params(sig)
		path, _ := u.path("recv", e.t, s.Index()[:len(s.Index())-1])
		ret := ""
		if sig.Results().Len() > 0 {
			ret = "return "
		}
		fmt.Fprintf(&u.funcs, "func (recv %s%s) %s%s { %s%s.%s(%s) }\n", star, e.name, m.Name(), u.signature(sig, names), ret, path, m.Name(), args)
	}
}

// params invents parameter names and writes them as arguments.
func (u *unit) params(sig *types.Signature) (names []string, args string) {
	names = []string{}
	for i := range sig.Params().Len() {
		names = append(names, fmt.Sprintf("p%d_", i))
	}
	args = strings.Join(names, ", ")
	if sig.Variadic() {
		args += "..."
	}
	return names, args
}

// path follows field indices from the operand x of type t.
func (u *unit) path(x string, t types.Type, index []int) (string, types.Type) {
	for _, i := range index {
		if p, ok := u.under(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		st := u.under(t).(*types.Struct)
		x += "." + u.field(st, i)
		t = st.Field(i).Type()
	}
	return x, u.subst(t)
}

func (u *unit) under(t types.Type) types.Type { return u.subst(t).Underlying() }

func (u *unit) isPointer(t types.Type) bool {
	_, ok := u.under(t).(*types.Pointer)
	return ok
}

func isInterface(t types.Type) bool { return t != nil && types.IsInterface(t) }

func isString(t types.Type) bool { return hasInfo(t, types.IsString) }

func hasInfo(t types.Type, info types.BasicInfo) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&info != 0
}

// checkRecursion refuses structs that contain functions of themselves in maps
// or slices: package reflect cannot make such a type.
func (u *unit) checkRecursion(t *types.Named, st *types.Struct) {
	var mentions func(x types.Type, inFunc bool, depth int) bool
	mentions = func(x types.Type, inFunc bool, depth int) bool {
		if depth > 6 {
			return false
		}
		switch x := types.Unalias(x).(type) {
		case *types.Named:
			return inFunc && x == t
		case *types.Pointer:
			return mentions(x.Elem(), inFunc, depth+1)
		case *types.Slice:
			return mentions(x.Elem(), inFunc, depth+1)
		case *types.Array:
			return mentions(x.Elem(), inFunc, depth+1)
		case *types.Map:
			return mentions(x.Key(), inFunc, depth+1) || mentions(x.Elem(), inFunc, depth+1)
		case *types.Signature:
			for _, tuple := range []*types.Tuple{x.Params(), x.Results()} {
				for i := range tuple.Len() {
					if mentions(tuple.At(i).Type(), true, depth+1) {
						return true
					}
				}
			}
		}
		return false
	}
	for i := range st.NumFields() {
		ft := u.subst(st.Field(i).Type())
		if _, direct := ft.Underlying().(*types.Signature); !direct && mentions(ft, false, 0) {
			u.refuse("the type "+t.Obj().Name()+", which contains functions of itself in a map or slice",
				"use an interface with one method instead of the function type")
		}
	}
}

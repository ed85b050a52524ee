package lower

import (
	"fmt"
	"go/constant"
	"go/types"
	"math"
	"strconv"
	"strings"
)

// constant writes v as a value of type t. The interpreter computes untyped
// constants in its own way, so every constant is written with its value and,
// unless its form says it, with its type.
func (u *unit) constant(v constant.Value, t types.Type) string {
	t = constantType(v, types.Unalias(u.subst(t)))
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		panic(fmt.Sprintf("constant of type %v", t))
	}
	text := ""
	switch {
	case b.Info()&types.IsBoolean != 0:
		text = strconv.FormatBool(constant.BoolVal(v))
	case b.Info()&types.IsString != 0:
		text = strconv.Quote(constant.StringVal(v))
	case b.Info()&types.IsInteger != 0:
		text = constant.ToInt(v).ExactString()
	case b.Info()&types.IsFloat != 0:
		text = floatConstant(v, b.Kind() == types.Float32)
	case b.Info()&types.IsComplex != 0:
		text = u.complexConstant(v, b.Kind() == types.Complex64)
		if b == t {
			return text
		}
	}
	switch t {
	case types.Typ[types.Int], types.Typ[types.String], types.Typ[types.Bool], types.Typ[types.Float64]:
		return text
	}
	return u.t(t) + "(" + text + ")"
}

// constantType is the type that a constant has in an interface or when its
// context gives it none.
func constantType(v constant.Value, t types.Type) types.Type {
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		return types.Default(t)
	}
	if !types.IsInterface(t) {
		return t
	}
	switch v.Kind() {
	case constant.Bool:
		return types.Typ[types.Bool]
	case constant.String:
		return types.Typ[types.String]
	case constant.Int:
		return types.Typ[types.Int]
	case constant.Float:
		return types.Typ[types.Float64]
	}
	return types.Typ[types.Complex128]
}

func floatConstant(v constant.Value, single bool) string {
	v = constant.ToFloat(v)
	f, _ := constant.Float64Val(v)
	if single {
		g, _ := constant.Float32Val(v)
		f = float64(g)
	}
	if math.IsInf(f, 0) {
		return v.ExactString()
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

// complexConstant writes a call of a run-time function: the interpreter loses
// complex constants that are returned.
func (u *unit) complexConstant(v constant.Value, single bool) string {
	v = constant.ToComplex(v)
	f := "Complex128"
	if single {
		f = "Complex64"
	}
	return fmt.Sprintf("%s(%s, %s)", u.nsrt(f), floatConstant(constant.Real(v), single), floatConstant(constant.Imag(v), single))
}

// overflowsInt tells whether an untyped integer constant is no int.
func overflowsInt(tv types.TypeAndValue) bool {
	b, ok := tv.Type.(*types.Basic)
	if !ok || b.Info()&types.IsInteger == 0 || b.Kind() != types.UntypedInt && b.Kind() != types.Int {
		return false
	}
	_, exact := constant.Int64Val(constant.ToInt(tv.Value))
	return !exact
}

// oneConst is what ++ and -- add and subtract.
var oneConst = constant.MakeInt64(1)

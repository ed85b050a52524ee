package nsrt

import (
	"reflect"
	"runtime"
	"unicode/utf8"
)

// valueHelpers returns the symbols that lowered programs use besides those of
// the run state.
func (s *State) valueHelpers() map[string]reflect.Value {
	return map[string]reflect.Value{
		"NewDefers":      reflect.ValueOf(NewDefers),
		"Recoverer":      reflect.ValueOf(Recoverer),
		"NoRecover":      reflect.ValueOf(func() any { return nil }),
		"PanicValue":     reflect.ValueOf(PanicValue),
		"AssertFailed":   reflect.ValueOf(AssertFailed),
		"NilPointer":     reflect.ValueOf(NilPointer),
		"NilDereference": reflect.ValueOf(NilDereference),
		"Shift":          reflect.ValueOf(Shift),
		"Complex128":     reflect.ValueOf(Complex128),
		"Complex64":      reflect.ValueOf(Complex64),
		"Runes":          reflect.ValueOf(Runes),
		"Clear":          reflect.ValueOf(Clear),
		"Print":          reflect.ValueOf(s.Print),
		"Println":        reflect.ValueOf(s.Println),
		"Recv":           reflect.ValueOf(s.Recv),
		"Send":           reflect.ValueOf(s.Send),
		"Select":         reflect.ValueOf(s.Select),
		"SendCase":       reflect.ValueOf(SendCase),
		"RecvCase":       reflect.ValueOf(RecvCase),
		"Yield":          reflect.ValueOf(Yield),
		"Yielded":        reflect.ValueOf(Yielded),
		"Unbox":          reflect.ValueOf(Unbox),
		"Plain":          reflect.ValueOf(Plain),
		"Equal":          reflect.ValueOf(Equal),
		"Method":         reflect.ValueOf(Method),
		"As":             reflect.ValueOf(As),
		"Any":            reflect.ValueOf(s.Any),
		"Error":          reflect.ValueOf(s.Error),
		"AsError":        reflect.ValueOf(s.AsError),
		"FmtArg":         reflect.ValueOf(s.FmtArg),
		"TypeName":       reflect.ValueOf(s.TypeName),
		"Describe":       reflect.ValueOf(s.Describe),
	}
}

// runtimeError is a run-time error of a program that the interpreter reports
// in words of its own.
type runtimeError string

// Error is the text that a compiled program would show.
func (e runtimeError) Error() string { return "runtime error: " + string(e) }

// RuntimeError makes it a runtime.Error.
func (e runtimeError) RuntimeError() {}

// conversionError is a failed type assertion.
type conversionError string

// Error is the text of the failed assertion.
func (e conversionError) Error() string { return "interface conversion: " + string(e) }

// RuntimeError makes it a runtime.Error.
func (e conversionError) RuntimeError() {}

// AssertFailed panics because v is not of the type with the given name.
func AssertFailed(v any, name string) {
	if v == nil {
		panic(conversionError("interface is nil, not " + name))
	}
	panic(conversionError("interface holds another type than " + name))
}

// NilPointer panics because a nil pointer is converted to an interface that
// would compare equal to nil afterwards.
func NilPointer(pointer, iface string) {
	panic(conversionError("a nil " + pointer + " was converted to " + iface + ", which would be equal to nil in this kernel and is not in Go; return an explicit nil"))
}

// PanicValue is what panic(v) panics with.
func PanicValue(v any) any {
	if v == nil {
		return new(runtime.PanicNilError)
	}
	return v
}

// NilDereference is the error of a method call on a nil interface.
func NilDereference() error {
	return runtimeError("invalid memory address or nil pointer dereference")
}

// Complex128 is the predeclared complex.
func Complex128(re, im float64) complex128 { return complex(re, im) }

// Complex64 is the predeclared complex for numbers of half the size.
func Complex64(re, im float32) complex64 { return complex(re, im) }

// Shift checks a signed shift count.
func Shift(n int64) uint64 {
	if n < 0 {
		panic(runtimeError("negative shift amount"))
	}
	return uint64(n)
}

// Runes returns the runes of s and the index of the first byte of each.
func Runes(s string) ([]int, []rune) {
	n := utf8.RuneCountInString(s)
	index, runes := make([]int, 0, n), make([]rune, 0, n)
	for i, r := range s {
		index = append(index, i)
		runes = append(runes, r)
	}
	return index, runes
}

// Clear is the predeclared clear.
func Clear(x any) {
	v := reflect.ValueOf(x)
	if v.Kind() == reflect.Map && v.IsNil() {
		return
	}
	v.Clear()
}

// Yield checks, when a loop body is called by the function that it ranges
// over, that the loop still runs.
func Yield(state int) {
	switch state {
	case 1:
		panic(runtimeError("range function continued iteration after loop body panic"))
	case 2:
		panic(runtimeError("range function continued iteration after function for loop body returned false"))
	}
}

// Yielded checks that no call of a loop body was left by a panic that the
// function it ranges over has recovered.
func Yielded(state int) {
	if state == 1 {
		panic(runtimeError("range function recovered a loop body panic and did not resume panicking"))
	}
}

// Unbox returns the value in a box: a struct that stands for a value of a
// declared type in interfaces, marked by the tag of its only field.
func Unbox(x any) any {
	x = Plain(x)
	v := reflect.ValueOf(x)
	if v.Kind() != reflect.Struct || v.NumField() != 1 {
		return x
	}
	if _, ok := v.Type().Field(0).Tag.Lookup("nsbox"); !ok {
		return x
	}
	return v.Field(0).Interface()
}

package eval

import (
	"errors"
	"reflect"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// The interpreter keeps the variables of all cells in one slice, the data of
// its global frame, and replaces the slice by a longer copy each time a cell
// declares something. Goroutines that earlier cells have left behind read the
// slice at the same time. So the session makes it long beforehand, and fills
// in the places that a cell has added before that cell runs: readers never
// look at those.

// firstSlots is the length of the frame of a new session. It is doubled when
// it has been used up, which a cell does with about ten.
const firstSlots = 1 << 13

// globalFrame is the frame of the package level of an interpreter.
type globalFrame struct {
	data   *[]reflect.Value
	types  *[]reflect.Type // of the places, also of those that data lacks
	filled int             // places of data that are in use
}

// errFrame says that the interpreter is built in another way than this package
// knows. TestGlobalFrame guards against it.
var errFrame = errors.New("eval: this version of the interpreter has no global frame of the known form")

// newGlobalFrame finds the frame of i and makes room in it.
func newGlobalFrame(i *interp.Interpreter) (*globalFrame, error) {
	data, ok := inside[[]reflect.Value](i, "frame", "data")
	if !ok {
		return nil, errFrame
	}
	types, ok := inside[[]reflect.Type](i, "universe", "types")
	if !ok {
		return nil, errFrame
	}
	f := &globalFrame{data: data, types: types, filled: len(*data)}
	f.reserve(firstSlots)
	return f, nil
}

// inside returns the address of field name of the struct that field pointer of
// i points to.
func inside[T any](i *interp.Interpreter, pointer, name string) (*T, bool) {
	p := reflect.ValueOf(i).Elem().FieldByName(pointer)
	if p.Kind() != reflect.Pointer || p.IsNil() || p.Elem().Kind() != reflect.Struct {
		return nil, false
	}
	f := p.Elem().FieldByName(name)
	if !f.IsValid() || f.Type() != reflect.TypeFor[T]() {
		return nil, false
	}
	return (*T)(unsafe.Pointer(f.UnsafeAddr())), true
}

// reserve makes the frame n places long.
func (f *globalFrame) reserve(n int) {
	data := make([]reflect.Value, n)
	copy(data, *f.data)
	*f.data = data
}

// fill makes the variables that the code compiled last has added.
func (f *globalFrame) fill() {
	n := len(*f.types)
	if n > len(*f.data) {
		f.reserve(2 * n)
	}
	for ; f.filled < n; f.filled++ {
		(*f.data)[f.filled] = reflect.New((*f.types)[f.filled]).Elem()
	}
}

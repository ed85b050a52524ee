package nsrt

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// Print is the predeclared print. Values of basic types come converted to
// the largest type of their kind.
func (s *State) Print(args ...any) { s.print(printArgs("", "", args)) }

// Println is the predeclared println.
func (s *State) Println(args ...any) { s.print(printArgs(" ", "\n", args)) }

func printArgs(between, end string, args []any) string {
	var b strings.Builder
	for i, x := range args {
		if i > 0 {
			b.WriteString(between)
		}
		printArg(&b, x)
	}
	b.WriteString(end)
	return b.String()
}

func printArg(b *strings.Builder, x any) {
	switch x := x.(type) {
	case float32:
		b.WriteString(printFloat(float64(x), 32))
	case float64:
		b.WriteString(printFloat(x, 64))
	case complex128:
		im := printFloat(imag(x), 64)
		if im[0] != '-' && im[0] != '+' {
			im = "+" + im
		}
		b.WriteString("(" + printFloat(real(x), 64) + im + "i)")
	case bool, string, int64, uint64:
		fmt.Fprint(b, x)
	case nil:
		b.WriteString("0x0")
	default:
		v := reflect.ValueOf(x)
		switch v.Kind() {
		case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func:
			fmt.Fprintf(b, "0x%x", v.Pointer())
		case reflect.Slice:
			fmt.Fprintf(b, "[%d/%d]0x%x", v.Len(), v.Cap(), v.Pointer())
		default:
			fmt.Fprintf(b, "(%T)", x)
		}
	}
}

func printFloat(f float64, bits int) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "+Inf"
	case math.IsInf(f, -1):
		return "-Inf"
	}
	return strconv.FormatFloat(f, 'g', -1, bits)
}

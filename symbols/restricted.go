package symbols

import (
	"fmt"
	"log"
	"reflect"
)

// restrict replaces the functions that would end the process and with it the
// whole session: in a cell they panic, which ends the cell.
func restrict(library map[string]map[string]reflect.Value) {
	library["os/os"]["Exit"] = reflect.ValueOf(exit)
	m := library["log/log"]
	m["Fatal"] = reflect.ValueOf(log.Panic)
	m["Fatalf"] = reflect.ValueOf(log.Panicf)
	m["Fatalln"] = reflect.ValueOf(log.Panicln)
}

func exit(code int) {
	panic(fmt.Sprintf("os.Exit(%d) would end the kernel: to end the cell, return from its functions or panic", code))
}

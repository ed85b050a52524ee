package eval

import (
	"fmt"
	"maps"
	"os"
	"reflect"

	"github.com/nskernel/nskernel/display"
)

// exit is the panic value of os.Exit in a cell: it ends the cell, not the
// kernel.
type exit struct{ code int }

func (e exit) Error() string { return fmt.Sprintf("exit status %d", e.code) }

// process returns replacements for what would act on the process of the
// kernel: its end, its arguments and its standard streams.
func (s *Session) process() map[string]map[string]reflect.Value {
	args := []string{"nskernel"}
	var input reader = s.input
	symbols := map[string]reflect.Value{
		"Exit":  reflect.ValueOf(func(code int) { panic(exit{code}) }),
		"Args":  reflect.ValueOf(&args).Elem(),
		"Stdin": reflect.ValueOf(&input).Elem(),
	}
	if s.opt.Capture == nil && s.capture.out != nil {
		symbols["Stdout"] = reflect.ValueOf(&s.capture.out.w).Elem()
		symbols["Stderr"] = reflect.ValueOf(&s.capture.err.w).Elem()
	}
	if s.opt.Env == nil {
		maps.Copy(symbols, environment)
	}
	return map[string]map[string]reflect.Value{"os/os": symbols, "log/log": s.logFatal()}
}

// environment are the functions that read and set the environment of the
// process. The interpreter has others, which work on a map of its own.
var environment = map[string]reflect.Value{
	"Clearenv":  reflect.ValueOf(os.Clearenv),
	"Environ":   reflect.ValueOf(os.Environ),
	"ExpandEnv": reflect.ValueOf(os.ExpandEnv),
	"Getenv":    reflect.ValueOf(os.Getenv),
	"LookupEnv": reflect.ValueOf(os.LookupEnv),
	"Setenv":    reflect.ValueOf(os.Setenv),
	"Unsetenv":  reflect.ValueOf(os.Unsetenv),
}

// logFatal returns the functions of package log that end the process. They
// write with the logger that the interpreter has made for the session.
func (s *Session) logFatal() map[string]reflect.Value {
	output, ok := s.interp.Symbols("log")["log"]["Output"]
	if !ok {
		return nil
	}
	write, ok := output.Interface().(func(int, string) error)
	if !ok {
		return nil
	}
	fatal := func(text string) {
		// The writer of a session never fails.
		_ = write(3, text)
		panic(exit{1})
	}
	return map[string]reflect.Value{
		"Fatal":   reflect.ValueOf(func(v ...any) { fatal(fmt.Sprint(v...)) }),
		"Fatalf":  reflect.ValueOf(func(f string, v ...any) { fatal(fmt.Sprintf(f, v...)) }),
		"Fatalln": reflect.ValueOf(func(v ...any) { fatal(fmt.Sprintln(v...)) }),
	}
}

const displayPath = "github.com/nskernel/nskernel/display"

// displayFunctions binds package display to the running cell.
func (s *Session) displayFunctions() map[string]map[string]reflect.Value {
	symbols := map[string]reflect.Value{}
	for name, f := range display.NewPublisher(func() display.Sink { return sink{s} }, s.opt.Registry).Functions() {
		symbols[name] = reflect.ValueOf(f)
	}
	return map[string]map[string]reflect.Value{displayPath + "/display": symbols}
}

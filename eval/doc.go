// Package eval runs the cells of a notebook: it splits a cell, checks it with
// go/types against everything the session has defined, lowers it to Go that
// the interpreter runs right, and runs it under guards for interrupts, panics,
// memory and output.
//
// A Session is one notebook. It knows the language and nothing of the wire: the
// kernel package speaks to it through [kernel.Interpreter]. What cells may
// import is handed in through [Options]; the package itself depends on no
// science and no drawing.
//
// # The way of a cell
//
// split.go cuts the text into chunks, piece.go finds their names. define.go
// leaves out declarations that have not changed and takes in those of earlier
// cells that use what has; plan.go puts the rest into segments. check.go and
// compile.go check every segment, so that a cell that does not compile changes
// nothing; advice.go words what is wrong. statements.go and guard.go decide
// which variables live on, which errors end the cell and which value is shown.
// Package eval/internal/lower rewrites the segments, execute.go gives them to
// the interpreter, run.go runs them on a goroutine of their own while
// watchdog.go watches memory, and show.go and format.go represent the value.
//
// Nothing becomes part of the session before it has run: functions and types
// when their turn comes, variables once their statement has assigned them.
//
// # Names
//
// A name that is declared again is a new object; its users are compiled again,
// or keep the previous one and a note says so. A variable of the same name and
// type is the same variable, so closures see the new value. Methods get new
// bodies in place, so that values keep their type when a method or something
// it uses changes; a type that itself changes is a new type.
package eval

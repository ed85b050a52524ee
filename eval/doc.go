// Package eval runs the cells of a notebook: it splits a cell, checks it with
// go/types against everything the session has defined, lowers it to Go that
// the interpreter runs right, and runs it under guards for interrupts, panics,
// memory and output.
//
// A Session is one notebook. It knows the language and nothing of the wire: the
// kernel package speaks to it through [kernel.Interpreter]. What cells may
// import is handed in through [Options]; the package itself depends on no
// science and no drawing.
package eval

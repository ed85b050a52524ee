// Package lower rewrites type-checked Go to the subset of Go that the
// interpreter runs right.
//
// The interpreter accepts most of the language but gives wrong answers, without
// an error, for ordinary programs: calls deferred in a loop see the last loop
// variable, `return b, a` of named results mixes them up, a closure handed to
// compiled code sees later values of what it captures. It also knows neither
// the generics nor the loops of current Go. go/types knows all types, so this
// package writes the program anew: every instance of a generic function on its
// own, every constant with its type, every name unique, loops, switches and
// selects taken apart, defer and recover through compiled stacks.
//
// It knows go/ast, go/types and the names of the run-time functions in package
// nsrt, and neither the interpreter nor the session. What it cannot lower to
// something that runs right it refuses with a [Refusal].
package lower

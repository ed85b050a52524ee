// Package kernel is a Jupyter kernel without a language: it speaks version 5.5
// of the protocol and leaves cells to an Interpreter.
//
// Serve runs a kernel. Two goroutines handle requests, one those on shell,
// where cells run, one those on control, so that a kernel can be interrupted,
// asked and shut down while a cell runs; each subshell adds one that answers
// questions meanwhile. Three more receive and do nothing else. What a client
// sees is always the same:
//
//   - every request on shell and control gives status busy first and status
//     idle last, with the request as parent;
//   - in between come execute_input, all output in the order in which it was
//     written, the result or error, and then the reply, on the socket that the
//     request came from;
//   - when a cell fails, those that were sent before anybody could know of it
//     are answered with an error and do not run, unless the request says
//     otherwise: a failure is told only when no message is under way any more;
//   - a message that is malformed, signed wrongly or sent twice is logged and
//     changes nothing.
//
// The Output of a cell keeps its parent for ever: what a goroutine writes after
// its cell has ended still belongs to that cell.
//
// Package kernel/kerneltest has a transport in memory and a client for tests.
package kernel

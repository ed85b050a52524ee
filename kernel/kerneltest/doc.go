// Package kerneltest helps to test kernels and interpreters.
//
// Wire is a transport in memory, Client speaks the Jupyter protocol over it or
// over any other Link, Interpreter is a small scripted language, and
// TestInterpreter is the contract that every kernel.Interpreter keeps.
package kerneltest

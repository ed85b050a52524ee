// Package rand stands for the generic functions of the standard library's
// package math/rand/v2 in interpreted programs.
package rand

import "math/rand/v2"

// Integer are the types that N works with.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// N returns a random number from 0 to n-1.
func N[Int Integer](n Int) Int {
	if n <= 0 {
		panic("invalid argument to N")
	}
	return Int(rand.Uint64N(uint64(n)))
}

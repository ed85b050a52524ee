package main

import (
	"math"
	"testing"
)

// The comparison must notice results that differ: a ratio of two different
// computations says nothing.
func TestAgree(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	for _, tt := range []struct {
		name   string
		ours   []float64
		python []*float64
		ok     bool
	}{
		{"equal", []float64{1, math.NaN()}, []*float64{v(1), nil}, true},
		{"within", []float64{100, 1}, []*float64{v(100), v(1 + 1e-7)}, true},
		{"a value", []float64{100, 1}, []*float64{v(100), v(1.1)}, false},
		{"NaN here", []float64{math.NaN()}, []*float64{v(1)}, false},
		{"NaN there", []float64{1}, []*float64{nil}, false},
		{"length", []float64{1}, nil, false},
	} {
		if err := agree(tt.ours, tt.python, 1e-8); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

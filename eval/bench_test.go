package eval_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/nskernel/nskernel/kernel"
)

// benchCell runs one cell again and again in a session with other content.
func benchCell(b *testing.B, setup, code string) {
	n := newNotebook(b)
	n.result("kept := 1\nfunc user() int { return kept }")
	if setup != "" {
		n.result(setup)
	}
	out := &recorder{}
	b.ReportAllocs()
	for b.Loop() {
		n.count++
		if _, err := n.s.Execute(context.Background(), kernel.Request{Code: code, Count: n.count}, out); err != nil {
			b.Fatal(describe(err))
		}
	}
}

func BenchmarkCell(b *testing.B) {
	for _, bm := range []struct{ name, setup, code string }{
		{"constant", "", "1+1"},
		{"expression", "x := 1", "x+1"},
		{"assignment", "", "y := 2"},
		{"call with error", "func f() (int, error) { return 1, nil }", "v, err := f()\nv"},
		{"print", "", `fmt.Println("hello")`},
		{"loop of 10", "", "s := 0\nfor i := range 10 { s += i }\ns"},
		{"15 lines", "", fifteenLines},
		{"unchanged function", "func g(a int) int { return a + 1 }", "func g(a int) int { return a + 1 }\ng(1)"},
	} {
		b.Run(bm.name, func(b *testing.B) { benchCell(b, bm.setup, bm.code) })
	}
}

const fifteenLines = `xs := make([]float64, 0, 100)
for i := range 100 {
	xs = append(xs, math.Sin(float64(i)))
}
mean := 0.0
for _, x := range xs {
	mean += x / float64(len(xs))
}
variance := 0.0
for _, x := range xs {
	d := x - mean
	variance += d * d / float64(len(xs))
}
sd := math.Sqrt(variance)
fmt.Sprintf("%.3f ± %.3f", mean, sd)`

// BenchmarkSession measures what an empty session costs.
func BenchmarkSession(b *testing.B) {
	for b.Loop() {
		newSession(b)
	}
}

// BenchmarkGrowth reports the memory that a cell leaves behind for ever, by
// cells that all differ: -benchtime 10000x is a long day's work.
func BenchmarkGrowth(b *testing.B) {
	for _, bm := range []struct {
		name string
		cell func(i int) string
	}{
		{"new variable", func(i int) string { return fmt.Sprintf("v%d := %d\nv%d * 2", i, i, i) }},
		{"same variable", func(i int) string { return fmt.Sprintf("v := %d\nv * 2", i) }},
		{"new function", func(i int) string {
			return fmt.Sprintf("func f%d(x int) int { return x + %d }\nf%d(1)", i, i, i)
		}},
		{"same function", func(i int) string { return fmt.Sprintf("func f(x int) int { return x + %d }\nf(1)", i) }},
		{"15 lines", func(i int) string { return fifteenLines + fmt.Sprintf(" + %q", fmt.Sprint(i)) }},
		{"large value", func(i int) string { return fmt.Sprintf("big := make([]float64, 100000)\nbig[%d]", i%100000) }},
	} {
		b.Run(bm.name, func(b *testing.B) {
			n := newNotebook(b)
			n.result(bm.cell(0))
			before := liveHeap()
			cells := 0
			for b.Loop() {
				cells++
				n.result(bm.cell(cells))
			}
			b.ReportMetric(float64(liveHeap()-before)/float64(cells), "B/cell")
		})
	}
}

func liveHeap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

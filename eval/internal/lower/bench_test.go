package lower_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/nskernel/nskernel/eval/internal/lower"
)

// cellText is an ordinary cell of 15 lines.
const cellText = `package main

import "fmt"

type point struct{ x, y float64 }

func (p point) norm() float64 { return p.x*p.x + p.y*p.y }

func main() {
	points := []point{{1, 2}, {3, 4}}
	total := 0.0
	for i, p := range points {
		if p.norm() > 4 {
			total += p.norm() * float64(i)
		}
	}
	fmt.Println(total)
}
`

// BenchmarkLowerCell15Lines is the lowering without parsing and type-checking.
func BenchmarkLowerCell15Lines(b *testing.B) {
	c, err := program("bench", cellText)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		l := lower.New()
		if _, err := l.Lower(c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRun compares programs as they are with lowered ones.
func BenchmarkRun(b *testing.B) {
	for _, p := range []struct{ name, text string }{
		{"sum1M", "func main() { s := 0; for i := 0; i < 1000000; i++ { s += i * i % 7 }; _ = s }"},
		{"range1M", "var xs = make([]float64, 1000000)\nfunc main() { s := 0.0; for i, x := range xs { s += x * float64(i) }; _ = s }"},
		{"fib20", "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\nfunc main() { fib(20) }"},
		{"closures10k", "func main() { fs := []func() int{}; for i := 0; i < 10000; i++ { fs = append(fs, func() int { return i }) }; for _, f := range fs { f() } }"},
		{"defer10k", "func f() { defer func() {}() }\nfunc main() { for i := 0; i < 10000; i++ { f() } }"},
		{"map100k", "func main() { m := map[int]int{}; for i := 0; i < 100000; i++ { m[i%100] += i } }"},
		{"methods100k", "type T struct{ n int }\nfunc (t *T) add(k int) { t.n += k }\nfunc main() { t := &T{}; for i := 0; i < 100000; i++ { t.add(i) } }"},
		{"interface100k", "type I interface{ get() int }\ntype T struct{ n int }\nfunc (t T) get() int { return t.n }\nfunc main() { var x I = T{1}; s := 0; for i := 0; i < 100000; i++ { s += x.get() }; _ = s }"},
	} {
		text := "package main\n" + p.text
		b.Run(p.name+"/raw", func(b *testing.B) {
			r := newRig(b)
			// main runs as soon as a file declares it.
			if err := r.eval(fmt.Sprintf("%s\nfunc main2() { main() }", text)); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for b.Loop() {
				if _, err := r.call("main2", time.Minute); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(p.name+"/lowered", func(b *testing.B) {
			c, err := program("bench", text)
			if err != nil {
				b.Fatal(err)
			}
			r := newRig(b)
			if _, err := r.runCell(c, time.Minute); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := r.call(r.code.Entry, time.Minute); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

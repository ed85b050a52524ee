package neurospatial_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// walk returns n positions of a random walk that fills a square of side 2*cells.
func walk(b *testing.B, n, cells int) ns.Points {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	side := 2 * float64(cells)
	x, y := make([]float64, n), make([]float64, n)
	px, py, heading := side/2, side/2, 0.0
	for i := range n {
		heading += rng.NormFloat64() * 0.3
		s, c := math.Sincos(heading)
		if qx, qy := px+2*c, py+2*s; qx >= 0 && qx <= side && qy >= 0 && qy <= side {
			px, py = qx, qy
		} else {
			heading = rng.Float64() * 2 * math.Pi
		}
		x[i], y[i] = px, py
	}
	pos, err := ns.XY(x, y)
	if err != nil {
		b.Fatal(err)
	}
	return pos
}

// filled returns an environment of cells by cells bins of size 2.
func filled(b *testing.B, cells int) *ns.Environment {
	b.Helper()
	side := 2 * float64(cells)
	env, err := ns.FromSamples(walk(b, 10, cells), 2, ns.SamplesOptions{Ranges: [][2]float64{{0, side}, {0, side}}, KeepAllBins: true})
	if err != nil {
		b.Fatal(err)
	}
	if env.NumBins() != cells*cells {
		b.Fatal(env)
	}
	return env
}

func BenchmarkFromSamples(b *testing.B) {
	for _, size := range []struct{ cells, samples int }{{50, 10_000}, {100, 100_000}, {316, 1_000_000}} {
		b.Run(fmt.Sprintf("grid=%dx%d/samples=%d", size.cells, size.cells, size.samples), func(b *testing.B) {
			pos := walk(b, size.samples, size.cells)
			o := ns.SamplesOptions{Ranges: [][2]float64{{0, 2 * float64(size.cells)}, {0, 2 * float64(size.cells)}}, FillHoles: true}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ns.FromSamples(pos, 2, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkMapPointsToBins(b *testing.B) {
	for _, full := range []bool{true, false} {
		for _, size := range []struct{ cells, points int }{{10, 1000}, {100, 1000}, {100, 10_000}} {
			for _, cached := range []bool{false, true} {
				name := fmt.Sprintf("full=%v/bins=%d/points=%d/cached=%v", full, size.cells*size.cells, size.points, cached)
				b.Run(name, func(b *testing.B) {
					env := filled(b, size.cells)
					if !full {
						env = withHoles(b, size.cells)
					}
					points := walk(b, size.points, size.cells)
					b.ReportAllocs()
					for b.Loop() {
						if !cached {
							env.ClearCache()
						}
						if _, err := env.MapPointsToBins(points); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}

// withHoles returns an environment in which a tenth of the cells are no bins, so that points need the index.
func withHoles(b *testing.B, cells int) *ns.Environment {
	b.Helper()
	rng := rand.New(rand.NewPCG(2, 3))
	var x, y []float64
	for i := range cells {
		for j := range cells {
			if rng.Float64() < 0.9 {
				x, y = append(x, 2*float64(i)+1), append(y, 2*float64(j)+1)
			}
		}
	}
	pos, err := ns.XY(x, y)
	if err != nil {
		b.Fatal(err)
	}
	env, err := ns.FromSamples(pos, 2)
	if err != nil {
		b.Fatal(err)
	}
	return env
}

func BenchmarkBinAt(b *testing.B) {
	for _, cells := range []int{100, 316} {
		b.Run(fmt.Sprintf("bins=%d/points=10000", cells*cells), func(b *testing.B) {
			env, points := filled(b, cells), walk(b, 10_000, cells)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := env.BinAt(points); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNeighbors(b *testing.B) {
	for _, cells := range []int{10, 100} {
		b.Run(fmt.Sprintf("bins=%d", cells*cells), func(b *testing.B) {
			env := filled(b, cells)
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				if _, err := env.Neighbors(i % env.NumBins()); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

func BenchmarkShortestPath(b *testing.B) {
	for _, cells := range []int{10, 100, 316} {
		for _, pair := range []string{"random", "corners"} {
			b.Run(fmt.Sprintf("bins=%d/pair=%s", cells*cells, pair), func(b *testing.B) {
				env := filled(b, cells)
				rng := rand.New(rand.NewPCG(5, 6))
				b.ReportAllocs()
				for b.Loop() {
					from, to := 0, env.NumBins()-1
					if pair == "random" {
						from, to = rng.IntN(env.NumBins()), rng.IntN(env.NumBins())
					}
					if _, _, err := env.ShortestPath(from, to); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkDistanceTo(b *testing.B) {
	for _, cells := range []int{100, 316} {
		b.Run(fmt.Sprintf("bins=%d", cells*cells), func(b *testing.B) {
			env := filled(b, cells)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := env.DistanceTo([]int{0}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDistanceMatrix(b *testing.B) {
	for _, cells := range []int{50} {
		b.Run(fmt.Sprintf("bins=%d", cells*cells), func(b *testing.B) {
			env := filled(b, cells)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := env.DistanceMatrix(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

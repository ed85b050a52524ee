package plot_test

import (
	"fmt"
	"math"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/plot"
)

// square returns a full grid of n×n bins and a field on it.
func square(tb testing.TB, n int) (*ns.Environment, []float64) {
	tb.Helper()
	corners, err := ns.XY([]float64{0.5, float64(n) - 0.5}, []float64{0.5, float64(n) - 0.5})
	if err != nil {
		tb.Fatal(err)
	}
	env, err := ns.FromSamples(corners, 1, ns.SamplesOptions{
		Units: "cm", KeepAllBins: true, Ranges: [][2]float64{{0, float64(n)}, {0, float64(n)}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	field := make([]float64, env.NumBins())
	for i := range field {
		field[i] = math.Sin(float64(i/n)/float64(n)*9) * math.Cos(float64(i%n)/float64(n)*7)
	}
	return env, field
}

func BenchmarkFieldDisplay(b *testing.B) {
	for _, n := range []int{20, 100, 1000} {
		env, field := square(b, n)
		b.Run(fmt.Sprintf("bins=%dx%d", n, n), func(b *testing.B) {
			for b.Loop() {
				fig, err := plot.Field(env, field)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := fig.Display(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkField(b *testing.B) {
	env, field := square(b, 1000)
	b.Run("bins=1000x1000", func(b *testing.B) {
		for b.Loop() {
			if _, err := plot.Field(env, field); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkFieldSave(b *testing.B) {
	for _, n := range []int{100, 1000} {
		env, field := square(b, n)
		b.Run(fmt.Sprintf("bins=%dx%d", n, n), func(b *testing.B) {
			for _, ext := range []string{"png", "svg", "pdf"} {
				b.Run("as="+ext, func(b *testing.B) {
					path := b.TempDir() + "/field." + ext
					for b.Loop() {
						fig, err := plot.Field(env, field)
						if err != nil {
							b.Fatal(err)
						}
						if err := fig.Save(path); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}

func BenchmarkTrajectoryDisplay(b *testing.B) {
	for _, n := range []int{1000, 100000} {
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i] = math.Cos(float64(i)*0.01) * (40 + 10*math.Sin(float64(i)*0.0137))
			y[i] = math.Sin(float64(i)*0.01) * (40 + 10*math.Cos(float64(i)*0.0071))
		}
		pos, err := ns.XY(x, y)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("points=%d", n), func(b *testing.B) {
			for b.Loop() {
				fig, err := plot.Trajectory(pos)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := fig.Display(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package neurospatial_test

import (
	"fmt"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// large returns an environment of 400 by 250 bins of size 2.
func large(b *testing.B) *ns.Environment {
	b.Helper()
	env, err := ns.FromSamples(mustPoints([]float64{1, 1}), 2, ns.SamplesOptions{Ranges: [][2]float64{{0, 800}, {0, 500}}, KeepAllBins: true})
	if err != nil {
		b.Fatal(err)
	}
	if env.NumBins() != 100_000 {
		b.Fatal(env)
	}
	return env
}

func BenchmarkHexagons(b *testing.B) {
	pos := walk(b, 100_000, 100)
	o := ns.SamplesOptions{Layout: ns.LayoutHexagonal, Ranges: [][2]float64{{0, 198}, {0, 171}}, KeepAllBins: true}
	env, err := ns.FromSamples(pos, 2, o)
	if err != nil {
		b.Fatal(err)
	}
	b.Run(fmt.Sprintf("build/bins=%d/samples=%d", env.NumBins(), pos.Len()), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ns.FromSamples(pos, 2, o); err != nil {
				b.Fatal(err)
			}
		}
	})
	points := pos.Slice(0, 1000)
	for _, cached := range []bool{false, true} {
		b.Run(fmt.Sprintf("map/bins=%d/points=%d/cached=%v", env.NumBins(), points.Len(), cached), func(b *testing.B) {
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

func BenchmarkRebin(b *testing.B) {
	env := large(b)
	b.Run("bins=100000/factors=4x2", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := env.Rebin(4, 2); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkSubset(b *testing.B) {
	env := large(b)
	keep := make([]bool, env.NumBins())
	for i := range keep {
		keep[i] = i%10 > 0
	}
	b.Run("bins=100000/kept=90000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := env.Subset(ns.SubsetOptions{Bins: keep}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkComponents(b *testing.B) {
	env := large(b)
	b.Run("bins=100000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if len(env.Components()) != 1 {
				b.Fatal("not connected")
			}
		}
	})
}

func BenchmarkBoundaryBins(b *testing.B) {
	env := large(b)
	b.Run("bins=100000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if len(env.BoundaryBins()) != 2*(400+250)-4 {
				b.Fatal("boundary")
			}
		}
	})
}

// BenchmarkPolygonContains asks for points in a polygon of many corners.
func BenchmarkPolygonContains(b *testing.B) {
	corners := walkRing(220)
	p, err := ns.NewPolygon(corners)
	if err != nil {
		b.Fatal(err)
	}
	points := walk(b, 10_000, 100)
	b.Run(fmt.Sprintf("corners=%d/points=%d", corners.Len(), points.Len()), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.Contains(points); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// walkRing returns a star-shaped ring with n corners around the middle of the walk.
func walkRing(n int) ns.Points {
	env, err := ns.FromLayout(ring{n: n})
	if err != nil {
		panic(err)
	}
	rows := env.BinCenters().Rows()
	for i, r := range rows {
		size := 60 + 20*float64(i%2)
		r[0], r[1] = 100+size*r[0], 100+size*r[1]
	}
	return mustPoints(rows...)
}

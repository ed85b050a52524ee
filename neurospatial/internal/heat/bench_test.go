package heat

import (
	"context"
	"fmt"
	"testing"
)

// Times are those of bandwidths of 5 and 10 cells.
func BenchmarkApply(b *testing.B) {
	for _, side := range []int{50, 100, 316} {
		shape, rate := []int{side, side}, []float64{1, 1}
		volume, edges := boxGraph(shape, rate)
		for name, op := range map[string]Operator{"sparse": mustSparse(b, volume, edges), "box": mustBox(b, shape, rate)} {
			for _, width := range []float64{5, 10} {
				for _, fields := range []int{1, 8} {
					b.Run(fmt.Sprintf("%s/n=%d/width=%g/fields=%d", name, side*side, width, fields), func(b *testing.B) {
						b.ReportAllocs()
						f := randomFields(fields, op.Len())
						for b.Loop() {
							apply(b, op.At(width*width/2), f...)
						}
					})
				}
			}
		}
	}
}

func BenchmarkRows(b *testing.B) {
	for _, side := range []int{30, 50} {
		shape, rate := []int{side, side}, []float64{1, 1}
		volume, edges := boxGraph(shape, rate)
		for name, op := range map[string]Operator{"sparse": mustSparse(b, volume, edges), "box": mustBox(b, shape, rate)} {
			n := op.Len()
			b.Run(fmt.Sprintf("%s/n=%d/width=5", name, n), func(b *testing.B) {
				b.ReportAllocs()
				dst := make([]float64, n*n)
				p := op.At(12.5)
				for b.Loop() {
					if err := p.Rows(context.Background(), 0, n, dst); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkNewSparse(b *testing.B) {
	volume, edges := boxGraph([]int{100, 100}, []float64{1, 1})
	b.Run("n=10000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			mustSparse(b, volume, edges)
		}
	})
}

package neurospatial

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func interpolated(t interface{ Fatal(...any) }, e *Environment, field []float64, points Points, m InterpolateMethod) []float64 {
	out, err := e.Interpolate(field, points, InterpolateOptions{Method: m})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Whatever bins are missing around it, a bin's own centre has its own value.
func TestInterpolateAtCenters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawGrid(t)
		field := drawField(t, e, -5, 5)
		for _, m := range []InterpolateMethod{MethodNearest, MethodLinear} {
			if got := interpolated(t, e, field, e.BinCenters(), m); !cmp.Equal(got, field) {
				t.Fatalf("%v: %v, want %v", m, got, field)
			}
		}
	})
}

func TestInterpolateLinearIsExactForLinearFields(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawGrid(t)
		slope := rapid.SliceOfN(rapid.Float64Range(-3, 3), e.NumDims(), e.NumDims()).Draw(t, "slope")
		plane := func(p []float64) float64 {
			v := 1.0
			for k, x := range p {
				v += slope[k] * x
			}
			return v
		}
		field := make([]float64, e.NumBins())
		for i := range field {
			field[i] = plane(e.centers.row(i))
		}
		flat := rapid.SliceOfN(rapid.Float64Range(-1, 9), 8*e.NumDims(), 8*e.NumDims()).Draw(t, "points")
		points := Points{dim: e.NumDims(), data: flat}
		for i, got := range interpolated(t, e, field, points, MethodLinear) {
			// Along an axis of one cell the field is constant, so compare there at the centre.
			p := points.Row(i)
			inside := true
			for k := range p {
				c := e.lattice.axisCenters(k)
				if len(c) == 1 {
					inside = inside && p[k] >= e.lattice.edges[k][0] && p[k] <= e.lattice.edges[k][1]
					p[k] = c[0]
				}
				inside = inside && p[k] >= c[0] && p[k] <= c[len(c)-1]
			}
			switch {
			case !inside && !math.IsNaN(got):
				t.Fatalf("point %v beyond the centres has %v", points.Row(i), got)
			case inside && e.lattice.full() && !(math.Abs(got-plane(p)) < 1e-12):
				t.Fatalf("point %v has %v, want %v", points.Row(i), got, plane(p))
			case !math.IsNaN(got) && math.Abs(got-plane(p)) > 1e-12:
				t.Fatalf("point %v has %v, want %v or NaN", points.Row(i), got, plane(p))
			}
		}
	})
}

func TestInterpolateByHand(t *testing.T) {
	nan := math.NaN()
	// Centres (1,1), (1,3), (3,1); the cell around (3,3) is no bin.
	e, err := FromSamples(mustPoints(t, []float64{1, 1}, []float64{1, 3}, []float64{3, 1}), 2)
	if err != nil {
		t.Fatal(err)
	}
	field := []float64{10, 20, 40}
	points := mustPoints(t, []float64{1, 2}, []float64{2, 1}, []float64{1, 3}, []float64{2, 2}, []float64{0.5, 1}, []float64{3, 2}, []float64{400, 1})
	for m, want := range map[InterpolateMethod][]float64{
		MethodLinear:  {15, 25, 20, nan, nan, nan, nan},
		MethodNearest: {10, 10, 20, 10, 10, 40, nan},
	} {
		if d := cmp.Diff(want, interpolated(t, e, field, points, m), cmpopts.EquateNaNs()); d != "" {
			t.Errorf("%v (-want +got):\n%s", m, d)
		}
	}
	withNaN := []float64{10, nan, 40}
	got := interpolated(t, e, withNaN, points, MethodLinear)
	if !math.IsNaN(got[0]) || got[1] != 25 || !math.IsNaN(got[2]) {
		t.Errorf("with a NaN in bin 1: %v", got)
	}
}

func TestInterpolateRefuses(t *testing.T) {
	e := squareGrid(t, 3)
	graph := mustEnvironment(t, graphLayout{e.layout.Bins()})
	field := make([]float64, 9)
	pos := mustPoints(t, []float64{1, 1})
	for name, c := range map[string]struct {
		env     *Environment
		field   []float64
		points  Points
		options []InterpolateOptions
		kind    error
	}{
		"field":                  {e, field[:2], pos, nil, ErrShape},
		"dimension":              {e, field, mustPoints(t, []float64{1}), nil, ErrShape},
		"NaN point":              {e, field, mustPoints(t, []float64{1, math.NaN()}), nil, ErrInvalid},
		"method":                 {e, field, pos, []InterpolateOptions{{Method: 2}}, ErrInvalid},
		"two options":            {e, field, pos, make([]InterpolateOptions, 2), ErrInvalid},
		"linear without a grid":  {graph, field, pos, []InterpolateOptions{{Method: MethodLinear}}, ErrUnsupported},
		"without an environment": {nil, field, pos, nil, ErrInvalid},
	} {
		if _, err := c.env.Interpolate(c.field, c.points, c.options...); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s := fmt.Sprint(MethodNearest, MethodLinear, InterpolateMethod(5)); s != "nearest linear InterpolateMethod(5)" {
		t.Error(s)
	}
}

func BenchmarkInterpolate(b *testing.B) {
	e := squareGrid(b, 100)
	field := make([]float64, e.NumBins())
	for _, n := range []int{1000, 10_000} {
		points := recording(n, 200).Positions
		for _, m := range []InterpolateMethod{MethodNearest, MethodLinear} {
			b.Run(fmt.Sprintf("%v/bins=10000/points=%d", m, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					interpolated(b, e, field, points, m)
				}
			})
		}
	}
}

func ExampleEnvironment_Interpolate() {
	pos, _ := XY([]float64{1, 3, 1, 3}, []float64{1, 1, 3, 3})
	env, _ := FromSamples(pos, 2)
	field := []float64{0, 10, 20, 30} // by C order of the cells: (1,1), (1,3), (3,1), (3,3)
	at, _ := XY([]float64{2, 1}, []float64{2, 2.5})
	nearest, _ := env.Interpolate(field, at)
	linear, _ := env.Interpolate(field, at, InterpolateOptions{Method: MethodLinear})
	fmt.Println(nearest, linear)
	// Output: [0 10] [15 7.5]
}

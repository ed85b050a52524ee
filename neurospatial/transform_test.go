package neurospatial_test

import (
	"errors"
	"fmt"
	"log"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/neurospatial/layouttest"
)

// must returns a transform that cannot fail.
func must(a ns.Affine, err error) ns.Affine {
	if err != nil {
		panic(err)
	}
	return a
}

// drawSimilarity draws a turn, a scale, perhaps a mirror, and a move of the plane.
func drawSimilarity(t *rapid.T) (a ns.Affine, scale float64) {
	scale = rapid.SampledFrom([]float64{0.5, 1, 3}).Draw(t, "scale")
	turn := must(ns.Rotation(rapid.Float64Range(-7, 7).Draw(t, "angle")))
	size := must(ns.Scaling(scale, rapid.SampledFrom([]float64{scale, -scale}).Draw(t, "mirror")))
	move := must(ns.Translation(rapid.Float64Range(-50, 50).Draw(t, "x"), rapid.Float64Range(-50, 50).Draw(t, "y")))
	return must(must(turn.Then(size)).Then(move)), scale
}

// TestTransform moves environments of all kinds in the plane: everything that the place does not change stays.
func TestTransform(t *testing.T) {
	hex, err := ns.NewHexagons(2, [][2]float64{{0, 8}, {0, 6}})
	if err != nil {
		t.Fatal(err)
	}
	hexagons, err := ns.FromLayout(hex)
	if err != nil {
		t.Fatal(err)
	}
	maze, err := ns.Maze(ns.MazeT, mustPoints([]float64{0, -9}, []float64{0, 0}, []float64{-7, 1}, []float64{8, 0}), 2)
	if err != nil {
		t.Fatal(err)
	}
	grid := drawn(t, "##.# #..# ####", ns.SamplesOptions{Units: "cm", Frame: "room"})
	rapid.Check(t, func(t *rapid.T) {
		env := rapid.SampledFrom([]*ns.Environment{hexagons, maze, grid}).Draw(t, "env")
		a, scale := drawSimilarity(t)
		moved, err := env.Transform(a)
		if err != nil {
			t.Fatal(err)
		}
		if faults := layouttest.Check(moved.Layout()); len(faults) > 0 {
			t.Fatalf("%d faults, the first: %s", len(faults), faults[0])
		}
		centers, err := a.Apply(env.BinCenters())
		if err != nil || near(moved.BinCenters().Flat(), centers.Flat(), geometry) != nil || moved.Units() != env.Units() {
			t.Errorf("centres %v, want %v, %v", moved.BinCenters().Rows(), centers.Rows(), err)
		}
		if !slices.Equal(moved.BoundaryBins(), env.BoundaryBins()) {
			t.Errorf("boundary %v, want %v", moved.BoundaryBins(), env.BoundaryBins())
		}
		// Heat spreads over the same bins when the bandwidth grows with them.
		field := make([]float64, env.NumBins())
		field[rapid.IntRange(0, len(field)-1).Draw(t, "bin")] = 1
		want, err := env.Smooth(field, 3, ns.SmoothOptions{Mode: ns.ModeTransition})
		if err != nil {
			t.Fatal(err)
		}
		got, err := moved.Smooth(field, 3*scale, ns.SmoothOptions{Mode: ns.ModeTransition})
		if err != nil || near(got, want, heat) != nil {
			t.Errorf("smoothed %v, want %v, %v", got, want, err)
		}
	})
}

// TestTransformOfGrid stretches a grid, which stays one.
func TestTransformOfGrid(t *testing.T) {
	env := drawn(t, "##.# #..# ####", ns.SamplesOptions{})
	wide, err := env.Transform(must(ns.NewAffine([][]float64{{2, 0}, {0, 0.5}}, []float64{10, -1})))
	if err != nil {
		t.Fatal(err)
	}
	layouttest.TestLayout(t, wide.Layout())
	if got := wide.GridEdges(); !slices.Equal(got[0], []float64{10, 12, 14, 16}) || !slices.Equal(got[1], []float64{-1, -0.5, 0, 0.5, 1}) {
		t.Errorf("borders %v", got)
	}
	if !slices.Equal(wide.GridCells(), env.GridCells()) || wide.LayoutKind() != env.LayoutKind() || wide.BinSizes()[0] != 1 {
		t.Errorf("%v of %v, sizes %v", wide, env, wide.BinSizes())
	}
}

// TestAffine composes random transforms and undoes them.
func TestAffine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, _ := drawSimilarity(t)
		b, _ := drawSimilarity(t)
		both := must(a.Then(b))
		p := mustPoints([]float64{rapid.Float64Range(-9, 9).Draw(t, "px"), rapid.Float64Range(-9, 9).Draw(t, "py")})
		one, err := a.Apply(p)
		if err != nil {
			t.Fatal(err)
		}
		two, err := b.Apply(one)
		if err != nil {
			t.Fatal(err)
		}
		got, err := both.Apply(p)
		if err != nil || near(got.Flat(), two.Flat(), tolerance{1e-10, "two products"}) != nil {
			t.Errorf("together %v, one after the other %v, %v", got.Rows(), two.Rows(), err)
		}
	})
}

func TestTransformsRefuse(t *testing.T) {
	env := openField(t, 3, 2)
	shear := must(ns.NewAffine([][]float64{{1, 0.5}, {0, 1}}, []float64{0, 0}))
	line := must(ns.Translation(1))
	hex, err := ns.NewHexagons(2, [][2]float64{{0, 8}, {0, 6}})
	if err != nil {
		t.Fatal(err)
	}
	hexagons, err := ns.FromLayout(hex)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		err  error
		kind error
	}{
		"shear":        {envErr(env.Transform(shear)), ns.ErrUnsupported},
		"stretch":      {envErr(hexagons.Transform(must(ns.Scaling(1, 2)))), ns.ErrUnsupported},
		"dimension":    {envErr(env.Transform(line)), ns.ErrShape},
		"zero":         {envErr(env.Transform(ns.Affine{})), ns.ErrShape},
		"no space":     {envErr(new(ns.Environment).Transform(shear)), ns.ErrInvalid},
		"points":       {pointsErr(shear.Apply(mustPoints([]float64{1}))), ns.ErrShape},
		"then":         {affineErr(shear.Then(line)), ns.ErrShape},
		"rows":         {affineErr(ns.NewAffine([][]float64{{1, 0}}, []float64{0, 0})), ns.ErrShape},
		"ragged":       {affineErr(ns.NewAffine([][]float64{{1, 0}, {1}}, []float64{0, 0})), ns.ErrShape},
		"nothing":      {affineErr(ns.NewAffine(nil, nil)), ns.ErrShape},
		"NaN":          {affineErr(ns.NewAffine([][]float64{{nan}}, []float64{0})), ns.ErrInvalid},
		"NaN shift":    {affineErr(ns.Translation(nan)), ns.ErrInvalid},
		"to a line":    {affineErr(ns.NewAffine([][]float64{{1, 2}, {2, 4}}, []float64{0, 0})), ns.ErrInvalid},
		"to a point":   {affineErr(ns.Scaling(0, 1)), ns.ErrInvalid},
		"tiny":         {affineErr(ns.Scaling(5e-324)), ns.ErrInvalid},
		"field":        {fieldErr(env.ResampleField(nil, env)), ns.ErrShape},
		"bandwidth":    {fieldErr(env.ResampleField(make([]float64, 6), env, ns.ResampleOptions{Bandwidth: -1})), ns.ErrInvalid},
		"source":       {fieldErr(env.ResampleField(make([]float64, 2), lineEnv(t))), ns.ErrShape},
		"no source":    {fieldErr(env.ResampleField(nil, nil)), ns.ErrInvalid},
		"infinite":     {fieldErr(env.ResampleField(with(make([]float64, 6), 2, inf), env, ns.ResampleOptions{Bandwidth: 1})), ns.ErrInvalid},
		"two options":  {fieldErr(env.ResampleField(nil, env, ns.ResampleOptions{}, ns.ResampleOptions{})), ns.ErrInvalid},
		"no transform": {envErr(env.Transform(must(ns.Scaling(1, 1, 1)))), ns.ErrShape},
	} {
		if !errors.Is(tt.err, tt.kind) {
			t.Errorf("%s: got %v, want kind %v", name, tt.err, tt.kind)
		}
	}
}

func affineErr(_ ns.Affine, err error) error { return err }

// TestResampleMissing resamples a constant with a hole: smoothing changes nothing and the hole stays.
func TestResampleMissing(t *testing.T) {
	source, fine := openField(t, 4, 4), openField(t, 4, 4)
	field := slices.Repeat([]float64{7}, 16)
	field[5] = math.NaN()
	got, err := fine.ResampleField(field, source, ns.ResampleOptions{Bandwidth: 2})
	if err != nil || near(got, field, tolerance{1e-9, "smoothing"}) != nil {
		t.Errorf("ResampleField = %v, %v", got, err)
	}
	plain, err := fine.ResampleField(field, source)
	if err != nil || near(plain, field, geometry) != nil {
		t.Errorf("ResampleField = %v, %v", plain, err)
	}
}

func ExampleTranslation() {
	points, err := must(ns.Translation(10, 0)).Apply(examplePoints())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(points.Rows())
	// Output: [[10 10] [11 11] [12 12]]
}

func ExampleRotation() {
	quarter, err := ns.Rotation(math.Pi / 2)
	if err != nil {
		log.Fatal(err)
	}
	points, err := quarter.Apply(examplePoints())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.1f\n", points.Rows())
	// Output: [[-10.0 0.0] [-11.0 1.0] [-12.0 2.0]]
}

func ExampleScaling() {
	metres, err := ns.Scaling(0.01, 0.01)
	if err != nil {
		log.Fatal(err)
	}
	env, err := exampleEnvironment().Transform(metres)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env.GridEdges()[0])
	// Output: [0 0.02 0.04 0.06]
}

func ExampleNewAffine() {
	swap, err := ns.NewAffine([][]float64{{0, 1}, {1, 0}}, []float64{0, 0})
	if err != nil {
		log.Fatal(err)
	}
	points, err := swap.Apply(examplePoints())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(points.Rows())
	// Output: [[10 0] [11 1] [12 2]]
}

func ExampleAffine_Dim() {
	fmt.Println(must(ns.Rotation(1)).Dim())
	// Output: 2
}

func ExampleAffine_Then() {
	double, move := must(ns.Scaling(2, 2)), must(ns.Translation(1, 0))
	both, err := double.Then(move)
	if err != nil {
		log.Fatal(err)
	}
	points, err := both.Apply(examplePoints())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(points.Rows())
	// Output: [[1 20] [3 22] [5 24]]
}

func ExampleAffine_Apply() {
	points, err := must(ns.Translation(0, 5)).Apply(examplePoints())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(points.Column(1))
	// Output: [15 16 17]
}

func ExampleEnvironment_Transform() {
	turned, err := exampleEnvironment().Transform(must(ns.Rotation(math.Pi / 6)))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(turned, turned.NumEdges())
	// Output: Environment(Transformed, 6 bins, 2 dimensions, cm) 5
}

func ExampleEnvironment_ResampleField() {
	coarse, err := exampleEnvironment().Rebin(3)
	if err != nil {
		log.Fatal(err)
	}
	mean, err := coarse.ResampleField([]float64{1, 2, 3, 4, 5, 6}, exampleEnvironment())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(mean) // the value of the bin nearest to the centre, (3, 3)
	// Output: [3]
}

package neurospatial_test

import (
	"errors"
	"fmt"
	"log"
	"math"
	"testing"

	"pgregory.net/rapid"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// TestDivergenceIsTransposedGradient checks ⟨Gradient(f), g⟩ = ⟨f, Divergence(g)⟩ and that constants do not
// change anywhere.
func TestDivergenceIsTransposedGradient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		env := drawEnvironment(t)
		value := rapid.Float64Range(-10, 10)
		field := rapid.SliceOfN(value, env.NumBins(), env.NumBins()).Draw(t, "field")
		flow := rapid.SliceOfN(value, env.NumEdges(), env.NumEdges()).Draw(t, "flow")
		gradient, err := env.Gradient(field)
		if err != nil {
			t.Fatal(err)
		}
		divergence, err := env.Divergence(flow)
		if err != nil {
			t.Fatal(err)
		}
		left, right, scale := 0.0, 0.0, 1.0
		for i, g := range gradient {
			left += g * flow[i]
			scale += math.Abs(g * flow[i])
		}
		for i, d := range divergence {
			right += d * field[i]
			scale += math.Abs(d * field[i])
		}
		if math.Abs(left-right) > 1e-12*scale {
			t.Errorf("%v and %v", left, right)
		}
		for i := range field {
			field[i] = 3
		}
		if gradient, err = env.Gradient(field); err != nil {
			t.Fatal(err)
		}
		for i, g := range gradient {
			if g != 0 {
				t.Errorf("gradient of a constant is %v at edge %d", g, i)
			}
		}
	})
}

func TestNeighborReduce(t *testing.T) {
	env := drawn(t, "###.#", ns.SamplesOptions{})
	field := []float64{1, 4, 6, 5}
	nan := math.NaN()
	for _, tt := range []struct {
		o    ns.ReduceOptions
		want []float64
	}{
		{ns.ReduceOptions{}, []float64{4, 3.5, 4, nan}},
		{ns.ReduceOptions{Reduction: ns.ReduceSum}, []float64{4, 7, 4, nan}},
		{ns.ReduceOptions{Reduction: ns.ReduceMax}, []float64{4, 6, 4, nan}},
		{ns.ReduceOptions{Reduction: ns.ReduceMin}, []float64{4, 1, 4, nan}},
		{ns.ReduceOptions{Reduction: ns.ReduceStd}, []float64{0, 2.5, 0, nan}},
		{ns.ReduceOptions{Reduction: ns.ReduceSum, IncludeSelf: true}, []float64{5, 11, 10, 5}},
	} {
		got, err := env.NeighborReduce(field, tt.o)
		if err == nil {
			err = near(got, tt.want, geometry)
		}
		if err != nil {
			t.Errorf("%v: %v", tt.o, err)
		}
	}
}

func TestCalculusRefuses(t *testing.T) {
	env := openField(t, 4, 3)
	for name, tt := range map[string]struct {
		err  error
		kind error
	}{
		"gradient":    {fieldErr(env.Gradient(make([]float64, 3))), ns.ErrShape},
		"divergence":  {fieldErr(env.Divergence(make([]float64, env.NumBins()))), ns.ErrShape},
		"reduce":      {fieldErr(env.NeighborReduce(nil)), ns.ErrShape},
		"reduction":   {fieldErr(env.NeighborReduce(make([]float64, 12), ns.ReduceOptions{Reduction: ns.ReduceStd + 1})), ns.ErrInvalid},
		"two options": {fieldErr(env.NeighborReduce(nil, ns.ReduceOptions{}, ns.ReduceOptions{})), ns.ErrInvalid},
		"no space":    {fieldErr(new(ns.Environment).Divergence(nil)), ns.ErrInvalid},
	} {
		if !errors.Is(tt.err, tt.kind) {
			t.Errorf("%s: got %v, want kind %v", name, tt.err, tt.kind)
		}
	}
	if got := (ns.ReduceStd + 1).String(); got != "Reduction(5)" {
		t.Errorf("String() = %s", got)
	}
}

func fieldErr(_ []float64, err error) error { return err }

func ExampleEnvironment_Gradient() {
	env := exampleEnvironment() // edges 0–2, 2–3, 2–4, 3–4, 4–5
	gradient, err := env.Gradient([]float64{0, 0, 1, 2, 2, 3})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", gradient)
	// Output: [1.41 1.41 1.68 0.00 1.41]
}

func ExampleEnvironment_Divergence() {
	env := exampleEnvironment()
	divergence, err := env.Divergence([]float64{1, 0, 0, 0, 0}) // a flow from bin 0 to bin 2
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", divergence)
	// Output: [-1.41 0.00 1.41 0.00 0.00 0.00]
}

func ExampleEnvironment_NeighborReduce() {
	env := exampleEnvironment()
	most, err := env.NeighborReduce([]float64{0, 0, 1, 2, 5, 3}, ns.ReduceOptions{Reduction: ns.ReduceMax})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(most)
	// Output: [1 NaN 5 5 3 5]
}

func ExampleReduction_String() {
	fmt.Println(ns.ReduceMean, ns.ReduceStd)
	// Output: mean std
}

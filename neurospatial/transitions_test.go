package neurospatial

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// naiveTransitions counts step by step into a dense matrix.
func naiveTransitions(e *Environment, bins []int, o TransitionOptions) [][]float64 {
	n := e.NumBins()
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	lag := max(o.Lag, 1)
	for k := range bins {
		if k+lag >= len(bins) {
			break
		}
		a, b := bins[k], bins[k+lag]
		_, joined := e.graph.EdgeBetween(a, b)
		if a == b || joined || o.AllowTeleports {
			m[a][b]++
		}
	}
	if !o.Counts {
		for _, row := range m {
			if s := sum(row); s > 0 {
				for j := range row {
					row[j] /= s
				}
			}
		}
	}
	return m
}

func TestTransitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEnvironment(t)
		bins := rapid.SliceOfN(rapid.IntRange(0, e.NumBins()-1), 0, 60).Draw(t, "bins")
		o := TransitionOptions{
			Lag:            rapid.IntRange(0, 3).Draw(t, "lag"),
			AllowTeleports: rapid.Bool().Draw(t, "teleports"),
			Counts:         rapid.Bool().Draw(t, "counts"),
		}
		m, err := e.Transitions(bins, o)
		if err != nil {
			t.Fatal(err)
		}
		want := naiveTransitions(e, bins, o)
		nonZero := 0
		for i, row := range want {
			columns, values := m.Row(i)
			for j, w := range row {
				got := m.At(i, j)
				if math.Abs(got-w) > 1e-15 || m.T().At(j, i) != got {
					t.Fatalf("entry %d, %d is %v, want %v", i, j, got, w)
				}
				if k := slices.Index(columns, j); (k >= 0) != (w > 0) || k >= 0 && values[k] != got {
					t.Fatalf("row %d is %v %v, want %v", i, columns, values, row)
				}
				if w > 0 {
					nonZero++
				}
			}
		}
		if m.NumNonZero() != nonZero {
			t.Fatalf("%d entries, want %d", m.NumNonZero(), nonZero)
		}
	})
}

func TestRandomWalkTransitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEnvironment(t)
		m, err := e.RandomWalkTransitions()
		if err != nil {
			t.Fatal(err)
		}
		counts, err := e.RandomWalkTransitions(TransitionOptions{Counts: true})
		if err != nil {
			t.Fatal(err)
		}
		for i := range e.NumBins() {
			for j := range e.NumBins() {
				want := 0.0
				if _, joined := e.graph.EdgeBetween(i, j); joined {
					want = 1
				}
				if counts.At(i, j) != want || math.Abs(m.At(i, j)-want/max(float64(e.graph.Degree(i)), 1)) > 1e-15 {
					t.Fatalf("%d to %d: %v, counted %v, joined %v", i, j, m.At(i, j), counts.At(i, j), want)
				}
			}
		}
	})
}

func TestTransitionsRefuse(t *testing.T) {
	e := squareGrid(t, 3)
	trans := func(bins []int, o ...TransitionOptions) error {
		_, err := e.Transitions(bins, o...)
		return err
	}
	walk := func(o ...TransitionOptions) error {
		_, err := e.RandomWalkTransitions(o...)
		return err
	}
	for name, c := range map[string]struct{ err, kind error }{
		"outside":        {trans([]int{0, Outside}), ErrNotFound},
		"no bin":         {trans([]int{0, 9}), ErrNotFound},
		"lag":            {trans([]int{0, 1}, TransitionOptions{Lag: -1}), ErrInvalid},
		"two options":    {trans([]int{0, 1}, TransitionOptions{}, TransitionOptions{}), ErrInvalid},
		"walk lag":       {walk(TransitionOptions{Lag: 2}), ErrInvalid},
		"walk teleports": {walk(TransitionOptions{AllowTeleports: true}), ErrInvalid},
	} {
		var detailed *Error
		if !errors.Is(c.err, c.kind) || !errors.As(c.err, &detailed) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if err := trans([]int{0, Outside}); !strings.Contains(err.Error(), "bins[1]") {
		t.Errorf("message %v", err)
	}
	m, err := e.Transitions([]int{4}, TransitionOptions{Lag: 5})
	if r, c := m.Dims(); err != nil || r != 9 || c != 9 || m.NumNonZero() != 0 {
		t.Errorf("short sequence: %v, %v", m, err)
	}
	for _, f := range []func(){func() { m.At(9, 0) }, func() { m.At(0, -1) }, func() { m.Row(9) }} {
		func() {
			defer func() {
				if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "TransitionMatrix(9×9, 0 entries)") {
					t.Errorf("recovered %v", r)
				}
			}()
			f()
		}()
	}
}

func BenchmarkTransitions(b *testing.B) {
	e := squareGrid(b, 100)
	tr := recording(100_000, 200)
	bins, err := e.BinSequence(tr.Times, tr.Positions, SequenceOptions{KeepRepeats: true, OutsideValue: OutsideDropped})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("bins=10000/samples=100000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := e.Transitions(bins); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func ExampleEnvironment_Transitions() {
	pos, _ := XY([]float64{1, 3, 5}, []float64{1, 1, 1})
	env, _ := FromSamples(pos, 2)
	m, err := env.Transitions([]int{0, 1, 2, 1, 2, 1, 0})
	fmt.Println(m, err)
	bins, p := m.Row(1)
	fmt.Printf("from 1 to %v with %.2f\n", bins, p)
	// Output:
	// TransitionMatrix(3×3, 4 entries) <nil>
	// from 1 to [0 2] with [0.33 0.67]
}

func ExampleEnvironment_RandomWalkTransitions() {
	pos, _ := XY([]float64{1, 3, 5}, []float64{1, 1, 1})
	env, _ := FromSamples(pos, 2)
	m, _ := env.RandomWalkTransitions()
	fmt.Println(m.At(0, 1), m.At(1, 0), m.At(1, 1))
	// Output: 1 0.5 0
}

func ExampleTransitionMatrix() {
	pos, _ := XY([]float64{1, 3, 5}, []float64{1, 1, 1})
	env, _ := FromSamples(pos, 2)
	m, _ := env.Transitions([]int{0, 1, 2, 1, 0, 0}, TransitionOptions{Counts: true})
	rows, _ := m.Dims()
	for i := range rows {
		fmt.Println(m.At(i, 0), m.At(i, 1), m.At(i, 2))
	}
	fmt.Println(m.NumNonZero(), "entries; transposed", m.T().At(1, 2))
	// Output:
	// 1 1 0
	// 1 0 1
	// 0 1 0
	// 5 entries; transposed 1
}

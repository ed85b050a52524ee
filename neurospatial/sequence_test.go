package neurospatial

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// line returns the environment of the 1-D bins [0,2), [2,4), … and positions in its bins; Outside gives NaN.
func line(t testing.TB, bins ...int) (*Environment, []float64, Points) {
	t.Helper()
	e, err := FromSamples(Points{dim: 1, data: []float64{1}}, 2, SamplesOptions{Ranges: [][2]float64{{0, 10}}, KeepAllBins: true})
	if err != nil {
		t.Fatal(err)
	}
	times, x := make([]float64, len(bins)), make([]float64, len(bins))
	for i, b := range bins {
		times[i], x[i] = float64(i), 2*float64(b)+1
		if b == Outside {
			x[i] = math.NaN()
		}
	}
	return e, times, Points{dim: 1, data: x}
}

func TestBinSequence(t *testing.T) {
	const out = Outside
	e, times, pos := line(t, 0, 0, 1, out, out, 1, 2, out, 2, 0)
	for _, c := range []struct {
		options SequenceOptions
		want    []int
	}{
		{SequenceOptions{}, []int{0, 1, out, 1, 2, out, 2, 0}},
		{SequenceOptions{KeepRepeats: true}, []int{0, 0, 1, out, out, 1, 2, out, 2, 0}},
		{SequenceOptions{OutsideValue: OutsideDropped}, []int{0, 1, 2, 0}},
		{SequenceOptions{KeepRepeats: true, OutsideValue: OutsideDropped}, []int{0, 0, 1, 1, 2, 2, 0}},
	} {
		got, err := e.BinSequence(times, pos, c.options)
		if err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("%+v: %v, %v, want %v", c.options, got, err, c.want)
		}
	}
	for value, want := range map[OutsideValue]*BinRuns{
		OutsideKept: {Bins: []int{0, 1, out, 1, 2, out, 2, 0}, Starts: []int{0, 2, 3, 5, 6, 7, 8, 9}, Lengths: []int{2, 1, 2, 1, 1, 1, 1, 1}},
		// A gap ends a stay even though the bin is the same before and after.
		OutsideDropped: {Bins: []int{0, 1, 1, 2, 2, 0}, Starts: []int{0, 2, 5, 6, 8, 9}, Lengths: []int{2, 1, 1, 1, 1, 1}},
	} {
		got, err := e.BinSequenceWithRuns(times, pos, SequenceOptions{OutsideValue: value})
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("%v: %v (-want +got):\n%s", value, err, d)
		}
	}
}

func TestRunsCoverTheSamples(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEnvironment(t)
		tr := drawRecording(t, e)
		runs, err := e.BinSequenceWithRuns(tr.Times, tr.Positions)
		if err != nil {
			t.Fatal(err)
		}
		every, err := e.BinSequence(tr.Times, tr.Positions, SequenceOptions{KeepRepeats: true})
		if err != nil {
			t.Fatal(err)
		}
		var spelled []int
		for k := range runs.Len() {
			if runs.Starts[k] != len(spelled) {
				t.Fatalf("run %d starts at %d after %d samples", k, runs.Starts[k], len(spelled))
			}
			for range runs.Lengths[k] {
				spelled = append(spelled, runs.Bins[k])
			}
		}
		if len(every) != len(spelled) || len(every) > 0 && !cmp.Equal(every, spelled) {
			t.Fatalf("runs spell %v, samples are in %v", spelled, every)
		}
		visits, err := e.BinSequence(tr.Times, tr.Positions)
		if err != nil || len(visits) != runs.Len() {
			t.Fatalf("%d visits, %d runs, %v", len(visits), runs.Len(), err)
		}
	})
}

func TestBinSequenceRefuses(t *testing.T) {
	e, times, pos := line(t, 0, 1)
	for name, c := range map[string]struct {
		times   []float64
		options []SequenceOptions
		kind    error
	}{
		"length":      {times[:1], nil, ErrShape},
		"descending":  {[]float64{1, 0}, nil, ErrInvalid},
		"outside":     {times, []SequenceOptions{{OutsideValue: 2}}, ErrInvalid},
		"two options": {times, make([]SequenceOptions, 2), ErrInvalid},
	} {
		if _, err := e.BinSequence(c.times, pos, c.options...); !errors.Is(err, c.kind) {
			t.Errorf("BinSequence, %s: %v", name, err)
		}
		if _, err := e.BinSequenceWithRuns(c.times, pos, c.options...); !errors.Is(err, c.kind) {
			t.Errorf("BinSequenceWithRuns, %s: %v", name, err)
		}
	}
	if _, err := e.BinSequenceWithRuns(times, pos, SequenceOptions{KeepRepeats: true}); !errors.Is(err, ErrInvalid) {
		t.Errorf("KeepRepeats: %v", err)
	}
	if s := fmt.Sprint(OutsideKept, OutsideDropped, OutsideValue(9)); s != "kept dropped OutsideValue(9)" {
		t.Error(s)
	}
}

func BenchmarkBinSequence(b *testing.B) {
	e := squareGrid(b, 100)
	tr := recording(100_000, 200)
	b.Run("bins=10000/samples=100000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := e.BinSequence(tr.Times, tr.Positions); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func ExampleEnvironment_BinSequence() {
	pos, _ := XY([]float64{1, 1, 3, 9, 1}, []float64{1, 1, 1, 9, 1})
	env, _ := FromSamples(pos.Slice(0, 3), 2)
	times := []float64{0, 0.1, 0.2, 0.3, 0.4}
	kept, _ := env.BinSequence(times, pos)
	dropped, _ := env.BinSequence(times, pos, SequenceOptions{OutsideValue: OutsideDropped})
	fmt.Println(kept, dropped)
	// Output: [0 1 -1 0] [0 1 0]
}

func ExampleEnvironment_BinSequenceWithRuns() {
	pos, _ := XY([]float64{1, 1, 3}, []float64{1, 1, 1})
	env, _ := FromSamples(pos, 2)
	runs, _ := env.BinSequenceWithRuns([]float64{0, 0.1, 0.2}, pos)
	for k := range runs.Len() {
		fmt.Printf("bin %d from sample %d for %d samples\n", runs.Bins[k], runs.Starts[k], runs.Lengths[k])
	}
	// Output:
	// bin 0 from sample 0 for 2 samples
	// bin 1 from sample 2 for 1 samples
}

func ExampleBinRuns_Len() {
	pos, _ := XY([]float64{1, 1, 3}, []float64{1, 1, 1})
	env, _ := FromSamples(pos, 2)
	runs, _ := env.BinSequenceWithRuns([]float64{0, 0.1, 0.2}, pos)
	fmt.Println(runs.Len(), runs.Bins)
	// Output: 2 [0 1]
}

package neurospatial

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func mustWalk(t interface{ Fatal(...any) }, e *Environment, seconds float64, o RandomWalkOptions) *Trajectory {
	tr, err := e.RandomWalk(seconds, o)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestRandomWalkStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawGrid(t)
		o := RandomWalkOptions{Seed: rapid.Uint64().Draw(t, "seed"), Speed: rapid.Float64Range(0, 30).Draw(t, "speed")}
		tr := mustWalk(t, e, 10, o)
		if tr.Len() != 501 || math.Abs(tr.Duration()-10) > 1e-12 {
			t.Fatalf("%v", tr)
		}
		bins, err := e.BinSequence(tr.Times, tr.Positions)
		if err != nil {
			t.Fatal(err)
		}
		for k, b := range bins {
			if b == Outside {
				t.Fatalf("visit %d is outside", k)
			}
			if k > 0 && !slices.Contains(e.graph.Neighbors(bins[k-1]), int32(b)) {
				t.Fatalf("jumped from bin %d to %d", bins[k-1], b)
			}
		}
	})
}

// On a track the animal runs from end to end and never leaves the lines between bin centres.
func TestRandomWalkRunsAlongTracks(t *testing.T) {
	b := Bins{Ranges: [][2]float64{{0, 20}, {0, 20}}}
	var flat []float64
	for i := range 11 { // an L of 5 and 5 steps
		flat = append(flat, 2*float64(min(i, 5)), 2*float64(max(i-5, 0)))
		b.Volumes = append(b.Volumes, 2)
		if i > 0 {
			b.Edges = append(b.Edges, Edge{U: i - 1, V: i, Distance: 2, Conductance: 0.5})
		}
	}
	b.Centers = Points{dim: 2, data: flat}
	e := mustEnvironment(t, graphLayout{b})
	tr := mustWalk(t, e, 120, RandomWalkOptions{Seed: 4, Speed: 10, Start: []float64{4, 0}})
	for i := range tr.Len() {
		if x, y := tr.Positions.At(i, 0), tr.Positions.At(i, 1); y > 1e-12 && math.Abs(x-10) > 1e-12 {
			t.Fatalf("sample %d at (%v, %v) is off the track", i, x, y)
		}
	}
	laps := 0
	seq, err := e.BinSequence(tr.Times, tr.Positions)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range seq {
		if b == 0 || b == 10 {
			laps++
		}
	}
	if laps < 30 || laps > 100 { // 20 units at about 10 a second
		t.Errorf("reached an end %d times in 120 s", laps)
	}
	for k, v := range tr.Speed() {
		if v > 25 {
			t.Fatalf("speed %v at sample %d", v, k)
		}
	}
	// A bin that leads nowhere is where the animal stays.
	b.Edges = nil
	alone := mustWalk(t, mustEnvironment(t, graphLayout{b}), 1, RandomWalkOptions{Seed: 1, Start: []float64{4, 0}})
	for i := range alone.Len() {
		if alone.Positions.At(i, 0) != 4 || alone.Positions.At(i, 1) != 0 {
			t.Fatalf("sample %d at %v", i, alone.Positions.Row(i))
		}
	}
}

func TestRandomWalkExplores(t *testing.T) {
	e := roundArena(t, 20)
	tr := mustWalk(t, e, 1200, RandomWalkOptions{Seed: 1, Speed: 15})
	visited := 0
	for _, s := range occupied(t, e, tr, OccupancyOptions{}) {
		if s > 0 {
			visited++
		}
	}
	if visited < e.NumBins()*98/100 {
		t.Errorf("visited %d of %d bins", visited, e.NumBins())
	}
	squared := 0.0
	for _, v := range tr.Speed() {
		squared += v * v
	}
	if typical := math.Sqrt(squared / float64(tr.Len())); typical < 12 || typical > 18 {
		t.Errorf("speed is %v, want about 15", typical)
	}
}

func TestSimulationsAreReproducible(t *testing.T) {
	e := squareGrid(t, 10)
	rates, err := e.PlaceField([]float64{9, 9}, 4)
	if err != nil {
		t.Fatal(err)
	}
	run := func(seed uint64) ([]float64, []float64) {
		tr := mustWalk(t, e, 60, RandomWalkOptions{Seed: seed})
		spikes, err := e.SimulateSpikes(rates, tr.Times, tr.Positions, SpikeOptions{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return tr.Positions.Flat(), spikes
	}
	path, spikes := run(5)
	againPath, againSpikes := run(5)
	otherPath, otherSpikes := run(6)
	if !cmp.Equal(path, againPath) || !cmp.Equal(spikes, againSpikes) {
		t.Error("the same seed gives another simulation")
	}
	if cmp.Equal(path, otherPath) || cmp.Equal(spikes, otherSpikes) {
		t.Error("another seed gives the same simulation")
	}
}

func TestPlaceField(t *testing.T) {
	// Two rooms that are not joined.
	walled := mustEnvironment(t, walledGrid{squareGrid(t, 6).layout.(*gridLayout)})
	open := squareGrid(t, 6)
	center := []float64{5, 5} // bin (2, 2), beside the wall
	for _, c := range []struct {
		name    string
		env     *Environment
		options PlaceFieldOptions
		bin     int
		want    float64
	}{
		{"peak", open, PlaceFieldOptions{}, 2*6 + 2, 20},
		{"one bin away", open, PlaceFieldOptions{PeakRate: 10}, 2*6 + 3, 10 * math.Exp(-0.5)},
		{"with base rate", open, PlaceFieldOptions{PeakRate: 10, BaseRate: 2}, 2*6 + 3, 2 + 8*math.Exp(-0.5)},
		{"through a wall", walled, PlaceFieldOptions{Metric: MetricEuclidean}, 3*6 + 2, 20 * math.Exp(-0.5)},
		{"no way around", walled, PlaceFieldOptions{Metric: MetricGeodesic}, 3*6 + 2, 0},
	} {
		rates, err := c.env.PlaceField(center, 2, c.options)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(rates[c.bin]-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.name, rates[c.bin], c.want)
		}
	}
}

// Counts in disjoint pieces of time must have the mean and the variance of a Poisson process.
func TestSimulatedSpikesArePoisson(t *testing.T) {
	e, times, pos := line(t, make([]int, 40_001)...)
	for i := range times {
		times[i] = float64(i) / 20
	}
	const rate, piece = 15.0, 0.5
	spikes, err := e.SimulateSpikes([]float64{rate, 0, 0, 0, 0}, times, pos, SpikeOptions{Seed: 9})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(spikes) || spikes[0] < 0 || spikes[len(spikes)-1] > 2000 {
		t.Errorf("spikes are not ascending within the recording")
	}
	counts := make([]float64, 4000)
	for _, s := range spikes {
		counts[int(s/piece)]++
	}
	mean := sum(counts) / 4000
	variance := 0.0
	for _, c := range counts {
		variance += (c - mean) * (c - mean) / 4000
	}
	// Standard errors are 0.043 and 0.17.
	if math.Abs(mean-rate*piece) > 0.2 || math.Abs(variance-rate*piece) > 0.8 {
		t.Errorf("mean %v, variance %v, want %v", mean, variance, rate*piece)
	}
}

func TestSimulatedSpikesKeepToTimeThatCounts(t *testing.T) {
	e, times, pos := line(t, 0, 1, Outside, 1, 0, 1)
	copy(times, []float64{0, 0.4, 0.8, 1.2, 1.6, 5}) // the last interval is too long
	spikes, err := e.SimulateSpikes([]float64{0, 1000, 0, 0, 0}, times, pos)
	if err != nil {
		t.Fatal(err)
	}
	if len(spikes) < 600 || len(spikes) > 1000 {
		t.Errorf("%d spikes in 0.8 s at 1000 a second", len(spikes))
	}
	for _, s := range spikes {
		if !(s >= 0.4 && s <= 0.8 || s >= 1.2 && s <= 1.6) {
			t.Fatalf("spike at %v", s)
		}
	}
}

func TestSimulationsRefuse(t *testing.T) {
	e := squareGrid(t, 3)
	rates := make([]float64, 9)
	times, pos := []float64{0, 1}, mustPoints(t, []float64{1, 1}, []float64{1, 1})
	field := func(center []float64, width float64, o ...PlaceFieldOptions) error {
		_, err := e.PlaceField(center, width, o...)
		return err
	}
	spikes := func(rates, times []float64, o ...SpikeOptions) error {
		_, err := e.SimulateSpikes(rates, times, pos, o...)
		return err
	}
	walk := func(seconds float64, o ...RandomWalkOptions) error {
		_, err := e.RandomWalk(seconds, o...)
		return err
	}
	negative := slices.Clone(rates)
	negative[3] = -1
	for name, c := range map[string]struct{ err, kind error }{
		"field outside":         {field([]float64{99, 1}, 1), ErrNotFound},
		"field dimension":       {field([]float64{1}, 1), ErrShape},
		"field width":           {field([]float64{1, 1}, 0), ErrInvalid},
		"field base above peak": {field([]float64{1, 1}, 1, PlaceFieldOptions{BaseRate: 30}), ErrInvalid},
		"field peak":            {field([]float64{1, 1}, 1, PlaceFieldOptions{PeakRate: math.Inf(1)}), ErrInvalid},
		"field metric":          {field([]float64{1, 1}, 1, PlaceFieldOptions{Metric: 9}), ErrInvalid},
		"field options":         {field([]float64{1, 1}, 1, PlaceFieldOptions{}, PlaceFieldOptions{}), ErrInvalid},
		"spikes rates":          {spikes(rates[:3], times), ErrShape},
		"spikes negative":       {spikes(negative, times), ErrInvalid},
		"spikes times":          {spikes(rates, times[:1]), ErrShape},
		"spikes gap":            {spikes(rates, times, SpikeOptions{MaxGap: -1}), ErrInvalid},
		"walk seconds":          {walk(0), ErrInvalid},
		"walk infinite":         {walk(math.Inf(1)), ErrInvalid},
		"walk endless":          {walk(1e12), ErrTooLarge},
		"walk speed":            {walk(1, RandomWalkOptions{Speed: -1}), ErrInvalid},
		"walk sample rate":      {walk(1, RandomWalkOptions{SampleRate: math.NaN()}), ErrInvalid},
		"walk start":            {walk(1, RandomWalkOptions{Start: []float64{99, 1}}), ErrNotFound},
	} {
		var detailed *Error
		if !errors.Is(c.err, c.kind) || !errors.As(c.err, &detailed) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}

func BenchmarkRandomWalk(b *testing.B) {
	e := roundArena(b, 50)
	b.Run("samples=30000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			mustWalk(b, e, 600, RandomWalkOptions{})
		}
	})
}

func ExampleEnvironment_PlaceField() {
	pos, _ := XY([]float64{1, 3, 5, 7}, []float64{1, 1, 1, 1})
	env, _ := FromSamples(pos, 2)
	rates, _ := env.PlaceField([]float64{3, 1}, 2)
	fmt.Printf("%.1f\n", rates)
	// Output: [12.1 20.0 12.1 2.7]
}

func ExampleEnvironment_RandomWalk() {
	pos, _ := XY([]float64{1, 3, 5, 7}, []float64{1, 1, 1, 1})
	env, _ := FromSamples(pos, 2)
	walk, _ := env.RandomWalk(60, RandomWalkOptions{Seed: 1})
	fmt.Println(walk)
	// Output: Trajectory(3001×2, 0 s to 60 s)
}

func ExampleEnvironment_SimulateSpikes() {
	pos, _ := XY([]float64{1, 3, 5, 7}, []float64{1, 1, 1, 1})
	env, _ := FromSamples(pos, 2)
	rates, _ := env.PlaceField([]float64{3, 1}, 2)
	walk, _ := env.RandomWalk(600, RandomWalkOptions{Seed: 1})
	spikes, _ := env.SimulateSpikes(rates, walk.Times, walk.Positions, SpikeOptions{Seed: 1})
	estimate, _ := env.RateMap(spikes, walk.Times, walk.Positions)
	for i := range rates {
		fmt.Println(math.Abs(estimate[i]-rates[i]) < 0.1*rates[i])
	}
	// Output:
	// true
	// true
	// true
	// true
}

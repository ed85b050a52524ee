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

func TestSpikeCountsAndOccupancyAreOfTheSameTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEnvironment(t)
		tr := drawRecording(t, e)
		// One spike in the middle of every interval: the counts are those of the intervals.
		var spikes []float64
		for k := range max(tr.Len()-1, 0) {
			if tr.Times[k+1] > tr.Times[k] {
				spikes = append(spikes, (tr.Times[k]+tr.Times[k+1])/2)
			}
		}
		spikes = append(spikes, -5, 1e6)
		if rapid.Bool().Draw(t, "reversed") {
			for i, j := 0, len(spikes)-1; i < j; i, j = i+1, j-1 {
				spikes[i], spikes[j] = spikes[j], spikes[i]
			}
		}
		o := OccupancyOptions{MaxGap: rapid.SampledFrom([]float64{0, 0.05, NoMaxGap}).Draw(t, "max gap"), Speed: tr.Speed(), MinSpeed: 20}
		got, err := e.SpikeCounts(spikes, tr.Times, tr.Positions, o)
		if err != nil {
			t.Fatal(err)
		}
		// Intervals without duration hold no spike, and their speed is NaN, which MinSpeed refuses.
		o.Counts = true
		if want := occupied(t, e, tr, o); !cmp.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestRateMap(t *testing.T) {
	nan := math.NaN()
	e, times, pos := line(t, 0, 0, 1, 1, 1, 3, 3)
	copy(times, []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55})
	spikes := []float64{0.05, 0.25, 0.26, 0.27, 0.52, 9}
	for _, c := range []struct {
		options RateMapOptions
		want    []float64
	}{
		{RateMapOptions{}, []float64{5, 10, nan, 20, nan}},
		{RateMapOptions{MinSeconds: 0.06}, []float64{5, 10, nan, nan, nan}},
	} {
		got, err := e.RateMap(spikes, times, pos, c.options)
		if d := cmp.Diff(c.want, got, cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-12, 0)); err != nil || d != "" {
			t.Errorf("%+v: %v (-want +got):\n%s", c.options, err, d)
		}
	}
	smooth, err := e.RateMap(spikes, times, pos, RateMapOptions{Bandwidth: 1})
	if err != nil {
		t.Fatal(err)
	}
	counts, err := e.SpikeCounts(spikes, times, pos, OccupancyOptions{Bandwidth: 1})
	if err != nil {
		t.Fatal(err)
	}
	seconds := occupied(t, e, &Trajectory{Times: times, Positions: pos}, OccupancyOptions{Bandwidth: 1})
	for _, b := range []int{0, 1, 3} {
		if math.Abs(smooth[b]-counts[b]/seconds[b]) > 1e-12 {
			t.Errorf("bin %d: %v, want %v", b, smooth[b], counts[b]/seconds[b])
		}
	}
	if !math.IsNaN(smooth[2]) || !math.IsNaN(smooth[4]) {
		t.Errorf("bins that were not visited have rates: %v", smooth)
	}
}

// A cell with one rate everywhere has that rate in every bin, smoothed or not.
func TestRateMapOfAConstantRate(t *testing.T) {
	e := roundArena(t, 12)
	tr := mustWalk(t, e, 300, RandomWalkOptions{Seed: 3, Speed: 10})
	var spikes []float64
	for k := range tr.Len() - 1 { // exactly 2 spikes a sample
		spikes = append(spikes, tr.Times[k]+0.005, tr.Times[k]+0.015)
	}
	for _, bandwidth := range []float64{0, 3} {
		rates, err := e.RateMap(spikes, tr.Times, tr.Positions, RateMapOptions{Bandwidth: bandwidth})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range rates {
			if math.Abs(r-100) > 1e-9 && !math.IsNaN(r) {
				t.Fatalf("bandwidth %v: bin %d has rate %v", bandwidth, i, r)
			}
		}
	}
}

func TestRateMapRefuses(t *testing.T) {
	e, times, pos := line(t, 0, 1)
	spikes := []float64{0.5}
	rate := func(spikes, times []float64, o ...RateMapOptions) error {
		_, err := e.RateMap(spikes, times, pos, o...)
		return err
	}
	count := func(spikes []float64, o ...OccupancyOptions) error {
		_, err := e.SpikeCounts(spikes, times, pos, o...)
		return err
	}
	for name, c := range map[string]struct{ err, kind error }{
		"times":         {rate(spikes, times[:1]), ErrShape},
		"spikes":        {rate([]float64{math.NaN()}, times), ErrInvalid},
		"bandwidth":     {rate(spikes, times, RateMapOptions{Bandwidth: -1}), ErrInvalid},
		"min seconds":   {rate(spikes, times, RateMapOptions{MinSeconds: -1}), ErrInvalid},
		"two options":   {rate(spikes, times, RateMapOptions{}, RateMapOptions{}), ErrInvalid},
		"count spikes":  {count([]float64{math.Inf(1)}), ErrInvalid},
		"count linear":  {count(spikes, OccupancyOptions{Allocation: AllocateLinear}), ErrUnsupported},
		"count options": {count(spikes, OccupancyOptions{MinSpeed: 1}), ErrInvalid},
	} {
		var detailed *Error
		if !errors.Is(c.err, c.kind) || !errors.As(c.err, &detailed) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}

func TestSpatialInformation(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name           string
		rates, seconds []float64
		want           float64
	}{
		{"the same everywhere", []float64{3, 3, 3}, []float64{1, 2, 3}, 0},
		{"one of four bins", []float64{8, 0, 0, 0}, []float64{1, 1, 1, 1}, 2},
		{"NaN is left out", []float64{8, 0, nan, nan}, []float64{1, 1, 50, 50}, 1},
		{"silent", []float64{0, 0}, []float64{1, 1}, 0},
	} {
		got, err := SpatialInformation(c.rates, c.seconds)
		if err != nil || math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		rates, seconds []float64
		kind           error
	}{
		"length":        {[]float64{1}, []float64{1, 2}, ErrShape},
		"negative rate": {[]float64{-1}, []float64{1}, ErrInvalid},
		"negative time": {[]float64{1}, []float64{-1}, ErrInvalid},
		"NaN time":      {[]float64{1}, []float64{nan}, ErrInvalid},
		"no time":       {[]float64{1, nan}, []float64{0, 4}, ErrInvalid},
	} {
		if _, err := SpatialInformation(c.rates, c.seconds); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func ExampleEnvironment_RateMap() {
	pos, _ := XY([]float64{1, 1, 3, 3}, []float64{1, 1, 1, 1})
	env, _ := FromSamples(pos, 2)
	rates, _ := env.RateMap([]float64{0.05, 0.25, 0.28}, []float64{0, 0.1, 0.2, 0.4}, pos)
	fmt.Printf("%.1f\n", rates)
	// Output: [5.0 10.0]
}

func ExampleEnvironment_SpikeCounts() {
	pos, _ := XY([]float64{1, 1, 3, 3}, []float64{1, 1, 1, 1})
	env, _ := FromSamples(pos, 2)
	counts, _ := env.SpikeCounts([]float64{0.05, 0.25, 0.28}, []float64{0, 0.1, 0.2, 0.4}, pos)
	fmt.Println(counts)
	// Output: [1 2]
}

func ExampleSpatialInformation() {
	bits, _ := SpatialInformation([]float64{8, 0, 0, 0}, []float64{1, 1, 1, 1})
	fmt.Println(bits)
	// Output: 2
}

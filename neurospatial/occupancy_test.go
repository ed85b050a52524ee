package neurospatial

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawRecording draws a path with pauses, gaps and unknown positions around an environment.
func drawRecording(t *rapid.T, e *Environment) *Trajectory {
	n := rapid.IntRange(0, 40).Draw(t, "samples")
	times := make([]float64, n)
	flat := make([]float64, 0, n*e.NumDims())
	now := 0.0
	for i := range n {
		now += rapid.SampledFrom([]float64{0, 0.02, 0.1, 0.5, 0.75}).Draw(t, "step")
		times[i] = now
		unknown := rapid.IntRange(0, 9).Draw(t, "unknown") == 0
		for range e.NumDims() {
			v := rapid.Float64Range(-2, 10).Draw(t, "coordinate")
			if unknown {
				v = math.NaN()
			}
			flat = append(flat, v)
		}
	}
	return &Trajectory{Times: times, Positions: Points{dim: e.NumDims(), data: flat}}
}

func occupied(t interface{ Fatal(...any) }, e *Environment, tr *Trajectory, o OccupancyOptions) []float64 {
	out, err := e.Occupancy(tr.Times, tr.Positions, o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// naiveOccupancy is the definition, interval by interval.
func naiveOccupancy(e *Environment, tr *Trajectory, o OccupancyOptions) []float64 {
	out := make([]float64, e.NumBins())
	gap := map[bool]float64{true: 0.5, false: o.MaxGap}[o.MaxGap == 0]
	bin := make([]int, 1)
	for k := range tr.Len() - 1 {
		e.layout.BinAtTo(bin, tr.Positions.Slice(k, k+1))
		dt := tr.Times[k+1] - tr.Times[k]
		if bin[0] == Outside || dt > gap || o.MinSpeed > 0 && !(o.Speed[k] >= o.MinSpeed) {
			continue
		}
		if o.Counts {
			dt = 1
		}
		out[bin[0]] += dt
	}
	return out
}

func TestOccupancyStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEnvironment(t)
		tr := drawRecording(t, e)
		o := OccupancyOptions{
			MaxGap: rapid.SampledFrom([]float64{0, 0.05, 0.6, NoMaxGap}).Draw(t, "max gap"),
			Counts: rapid.Bool().Draw(t, "counts"),
		}
		if rapid.Bool().Draw(t, "with speed") {
			o.Speed, o.MinSpeed = tr.Speed(), rapid.SampledFrom([]float64{0, 20}).Draw(t, "min speed")
		}
		got := occupied(t, e, tr, o)
		if want := naiveOccupancy(e, tr, o); !closeFields(got, want, nil, 1e-14) {
			t.Fatalf("got %v, want %v", got, want)
		}
		o.Bandwidth = 1.5
		if a, b := sum(occupied(t, e, tr, o)), sum(got); math.Abs(a-b) > 1e-12*b {
			t.Fatalf("smoothed it adds up to %v, before to %v", a, b)
		}
	})
}

// Where every known position is in a bin, the sum is the valid time of the recording, whatever the rule.
func TestOccupancySumsToValidSeconds(t *testing.T) {
	everywhere, err := FromSamples(Points{dim: 2, data: []float64{0, 0}}, 1.5, SamplesOptions{Ranges: [][2]float64{{-3, 12}, {-3, 12}}, KeepAllBins: true})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		tr := drawRecording(t, everywhere)
		gap := rapid.SampledFrom([]float64{0, 0.05, NoMaxGap}).Draw(t, "max gap")
		want := tr.ValidSeconds(gap)
		for _, a := range []Allocation{AllocateStart, AllocateLinear} {
			if got := sum(occupied(t, everywhere, tr, OccupancyOptions{MaxGap: gap, Allocation: a})); math.Abs(got-want) > 1e-12*(1+want) {
				t.Fatalf("%v: occupancy adds up to %v, valid are %v s", a, got, want)
			}
		}
	})
}

// Walking along the segment in very small steps must give what cutting it at the borders gives.
func TestOccupancyLinearIsTheLimitOfSmallSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawGrid(t)
		dim := e.NumDims()
		flat := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-1, 9), rapid.Map(rapid.IntRange(0, 8), func(i int) float64 { return float64(i) / 2 })), 2*dim, 2*dim).Draw(t, "ends")
		tr := &Trajectory{Times: []float64{0, 0.5}, Positions: Points{dim: dim, data: flat}}
		got := occupied(t, e, tr, OccupancyOptions{Allocation: AllocateLinear})
		from, to := tr.Positions.row(0), tr.Positions.row(1)
		want := make([]float64, e.NumBins())
		bin := make([]int, 1)
		e.layout.BinAtTo(bin, tr.Positions.Slice(0, 1))
		if distance(from, to) < 1e-9 {
			return // a point, which has no pieces
		}
		if bin[0] != Outside {
			const steps = 2000
			p := Points{dim: dim, data: make([]float64, dim)}
			for s := range steps {
				for k := range dim {
					p.data[k] = from[k] + (float64(s)+0.5)/steps*(to[k]-from[k])
				}
				if e.layout.BinAtTo(bin, p); bin[0] != Outside {
					want[bin[0]] += 0.5 / steps
				}
			}
		}
		for i := range got {
			if math.Abs(got[i]-want[i]) > 3*0.5/2000 {
				t.Fatalf("bin %d: %v s, small steps give %v s", i, got[i], want[i])
			}
		}
	})
}

func TestOccupancyLinearByHand(t *testing.T) {
	e := squareGrid(t, 3) // borders at 0, 2, 4, 6
	at := func(i, j int) int { return 3*i + j }
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		rows   [][]float64
		counts bool
		want   map[int]float64
	}{
		{"one cell", [][]float64{{0.5, 0.5}, {1.5, 1.5}}, false, map[int]float64{at(0, 0): 0.5}},
		{"along a row", [][]float64{{1, 1}, {5, 1}}, false, map[int]float64{at(0, 0): 0.125, at(1, 0): 0.25, at(2, 0): 0.125}},
		{"through a corner", [][]float64{{1, 1}, {3, 3}}, false, map[int]float64{at(0, 0): 0.25, at(1, 1): 0.25}},
		{"leaving", [][]float64{{5, 1}, {7, 1}}, false, map[int]float64{at(2, 0): 0.25}},
		{"leaving, counted", [][]float64{{5, 1}, {7, 1}}, true, map[int]float64{at(2, 0): 1}},
		{"counted", [][]float64{{1, 1}, {5, 1}}, true, map[int]float64{at(0, 0): 0.25, at(1, 0): 0.5, at(2, 0): 0.25}},
		{"from a border", [][]float64{{2, 1}, {1, 1}}, false, map[int]float64{at(0, 0): 0.5}},
		{"to an unknown place", [][]float64{{1, 1}, {nan, nan}}, false, map[int]float64{at(0, 0): 0.5}},
		{"from outside", [][]float64{{-1, 1}, {1, 1}}, false, nil},
	} {
		tr := &Trajectory{Times: []float64{0, 0.5}, Positions: mustPoints(t, c.rows...)}
		got := occupied(t, e, tr, OccupancyOptions{Allocation: AllocateLinear, Counts: c.counts})
		for b, v := range got {
			if math.Abs(v-c.want[b]) > 1e-15 {
				t.Errorf("%s: bin %d has %v, want %v", c.name, b, v, c.want[b])
			}
		}
	}
}

func TestOccupancyRefuses(t *testing.T) {
	e := squareGrid(t, 3)
	graph := mustEnvironment(t, graphLayout{e.layout.Bins()})
	pos := mustPoints(t, []float64{1, 1}, []float64{1, 3})
	times := []float64{0, 0.1}
	for name, c := range map[string]struct {
		env     *Environment
		times   []float64
		pos     Points
		options OccupancyOptions
		kind    error
	}{
		"length":                 {e, times[:1], pos, OccupancyOptions{}, ErrShape},
		"dimension":              {e, times, Points{dim: 1, data: times}, OccupancyOptions{}, ErrShape},
		"descending":             {e, []float64{1, 0}, pos, OccupancyOptions{}, ErrInvalid},
		"NaN time":               {e, []float64{0, math.NaN()}, pos, OccupancyOptions{}, ErrInvalid},
		"min speed alone":        {e, times, pos, OccupancyOptions{MinSpeed: 1}, ErrInvalid},
		"negative min speed":     {e, times, pos, OccupancyOptions{MinSpeed: -1, Speed: times}, ErrInvalid},
		"speed of wrong length":  {e, times, pos, OccupancyOptions{MinSpeed: 1, Speed: times[:1]}, ErrShape},
		"negative gap":           {e, times, pos, OccupancyOptions{MaxGap: -1}, ErrInvalid},
		"NaN gap":                {e, times, pos, OccupancyOptions{MaxGap: math.NaN()}, ErrInvalid},
		"bandwidth":              {e, times, pos, OccupancyOptions{Bandwidth: -1}, ErrInvalid},
		"allocation":             {e, times, pos, OccupancyOptions{Allocation: 2}, ErrInvalid},
		"linear without a grid":  {graph, times, pos, OccupancyOptions{Allocation: AllocateLinear}, ErrUnsupported},
		"without an environment": {nil, times, pos, OccupancyOptions{}, ErrInvalid},
	} {
		_, err := c.env.Occupancy(c.times, c.pos, c.options)
		var detailed *Error
		if !errors.Is(err, c.kind) || !errors.As(err, &detailed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := e.Occupancy(times, pos, OccupancyOptions{}, OccupancyOptions{}); !errors.Is(err, ErrInvalid) {
		t.Errorf("two options: %v", err)
	}
	for n := range 2 {
		if out := occupied(t, e, &Trajectory{Times: times[:n], Positions: pos.Slice(0, n)}, OccupancyOptions{}); sum(out) != 0 || len(out) != 9 {
			t.Errorf("%d samples: %v", n, out)
		}
	}
	if out, err := e.Occupancy(nil, Points{}); err != nil || len(out) != 9 {
		t.Errorf("no points: %v, %v", out, err)
	}
}

func TestAllocationString(t *testing.T) {
	if s := fmt.Sprint(AllocateStart, AllocateLinear, Allocation(7)); s != "start linear Allocation(7)" {
		t.Error(s)
	}
}

// recording is a random walk of n samples inside a square.
func recording(n int, side float64) *Trajectory {
	random := rand.New(rand.NewPCG(4, 2))
	times, flat := make([]float64, n), make([]float64, 0, 2*n)
	x, y := side/2, side/2
	for i := range n {
		times[i] = float64(i) / 50
		x = min(max(x+random.NormFloat64()*side/50, 0), side)
		y = min(max(y+random.NormFloat64()*side/50, 0), side)
		flat = append(flat, x, y)
	}
	return &Trajectory{Times: times, Positions: Points{dim: 2, data: flat}}
}

func BenchmarkOccupancy(b *testing.B) {
	e := squareGrid(b, 100)
	for _, n := range []int{10_000, 100_000} {
		tr := recording(n, 200)
		for _, o := range []OccupancyOptions{{}, {Allocation: AllocateLinear}, {Bandwidth: 10}} {
			name := o.Allocation.String()
			if o.Bandwidth > 0 {
				name = "smoothed"
			}
			b.Run(fmt.Sprintf("%s/bins=10000/samples=%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					occupied(b, e, tr, o)
				}
			})
		}
	}
}

func ExampleEnvironment_Occupancy() {
	pos, _ := XY([]float64{1, 1, 3, 3}, []float64{1, 1, 1, 1})
	env, _ := FromSamples(pos, 2)
	seconds, err := env.Occupancy([]float64{0, 0.1, 0.2, 0.5}, pos)
	fmt.Println(seconds, err)
	linear, _ := env.Occupancy([]float64{0, 0.1, 0.2, 0.5}, pos, OccupancyOptions{Allocation: AllocateLinear})
	fmt.Println(strings.TrimSpace(fmt.Sprintf("%.2f", linear)))
	// Output:
	// [0.2 0.3] <nil>
	// [0.15 0.35]
}

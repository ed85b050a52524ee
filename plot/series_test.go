package plot

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
	"pgregory.net/rapid"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func TestHistogramCounts(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		name          string
		values        []float64
		o             HistogramOptions
		edges, height []float64
	}{
		{"an edge belongs to the bin above, the last to the last", []float64{0, 1, 1, 2, 3, nan}, HistogramOptions{Bins: 3}, []float64{0, 1, 2, 3}, []float64{1, 2, 2}},
		{"limits", []float64{-5, 0, 0.5, 9, 10}, HistogramOptions{Bins: 2, Limits: Limits{0, 9}}, []float64{0, 4.5, 9}, []float64{2, 1}},
		{"density", []float64{0, 1, 1, 4}, HistogramOptions{Bins: 2, Density: true}, []float64{0, 2, 4}, []float64{0.375, 0.125}},
		{"constant", []float64{4, 4}, HistogramOptions{Bins: 2}, []float64{2, 4, 6}, []float64{0, 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			limits := must(tt.o.Limits.resolve("", 0, 0, false))
			if (tt.o.Limits == Limits{}) {
				lo, hi := finiteRange(tt.values)
				limits = must(tt.o.Limits.resolve("", lo, hi, false))
			}
			d := &bars{edges: binEdges(tt.values, limits, tt.o)}
			d.count(tt.values, tt.o.Density)
			if !slices.Equal(d.edges, tt.edges) || !slices.Equal(d.height, tt.height) {
				t.Errorf("edges %v, heights %v, want %v, %v", d.edges, d.height, tt.edges, tt.height)
			}
		})
	}
}

// Bins that are chosen lose no value, and are round where nobody gave limits.
func TestHistogramProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scale := math.Pow(10, rapid.Float64Range(-290, 280).Draw(t, "log scale"))
		offset := scale * math.Pow(10, rapid.Float64Range(-3, 17).Draw(t, "log offset"))
		values := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 200).Draw(t, "values")
		for i := range values {
			values[i] = values[i]*scale + offset
		}
		lo, hi := finiteRange(values)
		limits, err := Limits{}.resolve("", lo, hi, false)
		if err != nil {
			t.Fatal(err)
		}
		d := &bars{edges: binEdges(values, limits, HistogramOptions{})}
		d.count(values, false)
		total := 0.0
		for _, h := range d.height {
			total += h
		}
		if int(total) != len(values) || len(d.height) > maxBins || !slices.IsSorted(d.edges) {
			t.Fatalf("%v of %d values in %d bins from %v to %v", total, len(values), len(d.height), d.edges[0], d.edges[len(d.edges)-1])
		}
	})
}

// Thinning keeps the ends, the order, and what each column spans.
func TestThinnedProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var line []vg.Point
		x := 0.0
		for range rapid.IntRange(1, 200).Draw(t, "n") {
			x += rapid.Float64Range(-0.05, 0.3).Draw(t, "step")
			line = append(line, vg.Point{X: vg.Length(x), Y: vg.Length(rapid.Float64Range(-9, 9).Draw(t, "y"))})
		}
		kept := thinned(line)
		if kept[0] != line[0] || kept[len(kept)-1] != line[len(line)-1] {
			t.Fatal("an end is lost")
		}
		type column struct{ low, high vg.Length }
		spans := func(line []vg.Point) map[int]column {
			m := map[int]column{}
			for _, p := range line {
				k := int(math.Floor(float64(p.X / (0.2 * Point))))
				c, ok := m[k]
				if !ok {
					c = column{p.Y, p.Y}
				}
				m[k] = column{min(c.low, p.Y), max(c.high, p.Y)}
			}
			return m
		}
		want := spans(line)
		for k, c := range spans(kept) {
			if want[k] != c {
				t.Fatalf("column %d spans %v, want %v", k, c, want[k])
			}
		}
		i := 0
		for _, p := range line { // kept is a subsequence of line
			if i < len(kept) && kept[i] == p {
				i++
			}
		}
		if i != len(kept) {
			t.Fatal("the order changed")
		}
	})
}

// A long recording takes no more strokes than the figure has columns.
func TestLinesThinLongSeries(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	y := make([]float64, 300_000)
	for i := range y {
		y[i] = random.NormFloat64()
	}
	f := must(Lines([]Series{{Y: y}}))
	a := f.arrange()
	var c recorder.Canvas
	f.drawOn(sized{&c, a.size}, a)
	points := 0
	for _, action := range c.Actions {
		if s, ok := action.(*recorder.Stroke); ok {
			points += len(s.Path)
		}
	}
	if columns := int(a.areas[0].Size().X / (0.2 * Point)); points > 5*columns {
		t.Errorf("%d points in %d columns", points, columns)
	}
}

func TestLinesAxes(t *testing.T) {
	for _, tt := range []struct {
		name         string
		y            []float64
		xGiven, y0   Limits
		xWant, yWant Limits
	}{
		{name: "zero is near", y: []float64{2, 10, 5}, xWant: Limits{0, 2}, yWant: Limits{0, 10.4}},
		{name: "zero is far", y: []float64{100, 110}, xWant: Limits{0, 1}, yWant: Limits{99.5, 110.5}},
		{name: "given", y: []float64{2, 10}, xGiven: Limits{-1, 5}, y0: Limits{1, 20}, xWant: Limits{-1, 5}, yWant: Limits{1, 20}},
		{name: "half given", y: []float64{2, 10}, y0: Limits{0, math.NaN()}, xWant: Limits{0, 1}, yWant: Limits{0, 10.5}},
		{name: "negative", y: []float64{-10, -2}, xWant: Limits{0, 1}, yWant: Limits{-10.4, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := must(Lines([]Series{{Y: tt.y}}, LinesOptions{XLimits: tt.xGiven, YLimits: tt.y0})).Plot()
			near := func(a, b Limits) bool { return math.Abs(a.Min-b.Min)+math.Abs(a.Max-b.Max) < 0.15 }
			if x := (Limits{p.X.Min, p.X.Max}); !near(x, tt.xWant) {
				t.Errorf("x axis is %v, want %v", x, tt.xWant)
			}
			if y := (Limits{p.Y.Min, p.Y.Max}); !near(y, tt.yWant) {
				t.Errorf("y axis is %v, want %v", y, tt.yWant)
			}
		})
	}
}

// Overlays neither move the axes nor leave the data area.
func TestOverlaysStayInside(t *testing.T) {
	env, field := ring(t)
	f := must(Field(env, field))
	before := [2]Limits{{f.Plot().X.Min, f.Plot().X.Max}, {f.Plot().Y.Min, f.Plot().Y.Max}}
	outside := []ns.Region{
		ns.PolygonRegion("large", must(ns.NewPolygon(must(ns.XY([]float64{-90, 90, 20}, []float64{-90, -50, 90}))))),
		ns.PointRegion("far", 400, 400),
	}
	far := must(ns.XY([]float64{-500, 25, 900}, []float64{-20, 20, 70}))
	for _, err := range []error{f.AddTrajectory(far), f.AddPoints(far), f.AddArrows(far, far), f.AddRegions(outside)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if after := [2]Limits{{f.Plot().X.Min, f.Plot().X.Max}, {f.Plot().Y.Min, f.Plot().Y.Max}}; after != before {
		t.Errorf("axes moved from %v to %v", before, after)
	}
	a := f.arrange()
	area := draw.Canvas{Rectangle: a.areas[0]}
	area.Min, area.Max = area.Min.Sub(vg.Point{X: 2, Y: 2}), area.Max.Add(vg.Point{X: 2, Y: 2})
	var c recorder.Canvas
	q := f.panels[0].fit(a.areas[0].Size()).plot
	for _, d := range []gonumplot.Plotter{
		must(newPathPlotter("", far, TrajectoryOptions{})),
		&dotPlotter{x: far.Column(0), y: far.Column(1), color: ink, radius: 1},
		newArrows(far, far, ArrowsOptions{Scale: 0.001}),
		&regionPlotter{outside, RegionsOptions{LineWidth: 1, Fill: 0.5}},
	} {
		d.Plot(draw.Canvas{Canvas: &c, Rectangle: a.areas[0]}, q)
	}
	drawn := 0
	for _, action := range c.Actions {
		var path vg.Path
		switch action := action.(type) {
		case *recorder.Stroke:
			path = action.Path
		case *recorder.Fill:
			path = action.Path
		}
		for _, comp := range path {
			drawn++
			if comp.Type != vg.CloseComp && !area.Contains(comp.Pos) {
				t.Fatalf("%v is drawn outside %v", comp.Pos, a.areas[0])
			}
		}
	}
	if drawn == 0 {
		t.Fatal("nothing was drawn")
	}
}

func TestArrowsScale(t *testing.T) {
	pos := must(ns.XY([]float64{0, 10, 0, 10, math.NaN()}, []float64{0, 0, 10, 10, 0}))
	vec := must(ns.XY([]float64{3, 0, 0, math.NaN(), 1}, []float64{4, 0, 1, 1, 1}))
	d := newArrows(pos, vec, ArrowsOptions{Scale: 2})
	if !slices.Equal(d.dx, []float64{6, 0}) || !slices.Equal(d.dy, []float64{8, 2}) {
		t.Errorf("arrows %v, %v; want zeros and NaN left out, the others doubled", d.dx, d.dy)
	}
	chosen := newArrows(pos, vec, ArrowsOptions{})
	if longest := math.Hypot(chosen.dx[0], chosen.dy[0]); longest < 5 || longest > 10 {
		t.Errorf("the longest arrow is %v long, points are 10 apart", longest)
	}
}

// Bins of a track that is no grid are drawn in the order of their places.
func TestStepsOfUnorderedBins(t *testing.T) {
	env := must(ns.FromLayout(beads{}))
	d := newStepPlotter(env, []float64{3, 1, 2})
	if !slices.Equal(d.value, []float64{1, 2, 3}) || !slices.Equal(d.from, []float64{0, 1, 2}) || !slices.Equal(d.to, []float64{1, 2, 3}) {
		t.Errorf("values %v from %v to %v", d.value, d.from, d.to)
	}
}

// beads is a track of three bins, numbered out of order.
type beads struct{}

func (beads) Kind() string { return "Beads" }

func (beads) Bins() ns.Bins {
	return ns.Bins{
		Centers: must(ns.PointsOfColumns([]float64{2.5, 0.5, 1.5})),
		Volumes: []float64{1, 1, 1},
		Ranges:  [][2]float64{{0, 3}},
	}
}

func (beads) BinAtTo(bins []int, points ns.Points) {
	for i := range bins {
		bins[i] = ns.Outside
		if x := points.At(i, 0); x >= 0 && x < 3 {
			bins[i] = []int{1, 2, 0}[int(x)]
		}
	}
}

// The gradient of a plane is the plane's, at every bin that has neighbours in
// two directions.
func TestSlopes(t *testing.T) {
	env, field := ring(t)
	for i := range field {
		field[i] = 3*env.BinCenters().At(i, 0) - 2*env.BinCenters().At(i, 1)
	}
	field[4] = math.NaN()
	dx, dy := slopes(env, field)
	known := 0
	for i := range dx {
		if math.IsNaN(dx[i]) {
			continue
		}
		known++
		if math.Abs(dx[i]-3) > 1e-9 || math.Abs(dy[i]+2) > 1e-9 {
			t.Errorf("bin %d: gradient %v, %v, want 3, -2", i, dx[i], dy[i])
		}
	}
	if known < 4 {
		t.Errorf("%d gradients are known", known)
	}
}

func TestSpread(t *testing.T) {
	env := must(ns.FromSamples(must(ns.XY([]float64{0, 90}, []float64{0, 40})), 1, ns.SamplesOptions{KeepAllBins: true}))
	centers := env.BinCenters()
	bins := spread(env)
	if n := len(bins); n < 100 || n > 400 {
		t.Fatalf("%d arrows", n)
	}
	for i, a := range bins {
		for _, b := range bins[:i] {
			if d := math.Hypot(centers.At(a, 0)-centers.At(b, 0), centers.At(a, 1)-centers.At(b, 1)); d < 4.5 {
				t.Fatalf("bins %d and %d are %v apart", a, b, d)
			}
		}
	}
}

// The outermost edges are those asked for, to the last bit.
func TestEvenEdgesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lo := rapid.Float64Range(-10, -1).Draw(t, "lo")
		hi := math.Pow(10, rapid.Float64Range(-20, 1).Draw(t, "log hi")) // hi - lo rounds
		n := rapid.IntRange(1, 50).Draw(t, "n")
		edges := evenEdges(lo, hi, n)
		if len(edges) != n+1 || edges[0] != lo || edges[n] != hi || !slices.IsSorted(edges) {
			t.Fatalf("%d edges from %v to %v: %v", n+1, lo, hi, edges)
		}
	})
}

// A 1-D field is interrupted by bins that are not active and by NaN.
func TestStepsAreInterrupted(t *testing.T) {
	env := must(ns.FromSamples(must(ns.PointsOfColumns([]float64{0, 1, 2, 5, 6, 7, 8, 9})), 1))
	for _, tt := range []struct {
		name          string
		nan           int // a bin, or none
		lines, shaded int
	}{{"a gap", -1, 2, 2}, {"a gap and NaN", 4, 3, 4}, {"NaN beside the gap", 3, 2, 3}} {
		field := make([]float64, env.NumBins())
		for i := range field {
			field[i] = float64(1 + i%2)
		}
		if tt.nan >= 0 {
			field[tt.nan] = math.NaN()
		}
		p := newPlot()
		d := newStepPlotter(env, field)
		p.Add(d)
		var c recorder.Canvas
		d.Plot(draw.Canvas{Canvas: &c, Rectangle: vg.Rectangle{Max: vg.Point{X: 500, Y: 100}}}, p)
		lines, shaded := 0, 0
		for _, action := range c.Actions {
			switch action.(type) {
			case *recorder.Stroke:
				lines++
			case *recorder.Fill:
				shaded++
			}
		}
		if lines != tt.lines || shaded != tt.shaded {
			t.Errorf("%s: %d lines and %d areas, want %d and %d", tt.name, lines, shaded, tt.lines, tt.shaded)
		}
	}
}

func TestLegendRows(t *testing.T) {
	entries := []legendEntry{{"one", nil}, {"two", nil}, {"a longer one", nil}, {"four", nil}}
	for _, tt := range []struct {
		width vg.Length
		rows  []int
	}{{1000, []int{0, 0, 0, 0}}, {100, []int{0, 0, 1, 1}}, {10, []int{0, 1, 2, 3}}} {
		at, row, n := legendRows(entries, tt.width)
		if !slices.Equal(row, tt.rows) || n != tt.rows[3]+1 {
			t.Errorf("width %v: rows %v of %d, want %v", tt.width, row, n, tt.rows)
		}
		for i := range at {
			if first := i == 0 || row[i] != row[i-1]; first != (at[i] == 0) {
				t.Errorf("width %v: entry %d begins at %v", tt.width, i, at[i])
			}
		}
	}
	if h := legendHeight(nil, 100); h != 0 {
		t.Errorf("no legend is %v high", h)
	}
}

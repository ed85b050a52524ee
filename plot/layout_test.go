package plot

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"
	"pgregory.net/rapid"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func TestWrapped(t *testing.T) {
	style := textStyle(10)
	for _, tt := range []struct {
		s     string
		chars int
		want  string
	}{
		{"short", 10, "short"},
		{"two words", 5, "two\nwords"},
		{"a b c d e f", 5, "a b c\nd e f"},
		{"kept\nbreak", 50, "kept\nbreak"},
		{"unbreakable", 3, "unbreakable"},
		{"", 3, ""},
	} {
		if got := wrapped(style, tt.s, vg.Length(tt.chars)*5.2); got != tt.want {
			t.Errorf("%q in %d: %q, want %q", tt.s, tt.chars, got, tt.want)
		}
	}
	if got := elided(style, "unbreakable", 30); got != "unb…" && got != "unbr…" {
		t.Errorf("elided to %q", got)
	}
	if got := squeezed(style, "one two three four five six", 50); strings.Count(got, "\n") != 1 || !strings.HasSuffix(got, "…") {
		t.Errorf("squeezed to %q", got)
	}
}

// Whatever labels, sizes and proportions a figure has: it is drawn, within
// bounds, with its data inside it.
func TestLayoutProperty(t *testing.T) {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("abc wW θ\n−")), 0, 80, -1)
	length := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(1, 60))
	rapid.Check(t, func(t *rapid.T) {
		var figures []*Figure
		for range rapid.IntRange(1, 5).Draw(t, "panels") {
			figures = append(figures, drawnFigure(t, text))
		}
		f, err := Panels(figures, PanelsOptions{
			Title:   text.Draw(t, "title"),
			Columns: rapid.IntRange(0, 6).Draw(t, "columns"),
			Width:   vg.Length(length.Draw(t, "width")) * Centimeter,
			Height:  vg.Length(length.Draw(t, "height")) * Centimeter,
		})
		if err != nil {
			t.Fatal(err)
		}
		a := f.arrange()
		if !(a.size.X > 0 && a.size.Y > 0) || a.size.X > 2*maxSide || a.size.Y > 2*maxSide {
			t.Fatalf("the figure is %v", a.size)
		}
		// Margins of a figure too small for them make it larger than asked.
		if tiny := slices.ContainsFunc(a.areas, func(r vg.Rectangle) bool { return r.Size().X < 2*minData || r.Size().Y < 2*minData }); !tiny {
			if f.width > 0 && a.size.X > f.width+Point || f.height > 0 && a.size.Y > f.height+Point {
				t.Fatalf("the figure is %v, asked for %v × %v", a.size, f.width, f.height)
			}
		}
		for i, r := range a.areas {
			if !(r.Min.X >= 0 && r.Min.Y >= 0 && r.Max.X <= a.size.X && r.Max.Y <= a.size.Y && r.Max.X > r.Min.X && r.Max.Y > r.Min.Y) {
				t.Fatalf("data area %d is %v in %v", i, r, a.size)
			}
		}
		var c recorder.Canvas
		f.drawOn(sized{&c, a.size}, a)
		for _, action := range c.Actions {
			if s, ok := action.(*recorder.FillString); ok && (math.IsNaN(float64(s.Point.X)) || math.IsNaN(float64(s.Point.Y))) {
				t.Fatalf("text %q is drawn at %v", s.String, s.Point)
			}
		}
	})
}

// drawnFigure returns a figure of some kind.
func drawnFigure(t *rapid.T, text *rapid.Generator[string]) *Figure {
	scale := math.Pow(10, rapid.Float64Range(-9, 9).Draw(t, "log scale"))
	aspect := math.Pow(10, rapid.Float64Range(-4, 4).Draw(t, "log aspect"))
	pos := must(ns.XY([]float64{0, scale, scale / 3}, []float64{0, scale * aspect, 0}))
	title, label := text.Draw(t, "panel title"), text.Draw(t, "label")
	bare := rapid.Bool().Draw(t, "bare")
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return must(Lines([]Series{{Y: []float64{0, scale, scale * aspect}, Label: label}}, LinesOptions{Title: title, XLabel: label, YLabel: label}))
	case 2:
		return must(Polar([]float64{0, 1, 2}, []float64{0, scale, scale / 3}, PolarOptions{Title: title, Label: label}))
	case 3:
		m := mat.NewDense(rapid.IntRange(1, 40).Draw(t, "rows"), rapid.IntRange(1, 40).Draw(t, "columns"), nil)
		return must(Matrix(m, MatrixOptions{Title: title, XLabel: label, YLabel: label, Label: label, Free: bare, Upwards: bare}))
	case 4:
		return must(Histogram([]float64{0, scale, scale * aspect}, HistogramOptions{Title: title, XLabel: label, YLabel: label}))
	case 1:
		o := TrajectoryOptions{Title: title, Units: label, HideAxes: bare, Label: label}
		if rapid.Bool().Draw(t, "times") {
			o.Times = []float64{1, 2, math.NaN()}
		}
		return must(Trajectory(pos, o))
	}
	env := must(ns.FromSamples(pos, 0, ns.SamplesOptions{BinSizes: []float64{scale / 4, scale * aspect / 4}, Units: label, KeepAllBins: true}))
	field := make([]float64, env.NumBins())
	for i := range field {
		field[i] = float64(i) * scale
	}
	field[0] = math.NaN()
	return must(Field(env, field, FieldOptions{Title: title, Label: label, HideAxes: bare}))
}

// A bar is high enough to be read beside a flat field, and inside the figure.
func TestBarOfFlatField(t *testing.T) {
	env := must(ns.FromSamples(must(ns.XY([]float64{0, 200}, []float64{0, 4})), 2, ns.SamplesOptions{Units: "cm", KeepAllBins: true}))
	field := make([]float64, env.NumBins())
	for i := range field {
		field[i] = float64(i)
	}
	field[3] = math.NaN()
	o := FieldOptions{Label: "rate (Hz)", HideAxes: true}
	for name, f := range map[string]*Figure{
		"one":    must(Field(env, field, o)),
		"shared": must(Fields(env, [][]float64{field, field}, FieldsOptions{Field: o, Columns: 2})),
	} {
		a := f.arrange()
		var c recorder.Canvas
		f.drawOn(sized{&c, a.size}, a)
		for _, action := range c.Actions {
			switch action := action.(type) {
			case *recorder.DrawImage:
				r := action.Rectangle
				if r.Min.Y < 0 || r.Max.Y > a.size.Y || r.Max.X > a.size.X {
					t.Errorf("%s: a picture is drawn at %v in %v", name, r, a.size)
				}
				if r.Size().X <= barWidth && r.Size().Y < barLeast-1 {
					t.Errorf("%s: the bar is %v high", name, r.Size().Y)
				}
			case *recorder.FillString:
				if action.String == "NaN" && action.Point.Y < 0 {
					t.Errorf("%s: NaN is written at %v", name, action.Point)
				}
			}
		}
	}
}

// Whatever is in a field: it is refused with an error or drawn.
func TestFieldProperty(t *testing.T) {
	env, zero := ring(t)
	special := rapid.OneOf(
		rapid.Float64(),
		rapid.SampledFrom([]float64{0, -1, 1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, 1e-300}),
	)
	rapid.Check(t, func(t *rapid.T) {
		field := rapid.SliceOfN(rapid.Float64Range(0, 20), len(zero), len(zero)).Draw(t, "field")
		for range rapid.IntRange(0, 2).Draw(t, "special values") {
			field[rapid.IntRange(0, len(zero)-1).Draw(t, "at")] = special.Draw(t, "value")
		}
		o := FieldOptions{
			Limits:  Limits{special.Draw(t, "min"), special.Draw(t, "max")},
			Palette: Palette(rapid.IntRange(-1, int(numPalettes)).Draw(t, "palette")),
			Label:   "rate", HideAxes: rapid.Bool().Draw(t, "bare"), NoColorBar: rapid.Bool().Draw(t, "no bar"),
		}
		if rapid.Bool().Draw(t, "automatic") {
			o.Limits = Limits{}
		}
		f, err := Field(env, field, o)
		if err != nil {
			return
		}
		a, err := f.arranged("")
		if err != nil {
			t.Fatal(err)
		}
		var c recorder.Canvas
		if err := safely("", func() { f.drawOn(sized{&c, a.size}, a) }); err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{f.AddGradient(env, field), f.AddOutline(env, []int{0})} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := safely("", func() { f.drawOn(sized{&c, a.size}, a) }); err != nil {
			t.Fatal(err)
		}
		for _, action := range c.Actions {
			s, ok := action.(*recorder.Fill)
			for i := 0; ok && i < len(s.Path); i++ {
				if at := s.Path[i].Pos; math.IsNaN(float64(at.X)) || math.IsNaN(float64(at.Y)) {
					t.Fatalf("an area is drawn at %v", at)
				}
			}
		}
	})
}

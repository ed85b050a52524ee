package plot

import (
	"image"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// One unit of x is as long as one of y, whatever size is asked for.
func TestFieldProportions(t *testing.T) {
	env, field := ring(t)
	for _, size := range [][2]vg.Length{{}, {8 * Centimeter, 0}, {20 * Centimeter, 5 * Centimeter}, {5 * Centimeter, 20 * Centimeter}, {0, 6 * Centimeter}} {
		f := must(Field(env, field, FieldOptions{Width: size[0], Height: size[1], Label: "rate (Hz)"}))
		a := f.arrange()
		area := a.areas[0].Size()
		if ratio := float64(area.X/50) / float64(area.Y/40); math.Abs(ratio-1) > 1e-6 {
			t.Errorf("size %v: x is drawn %v times as long as y", size, ratio)
		}
		for i, want := range size {
			if got := []vg.Length{a.size.X, a.size.Y}[i]; want > 0 && math.Abs(float64(got-want)) > 1 {
				t.Errorf("size %v: side %d is %v", size, i, got)
			}
		}
		if r := a.areas[0]; r.Min.X < 0 || r.Min.Y < 0 || r.Max.X > a.size.X || r.Max.Y > a.size.Y {
			t.Errorf("size %v: data area %v beyond the figure %v", size, r, a.size)
		}
	}
}

// strings drawn and pictures drawn on a canvas that records.
func recorded(f *Figure) (texts []string, pictures []image.Image) {
	a := f.arrange()
	var c recorder.Canvas
	f.drawOn(sized{&c, a.size}, a)
	for _, action := range c.Actions {
		switch action := action.(type) {
		case *recorder.FillString:
			texts = append(texts, action.String)
		case *recorder.DrawImage:
			pictures = append(pictures, action.Image)
		}
	}
	return texts, pictures
}

// sized gives a recorder the size that a figure asks for.
type sized struct {
	*recorder.Canvas
	size vg.Point
}

func (s sized) Size() (w, h vg.Length) { return s.size.X, s.size.Y }

func TestFieldStructure(t *testing.T) {
	env, field := ring(t)
	field[3] = math.NaN()
	f := must(Field(env, field, FieldOptions{Title: "Cell", Label: "rate (Hz)", Limits: Limits{0, 10}}))
	texts, pictures := recorded(f)
	for _, want := range []string{"Cell", "rate (Hz)", "x (cm)", "y (cm)", "NaN", "0", "10", "40"} {
		if !slices.Contains(texts, want) {
			t.Errorf("no text %q in %q", want, texts)
		}
	}
	if len(pictures) != 2 { // the field and its colour bar
		t.Errorf("%d pictures, want 2", len(pictures))
	}
	bare, pictures := recorded(must(Field(env, field, FieldOptions{HideAxes: true, NoColorBar: true})))
	if !slices.Equal(bare, []string{"20 cm"}) || len(pictures) != 1 {
		t.Errorf("bare field has texts %q and %d pictures", bare, len(pictures))
	}
}

func TestColorBarEnds(t *testing.T) {
	env, field := ring(t)
	for _, tt := range []struct {
		limits       Limits
		below, above bool
	}{{Limits{}, false, false}, {Limits{1, 13}, true, false}, {Limits{0, 12}, false, true}, {Limits{2, 3}, true, true}} {
		b := must(Field(env, field, FieldOptions{Limits: tt.limits})).panels[0].bar
		if b.below != tt.below || b.above != tt.above || b.nan {
			t.Errorf("limits %v: below %v, above %v, NaN %v", tt.limits, b.below, b.above, b.nan)
		}
	}
}

func TestPanelsShareBar(t *testing.T) {
	env, field := ring(t)
	twice := make([]float64, len(field))
	for i := range twice {
		twice[i] = 2 * field[i]
	}
	count := func(f *Figure, label string) (n int) {
		texts, _ := recorded(f)
		for _, s := range texts {
			if s == label {
				n++
			}
		}
		return n
	}
	shared := must(Fields(env, [][]float64{field, twice}, FieldsOptions{Field: FieldOptions{Label: "rate"}}))
	if got := count(shared, "rate"); got != 1 {
		t.Errorf("one scale, %d bars", got)
	}
	if b := shared.sharedBar(); b.limits != (Limits{0, 26}) {
		t.Errorf("shared limits are %v, want 0 to 26", b.limits)
	}
	separate := must(Fields(env, [][]float64{field, twice}, FieldsOptions{Separate: true, Field: FieldOptions{Label: "rate"}}))
	if got := count(separate, "rate"); got != 2 {
		t.Errorf("two scales, %d bars", got)
	}
	if shared.NumPanels() != 2 {
		t.Errorf("%d panels", shared.NumPanels())
	}
	if p, err := shared.Panel(1); err != nil || p == shared.Plot() {
		t.Errorf("second panel: %v", err)
	}
}

func TestPanelsDoNotOverlap(t *testing.T) {
	env, field := ring(t)
	path := must(Trajectory(must(ns.XY([]float64{0, 1, 2}, []float64{0, 9, 20})), TrajectoryOptions{Title: "tall", Label: "path"}))
	for n := 1; n <= 7; n++ {
		figures := []*Figure{path}
		for range n {
			figures = append(figures, must(Field(env, field, FieldOptions{Title: "flat", Label: "rate"})))
		}
		f := must(Panels(figures, PanelsOptions{Title: "all"}))
		a := f.arrange()
		for i, r := range a.areas {
			if r.Min.X < 0 || r.Min.Y < 0 || r.Max.X > a.size.X || r.Max.Y > a.size.Y || r.Size().X < minData/2 {
				t.Errorf("%d panels: area %d is %v in %v", n+1, i, r, a.size)
			}
			for j, o := range a.areas[:i] {
				if r.Min.X < o.Max.X && o.Min.X < r.Max.X && r.Min.Y < o.Max.Y && o.Min.Y < r.Max.Y {
					t.Errorf("%d panels: %d and %d overlap", n+1, i, j)
				}
			}
		}
	}
}

func TestSetSizeAndTitle(t *testing.T) {
	env, field := ring(t)
	f := must(Field(env, field))
	f.SetTitle("new")
	if err := f.SetSize(6*Centimeter, 0); err != nil {
		t.Fatal(err)
	}
	if a := f.arrange(); math.Abs(float64(a.size.X-6*Centimeter)) > 0.1 || a.size.Y >= a.size.X {
		t.Errorf("size is %v", a.size)
	}
	if texts, _ := recorded(f); !slices.Contains(texts, "new") {
		t.Errorf("no title in %q", texts)
	}
	g := must(Panels([]*Figure{f, f}))
	g.SetTitle("both")
	if texts, _ := recorded(g); !slices.Contains(texts, "both") || !slices.Contains(texts, "new") {
		t.Errorf("titles are lost: %q", texts)
	}
}

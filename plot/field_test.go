package plot

import (
	"bytes"
	"image/color"
	"image/png"
	"math"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// ring is a grid of 5×4 cells of 10 cm, the middle ones of which are not
// active, and a field that is the number of the bin.
func ring(t testing.TB) (*ns.Environment, []float64) {
	t.Helper()
	var x, y []float64
	for ix := range 5 {
		for iy := range 4 {
			if (ix == 0 || ix == 4) || (iy == 0 || iy == 3) {
				x, y = append(x, float64(10*ix)+5), append(y, float64(10*iy)+5)
			}
		}
	}
	env, err := ns.FromSamples(must(ns.XY(x, y)), 10, ns.SamplesOptions{Units: "cm", Ranges: [][2]float64{{0, 50}, {0, 40}}})
	if err != nil {
		t.Fatal(err)
	}
	field := make([]float64, env.NumBins())
	for i := range field {
		field[i] = float64(i)
	}
	return env, field
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// pixels draws a figure and returns how to look at its first panel at places in
// space.
func pixels(t *testing.T, f *Figure) func(x, y float64) color.RGBA {
	t.Helper()
	a := f.arrange()
	file, err := renderPNG("Test", a.size, screenDPI, func(c vg.CanvasSizer) { f.drawOn(c, a) })
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return func(x, y float64) color.RGBA {
		p := f.panels[0].plot
		c := draw.Canvas{Rectangle: a.areas[0]}
		at := vg.Point{X: c.X(p.X.Norm(x)), Y: c.Y(p.Y.Norm(y))}
		px := int(at.X.Dots(screenDPI))
		py := img.Bounds().Dy() - 1 - int(at.Y.Dots(screenDPI))
		return color.RGBAModel.Convert(img.At(px, py)).(color.RGBA)
	}
}

func TestFieldPixels(t *testing.T) {
	env, field := ring(t)
	nanAt := must(env.BinAt(must(ns.XY([]float64{5}, []float64{15}))))[0]
	field[nanAt] = math.NaN()
	f := must(Field(env, field))
	magenta := color.RGBA{R: 255, B: 255, A: 255}
	f.Plot().BackgroundColor = magenta
	at := pixels(t, f)
	colors := PaletteViridis.Colors()
	for _, tt := range []struct {
		name string
		x, y float64
		want color.Color
	}{
		{"first bin", 5, 5, colors[0]},
		{"last bin", 45, 35, colors[255]},
		{"left of a border", 9.9, 5, colors[0]},
		{"NaN", 5, 15, nanColor},
		{"not active", 25, 15, magenta},
		{"not active, near a bin", 10.3, 15, magenta},
	} {
		if got := at(tt.x, tt.y); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestFieldOrientation(t *testing.T) {
	env, field := ring(t)
	for i := range field {
		field[i] = env.BinCenters().At(i, 0) + 100*env.BinCenters().At(i, 1)
	}
	f := must(Field(env, field, FieldOptions{Limits: Limits{505, 3545}}))
	at := pixels(t, f)
	for i := range field {
		x, y := env.BinCenters().At(i, 0), env.BinCenters().At(i, 1)
		want := cellPalette(PaletteViridis)[cellIndex(field[i], Limits{505, 3545})]
		if got := at(x, y); got != want {
			t.Errorf("bin %d at %v, %v is %v, want %v", i, x, y, got, want)
		}
	}
}

// halves is a layout that is no grid: two triangles of a square.
type halves struct{}

func (halves) Kind() string { return "Triangles" }

func (halves) Bins() ns.Bins {
	return ns.Bins{
		Centers: must(ns.XY([]float64{2, 1}, []float64{1, 2})),
		Volumes: []float64{4.5, 4.5},
		Edges:   []ns.Edge{{U: 0, V: 1, Distance: math.Sqrt2, Conductance: 1}},
		Ranges:  [][2]float64{{0, 3}, {0, 3}},
	}
}

func (halves) BinAtTo(bins []int, points ns.Points) {
	for i := range bins {
		switch x, y := points.At(i, 0), points.At(i, 1); {
		case !(x >= 0 && x < 3 && y >= 0 && y < 3):
			bins[i] = ns.Outside
		case x > y:
			bins[i] = 0
		default:
			bins[i] = 1
		}
	}
}

func TestFieldOfOtherLayout(t *testing.T) {
	env := must(ns.FromLayout(halves{}))
	at := pixels(t, must(Field(env, []float64{0, 1})))
	colors := PaletteViridis.Colors()
	for _, tt := range []struct {
		x, y float64
		want color.Color
	}{{2.8, 0.2, colors[0]}, {1.55, 1.45, colors[0]}, {1.45, 1.55, colors[255]}, {0.2, 2.8, colors[255]}} {
		if got := at(tt.x, tt.y); got != tt.want {
			t.Errorf("at %v, %v: %v, want %v", tt.x, tt.y, got, tt.want)
		}
	}
	at = pixels(t, must(Environment(env, EnvironmentOptions{Graph: true})))
	if got := at(2.8, 0.2); got != binColor {
		t.Errorf("bin is %v, want %v", got, binColor)
	}
	if got := at(2.5, 2.5); got == binColor {
		t.Error("no border between the bins")
	}
}

// uneven is a grid of 2×2 cells of different sizes, one of which is no bin.
type uneven struct{}

func (uneven) Kind() string { return "Uneven" }

func (uneven) Grid() ns.Grid {
	return ns.Grid{Edges: [][]float64{{0, 1, 4}, {0, 3, 4}}, Active: []bool{true, true, true, false}}
}

func (uneven) Bins() ns.Bins {
	return ns.Bins{
		Centers: must(ns.XY([]float64{0.5, 0.5, 2.5}, []float64{1.5, 3.5, 1.5})),
		Volumes: []float64{3, 1, 9},
		Ranges:  [][2]float64{{0, 4}, {0, 4}},
	}
}

func (uneven) BinAtTo(bins []int, points ns.Points) {
	for i := range bins {
		bins[i] = ns.Outside
		switch x, y := points.At(i, 0), points.At(i, 1); {
		case !(x >= 0 && x < 4 && y >= 0 && y < 4):
		case x < 1 && y < 3:
			bins[i] = 0
		case x < 1:
			bins[i] = 1
		case y < 3:
			bins[i] = 2
		}
	}
}

func TestFieldOfUnevenGrid(t *testing.T) {
	at := pixels(t, must(Field(must(ns.FromLayout(uneven{})), []float64{0, 1, 2})))
	colors := PaletteViridis.Colors()
	for _, tt := range []struct {
		x, y float64
		want color.Color
	}{{0.9, 2.9, colors[0]}, {1.1, 0.1, colors[255]}, {3.9, 2.9, colors[255]}, {2.5, 3.5, color.RGBA{255, 255, 255, 255}}} {
		if got := at(tt.x, tt.y); got != tt.want {
			t.Errorf("at %v, %v: %v, want %v", tt.x, tt.y, got, tt.want)
		}
	}
}

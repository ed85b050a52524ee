package plot

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"

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

func TestDisplay(t *testing.T) {
	env, field := ring(t)
	f := must(Field(env, field, FieldOptions{Title: `"<rate>" & more`, Width: 8 * Centimeter}))
	b, err := f.Display()
	if err != nil {
		t.Fatal(err)
	}
	file := b.Data["image/png"].([]byte)
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	meta := b.Metadata["image/png"].(map[string]any)
	w, h := meta["width"].(int), meta["height"].(int)
	if w != 302 || math.Abs(float64(img.Bounds().Dx()-2*w)) > 1 || math.Abs(float64(img.Bounds().Dy()-2*h)) > 1 {
		t.Errorf("bitmap of %v for %d×%d pixels of the page, want twice and a width of 302", img.Bounds(), w, h)
	}
	if err := wellFormed(b.Data["image/svg+xml"].(string)); err != nil {
		t.Error(err)
	}
	if got := b.Data["text/plain"]; got != f.String() || !strings.HasPrefix(f.String(), "Figure(8.0×") {
		t.Errorf("text is %q", got)
	}
}

// The field is a picture in the SVG, so that its size does not grow with the
// number of bins drawn; what is too large for a page is left out.
func TestDisplayLeavesOutLargeSVG(t *testing.T) {
	env, field := ring(t)
	f := must(Field(env, field))
	if svg := must(f.Display()).Data["image/svg+xml"].(string); len(svg) > 20000 {
		t.Errorf("SVG of a small field has %d bytes", len(svg))
	}
	const n = 8000
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = 25+25*math.Sin(float64(i)), 20+20*math.Cos(1.7*float64(i))
	}
	if err := f.AddPoints(must(ns.XY(x, y))); err != nil {
		t.Fatal(err)
	}
	b := must(f.Display())
	if _, has := b.Data["image/svg+xml"]; has || b.Data["image/png"] == nil {
		t.Error("SVG of 8000 dots was not left out")
	}
}

func TestSave(t *testing.T) {
	env, field := ring(t)
	f := must(Field(env, field, FieldOptions{Label: "θ (−)"}))
	dir := t.TempDir()
	for name, prefix := range map[string]string{"a.png": "\x89PNG", "a.PDF": "%PDF", "a.svg": "<?xml"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := f.Save(path); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil || !strings.HasPrefix(string(data), prefix) {
			t.Errorf("%s begins with %.8q, %v", name, data, err)
		}
		if name == "a.svg" {
			if err := wellFormed(string(data)); err != nil {
				t.Error(err)
			}
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("%v, %v: want three files and no remains", entries, err)
	}
}

func TestSaveFails(t *testing.T) {
	env, field := ring(t)
	f := must(Field(env, field))
	dir := t.TempDir()
	if err := f.Save(filepath.Join(dir, "missing", "a.png")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
	path := filepath.Join(dir, "a.png") // a folder that cannot be replaced
	if err := os.MkdirAll(filepath.Join(path, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(path); err == nil {
		t.Error("a folder was replaced")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("remains of a failed save: %v", entries)
	}
	f.Plot().X.Scale = gonumplot.LogScale{}
	good := filepath.Join(dir, "b.png")
	if err := os.WriteFile(good, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(good); err == nil {
		t.Error("a logarithmic axis from zero was drawn")
	}
	if _, err := f.Display(); !errors.Is(err, ns.ErrInvalid) || f.String() != "Figure(1 panel)" {
		t.Errorf("display: %v, %v", err, f)
	}
	if data, _ := os.ReadFile(good); string(data) != "old" {
		t.Error("a failed save changed the file")
	}
}

// A PNG file says how large it is meant to be.
func TestPNGResolution(t *testing.T) {
	env, field := ring(t)
	path := filepath.Join(t.TempDir(), "a.png")
	if err := must(Field(env, field)).Save(path); err != nil {
		t.Fatal(err)
	}
	data := must(os.ReadFile(path))
	at := bytes.Index(data, []byte("pHYs"))
	if at < 0 {
		t.Fatal("no pHYs chunk")
	}
	if got := binary.BigEndian.Uint32(data[at+4:]); got != 11811 { // 300 dpi
		t.Errorf("%d dots per metre, want 11811", got)
	}
	if _, err := png.Decode(bytes.NewReader(data)); err != nil {
		t.Error(err)
	}
}

func TestBundle(t *testing.T) {
	p := gonumplot.New()
	p.Add(must(plotter.NewLine(plotter.XYs{{X: 1, Y: 1}, {X: 2, Y: 4}})))
	b := must(Bundle(p))
	if err := wellFormed(b.Data["image/svg+xml"].(string)); err != nil {
		t.Error(err)
	}
	p.Y.Scale, p.Y.Min = gonumplot.LogScale{}, -1
	if _, err := Bundle(p); !errors.Is(err, ns.ErrInvalid) || !strings.Contains(err.Error(), "log scale") {
		t.Errorf("logarithm of a negative number: %v", err)
	}
	if _, err := Bundle(gonumplot.New()); err != nil {
		t.Errorf("an empty plot: %v", err)
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

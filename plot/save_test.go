package plot

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	ns "github.com/nskernel/nskernel/neurospatial"
)

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

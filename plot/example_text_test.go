package plot_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/plot"
)

// The examples of this file are checked by what they print.

func ExampleBundle() {
	p := gonumplot.New()
	p.Add(plotter.NewFunction(math.Sin))
	p.X.Max, p.Y.Min, p.Y.Max = 7, -1, 1
	b, err := plot.Bundle(p, plot.BundleOptions{Width: 8 * plot.Centimeter})
	check(err)
	fmt.Println(b.Data["text/plain"], b.Metadata["image/png"])
	fmt.Println(strings.HasPrefix(string(b.Data["image/png"].([]byte)), "\x89PNG"))
	// Output:
	// Plot(8.0×6.0 cm) map[height:227 width:302]
	// true
}

func ExampleParsePalette() {
	p, err := plot.ParsePalette("Magma")
	fmt.Println(p, err)
	_, err = plot.ParsePalette("jet")
	fmt.Println(err)
	// Output:
	// magma <nil>
	// plot: ParsePalette: name "jet" is not a palette
}

func ExamplePalettes() {
	fmt.Println(plot.Palettes())
	// Output: [viridis magma inferno plasma cividis bluered]
}

func ExampleSharedLimits() {
	l, err := plot.SharedLimits([]float64{1, 5, math.NaN()}, []float64{0.5, 3})
	fmt.Println(l.Min, l.Max, err)
	// Output: 0.5 5 <nil>
}

func ExamplePalette_Colors() {
	c := plot.PaletteViridis.Colors()
	fmt.Println(len(c), c[0], c[255])
	// Output: 256 {68 1 84 255} {253 231 37 255}
}

func ExamplePalette_ColorMap() {
	m, err := plot.PaletteMagma.ColorMap(0, 10)
	check(err)
	fmt.Println(m.At(10))
	fmt.Println(m.At(11))
	// Output:
	// {252 253 191 255} <nil>
	// <nil> palette: specified value > maximum
}

func ExamplePalette_Diverging() {
	for _, p := range plot.Palettes() {
		if p.Diverging() {
			fmt.Println(p)
		}
	}
	// Output: bluered
}

// ramp returns a figure of a small field.
func ramp() *plot.Figure {
	env := must(ns.FromSamples(must(ns.XY([]float64{0, 10, 20, 0}, []float64{0, 0, 10, 10})), 10, ns.SamplesOptions{Units: "cm"}))
	field := make([]float64, env.NumBins())
	for i := range field {
		field[i] = float64(i)
	}
	return must(plot.Field(env, field))
}

func ExampleFigure_Display() {
	b, err := ramp().Display()
	check(err)
	fmt.Println(slices.Sorted(maps.Keys(b.Data)))
	fmt.Println(b.Data["text/plain"], b.Metadata["image/png"])
	// Output:
	// [image/png image/svg+xml text/plain]
	// Figure(10.0×6.3 cm, 1 panel) map[height:238 width:378]
}

func ExampleFigure_Save() {
	dir := must(os.MkdirTemp("", "figure"))
	defer os.RemoveAll(dir)
	fig := ramp()
	fmt.Println(fig.Save(filepath.Join(dir, "field.pdf")))
	fmt.Println(fig.Save("field.bmp"))
	// Output:
	// <nil>
	// plot: Figure.Save: path "field.bmp" has the unknown extension ".bmp"
}

func ExampleFigure_SetSize() {
	fig := ramp()
	check(fig.SetSize(6*plot.Centimeter, 0))
	fmt.Println(fig)
	fmt.Println(fig.SetSize(6, 0)) // points, not centimetres
	// Output:
	// Figure(6.0×3.7 cm, 1 panel)
	// plot: Figure.SetSize: Width is 0.2117 cm; it must be 1 to 60 cm, or 0 to be chosen
}

func ExampleFigure_SetTitle() {
	fig := ramp()
	fig.SetTitle("Cell 7")
	fmt.Println(fig.Plot().Title.Text)
	// Output: Cell 7
}

func ExampleFigure_NumPanels() {
	fig, err := plot.Panels([]*plot.Figure{ramp(), ramp()})
	check(err)
	fmt.Println(fig.NumPanels(), fig)
	// Output: 2 Figure(15.0×5.0 cm, 2 panels)
}

func ExampleFigure_Panel() {
	fig, err := plot.Panels([]*plot.Figure{ramp(), ramp()})
	check(err)
	second, err := fig.Panel(1)
	check(err)
	second.Title.Text = "after learning"
	_, err = fig.Panel(2)
	fmt.Println(err)
	// Output: plot: Figure.Panel: i is 2; the figure has panels 0 to 1
}

package plot

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/nskernel/nskernel/display"
)

const (
	screenDPI = 192     // bitmaps in notebooks: two dots per pixel of the page
	printDPI  = 300     // bitmaps in files
	maxSVG    = 1 << 20 // bytes; a larger SVG slows a notebook down and is left out
)

var _ display.Displayer = (*Figure)(nil)

// Display returns the figure as PNG, with two dots per pixel of the page, as
// SVG unless that would be larger than 1 MB, and as text.
func (f *Figure) Display() (display.Bundle, error) {
	const op = "Figure.Display"
	a, err := f.arranged(op)
	if err != nil {
		return display.Bundle{}, err
	}
	return bundle(op, a.size, func(c vg.CanvasSizer) { f.drawOn(c, a) }, f.describe(a))
}

// BundleOptions are the options of [Bundle].
type BundleOptions struct {
	Width  vg.Length // 0: 10 cm
	Height vg.Length // 0: three quarters of the width
}

// Bundle draws any gonum plot as PNG and SVG, as [Figure.Display] does. A nil
// plot is an error, and so is one that cannot be drawn, such as one with a
// logarithmic axis that reaches zero.
func Bundle(p *gonumplot.Plot, opts ...BundleOptions) (display.Bundle, error) {
	const op = "Bundle"
	o, err := oneOption(op, opts)
	if err != nil {
		return display.Bundle{}, err
	}
	if p == nil {
		return display.Bundle{}, invalid(op, "p", "make one with plot.New of gonum.org/v1/plot", "is nil")
	}
	if err := checkSize(op, o.Width, o.Height); err != nil {
		return display.Bundle{}, err
	}
	if o.Width == 0 {
		o.Width = defaultWidths[0]
	}
	if o.Height == 0 {
		o.Height = 0.75 * o.Width
	}
	text := fmt.Sprintf("Plot(%.1f×%.1f cm)", o.Width/Centimeter, o.Height/Centimeter)
	return bundle(op, vg.Point{X: o.Width, Y: o.Height}, func(c vg.CanvasSizer) { p.Draw(draw.New(c)) }, text)
}

// bundle draws once for each representation.
func bundle(op string, size vg.Point, paint func(vg.CanvasSizer), text string) (display.Bundle, error) {
	bitmap, err := renderPNG(op, size, screenDPI, paint)
	if err != nil {
		return display.Bundle{}, err
	}
	dims := map[string]any{"width": cssPixels(size.X), "height": cssPixels(size.Y)}
	b := display.Bundle{
		Data:     map[string]any{display.MIMEText: text, display.MIMEPNG: bitmap},
		Metadata: map[string]any{display.MIMEPNG: dims},
	}
	svg, err := renderSVG(op, size, paint)
	if err != nil {
		return display.Bundle{}, err
	}
	if len(svg) <= maxSVG {
		b.Data[display.MIMESVG] = string(svg)
	}
	return b, nil
}

// safely runs work and turns a panic of a gonum axis or plotter, which is how
// these report data they cannot draw, into an error.
func safely(op string, work func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case error:
			err = &Error{Op: op, Kind: r, What: fmt.Sprintf("a plotter failed: %v", r)}
		default:
			err = invalid(op, "", "check the ranges of the axes and the data of the plotters", "a plotter failed: %v", r)
		}
	}()
	work()
	return nil
}

func renderPNG(op string, size vg.Point, dpi int, paint func(vg.CanvasSizer)) ([]byte, error) {
	c := newBitmapCanvas(size.X, size.Y, dpi)
	if err := safely(op, func() { paint(c) }); err != nil {
		return nil, err
	}
	level := png.DefaultCompression
	if dpi == screenDPI { // shown at once
		level = png.BestSpeed
	}
	return encodePNG(c.Image(), dpi, level)
}

func renderSVG(op string, size vg.Point, paint func(vg.CanvasSizer)) ([]byte, error) {
	c := newSVGCanvas(size.X, size.Y)
	if err := safely(op, func() { paint(c) }); err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	_, err := c.WriteTo(&buf)
	return buf.Bytes(), err
}

func renderPDF(op string, size vg.Point, paint func(vg.CanvasSizer)) ([]byte, error) {
	c := newPDFCanvas(size.X, size.Y)
	if err := safely(op, func() { paint(c) }); err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	_, err := c.WriteTo(&buf)
	return buf.Bytes(), err
}

// encodePNG encodes img and notes its resolution, so that it is placed in a
// document in its right size.
func encodePNG(img image.Image, dpi int, level png.CompressionLevel) ([]byte, error) {
	var buf bytes.Buffer
	enc := png.Encoder{CompressionLevel: level}
	if err := enc.Encode(&buf, img); err != nil {
		return nil, err
	}
	return withResolution(buf.Bytes(), dpi), nil
}

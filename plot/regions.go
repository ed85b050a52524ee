package plot

import (
	"fmt"
	"image/color"
	"slices"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// RegionsOptions are the options of [Figure.AddRegions].
type RegionsOptions struct {
	Color     color.Color // of all; nil: one after the other of seven
	LineWidth vg.Length   // 0: 1.2 pt
	Fill      float64     // opacity of the inside, 0 to 1; 0: not filled
	NoNames   bool        // do not write the names
}

// AddRegions draws regions with their names over every panel of the figure:
// polygons as lines with a pale edge that sets them off from any palette,
// points as dots. The axes stay as they are: what lies outside is cut off.
//
// No region, a point that is not in the plane and an empty polygon are each an
// ErrInvalid.
func (f *Figure) AddRegions(regions []ns.Region, opts ...RegionsOptions) error {
	const op = "Figure.AddRegions"
	if err := f.made(op); err != nil {
		return err
	}
	o, err := oneOption(op, opts)
	if err != nil {
		return err
	}
	if err := checkStroke(op, "LineWidth", o.LineWidth); err != nil {
		return err
	}
	if !(o.Fill >= 0 && o.Fill <= 1) {
		return invalid(op, "Fill", "give a share of 1, such as 0.2", "is %g; it must be between 0 (not filled) and 1", o.Fill)
	}
	if len(regions) == 0 {
		return invalid(op, "regions", "make some with ns.PolygonRegion or ns.PointRegion", "is empty")
	}
	for i, r := range regions {
		switch arg := fmt.Sprintf("region %d", i); {
		case r.IsPoint() && len(r.Center()) != 2:
			return invalid(op, arg, "give it two coordinates", "(%q) is a point with %d coordinates; it must have 2", r.Name(), len(r.Center()))
		case !r.IsPoint() && r.Polygon().Empty():
			return invalid(op, arg, "make it with ns.PolygonRegion", "(%q) is empty", r.Name())
		}
	}
	d := &regionPlotter{regions: slices.Clone(regions), o: o}
	if o.LineWidth == 0 {
		d.o.LineWidth = 1.2 * Point
	}
	for _, p := range f.panels {
		p.overlay(d)
	}
	return nil
}

// regionPlotter draws regions.
type regionPlotter struct {
	regions []ns.Region
	o       RegionsOptions
}

func (d *regionPlotter) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	for i, r := range d.regions {
		var shade color.Color = seriesColors[i%len(seriesColors)]
		if d.o.Color != nil {
			shade = d.o.Color
		}
		middle := r.Center()
		at := vg.Point{X: x(middle[0]), Y: y(middle[1])}
		if !r.IsPoint() {
			d.area(c, r.Polygon(), x, y, shade)
		} else if c.Contains(at) {
			c.SetColor(halo)
			c.Fill(disc(at, 1.2*Point+d.o.LineWidth))
			c.SetColor(shade)
			c.Fill(disc(at, 0.6*Point+d.o.LineWidth))
			at.Y += 4*Point + tickSize/2
		}
		if !d.o.NoNames && r.Name() != "" && c.Contains(at) {
			writeWithHalo(c, r.Name(), at)
		}
	}
}

var halo = color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xc0}

// area draws the rings of a polygon.
func (d *regionPlotter) area(c draw.Canvas, polygon ns.Polygon, x, y func(float64) vg.Length, shade color.Color) {
	var outlines [][]vg.Point
	for i, ring := range append([]ns.Points{polygon.Corners()}, polygon.Holes()...) {
		var line []vg.Point
		for k := range ring.Len() {
			line = append(line, vg.Point{X: x(ring.At(k, 0)), Y: y(ring.At(k, 1))})
		}
		if i == 0 && d.o.Fill > 0 {
			c.FillPolygon(withOpacity(shade, d.o.Fill), c.ClipPolygonXY(line))
		}
		line = append(line, line[0], line[1]) // the first corner is joined like the others
		outlines = append(outlines, c.ClipLinesXY(line)...)
	}
	c.StrokeLines(draw.LineStyle{Color: halo, Width: 2.2 * d.o.LineWidth}, outlines...)
	c.StrokeLines(draw.LineStyle{Color: shade, Width: d.o.LineWidth}, outlines...)
}

// writeWithHalo writes a name, centred, so that it can be read on any colour.
func writeWithHalo(c draw.Canvas, name string, at vg.Point) {
	style := textStyle(tickSize)
	style.XAlign = draw.XCenter
	style.YAlign = digitsCentered(style.Font, 0)
	style.Color = halo
	for _, d := range []vg.Point{{X: 1}, {X: -1}, {Y: 1}, {Y: -1}, {X: 0.7, Y: 0.7}, {X: 0.7, Y: -0.7}, {X: -0.7, Y: 0.7}, {X: -0.7, Y: -0.7}} {
		c.FillText(style, at.Add(d.Scale(0.9*Point)), name)
	}
	style.Color = ink
	c.FillText(style, at, name)
}

package plot

import (
	"fmt"
	"image/color"
	"math"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// PolarOptions are the options of [Polar].
type PolarOptions struct {
	Title string
	Label string // of the values, such as "rate (Hz)"; written under the figure

	// Max is the value at the outer circle; 0 is chosen. Larger values are cut
	// off at the circle.
	Max float64
	// Open leaves the curve open; the default joins the last point to the first,
	// as befits a tuning curve.
	Open bool

	Color         color.Color // nil: blue
	Width, Height vg.Length   // of the figure; 0 is chosen
}

// Polar draws values by direction, such as the rate of a cell by the direction
// of the head: zero is to the right, and angles run counter-clockwise.
//
//	angles: in radians, [n]
//	values: not negative, [n]; a NaN leaves a gap
//
// Slices of different length are an ErrShape; fewer than two points, negative
// or infinite values and a maximum that is not above zero are each an
// ErrInvalid.
func Polar(angles, values []float64, opts ...PolarOptions) (*Figure, error) {
	const op = "Polar"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := checkSize(op, o.Width, o.Height); err != nil {
		return nil, err
	}
	if err := checkPolar(op, angles, values, o); err != nil {
		return nil, err
	}
	d := &rose{angles: angles, values: values, closed: !o.Open, color: o.Color, max: o.Max, label: o.Label}
	if d.color == nil {
		d.color = seriesColors[0]
	}
	_, most := finiteRange(values)
	if d.max == 0 {
		d.max = max(most, 0)
	}
	if d.max == 0 {
		d.max = 1
	}
	p := newPlot()
	p.Title.Text = o.Title
	p.Add(d)
	if o.Width == 0 && o.Height == 0 {
		o.Width = 7 * Centimeter
	}
	return newFigure(&panel{plot: p, bare: true}, o.Width, o.Height), nil
}

func checkPolar(op string, angles, values []float64, o PolarOptions) error {
	if len(angles) != len(values) {
		return shape(op, "values", "pass one value per angle", "has %d values, angles has %d", len(values), len(angles))
	}
	if len(values) < 2 {
		return invalid(op, "values", "pass the value of each direction", "has %d values; a curve needs at least 2", len(values))
	}
	if i := firstInf(angles); i >= 0 {
		return invalid(op, "angles", "leave the point out", "is %v at index %d; angles must be finite or NaN", angles[i], i)
	}
	if i := firstInf(values); i >= 0 {
		return infinite(op, "values", i, values[i])
	}
	for i, v := range values {
		if v < 0 {
			return invalid(op, "values", "shift them above zero, or draw them with Lines",
				"is %g at index %d; a distance from the centre is not negative", v, i)
		}
	}
	if lo, hi := finiteRange(values); lo > hi {
		return invalid(op, "values", "check the division that made them", "holds no value that is not NaN")
	}
	if !(o.Max >= 0) || math.IsInf(o.Max, 1) {
		return invalid(op, "Max", "leave it 0, or give the value at the outer circle", "is %g; it must be above 0, or 0 to be chosen", o.Max)
	}
	return nil
}

// rose is the plotter of a polar curve with its circles and directions.
type rose struct {
	angles, values []float64
	closed         bool
	color          color.Color
	max            float64
	label          string
}

func (d *rose) DataRange() (xmin, xmax, ymin, ymax float64) { return -1, 1, -1, 1 }

var roseGrid = draw.LineStyle{Color: color.Gray{Y: 0xd0}, Width: 0.5 * Point}

func (d *rose) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	middle, radius := vg.Point{X: x(0), Y: y(0)}, x(1)-x(0)
	d.grid(c, middle, radius)
	at := func(i int) vg.Point {
		r := radius * vg.Length(min(d.values[i]/d.max, 1))
		return middle.Add(vg.Point{X: r * vg.Length(math.Cos(d.angles[i])), Y: r * vg.Length(math.Sin(d.angles[i]))})
	}
	known := func(i int) bool { return !math.IsNaN(d.values[i]) && !math.IsNaN(d.angles[i]) }
	n := len(d.values)
	runs(n, known, func(from, to int) {
		var line []vg.Point
		for i := from; i < to; i++ {
			line = append(line, at(i))
		}
		whole := from == 0 && to == n
		if d.closed && !whole && to == n && known(0) { // goes on at the beginning
			line = append(line, at(0))
		}
		if d.closed && whole {
			line = append(line, line[0])
			c.FillPolygon(withOpacity(d.color, 0.18), line)
			line = append(line, line[1]) // the corner at the first point is joined like the others
		}
		c.StrokeLines(draw.LineStyle{Color: d.color, Width: 1.1 * Point}, line)
	})
}

// grid draws circles with their values, the four directions and the label.
func (d *rose) grid(c draw.Canvas, middle vg.Point, radius vg.Length) {
	style := textStyle(tickSize)
	c.SetLineStyle(roseGrid)
	step := niceStep(d.max, 3)
	for _, t := range (niceTicks{step: step}).Ticks(0, d.max) {
		if t.Value > 0 {
			c.Stroke(disc(middle, radius*vg.Length(t.Value/d.max)))
		}
	}
	c.StrokeLine2(roseGrid, middle.X-radius, middle.Y, middle.X+radius, middle.Y)
	c.StrokeLine2(roseGrid, middle.X, middle.Y-radius, middle.X, middle.Y+radius)
	c.SetLineStyle(draw.LineStyle{Color: ink, Width: axisWidth})
	c.Stroke(disc(middle, radius))
	for _, side := range roseSides {
		style.XAlign, style.YAlign = side.x, side.y
		at := middle.Add(side.to.Scale(radius + roseGap))
		at.Y += style.FontExtents().Descent
		c.FillText(style, at, side.text)
	}
	corner := middle.Add(vg.Point{X: 0.74 * radius, Y: -0.74 * radius})
	style.XAlign, style.YAlign = draw.XLeft, draw.YTop
	c.FillText(style, corner, d.maxText(step))
	if d.label != "" {
		style := textStyle(labelSize)
		style.XAlign, style.YAlign = draw.XCenter, draw.YTop
		at := vg.Point{X: middle.X, Y: middle.Y - radius - roseGap - style.Height("0")}
		c.FillText(style, at, d.label)
	}
}

// maxText tells the value at the outer circle.
func (d *rose) maxText(step float64) string {
	if marks := (niceTicks{step: step}).Ticks(0, d.max); len(marks) > 0 && marks[len(marks)-1].Value == d.max {
		return marks[len(marks)-1].Label
	}
	return fmt.Sprintf("%.3g", d.max)
}

const roseGap = 3 * Point // from the outer circle to the text around it

// roseSides are the directions with a label.
var roseSides = []struct {
	text string
	to   vg.Point
	x    draw.XAlignment
	y    draw.YAlignment
}{
	{"0°", vg.Point{X: 1}, draw.XLeft, draw.YCenter},
	{"90°", vg.Point{Y: 1}, draw.XCenter, draw.YBottom},
	{"180°", vg.Point{X: -1}, draw.XRight, draw.YCenter},
	{"270°", vg.Point{Y: -1}, draw.XCenter, draw.YTop},
}

// GlyphBoxes keeps room for the text around the circle.
func (d *rose) GlyphBoxes(*gonumplot.Plot) []gonumplot.GlyphBox {
	style := textStyle(tickSize)
	line := style.Height("0")
	below := roseGap + line
	if d.label != "" {
		below += textStyle(labelSize).Height(d.label) + 2*Point
	}
	box := func(x, y float64, from, to vg.Point) gonumplot.GlyphBox {
		return gonumplot.GlyphBox{X: x, Y: y, Rectangle: vg.Rectangle{Min: from, Max: to}}
	}
	return []gonumplot.GlyphBox{
		box(0, 0.5, vg.Point{X: -roseGap - style.Width("180°")}, vg.Point{}),
		box(1, 0.5, vg.Point{}, vg.Point{X: roseGap + style.Width("0°")}),
		box(0.5, 0, vg.Point{Y: -below}, vg.Point{}),
		box(0.5, 1, vg.Point{}, vg.Point{Y: roseGap + line}),
	}
}

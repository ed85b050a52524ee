package plot

import (
	"image/color"
	"math"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// ArrowsOptions are the options of [Figure.AddArrows] and [Figure.AddGradient].
type ArrowsOptions struct {
	// Scale is the length of an arrow, in the units of space, for a vector of
	// length 1. 0 makes the longest about as long as arrows are apart.
	Scale     float64
	Color     color.Color // nil: ink
	LineWidth vg.Length   // 0: 0.8 pt
	Label     string      // entry of the legend; empty: none
}

// AddArrows draws a vector at each position over every panel of the figure,
// such as a velocity or a direction of the head; for the gradient of a field see
// [Figure.AddGradient]. Arrows are centred on their positions. The axes stay as they are.
//
//	pos: positions, [n][2]
//	vectors: vectors of any unit, [n][2]; those with a NaN, and zeros, are left out
//
// Points that are not 2-D, or vectors that are not one per position, are an
// ErrShape; infinite values and a negative scale are an ErrInvalid.
func (f *Figure) AddArrows(pos, vectors ns.Points, opts ...ArrowsOptions) error {
	const op = "Figure.AddArrows"
	if err := f.made(op); err != nil {
		return err
	}
	o, err := oneOption(op, opts)
	if err != nil {
		return err
	}
	for _, pts := range []struct {
		arg string
		p   ns.Points
	}{{"pos", pos}, {"vectors", vectors}} {
		if err := checkPlanar(op, pts.arg, pts.p); err != nil {
			return err
		}
	}
	if pos.Len() != vectors.Len() {
		return shape(op, "vectors", "pass one vector per position", "has %d vectors for %d positions", vectors.Len(), pos.Len())
	}
	if err := checkArrows(op, o); err != nil {
		return err
	}
	f.addArrows(pos, vectors, o)
	return nil
}

func checkArrows(op string, o ArrowsOptions) error {
	if !(o.Scale >= 0) || math.IsInf(o.Scale, 1) {
		return invalid(op, "Scale", "leave it 0, or give the length on the map of a vector of length 1",
			"is %g; it must be above 0, or 0 to be chosen", o.Scale)
	}
	return checkStroke(op, "LineWidth", o.LineWidth)
}

func (f *Figure) addArrows(pos, vectors ns.Points, o ArrowsOptions) {
	d := newArrows(pos, vectors, o)
	for _, p := range f.panels {
		p.overlay(d)
		if o.Label != "" {
			p.legend = append(p.legend, legendEntry{o.Label, d})
		}
	}
}

// arrows is the plotter of vectors, already of the length they are drawn in.
type arrows struct {
	x, y, dx, dy []float64
	style        draw.LineStyle
}

func newArrows(pos, vectors ns.Points, o ArrowsOptions) *arrows {
	d := &arrows{style: draw.LineStyle{Color: o.Color, Width: o.LineWidth}}
	if o.Color == nil {
		d.style.Color = ink
	}
	if o.LineWidth == 0 {
		d.style.Width = 0.8 * Point
	}
	longest := 0.0
	for i := range pos.Len() {
		x, y, dx, dy := pos.At(i, 0), pos.At(i, 1), vectors.At(i, 0), vectors.At(i, 1)
		length := math.Hypot(dx, dy)
		if !(length > 0 && length < math.MaxFloat64) || math.IsNaN(x) || math.IsNaN(y) {
			continue
		}
		d.x, d.y, d.dx, d.dy = append(d.x, x), append(d.y, y), append(d.dx, dx), append(d.dy, dy)
		longest = max(longest, length)
	}
	scale := o.Scale
	if scale == 0 && longest > 0 {
		scale = spacing(d.x, d.y) / longest
	}
	for i := range d.dx {
		d.dx[i], d.dy[i] = d.dx[i]*scale, d.dy[i]*scale
	}
	return d
}

// spacing returns about how far apart points lie: the side of a square of the
// area that each has in the rectangle around all of them.
func spacing(x, y []float64) float64 {
	left, right := finiteRange(x)
	low, high := finiteRange(y)
	n := float64(len(x))
	w, h := right-left, high-low
	switch {
	case n < 2 || w == 0 && h == 0:
		return 1
	case w == 0 || h == 0:
		return max(w, h) / (n - 1)
	}
	return math.Sqrt(w * h / n)
}

func (d *arrows) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	for i := range d.x {
		if !c.Contains(vg.Point{X: x(d.x[i]), Y: y(d.y[i])}) {
			continue
		}
		d.arrow(c,
			vg.Point{X: x(d.x[i] - d.dx[i]/2), Y: y(d.y[i] - d.dy[i]/2)},
			vg.Point{X: x(d.x[i] + d.dx[i]/2), Y: y(d.y[i] + d.dy[i]/2)})
	}
}

// arrow draws one arrow; its head shrinks with a short one.
func (d *arrows) arrow(c draw.Canvas, from, to vg.Point) {
	along := to.Sub(from)
	length := vg.Length(math.Hypot(float64(along.X), float64(along.Y)))
	if length < 0.3*Point {
		return
	}
	along = along.Scale(1 / length)
	across := vg.Point{X: -along.Y, Y: along.X}
	head := min(4.5*d.style.Width, 0.6*length)
	base := to.Sub(along.Scale(head))
	c.StrokeLines(d.style, []vg.Point{from, to.Sub(along.Scale(0.8 * head))})
	c.FillPolygon(d.style.Color, []vg.Point{
		to, base.Add(across.Scale(0.42 * head)), base.Sub(across.Scale(0.42 * head)),
	})
}

func (d *arrows) sample(c draw.Canvas, r vg.Rectangle) {
	y := center(r).Y
	d.arrow(c, vg.Point{X: r.Min.X, Y: y}, vg.Point{X: r.Max.X, Y: y})
}

package plot

import (
	"image/color"
	"math"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// PointsOptions are the options of [Figure.AddPoints].
type PointsOptions struct {
	Color   color.Color // nil: red
	Size    vg.Length   // diameter; 0: 2.2 pt
	Opacity float64     // above 0 up to 1; 0: 0.7, so that crowds look darker
	Label   string      // entry of the legend; empty: none
}

// AddPoints draws a dot at each position over every panel of the figure, such
// as the places where a cell fired. The axes stay as they are: dots outside
// are left out.
//
//	pos: positions, [n][2]; those with a NaN are left out
//
// Positions that are not 2-D are an ErrShape; infinite coordinates, and sizes
// or opacities that cannot be drawn, are an ErrInvalid.
func (f *Figure) AddPoints(pos ns.Points, opts ...PointsOptions) error {
	const op = "Figure.AddPoints"
	if err := f.made(op); err != nil {
		return err
	}
	o, err := oneOption(op, opts)
	if err != nil {
		return err
	}
	if err := checkPlanar(op, "pos", pos); err != nil {
		return err
	}
	if err := checkStroke(op, "Size", o.Size); err != nil {
		return err
	}
	if !(o.Opacity >= 0 && o.Opacity <= 1) {
		return invalid(op, "Opacity", "give a share of 1, such as 0.5", "is %g; it must be between 0 (chosen) and 1", o.Opacity)
	}
	d := &dotPlotter{color: o.Color, radius: o.Size / 2}
	if d.color == nil {
		d.color = spikeColor
	}
	if d.radius == 0 {
		d.radius = 1.1 * Point
	}
	if o.Opacity == 0 {
		o.Opacity = 0.7
	}
	d.color = withOpacity(d.color, o.Opacity)
	for i := range pos.Len() {
		if x, y := pos.At(i, 0), pos.At(i, 1); !math.IsNaN(x) && !math.IsNaN(y) {
			d.x, d.y = append(d.x, x), append(d.y, y)
		}
	}
	for _, p := range f.panels {
		p.overlay(d)
		if o.Label != "" {
			p.legend = append(p.legend, legendEntry{o.Label, d})
		}
	}
	return nil
}

// dotPlotter draws filled circles.
type dotPlotter struct {
	x, y   []float64
	color  color.Color
	radius vg.Length
}

func (d *dotPlotter) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	c.SetColor(d.color)
	for i := range d.x {
		at := vg.Point{X: x(d.x[i]), Y: y(d.y[i])}
		if c.Contains(at) {
			c.Fill(disc(at, d.radius))
		}
	}
}

// disc returns a circle of four curves, much cheaper to fill than an arc.
func disc(at vg.Point, r vg.Length) vg.Path {
	const k = 0.5522847498 // the handles of a quarter circle
	var p vg.Path
	p.Move(vg.Point{X: at.X + r, Y: at.Y})
	from := [2]vg.Length{1, 0}
	for range 4 {
		to := [2]vg.Length{-from[1], from[0]}
		point := func(a, b vg.Length) vg.Point {
			return vg.Point{X: at.X + r*(a*from[0]+b*to[0]), Y: at.Y + r*(a*from[1]+b*to[1])}
		}
		p.CubeTo(point(1, k), point(k, 1), point(0, 1))
		from = to
	}
	p.Close()
	return p
}

// withOpacity returns c with its opacity multiplied.
func withOpacity(c color.Color, opacity float64) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = uint8(math.Round(float64(n.A) * opacity))
	return n
}

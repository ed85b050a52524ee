package plot

import (
	"image/color"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// OutlineOptions are the options of [Figure.AddOutline].
type OutlineOptions struct {
	Color     color.Color // nil: white, which shows on dark palettes
	LineWidth vg.Length   // 0: 1.2 pt
	Label     string      // entry of the legend; empty: none
}

// AddOutline draws the border of a set of bins over every panel of the figure,
// such as a place field or a region. The axes stay as they are.
//
//	bins: bin numbers, from 0 to NumBins()-1, in any order
//
// A bin that does not exist, an empty set and a nil environment are each an
// ErrInvalid; tracks, and environments of other than two dimensions, are an
// ErrUnsupported.
func (f *Figure) AddOutline(env *ns.Environment, bins []int, opts ...OutlineOptions) error {
	const op = "Figure.AddOutline"
	if err := f.made(op); err != nil {
		return err
	}
	o, err := oneOption(op, opts)
	if err != nil {
		return err
	}
	if err := checkPlane(op, env); err != nil {
		return err
	}
	if env.IsTrack() {
		return &Error{Op: op, Arg: "env", Kind: ns.ErrUnsupported, What: "is a track; its bins have no outline",
			Fix: "draw them with AddPoints(env.BinCenterOf(bins...))"}
	}
	if err := checkStroke(op, "LineWidth", o.LineWidth); err != nil {
		return err
	}
	if len(bins) == 0 {
		return invalid(op, "bins", "pass the numbers of the bins to enclose", "is empty")
	}
	in := make([]bool, env.NumBins())
	for i, b := range bins {
		if b < 0 || b >= len(in) {
			return invalid(op, "bins", "leave out points that are ns.Outside", "has bin %d at index %d; bins are 0 to %d", b, i, len(in)-1)
		}
		in[b] = true
	}
	pic, err := pictureOf(env)
	if err != nil {
		return err
	}
	d := &outline{pic: pic, in: in, style: draw.LineStyle{Color: o.Color, Width: o.LineWidth}}
	if o.Color == nil {
		d.style.Color = color.White
	}
	if o.LineWidth == 0 {
		d.style.Width = 1.2 * Point
	}
	for _, p := range f.panels {
		p.overlay(d)
		if o.Label != "" {
			p.legend = append(p.legend, legendEntry{o.Label, d})
		}
	}
	return nil
}

// checkPlane returns an error for an environment that is not 2-D.
func checkPlane(op string, env *ns.Environment) error {
	if err := checkEnvironment(op, env); err != nil {
		return err
	}
	if d := env.NumDims(); d != 2 {
		return &Error{Op: op, Arg: "env", Kind: ns.ErrUnsupported, What: dimensions(d) + "; it must have 2",
			Fix: "build an environment from two of the coordinates"}
	}
	return nil
}

// outline is the plotter of the border of a set of bins.
type outline struct {
	pic   *picture
	in    []bool
	style draw.LineStyle
}

func (d *outline) Plot(c draw.Canvas, p *gonumplot.Plot) {
	cell := d.pic.lattice(c, p)
	lines := cell.lines(d.style.Width, func(a, b int32) bool { return d.contains(a) != d.contains(b) })
	c.SetLineStyle(d.style)
	c.Stroke(lines)
}

func (d *outline) contains(bin int32) bool { return bin >= 0 && d.in[bin] }

// sample draws the border on grey, because white would not show on paper.
func (d *outline) sample(c draw.Canvas, r vg.Rectangle) {
	box := func(half vg.Length) vg.Path {
		mid, corner := center(r), vg.Point{X: half, Y: half}
		return vg.Rectangle{Min: mid.Sub(corner), Max: mid.Add(corner)}.Path()
	}
	c.SetColor(color.Gray{Y: 0x70})
	c.Fill(box(4.5 * Point))
	c.SetLineStyle(d.style)
	c.Stroke(box(2.5 * Point))
}

package plot

import (
	"image/color"
	"math"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// trackWidth is how wide a track is drawn; its real width is not known.
const trackWidth = 6 * Point

// trackBins are the bins of a track: where each begins and ends on the linear
// axis and in the plane.
type trackBins struct {
	from, to []float64      // on the linear axis, [bins]
	ends     [2][][]float64 // the beginning and end of each bin in space, [2][bins][dim]
}

func trackBinsOf(env *ns.Environment) (*trackBins, error) {
	middle, err := env.ToLinear(env.BinCenters())
	if err != nil {
		return nil, err
	}
	t := new(trackBins)
	var inside [2][]float64 // a hair inside, so that an end belongs to the bin's own segment
	for i, size := range env.BinSizes() {
		t.from = append(t.from, middle[i]-size/2)
		t.to = append(t.to, middle[i]+size/2)
		inside[0] = append(inside[0], middle[i]-size*(0.5-1e-6))
		inside[1] = append(inside[1], middle[i]+size*(0.5-1e-6))
	}
	for k, positions := range inside {
		points, err := env.FromLinear(positions)
		if err != nil {
			return nil, err
		}
		t.ends[k] = points.Rows()
	}
	return t, nil
}

// trackPlotter draws the bins of a track as pieces of a broad line.
type trackPlotter struct {
	*trackBins
	colors  []color.Color // of each bin; nil: not drawn
	divided bool          // leave a gap between bins
}

// DataRange leaves room for the width of the line, and more beside a straight
// track, so that it can be seen with its colour bar.
func (d *trackPlotter) DataRange() (xmin, xmax, ymin, ymax float64) {
	var lo, hi [2]float64
	for k := range 2 {
		lo[k], hi[k] = math.Inf(1), math.Inf(-1)
		for _, end := range d.ends {
			for _, at := range end {
				lo[k], hi[k] = min(lo[k], at[k]), max(hi[k], at[k])
			}
		}
	}
	long := max(hi[0]-lo[0], hi[1]-lo[1])
	for k := range 2 {
		air := max(0.04*long, (0.3*long-(hi[k]-lo[k]))/2)
		lo[k], hi[k] = lo[k]-air, hi[k]+air
	}
	return lo[0], hi[0], lo[1], hi[1]
}

func (d *trackPlotter) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	at := func(k, bin int) vg.Point { return vg.Point{X: x(d.ends[k][bin][0]), Y: y(d.ends[k][bin][1])} }
	if !d.divided {
		// Discs make the corners round. Lines cover the half of them that would
		// reach into the next bin.
		for bin, shade := range d.colors {
			if shade != nil {
				c.SetColor(shade)
				c.Fill(disc(at(0, bin), trackWidth/2))
				c.Fill(disc(at(1, bin), trackWidth/2))
			}
		}
	}
	for bin, shade := range d.colors {
		if shade == nil {
			continue
		}
		from, to := at(0, bin), at(1, bin)
		if d.divided {
			trim := to.Sub(from).Scale(0.04)
			from, to = from.Add(trim), to.Sub(trim)
		}
		c.StrokeLines(draw.LineStyle{Color: shade, Width: trackWidth}, []vg.Point{from, to})
	}
}

// trackMap draws a field on a track in the plane.
func trackMap(env *ns.Environment, field []float64, limits Limits, o FieldOptions) (*Figure, error) {
	d, err := newTrackPlotter(env, field, limits, o.Palette)
	if err != nil {
		return nil, err
	}
	pn := planePanel(d, env.Units(), o.HideAxes)
	pn.plot.Title.Text = o.Title
	if !o.NoColorBar {
		pn.bar = barFor(field, limits, o)
	}
	return newFigure(pn, o.Width, o.Height), nil
}

func newTrackPlotter(env *ns.Environment, field []float64, limits Limits, p Palette) (*trackPlotter, error) {
	bins, err := trackBinsOf(env)
	if err != nil {
		return nil, err
	}
	d := &trackPlotter{trackBins: bins}
	colors := cellPalette(p)
	for _, v := range field {
		d.colors = append(d.colors, colors[cellIndex(v, limits)])
	}
	return d, nil
}

// unrolled draws a field on a track along the linear axis.
func unrolled(op string, env *ns.Environment, field []float64, limits Limits, o FieldOptions) (*Figure, error) {
	if !env.IsTrack() {
		return nil, &Error{Op: op, Arg: "Unroll", Kind: ns.ErrUnsupported,
			What: "is set, but the environment is a " + env.LayoutKind() + "; only tracks have a linear axis",
			Fix:  "make the environment with ns.LinearTrack, ns.Maze or ns.FromGraph, or leave Unroll out"}
	}
	bins, err := trackBinsOf(env)
	if err != nil {
		return nil, err
	}
	return lineFigure(orderedSteps(bins.from, bins.to, field), limits, env.Units(), o), nil
}

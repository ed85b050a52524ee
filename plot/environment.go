package plot

import (
	"image/color"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// EnvironmentOptions are the options of [Environment].
type EnvironmentOptions struct {
	Title    string // above the figure
	Graph    bool   // draw the connections between neighbouring bins
	NoBins   bool   // leave out the bins, as under a graph
	HideAxes bool   // leave out axes; a bar of a round length shows the scale

	Width, Height vg.Length // of the figure; 0 is chosen
}

// Environment draws the bins of a 1-D or 2-D environment in pale blue with
// their borders, and with Graph the graph that joins them: a dot for each bin
// and a line between neighbours. A track is drawn as a broad line in pieces.
//
// A nil environment and a size that cannot be drawn are an ErrInvalid; more
// than two dimensions are an ErrUnsupported.
func Environment(env *ns.Environment, opts ...EnvironmentOptions) (*Figure, error) {
	const op = "Environment"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := checkEnvironment(op, env); err != nil {
		return nil, err
	}
	if err := checkSize(op, o.Width, o.Height); err != nil {
		return nil, err
	}
	var p *panel
	switch dims := env.NumDims(); {
	case dims == 1:
		p = axisPanel(env, o)
	case dims == 2 && env.IsTrack():
		if p, err = trackPanel(env, o); err != nil {
			return nil, err
		}
	case dims == 2:
		if p, err = areaPanel(env, o); err != nil {
			return nil, err
		}
	default:
		return nil, &Error{Op: op, Arg: "env", Kind: ns.ErrUnsupported,
			What: dimensions(env.NumDims()) + "; environments of one and two can be drawn",
			Fix:  "draw a field on it with Field, which shows layers along z"}
	}
	p.plot.Title.Text = o.Title
	return newFigure(p, o.Width, o.Height), nil
}

// The looks of an environment.
var (
	binColor    = color.RGBA{R: 0xdc, G: 0xe8, B: 0xf2, A: 0xff}
	trackColor  = color.RGBA{R: 0xb9, G: 0xcf, B: 0xe2, A: 0xff} // narrow, so darker than areas
	binBorder   = draw.LineStyle{Color: color.RGBA{R: 0x9f, G: 0xb8, B: 0xcc, A: 0xff}, Width: 0.4 * Point}
	graphStyle  = draw.LineStyle{Color: seriesColors[0], Width: 0.5 * Point}
	graphRadius = 1 * Point
)

// areaPanel draws a 2-D environment.
func areaPanel(env *ns.Environment, o EnvironmentOptions) (*panel, error) {
	pic, err := pictureOf(env)
	if err != nil {
		return nil, err
	}
	index := make([]uint8, env.NumBins())
	if !o.NoBins {
		for i := range index {
			index[i] = 1
		}
	}
	img := pic.paintIndex(index, color.Palette{color.RGBA{}, binColor, binBorder.Color})
	p := mapPanel(pic, img, env.Units(), o.HideAxes)
	if !o.NoBins {
		if !pic.fine {
			p.overlay(&borderPlotter{pic})
		} else if corners := binCorners(env); corners != nil {
			p.overlay(&polygonPlotter{corners})
		} else {
			pic.markBorders(img.Pix, 2)
		}
	}
	if o.Graph {
		p.overlay(&graphPlotter{planeCenters(env), env.Edges()})
	}
	return p, nil
}

// trackPanel draws a track as a broad line in pieces.
func trackPanel(env *ns.Environment, o EnvironmentOptions) (*panel, error) {
	bins, err := trackBinsOf(env)
	if err != nil {
		return nil, err
	}
	d := &trackPlotter{trackBins: bins, divided: true, colors: make([]color.Color, env.NumBins())}
	for i := range d.colors {
		if !o.NoBins {
			d.colors[i] = trackColor
		}
	}
	p := planePanel(d, env.Units(), o.HideAxes)
	if o.Graph {
		p.overlay(&graphPlotter{env.BinCenters(), env.Edges()})
	}
	return p, nil
}

// axisPanel draws a 1-D environment as a row of boxes.
func axisPanel(env *ns.Environment, o EnvironmentOptions) *panel {
	steps := newStepPlotter(env, make([]float64, env.NumBins()))
	p := newPlot()
	p.HideY()
	p.X.Label.Text = withUnits("position", env.Units())
	p.Add(&boxPlotter{from: steps.from, to: steps.to, bins: !o.NoBins})
	p.Y.Min, p.Y.Max = -1, 1
	pn := &panel{plot: p, slope: 0.08, bare: o.HideAxes}
	if o.Graph {
		pn.overlay(&graphPlotter{env.BinCenters(), env.Edges()})
	}
	if o.HideAxes {
		p.Add(scaleBar{env.Units()})
	}
	return pn
}

// boxPlotter draws the bins of a track.
type boxPlotter struct {
	from, to []float64
	bins     bool
}

func (d *boxPlotter) DataRange() (xmin, xmax, ymin, ymax float64) {
	return d.from[0], d.to[len(d.to)-1], -1, 1
}

func (d *boxPlotter) Plot(c draw.Canvas, p *gonumplot.Plot) {
	if !d.bins {
		return
	}
	x, _ := p.Transforms(&c)
	for i := range d.from {
		box := vg.Rectangle{Min: vg.Point{X: x(d.from[i]), Y: c.Min.Y}, Max: vg.Point{X: x(d.to[i]), Y: c.Max.Y}}
		c.SetColor(binColor)
		c.Fill(box.Path())
		c.SetLineStyle(binBorder)
		c.Stroke(box.Path())
	}
}

// borderPlotter draws the borders of the bins of a grid.
type borderPlotter struct{ pic *picture }

func (d *borderPlotter) Plot(c draw.Canvas, p *gonumplot.Plot) {
	cell := d.pic.lattice(c, p)
	if size := cell.size(); size.X < 3*binBorder.Width || size.Y < 3*binBorder.Width {
		return // borders would cover the bins
	}
	c.SetLineStyle(binBorder)
	c.Stroke(cell.lines(binBorder.Width, func(a, b int32) bool { return a >= 0 || b >= 0 }))
}

// markBorders sets the index of every pixel whose right or lower neighbour
// belongs to another bin.
func (p *picture) markBorders(pix []uint8, index uint8) {
	for i, b := range p.bin {
		if i%p.nx+1 < p.nx && p.bin[i+1] != b || i+p.nx < len(p.bin) && p.bin[i+p.nx] != b {
			pix[i] = index
		}
	}
}

// graphPlotter draws the connectivity of bins.
type graphPlotter struct {
	centers ns.Points // 1-D or 2-D
	edges   []ns.Edge
}

func (d *graphPlotter) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	at := func(bin int) vg.Point {
		pt := vg.Point{X: x(d.centers.At(bin, 0)), Y: y(0)}
		if d.centers.Dim() > 1 {
			pt.Y = y(d.centers.At(bin, 1))
		}
		return pt
	}
	var lines vg.Path
	for _, e := range d.edges {
		lines.Move(at(e.U))
		lines.Line(at(e.V))
	}
	c.SetLineStyle(graphStyle)
	c.Stroke(lines)
	c.SetColor(graphStyle.Color)
	for bin := range d.centers.Len() {
		c.Fill(disc(at(bin), graphRadius))
	}
}

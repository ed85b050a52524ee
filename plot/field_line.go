package plot

import (
	"cmp"
	"image/color"
	"math"
	"slices"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// stepPlotter draws a 1-D field: a level line over each bin, joined where bins
// touch, filled down to zero, with a grey band where the value is NaN.
type stepPlotter struct {
	from, to, value []float64 // borders and value of each bin, ascending
	color           color.RGBA
}

// lineFigure draws a field along one axis.
func lineFigure(d *stepPlotter, limits Limits, units string, o FieldOptions) *Figure {
	p := newPlot()
	p.Title.Text = o.Title
	p.X.Label.Text = withUnits("position", units)
	p.Y.Label.Text = o.Label
	p.Add(d)
	p.Y.Min, p.Y.Max = lineLimits(limits, o.Limits)
	pn := &panel{plot: p, slope: 0.45, bare: o.HideAxes}
	if slices.ContainsFunc(d.value, math.IsNaN) {
		pn.legend = []legendEntry{{"NaN", nanSample{}}}
	}
	return newFigure(pn, o.Width, o.Height)
}

// lineLimits returns the y axis for data limits: those that the user gave as
// they are, automatic ones with a little air and with zero if it is near.
func lineLimits(l, given Limits) (lo, hi float64) {
	autoLo, autoHi := given.auto()
	lo, hi = l.Min, l.Max
	if autoLo && lo > 0 && lo < 0.5*hi {
		lo = 0
	}
	if autoHi && hi < 0 && hi > 0.5*lo {
		hi = 0
	}
	air := 0.05 * (hi - lo)
	if autoLo && lo != 0 {
		lo -= air
	}
	if autoHi && hi != 0 {
		hi += air
	}
	return lo, hi
}

func newStepPlotter(env *ns.Environment, field []float64) *stepPlotter {
	if edges := env.GridEdges(); edges != nil {
		d := &stepPlotter{value: slices.Clone(field), color: seriesColors[0]}
		for c, on := range env.ActiveMask() {
			if on {
				d.from = append(d.from, edges[0][c])
				d.to = append(d.to, edges[0][c+1])
			}
		}
		return d
	}
	var from, to []float64
	centers := env.BinCenters()
	for i, size := range env.BinSizes() {
		from = append(from, centers.At(i, 0)-size/2)
		to = append(to, centers.At(i, 0)+size/2)
	}
	return orderedSteps(from, to, field)
}

// orderedSteps returns bins that can come in any order, ascending.
func orderedSteps(from, to, field []float64) *stepPlotter {
	order := make([]int, len(field))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(from[a], from[b]) })
	d := &stepPlotter{color: seriesColors[0]}
	for _, i := range order {
		d.from, d.to, d.value = append(d.from, from[i]), append(d.to, to[i]), append(d.value, field[i])
	}
	return d
}

func (d *stepPlotter) DataRange() (xmin, xmax, ymin, ymax float64) {
	ymin, ymax = finiteRange(d.value)
	return d.from[0], d.to[len(d.to)-1], ymin, ymax
}

func (d *stepPlotter) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	level := func(v float64) vg.Length { return y(min(max(v, p.Y.Min), p.Y.Max)) }
	base := level(0)
	var run []vg.Point
	flush := func() {
		if len(run) == 0 {
			return
		}
		area := append(slices.Clone(run), vg.Point{X: run[len(run)-1].X, Y: base}, vg.Point{X: run[0].X, Y: base})
		c.FillPolygon(faded(d.color, 0.18), area)
		c.StrokeLines(draw.LineStyle{Color: d.color, Width: 1.1 * Point}, run)
		run = nil
	}
	for i, v := range d.value {
		left, right := x(d.from[i]), x(d.to[i])
		if math.IsNaN(v) {
			flush()
			c.FillPolygon(nanColor, []vg.Point{{X: left, Y: c.Min.Y}, {X: right, Y: c.Min.Y}, {X: right, Y: c.Max.Y}, {X: left, Y: c.Max.Y}})
			continue
		}
		if len(run) > 0 && left-run[len(run)-1].X > 0.01*Point { // a bin that is not active lies between
			flush()
		}
		run = append(run, vg.Point{X: left, Y: level(v)}, vg.Point{X: right, Y: level(v)})
	}
	flush()
}

// faded returns c with the given opacity.
func faded(c color.RGBA, opacity float64) color.NRGBA {
	return color.NRGBA{R: c.R, G: c.G, B: c.B, A: uint8(math.Round(opacity * 255))}
}

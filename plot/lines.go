package plot

import (
	"fmt"
	"image/color"
	"math"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Series is one curve of [Lines].
type Series struct {
	// X and Y are the points of the curve, [n]. A NaN interrupts it. A nil X
	// counts 0, 1, 2, …
	X, Y []float64
	// Low and High, [n] like Y, are the borders of a pale band around the
	// curve, such as an interval of confidence. nil: no band.
	Low, High []float64

	Label     string      // entry of the legend; empty: none
	Color     color.Color // nil: the next of seven that stay apart with colour-blindness
	LineWidth vg.Length   // 0: 1.1 pt
	Dashed    bool
}

// LinesOptions are the options of [Lines].
type LinesOptions struct {
	Title, XLabel, YLabel string

	// XLimits and YLimits are the ends of the axes. The zero value takes the
	// range of the data, with some air in y and down to zero if that is near;
	// a NaN leaves that end to the data.
	XLimits, YLimits Limits

	Width, Height vg.Length // of the figure; 0 is chosen
}

// Lines draws curves, with bands if they have some.
//
// Series whose slices differ in length are an ErrShape; infinite values, no
// value at all and limits that do not increase are each an ErrInvalid.
func Lines(series []Series, opts ...LinesOptions) (*Figure, error) {
	const op = "Lines"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := checkSize(op, o.Width, o.Height); err != nil {
		return nil, err
	}
	if len(series) == 0 {
		return nil, invalid(op, "series", "pass at least one, as in []plot.Series{{Y: values}}", "is empty")
	}
	p := &panel{plot: newPlot(), slope: 0.6}
	for i, s := range series {
		d, err := newCurve(op, i, s)
		if err != nil {
			return nil, err
		}
		p.plot.Add(d)
		if s.Label != "" {
			p.legend = append(p.legend, legendEntry{s.Label, d})
		}
	}
	if err := p.setAxes(op, o.XLimits, o.YLimits); err != nil {
		return nil, err
	}
	p.plot.Title.Text, p.plot.X.Label.Text, p.plot.Y.Label.Text = o.Title, o.XLabel, o.YLabel
	return newFigure(p, o.Width, o.Height), nil
}

// setAxes sets the ends of the axes of curves, which hold the range of the data.
func (p *panel) setAxes(op string, xGiven, yGiven Limits) error {
	x, y := &p.plot.X, &p.plot.Y
	if x.Min > x.Max || y.Min > y.Max {
		return invalid(op, "series", "check the computation that made them", "hold no value that is not NaN")
	}
	xs, err := xGiven.resolve(op, x.Min, x.Max, false)
	if err != nil {
		return err
	}
	ys, err := yGiven.resolve(op, y.Min, y.Max, false)
	if err != nil {
		return err
	}
	x.Min, x.Max = xs.Min, xs.Max
	y.Min, y.Max = lineLimits(ys, yGiven)
	return nil
}

// curve is the plotter of one series.
type curve struct {
	x, y, low, high []float64
	color           color.Color
	style           draw.LineStyle
}

func newCurve(op string, i int, s Series) (*curve, error) {
	name := func(field string) string { return fmt.Sprintf("series %d %s", i, field) }
	if s.X == nil {
		s.X = make([]float64, len(s.Y))
		for k := range s.X {
			s.X[k] = float64(k)
		}
	}
	if (s.Low == nil) != (s.High == nil) {
		return nil, shape(op, name("Low and High"), "give both or none", "must come together")
	}
	for _, f := range []struct {
		name   string
		values []float64
	}{{"X", s.X}, {"Y", s.Y}, {"Low", s.Low}, {"High", s.High}} {
		if f.values != nil && len(f.values) != len(s.Y) {
			return nil, shape(op, name(f.name), "pass slices of equal length", "has %d values, Y has %d", len(f.values), len(s.Y))
		}
		if k := firstInf(f.values); k >= 0 {
			return nil, infinite(op, name(f.name), k, f.values[k])
		}
	}
	if err := checkStroke(op, name("LineWidth"), s.LineWidth); err != nil {
		return nil, err
	}
	c := &curve{x: s.X, y: s.Y, low: s.Low, high: s.High, color: s.Color}
	if c.color == nil {
		c.color = seriesColors[i%len(seriesColors)]
	}
	c.style = draw.LineStyle{Color: c.color, Width: s.LineWidth}
	if s.LineWidth == 0 {
		c.style.Width = 1.1 * Point
	}
	if s.Dashed {
		c.style.Dashes = []vg.Length{4 * Point, 2 * Point}
	}
	return c, nil
}

func (d *curve) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax = finiteRange(d.x)
	ymin, ymax = finiteRange(d.y)
	for _, band := range [][]float64{d.low, d.high} {
		lo, hi := finiteRange(band)
		ymin, ymax = min(ymin, lo), max(ymax, hi)
	}
	return xmin, xmax, ymin, ymax
}

func (d *curve) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	at := func(i int, v float64) vg.Point { return vg.Point{X: x(d.x[i]), Y: y(v)} }
	whole := func(i int) bool { return !math.IsNaN(d.x[i]) && !math.IsNaN(d.low[i]) && !math.IsNaN(d.high[i]) }
	if d.low != nil {
		runs(len(d.x), whole, func(from, to int) {
			var over, under []vg.Point
			for i := from; i < to; i++ {
				over, under = append(over, at(i, d.high[i])), append(under, at(i, d.low[i]))
			}
			outline := thinned(over)
			under = thinned(under)
			for i := len(under) - 1; i >= 0; i-- {
				outline = append(outline, under[i])
			}
			c.FillPolygon(withOpacity(d.color, 0.2), c.ClipPolygonXY(outline))
		})
	}
	drawn := func(i int) bool { return !math.IsNaN(d.x[i]) && !math.IsNaN(d.y[i]) }
	runs(len(d.x), drawn, func(from, to int) {
		line := make([]vg.Point, 0, to-from)
		for i := from; i < to; i++ {
			line = append(line, at(i, d.y[i]))
		}
		strokePath(c, d.style, c.ClipLinesXY(thinned(line)))
	})
}

func (d *curve) sample(c draw.Canvas, r vg.Rectangle) {
	if d.low != nil {
		c.SetColor(withOpacity(d.color, 0.2))
		c.Fill(r.Path())
	}
	y := center(r).Y
	c.StrokeLine2(d.style, r.Min.X, y, r.Max.X, y)
}

// thinned returns a line that looks like the given one, with at most four
// points in each column narrower than a dot: where it enters, its lowest and
// highest point, and where it leaves.
func thinned(line []vg.Point) []vg.Point {
	const column = 0.2 * Point
	kept := make([]vg.Point, 0, min(len(line), 4096))
	for from := 0; from < len(line); {
		key := math.Floor(float64(line[from].X / column))
		low, high, to := from, from, from+1
		for ; to < len(line) && math.Floor(float64(line[to].X/column)) == key; to++ {
			if line[to].Y < line[low].Y {
				low = to
			}
			if line[to].Y > line[high].Y {
				high = to
			}
		}
		last := from - 1
		for _, i := range []int{from, min(low, high), max(low, high), to - 1} {
			if i > last {
				kept = append(kept, line[i])
				last = i
			}
		}
		from = to
	}
	return kept
}

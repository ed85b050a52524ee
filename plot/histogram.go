package plot

import (
	"image/color"
	"math"
	"slices"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// HistogramOptions are the options of [Histogram].
type HistogramOptions struct {
	Title, XLabel string
	YLabel        string // empty: "count", or "density"

	// Bins is the number of bins. 0 chooses bins of a round width near that of
	// Freedman and Diaconis, 2·IQR/∛n.
	Bins int
	// Limits are the outermost edges; values beyond are left out. The zero
	// value takes the range of the data; a NaN leaves that end to the data.
	Limits Limits
	// Density scales the bars so that their area is 1.
	Density bool

	Color         color.Color // nil: blue
	Width, Height vg.Length   // of the figure; 0 is chosen
}

// maxBins keeps bars wider than a dot.
const maxBins = 500

// Histogram draws how often values occur. A bin contains its lower edge, the
// last one both.
//
//	values: [n]; NaN is left out
//
// No value, an infinite one, a number of bins outside 0 to 500 and limits that
// do not increase are each an ErrInvalid.
func Histogram(values []float64, opts ...HistogramOptions) (*Figure, error) {
	const op = "Histogram"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := checkSize(op, o.Width, o.Height); err != nil {
		return nil, err
	}
	if o.Bins < 0 || o.Bins > maxBins {
		return nil, invalid(op, "Bins", "leave it 0, or give a number of bins", "is %d; it must be 1 to %d, or 0 to be chosen", o.Bins, maxBins)
	}
	if i := firstInf(values); i >= 0 {
		return nil, invalid(op, "values", "leave it out, or replace it by NaN", "is %v at index %d; values must be finite or NaN", values[i], i)
	}
	lo, hi := finiteRange(values)
	if lo > hi {
		return nil, invalid(op, "values", "check the computation that made them", "holds no value that is not NaN")
	}
	limits, err := o.Limits.resolve(op, lo, hi, false)
	if err != nil {
		return nil, err
	}
	d := &bars{edges: binEdges(values, limits, o), color: o.Color}
	if d.color == nil {
		d.color = seriesColors[0]
	}
	d.count(values, o.Density)
	p := newPlot()
	p.Add(d)
	p.Y.Max *= 1.05
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = o.Title, o.XLabel, o.YLabel
	switch {
	case o.YLabel == "" && o.Density:
		p.Y.Label.Text = "density"
	case o.YLabel == "":
		p.Y.Label.Text = "count"
	}
	return newFigure(&panel{plot: p, slope: 0.6}, o.Width, o.Height), nil
}

// binEdges returns the edges of the bins, [bins+1].
func binEdges(values []float64, l Limits, o HistogramOptions) []float64 {
	if o.Bins > 0 {
		return evenEdges(l.Min, l.Max, o.Bins)
	}
	sorted := make([]float64, 0, len(values))
	for _, v := range values {
		if v >= l.Min && v <= l.Max {
			sorted = append(sorted, v)
		}
	}
	slices.Sort(sorted)
	bins := 10.0
	if n := len(sorted); n > 1 {
		if iqr := sorted[3*n/4] - sorted[n/4]; iqr > 0 {
			bins = (l.Max - l.Min) / (2 * iqr / math.Cbrt(float64(n)))
		}
	}
	step := niceStep(l.Max-l.Min, int(min(max(bins, 4), maxBins/2)))
	autoLo, autoHi := o.Limits.auto()
	if fine := max(math.Abs(l.Min), math.Abs(l.Max)) / step; !autoLo || !autoHi || !(fine < 1e12) {
		// No edges beyond limits that were given, none finer than the numbers.
		return evenEdges(l.Min, l.Max, max(1, int(math.Round((l.Max-l.Min)/step))))
	}
	first, last := math.Floor(l.Min/step), math.Ceil(l.Max/step)
	if first*step > l.Min { // by rounding
		first--
	}
	if last*step < l.Max {
		last++
	}
	return evenEdges(first*step, last*step, int(last-first))
}

func evenEdges(lo, hi float64, n int) []float64 {
	edges := make([]float64, n+1)
	for i := range edges {
		edges[i] = lo + (hi-lo)*(float64(i)/float64(n))
	}
	edges[n] = hi // not rounded: no value may fall out
	return edges
}

// bars is the plotter of a histogram.
type bars struct {
	edges, height []float64
	color         color.Color
}

// count fills in the heights.
func (d *bars) count(values []float64, density bool) {
	n := len(d.edges) - 1
	d.height = make([]float64, n)
	total := 0
	for _, v := range values {
		if !(v >= d.edges[0] && v <= d.edges[n]) {
			continue
		}
		i, exact := slices.BinarySearch(d.edges, v)
		if !exact {
			i--
		}
		d.height[min(i, n-1)]++
		total++
	}
	if !density || total == 0 {
		return
	}
	for i := range d.height {
		d.height[i] /= float64(total) * (d.edges[i+1] - d.edges[i])
	}
}

func (d *bars) DataRange() (xmin, xmax, ymin, ymax float64) {
	return d.edges[0], d.edges[len(d.edges)-1], 0, max(slices.Max(d.height), math.SmallestNonzeroFloat64)
}

func (d *bars) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	border := draw.LineStyle{Color: color.White, Width: 0.4 * Point}
	for i, h := range d.height {
		if h == 0 {
			continue
		}
		bar := vg.Rectangle{Min: vg.Point{X: x(d.edges[i]), Y: y(0)}, Max: vg.Point{X: x(d.edges[i+1]), Y: y(h)}}
		c.SetColor(d.color)
		c.Fill(bar.Path())
		if bar.Size().X > 6*border.Width {
			c.SetLineStyle(border)
			c.Stroke(bar.Path())
		}
	}
}

package plot

import (
	"image/color"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Units of length on paper, to be multiplied: 8.5 * plot.Centimeter.
const (
	Centimeter = vg.Centimeter
	Point      = vg.Length(1) // 1/72 inch
	Pixel      = vg.Inch / 96 // a pixel of a web page
)

const (
	titleSize = 9.5 * Point
	labelSize = 9 * Point
	tickSize  = 8 * Point

	axisWidth   = 0.6 * Point
	tickLength  = 3 * Point
	axisPadding = 3 * Point // between the axes and the data area
)

// The colours of figures: ink for axes and text, the others from the palette of
// Okabe and Ito, which stays apart with colour-blindness.
var (
	ink          = color.RGBA{R: 0x26, G: 0x26, B: 0x26, A: 0xff}
	seriesColors = []color.RGBA{
		{R: 0x00, G: 0x72, B: 0xb2, A: 0xff}, // blue
		{R: 0xd5, G: 0x5e, B: 0x00, A: 0xff}, // vermilion
		{R: 0x00, G: 0x9e, B: 0x73, A: 0xff}, // green
		{R: 0xcc, G: 0x79, B: 0xa7, A: 0xff}, // purple
		{R: 0xe6, G: 0x9f, B: 0x00, A: 0xff}, // orange
		{R: 0x56, G: 0xb4, B: 0xe9, A: 0xff}, // sky
		{R: 0x26, G: 0x26, B: 0x26, A: 0xff}, // ink
	}
	pathColor  = color.RGBA{R: 0x8c, G: 0x8c, B: 0x8c, A: 0xff}
	spikeColor = color.RGBA{R: 0xd5, G: 0x1f, B: 0x2a, A: 0xff}
)

// textStyle returns sans-serif text of the given size, placed by its left end
// and baseline.
func textStyle(size vg.Length) text.Style {
	return text.Style{
		Color:   ink,
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
		Handler: gonumplot.DefaultTextHandler,
	}
}

// digitsCentered returns the alignment that centres digits on the height at
// which text is placed, less shift. Centring by the line, as draw.YCenter does,
// leaves them too high, because they have no descenders.
func digitsCentered(f font.Font, shift vg.Length) text.YAlignment {
	const digitHeight = 0.71 // of the font size, for Liberation Sans
	style := text.Style{Font: f, Handler: gonumplot.DefaultTextHandler}
	baseline := style.FontExtents().Ascent - f.Size // of a line aligned at its top, below the place
	return text.YAlignment((baseline - digitHeight/2*f.Size - shift) / style.Height("0"))
}

// newPlot returns an empty gonum plot in the style of this package.
func newPlot() *gonumplot.Plot {
	p := gonumplot.New()
	centered := textStyle(titleSize)
	centered.XAlign, centered.YAlign = draw.XCenter, draw.YTop
	p.Title.TextStyle = centered
	p.Title.Padding = 4 * Point
	p.Legend.TextStyle = textStyle(tickSize)
	p.Legend.Top = true
	p.Legend.ThumbnailWidth = 14 * Point
	for _, a := range []*gonumplot.Axis{&p.X, &p.Y} {
		a.LineStyle = draw.LineStyle{Color: ink, Width: axisWidth}
		a.Tick.LineStyle = draw.LineStyle{Color: ink, Width: axisWidth}
		a.Tick.Length = tickLength
		a.Tick.Marker = autoTicks{}
		a.Tick.Label.Font = textStyle(tickSize).Font
		a.Tick.Label.Color = ink
		a.Label.TextStyle.Font = textStyle(labelSize).Font
		a.Label.TextStyle.Color = ink
		a.Label.Padding = 2 * Point
		a.Padding = axisPadding
	}
	p.Y.Tick.Label.YAlign = digitsCentered(p.Y.Tick.Label.Font, p.Y.Tick.Label.FontExtents().Descent)
	return p
}

// autoTicks marks an axis whose ticks a Figure chooses by its length on paper.
// Drawn by gonum alone it places about five.
type autoTicks struct {
	whole bool // only at whole numbers, as for rows of a matrix
}

func (a autoTicks) Ticks(min, max float64) []gonumplot.Tick {
	return a.limit(niceTicks{n: 5}, max-min).Ticks(min, max)
}

// limit keeps the step of t from being finer than whole numbers.
func (a autoTicks) limit(t niceTicks, span float64) niceTicks {
	if a.whole {
		t.step = max(1, niceStep(span, t.n))
	}
	return t
}

// fitTicks gives the axes of a plot, whose lengths on paper are known, as many
// ticks as they have room for, unless the user has chosen some. Axes of equal
// scale get equal steps if both have room for three.
func fitTicks(p *gonumplot.Plot, size vg.Point, equal bool) {
	x, xAuto := fittedTicks(&p.X, size.X, true)
	y, yAuto := fittedTicks(&p.Y, size.Y, false)
	if equal && xAuto && yAuto {
		step := max(niceStep(p.X.Max-p.X.Min, x.n), niceStep(p.Y.Max-p.Y.Min, y.n), x.step, y.step)
		if nx, ny := int((p.X.Max-p.X.Min)/step), int((p.Y.Max-p.Y.Min)/step); nx >= 2 && ny >= 2 {
			x.n, y.n = nx+1, ny+1
			x.step, y.step = step, step
		}
	}
	if xAuto {
		p.X.Tick.Marker = x
	}
	if yAuto {
		p.Y.Tick.Marker = y
	}
}

// fittedTicks returns about six ticks, more on a long axis, fewer if their
// labels would come too close.
func fittedTicks(a *gonumplot.Axis, length vg.Length, horizontal bool) (t niceTicks, auto bool) {
	kind, auto := a.Tick.Marker.(autoTicks)
	if !auto {
		return niceTicks{}, false
	}
	label := a.Tick.Label
	return kind.limit(ticksThatFit(a.Min, a.Max, length, func(marks []gonumplot.Tick) vg.Length {
		if !horizontal {
			return 2.2 * label.Font.Size
		}
		each := vg.Length(0)
		for _, m := range marks {
			each = max(each, label.Width(m.Label))
		}
		return each + 0.7*label.Font.Size
	}), a.Max-a.Min), true
}

// ticksThatFit returns ticks no closer than apart tells for their labels.
func ticksThatFit(lo, hi float64, length vg.Length, apart func([]gonumplot.Tick) vg.Length) niceTicks {
	t := niceTicks{n: max(6, int(length/(45*Point)))}
	for t.n > 2 {
		marks := t.Ticks(lo, hi)
		if step := niceStep(hi-lo, t.n); vg.Length(step/(hi-lo))*length >= apart(marks) {
			break
		}
		if fewer := (niceTicks{n: t.n - 1}); len(fewer.Ticks(lo, hi)) < 2 {
			break // one mark shows no scale
		}
		t.n--
	}
	return t
}

// withUnits returns an axis label such as "x (cm)".
func withUnits(name, units string) string {
	if units == "" {
		return name
	}
	return name + " (" + units + ")"
}

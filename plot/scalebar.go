package plot

import (
	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// scaleBar shows the scale of a map without axes: a line of a round length
// below its lower right corner.
type scaleBar struct{ units string }

const (
	scaleBarGap  = 6 * Point // from the map down to the bar
	scaleBarText = 3 * Point // from the bar down to its label
)

// length returns a round number of units, at most two fifths of the map.
func (scaleBar) length(p *gonumplot.Plot) float64 {
	span := p.X.Max - p.X.Min
	for n := 1; n < 20; n++ {
		if l := niceStep(span, n); l <= 0.4*span {
			return l
		}
	}
	return span
}

func (s scaleBar) label(p *gonumplot.Plot) string {
	l := s.length(p)
	text := tickLabel(l, l, l)
	if s.units != "" {
		text += " " + s.units
	}
	return text
}

func (s scaleBar) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, _ := p.Transforms(&c)
	right, y := x(p.X.Max), c.Min.Y-scaleBarGap
	left := x(p.X.Max - s.length(p))
	c.StrokeLine2(draw.LineStyle{Color: ink, Width: 1.5 * Point}, left, y, right, y)
	style, label := textStyle(tickSize), s.label(p)
	style.XAlign, style.YAlign = draw.XCenter, draw.YTop
	at := vg.Point{X: (left + right) / 2, Y: y - scaleBarText + style.FontExtents().Descent}
	if style.Width(label) > right-left { // stay left of the edge of the map
		style.XAlign, at.X = draw.XRight, right
	}
	c.FillText(style, at, label)
}

// GlyphBoxes keeps room below the map.
func (s scaleBar) GlyphBoxes(p *gonumplot.Plot) []gonumplot.GlyphBox {
	height := scaleBarGap + scaleBarText + textStyle(tickSize).Height(s.label(p))
	return []gonumplot.GlyphBox{{Rectangle: vg.Rectangle{Min: vg.Point{Y: -height}}}}
}

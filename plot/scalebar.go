package plot

import (
	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// scaleBar shows the scale of a map without axes: a line of a round length
// below its lower right corner.
type scaleBar struct{ units string }

const scaleBarGap = 6 * Point

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

func (s scaleBar) style() draw.TextStyle {
	style := textStyle(tickSize)
	style.XAlign, style.YAlign = draw.XCenter, draw.YTop
	return style
}

func (s scaleBar) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, _ := p.Transforms(&c)
	right, y := x(p.X.Max), c.Min.Y-scaleBarGap
	left := x(p.X.Max - s.length(p))
	c.StrokeLine2(draw.LineStyle{Color: ink, Width: 1.5 * Point}, left, y, right, y)
	style := s.style()
	c.FillText(style, vg.Point{X: (left + right) / 2, Y: y - 3*Point + style.FontExtents().Descent}, s.label(p))
}

// GlyphBoxes keeps room below the map.
func (s scaleBar) GlyphBoxes(p *gonumplot.Plot) []gonumplot.GlyphBox {
	style := s.style()
	size := style.Rectangle(s.label(p)).Size()
	return []gonumplot.GlyphBox{{
		X: p.X.Norm(p.X.Max - s.length(p)/2), Y: 0,
		Rectangle: vg.Rectangle{
			Min: vg.Point{X: -size.X / 2, Y: -scaleBarGap - 3*Point - size.Y},
			Max: vg.Point{X: size.X / 2, Y: 0},
		},
	}}
}

package plot

import (
	"image"
	"image/color"
	"math"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// colorBar is the key to the colours of a field. It stands to the right of the
// data area, as high as it unless that is too low. Two panels whose bars are
// equal can share one.
type colorBar struct {
	limits       Limits
	palette      Palette
	label        string
	below, above bool // values lie beyond the limits: the bar ends in a point there
	nan          bool // some bins are NaN: a grey square says so
}

const (
	barGap   = 11 * Point // from the data area to the bar
	barWidth = 8 * Point
	barTick  = 2.5 * Point
	barPoint = 7 * Point // height of a pointed end
	nanGap   = 7 * Point // from the bar down to the grey square
	nanSize  = 7 * Point
	barLeast = 56 * Point // height
)

// sameScale reports whether one bar can stand for b and o.
func (b *colorBar) sameScale(o *colorBar) bool {
	return b != nil && o != nil && b.limits == o.limits && b.palette == o.palette && b.label == o.label
}

// merged returns a bar for b and o together.
func (b colorBar) merged(o *colorBar) *colorBar {
	b.below = b.below || o.below
	b.above = b.above || o.above
	b.nan = b.nan || o.nan
	return &b
}

// beyond returns how far the bar reaches beyond a data area of that height, at
// its top and at its bottom.
func (b *colorBar) beyond(height vg.Length) (top, bottom vg.Length) {
	if b == nil {
		return 0, 0
	}
	top = max(0, barLeast-height) / 2
	bottom = top
	if b.nan {
		bottom += nanGap + nanSize
	}
	return top, bottom
}

// ticks returns the marks of a bar that is height high.
func (b *colorBar) ticks(height vg.Length) []gonumplot.Tick {
	apart := func([]gonumplot.Tick) vg.Length { return 2.2 * tickSize }
	return ticksThatFit(b.limits.Min, b.limits.Max, height, apart).Ticks(b.limits.Min, b.limits.Max)
}

// width returns how much room the bar takes beside a data area of that height.
func (b *colorBar) width(height vg.Length) vg.Length {
	if b == nil {
		return 0
	}
	height = max(height, barLeast)
	labels := textStyle(tickSize)
	var wide vg.Length
	for _, t := range b.ticks(height) {
		wide = max(wide, labels.Width(t.Label))
	}
	if b.nan {
		wide = max(wide, labels.Width("NaN"))
	}
	w := barGap + barWidth + barTick + 2*Point + wide
	if b.label != "" {
		style, lines := b.labelLines(height)
		w += 5*Point + style.Height(lines)
	}
	return w
}

// labelLines returns the label in one or two lines of the height of the bar.
func (b *colorBar) labelLines(height vg.Length) (text.Style, string) {
	style := textStyle(labelSize)
	return style, squeezed(style, b.label, height)
}

// draw draws the bar to the right of the data area.
func (b *colorBar) draw(c vg.Canvas, area vg.Rectangle) {
	more := max(0, barLeast-area.Size().Y) / 2
	area.Min.Y, area.Max.Y = area.Min.Y-more, area.Max.Y+more
	strip := vg.Rectangle{
		Min: vg.Point{X: area.Max.X + barGap, Y: area.Min.Y},
		Max: vg.Point{X: area.Max.X + barGap + barWidth, Y: area.Max.Y},
	}
	dc := draw.Canvas{Canvas: c, Rectangle: area}
	if b.nan {
		b.drawNaN(dc, strip)
	}
	b.drawStrip(dc, &strip)
	wide := b.drawTicks(dc, strip)
	if b.label != "" {
		style, lines := b.labelLines(area.Size().Y)
		style.Rotation, style.XAlign, style.YAlign = math.Pi/2, draw.XCenter, draw.YTop
		x := strip.Max.X + barTick + 2*Point + wide + 5*Point
		dc.FillText(style, vg.Point{X: x, Y: center(area).Y}, lines)
	}
}

// drawStrip draws the colours and an outline, and takes the pointed ends off
// strip.
func (b *colorBar) drawStrip(c draw.Canvas, strip *vg.Rectangle) {
	colors := cellPalette(b.palette)
	outline := vg.Path{}
	full := *strip
	middle := center(full).X
	end := func(tip, base, inward vg.Length, shade color.Color) { // overlaps the strip: no seam
		c.FillPolygon(shade, []vg.Point{
			{X: middle, Y: tip}, {X: full.Max.X, Y: base}, {X: full.Max.X, Y: base + inward},
			{X: full.Min.X, Y: base + inward}, {X: full.Min.X, Y: base},
		})
	}
	if b.below {
		strip.Min.Y += barPoint
		end(full.Min.Y, strip.Min.Y, 1*Point, colors[cellFirst])
	}
	if b.above {
		strip.Max.Y -= barPoint
		end(full.Max.Y, strip.Max.Y, -1*Point, colors[len(colors)-1])
	}
	img := image.NewPaletted(image.Rect(0, 0, 1, cellLevels), colors)
	for y := range cellLevels {
		img.Pix[y*img.Stride] = uint8(len(colors) - 1 - y)
	}
	drawCells(c.Canvas, *strip, img)
	outline.Move(strip.Min)
	if b.below {
		outline.Line(vg.Point{X: middle, Y: full.Min.Y})
	}
	outline.Line(vg.Point{X: strip.Max.X, Y: strip.Min.Y})
	outline.Line(strip.Max)
	if b.above {
		outline.Line(vg.Point{X: middle, Y: full.Max.Y})
	}
	outline.Line(vg.Point{X: strip.Min.X, Y: strip.Max.Y})
	outline.Close()
	c.SetLineStyle(draw.LineStyle{Color: ink, Width: axisWidth})
	c.Stroke(outline)
}

// drawTicks draws marks and numbers and returns the width of the widest.
func (b *colorBar) drawTicks(c draw.Canvas, strip vg.Rectangle) (wide vg.Length) {
	style := textStyle(tickSize)
	style.YAlign = digitsCentered(style.Font, 0)
	line := draw.LineStyle{Color: ink, Width: axisWidth}
	for _, t := range b.ticks(strip.Size().Y) {
		at := (t.Value - b.limits.Min) / (b.limits.Max - b.limits.Min)
		y := strip.Min.Y + strip.Size().Y*vg.Length(at)
		c.StrokeLine2(line, strip.Max.X, y, strip.Max.X+barTick, y)
		c.FillText(style, vg.Point{X: strip.Max.X + barTick + 2*Point, Y: y}, t.Label)
		wide = max(wide, style.Width(t.Label))
	}
	return wide
}

// drawNaN draws the key to the colour of NaN below the bar.
func (b *colorBar) drawNaN(c draw.Canvas, strip vg.Rectangle) {
	box := vg.Rectangle{Max: vg.Point{X: strip.Max.X, Y: strip.Min.Y - nanGap}}
	box.Min = vg.Point{X: strip.Min.X, Y: box.Max.Y - nanSize}
	c.SetColor(nanColor)
	c.Fill(box.Path())
	c.SetLineStyle(draw.LineStyle{Color: ink, Width: axisWidth})
	c.Stroke(box.Path())
	style := textStyle(tickSize)
	style.YAlign = digitsCentered(style.Font, 0)
	c.FillText(style, vg.Point{X: box.Max.X + barTick + 2*Point, Y: center(box).Y}, "NaN")
}

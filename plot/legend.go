package plot

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A legend stands in rows between title and data area, where it hides nothing.

const (
	legendSample = 11 * Point // width of the sample of a line
	legendSpace  = 10 * Point // between entries
	legendGap    = 4 * Point  // below the legend
)

// sampler draws a sample of how a series looks, centred in r.
type sampler interface {
	sample(c draw.Canvas, r vg.Rectangle)
}

type legendEntry struct {
	label string
	look  sampler
}

// legendRows returns where each entry begins, row by row, in a given width,
// and the number of rows.
func legendRows(entries []legendEntry, width vg.Length) (at []vg.Length, row []int, rows int) {
	if len(entries) == 0 {
		return nil, nil, 0
	}
	style := textStyle(tickSize)
	x, n := vg.Length(0), 0
	for _, e := range entries {
		w := legendSample + 3*Point + style.Width(e.label)
		if x > 0 && x+w > width {
			x, n = 0, n+1
		}
		at, row = append(at, x), append(row, n)
		x += w + legendSpace
	}
	return at, row, n + 1
}

func legendLine() vg.Length { return textStyle(tickSize).Height("Ag") + 2*Point }

// legendHeight returns the room that a legend takes above a data area.
func legendHeight(entries []legendEntry, width vg.Length) vg.Length {
	_, _, rows := legendRows(entries, width)
	if rows == 0 {
		return 0
	}
	return vg.Length(rows)*legendLine() + legendGap
}

// drawLegend draws a legend whose lower left corner is at corner.
func drawLegend(c vg.Canvas, entries []legendEntry, corner vg.Point, width vg.Length) {
	at, row, rows := legendRows(entries, width)
	style := textStyle(tickSize)
	style.YAlign = digitsCentered(style.Font, 0)
	dc := draw.Canvas{Canvas: c}
	for i, e := range entries {
		line := legendLine()
		left := corner.X + at[i]
		bottom := corner.Y + legendGap + vg.Length(rows-1-row[i])*line
		middle := bottom + line/2
		e.look.sample(dc, vg.Rectangle{
			Min: vg.Point{X: left, Y: middle - tickSize/2},
			Max: vg.Point{X: left + legendSample, Y: middle + tickSize/2},
		})
		dc.FillText(style, vg.Point{X: left + legendSample + 3*Point, Y: middle},
			elided(style, e.label, width-at[i]-legendSample-3*Point))
	}
}

// center returns the middle of r.
func center(r vg.Rectangle) vg.Point {
	return vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
}

func (d *dotPlotter) sample(c draw.Canvas, r vg.Rectangle) {
	c.SetColor(d.color)
	c.Fill(disc(center(r), max(d.radius, 1.5*Point)))
}

func (d *pathPlotter) sample(c draw.Canvas, r vg.Rectangle) {
	y := center(r).Y
	c.StrokeLine2(draw.LineStyle{Color: d.color, Width: max(d.width, 1*Point)}, r.Min.X, y, r.Max.X, y)
}

// nanSample is the key to the colour of NaN.
type nanSample struct{}

func (nanSample) sample(c draw.Canvas, r vg.Rectangle) {
	c.SetColor(nanColor)
	c.Fill(r.Path())
}

package plot

import (
	"math"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	figureMargin = 4 * Point  // around the whole figure
	panelGap     = 12 * Point // between panels
	maxHeight    = 24 * Centimeter
	minData      = 12 * Point // least side of a data area
)

// defaultWidths are the widths of figures of one, two, three and more columns.
var defaultWidths = [...]vg.Length{10 * Centimeter, 15 * Centimeter, 18 * Centimeter}

// panel is one plot of a figure.
type panel struct {
	plot *gonumplot.Plot
	// slope is the height of a data area of width 1. 0 means that one unit of x
	// is as long as one of y.
	slope float64
	bar   *colorBar // nil: none
	bare  bool      // axes are not drawn

	legend []legendEntry
}

// overlay adds a plotter without moving the ends of the axes.
func (p *panel) overlay(d gonumplot.Plotter) {
	x, y := p.plot.X, p.plot.Y
	p.plot.Add(d)
	p.plot.X, p.plot.Y = x, y
}

// heightFor returns the height of a data area that is w wide.
func (p *panel) heightFor(w vg.Length) vg.Length {
	if p.slope > 0 {
		return w * vg.Length(p.slope)
	}
	dx, dy := p.plot.X.Max-p.plot.X.Min, p.plot.Y.Max-p.plot.Y.Min
	if !(dx > 0) || !(dy > 0) || math.IsInf(dy/dx, 0) {
		return w
	}
	return w * vg.Length(dy/dx)
}

// margins are the parts of a panel around its data area.
type margins struct{ left, right, bottom, top vg.Length }

// tracks are the margins of the columns and rows of a grid of panels, each the
// widest of its panels.
type tracks struct{ left, right, bottom, top []vg.Length }

func newTracks(cols, rows int) tracks {
	return tracks{make([]vg.Length, cols), make([]vg.Length, cols), make([]vg.Length, rows), make([]vg.Length, rows)}
}

// widen makes room for a panel.
func (t tracks) widen(col, row int, m margins) {
	t.left[col] = max(t.left[col], m.left)
	t.right[col] = max(t.right[col], m.right)
	t.bottom[row] = max(t.bottom[row], m.bottom)
	t.top[row] = max(t.top[row], m.top)
}

// around returns the room that margins and gaps take in all.
func (t tracks) around() vg.Point {
	p := vg.Point{X: gaps(len(t.left)), Y: gaps(len(t.top))}
	for i := range t.left {
		p.X += t.left[i] + t.right[i]
	}
	for i := range t.top {
		p.Y += t.top[i] + t.bottom[i]
	}
	return p
}

func gaps(n int) vg.Length { return vg.Length(n-1) * panelGap }

// fitted returns a copy of the plot with ticks for a data area of that size and
// without title, which the figure draws itself, centred on the data.
func (p *panel) fitted(data vg.Point) *gonumplot.Plot {
	q := *p.plot
	q.Title.Text = ""
	q.BackgroundColor = nil
	if p.bare {
		q.HideAxes()
		q.X.Padding, q.Y.Padding = 0, 0
		q.X.Label.Text, q.Y.Label.Text = "", ""
	}
	fitTicks(&q, data, p.slope == 0)
	return &q
}

// margins measures what gonum draws around a data area of that size, and adds
// title and colour bar.
func (p *panel) margins(data vg.Point) margins {
	q := p.fitted(data)
	m := measure(q, data)
	m.top += legendHeight(p.legend, data.X)
	if t := p.plot.Title; t.Text != "" {
		m.top += t.TextStyle.Rectangle(t.Text).Size().Y + t.Padding
	}
	m.right = max(m.right, p.bar.width(data.Y))
	m.bottom = max(m.bottom, p.bar.drop())
	return m
}

// measure returns the room that axes and glyphs take around a data area.
func measure(q *gonumplot.Plot, data vg.Point) margins {
	m := margins{30, 10, 30, 10}
	for range 3 { // glyphs at the border make it depend on the size, slightly
		outer := vg.Rectangle{Max: vg.Point{X: data.X + m.left + m.right, Y: data.Y + m.bottom + m.top}}
		inner := q.DataCanvas(draw.Canvas{Rectangle: outer})
		m = margins{inner.Min.X, outer.Max.X - inner.Max.X, inner.Min.Y, outer.Max.Y - inner.Max.Y}
	}
	return m
}

// arrangement is where everything of a figure goes.
type arrangement struct {
	size  vg.Point       // of the figure
	areas []vg.Rectangle // data area of each panel
	tops  []vg.Length    // where the title of each panel begins, level within a row
	bar   *colorBar      // shared by all panels; nil: each has its own
	title vg.Point       // top centre of the figure's title
}

// arrange computes sizes and places. The panels of a figure form a grid and
// have data areas of one size, the smallest that all their shapes need.
func (f *Figure) arrange() arrangement {
	a := arrangement{bar: f.sharedBar()}
	panels := f.drawnPanels(a.bar != nil)
	rows := (len(panels) + f.cols - 1) / f.cols
	across, down := vg.Length(f.cols), vg.Length(rows)
	width, height := f.width, f.height
	if width == 0 {
		width = defaultWidths[min(f.cols, len(defaultWidths))-1]
	}
	if height == 0 {
		height = max(maxHeight, down*6*Centimeter)
	}
	slope := steepest(panels)
	data := vg.Point{X: 0.7 * width / across}
	data.Y = data.X * slope
	var t tracks
	for range 4 { // margins depend on ticks, ticks on sizes
		t = newTracks(f.cols, rows)
		for i, p := range panels {
			t.widen(i%f.cols, i/f.cols, p.margins(data))
		}
		around := t.around()
		x := width - 2*figureMargin - around.X - a.bar.width(down*data.Y+gaps(rows))
		y := height - 2*figureMargin - around.Y - f.titleHeight()
		x, y = max(minData, x/across), max(minData, y/down)
		if f.height > 0 && allFree(panels) {
			slope = y / x
		}
		data.X = min(x, y/slope)
		data.Y = data.X * slope
	}
	f.place(&a, panels, t, data)
	return a
}

// steepest returns the height of a data area of width 1 that has room for every
// panel.
func steepest(panels []*panel) vg.Length {
	slope := vg.Length(0)
	for _, p := range panels {
		slope = max(slope, p.heightFor(1))
	}
	return slope
}

// allFree reports whether no panel has a shape to keep.
func allFree(panels []*panel) bool {
	for _, p := range panels {
		if p.slope == 0 {
			return false
		}
	}
	return true
}

// place gives every panel its area, once sizes are known.
func (f *Figure) place(a *arrangement, panels []*panel, t tracks, data vg.Point) {
	block := t.around()
	block.X += vg.Length(len(t.left)) * data.X
	block.Y += vg.Length(len(t.top)) * data.Y
	bar := a.bar.width(block.Y)
	needed := vg.Point{X: block.X + bar + 2*figureMargin, Y: block.Y + f.titleHeight() + 2*figureMargin}
	a.size = vg.Point{X: max(needed.X, f.width), Y: max(needed.Y, f.height)}
	// What is left of a size asked for is divided between both sides.
	left := figureMargin + (a.size.X-needed.X)/2
	top := a.size.Y - figureMargin - (a.size.Y-needed.Y)/2
	a.title = vg.Point{X: left + block.X/2, Y: top}
	y := top - f.titleHeight()
	for row := range t.top {
		y -= t.top[row] + data.Y
		x := left
		for col := range t.left {
			x += t.left[col]
			if i := row*f.cols + col; i < len(panels) {
				area := panels[i].within(vg.Point{X: x, Y: y}, data)
				a.areas = append(a.areas, area)
				a.tops = append(a.tops, y+data.Y+t.top[row]-(data.Y-area.Size().Y)/2)
			}
			x += data.X + t.right[col] + panelGap
		}
		y -= t.bottom[row] + panelGap
	}
}

// within returns the data area of a panel in the room given to it: all of it,
// or as much as its shape fills, centred.
func (p *panel) within(corner, room vg.Point) vg.Rectangle {
	own := room
	if p.slope == 0 {
		own.Y = p.heightFor(room.X)
		own = vg.Point{X: own.X * min(1, room.Y/own.Y), Y: min(own.Y, room.Y)}
	}
	from := corner.Add(room.Sub(own).Scale(0.5))
	return vg.Rectangle{Min: from, Max: from.Add(own)}
}

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
	maxSide      = 60 * Centimeter
	minData      = 12 * Point // least side of a data area
	mostSlender  = 50.0       // times as long as wide: beyond, space is distorted rather than too thin to see
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
	return w * vg.Length(min(max(dy/dx, 1/mostSlender), mostSlender))
}

// margins are the parts of a panel around its data area.
type margins struct{ left, right, bottom, top vg.Length }

// usable reports whether m is a result and not the trace of a division by zero.
func (m margins) usable() bool {
	for _, side := range []vg.Length{m.left, m.right, m.bottom, m.top} {
		if !(side > -Point && side < maxSide) {
			return false
		}
	}
	return true
}

// tracks are the margins of the columns and rows of a grid of panels, each the
// widest of its panels. What is above the data is head, and the title above it.
type tracks struct{ left, right, bottom, head, top []vg.Length }

func newTracks(cols, rows int) tracks {
	side := func(n int) []vg.Length { return make([]vg.Length, n) }
	return tracks{side(cols), side(cols), side(rows), side(rows), side(rows)}
}

// widen makes room for a panel.
func (t tracks) widen(col, row int, f fit) {
	t.left[col] = max(t.left[col], f.around.left)
	t.right[col] = max(t.right[col], f.around.right)
	t.bottom[row] = max(t.bottom[row], f.around.bottom)
	t.head[row] = max(t.head[row], f.head)
}

// titles makes room for titles above the heads.
func (t tracks) titles(row int, f fit) {
	t.top[row] = max(t.top[row], t.head[row]+f.around.top-f.head)
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

// inside returns the height from the lowest data area to the top of the highest.
func (t tracks) inside(data room) vg.Length {
	return t.around().Y + data.total() - t.top[0] - t.bottom[len(t.bottom)-1]
}

func gaps(n int) vg.Length { return vg.Length(n-1) * panelGap }

// fit is a panel made for a data area of a certain size.
type fit struct {
	plot   *gonumplot.Plot // with ticks and labels that have room, without title
	axes   margins         // what gonum draws around the data
	around margins         // and with title, legend and colour bar
	head   vg.Length       // the part of the upper margin below the title
	title  string
}

// fit prepares the panel for a data area of that size. The figure draws the
// title itself, centred on the data, and the legend outside of it.
func (p *panel) fit(data vg.Point) fit {
	q := *p.plot
	q.Title.Text = ""
	q.BackgroundColor = nil
	if p.bare {
		q.HideAxes()
		q.X.Padding, q.Y.Padding = 0, 0
		q.X.Label.Text, q.Y.Label.Text = "", ""
	}
	q.X.Label.Text = squeezed(q.X.Label.TextStyle, q.X.Label.Text, data.X)
	q.Y.Label.Text = squeezed(q.Y.Label.TextStyle, q.Y.Label.Text, data.Y)
	fitTicks(&q, data, p.slope == 0)
	f := fit{plot: &q, axes: axesRoom(&q, data)}
	if !f.axes.usable() { // gonum cannot place text wider than the whole axis
		q.X.Label.Text, q.Y.Label.Text = "", ""
		q.HideAxes()
		f.axes = axesRoom(&q, data)
	}
	m := f.axes
	m.right = max(m.right, p.bar.width(data.Y))
	barTop, barBottom := p.bar.beyond(data.Y)
	m.bottom = max(m.bottom, barBottom)
	m.top = max(m.top+legendHeight(p.legend, data.X+f.axes.right), barTop)
	f.head = m.top
	if t := p.plot.Title; t.Text != "" {
		// No wider than what is symmetric about the data.
		f.title = wrapped(t.TextStyle, t.Text, data.X+2*min(m.left, m.right))
		m.top += t.TextStyle.Rectangle(f.title).Size().Y + t.Padding
	}
	f.around = m
	return f
}

// axesRoom returns the room that axes and glyphs take around a data area.
func axesRoom(q *gonumplot.Plot, data vg.Point) margins {
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
	bases []vg.Length    // where the title of each panel stands, level within a row

	bar      *colorBar // shared by all panels; nil: each has its own
	barWidth vg.Length

	titleText string   // of the figure, in lines
	title     vg.Point // its top centre
}

// room is the size of the data areas of a grid of panels: columns of one width,
// rows each as high as its panels need.
type room struct {
	width  vg.Length
	height []vg.Length
}

// of returns the room of the panels in a row.
func (r room) of(row int) vg.Point { return vg.Point{X: r.width, Y: r.height[row]} }

func (r room) total() (h vg.Length) {
	for _, one := range r.height {
		h += one
	}
	return h
}

// arrange computes sizes and places.
func (f *Figure) arrange() arrangement {
	a := arrangement{bar: f.sharedBar()}
	panels := f.drawnPanels(a.bar != nil)
	slopes := f.slopes(panels)
	across, down := vg.Length(f.cols), vg.Length(len(slopes))
	width, height := f.width, f.height
	if width == 0 {
		width = defaultWidths[min(f.cols, len(defaultWidths))-1]
	}
	if height == 0 {
		height = min(max(maxHeight, down*6*Centimeter), maxSide)
	}
	a.titleText = wrapped(f.titleStyle(), f.title, width-2*figureMargin)
	data := scaled(slopes, 0.7*width/across)
	var t tracks
	for round := range 8 { // margins depend on ticks, ticks on sizes
		if round < 3 { // later, sizes that would go back and forth keep the wider margins
			t, a.barWidth = newTracks(f.cols, len(slopes)), 0
		}
		f.measure(t, panels, data)
		top, bottom := a.bar.beyond(t.inside(data))
		t.top[0], t.bottom[len(slopes)-1] = max(t.top[0], top), max(t.bottom[len(slopes)-1], bottom)
		a.barWidth = max(a.barWidth, a.bar.width(t.inside(data)))
		around, before := t.around(), data.width
		x := width - 2*figureMargin - around.X - a.barWidth
		y := height - 2*figureMargin - around.Y - f.titleHeight(a.titleText)
		x, y = max(minData, x/across), max(minData*down, y)
		if f.height > 0 && allFree(panels) {
			for i := range slopes {
				slopes[i] = y / down / x
			}
		}
		data = scaled(slopes, min(x, y/scaled(slopes, 1).total()))
		if data.width == before {
			break
		}
	}
	f.place(&a, panels, t, data)
	return a
}

// slopes returns for every row the height of a data area of width 1 that has
// room for each of its panels.
func (f *Figure) slopes(panels []*panel) []vg.Length {
	slopes := make([]vg.Length, (len(panels)+f.cols-1)/f.cols)
	for i, p := range panels {
		slopes[i/f.cols] = max(slopes[i/f.cols], p.heightFor(1))
	}
	return slopes
}

// scaled returns the room of rows of these slopes for columns of that width.
func scaled(slopes []vg.Length, width vg.Length) room {
	r := room{width, make([]vg.Length, len(slopes))}
	for i, s := range slopes {
		r.height[i] = width * s
	}
	return r
}

// measure makes room in t for all panels.
func (f *Figure) measure(t tracks, panels []*panel, data room) {
	fits := make([]fit, len(panels))
	for i, p := range panels {
		fits[i] = p.fit(p.within(vg.Point{}, data.of(i/f.cols)).Size())
		t.widen(i%f.cols, i/f.cols, fits[i])
	}
	for i := range fits {
		t.titles(i/f.cols, fits[i])
	}
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
func (f *Figure) place(a *arrangement, panels []*panel, t tracks, data room) {
	block := t.around().Add(vg.Point{X: vg.Length(f.cols) * data.width, Y: data.total()})
	titleHeight := f.titleHeight(a.titleText)
	needed := vg.Point{X: block.X + a.barWidth + 2*figureMargin, Y: block.Y + titleHeight + 2*figureMargin}
	a.size = vg.Point{X: max(needed.X, f.width), Y: max(needed.Y, f.height)}
	// What is left of a size asked for is divided between both sides.
	left := figureMargin + (a.size.X-needed.X)/2
	top := a.size.Y - figureMargin - (a.size.Y-needed.Y)/2
	a.title = vg.Point{X: a.size.X / 2, Y: top}
	y := top - titleHeight
	for row := range t.top {
		y -= t.top[row] + data.height[row]
		x := left
		for col := range t.left {
			x += t.left[col]
			if i := row*f.cols + col; i < len(panels) {
				area := panels[i].within(vg.Point{X: x, Y: y}, data.of(row))
				a.areas = append(a.areas, area)
				a.bases = append(a.bases, area.Max.Y+t.head[row])
			}
			x += data.width + t.right[col] + panelGap
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

package plot

import (
	"fmt"
	"math"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Figure is one plot, or a grid of plots, with what belongs to them. It is made
// by the functions of this package, shown by a notebook and written by
// [Figure.Save].
type Figure struct {
	title         string
	panels        []*panel // row by row
	cols          int
	width, height vg.Length // 0: chosen
}

// newFigure returns a figure of one panel.
func newFigure(p *panel, width, height vg.Length) *Figure {
	return &Figure{panels: []*panel{p}, cols: 1, width: width, height: height}
}

// made returns an error for a figure that no function of this package made.
func (f *Figure) made(op string) error {
	if f != nil && len(f.panels) > 0 {
		return nil
	}
	return invalid(op, "figure", "check the error of the function that made it; figures are made by Field, Trajectory, …",
		"is nil or was not made by this package")
}

// checkSize returns an error for a size that cannot be drawn.
func checkSize(op string, width, height vg.Length) error {
	for _, side := range []struct {
		name string
		l    vg.Length
	}{{"Width", width}, {"Height", height}} {
		switch {
		case side.l == 0:
		case !(side.l >= Centimeter) || side.l > maxSide:
			return invalid(op, side.name, "write a length as in Width: 8.5 * plot.Centimeter, or leave it 0",
				"is %.4g cm; it must be 1 to %.0f cm, or 0 to be chosen",
				float64(side.l/Centimeter), float64(maxSide/Centimeter))
		}
	}
	return nil
}

// Plot returns the gonum plot of the figure, or of its first panel, to change
// titles, axes and legend or to add plotters of any kind. Changes show when
// the figure is drawn next. Ticks are chosen by the figure as long as the
// Tick.Marker of an axis is not replaced.
func (f *Figure) Plot() *gonumplot.Plot {
	if len(f.panels) == 0 { // not made by this package
		return nil
	}
	return f.panels[0].plot
}

// NumPanels returns the number of panels.
func (f *Figure) NumPanels() int { return len(f.panels) }

// Panel returns the gonum plot of panel i, counted row by row from 0.
func (f *Figure) Panel(i int) (*gonumplot.Plot, error) {
	if err := f.made("Figure.Panel"); err != nil {
		return nil, err
	}
	if i < 0 || i >= len(f.panels) {
		return nil, invalid("Figure.Panel", "i", "count the panels row by row from 0", "is %d; the figure has panels 0 to %d", i, len(f.panels)-1)
	}
	return f.panels[i].plot, nil
}

// SetTitle sets the title above the figure.
func (f *Figure) SetTitle(title string) {
	if len(f.panels) == 1 {
		f.panels[0].plot.Title.Text = title
	} else {
		f.title = title
	}
}

// SetSize sets width and height on paper. 0 leaves one of them to the figure;
// a field keeps its proportions whatever the size.
func (f *Figure) SetSize(width, height vg.Length) error {
	const op = "Figure.SetSize"
	if err := f.made(op); err != nil {
		return err
	}
	if err := checkSize(op, width, height); err != nil {
		return err
	}
	f.width, f.height = width, height
	return nil
}

// String returns a short description: Figure(10.0×9.1 cm, 1 panel).
func (f *Figure) String() string {
	if f == nil {
		return "Figure(nil)"
	}
	a, err := f.arranged("Figure.String")
	if err != nil {
		return fmt.Sprintf("Figure(%s)", f.panelCount())
	}
	return f.describe(a)
}

func (f *Figure) describe(a arrangement) string {
	return fmt.Sprintf("Figure(%.1f×%.1f cm, %s)", a.size.X/Centimeter, a.size.Y/Centimeter, f.panelCount())
}

func (f *Figure) panelCount() string {
	if len(f.panels) == 1 {
		return "1 panel"
	}
	return fmt.Sprintf("%d panels", len(f.panels))
}

// arranged is arrange for plots that a user may have changed so that they
// cannot be drawn.
func (f *Figure) arranged(op string) (a arrangement, err error) {
	if err := f.made(op); err != nil {
		return arrangement{}, err
	}
	err = safely(op, func() { a = f.arrange() })
	return a, err
}

// sharedBar returns the bar that stands for the bars of all panels, or nil if
// they differ, some panel has none, or there is one panel only.
func (f *Figure) sharedBar() *colorBar {
	if len(f.panels) < 2 {
		return nil
	}
	first := f.panels[0].bar
	for _, p := range f.panels {
		if !first.sameScale(p.bar) {
			return nil
		}
	}
	for _, p := range f.panels[1:] {
		first = first.merged(p.bar)
	}
	return first
}

// drawnPanels returns the panels as they are drawn: without bars of their own
// if the figure has one for all.
func (f *Figure) drawnPanels(shared bool) []*panel {
	if !shared {
		return f.panels
	}
	drawn := make([]*panel, len(f.panels))
	for i, p := range f.panels {
		q := *p
		q.bar = nil
		drawn[i] = &q
	}
	return drawn
}

func (f *Figure) titleStyle() draw.TextStyle {
	style := textStyle(titleSize + 1*Point)
	style.XAlign, style.YAlign = draw.XCenter, draw.YTop
	return style
}

// titleHeight returns the room that the figure's title takes, broken into lines.
func (f *Figure) titleHeight(lines string) vg.Length {
	if lines == "" {
		return 0
	}
	return f.titleStyle().Rectangle(lines).Size().Y + 6*Point
}

// drawOn draws the figure on a canvas of the size of a.
func (f *Figure) drawOn(c vg.CanvasSizer, a arrangement) {
	if bg := f.panels[0].plot.BackgroundColor; bg != nil {
		c.SetColor(bg)
		c.Fill(vg.Rectangle{Max: a.size}.Path())
	}
	if a.titleText != "" {
		dc := draw.New(c)
		style := f.titleStyle()
		dc.FillText(style, vg.Point{X: a.title.X, Y: a.title.Y + style.FontExtents().Descent}, a.titleText)
	}
	for i, p := range f.drawnPanels(a.bar != nil) {
		p.drawOn(c, a.areas[i], a.bases[i])
	}
	if a.bar == nil {
		return
	}
	all := a.areas[0]
	for _, r := range a.areas[1:] {
		all.Min.X, all.Min.Y = min(all.Min.X, r.Min.X), min(all.Min.Y, r.Min.Y)
		all.Max.X, all.Max.Y = max(all.Max.X, r.Max.X), max(all.Max.Y, r.Max.Y)
	}
	a.bar.draw(c, all)
}

// drawOn draws the panel so that its data area is area and its title stands on
// base.
func (p *panel) drawOn(c vg.CanvasSizer, area vg.Rectangle, base vg.Length) {
	f := p.fit(area.Size())
	f.plot.Draw(draw.Canvas{Canvas: c, Rectangle: vg.Rectangle{
		Min: vg.Point{X: area.Min.X - f.axes.left, Y: area.Min.Y - f.axes.bottom},
		Max: vg.Point{X: area.Max.X + f.axes.right, Y: area.Max.Y + f.axes.top},
	}})
	if f.title != "" {
		t := p.plot.Title
		t.TextStyle.YAlign = draw.YBottom
		at := vg.Point{X: center(area).X, Y: base + t.Padding + t.TextStyle.FontExtents().Descent}
		dc := draw.Canvas{Canvas: c, Rectangle: area}
		dc.FillText(t.TextStyle, at, f.title)
	}
	if len(p.legend) > 0 {
		corner := vg.Point{X: area.Min.X, Y: area.Max.Y + f.axes.top}
		drawLegend(c, p.legend, corner, area.Size().X+f.axes.right)
	}
	if p.bar != nil {
		p.bar.draw(c, area)
	}
}

// cssPixels returns a length in pixels of a web page, rounded.
func cssPixels(l vg.Length) int { return int(math.Round(float64(l / Pixel))) }

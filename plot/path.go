package plot

import (
	"image/color"
	"math"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// pathPlotter draws a path, plain or coloured by time.
type pathPlotter struct {
	x, y    []float64 // both NaN where the path is interrupted
	color   color.Color
	width   vg.Length
	times   []float64 // nil: one colour
	limits  Limits
	palette Palette
}

func (d *pathPlotter) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax = finiteRange(d.x)
	ymin, ymax = finiteRange(d.y)
	return xmin, xmax, ymin, ymax
}

// bar returns the colour bar of a path coloured by time.
func (d *pathPlotter) bar(label string) *colorBar {
	if label == "" {
		label = "time (s)"
	}
	return &colorBar{limits: d.limits, palette: d.palette, label: label}
}

func (d *pathPlotter) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	var (
		colors = cellPalette(d.palette)
		style  = draw.LineStyle{Color: d.color, Width: d.width}
		line   []vg.Point
		shade  uint8
	)
	finish := func() {
		if d.times != nil {
			style.Color = colors[shade]
		}
		strokePath(c, style, c.ClipLinesXY(line))
		line = line[:0]
	}
	for i := range d.x {
		if math.IsNaN(d.x[i]) {
			finish()
			continue
		}
		at := vg.Point{X: x(d.x[i]), Y: y(d.y[i])}
		if d.times != nil {
			if next := cellIndex(d.times[i], d.limits); next != shade {
				line = append(line, at)
				finish()
				line, shade = append(line, at), next
				continue
			}
		}
		if n := len(line); n > 0 && near(line[n-1], at) && i < len(d.x)-1 {
			continue // a step too small to see
		}
		line = append(line, at)
	}
	finish()
}

// strokePath strokes lines in pieces: the time that a bitmap canvas takes for
// one line grows with the square of its length. Pieces overlap by a segment, so
// that joints look alike everywhere; where that would show, because the colour
// is not opaque, lines stay whole.
func strokePath(c draw.Canvas, style draw.LineStyle, lines [][]vg.Point) {
	const piece = 200
	_, _, _, alpha := style.Color.RGBA()
	for _, line := range lines {
		for alpha == 0xffff && len(line) > piece {
			c.StrokeLines(style, line[:piece])
			line = line[piece-2:]
		}
		if len(line) > 1 {
			c.StrokeLines(style, line)
		}
	}
}

// near reports whether two points are closer than any device shows.
func near(a, b vg.Point) bool {
	const eye = 0.1 * Point
	dx, dy := a.X-b.X, a.Y-b.Y
	return dx*dx+dy*dy < eye*eye
}

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
	x, y    []float64
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
		line   []vg.Point
		shade  uint8
	)
	stroke := func() {
		if len(line) > 1 {
			style := draw.LineStyle{Color: d.color, Width: d.width}
			if d.times != nil {
				style.Color = colors[shade]
			}
			c.StrokeLines(style, c.ClipLinesXY(line)...)
		}
	}
	for i := range d.x {
		if math.IsNaN(d.x[i]) || math.IsNaN(d.y[i]) {
			stroke()
			line = line[:0]
			continue
		}
		at := vg.Point{X: x(d.x[i]), Y: y(d.y[i])}
		if d.times != nil {
			if next := cellIndex(d.times[i], d.limits); next != shade {
				line = append(line, at)
				stroke()
				line, shade = append(line[:0], at), next
				continue
			}
		}
		if n := len(line); n > 0 && near(line[n-1], at) && i < len(d.x)-1 {
			continue // a step too small to see
		}
		line = append(line, at)
	}
	stroke()
}

// near reports whether two points are closer than any device shows.
func near(a, b vg.Point) bool {
	const eye = 0.1 * Point
	dx, dy := a.X-b.X, a.Y-b.Y
	return dx*dx+dy*dy < eye*eye
}

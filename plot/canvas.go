package plot

import (
	"image"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// cellCanvas is a canvas that paints pictures of cells with hard edges.
type cellCanvas interface {
	drawCells(rect vg.Rectangle, img *image.Paletted)
}

// drawCells paints a picture of cells on any canvas. Canvases of others
// interpolate pictures, and so do viewers of PDF: they are given one so fine
// that the blur is not seen.
func drawCells(c vg.Canvas, rect vg.Rectangle, img *image.Paletted) {
	for { // gonum wraps the canvas of a plot
		wrapped, ok := c.(draw.Canvas)
		if !ok {
			break
		}
		c = wrapped.Canvas
	}
	if cc, ok := c.(cellCanvas); ok {
		cc.drawCells(rect, img)
		return
	}
	const fine = 1500 // pixels on the longer side
	c.DrawImage(rect, enlarged(img, fine/max(img.Rect.Dx(), img.Rect.Dy(), 1)))
}

package plot

import (
	"image"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// bitmapCanvas is a vgimg canvas that paints cells pixel by pixel. It does so
// as long as nobody has moved the origin.
type bitmapCanvas struct {
	*vgimg.Canvas
	moved  bool
	pushed []bool
}

func newBitmapCanvas(w, h vg.Length, dpi int) *bitmapCanvas {
	return &bitmapCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(dpi))}
}

func (c *bitmapCanvas) Push()                 { c.pushed = append(c.pushed, c.moved); c.Canvas.Push() }
func (c *bitmapCanvas) Rotate(t float64)      { c.moved = true; c.Canvas.Rotate(t) }
func (c *bitmapCanvas) Translate(pt vg.Point) { c.moved = true; c.Canvas.Translate(pt) }
func (c *bitmapCanvas) Scale(x, y float64)    { c.moved = true; c.Canvas.Scale(x, y) }

func (c *bitmapCanvas) Pop() {
	last := len(c.pushed) - 1
	c.moved, c.pushed = c.pushed[last], c.pushed[:last]
	c.Canvas.Pop()
}

func (c *bitmapCanvas) drawCells(rect vg.Rectangle, img *image.Paletted) {
	dst, ok := c.Image().(*image.RGBA)
	if !ok || c.moved {
		drawCells(c.Canvas, rect, img)
		return
	}
	dots := func(l vg.Length) int { return int(math.Round(l.Dots(c.DPI()))) }
	height := dst.Rect.Dy()
	blit(dst, image.Rect(dots(rect.Min.X), height-dots(rect.Max.Y), dots(rect.Max.X), height-dots(rect.Min.Y)), img)
}

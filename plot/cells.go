package plot

import (
	"image"
	"image/color"
)

// NaNColor is the colour of bins whose value is NaN: a grey that no palette
// contains.
var NaNColor = color.RGBA{R: 0xc4, G: 0xc4, B: 0xc4, A: 0xff}

// A picture of cells is paletted, which keeps it small in SVG and PDF: index 0
// is transparent (not active), index 1 NaN, and the others are a palette
// sampled at 254 evenly spaced colours, both ends included.
const (
	cellInactive = 0
	cellNaN      = 1
	cellFirst    = 2
	cellLevels   = 256 - cellFirst
)

// cellPalette returns the colours of a picture of cells.
func cellPalette(p Palette) color.Palette {
	c := make(color.Palette, 256)
	c[cellInactive] = color.RGBA{}
	c[cellNaN] = NaNColor
	table := paletteData[p].table
	for i := range cellLevels {
		c[cellFirst+i] = table[(i*255+(cellLevels-1)/2)/(cellLevels-1)]
	}
	return c
}

// cellIndex returns the colour index of a value.
func cellIndex(v float64, l Limits) uint8 {
	if v != v {
		return cellNaN
	}
	return uint8(cellFirst + level(v, l.Min, l.Max, cellLevels))
}

// cellImage returns the picture of a grid of nx by ny cells, y upwards. Value i
// belongs to cell where[i], counted in C order with x first (ix*ny + iy); the
// cells of no value are transparent.
func cellImage(nx, ny int, where []int, field []float64, l Limits, p Palette) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, nx, ny), cellPalette(p))
	for i, at := range where {
		ix, iy := at/ny, at%ny
		img.Pix[(ny-1-iy)*img.Stride+ix] = cellIndex(field[i], l)
	}
	return img
}

package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/palette"
)

// colorMap is a palette.ColorMap over one of our tables.
type colorMap struct {
	table    *rgbTable
	min, max float64
	alpha    float64
}

var _ palette.ColorMap = (*colorMap)(nil)

func (m *colorMap) At(v float64) (color.Color, error) {
	switch {
	case math.IsNaN(v):
		return nil, palette.ErrNaN
	case v < m.min:
		return nil, palette.ErrUnderflow
	case v > m.max:
		return nil, palette.ErrOverflow
	}
	return m.fade(m.table[level(v, m.min, m.max, len(m.table))]), nil
}

// fade gives c the opacity of the map.
func (m *colorMap) fade(c color.RGBA) color.Color {
	if m.alpha == 1 {
		return c
	}
	return color.NRGBA{R: c.R, G: c.G, B: c.B, A: uint8(255*m.alpha + 0.5)}
}

func (m *colorMap) Max() float64     { return m.max }
func (m *colorMap) SetMax(v float64) { m.max = v }
func (m *colorMap) Min() float64     { return m.min }
func (m *colorMap) SetMin(v float64) { m.min = v }
func (m *colorMap) Alpha() float64   { return m.alpha }
func (m *colorMap) SetAlpha(a float64) { // the interface asks for this panic
	if !(a >= 0 && a <= 1) {
		panic("plot: alpha of a colour map is not between 0 and 1")
	}
	m.alpha = a
}

// Palette returns n colours, evenly spaced from the first to the last.
func (m *colorMap) Palette(n int) palette.Palette {
	list := make(colorList, max(n, 0))
	for i := range list {
		at := 0.0
		if n > 1 {
			at = float64(i) / float64(n-1)
		}
		list[i] = m.fade(m.table[int(at*255+0.5)])
	}
	return list
}

type colorList []color.Color

func (l colorList) Colors() []color.Color { return l }

// level returns in which of n equal steps from min to max v lies; values
// beyond the ends belong to the first and last step.
func level(v, min, max float64, n int) int {
	i := int(float64(n) * ((v - min) / (max - min)))
	switch {
	case v >= max || i >= n: // v can be so far beyond that i overflows
		return n - 1
	case v <= min || i < 0:
		return 0
	}
	return i
}

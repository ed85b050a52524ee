package plot

import (
	"errors"
	"image/color"
	"math"
	"testing"

	"gonum.org/v1/plot/palette"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// Known entries are the rounded values of matplotlib's _cm_listed.py.
func TestPaletteKnownColors(t *testing.T) {
	for _, tt := range []struct {
		p    Palette
		i    int
		want color.RGBA
	}{
		{PaletteViridis, 0, color.RGBA{0x44, 0x01, 0x54, 0xff}},
		{PaletteViridis, 1, color.RGBA{0x44, 0x02, 0x56, 0xff}},
		{PaletteViridis, 64, color.RGBA{0x3b, 0x52, 0x8b, 0xff}},
		{PaletteViridis, 128, color.RGBA{0x21, 0x91, 0x8c, 0xff}},
		{PaletteViridis, 255, color.RGBA{0xfd, 0xe7, 0x25, 0xff}},
		{PaletteMagma, 0, color.RGBA{0x00, 0x00, 0x04, 0xff}},
		{PaletteMagma, 128, color.RGBA{0xb7, 0x37, 0x79, 0xff}},
		{PaletteMagma, 255, color.RGBA{0xfc, 0xfd, 0xbf, 0xff}},
		{PaletteInferno, 128, color.RGBA{0xbc, 0x37, 0x54, 0xff}},
		{PaletteInferno, 255, color.RGBA{0xfc, 0xff, 0xa4, 0xff}},
		{PalettePlasma, 0, color.RGBA{0x0d, 0x08, 0x87, 0xff}},
		{PalettePlasma, 255, color.RGBA{0xf0, 0xf9, 0x21, 0xff}},
		{PaletteCividis, 0, color.RGBA{0x00, 0x22, 0x4e, 0xff}},
		{PaletteCividis, 128, color.RGBA{0x7d, 0x7c, 0x78, 0xff}},
		{PaletteCividis, 255, color.RGBA{0xfe, 0xe8, 0x38, 0xff}},
	} {
		if got := tt.p.Colors()[tt.i]; got != tt.want {
			t.Errorf("%v[%d] = %v, want %v", tt.p, tt.i, got, tt.want)
		}
	}
}

// lightness returns L* of CIELAB.
func lightness(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(u uint32) float64 {
		v := float64(u) / 0xffff
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	y := 0.2126729*linear(r) + 0.7151522*linear(g) + 0.0721750*linear(b)
	if y <= 216.0/24389 {
		return y * 24389 / 27
	}
	return 116*math.Cbrt(y) - 16
}

func TestPaletteLightnessIsEven(t *testing.T) {
	for _, p := range Palettes() {
		c := p.Colors()
		if len(c) != 256 {
			t.Fatalf("%v has %d colours", p, len(c))
		}
		last := len(c) - 1
		if p.Diverging() {
			last = 127
		}
		rise := lightness(c[last]) - lightness(c[0])
		if rise < 60 {
			t.Errorf("%v spans a lightness of %.1f only", p, rise)
		}
		for i := 1; i <= last; i++ {
			if step := lightness(c[i]) - lightness(c[i-1]); step < -0.5 || step > 4*rise/float64(last) {
				t.Errorf("%v: lightness steps by %.2f at %d of a rise of %.1f", p, step, i, rise)
			}
		}
	}
}

// BlueRed follows the formula that its comment states.
func TestPaletteBlueRedSymmetric(t *testing.T) {
	c := PaletteBlueRed.Colors()
	for i, have := range c {
		u := math.Abs(float64(2*i-255) / 255)
		if got, want := lightness(have), 97-67*u; math.Abs(got-want) > 0.6 {
			t.Errorf("lightness of %d is %.2f, want %.2f", i, got, want)
		}
		r, _, b, _ := have.RGBA()
		if i < 120 && r >= b || i > 135 && r <= b {
			t.Errorf("%d is %v: blue belongs below the centre, red above", i, have)
		}
	}
}

func TestPaletteNames(t *testing.T) {
	for _, p := range Palettes() {
		if got, err := ParsePalette(p.String()); got != p || err != nil {
			t.Errorf("ParsePalette(%q) = %v, %v", p.String(), got, err)
		}
	}
	if Palette(99).Colors() != nil || Palette(-1).String() != "Palette(-1)" {
		t.Error("a number that names no palette has colours or a name")
	}
	if _, err := Palette(99).ColorMap(0, 1); !errors.Is(err, ns.ErrInvalid) {
		t.Errorf("ColorMap of no palette: %v", err)
	}
}

func TestColorMap(t *testing.T) {
	m, err := PaletteViridis.ColorMap(10, 20)
	if err != nil {
		t.Fatal(err)
	}
	c := PaletteViridis.Colors()
	for _, tt := range []struct {
		v    float64
		want color.Color
		err  error
	}{
		{10, c[0], nil},
		{20, c[255], nil},
		{15, c[128], nil},
		{9.9, nil, palette.ErrUnderflow},
		{20.1, nil, palette.ErrOverflow},
		{math.NaN(), nil, palette.ErrNaN},
	} {
		if got, err := m.At(tt.v); got != tt.want || err != tt.err {
			t.Errorf("At(%v) = %v, %v, want %v, %v", tt.v, got, err, tt.want, tt.err)
		}
	}
	if got := m.Palette(3).Colors(); got[0] != c[0] || got[1] != c[128] || got[2] != c[255] {
		t.Errorf("Palette(3) = %v", got)
	}
	m.SetAlpha(0.5)
	m.SetMax(30)
	if got, _ := m.At(20); got != (color.NRGBA{R: 0x21, G: 0x91, B: 0x8c, A: 128}) {
		t.Errorf("half transparent, half way: %v", got)
	}
	for _, l := range []Limits{{1, 1}, {2, 1}, {0, math.Inf(1)}, {math.NaN(), 1}} {
		if _, err := PaletteViridis.ColorMap(l.Min, l.Max); !errors.Is(err, ns.ErrInvalid) {
			t.Errorf("ColorMap(%v, %v): %v", l.Min, l.Max, err)
		}
	}
}

// Every level of a picture of cells is a colour of the table, the ends exactly.
func TestCellPalette(t *testing.T) {
	c, table := cellPalette(PaletteMagma), PaletteMagma.Colors()
	if c[cellFirst] != table[0] || c[255] != table[255] {
		t.Errorf("ends are %v and %v", c[cellFirst], c[255])
	}
	if _, _, _, a := c[cellInactive].RGBA(); a != 0 || c[cellNaN] != nanColor {
		t.Errorf("inactive %v, NaN %v", c[cellInactive], c[cellNaN])
	}
	for _, p := range Palettes() {
		for i, color := range p.Colors() {
			if color == nanColor {
				t.Errorf("%v contains the colour of NaN at %d", p, i)
			}
		}
	}
}

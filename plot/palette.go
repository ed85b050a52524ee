package plot

import (
	"encoding/hex"
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot/palette"
)

// Palette names a table of 256 colours. The zero value is viridis. A Palette
// is a gonum palette.Palette; [Palette.ColorMap] makes it a palette.ColorMap.
type Palette int

// The palettes. All but the last run from dark to light. PaletteBlueRed is for
// differences and correlations: its centre is white, and automatic limits are
// symmetric about zero.
const (
	PaletteViridis Palette = iota // blue, green, yellow; the default
	PaletteMagma                  // black, purple, cream
	PaletteInferno                // black, red, yellow
	PalettePlasma                 // blue, pink, yellow
	PaletteCividis                // blue, grey, yellow: the same with and without red-green blindness
	PaletteBlueRed                // blue, white, red
	numPalettes
)

// rgbTable is a palette's colours, lowest value first.
type rgbTable [256]color.RGBA

var paletteData = [numPalettes]struct {
	name  string
	table *rgbTable
}{
	PaletteViridis: {"viridis", mustTable(viridisTable)},
	PaletteMagma:   {"magma", mustTable(magmaTable)},
	PaletteInferno: {"inferno", mustTable(infernoTable)},
	PalettePlasma:  {"plasma", mustTable(plasmaTable)},
	PaletteCividis: {"cividis", mustTable(cividisTable)},
	PaletteBlueRed: {"bluered", mustTable(blueRedTable)},
}

// mustTable decodes one of the tables of this package.
func mustTable(s string) *rgbTable {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 256*3 {
		panic(fmt.Sprintf("plot: palette table of %d bytes: %v", len(b), err))
	}
	t := new(rgbTable)
	for i := range t {
		t[i] = color.RGBA{R: b[3*i], G: b[3*i+1], B: b[3*i+2], A: 255}
	}
	return t
}

// Palettes returns all palettes, the default first.
func Palettes() []Palette {
	all := make([]Palette, numPalettes)
	for i := range all {
		all[i] = Palette(i)
	}
	return all
}

// ParsePalette returns the palette of that name, in upper or lower case:
// "viridis", "magma", "inferno", "plasma", "cividis" or "bluered".
func ParsePalette(name string) (Palette, error) {
	for _, p := range Palettes() {
		if strings.EqualFold(name, p.String()) {
			return p, nil
		}
	}
	return 0, invalid("ParsePalette", "name", "use one of "+paletteNames(), "%q is not a palette", name)
}

func paletteNames() string {
	names := make([]string, numPalettes)
	for i, p := range Palettes() {
		names[i] = p.String()
	}
	return strings.Join(names, ", ")
}

// String returns the name of p, such as "viridis".
func (p Palette) String() string {
	if !p.valid() {
		return fmt.Sprintf("Palette(%d)", int(p))
	}
	return paletteData[p].name
}

func (p Palette) valid() bool { return p >= 0 && p < numPalettes }

// check returns an error for a number that names no palette.
func (p Palette) check(op string) error {
	if p.valid() {
		return nil
	}
	return invalid(op, "Palette", "use one of "+paletteNames(), "%d is not a palette", int(p))
}

// Diverging reports whether p has a neutral centre, with a hue for either side.
func (p Palette) Diverging() bool { return p == PaletteBlueRed }

// Colors returns the 256 colours, that of the lowest value first. A number that
// names no palette has no colours.
func (p Palette) Colors() []color.Color {
	if !p.valid() {
		return nil
	}
	c := make([]color.Color, 256)
	for i, rgb := range paletteData[p].table {
		c[i] = rgb
	}
	return c
}

// ColorMap returns a new map of the values from min to max onto p, for the
// plotters of gonum that ask for one. A number that names no palette, and a
// range that is empty or not finite, are errors.
func (p Palette) ColorMap(min, max float64) (palette.ColorMap, error) {
	if err := p.check("Palette.ColorMap"); err != nil {
		return nil, err
	}
	if err := (Limits{min, max}).check("Palette.ColorMap"); err != nil {
		return nil, err
	}
	return &colorMap{table: paletteData[p].table, min: min, max: max, alpha: 1}, nil
}

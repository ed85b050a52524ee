package plot

import (
	"image"
	"image/color"
	"math"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// nanColor is the colour of bins whose value is NaN: a grey that no palette
// contains.
var nanColor = color.RGBA{R: 0xc4, G: 0xc4, B: 0xc4, A: 0xff}

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
	c[cellNaN] = nanColor
	table := paletteData[p].table
	for i := range cellLevels {
		c[cellFirst+i] = table[(i*255+(cellLevels-1)/2)/(cellLevels-1)]
	}
	return c
}

// cellIndex returns the colour index of a value.
func cellIndex(v float64, l Limits) uint8 {
	if math.IsNaN(v) {
		return cellNaN
	}
	return uint8(cellFirst + level(v, l.Min, l.Max, cellLevels))
}

// picture tells which bin of a plane each cell of a fine or coarse raster shows.
type picture struct {
	nx, ny int
	bin    []int32    // row by row from the top, [nx*ny]; ns.Outside where there is no bin
	fine   bool       // cells are far smaller than bins
	x, y   [2]float64 // coordinates of the left and right, lower and upper border
}

// pictureOf returns the raster of a 2-D environment: its own cells if they form
// an even grid, else a fine one of the polygons of its bins or, if these are not
// known, of which bin contains each of many points.
func pictureOf(env *ns.Environment) (*picture, error) {
	if shape := env.GridShape(); shape != nil && env.LayoutKind() != kindPolar {
		if edges := env.GridEdges(); even(edges[0]) && even(edges[1]) {
			at := gridBins(env)
			nx, ny := shape[0], shape[1]
			p := newPicture(nx, ny, edges[0], edges[1])
			for i := range p.bin {
				p.bin[i] = at[i%nx*ny+(ny-1-i/nx)]
			}
			return p, nil
		}
	}
	if corners := binCorners(env); corners != nil {
		return polygonPicture(corners), nil
	}
	return sampledPicture(env)
}

// newPicture returns a picture of the area between the outermost edges.
func newPicture(nx, ny int, xEdges, yEdges []float64) *picture {
	return &picture{
		nx: nx, ny: ny, bin: make([]int32, nx*ny),
		x: [2]float64{xEdges[0], xEdges[len(xEdges)-1]},
		y: [2]float64{yEdges[0], yEdges[len(yEdges)-1]},
	}
}

// slicePicture returns the raster of layer k along z of a 3-D grid.
func slicePicture(shape []int, edges [][]float64, at []int32, k int) *picture {
	nx, ny, nz := shape[0], shape[1], shape[2]
	p := newPicture(nx, ny, edges[0], edges[1])
	for i := range p.bin {
		p.bin[i] = at[(i%nx*ny+(ny-1-i/nx))*nz+k]
	}
	return p
}

// gridBins returns the bin of every cell of a grid in C order, or ns.Outside.
func gridBins(env *ns.Environment) []int32 {
	active := env.ActiveMask()
	at := make([]int32, len(active))
	n := int32(0)
	for c, on := range active {
		at[c] = ns.Outside
		if on {
			at[c] = n
			n++
		}
	}
	return at
}

// even reports whether edges are evenly spaced up to rounding.
func even(edges []float64) bool {
	n := len(edges) - 1
	width := (edges[n] - edges[0]) / float64(n)
	for i, e := range edges {
		if math.Abs(e-(edges[0]+float64(i)*width)) > 1e-6*width {
			return false
		}
	}
	return true
}

// finePicture returns a picture of an area that shows nothing yet.
func finePicture(x, y [2]float64) *picture {
	const longSide = 1000
	dx, dy := x[1]-x[0], y[1]-y[0]
	step := max(dx, dy) / longSide
	p := newPicture(max(1, int(math.Ceil(dx/step))), max(1, int(math.Ceil(dy/step))), x[:], y[:])
	p.fine = true
	for i := range p.bin {
		p.bin[i] = ns.Outside
	}
	return p
}

// sampledPicture asks the environment which bin contains the centre of each
// pixel of a fine raster.
func sampledPicture(env *ns.Environment) (*picture, error) {
	r := env.DimensionRanges()
	p := finePicture(r[0], r[1])
	nx, ny, dx, dy := p.nx, p.ny, r[0][1]-r[0][0], r[1][1]-r[1][0]
	flat := make([]float64, 0, 2*nx*ny)
	for iy := range ny {
		y := r[1][1] - (float64(iy)+0.5)*dy/float64(ny)
		for ix := range nx {
			flat = append(flat, r[0][0]+(float64(ix)+0.5)*dx/float64(nx), y)
		}
	}
	points, err := ns.PointsOfFlat(2, flat)
	if err != nil {
		return nil, err
	}
	bins, err := env.BinAt(points)
	if err != nil {
		return nil, err
	}
	for i, b := range bins {
		p.bin[i] = int32(b)
	}
	return p, nil
}

// paint returns the image of a field.
func (p *picture) paint(field []float64, l Limits, pal Palette) *image.Paletted {
	index := make([]uint8, len(field))
	for i, v := range field {
		index[i] = cellIndex(v, l)
	}
	return p.paintIndex(index, cellPalette(pal))
}

// paintIndex returns the image of one colour index per bin.
func (p *picture) paintIndex(index []uint8, colors color.Palette) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, p.nx, p.ny), colors)
	for i, b := range p.bin {
		if b >= 0 {
			img.Pix[i] = index[b]
		}
	}
	return img
}

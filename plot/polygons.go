package plot

import (
	"math"
	"slices"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// binCorners returns the corners of every bin of a 2-D environment, or nil if
// its layout does not know them.
func binCorners(env *ns.Environment) []ns.Points {
	if env.LayoutKind() == kindPolar {
		return sectorCorners(env)
	}
	corners := make([]ns.Points, env.NumBins())
	for i := range corners {
		c, err := env.BinCorners(i)
		if err != nil || c.Len() < 3 {
			return nil
		}
		corners[i] = c
	}
	return corners
}

// polygonPicture returns the raster of bins that are polygons.
func polygonPicture(bins []ns.Points) *picture {
	x := [2]float64{math.Inf(1), math.Inf(-1)}
	y := x
	for _, b := range bins {
		for i := range b.Len() {
			x[0], x[1] = min(x[0], b.At(i, 0)), max(x[1], b.At(i, 0))
			y[0], y[1] = min(y[0], b.At(i, 1)), max(y[1], b.At(i, 1))
		}
	}
	p := finePicture(x, y)
	for bin, corners := range bins {
		p.fill(corners, int32(bin))
	}
	return p
}

// fill gives a bin the pixels whose centres lie within its corners.
func (p *picture) fill(corners ns.Points, bin int32) {
	column := func(x float64) float64 { return (x-p.x[0])/(p.x[1]-p.x[0])*float64(p.nx) - 0.5 }
	row := func(y float64) float64 { return (p.y[1]-y)/(p.y[1]-p.y[0])*float64(p.ny) - 0.5 }
	n := corners.Len()
	top, bottom := math.Inf(1), math.Inf(-1)
	for i := range n {
		r := row(corners.At(i, 1))
		top, bottom = min(top, r), max(bottom, r)
	}
	var crossings []float64
	for iy := max(0, int(math.Ceil(top))); iy < p.ny && float64(iy) <= bottom; iy++ {
		crossings = crossings[:0]
		for i := range n {
			j := (i + 1) % n
			r0, r1 := row(corners.At(i, 1)), row(corners.At(j, 1))
			if (r0 <= float64(iy)) == (r1 <= float64(iy)) {
				continue
			}
			c0, c1 := column(corners.At(i, 0)), column(corners.At(j, 0))
			crossings = append(crossings, c0+(float64(iy)-r0)/(r1-r0)*(c1-c0))
		}
		slices.Sort(crossings)
		for k := 0; k+1 < len(crossings); k += 2 {
			for ix := max(0, int(math.Ceil(crossings[k]))); ix < p.nx && float64(ix) < crossings[k+1]; ix++ {
				p.bin[iy*p.nx+ix] = bin
			}
		}
	}
}

// polygonPlotter draws the borders of bins.
type polygonPlotter struct{ bins []ns.Points }

func (d *polygonPlotter) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	size := func(b ns.Points) vg.Length {
		lo, hi := finiteRange(b.Column(0))
		low, high := finiteRange(b.Column(1))
		return min(x(hi)-x(lo), y(high)-y(low))
	}
	if size(d.bins[0]) < 3*binBorder.Width {
		return // borders would cover the bins
	}
	var lines vg.Path
	for _, b := range d.bins {
		for i := range b.Len() {
			at := vg.Point{X: x(b.At(i, 0)), Y: y(b.At(i, 1))}
			if i == 0 {
				lines.Move(at)
			} else {
				lines.Line(at)
			}
		}
		lines.Close()
	}
	c.SetLineStyle(binBorder)
	c.Stroke(lines)
}

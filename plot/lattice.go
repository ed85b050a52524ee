package plot

import (
	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// lattice places the borders of the cells of a picture on a canvas.
type lattice struct {
	pic  *picture
	x, y func(float64) vg.Length
}

func (p *picture) lattice(c draw.Canvas, q *gonumplot.Plot) lattice {
	x, y := q.Transforms(&c)
	return lattice{p, x, y}
}

// at returns the upper left corner of a cell.
func (l lattice) at(ix, iy int) vg.Point {
	p := l.pic
	return vg.Point{
		X: l.x(p.x[0] + float64(ix)*(p.x[1]-p.x[0])/float64(p.nx)),
		Y: l.y(p.y[1] - float64(iy)*(p.y[1]-p.y[0])/float64(p.ny)),
	}
}

// size returns width and height of a cell.
func (l lattice) size() vg.Point {
	a, b := l.at(0, 1), l.at(1, 0)
	return b.Sub(a)
}

// bin returns the bin that a cell shows, ns.Outside beyond the picture.
func (l lattice) bin(ix, iy int) int32 {
	if ix < 0 || iy < 0 || ix >= l.pic.nx || iy >= l.pic.ny {
		return ns.Outside
	}
	return l.pic.bin[iy*l.pic.nx+ix]
}

// lines returns the borders between cells whose bins are to be divided, each
// straight run as one line, drawn out by half its width so that corners close.
func (l lattice) lines(width vg.Length, divided func(a, b int32) bool) vg.Path {
	var path vg.Path
	line := func(from, to vg.Point) {
		out := to.Sub(from)
		out = out.Scale(width / 2 / max(out.X, out.Y, -out.X, -out.Y))
		path.Move(from.Sub(out))
		path.Line(to.Add(out))
	}
	for ix := range l.pic.nx + 1 {
		runs(l.pic.ny, func(iy int) bool { return divided(l.bin(ix-1, iy), l.bin(ix, iy)) },
			func(from, to int) { line(l.at(ix, from), l.at(ix, to)) })
	}
	for iy := range l.pic.ny + 1 {
		runs(l.pic.nx, func(ix int) bool { return divided(l.bin(ix, iy-1), l.bin(ix, iy)) },
			func(from, to int) { line(l.at(from, iy), l.at(to, iy)) })
	}
	return path
}

// runs calls emit for every maximal run of indices from (inclusive) to
// (exclusive) that are in.
func runs(n int, in func(i int) bool, emit func(from, to int)) {
	from := -1
	for i := range n {
		switch {
		case in(i) && from < 0:
			from = i
		case !in(i) && from >= 0:
			emit(from, i)
			from = -1
		}
	}
	if from >= 0 {
		emit(from, n)
	}
}

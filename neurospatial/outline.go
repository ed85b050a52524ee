package neurospatial

import (
	"fmt"
	"math"
)

// Outlined is a [Layout] that knows the outlines of its bins in the plane.
type Outlined interface {
	Layout
	// BinCorners returns the corners of a bin, counter-clockwise, [corners][2].
	BinCorners(bin int) Points
}

// BinCorners returns the corners of a bin in the plane, counter-clockwise, [corners][2] in env.Units(); the last is
// joined to the first. A number that is not a bin is an [ErrNotFound], a layout that does not know outlines, or is
// not in the plane, an [ErrUnsupported].
func (e *Environment) BinCorners(bin int) (Points, error) {
	const op = "Environment.BinCorners"
	if err := e.checkBin(op, "bin", bin); err != nil {
		return Points{}, err
	}
	if outlined, ok := e.layout.(Outlined); ok && e.NumDims() == 2 {
		return outlined.BinCorners(bin), nil
	}
	if e.lattice != nil && e.NumDims() == 2 {
		return e.lattice.corners(int(e.lattice.cellOf[bin])), nil
	}
	return Points{}, &Error{Op: op, Code: codeUnsupported, Kind: ErrUnsupported,
		What: fmt.Sprintf("environment is a %s in %d dimensions; outlines are known of grids and hexagons in the plane", e.LayoutKind(), e.NumDims())}
}

// corners returns the corners of a cell of a lattice in the plane.
func (l *lattice) corners(cell int) Points {
	i, j := l.along(cell, 0), l.along(cell, 1)
	x0, x1, y0, y1 := l.edges[0][i], l.edges[0][i+1], l.edges[1][j], l.edges[1][j+1]
	return Points{dim: 2, data: []float64{x0, y0, x1, y0, x1, y1, x0, y1}}
}

// BinCorners returns the six corners, beginning at the upper right.
func (h *Hexagons) BinCorners(bin int) Points {
	x, y := h.center(int(h.cellOf[bin]))
	p := Points{dim: 2, data: make([]float64, 0, 12)}
	for k := range 6 {
		s, c := math.Sincos(math.Pi/6 + float64(k)*math.Pi/3)
		p.data = append(p.data, x+h.radius*c, y+h.radius*s)
	}
	return p
}

// outlinedSubset is a subset of a layout that knows outlines.
type outlinedSubset struct {
	*subsetLayout
	whole Outlined
	kept  []int // bin in the whole of each bin
}

// BinCorners asks the whole.
func (s *outlinedSubset) BinCorners(bin int) Points { return s.whole.BinCorners(s.kept[bin]) }

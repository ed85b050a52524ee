package neurospatial

import (
	"fmt"
	"math"
	"slices"
)

// MaskOptions are the options of [FromMask].
type MaskOptions struct {
	Units string // unit of all lengths, "cm"; a label, nothing is converted
	Frame string // coordinate frame, "arena"; a label
	Name  string // name of the environment; a label
	// NoDiagonals joins only cells that share a face. Python: connect_diagonal_neighbors=False.
	NoDiagonals bool
}

// FromMask returns the environment of the marked cells of a grid.
//
//	active: which cells are bins, in C order (last axis fastest), [cells]
//	edges: cell borders along each axis, ascending, finite, [dim][cells along the axis + 1]; cells may differ in width
//
// Errors: marks that do not fit the borders ([ErrShape]), borders that do not ascend ([ErrInvalid]), no mark
// ([ErrNoActiveBins]). Python: Environment.from_grid_mask.
func FromMask(active []bool, edges [][]float64, opts ...MaskOptions) (*Environment, error) {
	const op = "FromMask"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	return newMasked(op, kindMaskedGrid, active, edges, nil, o)
}

// newMasked makes the environment; middle, if not nil, are the cell centres along each axis.
func newMasked(op, kind string, active []bool, edges, middle [][]float64, o MaskOptions) (*Environment, error) {
	if len(edges) == 0 {
		return nil, &Error{Op: op, Arg: "edges", Code: codeDimension, Kind: ErrShape, What: "is empty; a grid has at least one axis"}
	}
	own := make([][]float64, len(edges))
	ranges := make([][2]float64, len(edges))
	for k, e := range edges {
		if len(e) == 0 {
			return nil, &Error{Op: op, Arg: fmt.Sprintf("edges[%d]", k), Code: codeLength, Kind: ErrShape, What: "is empty; an axis has at least 2 borders"}
		}
		own[k] = slices.Clone(e)
		ranges[k] = [2]float64{e[0], e[len(e)-1]}
	}
	l, err := newLattice(op, own)
	if err != nil {
		return nil, err
	}
	if len(active) != l.numCells() {
		return nil, &Error{Op: op, Arg: "active", Code: codeLength, Kind: ErrShape,
			What: fmt.Sprintf("has %d marks, the borders make %v = %d cells", len(active), l.shape, l.numCells()),
			Fix:  "mark every cell with true or false"}
	}
	l.middle = middle
	l.activate(slices.Clone(active))
	if len(l.cellOf) == 0 {
		return nil, &Error{Op: op, Arg: "active", Code: codeNoActiveBins, Kind: ErrNoActiveBins,
			What: fmt.Sprintf("marks none of %d cells", len(active))}
	}
	layout := &gridLayout{kind: kind, lattice: l, ranges: ranges, diagonals: !o.NoDiagonals}
	return newEnvironment(op, layout, LayoutOptions{Units: o.Units, Frame: o.Frame, Name: o.Name})
}

// PixelOptions are the options of [FromPixelMask].
type PixelOptions struct {
	// PixelSizes gives the width and the height of a pixel in the unit of length, [2]. It replaces the argument
	// pixelSize, which must then be 0.
	PixelSizes []float64

	Units string // unit of all lengths, "cm"; a label, nothing is converted
	Frame string // coordinate frame, "camera"; a label
	Name  string // name of the environment; a label
	// NoDiagonals joins only pixels that share a side. Python: connect_diagonal_neighbors=False.
	NoDiagonals bool
}

// FromPixelMask returns the environment of the marked pixels of an image. The pixel in row r and column c has
// its centre at x = (c+½)·width, y = (r+½)·height: row 0 is at the low end of y, the image is not turned over.
//
//	image: which pixels are bins, [rows][columns]
//	pixelSize: side of a pixel in the unit of length; 0 if opts has PixelSizes
//
// Errors: rows of different length ([ErrShape]), sizes that are not finite and above 0 ([ErrInvalid]), no mark
// ([ErrNoActiveBins]). Python: Environment.from_pixel_mask.
func FromPixelMask(image [][]bool, pixelSize float64, opts ...PixelOptions) (*Environment, error) {
	const op = "FromPixelMask"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	sizes, err := o.sizes(op, pixelSize)
	if err != nil {
		return nil, err
	}
	if len(image) == 0 || len(image[0]) == 0 {
		return nil, &Error{Op: op, Arg: "image", Code: codeNoActiveBins, Kind: ErrNoActiveBins, What: "has no pixels"}
	}
	rows, columns := len(image), len(image[0])
	active := make([]bool, rows*columns)
	for r, row := range image {
		if len(row) != columns {
			return nil, &Error{Op: op, Arg: fmt.Sprintf("image[%d]", r), Code: codeLength, Kind: ErrShape,
				What: fmt.Sprintf("has %d pixels, row 0 has %d", len(row), columns)}
		}
		for c, on := range row {
			active[c*rows+r] = on
		}
	}
	edges := [][]float64{multiples(columns+1, 0, sizes[0]), multiples(rows+1, 0, sizes[1])}
	middle := [][]float64{multiples(columns, 0.5, sizes[0]), multiples(rows, 0.5, sizes[1])}
	return newMasked(op, kindImageMask, active, edges, middle, MaskOptions{Units: o.Units, Frame: o.Frame, Name: o.Name, NoDiagonals: o.NoDiagonals})
}

// sizes returns the width and the height of a pixel.
func (o PixelOptions) sizes(op string, pixelSize float64) ([]float64, error) {
	sizes := []float64{pixelSize, pixelSize}
	arg := "pixelSize"
	if o.PixelSizes != nil {
		if pixelSize != 0 {
			return nil, &Error{Op: op, Arg: arg, Code: codeOptions, Kind: ErrInvalid,
				What: fmt.Sprintf("is %g although opts has PixelSizes", pixelSize), Fix: "pass 0 as pixelSize to use PixelSizes"}
		}
		if arg, sizes = "PixelSizes", o.PixelSizes; len(sizes) != 2 {
			return nil, &Error{Op: op, Arg: arg, Code: codeDimension, Kind: ErrShape,
				What: fmt.Sprintf("has %d values; a pixel has a width and a height", len(sizes))}
		}
	}
	for _, s := range sizes {
		if !(s > 0) || math.IsInf(s, 1) {
			return nil, &Error{Op: op, Arg: arg, Code: codeBinSize, Kind: ErrInvalid,
				What: fmt.Sprintf("is %g; the size of a pixel is finite and above 0", s)}
		}
	}
	return sizes, nil
}

// multiples returns n multiples of size, from first on. Python computes the centres of pixels like this, and not
// from their borders, which rounds differently.
func multiples(n int, first, size float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = (float64(i) + first) * size
	}
	return v
}

// PolygonOptions are the options of [FromPolygon].
type PolygonOptions struct {
	// BinSizes gives one bin size per axis, [2]. It replaces the argument binSize, which must then be 0.
	BinSizes []float64

	Units string // unit of all lengths, "cm"; a label, nothing is converted
	Frame string // coordinate frame, "arena"; a label
	Name  string // name of the environment; a label
	// NoDiagonals joins only cells that share a side. Python: connect_diagonal_neighbors=False.
	NoDiagonals bool
	// MaxBytes is the memory that building the environment may take; 0 means 8 GiB.
	MaxBytes int64
}

// FromPolygon divides the bounds of a polygon into a regular grid and makes bins of the cells whose centre lies
// within the polygon, not on a side.
//
//	binSize: largest width of a bin along both axes, in the unit of the corners; 0 if opts has BinSizes
//
// Errors: an empty polygon or bin sizes that are not finite and above 0 ([ErrInvalid]), no centre within the
// polygon ([ErrNoActiveBins]), a grid over the memory limit ([ErrTooLarge]). Python: Environment.from_polygon.
func FromPolygon(polygon Polygon, binSize float64, opts ...PolygonOptions) (*Environment, error) {
	const op = "FromPolygon"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if polygon.Empty() {
		return nil, &Error{Op: op, Arg: "polygon", Code: codeNotBuilt, Kind: ErrInvalid, What: "is empty", Fix: "make it with NewPolygon"}
	}
	p := &gridPlan{options: SamplesOptions{NoDiagonals: o.NoDiagonals, KeepAllBins: true, MaxBytes: o.MaxBytes}, ranges: polygon.Bounds()}
	if p.sizes, err = binSizes(op, p.ranges, binSize, o.BinSizes); err != nil {
		return nil, err
	}
	if err := p.planAxes(op); err != nil {
		return nil, err
	}
	if need, limit := p.cellBytes()+p.binBytes(p.maxBins()), p.options.maxBytes(); need > float64(limit) {
		return nil, p.tooLarge(op, need, limit)
	}
	l, err := newLattice(op, p.edges())
	if err != nil {
		return nil, err
	}
	active := make([]bool, l.numCells())
	x, y := l.axisCenters(0), l.axisCenters(1)
	for i, cx := range x {
		for j, cy := range y {
			active[i*len(y)+j] = polygon.side([]float64{cx, cy}) == sideInside
		}
	}
	l.activate(active)
	if len(l.cellOf) == 0 {
		return nil, &Error{Op: op, Arg: "binSize", Code: codeNoActiveBins, Kind: ErrNoActiveBins,
			What: fmt.Sprintf("%v leaves none of %d centres within the polygon", p.sizes, l.numCells()),
			Fix:  fmt.Sprintf("its bounds are %v; try bin size %.2g", p.ranges, math.Sqrt(polygon.Area())/20)}
	}
	layout := &gridLayout{kind: kindPolygon, lattice: l, ranges: p.ranges, diagonals: !o.NoDiagonals}
	return newEnvironment(op, layout, LayoutOptions{Units: o.Units, Frame: o.Frame, Name: o.Name})
}

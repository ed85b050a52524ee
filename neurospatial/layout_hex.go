package neurospatial

import (
	"fmt"
	"math"
)

// kindHexagonal is the kind of [Hexagons].
const kindHexagonal = "Hexagonal"

// Hexagons is the [Layout] of regular hexagons that stand on a corner, in rows of which every second is moved by
// half a hexagon. The first one has its centre in the lower corner of the ranges. As in Python, points at the lower end of
// x can be in no hexagon, because every second row begins half a hexagon later.
type Hexagons struct {
	width         float64 // distance of neighbouring centres
	radius        float64 // from centre to corner
	step          float64 // from row to row
	ranges        [][2]float64
	rows, columns int
	cells         int     // rows*columns
	binOf         []int32 // [cells] bin of a cell, or Outside
	cellOf        []int32 // [bins]
}

var _ Layout = (*Hexagons)(nil)

// NewHexagons returns hexagons that cover ranges of the plane, all of which are bins.
//
//	width: distance of neighbouring centres, in the unit of length
//	ranges: extent along both axes, [2]
//
// Errors: ranges that are not two or not finite, a width that is not finite and above 0 ([ErrShape], [ErrInvalid]), more
// hexagons than 8 GiB hold ([ErrTooLarge]). Python: Environment.from_layout("Hexagonal").
func NewHexagons(width float64, ranges [][2]float64) (*Hexagons, error) {
	const op = "NewHexagons"
	if len(ranges) != 2 {
		return nil, &Error{Op: op, Arg: "ranges", Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d entries; hexagons lie in the plane", len(ranges)), Fix: "pass {lo, hi} of both axes"}
	}
	p := &gridPlan{options: SamplesOptions{Ranges: ranges, KeepAllBins: true}}
	var err error
	if p.sizes, err = binSizes(op, ranges, width, nil); err != nil {
		return nil, err
	}
	if p.ranges, err = p.findRanges(op, make([][2]float64, 2)); err != nil {
		return nil, err
	}
	h, err := newHexagons(op, p)
	if err != nil {
		return nil, err
	}
	active := make([]bool, h.cells)
	for c := range active {
		active[c] = true
	}
	h.activate(active)
	return h, nil
}

// Memory taken per hexagon (count, bin number, mark) and per bin (cell, centre, volume, three edges as in binBytes).
const (
	hexCellBytes = 4 + 4 + 1
	hexBinBytes  = 4 + 16 + 8 + 3*(32+72)
)

// hexShape returns the number of rows and columns, as float64 because they may not fit an int.
func (p *gridPlan) hexShape() (rows, columns float64) {
	step := p.sizes[0] * math.Sqrt(3) / 2
	columns = max(1, math.Ceil((p.ranges[0][1]-p.ranges[0][0])/p.sizes[0])+1)
	rows = max(1, math.Ceil((p.ranges[1][1]-p.ranges[1][0])/step)+1)
	return rows, columns
}

// newHexagons returns the hexagons of a plan, none of which is a bin yet.
func newHexagons(op string, p *gridPlan) (*Hexagons, error) {
	w := p.sizes[0]
	h := &Hexagons{width: w, radius: w / math.Sqrt(3), step: w * math.Sqrt(3) / 2, ranges: p.ranges}
	rows, columns := p.hexShape()
	limit, need := p.options.maxBytes(), rows*columns*hexCellBytes
	if p.options.KeepAllBins {
		need += rows * columns * hexBinBytes
	}
	if !(need <= float64(limit)) || rows*columns > math.MaxInt32 {
		return nil, &Error{Op: op, Arg: "width", Code: codeTooLarge, Kind: ErrTooLarge,
			What: fmt.Sprintf("%g gives %.4g hexagons, which need %s; the limit is %s", w, rows*columns, formatBytes(need), formatBytes(float64(limit))),
			Why:  fmt.Sprintf("the extent to bin is %v", p.ranges),
			Fix:  "check the positions for outliers, pass Ranges, or use larger bins"}
	}
	for k, r := range p.ranges {
		if far := max(math.Abs(r[0]), math.Abs(r[1])); !(w > smallestBin*far) {
			return nil, &Error{Op: op, Arg: "width", Code: codeBinSize, Kind: ErrInvalid,
				What: fmt.Sprintf("%g is lost in rounding next to coordinate %g on axis %d", w, far, k),
				Fix:  "subtract an offset from the positions or use larger bins"}
		}
	}
	h.rows, h.columns = int(rows), int(columns)
	h.cells = h.rows * h.columns
	return h, nil
}

// activate makes bins of the marked cells and numbers them in the order of the cells.
func (h *Hexagons) activate(active []bool) {
	h.binOf = make([]int32, len(active))
	for c, on := range active {
		h.binOf[c] = Outside
		if on {
			h.binOf[c] = int32(len(h.cellOf))
			h.cellOf = append(h.cellOf, int32(c))
		}
	}
}

// Kind returns "Hexagonal".
func (h *Hexagons) Kind() string { return kindHexagonal }

// Width returns the distance of neighbouring centres. Python: hexagon_width.
func (h *Hexagons) Width() float64 { return h.width }

// Radius returns the distance from a centre to a corner. Python: hex_radius_.
func (h *Hexagons) Radius() float64 { return h.radius }

// Shape returns the number of rows and of hexagons in a row, bins or not. Python: grid_shape.
func (h *Hexagons) Shape() (rows, columns int) { return h.rows, h.columns }

// Cells returns for every bin the number of its hexagon, row·columns + column, [bins].
// Python: node attribute "source_grid_flat_index".
func (h *Hexagons) Cells() []int {
	cells := make([]int, len(h.cellOf))
	for b, c := range h.cellOf {
		cells[b] = int(c)
	}
	return cells
}

// center returns the centre of a cell.
func (h *Hexagons) center(cell int) (x, y float64) {
	row, column := cell/h.columns, float64(cell%h.columns)
	if row%2 == 1 {
		column += 0.5
	}
	// The conversions forbid fused multiply-adds, which would move ties.
	return h.ranges[0][0] + float64(column*h.width), h.ranges[1][0] + float64(float64(row)*h.step)
}

// Bins computes the geometry.
func (h *Hexagons) Bins() Bins {
	n := len(h.cellOf)
	b := Bins{Volumes: make([]float64, n), Ranges: h.ranges, Centers: Points{dim: 2, data: make([]float64, 0, 2*n)}}
	for i, c := range h.cellOf {
		x, y := h.center(int(c))
		b.Centers.data = append(b.Centers.data, x, y)
		b.Volumes[i] = 3 * math.Sqrt(3) / 2 * (h.radius * h.radius)
	}
	for u, c := range h.cellOf {
		for _, v := range h.higherNeighbors(int(c)) {
			if v == Outside {
				continue
			}
			// The side that two hexagons share is 1/√3 of the distance of their centres.
			b.Edges = append(b.Edges, Edge{U: u, V: v, Conductance: 1 / math.Sqrt(3),
				Distance: distance(b.Centers.row(u), b.Centers.row(v))})
		}
	}
	return b
}

// higherNeighbors returns the bins of the three neighbours with higher numbers, ascending.
func (h *Hexagons) higherNeighbors(cell int) [3]int {
	row, column := cell/h.columns, cell%h.columns
	left := column - 1 + row%2 // of the two neighbours in the next row
	return [3]int{h.bin(row, column+1), h.bin(row+1, left), h.bin(row+1, left+1)}
}

// bin returns the bin at a row and column, or Outside.
func (h *Hexagons) bin(row, column int) int {
	if row < 0 || column < 0 || row >= h.rows || column >= h.columns {
		return Outside
	}
	return int(h.binOf[row*h.columns+column])
}

// BinAtTo writes the bin that contains each point, or Outside.
func (h *Hexagons) BinAtTo(bins []int, points Points) {
	for i := range bins {
		bins[i] = Outside
		if c := h.cellAt(points.row(i)); c != Outside {
			bins[i] = int(h.binOf[c])
		}
	}
}

// cellAt returns the hexagon that contains a point, by rounding its three oblique coordinates, whose sum is 0: the
// one that rounding moves most follows from the others.
func (h *Hexagons) cellAt(point []float64) int {
	if !finite(point) {
		return Outside
	}
	x, y := point[0]-h.ranges[0][0], point[1]-h.ranges[1][0]
	q := (float64(math.Sqrt(3)/3*x) - float64(1.0/3*y)) / h.radius
	r := 2.0 / 3 * y / h.radius
	t := -q - r
	rq, rr, rt := math.RoundToEven(q), math.RoundToEven(r), math.RoundToEven(t)
	dq, dr, dt := math.Abs(rq-q), math.Abs(rr-r), math.Abs(rt-t)
	switch {
	case dq > dr && dq > dt:
		rq = -rr - rt
	case dr > dt:
		rr = -rq - rt
	}
	if !(math.Abs(rq) < math.MaxInt32 && math.Abs(rr) < math.MaxInt32) {
		return Outside
	}
	row := int(rr)
	column := int(rq) + (row-row&1)/2
	if row < 0 || column < 0 || row >= h.rows || column >= h.columns {
		return Outside
	}
	return row*h.columns + column
}

// boundary returns the bins with a neighbour along rows or columns that is no bin. Of the six neighbours of a
// hexagon only four count, as in Python.
func (h *Hexagons) boundary() []int {
	bins := []int{}
	for b, c := range h.cellOf {
		row, column := int(c)/h.columns, int(c)%h.columns
		for _, at := range [4][2]int{{row - 1, column}, {row + 1, column}, {row, column - 1}, {row, column + 1}} {
			if h.bin(at[0], at[1]) == Outside {
				bins = append(bins, b)
				break
			}
		}
	}
	return bins
}

// planHexagons checks all arguments and finds the extent.
func planHexagons(op string, pos Points, binSize float64, o SamplesOptions) (*gridPlan, error) {
	if err := o.checkHexagonal(op, pos); err != nil {
		return nil, err
	}
	p := &gridPlan{options: o}
	extent, err := p.scan(op, pos)
	if err != nil {
		return nil, err
	}
	if p.sizes, err = binSizes(op, extent, binSize, nil); err != nil {
		return nil, err
	}
	if p.ranges = extent; o.Ranges != nil {
		p.ranges, err = p.findRanges(op, extent)
	}
	return p, err
}

// hexagonsFromSamples makes bins of the hexagons that hold enough samples.
func hexagonsFromSamples(op string, pos Points, binSize float64, o SamplesOptions) (*Hexagons, error) {
	p, err := planHexagons(op, pos, binSize, o)
	if err != nil {
		return nil, err
	}
	h, err := newHexagons(op, p)
	if err != nil {
		return nil, err
	}
	counts, most, inside := make([]int32, h.cells), int32(0), 0
	for i := range pos.Len() {
		if c := h.cellAt(pos.row(i)); c != Outside && counts[c] < math.MaxInt32 {
			counts[c]++
			most = max(most, counts[c])
			inside++
		}
	}
	active := make([]bool, h.cells)
	for c, n := range counts {
		active[c] = o.KeepAllBins || n > 0 && int(n) >= o.CountThreshold
	}
	h.activate(active)
	if len(h.cellOf) == 0 {
		return nil, &Error{Op: op, Arg: "pos", Code: codeNoActiveBins, Kind: ErrNoActiveBins,
			What: fmt.Sprintf("makes none of %d hexagons a bin", h.cells),
			Why:  fmt.Sprintf("the fullest hexagon has %d of %d samples within %v; CountThreshold is %d", most, inside, p.ranges, o.CountThreshold),
			Fix:  "lower CountThreshold, use larger bins, or check Ranges"}
	}
	return h, nil
}

// checkHexagonal refuses what hexagons cannot do; Python ignores most of it.
func (o SamplesOptions) checkHexagonal(op string, pos Points) error {
	if pos.Len() > 0 && pos.Dim() != 2 {
		return &Error{Op: op, Arg: "pos", Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d coordinates per point; hexagons lie in the plane", pos.Dim())}
	}
	for _, option := range []struct {
		name string
		set  bool
	}{
		{"BinSizes", o.BinSizes != nil}, {"CloseGaps", o.CloseGaps}, {"FillHoles", o.FillHoles}, {"Dilate", o.Dilate},
		{"BoundaryBins", o.BoundaryBins}, {"NoDiagonals", o.NoDiagonals},
	} {
		if option.set {
			return &Error{Op: op, Arg: option.name, Code: codeOptions, Kind: ErrUnsupported,
				What: "is for regular grids; hexagons have one size and no diagonals, and nothing is repaired"}
		}
	}
	return nil
}

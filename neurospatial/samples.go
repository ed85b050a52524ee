package neurospatial

import (
	"fmt"
	"math"
	"slices"

	"github.com/nskernel/nskernel/neurospatial/internal/morph"
)

// SamplesOptions are the options of [FromSamples]. The zero value is the default of the Python library.
type SamplesOptions struct {
	// BinSizes gives one bin size per axis in units of the positions, [dim]. It replaces the argument
	// binSize, which must then be 0.
	BinSizes []float64
	// Ranges gives the extent to bin along each axis, [dim]; samples beyond are ignored. nil takes the
	// extent of the samples and half a bin more on each side. Python: dimension_ranges.
	Ranges [][2]float64

	// Layout is the shape of the bins. Hexagons take the bin size as the distance of their centres and the extent of
	// the samples without half a bin more; they need 2 dimensions, and of the options below only CountThreshold,
	// KeepAllBins and MaxBytes apply to them. Python: layout.
	Layout LayoutKind

	Units string // unit of all lengths, "cm"; a label, nothing is converted
	Frame string // coordinate frame, "arena"; a label
	Name  string // name of the environment; a label

	// CountThreshold is the number of samples that a cell must exceed to be a bin. The default 0 makes
	// every visited cell a bin, a negative number every cell. Hexagons need to reach it, not to exceed it, and
	// to be visited, as in Python. Python: bin_count_threshold.
	CountThreshold int

	// The three repairs of the set of bins, done in this order; they need at least 2 dimensions.
	CloseGaps bool // close gaps one cell wide; as in Python this empties the outermost cells of the grid
	FillHoles bool // make bins of cells that are enclosed by bins
	Dilate    bool // make bins of all cells around a bin

	// BoundaryBins adds a layer of cells around the grid. They are bins only with KeepAllBins.
	// Python: add_boundary_bins.
	BoundaryBins bool
	// KeepAllBins makes every cell a bin, visited or not. Python: infer_active_bins=False.
	KeepAllBins bool
	// NoDiagonals joins only cells that share a face. Python: connect_diagonal_neighbors=False.
	NoDiagonals bool

	// MaxBytes is the memory that building the environment may take; 0 means 8 GiB. More is refused
	// with [ErrTooLarge] before it is allocated.
	MaxBytes int64
}

// LayoutKind is a shape of bins that [FromSamples] can make.
type LayoutKind uint8

const (
	// LayoutRegularGrid makes rectangular cells. It is the default.
	LayoutRegularGrid LayoutKind = iota
	// LayoutHexagonal makes regular hexagons, see [Hexagons].
	LayoutHexagonal
)

// String returns the Python name, "RegularGrid".
func (k LayoutKind) String() string {
	switch k {
	case LayoutRegularGrid:
		return kindRegularGrid
	case LayoutHexagonal:
		return kindHexagonal
	}
	return fmt.Sprintf("LayoutKind(%d)", uint8(k))
}

// FromSamples divides the space that an animal visited into bins, by default into a regular grid.
//
//	pos: positions, [n][dim] in any one unit of length; rows with a NaN are ignored
//	binSize: largest width of a bin along every axis, in the unit of pos; 0 if opts has BinSizes
//
// The extent of the samples, with half a bin more on each side, is cut along each axis into the smallest
// number of equal cells not wider than the bin size. Cells with at least one sample become bins, numbered
// in C order (last axis fastest), and adjacent bins are joined. Options change every step.
//
// Errors: a bin size that is not finite and above 0 ([ErrInvalid], E1002), no cell with enough samples
// ([ErrNoActiveBins], E1001), options that do not fit the dimension ([ErrShape]), infinite positions
// ([ErrInvalid]), a grid over the memory limit ([ErrTooLarge]). Python: Environment.from_samples.
func FromSamples(pos Points, binSize float64, opts ...SamplesOptions) (*Environment, error) {
	const op = "FromSamples"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	label := LayoutOptions{Units: o.Units, Frame: o.Frame, Name: o.Name}
	switch o.Layout {
	case LayoutRegularGrid:
	case LayoutHexagonal:
		h, err := hexagonsFromSamples(op, pos, binSize, o)
		if err != nil {
			return nil, err
		}
		return newEnvironment(op, h, label)
	default:
		return nil, &Error{Op: op, Arg: "Layout", Code: codeRange, Kind: ErrUnsupported,
			What: fmt.Sprintf("is %v; use LayoutRegularGrid or LayoutHexagonal", o.Layout)}
	}
	plan, err := planGrid(op, pos, binSize, o)
	if err != nil {
		return nil, err
	}
	limit := o.maxBytes()
	if need := plan.cellBytes(); need > float64(limit) {
		return nil, plan.tooLarge(op, need+plan.binBytes(plan.maxBins()), limit)
	}
	l, err := newLattice(op, plan.edges())
	if err != nil {
		return nil, err
	}
	l.activate(plan.active(l, pos))
	if len(l.cellOf) == 0 {
		return nil, plan.noActiveBins(op, pos)
	}
	if need := plan.cellBytes() + plan.binBytes(float64(len(l.cellOf))); need > float64(limit) {
		return nil, plan.tooLarge(op, need, limit)
	}
	layout := &gridLayout{kind: kindRegularGrid, lattice: l, ranges: plan.ranges, diagonals: !o.NoDiagonals}
	return newEnvironment(op, layout, label)
}

// gridPlan is a regular grid that is decided but not allocated.
type gridPlan struct {
	options SamplesOptions
	sizes   []float64    // bin size asked for along each axis
	ranges  [][2]float64 // extent along each axis as given or found
	spans   [][2]float64 // extent that is cut into cells: ranges, widened where they are flat
	inner   []int        // cells along each axis without boundary cells
	usable  int          // samples without NaN
}

// smallestBin is the bin size, as a fraction of the largest coordinate, at which rounding begins to move
// cell borders by a noticeable part of a cell.
const smallestBin = 1e-12

// planGrid checks all arguments and finds the extent and the number of cells.
func planGrid(op string, pos Points, binSize float64, o SamplesOptions) (*gridPlan, error) {
	p := &gridPlan{options: o}
	extent, err := p.scan(op, pos)
	if err != nil {
		return nil, err
	}
	if p.sizes, err = binSizes(op, extent, binSize, o.BinSizes); err != nil {
		return nil, err
	}
	if p.ranges, err = p.findRanges(op, extent); err != nil {
		return nil, err
	}
	if err := p.planAxes(op); err != nil {
		return nil, err
	}
	return p, nil
}

// planAxes finds the number of cells along all axes.
func (p *gridPlan) planAxes(op string) error {
	p.spans = slices.Clone(p.ranges)
	p.inner = make([]int, len(p.ranges))
	for k := range p.spans {
		if err := p.planAxis(op, k); err != nil {
			return err
		}
	}
	return nil
}

// planAxis finds the number of cells along one axis.
func (p *gridPlan) planAxis(op string, k int) error {
	s, b := &p.spans[k], p.sizes[k]
	// numpy.isclose: an extent this small against its own coordinates counts as flat.
	if math.Abs(s[0]-s[1]) <= 1e-8+1e-5*math.Abs(s[1]) {
		s[0] -= b / 2
		s[1] += b / 2
	}
	cells := max(1, math.Ceil((s[1]-s[0])/b))
	if !(cells <= math.MaxInt32) {
		return &Error{Op: op, Arg: "binSize", Code: codeTooLarge, Kind: ErrTooLarge,
			What: fmt.Sprintf("%g cuts axis %d of length %g into %.3g cells", b, k, s[1]-s[0], cells),
			Why:  "an outlier among the positions, or another unit, makes the extent large",
			Fix:  fmt.Sprintf("check the positions, pass Ranges, or try bin size %.2g", (s[1]-s[0])/50)}
	}
	if far := max(math.Abs(s[0]), math.Abs(s[1])); !(b > smallestBin*far) || !(s[1] > s[0]) {
		return &Error{Op: op, Arg: "binSize", Code: codeBinSize, Kind: ErrInvalid,
			What: fmt.Sprintf("%g is lost in rounding next to coordinate %g on axis %d", b, far, k),
			Fix:  "subtract an offset from the positions or use larger bins"}
	}
	p.inner[k] = int(cells)
	return nil
}

// binSizes returns the bin size of each axis.
func binSizes(op string, extent [][2]float64, binSize float64, perAxis []float64) ([]float64, error) {
	arg, dim := "BinSizes", len(extent)
	switch {
	case perAxis == nil:
		arg, perAxis = "binSize", slices.Repeat([]float64{binSize}, dim)
	case binSize != 0:
		return nil, &Error{Op: op, Arg: "binSize", Code: codeOptions, Kind: ErrInvalid,
			What: fmt.Sprintf("is %g although opts has BinSizes", binSize), Fix: "pass 0 as binSize to use BinSizes"}
	case len(perAxis) != dim:
		return nil, &Error{Op: op, Arg: arg, Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d values, pos has %d dimensions", len(perAxis), dim), Fix: "pass one bin size per axis"}
	}
	for k, b := range perAxis {
		if b > 0 && !math.IsInf(b, 1) {
			continue
		}
		err := &Error{Op: op, Arg: arg, Code: codeBinSize, Kind: ErrInvalid,
			What: fmt.Sprintf("is %g on axis %d; a bin size is finite and above 0", b, k)}
		if span := extent[k][1] - extent[k][0]; span > 0 && !math.IsInf(span, 1) {
			err.Fix = fmt.Sprintf("the samples span %.3g on this axis; try %.2g, which makes 40 bins of it", span, span/40)
		}
		return nil, err
	}
	return slices.Clone(perAxis), nil
}

// scan finds the extent of the samples without NaN and counts them.
func (p *gridPlan) scan(op string, pos Points) ([][2]float64, error) {
	n, dim := pos.Len(), pos.Dim()
	if dim > 8 && dim > n {
		return nil, &Error{Op: op, Arg: "pos", Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d points of %d coordinates; rows and columns look swapped", n, dim),
			Fix:  "pass columns to XY, XYZ or PointsOfColumns"}
	}
	extent := make([][2]float64, dim)
	for k := range extent {
		extent[k] = [2]float64{math.Inf(1), math.Inf(-1)}
	}
	for i := range n {
		row := pos.row(i)
		if hasNaN(row) {
			continue
		}
		p.usable++
		for k, v := range row {
			extent[k][0] = min(extent[k][0], v)
			extent[k][1] = max(extent[k][1], v)
			if math.IsInf(v, 0) {
				return nil, &Error{Op: op, Arg: "pos", Code: codeNotFinite, Kind: ErrInvalid,
					What: fmt.Sprintf("has coordinate %g in point %d; coordinates must be finite", v, i),
					Fix:  "replace infinities by NaN, which is ignored"}
			}
		}
	}
	if p.usable == 0 {
		err := &Error{Op: op, Arg: "pos", Code: codeNoActiveBins, Kind: ErrNoActiveBins,
			What: "has no points", Fix: "pass the positions of a recording; give Ranges and KeepAllBins too for a grid that needs no visits"}
		if n > 0 {
			err.What = fmt.Sprintf("has no usable sample: all %d points have a NaN", n)
			err.Fix = "look at the columns that were read; samples without a position are ignored, and here no other is left"
		}
		return nil, err
	}
	return extent, nil
}

func hasNaN(row []float64) bool {
	for _, v := range row {
		if v != v {
			return true
		}
	}
	return false
}

// findRanges returns the given ranges, or the padded extent.
func (p *gridPlan) findRanges(op string, extent [][2]float64) ([][2]float64, error) {
	given := p.options.Ranges
	if given == nil {
		for k, b := range p.sizes {
			extent[k][0] -= b / 2
			extent[k][1] += b / 2
		}
		return extent, nil
	}
	if len(given) != len(extent) {
		return nil, &Error{Op: op, Arg: "Ranges", Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d entries, pos has %d dimensions", len(given), len(extent)), Fix: "pass one {lo, hi} per axis"}
	}
	ranges := make([][2]float64, len(given))
	for k, r := range given {
		if err := checkFinite(op, fmt.Sprintf("Ranges[%d]", k), r[:]); err != nil {
			return nil, err
		}
		ranges[k] = [2]float64{min(r[0], r[1]), max(r[0], r[1])}
	}
	return ranges, nil
}

// shape returns the number of cells along each axis, boundary cells included.
func (p *gridPlan) shape() []int {
	shape := slices.Clone(p.inner)
	if p.options.BoundaryBins {
		for k := range shape {
			shape[k] += 2
		}
	}
	return shape
}

// edges returns the cell borders along each axis.
func (p *gridPlan) edges() [][]float64 {
	edges := make([][]float64, len(p.spans))
	for k, s := range p.spans {
		edges[k] = borders(s[0], s[1], p.inner[k], p.options.BoundaryBins)
	}
	return edges
}

// active decides which cells of the lattice become bins.
func (p *gridPlan) active(l *lattice, pos Points) []bool {
	o := p.options
	active := make([]bool, l.numCells())
	if o.KeepAllBins {
		for c := range active {
			active[c] = true
		}
		return active
	}
	for c, n := range l.histogram(pos) {
		active[c] = int(n) > o.CountThreshold
	}
	if len(l.shape) > 1 {
		if o.CloseGaps {
			active = morph.Close(active, l.shape)
		}
		if o.FillHoles {
			active = morph.FillHoles(active, l.shape)
		}
		if o.Dilate {
			active = morph.Dilate(active, l.shape)
		}
	}
	if o.BoundaryBins {
		emptyRim(active, l.shape)
	}
	return active
}

// emptyRim clears the outermost cells.
func emptyRim(active []bool, shape []int) {
	stride := 1
	for k := len(shape) - 1; k >= 0; k-- {
		for c := range active {
			if i := c / stride % shape[k]; i == 0 || i == shape[k]-1 {
				active[c] = false
			}
		}
		stride *= shape[k]
	}
}

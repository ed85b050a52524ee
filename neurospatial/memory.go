package neurospatial

import (
	"fmt"
	"math"
	"unsafe"
)

// defaultMaxBytes is the memory that building an environment may take unless options say otherwise.
const defaultMaxBytes = 8 << 30

// MemoryEstimate says what an environment would take before it is built.
type MemoryEstimate struct {
	Shape       []int // cells along each axis; rows and columns of hexagons
	Cells       int64 // cells of the lattice
	MaxBins     int64 // most bins there can be: no more than cells, and without repairs no more than samples
	BuildBytes  int64 // most memory in use while the environment is built
	KernelBytes int64 // size of one dense smoothing kernel of MaxBins; MaxInt64 if more
}

// String returns the estimate in words.
func (m MemoryEstimate) String() string {
	return fmt.Sprintf("%v cells, at most %d bins; %s to build, %s per dense kernel",
		m.Shape, m.MaxBins, formatBytes(float64(m.BuildBytes)), formatBytes(float64(m.KernelBytes)))
}

// EstimateMemory returns how many cells [FromSamples] would make of the same arguments and how much memory
// it would need at most, without allocating any of it. It refuses the arguments that FromSamples refuses,
// except for their size and for thresholds that no cell reaches.
//
//	pos: positions, [n][dim]
//	binSize: as in FromSamples, in the unit of pos
func EstimateMemory(pos Points, binSize float64, opts ...SamplesOptions) (MemoryEstimate, error) {
	const op = "EstimateMemory"
	o, err := oneOption(op, opts)
	if err != nil {
		return MemoryEstimate{}, err
	}
	if o.Layout == LayoutHexagonal {
		return estimateHexagons(op, pos, binSize, o)
	}
	plan, err := planGrid(op, pos, binSize, o)
	if err != nil {
		return MemoryEstimate{}, err
	}
	bins := plan.maxBins()
	return MemoryEstimate{
		Shape: plan.shape(), Cells: clampInt64(plan.numCells()), MaxBins: clampInt64(bins),
		BuildBytes: clampInt64(plan.cellBytes() + plan.binBytes(bins)), KernelBytes: clampInt64(bins * bins * 8),
	}, nil
}

func estimateHexagons(op string, pos Points, binSize float64, o SamplesOptions) (MemoryEstimate, error) {
	plan, err := planHexagons(op, pos, binSize, o)
	if err != nil {
		return MemoryEstimate{}, err
	}
	rows, columns := plan.hexShape()
	cells, bins := rows*columns, rows*columns
	if !o.KeepAllBins {
		bins = min(cells, float64(plan.usable))
	}
	return MemoryEstimate{
		Shape: []int{int(clampInt64(rows)), int(clampInt64(columns))}, Cells: clampInt64(cells), MaxBins: clampInt64(bins),
		BuildBytes: clampInt64(cells*hexCellBytes + bins*hexBinBytes), KernelBytes: clampInt64(bins * bins * 8),
	}, nil
}

func (o SamplesOptions) maxBytes() int64 {
	if o.MaxBytes == 0 {
		return defaultMaxBytes
	}
	return o.MaxBytes
}

// numCells is a float64 because it is asked before anyone knows whether it fits an int.
func (p *gridPlan) numCells() float64 {
	cells := 1.0
	for _, n := range p.shape() {
		cells *= float64(n)
	}
	return cells
}

// maxBins is the largest number of bins that the samples can give.
func (p *gridPlan) maxBins() float64 {
	o := p.options
	cells := p.numCells()
	if o.KeepAllBins || o.CountThreshold < 0 || (o.CloseGaps || o.FillHoles) && len(p.inner) > 1 {
		return cells
	}
	bins := float64(p.usable)
	if o.Dilate && len(p.inner) > 1 {
		bins *= 1 + 2*float64(len(p.inner)*len(p.inner)) // cells of the structuring element
	}
	return min(cells, bins)
}

// cellBytes is the memory taken per cell: a count or the bin number (4 bytes each, not at once), the mask,
// and, during repairs, three more masks of which one is padded and 4 bytes wide.
func (p *gridPlan) cellBytes() float64 {
	perCell := 4.0 + 1
	if o := p.options; !o.KeepAllBins && (o.CloseGaps || o.FillHoles || o.Dilate) {
		perCell += 4 + 2
	}
	return p.numCells() * perCell
}

// binBytes is the memory taken by so many bins: cell number, centre, volume, and per edge what the layout
// lists, what the graph is built from and what it keeps.
func (p *gridPlan) binBytes(bins float64) float64 {
	dim := float64(len(p.inner))
	edges := dim
	if !p.options.NoDiagonals {
		edges = (math.Pow(3, dim) - 1) / 2
	}
	const (
		listed = float64(unsafe.Sizeof(Edge{}))
		kept   = 2*16 + 8 + 2*(4+8+4) // two edge lists of 16 bytes, conductance, two arcs
	)
	return bins * (4 + 8*dim + 8 + 3*4 + edges*(listed+kept))
}

func (p *gridPlan) tooLarge(op string, need float64, limit int64) error {
	// Cells grow with the bin size to the power of the dimension.
	factor := math.Pow(need/float64(limit), 1/float64(len(p.inner)))
	sizes := make([]float64, len(p.sizes))
	for k, b := range p.sizes {
		sizes[k] = roundUp(b * factor * 1.05)
	}
	return &Error{Op: op, Arg: "binSize", Code: codeTooLarge, Kind: ErrTooLarge,
		What: fmt.Sprintf("%v gives %.4g cells, which need up to %s; the limit is %s",
			p.sizes, p.numCells(), formatBytes(need), formatBytes(float64(limit))),
		Why: fmt.Sprintf("the extent to bin is %v", p.spans),
		Fix: fmt.Sprintf("check the positions for outliers, pass Ranges, try bin size %v, or raise MaxBytes", sizes)}
}

// roundUp returns the next number of two significant digits, for suggestions.
func roundUp(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v))-1)
	return math.Ceil(v/unit) * unit
}

func clampInt64(v float64) int64 {
	if v >= math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(v)
}

// formatBytes writes a size with the unit that suits it.
func formatBytes(n float64) string {
	const units = "KMGTPE"
	if n < 1024 {
		return fmt.Sprintf("%.0f B", n)
	}
	i := -1
	for n >= 1024 && i < len(units)-1 {
		n /= 1024
		i++
	}
	return fmt.Sprintf("%.3g %ciB", n, units[i])
}

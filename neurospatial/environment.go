package neurospatial

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/nskernel/nskernel/neurospatial/internal/csr"
)

// Outside is the bin number of a point that is in no bin. Python: -1.
const Outside = -1

// Environment is a space divided into bins that know their neighbours. It is made by [FromSamples] or one of the
// other constructors and never changes afterwards; results of costly computations are cached inside. All methods
// are safe for concurrent use. Python: Environment.
type Environment struct {
	layout      Layout
	lattice     *lattice // nil unless the layout is Gridded
	centers     Points
	volumes     []float64    // [n]
	ranges      [][2]float64 // [dim]
	graph       *csr.Graph   // nodes are bins, weights are distances of centres
	conductance []float64    // by edge number of graph: shared face / distance, 0 at corners

	units, frame, name string

	spacingOnce sync.Once
	spacing     float64 // see typicalSpacing

	caches caches
}

// LayoutOptions labels an environment made by [FromLayout].
type LayoutOptions struct {
	Units string // unit of all lengths, "cm"; a label, nothing is converted
	Frame string // coordinate frame, "arena"; a label
	Name  string // name of the environment; a label
}

// FromLayout returns the environment of a layout. A layout without bins is an [ErrNoActiveBins], one whose
// geometry contradicts itself an [ErrInvalid]. Python: Environment.from_layout.
func FromLayout(layout Layout, opts ...LayoutOptions) (*Environment, error) {
	const op = "FromLayout"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if v := reflect.ValueOf(layout); layout == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, &Error{Op: op, Arg: "layout", Code: codeLayout, Kind: ErrInvalid, What: "is nil",
			Fix: "pass what NewHexagons, NewMesh or a constructor of your own returned, after looking at its error"}
	}
	return newEnvironment(op, layout, o)
}

func newEnvironment(op string, layout Layout, label LayoutOptions) (*Environment, error) {
	bins := layout.Bins()
	if err := bins.validate(op); err != nil {
		return nil, err
	}
	graph, conductance, err := bins.graph(op)
	if err != nil {
		return nil, err
	}
	e := &Environment{
		layout: layout, centers: bins.Centers, volumes: bins.Volumes, ranges: bins.Ranges,
		graph: graph, conductance: conductance,
		units: label.Units, frame: label.Frame, name: label.Name,
	}
	if e.lattice, err = latticeOf(op, layout, bins); err != nil {
		return nil, err
	}
	return e, nil
}

// Clone returns an environment with the same bins and labels whose caches are empty. There is no need of it
// for use from several goroutines. Python: Environment.copy.
func (e *Environment) Clone() *Environment {
	return &Environment{
		layout: e.layout, lattice: e.lattice, centers: e.centers, volumes: e.volumes, ranges: e.ranges,
		graph: e.graph, conductance: e.conductance, units: e.units, frame: e.frame, name: e.name,
	}
}

// built refuses a receiver that no constructor made.
func (e *Environment) built(op string) error {
	if e == nil || e.layout == nil {
		return &Error{Op: op, Code: codeNotBuilt, Kind: ErrInvalid,
			What: "environment was not made by a constructor", Fix: "use FromSamples or another constructor, and look at its error"}
	}
	return nil
}

// NumBins returns the number of bins. Python: Environment.n_bins.
func (e *Environment) NumBins() int { return e.centers.Len() }

// NumDims returns the number of spatial dimensions. Python: Environment.n_dims.
func (e *Environment) NumDims() int { return e.centers.Dim() }

// BinCenters returns the centre of every bin, [NumBins()], in env.Units(). Python: Environment.bin_centers.
func (e *Environment) BinCenters() Points { return e.centers }

// BinSizes returns the length, area or volume of every bin, [NumBins()], in powers of env.Units().
// Python: Environment.bin_sizes.
func (e *Environment) BinSizes() []float64 { return slices.Clone(e.volumes) }

// DimensionRanges returns the lower and upper end of the binned extent along each axis, [NumDims()], in
// env.Units(). Python: Environment.dimension_ranges.
func (e *Environment) DimensionRanges() [][2]float64 { return slices.Clone(e.ranges) }

// Units returns the label of the unit of length. Python: Environment.units.
func (e *Environment) Units() string { return e.units }

// Frame returns the label of the coordinate frame. Python: Environment.frame.
func (e *Environment) Frame() string { return e.frame }

// Name returns the name given to the environment. Python: Environment.name.
func (e *Environment) Name() string { return e.name }

// Layout returns the tiling that the bins come from. Python: Environment.layout.
func (e *Environment) Layout() Layout { return e.layout }

// LayoutKind returns the name of the tiling, "RegularGrid". Python: Environment.layout_type.
func (e *Environment) LayoutKind() string {
	if e.layout == nil {
		return ""
	}
	return e.layout.Kind()
}

// String returns a short description:
// Environment("arena": RegularGrid 25×20, 421 bins, 2 dimensions, cm).
func (e *Environment) String() string {
	var b strings.Builder
	b.WriteString("Environment(")
	if e.name != "" {
		fmt.Fprintf(&b, "%q: ", e.name)
	}
	b.WriteString(e.LayoutKind())
	if shape := e.GridShape(); shape != nil {
		b.WriteByte(' ')
		for k, s := range shape {
			if k > 0 {
				b.WriteString("×")
			}
			fmt.Fprint(&b, s)
		}
	}
	fmt.Fprintf(&b, ", %d bins, %d dimensions", e.NumBins(), e.NumDims())
	if e.units != "" {
		b.WriteString(", " + e.units)
	}
	b.WriteByte(')')
	return b.String()
}

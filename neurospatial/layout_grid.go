package neurospatial

// Kinds of grids: the one that FromSamples makes and parts of it.
const (
	kindRegularGrid = "RegularGrid"
	kindMaskedGrid  = "MaskedGrid"
)

// gridLayout is the regular grid of FromSamples, or a part of one. Cells are joined wherever they touch.
type gridLayout struct {
	kind      string
	lattice   *lattice
	ranges    [][2]float64
	diagonals bool // join cells that touch at an edge or corner only
}

var _ Gridded = (*gridLayout)(nil)

// Kind returns "RegularGrid" or "MaskedGrid".
func (g *gridLayout) Kind() string { return g.kind }

// Grid returns the lattice; shared, do not modify.
func (g *gridLayout) Grid() Grid { return Grid{Edges: g.lattice.edges, Active: g.lattice.active} }

// BinAtTo writes the bin that contains each point, or Outside.
func (g *gridLayout) BinAtTo(bins []int, points Points) { g.lattice.binAtTo(bins, points) }

// Bins computes the geometry.
func (g *gridLayout) Bins() Bins {
	l := g.lattice
	volumes := make([]float64, len(l.cellOf))
	volume := 1.0
	for _, w := range l.width {
		volume *= w
	}
	for i := range volumes {
		volumes[i] = volume
	}
	centers := l.centers()
	return Bins{Centers: centers, Volumes: volumes, Edges: l.join(centers, l.forwardSteps(g.diagonals)), Ranges: g.ranges}
}

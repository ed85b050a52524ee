package neurospatial

// kindRegularGrid is the kind of the layout that FromSamples makes.
const kindRegularGrid = "RegularGrid"

// gridLayout is the regular grid of FromSamples.
type gridLayout struct {
	lattice   *lattice
	ranges    [][2]float64
	diagonals bool // join cells that touch at an edge or corner only
}

var _ Gridded = (*gridLayout)(nil)

// Kind returns "RegularGrid".
func (g *gridLayout) Kind() string { return kindRegularGrid }

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

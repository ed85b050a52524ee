package neurospatial

// Kinds of grids, by their constructor.
const (
	kindRegularGrid = "RegularGrid" // FromSamples
	kindMaskedGrid  = "MaskedGrid"  // FromMask, Environment.Subset
	kindImageMask   = "ImageMask"   // FromPixelMask
	kindPolygon     = "Polygon"     // FromPolygon
)

// gridLayout is a grid of which some cells are bins. Bins are joined wherever they touch.
type gridLayout struct {
	kind      string
	lattice   *lattice
	ranges    [][2]float64
	diagonals bool // join cells that touch at an edge or corner only
}

var _ Gridded = (*gridLayout)(nil)

// Kind returns one of the kinds of grids.
func (g *gridLayout) Kind() string { return g.kind }

// Grid returns the lattice; shared, do not modify.
func (g *gridLayout) Grid() Grid { return Grid{Edges: g.lattice.edges, Active: g.lattice.active} }

// BinAtTo writes the bin that contains each point, or Outside.
func (g *gridLayout) BinAtTo(bins []int, points Points) { g.lattice.binAtTo(bins, points) }

// Bins computes the geometry.
func (g *gridLayout) Bins() Bins {
	l := g.lattice
	volumes := make([]float64, len(l.cellOf))
	for b, cell := range l.cellOf {
		if b > 0 && l.even {
			volumes[b] = volumes[0]
		} else {
			volumes[b] = l.volume(int(cell))
		}
	}
	centers := l.centers()
	return Bins{Centers: centers, Volumes: volumes, Edges: l.join(centers, l.forwardSteps(g.diagonals)), Ranges: g.ranges}
}

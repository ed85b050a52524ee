package plot

import (
	"math"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// kindPolar is the layout whose coordinates are distance and angle.
const kindPolar = "Polar"

// arcStep is the widest angle, in radians, that a straight side stands for.
const arcStep = math.Pi / 90

// sectorCorners returns the corners of the bins of a polar environment in the
// plane: x ahead, y to the left.
func sectorCorners(env *ns.Environment) []ns.Points {
	edges := env.GridEdges()
	r, a := edges[0], edges[1]
	var corners []ns.Points
	for k := range len(r) - 1 {
		for j := range len(a) - 1 {
			corners = append(corners, sector(r[k], r[k+1], a[j], a[j+1]))
		}
	}
	return corners
}

// sector is a ring from r0 to r1, cut from angle a0 to a1.
func sector(r0, r1, a0, a1 float64) ns.Points {
	n := max(1, int(math.Ceil((a1-a0)/arcStep)))
	var flat []float64
	for i := range n + 1 {
		y, x := math.Sincos(a0 + (a1-a0)*float64(i)/float64(n))
		flat = append(flat, r1*x, r1*y)
	}
	for i := n; i >= 0; i-- {
		y, x := math.Sincos(a0 + (a1-a0)*float64(i)/float64(n))
		flat = append(flat, r0*x, r0*y)
	}
	p, _ := ns.PointsOfFlat(2, flat) // pairs by construction
	return p
}

// planeCenters returns the centres of bins where they are drawn.
func planeCenters(env *ns.Environment) ns.Points {
	centers := env.BinCenters()
	if env.LayoutKind() != kindPolar {
		return centers
	}
	flat := centers.Flat()
	for i := 0; i < len(flat); i += 2 {
		y, x := math.Sincos(flat[i+1])
		flat[i], flat[i+1] = flat[i]*x, flat[i]*y
	}
	p, _ := ns.PointsOfFlat(2, flat) // pairs by construction
	return p
}

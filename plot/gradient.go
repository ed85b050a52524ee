package plot

import (
	"math"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// AddGradient draws over every panel of the figure where and how steeply a
// field rises: an arrow in each bin or, on a fine grid, in every second, third,
// …, so that about twenty fit side by side. The longest arrow is about as long
// as they are apart, unless opts say otherwise.
//
// The gradient of a bin is the plane that fits the differences to its
// neighbours best, by least squares; neighbours that are NaN do not count.
//
//	field: one value per bin, [NumBins()]
//
// A field of wrong length is an ErrShape, an infinite value an ErrInvalid, an
// environment of other than two dimensions an ErrUnsupported.
func (f *Figure) AddGradient(env *ns.Environment, field []float64, opts ...ArrowsOptions) error {
	const op = "Figure.AddGradient"
	if err := f.made(op); err != nil {
		return err
	}
	o, err := oneOption(op, opts)
	if err != nil {
		return err
	}
	if err := checkPlane(op, env); err != nil {
		return err
	}
	if err := checkField(op, "field", env, field); err != nil {
		return err
	}
	if err := checkArrows(op, o); err != nil {
		return err
	}
	dx, dy := slopes(env, field)
	var at, vectors []float64
	centers := env.BinCenters()
	for _, bin := range spread(env) {
		at = append(at, centers.At(bin, 0), centers.At(bin, 1))
		vectors = append(vectors, dx[bin], dy[bin])
	}
	pos, err := ns.PointsOfFlat(2, at)
	if err != nil {
		return err
	}
	vec, err := ns.PointsOfFlat(2, vectors)
	if err != nil {
		return err
	}
	f.addArrows(pos, vec, o)
	return nil
}

// slopes returns the gradient at every bin; NaN where the neighbours do not
// tell it, because they are missing or all lie in one line.
func slopes(env *ns.Environment, field []float64) (dx, dy []float64) {
	type sums struct{ xx, xy, yy, xf, yf float64 }
	all := make([]sums, len(field))
	steps := env.EdgeVectors()
	for i, e := range env.Edges() {
		x, y, rise := steps.At(i, 0), steps.At(i, 1), field[e.V]-field[e.U]
		if math.IsNaN(rise) {
			continue
		}
		for _, bin := range []int{e.U, e.V} { // seen from V all signs turn, and the products do not
			s := &all[bin]
			s.xx += x * x
			s.xy += x * y
			s.yy += y * y
			s.xf += x * rise
			s.yf += y * rise
		}
	}
	dx, dy = make([]float64, len(field)), make([]float64, len(field))
	for i, s := range all {
		det := s.xx*s.yy - s.xy*s.xy
		if !(det > 1e-9*(s.xx+s.yy)*(s.xx+s.yy)) {
			dx[i], dy[i] = math.NaN(), math.NaN()
			continue
		}
		dx[i] = (s.xf*s.yy - s.yf*s.xy) / det
		dy[i] = (s.yf*s.xx - s.xf*s.xy) / det
	}
	return dx, dy
}

// spread returns the bins that carry arrows: all, or those of a coarser grid.
func spread(env *ns.Environment) []int {
	const across = 20
	var bins []int
	shape := env.GridShape()
	if shape == nil {
		for i := range env.NumBins() {
			bins = append(bins, i)
		}
		return bins
	}
	k := (max(shape[0], shape[1]) + across - 1) / across
	for cell, bin := range gridBins(env) {
		if ix, iy := cell/shape[1], cell%shape[1]; bin >= 0 && ix%k == k/2 && iy%k == k/2 {
			bins = append(bins, int(bin))
		}
	}
	return bins
}

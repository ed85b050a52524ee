package neurospatial

import "fmt"

// BinAt returns the bin that contains each point, or [Outside]. It asks for geometric containment: a cell
// contains its lower borders but not its upper ones, so that a point on the upper border of the grid is
// outside. A point with a NaN or an infinite coordinate is outside. See [Environment.MapPointsToBins] for
// the nearest bin.
//
//	points: [n][NumDims()] in env.Units()
//
// Returns one bin number per point, [n]. Points of another dimension are an [ErrShape].
// Python: Environment.bin_at.
func (e *Environment) BinAt(points Points) ([]int, error) {
	if err := e.checkPoints("Environment.BinAt", "points", points); err != nil {
		return nil, err
	}
	bins := make([]int, points.Len())
	e.layout.BinAtTo(bins, points)
	return bins, nil
}

// Contains tells for each point whether it lies in a bin, as [Environment.BinAt] does.
//
//	points: [n][NumDims()] in env.Units()
//
// Returns one answer per point, [n]. Points of another dimension are an [ErrShape].
// Python: Environment.contains.
func (e *Environment) Contains(points Points) ([]bool, error) {
	if err := e.checkPoints("Environment.Contains", "points", points); err != nil {
		return nil, err
	}
	bins := make([]int, points.Len())
	e.layout.BinAtTo(bins, points)
	inside := make([]bool, len(bins))
	for i, b := range bins {
		inside[i] = b != Outside
	}
	return inside, nil
}

// BinCenterOf returns the centres of some bins, in the order asked for, in env.Units(). A number that is
// not a bin is an [ErrNotFound]. Python: Environment.bin_center_of.
func (e *Environment) BinCenterOf(bins ...int) (Points, error) {
	const op = "Environment.BinCenterOf"
	if err := e.checkBins(op, "bins", bins); err != nil {
		return Points{}, err
	}
	data := make([]float64, 0, len(bins)*e.NumDims())
	for _, b := range bins {
		data = append(data, e.centers.row(b)...)
	}
	return Points{dim: e.NumDims(), data: data}, nil
}

// binOfPoint returns the bin that contains one point.
func (e *Environment) binOfPoint(op, arg string, point []float64) (int, error) {
	if err := e.built(op); err != nil {
		return Outside, err
	}
	if len(point) != e.NumDims() {
		return Outside, &Error{Op: op, Arg: arg, Code: codeDimension, Kind: ErrShape,
			What: fmt.Sprintf("has %d coordinates, environment has %d dimensions", len(point), e.NumDims())}
	}
	var bin [1]int
	e.layout.BinAtTo(bin[:], Points{dim: len(point), data: point})
	return bin[0], nil
}

package neurospatial

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// Metric is a way to measure the distance between bins.
type Metric uint8

const (
	// MetricGeodesic is the length of the shortest path from bin centre to bin centre. It is the default.
	MetricGeodesic Metric = iota
	// MetricEuclidean is the straight line between the centres, through walls.
	MetricEuclidean
)

// String returns the Python name of the metric, "geodesic".
func (m Metric) String() string {
	switch m {
	case MetricGeodesic:
		return "geodesic"
	case MetricEuclidean:
		return "euclidean"
	}
	return fmt.Sprintf("Metric(%d)", uint8(m))
}

func (m Metric) check(op string) error {
	if m <= MetricEuclidean {
		return nil
	}
	return &Error{Op: op, Arg: "Metric", Code: codeRange, Kind: ErrInvalid,
		What: fmt.Sprintf("is %v; use MetricGeodesic or MetricEuclidean", m)}
}

// ShortestPath returns the bins of a shortest path, both ends included, and its length in env.Units(). Of
// several shortest paths it takes the one that networkx takes in the Python library.
//
// Errors: a number that is not a bin, or bins that are not connected ([ErrNotFound], E2005 and E2006).
// Python: Environment.path_between, which returns an empty path for bins that are not connected.
func (e *Environment) ShortestPath(from, to int) ([]int, float64, error) {
	const op = "Environment.ShortestPath"
	if err := e.checkBin(op, "from", from); err != nil {
		return nil, 0, err
	}
	if err := e.checkBin(op, "to", to); err != nil {
		return nil, 0, err
	}
	path, length := e.graph.ShortestPath(from, to)
	if path == nil {
		_, parts := e.graph.Components()
		return nil, 0, &Error{Op: op, Arg: "to", Code: codeNoPath, Kind: ErrNotFound,
			What: fmt.Sprintf("is bin %d, which no path joins to bin %d", to, from),
			Why:  fmt.Sprintf("the environment has %d unconnected parts", parts),
			Fix:  "see env.Components(); CloseGaps, Dilate or larger bins in FromSamples join parts"}
	}
	return path, length, nil
}

// DistanceOptions are the options of [Environment.DistanceTo] and [Environment.DistanceBetween].
type DistanceOptions struct {
	Metric Metric
}

// DistanceTo returns for every bin the distance to the nearest of some target bins in env.Units(),
// [NumBins()]; +Inf where no path leads to a target. No target, or an unknown metric, is an [ErrInvalid]; straight lines in [Polar] an [ErrUnsupported];
// a number that is not a bin an [ErrNotFound]. Python: Environment.distance_to.
func (e *Environment) DistanceTo(targets []int, opts ...DistanceOptions) ([]float64, error) {
	const op = "Environment.DistanceTo"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.checkBins(op, "targets", targets); err != nil {
		return nil, err
	}
	if err := o.Metric.check(op); err != nil {
		return nil, err
	}
	if o.Metric == MetricEuclidean {
		if err := e.cartesian(op, "straight lines"); err != nil {
			return nil, err
		}
		return e.euclideanTo(targets), nil
	}
	return e.graph.NewSearch().Distances(targets...), nil
}

func (e *Environment) euclideanTo(targets []int) []float64 {
	least := make([]float64, e.NumBins())
	for b := range least {
		least[b] = math.Inf(1)
		for _, t := range targets {
			least[b] = min(least[b], distance(e.centers.row(b), e.centers.row(t)))
		}
	}
	return least
}

// DistanceBetween returns the distance of the bins that contain two points, in env.Units(); +Inf if a
// point is in no bin or no path joins their bins.
//
//	from, to: coordinates, [NumDims()] in env.Units()
//
// Points of another dimension are an [ErrShape], an unknown metric an [ErrInvalid].
// Python: Environment.distance_between.
func (e *Environment) DistanceBetween(from, to []float64, opts ...DistanceOptions) (float64, error) {
	const op = "Environment.DistanceBetween"
	o, err := oneOption(op, opts)
	if err != nil {
		return 0, err
	}
	a, err := e.binOfPoint(op, "from", from)
	if err != nil {
		return 0, err
	}
	b, err := e.binOfPoint(op, "to", to)
	if err != nil {
		return 0, err
	}
	if err := o.Metric.check(op); err != nil {
		return 0, err
	}
	if o.Metric == MetricEuclidean {
		if err := e.cartesian(op, "straight lines"); err != nil {
			return 0, err
		}
	}
	switch {
	case a == Outside || b == Outside:
		return math.Inf(1), nil
	case o.Metric == MetricEuclidean:
		return distance(e.centers.row(a), e.centers.row(b)), nil
	}
	_, length := e.graph.ShortestPath(a, b)
	return length, nil
}

// WithinDistance returns for each of some bins the bins whose shortest path from there is at most radius
// long, ascending, [len(centers)]. A number that is not a bin is an [ErrNotFound], a radius that is
// negative or NaN an [ErrInvalid].
//
//	radius: in env.Units()
//
// Python: neighbors_within, Environment.reachable_from(metric="geodesic").
func (e *Environment) WithinDistance(centers []int, radius float64) ([][]int, error) {
	const op = "Environment.WithinDistance"
	if err := e.checkBins(op, "centers", centers); err != nil {
		return nil, err
	}
	if !(radius >= 0) {
		return nil, &Error{Op: op, Arg: "radius", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("is %g; a radius is not negative", radius)}
	}
	search := e.graph.NewSearch()
	within := make([][]int, len(centers))
	for i, c := range centers {
		for b, d := range search.DistancesWithin(radius, c) {
			if d <= radius {
				within[i] = append(within[i], b)
			}
		}
	}
	return within, nil
}

// PairwiseDistances returns the lengths of the shortest paths between some bins in env.Units(),
// [len(bins)][len(bins)]; +Inf where there is none. A number that is not a bin is an [ErrNotFound].
// Python: pairwise_distances.
func (e *Environment) PairwiseDistances(bins []int) ([][]float64, error) {
	if err := e.checkBins("Environment.PairwiseDistances", "bins", bins); err != nil {
		return nil, err
	}
	search := e.graph.NewSearch()
	matrix := make([][]float64, len(bins))
	for i, from := range bins {
		dist := search.Distances(from)
		matrix[i] = make([]float64, len(bins))
		for j, to := range bins {
			matrix[i][j] = dist[to]
		}
	}
	return matrix, nil
}

// MatrixOptions are the options of [Environment.DistanceMatrix].
type MatrixOptions struct {
	// MaxBytes is the largest size of the matrix; 0 means 2 GiB, which 16,384 bins fill.
	MaxBytes int64
}

// DistanceMatrix returns the lengths of the shortest paths between all bins in env.Units(),
// [NumBins()][NumBins()]; +Inf where there is none. A matrix over the limit is an [ErrTooLarge].
// Python: geodesic_distance_matrix.
func (e *Environment) DistanceMatrix(opts ...MatrixOptions) ([][]float64, error) {
	return e.DistanceMatrixContext(context.Background(), opts...)
}

// DistanceMatrixContext is [Environment.DistanceMatrix] that stops with ctx.Err() when ctx ends.
func (e *Environment) DistanceMatrixContext(ctx context.Context, opts ...MatrixOptions) ([][]float64, error) {
	const op = "Environment.DistanceMatrix"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.built(op); err != nil {
		return nil, err
	}
	limit := int64(2 << 30)
	if o.MaxBytes != 0 {
		limit = o.MaxBytes
	}
	n := e.NumBins()
	if need := float64(n) * float64(n) * 8; need > float64(limit) {
		return nil, &Error{Op: op, Code: codeTooLarge, Kind: ErrTooLarge,
			What: fmt.Sprintf("%d bins make a matrix of %s; the limit is %s", n, formatBytes(need), formatBytes(float64(limit))),
			Fix:  "use DistanceTo or PairwiseDistances for the bins that matter, larger bins, or raise MaxBytes"}
	}
	flat := make([]float64, n*n)
	matrix := make([][]float64, n)
	for i := range matrix {
		matrix[i] = flat[i*n : (i+1)*n : (i+1)*n]
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			search := e.graph.NewSearch()
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				copy(matrix[i], search.Distances(i))
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return matrix, nil
}

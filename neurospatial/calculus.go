package neurospatial

import (
	"fmt"
	"math"
)

// Gradient returns how steeply a field changes along every edge: √distance·(f[V] − f[U]) for edge U–V,
// [NumEdges()] in the order of [Environment.Edges].
//
//	field: one value per bin, [NumBins()]
//
// The differences are multiplied by √distance, as in the Python library, so that
// [Environment.Divergence] is the transposed operator and Divergence(Gradient(f)) the Laplacian of the graph
// whose weights are the distances. A field of another length is an [ErrShape]. Python: gradient.
func (e *Environment) Gradient(field []float64) ([]float64, error) {
	if err := e.checkField("Environment.Gradient", "field", field); err != nil {
		return nil, err
	}
	gradient := make([]float64, 0, e.NumEdges())
	e.eachEdge(func(u, v, id int) {
		gradient = append(gradient, math.Sqrt(e.graph.Edges()[id].W)*(field[v]-field[u]))
	})
	return gradient, nil
}

// Divergence returns what flows into every bin when edgeField flows along the edges from U to V, each
// multiplied by √distance, [NumBins()]. It is the transpose of [Environment.Gradient].
//
//	edgeField: one value per edge, [NumEdges()] in the order of [Environment.Edges]
//
// A field of another length is an [ErrShape]. Python: divergence.
func (e *Environment) Divergence(edgeField []float64) ([]float64, error) {
	const op = "Environment.Divergence"
	if err := e.built(op); err != nil {
		return nil, err
	}
	if len(edgeField) != e.NumEdges() {
		err := &Error{Op: op, Arg: "edgeField", Code: codeLength, Kind: ErrShape,
			What: fmt.Sprintf("has %d values, environment has %d edges", len(edgeField), e.NumEdges())}
		if len(edgeField) == e.NumBins() {
			err.Fix = "it looks like a field of the bins; env.Gradient(field) gives one value per edge"
		}
		return nil, err
	}
	divergence := make([]float64, e.NumBins())
	next := 0
	e.eachEdge(func(u, v, id int) {
		flow := math.Sqrt(e.graph.Edges()[id].W) * edgeField[next]
		next++
		divergence[u] -= flow
		divergence[v] += flow
	})
	return divergence, nil
}

// Reduction turns the values of a bin's neighbours into one.
type Reduction uint8

const (
	// ReduceMean is their mean. It is the default.
	ReduceMean Reduction = iota
	// ReduceSum is their sum.
	ReduceSum
	// ReduceMax is the largest.
	ReduceMax
	// ReduceMin is the smallest.
	ReduceMin
	// ReduceStd is their standard deviation, that of a population: the squares are divided by the number.
	ReduceStd
)

var reductionNames = [...]string{"mean", "sum", "max", "min", "std"}

// String returns the Python name, "mean".
func (r Reduction) String() string {
	if int(r) < len(reductionNames) {
		return reductionNames[r]
	}
	return fmt.Sprintf("Reduction(%d)", uint8(r))
}

// ReduceOptions are the options of [Environment.NeighborReduce].
type ReduceOptions struct {
	Reduction   Reduction // Python: op
	IncludeSelf bool      // the bin's own value counts as well. Python: include_self
}

// NeighborReduce returns for every bin the mean, or another summary, of the field over its neighbours,
// [NumBins()]; NaN for bins without any.
//
//	field: one value per bin, [NumBins()]
//
// A field of another length is an [ErrShape], an unknown reduction an [ErrInvalid].
// Python: neighbor_reduce.
func (e *Environment) NeighborReduce(field []float64, opts ...ReduceOptions) ([]float64, error) {
	const op = "Environment.NeighborReduce"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.checkField(op, "field", field); err != nil {
		return nil, err
	}
	if o.Reduction > ReduceStd {
		return nil, &Error{Op: op, Arg: "Reduction", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("is %v; use ReduceMean, ReduceSum, ReduceMax, ReduceMin or ReduceStd", o.Reduction)}
	}
	out := make([]float64, len(field))
	var values []float64
	for b := range out {
		values = values[:0]
		for _, v := range e.graph.Neighbors(b) {
			values = append(values, field[v])
		}
		if o.IncludeSelf {
			values = append(values, field[b])
		}
		out[b] = o.Reduction.of(values)
	}
	return out, nil
}

// of summarises values; NaN if there are none.
func (r Reduction) of(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	n := float64(len(values))
	sum, least, most := 0.0, math.Inf(1), math.Inf(-1)
	for _, v := range values {
		sum += v
		least, most = min(least, v), max(most, v)
	}
	switch r {
	case ReduceSum:
		return sum
	case ReduceMax:
		return most
	case ReduceMin:
		return least
	case ReduceStd:
		squares := 0.0
		for _, v := range values {
			squares += (v - sum/n) * (v - sum/n)
		}
		return math.Sqrt(squares / n)
	}
	return sum / n
}

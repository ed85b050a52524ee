package heat

import (
	"fmt"
	"math"

	"github.com/nskernel/nskernel/neurospatial/internal/csr"
)

// Sparse is the heat operator of any graph.
//
// Its spectrum lies in [0, bound], so A = I - 2S/bound has its own in [-1, 1] and
// Chebyshev polynomials of A stay bounded. Rows hold 2A, which is what the
// recurrence of the polynomials needs.
type Sparse struct {
	start  []int32   // [n+1]
	target []int32   // [arcs]
	value  []float64 // [arcs] off the diagonal of 2A
	diag   []float64 // [n] diagonal of 2A
	bound  float64   // of the spectrum of S
	runs   []run     // the same values once more, where rows are alike

	component []int32   // [n]
	parts     int       // number of components
	calm      []float64 // [n] what heat ends as: per component a unit vector of the null space of S
}

// NewSparse returns the operator of cells that exchange heat through edges.
//
//	volume: of each cell, above 0, [n]
//	edges: W is the conductance; edges with W = 0 carry nothing and are dropped
func NewSparse(volume []float64, edges []csr.Edge) (*Sparse, error) {
	for i, v := range volume {
		if !(v > 0) || math.IsInf(v, 1) {
			return nil, fmt.Errorf("heat: cell %d has volume %v, want a finite volume above 0", i, v)
		}
	}
	open := make([]csr.Edge, 0, len(edges))
	for _, e := range edges {
		if e.W != 0 {
			open = append(open, e)
		}
	}
	g, err := csr.FromEdges(len(volume), open)
	if err != nil {
		return nil, fmt.Errorf("heat: %w", err)
	}
	s := &Sparse{diag: make([]float64, len(volume))}
	for i := range s.diag {
		for _, w := range g.Weights(i) {
			s.diag[i] += w
		}
		s.diag[i] /= volume[i]
		// Each row of L sums to 0: Gershgorin's circles reach to twice the diagonal.
		s.bound = max(s.bound, 2*s.diag[i])
	}
	if math.IsInf(s.bound, 1) {
		return nil, fmt.Errorf("heat: the ratio of conductance to volume overflows")
	}
	s.setRows(g, volume)
	s.runs = s.findRuns()
	s.setCalm(g, volume)
	return s, nil
}

// setRows turns the diagonal of S, which diag holds, and the graph into 2A.
func (s *Sparse) setRows(g *csr.Graph, volume []float64) {
	s.start = make([]int32, 1, len(volume)+1)
	s.target = make([]int32, 0, 2*g.NumEdges())
	s.value = make([]float64, 0, 2*g.NumEdges())
	scale := 0.0
	if s.bound > 0 {
		scale = 4 / s.bound
	}
	for i := range volume {
		weights := g.Weights(i)
		for k, j := range g.Neighbors(i) {
			s.target = append(s.target, j)
			s.value = append(s.value, scale*(weights[k]/math.Sqrt(volume[i])/math.Sqrt(volume[j])))
		}
		s.start = append(s.start, int32(len(s.target)))
		s.diag[i] = 2 - scale*s.diag[i]
	}
}

func (s *Sparse) setCalm(g *csr.Graph, volume []float64) {
	s.component, s.parts = g.Components()
	total := make([]float64, s.parts)
	for i, v := range volume {
		total[s.component[i]] += v
	}
	s.calm = make([]float64, len(volume))
	for i, v := range volume {
		s.calm[i] = math.Sqrt(v / total[s.component[i]])
	}
}

// Len returns the number of cells.
func (s *Sparse) Len() int { return len(s.diag) }

// Bytes returns the memory held by the operator.
func (s *Sparse) Bytes() int64 {
	bytes := int64(len(s.start)+len(s.target)+len(s.component))*4 +
		int64(len(s.value)+len(s.diag)+len(s.calm))*8
	for _, r := range s.runs {
		bytes += int64(len(r.band)) * (8*int64(r.hi-r.lo) + 8 + 24)
	}
	return bytes
}

// longestStep bounds z = t*bound/2 of the first polynomial, whose degree is about
// 9√z; see chebyshev.run for what follows it.
const longestStep = 4096.0

// At prepares E(t).
func (s *Sparse) At(t float64) Propagator {
	c := &chebyshev{s: s}
	rest := t * s.bound / 2
	if math.IsNaN(rest) {
		rest = 0 // no edges, infinite time: nothing flows
	}
	c.rest = max(0, rest-longestStep)
	c.first = besselWeights(min(rest, longestStep))
	return c
}

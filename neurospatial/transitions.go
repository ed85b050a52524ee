package neurospatial

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// TransitionOptions are the options of [Environment.Transitions].
type TransitionOptions struct {
	// Lag is the number of entries of the sequence from one bin to the next; 0 means 1.
	Lag int
	// AllowTeleports counts steps between bins that are not joined. Otherwise they are left out: the animal
	// was not seen in between. Python: allow_teleports.
	AllowTeleports bool
	// Counts gives numbers of steps instead of probabilities. Python: normalize=False.
	Counts bool
}

// Transitions returns how often an animal that was in one bin was in another next.
//
//	bins: sequence of bins, none of them [Outside], as [Environment.BinSequence] returns it: with KeepRepeats
//	steps are between samples, without between visits
//
// Entry (i, j) is the probability that a step from bin i leads to bin j: rows add up to 1, or to 0 for bins
// that no step leaves. A sequence no longer than the lag has no steps. Errors: entries that are no bins
// ([ErrNotFound]), a lag below 0 ([ErrInvalid]).
//
// The diffusion of [Environment.ComputeKernel] with [ModeAverage] is a model of such a matrix, its
// Python: transitions(method='diffusion'). Python: Environment.transitions.
func (e *Environment) Transitions(bins []int, opts ...TransitionOptions) (*TransitionMatrix, error) {
	const op = "Environment.Transitions"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.built(op); err != nil {
		return nil, err
	}
	if o.Lag == 0 {
		o.Lag = 1
	}
	if o.Lag < 0 {
		return nil, &Error{Op: op, Arg: "Lag", Code: codeRange, Kind: ErrInvalid, What: fmt.Sprintf("is %d; a lag is at least 1", o.Lag)}
	}
	n := e.NumBins()
	for i, b := range bins {
		if uint(b) >= uint(n) {
			return nil, e.checkBin(op, fmt.Sprintf("bins[%d]", i), b)
		}
	}
	steps := make([]int64, 0, max(len(bins)-o.Lag, 0)) // from*n + to
	for k := 0; k+o.Lag < len(bins); k++ {
		from, to := bins[k], bins[k+o.Lag]
		if from == to || o.AllowTeleports || slices.Contains(e.graph.Neighbors(from), int32(to)) {
			steps = append(steps, int64(from)*int64(n)+int64(to))
		}
	}
	slices.Sort(steps)
	m := newTransitionMatrix(n)
	for k := 0; k < len(steps); {
		same := k
		for same < len(steps) && steps[same] == steps[k] {
			same++
		}
		m.add(int(steps[k]/int64(n)), int(steps[k]%int64(n)), float64(same-k))
		k = same
	}
	m.finish(!o.Counts)
	return m, nil
}

// RandomWalkTransitions returns the transitions of an animal that moves to each neighbour of its bin with the
// same probability and never stays. Of the options only Counts has a meaning: it gives 1 for each neighbour.
// Python: Environment.transitions(method='random_walk').
func (e *Environment) RandomWalkTransitions(opts ...TransitionOptions) (*TransitionMatrix, error) {
	const op = "Environment.RandomWalkTransitions"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.built(op); err != nil {
		return nil, err
	}
	if o.Lag != 0 || o.AllowTeleports {
		return nil, &Error{Op: op, Arg: "opts", Code: codeOptions, Kind: ErrInvalid,
			What: "has Lag or AllowTeleports, which are about a recorded sequence", Fix: "use Transitions for sequences"}
	}
	m := newTransitionMatrix(e.NumBins())
	for i := range e.NumBins() {
		neighbors := slices.Sorted(slices.Values(e.graph.Neighbors(i)))
		for _, j := range slices.Compact(neighbors) {
			m.add(i, int(j), 1)
		}
	}
	m.finish(!o.Counts)
	return m, nil
}

// TransitionMatrix is a square matrix of which only the entries other than 0 are kept. It cannot be changed
// and implements gonum's mat.Matrix.
type TransitionMatrix struct {
	n      int
	start  []int     // [n+1] first entry of each row
	column []int     // ascending within a row
	value  []float64 // [len(column)]
}

var _ mat.Matrix = (*TransitionMatrix)(nil)

func newTransitionMatrix(n int) *TransitionMatrix {
	return &TransitionMatrix{n: n, start: make([]int, 1, n+1)}
}

// add appends an entry; rows come in order, and columns within a row.
func (m *TransitionMatrix) add(row, column int, value float64) {
	m.endRowsBefore(row)
	m.column = append(m.column, column)
	m.value = append(m.value, value)
}

func (m *TransitionMatrix) endRowsBefore(row int) {
	for len(m.start) <= row {
		m.start = append(m.start, len(m.column))
	}
}

// finish ends the last rows and, if asked to, scales every row to add up to 1.
func (m *TransitionMatrix) finish(normalize bool) {
	m.endRowsBefore(m.n)
	if !normalize {
		return
	}
	for i := range m.n {
		row := m.value[m.start[i]:m.start[i+1]]
		sum := 0.0
		for _, v := range row {
			sum += v
		}
		for k := range row {
			row[k] /= sum
		}
	}
}

// Dims returns the number of rows and columns, both [NumBins()].
func (m *TransitionMatrix) Dims() (rows, columns int) { return m.n, m.n }

// NumNonZero returns the number of entries other than 0.
func (m *TransitionMatrix) NumNonZero() int { return len(m.value) }

// At returns the entry from bin i to bin j. Like the indexing of a slice it panics when there is no such bin.
func (m *TransitionMatrix) At(i, j int) float64 {
	if uint(i) >= uint(m.n) || uint(j) >= uint(m.n) {
		panic(fmt.Sprintf("neurospatial: TransitionMatrix.At(%d, %d) out of range for %v", i, j, m))
	}
	lo, hi := m.start[i], m.start[i+1]
	if k, found := slices.BinarySearch(m.column[lo:hi], j); found {
		return m.value[lo+k]
	}
	return 0
}

// T returns the transposed matrix; nothing is copied.
func (m *TransitionMatrix) T() mat.Matrix { return mat.Transpose{Matrix: m} }

// Row returns the bins that can follow bin i, ascending, and their entries; both are copies. Like the indexing
// of a slice it panics when there is no such bin.
func (m *TransitionMatrix) Row(i int) (bins []int, values []float64) {
	if uint(i) >= uint(m.n) {
		panic(fmt.Sprintf("neurospatial: TransitionMatrix.Row(%d) out of range for %v", i, m))
	}
	lo, hi := m.start[i], m.start[i+1]
	return slices.Clone(m.column[lo:hi]), slices.Clone(m.value[lo:hi])
}

// String returns the size: TransitionMatrix(396×396, 1210 entries).
func (m *TransitionMatrix) String() string {
	return fmt.Sprintf("TransitionMatrix(%d×%d, %d entries)", m.n, m.n, len(m.value))
}

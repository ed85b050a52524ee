package neurospatial

import "fmt"

// OutsideValue says what becomes of samples that lie in no bin.
type OutsideValue uint8

const (
	// OutsideKept keeps them as [Outside]. It is the default.
	OutsideKept OutsideValue = iota
	// OutsideDropped leaves them out. Python: outside_value=None.
	OutsideDropped
)

// String returns "kept" or "dropped".
func (v OutsideValue) String() string {
	switch v {
	case OutsideKept:
		return "kept"
	case OutsideDropped:
		return "dropped"
	}
	return fmt.Sprintf("OutsideValue(%d)", uint8(v))
}

// SequenceOptions are the options of [Environment.BinSequence].
type SequenceOptions struct {
	// KeepRepeats gives one bin per sample instead of one per visit. Python: dedup=False.
	KeepRepeats bool
	// OutsideValue says what becomes of samples that lie in no bin. Python: outside_value.
	OutsideValue OutsideValue
}

// BinSequence returns the bins that the animal visited, in order.
//
//	times: time of each sample in seconds, finite, not descending, [n]
//	pos: position of each sample in env.Units(), [n][NumDims()]; NaN where it is not known
//
// Consecutive samples in the same bin give one entry. Samples in no bin give [Outside]; when they are
// dropped, a return to the bin that was left is no new visit. Errors: times and positions of different
// length or dimension ([ErrShape]), times that descend or are not finite ([ErrInvalid]).
// Python: Environment.bin_sequence.
func (e *Environment) BinSequence(times []float64, pos Points, opts ...SequenceOptions) ([]int, error) {
	const op = "Environment.BinSequence"
	o, bins, err := e.sequence(op, times, pos, opts)
	if err != nil {
		return nil, err
	}
	kept := bins[:0]
	for _, b := range bins {
		if b == Outside && o.OutsideValue == OutsideDropped {
			continue
		}
		if n := len(kept); n > 0 && kept[n-1] == b && !o.KeepRepeats {
			continue
		}
		kept = append(kept, b)
	}
	return kept, nil
}

// sequence returns the bin of each sample.
func (e *Environment) sequence(op string, times []float64, pos Points, opts []SequenceOptions) (SequenceOptions, []int, error) {
	o, err := oneOption(op, opts)
	if err != nil {
		return o, nil, err
	}
	if err := e.checkRecording(op, times, pos); err != nil {
		return o, nil, err
	}
	if o.OutsideValue > OutsideDropped {
		return o, nil, &Error{Op: op, Arg: "OutsideValue", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("is %v; use OutsideKept or OutsideDropped", o.OutsideValue)}
	}
	bins := make([]int, len(times))
	e.layout.BinAtTo(bins, pos)
	return o, bins, nil
}

// BinRuns are stays in one bin after another; entry k of each slice belongs to stay k.
type BinRuns struct {
	Bins    []int // bin of the stay, or Outside
	Starts  []int // index of its first sample
	Lengths []int // number of samples
}

// Len returns the number of stays.
func (r *BinRuns) Len() int { return len(r.Bins) }

// BinSequenceWithRuns returns the bins that the animal visited with the samples of each stay. Unlike in
// [Environment.BinSequence] a dropped sample ends a stay, so that every stay is a range of samples.
// KeepRepeats is refused: stays of one sample each say nothing. Errors are otherwise those of BinSequence.
// Python: Environment.bin_sequence_with_runs.
func (e *Environment) BinSequenceWithRuns(times []float64, pos Points, opts ...SequenceOptions) (*BinRuns, error) {
	const op = "Environment.BinSequenceWithRuns"
	o, bins, err := e.sequence(op, times, pos, opts)
	if err != nil {
		return nil, err
	}
	if o.KeepRepeats {
		return nil, &Error{Op: op, Arg: "KeepRepeats", Code: codeOptions, Kind: ErrInvalid,
			What: "is set, but runs are made of repeats", Fix: "use BinSequence to get one bin per sample"}
	}
	runs := new(BinRuns)
	for i, b := range bins {
		switch {
		case b == Outside && o.OutsideValue == OutsideDropped:
		case i > 0 && bins[i-1] == b:
			runs.Lengths[len(runs.Lengths)-1]++
		default:
			runs.Bins = append(runs.Bins, b)
			runs.Starts = append(runs.Starts, i)
			runs.Lengths = append(runs.Lengths, 1)
		}
	}
	return runs, nil
}

package neurospatial

import (
	"context"
	"math"
)

// ResampleOptions are the options of [Environment.ResampleField].
type ResampleOptions struct {
	// Bandwidth, in env.Units(), smooths the result over this distance. 0 means not set.
	// Python: method="diffuse", bandwidth.
	Bandwidth float64
}

// ResampleField returns a field of another environment on the bins of this one: each bin takes the value of the bin
// of source whose centre is nearest to its own, or NaN if that is beyond the default limit of
// [Environment.MapPointsToBins].
//
//	field: one value per bin of source, [source.NumBins()]; a NaN counts as no value
//	source: the environment that the field belongs to, of the same dimension and unit
//
// Returns one value per bin of this environment, [NumBins()]. With a bandwidth the values found are smoothed as rates:
// bins without a value do not count, and keep none.
//
// Errors: a field of another length or a source of another dimension ([ErrShape]), a bandwidth that is negative or not
// finite ([ErrInvalid]). Python: resample_field.
func (e *Environment) ResampleField(field []float64, source *Environment, opts ...ResampleOptions) ([]float64, error) {
	const op = "Environment.ResampleField"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.built(op); err != nil {
		return nil, err
	}
	if err := source.checkField(op, "field", field); err != nil {
		return nil, err
	}
	if err := source.checkPoints(op, "source", e.centers); err != nil {
		return nil, err
	}
	if o.Bandwidth != 0 {
		if err := checkSmoothing(op, o.Bandwidth, ModeAverage); err != nil {
			return nil, err
		}
	}
	bins := make([]int, e.NumBins())
	source.nearestTo(bins, nil, e.centers, source.defaultLimit(), LowestIndex)
	values := make([]float64, len(bins))
	for i, b := range bins {
		values[i] = math.NaN()
		if b != Outside {
			values[i] = field[b]
		}
	}
	if o.Bandwidth == 0 {
		return values, nil
	}
	return e.smoothValid(op, values, o.Bandwidth)
}

// smoothValid smooths a field with missing values: the smoothed sum of what is there, divided by how much is there.
func (e *Environment) smoothValid(op string, values []float64, bandwidth float64) ([]float64, error) {
	sum, there := make([]float64, len(values)), make([]float64, len(values))
	for i, v := range values {
		if !math.IsNaN(v) {
			sum[i], there[i] = v, 1
		}
	}
	if err := checkFinite(op, "field", sum); err != nil {
		return nil, err
	}
	if err := e.diffuse(context.Background(), bandwidth, ModeAverage, sum, there); err != nil {
		return nil, err
	}
	for i, v := range values {
		if math.IsNaN(v) {
			sum[i] = v
			continue
		}
		sum[i] /= max(there[i], 1e-12) // as Python; a bin with a value is never without weight
	}
	return sum, nil
}

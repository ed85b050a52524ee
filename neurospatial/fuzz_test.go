package neurospatial_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/neurospatial/layouttest"
)

// FuzzFromSamples builds environments from any numbers at all: what is not refused keeps the rules of
// layouts, and nothing panics or takes more memory than allowed.
func FuzzFromSamples(f *testing.F) {
	for _, values := range [][]float64{
		{0, 0, 1, 1, 2, 5},
		{math.NaN(), 1, 3, math.Inf(1)},
		{1e308, -1e308, -1e308, 1e308},
		{5e-324, 1e300, 1e-300, 7},
		{1e6, 1e6, 1e6 + 5, 1e6 + 5},
		{1 << 60, 1, 1<<60 + 256, 2},
	} {
		var data []byte
		for _, v := range values {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
		}
		f.Add(data, uint8(2), 1.0, uint8(0), 0)
		f.Add(data, uint8(1), 1e-3, uint8(0xff), 1)
	}
	f.Fuzz(func(t *testing.T, data []byte, dim uint8, size float64, flags uint8, threshold int) {
		d := int(dim%6) + 1
		flat := make([]float64, min(len(data)/8, 60)/d*d)
		for i := range flat {
			flat[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
		}
		pos, err := ns.PointsOfFlat(d, flat)
		if err != nil {
			t.Fatal(err)
		}
		on := func(bit int) bool { return flags>>bit&1 == 1 }
		o := ns.SamplesOptions{MaxBytes: 300_000, CountThreshold: threshold, KeepAllBins: on(0), NoDiagonals: on(1),
			Dilate: on(2), FillHoles: on(3), CloseGaps: on(4), BoundaryBins: on(5)}
		if on(6) && pos.Len() > 0 {
			for _, v := range pos.Row(0) {
				o.Ranges = append(o.Ranges, [2]float64{v, size})
			}
		}
		if on(7) {
			o = ns.SamplesOptions{MaxBytes: o.MaxBytes, CountThreshold: threshold, KeepAllBins: on(0), Ranges: o.Ranges, Layout: ns.LayoutHexagonal}
		}
		env, err := ns.FromSamples(pos, size, o)
		if err != nil {
			var e *ns.Error
			if !errors.As(err, &e) || e.Kind == nil || e.Code == "" || e.What == "" {
				t.Fatalf("error without kind, code or text: %#v", err)
			}
			return
		}
		if env.NumBins() > 500 {
			return // the contract suite compares all pairs
		}
		if faults := layouttest.Check(env.Layout()); len(faults) > 0 {
			t.Fatalf("%v: %s", env, faults[0])
		}
	})
}

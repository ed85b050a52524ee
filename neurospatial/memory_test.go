package neurospatial_test

import (
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// TestEstimateMemory compares the estimate with what building allocates.
func TestEstimateMemory(t *testing.T) {
	pos := mustPoints([]float64{0, 0}, []float64{300, 200})
	for name, o := range map[string]ns.SamplesOptions{
		"plain": {KeepAllBins: true}, "repaired": {CountThreshold: -1, FillHoles: true, Dilate: true}, "axes": {KeepAllBins: true, NoDiagonals: true},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := ns.EstimateMemory(pos, 1, o)
			if err != nil {
				t.Fatal(err)
			}
			var before, after, kept runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			env, err := ns.FromSamples(pos, 1, o)
			if err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			runtime.GC()
			runtime.ReadMemStats(&kept)
			allocated := after.TotalAlloc - before.TotalAlloc
			held := kept.HeapAlloc - before.HeapAlloc
			t.Logf("%v: estimate %d, allocated %d, held %d bytes", env, m.BuildBytes, allocated, held)
			if int64(held) > m.BuildBytes || uint64(m.BuildBytes) > 2*allocated {
				t.Errorf("estimate %d bytes; building allocated %d and the environment holds %d", m.BuildBytes, allocated, held)
			}
			if !slices.Equal(m.Shape, env.GridShape()) || m.Cells != int64(len(env.ActiveMask())) || m.MaxBins < int64(env.NumBins()) {
				t.Errorf("estimate %+v of %v", m, env)
			}
			if n := m.MaxBins; m.KernelBytes != n*n*8 {
				t.Errorf("KernelBytes = %d for %d bins", m.KernelBytes, n)
			}
		})
	}
}

// TestEstimateMemoryBounds asks for grids that nobody could build.
func TestEstimateMemoryBounds(t *testing.T) {
	pos := mustPoints([]float64{0, 0, 0}, []float64{1e6, 1e6, 1e6})
	m, err := ns.EstimateMemory(pos, 1)
	if err != nil {
		t.Fatal(err)
	}
	if m.MaxBins != 2 || m.Cells < 1e18 || m.BuildBytes < m.Cells {
		t.Errorf("%+v: two samples make at most 2 bins of very many cells", m)
	}
	for name, o := range map[string]ns.SamplesOptions{"all": {KeepAllBins: true}, "fill": {FillHoles: true}, "negative": {CountThreshold: -1}} {
		if m, err := ns.EstimateMemory(pos, 1, o); err != nil || m.MaxBins != m.Cells || m.KernelBytes != math.MaxInt64 {
			t.Errorf("%s: %+v, %v: every cell can be a bin", name, m, err)
		}
	}
	if m, err := ns.EstimateMemory(pos, 1, ns.SamplesOptions{Dilate: true}); err != nil || m.MaxBins != 2*19 {
		t.Errorf("dilated: %+v, %v: two samples make two balls of 19 cells", m, err)
	}
	if _, err := ns.EstimateMemory(pos, 0); !errors.Is(err, ns.ErrInvalid) {
		t.Errorf("bin size 0: %v", err)
	}
	if _, err := ns.FromSamples(pos, 1); !errors.Is(err, ns.ErrTooLarge) {
		t.Errorf("FromSamples builds it: %v", err)
	}
}

package neurospatial

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

func mustKernel(t interface{ Fatal(...any) }, e *Environment, bandwidth float64, mode KernelMode) *Kernel {
	k, err := e.ComputeKernel(bandwidth, KernelOptions{Mode: mode})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKernelEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEnvironment(t)
		n := e.NumBins()
		bandwidth := drawBandwidth(t)
		for _, mode := range allModes {
			k := mustKernel(t, e, bandwidth, mode)
			for j := range n {
				columnSum, rowSum := 0.0, 0.0
				for i := range n {
					if v := k.At(i, j); !(v >= 0) || k.T().At(j, i) != v {
						t.Fatalf("%v: entry %d, %d is %v, transposed %v", mode, i, j, v, k.T().At(j, i))
					}
					rowSum += k.At(j, i)
					switch mode {
					case ModeDensity:
						columnSum += k.At(i, j) * e.volumes[i]
					default:
						columnSum += k.At(i, j)
					}
				}
				if mode == ModeAverage && math.Abs(rowSum-1) > 1e-13 {
					t.Fatalf("row %d adds up to %v", j, rowSum)
				}
				if mode != ModeAverage && math.Abs(columnSum-1) > 1e-13 {
					t.Fatalf("%v: column %d adds up to %v", mode, j, columnSum)
				}
			}
		}
	})
}

func TestKernelColumnsAreSmoothedUnits(t *testing.T) {
	e := roundArena(t, 9)
	for _, mode := range allModes {
		k := mustKernel(t, e, 3, mode)
		for j := range e.NumBins() {
			unit := make([]float64, e.NumBins())
			unit[j] = 1
			for i, v := range smoothed(t, e, unit, 3, mode) {
				if math.Abs(v-k.At(i, j)) > 1e-15 {
					t.Fatalf("%v: entry %d, %d is %v, Smooth gives %v", mode, i, j, k.At(i, j), v)
				}
			}
		}
	}
}

func TestKernelIsAMatrix(t *testing.T) {
	e := squareGrid(t, 4)
	k := mustKernel(t, e, 3, ModeAverage)
	if r, c := k.Dims(); r != 16 || c != 16 {
		t.Errorf("%d×%d", r, c)
	}
	if k.Mode() != ModeAverage || k.Bandwidth() != 3 || k.String() != "Kernel(16×16, average, bandwidth 3)" {
		t.Errorf("%v: mode %v, bandwidth %v", k, k.Mode(), k.Bandwidth())
	}
	field := make([]float64, 16)
	for i := range field {
		field[i] = float64(i * i % 7)
	}
	var product mat.VecDense
	product.MulVec(k, mat.NewVecDense(16, field))
	got, err := k.Apply(field)
	if err != nil || !closeFields(got, product.RawVector().Data, field, 1e-15) {
		t.Errorf("Apply gives %v, %v; gonum %v", got, err, product.RawVector().Data)
	}
	if _, err := k.Apply(field[:3]); !errors.Is(err, ErrShape) {
		t.Errorf("short field: %v", err)
	}
	empty := new(Kernel)
	if _, err := empty.Apply(nil); !errors.Is(err, ErrShape) || empty.String() != "Kernel(empty)" {
		t.Errorf("empty kernel %v: %v", empty, err)
	}
	for _, at := range [][2]int{{-1, 0}, {0, -1}, {16, 0}, {0, 16}} {
		func() {
			defer func() {
				if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "Kernel.At") {
					t.Errorf("At%v: %v", at, r)
				}
			}()
			k.At(at[0], at[1])
		}()
	}
}

func TestComputeKernelRefuses(t *testing.T) {
	e := squareGrid(t, 10) // a kernel of 100 bins takes 80,000 bytes
	for name, c := range map[string]struct {
		env       *Environment
		bandwidth float64
		options   []KernelOptions
		kind      error
	}{
		"bandwidth 0":       {e, 0, nil, ErrInvalid},
		"NaN bandwidth":     {e, math.NaN(), nil, ErrInvalid},
		"unknown mode":      {e, 1, []KernelOptions{{Mode: 3}}, ErrInvalid},
		"two options":       {e, 1, make([]KernelOptions, 2), ErrInvalid},
		"no environment":    {nil, 1, nil, ErrInvalid},
		"negative limit":    {e, 1, []KernelOptions{{MaxBytes: -1}}, ErrInvalid},
		"over the limit":    {e, 1, []KernelOptions{{MaxBytes: 79_999}}, ErrTooLarge},
		"over the default":  {squareGrid(t, 129), 1, nil, ErrTooLarge},
		"uncached, too big": {e, 1, []KernelOptions{{MaxBytes: 1, NoCache: true}}, ErrTooLarge},
	} {
		if _, err := c.env.ComputeKernel(c.bandwidth, c.options...); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := e.ComputeKernel(1, KernelOptions{MaxBytes: 79_999})
	var detailed *Error
	if !errors.As(err, &detailed) || !strings.Contains(detailed.Error(), "78.1 KiB") || !strings.Contains(detailed.Hint(), "99 bins") {
		t.Errorf("message %v, hint %q", err, detailed.Hint())
	}
	if _, err := e.ComputeKernel(1, KernelOptions{MaxBytes: 80_000}); err != nil {
		t.Errorf("at the limit: %v", err)
	}
}

func TestComputeKernelCaches(t *testing.T) {
	e := squareGrid(t, 6)
	use := func() CacheUse { return e.CacheStats().Kernels }
	mustKernel(t, e, 3, ModeDensity)
	if got := use(); got.Entries != 2 || got.Bytes < 36*36*8 {
		t.Errorf("after one kernel: %+v", got)
	}
	mustKernel(t, e, 3, ModeTransition)
	mustKernel(t, e, 3, ModeAverage)
	if got := use(); got.Entries != 2 {
		t.Errorf("other modes are kept apart: %+v", got)
	}
	mustKernel(t, e, 4, ModeDensity)
	if got := use(); got.Entries != 3 {
		t.Errorf("after another bandwidth: %+v", got)
	}
	before := use()
	if _, err := e.ComputeKernel(5, KernelOptions{NoCache: true}); err != nil {
		t.Fatal(err)
	}
	if got := use(); got.Entries != before.Entries || got.Bytes != before.Bytes {
		t.Errorf("NoCache kept something: %+v", got)
	}
}

func TestComputeKernelContext(t *testing.T) {
	e := roundArena(t, 30)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, noCache := range []bool{false, true} {
		_, err := e.ComputeKernelContext(ctx, 20, KernelOptions{NoCache: noCache})
		var detailed *Error
		if !errors.Is(err, context.Canceled) || !errors.As(err, &detailed) || detailed.Op != "Environment.ComputeKernelContext" {
			t.Errorf("NoCache %v: %v", noCache, err)
		}
	}
	soon, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := e.ComputeKernelContext(soon, 2000); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("deadline: %v", err)
	}
	if k, err := e.ComputeKernelContext(context.Background(), 1); err != nil || k.Bandwidth() != 1 {
		t.Errorf("got %v, %v", k, err)
	}
}

func BenchmarkComputeKernel(b *testing.B) {
	for _, c := range []struct {
		name string
		env  *Environment
	}{{"grid50", squareGrid(b, 50)}, {"round50", roundArena(b, 50)}, {"grid100", squareGrid(b, 100)}} {
		b.Run(fmt.Sprintf("%s/bins=%d/bandwidth=10", c.name, c.env.NumBins()), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.env.ComputeKernel(10, KernelOptions{NoCache: true}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkKernelApply(b *testing.B) {
	e := squareGrid(b, 50)
	field := make([]float64, e.NumBins())
	for _, mode := range allModes {
		k := mustKernel(b, e, 10, mode)
		b.Run(fmt.Sprintf("%v/bins=%d", mode, e.NumBins()), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := k.Apply(field); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package neurospatial

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// inEight runs f on 8 goroutines at once and waits for them.
func inEight(f func(i int)) {
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() { f(i) })
	}
	group.Wait()
}

var testKey = cacheKey{part: CacheProperties, what: "test"}

func TestCacheComputesOnce(t *testing.T) {
	var c caches
	var computed atomic.Int32
	begun := make(chan struct{})
	compute := func(context.Context) (string, int64, error) {
		computed.Add(1)
		<-begun
		return "result", 6, nil
	}
	var asked sync.WaitGroup
	asked.Add(8)
	go func() { asked.Wait(); close(begun) }() // nobody is answered before all have asked
	inEight(func(int) {
		asked.Done()
		got, err := cached(context.Background(), &c, testKey, compute)
		if got != "result" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
	})
	if n := computed.Load(); n != 1 {
		t.Errorf("computed %d times", n)
	}
	if got, want := c.stats().Properties, (CacheUse{Entries: 1, Bytes: 6, Hits: 7, Misses: 1}); got != want {
		t.Errorf("stats %+v, want %+v", got, want)
	}
}

func TestCacheDoesNotKeepFailures(t *testing.T) {
	var c caches
	bad := errors.New("bad")
	for i := range 3 {
		_, err := cached(context.Background(), &c, testKey, func(context.Context) (int, int64, error) { return 0, 0, bad })
		if !errors.Is(err, bad) {
			t.Fatalf("call %d: %v", i, err)
		}
	}
	if got, want := c.stats().Properties, (CacheUse{Misses: 3}); got != want {
		t.Errorf("stats %+v, want %+v", got, want)
	}
}

func TestCacheHandsPanicsToCallers(t *testing.T) {
	var c caches
	for range 2 {
		func() {
			defer func() {
				if r := recover(); r != "oops" {
					t.Errorf("recovered %v", r)
				}
			}()
			_, _ = cached(context.Background(), &c, testKey, func(context.Context) (int, int64, error) { panic("oops") })
		}()
	}
	if n := c.stats().Properties.Entries; n != 0 {
		t.Errorf("%d entries are kept", n)
	}
}

// waitingFor blocks until so many callers wait for the test key.
func waitingFor(c *caches, n int) {
	for {
		c.mu.Lock()
		e := c.entries[testKey]
		done := e != nil && e.waiting == n
		c.mu.Unlock()
		if done {
			return
		}
	}
}

func TestCacheSurvivesCancelledFirstCaller(t *testing.T) {
	var c caches
	release := make(chan struct{})
	compute := func(ctx context.Context) (int, int64, error) {
		select {
		case <-release:
			return 42, 8, nil
		case <-ctx.Done():
			return 0, 0, ctx.Err()
		}
	}
	first, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := cached(first, &c, testKey, compute); !errors.Is(err, context.Canceled) {
			t.Errorf("first caller: %v", err)
		}
	})
	waitingFor(&c, 1)
	group.Go(func() {
		got, err := cached(context.Background(), &c, testKey, compute)
		if got != 42 || err != nil {
			t.Errorf("second caller: %d, %v", got, err)
		}
	})
	waitingFor(&c, 2)
	cancel()
	waitingFor(&c, 1)
	close(release)
	group.Wait()
	if got := c.stats().Properties; got.Entries != 1 || got.Misses != 1 {
		t.Errorf("stats %+v", got)
	}
}

func TestCacheStopsWhenNobodyWaits(t *testing.T) {
	var c caches
	stopped := make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	go func() { waitingFor(&c, 1); cancel() }()
	_, err := cached(ctx, &c, testKey, func(ctx context.Context) (int, int64, error) {
		<-ctx.Done()
		close(stopped)
		return 0, 0, ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	<-stopped
	got, err := cached(context.Background(), &c, testKey, func(context.Context) (int, int64, error) { return 1, 0, nil })
	if got != 1 || err != nil {
		t.Errorf("next caller: %d, %v", got, err)
	}
}

func TestClearDetachesRunningComputations(t *testing.T) {
	var c caches
	release := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		got, err := cached(context.Background(), &c, testKey, func(context.Context) (int, int64, error) { <-release; return 7, 8, nil })
		if got != 7 || err != nil {
			t.Errorf("got %d, %v", got, err)
		}
	})
	waitingFor(&c, 1)
	c.clear(CacheProperties)
	close(release)
	group.Wait()
	if n := c.stats().Properties.Entries; n != 0 {
		t.Errorf("%d entries are kept", n)
	}
}

func TestKernelCacheIsBoundedByBytes(t *testing.T) {
	var c caches
	put := func(i int, bytes int64) {
		key := cacheKey{part: CacheKernels, what: "test", bandwidth: float64(i)}
		_, err := cached(context.Background(), &c, key, func(context.Context) (int, int64, error) { return i, bytes, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	const half = maxKernelBytes / 2
	put(1, half)
	put(2, half)
	put(1, half) // used again, so that 2 is the oldest
	put(3, half)
	c.mu.Lock()
	for i, want := range map[int]bool{1: true, 2: false, 3: true} {
		if _, kept := c.entries[cacheKey{part: CacheKernels, what: "test", bandwidth: float64(i)}]; kept != want {
			t.Errorf("kernel %d: kept %v", i, kept)
		}
	}
	c.mu.Unlock()
	put(4, 3*half) // larger than the bound alone
	if got := c.stats().Kernels; got.Entries != 1 || got.Bytes != 3*half {
		t.Errorf("stats %+v", got)
	}
}

func TestClearCache(t *testing.T) {
	e := roundArena(t, 12)
	fill := func() {
		e.nearestIndex()
		smoothed(t, e, make([]float64, e.NumBins()), 3, ModeDensity)
	}
	fill()
	full := e.CacheStats()
	if full.KDTree.Entries != 1 || full.Kernels.Entries != 1 || full.KDTree.Bytes == 0 || full.Kernels.Bytes == 0 {
		t.Fatalf("stats %+v", full)
	}
	for _, c := range []struct {
		which         []Cache
		tree, kernels int
	}{
		{[]Cache{CacheProperties}, 1, 1},
		{[]Cache{CacheKernels}, 1, 0},
		{[]Cache{CacheKDTree}, 0, 1},
		{[]Cache{CacheKDTree, CacheKernels}, 0, 0},
		{[]Cache{CacheKDTree | CacheKernels}, 0, 0},
		{nil, 0, 0},
	} {
		fill()
		e.ClearCache(c.which...)
		got := e.CacheStats()
		if got.KDTree.Entries != c.tree || got.Kernels.Entries != c.kernels {
			t.Errorf("after ClearCache(%v): %+v", c.which, got)
		}
	}
	var none *Environment
	none.ClearCache()
	if none.CacheStats() != (CacheStats{}) {
		t.Error("no environment has cached something")
	}
}

// Whatever is called at the same time, each thing is computed once and all get the same numbers.
func TestCachesServeManyGoroutines(t *testing.T) {
	e := roundArena(t, 14)
	field := make([]float64, e.NumBins())
	field[5] = 1
	want := smoothed(t, e, field, 3, ModeDensity)
	e.ClearCache()
	misses := e.CacheStats().Total().Misses
	inEight(func(i int) {
		for range 4 {
			if got := smoothed(t, e, field, 3, ModeDensity); !closeFields(got, want, field, 0) {
				t.Error("another result")
			}
			k, err := e.ComputeKernel(3, KernelOptions{Mode: allModes[i%3]})
			if err != nil || k.Mode() != allModes[i%3] {
				t.Errorf("kernel %v, %v", k, err)
			}
			if _, err := e.MapPointsToBins(Points{dim: 2, data: []float64{1e6, 1e6}}); err != nil {
				t.Error(err)
			}
		}
	})
	// The index, the operator, and one matrix for all modes.
	if got := e.CacheStats().Total().Misses - misses; got != 3 {
		t.Errorf("%d computations\n%v", got, e.CacheStats())
	}
	inEight(func(i int) {
		if i%2 == 0 {
			e.ClearCache()
		} else if got := smoothed(t, e, field, 3, ModeDensity); !closeFields(got, want, field, 0) {
			t.Error("another result while clearing")
		}
	})
}

func TestCacheStrings(t *testing.T) {
	for c, want := range map[Cache]string{
		CacheKDTree: "KDTree", CacheKernels | CacheProperties: "Kernels|Properties", 0: "Cache(0)", CacheKDTree | 64: "KDTree|Cache(64)",
	} {
		if got := c.String(); got != want {
			t.Errorf("%d: %q, want %q", c, got, want)
		}
	}
	s := CacheStats{Kernels: CacheUse{Entries: 2, Bytes: 3 << 20, Hits: 5, Misses: 2}, KDTree: CacheUse{Misses: 1}}
	text := s.String()
	if len(strings.Split(text, "\n")) != 5 || !strings.Contains(text, "3 MiB") {
		t.Errorf("stats print as\n%s", text)
	}
}

func BenchmarkCacheHit(b *testing.B) {
	var c caches
	compute := func(context.Context) (int, int64, error) { return 1, 0, nil }
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cached(context.Background(), &c, testKey, compute); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleEnvironment_CacheStats() {
	pos, _ := XY([]float64{5}, []float64{6})
	env, _ := FromSamples(pos, 1, SamplesOptions{Ranges: [][2]float64{{0, 10}, {0, 12}}, KeepAllBins: true})
	for range 3 {
		_, _ = env.ComputeKernel(2)
	}
	fmt.Println(env.CacheStats())
	// Output:
	// cache       entries       size     hits   misses
	// KDTree            0        0 B        0        0
	// Kernels           2    113 KiB        2        2
	// Properties        0        0 B        0        0
	// total             2    113 KiB        2        2
}

func ExampleEnvironment_ClearCache() {
	pos, _ := XY([]float64{1, 3, 5, 7}, []float64{1, 3, 5, 7})
	env, _ := FromSamples(pos, 2)
	_, _ = env.ComputeKernel(4)
	env.ClearCache(CacheKernels)
	fmt.Println(env.CacheStats().Kernels.Entries)
	// Output: 0
}

func ExampleCacheStats_Total() {
	pos, _ := XY([]float64{1, 3}, []float64{1, 1})
	env, _ := FromSamples(pos, 2)
	_, _ = env.Smooth([]float64{1, 0}, 2)
	_, _ = env.Smooth([]float64{0, 1}, 4)
	t := env.CacheStats().Total()
	fmt.Printf("%d result kept, computed %d time, found %d time\n", t.Entries, t.Misses, t.Hits)
	// Output: 1 result kept, computed 1 time, found 1 time
}

package neurospatial

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/nskernel/nskernel/neurospatial/internal/kdtree"
)

// Cache names a part of what an environment keeps between calls. Parts combine with |.
type Cache uint8

const (
	// CacheKDTree is the index of bin centres that nearest-bin queries use.
	CacheKDTree Cache = 1 << iota
	// CacheKernels is the heat operator that Smooth uses and the dense kernels of ComputeKernel.
	CacheKernels
	// CacheProperties is everything else that is derived from the bins.
	CacheProperties
)

var cacheNames = [...]string{"KDTree", "Kernels", "Properties"}

// String returns the names of the parts, "KDTree|Kernels".
func (c Cache) String() string {
	var names []string
	for k, name := range cacheNames {
		if c&(1<<k) != 0 {
			names = append(names, name)
			c &^= 1 << k
		}
	}
	if c != 0 || names == nil {
		names = append(names, fmt.Sprintf("Cache(%d)", uint8(c)))
	}
	return strings.Join(names, "|")
}

// ClearCache forgets the given parts of what the environment keeps between calls, or all of it if none is
// given. Computations that are running finish for their callers but are not kept. Results are the same
// afterwards, only slower to get once. Python: Environment.clear_cache.
func (e *Environment) ClearCache(which ...Cache) {
	if e == nil {
		return
	}
	var parts Cache
	for _, c := range which {
		parts |= c
	}
	if len(which) == 0 {
		parts = CacheKDTree | CacheKernels | CacheProperties
	}
	e.caches.clear(parts)
}

// CacheStats returns what the environment keeps between calls and how often that was of use.
func (e *Environment) CacheStats() CacheStats {
	if e == nil {
		return CacheStats{}
	}
	return e.caches.stats()
}

// CacheStats is the state of the caches of an environment.
type CacheStats struct {
	KDTree     CacheUse
	Kernels    CacheUse
	Properties CacheUse
}

// CacheUse is the state of one part of the cache. The counts run since the environment was made.
type CacheUse struct {
	Entries int   // finished results that are kept
	Bytes   int64 // memory of their data
	Hits    int64 // calls that found a result or one in the making
	Misses  int64 // calls that began a computation
}

// Total returns the sum over all parts.
func (s CacheStats) Total() CacheUse {
	var t CacheUse
	for _, u := range []CacheUse{s.KDTree, s.Kernels, s.Properties} {
		t.Entries += u.Entries
		t.Bytes += u.Bytes
		t.Hits += u.Hits
		t.Misses += u.Misses
	}
	return t
}

// String returns a table with one line per part.
func (s CacheStats) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-10s %8s %10s %8s %8s", "cache", "entries", "size", "hits", "misses")
	for k, u := range []CacheUse{s.KDTree, s.Kernels, s.Properties, s.Total()} {
		name := "total"
		if k < len(cacheNames) {
			name = cacheNames[k]
		}
		fmt.Fprintf(&b, "\n%-10s %8d %10s %8d %8d", name, u.Entries, formatBytes(float64(u.Bytes)), u.Hits, u.Misses)
	}
	return b.String()
}

// nearestIndex returns the index of all bin centres, built at the first call.
func (e *Environment) nearestIndex() *kdtree.Index {
	build := func(context.Context) (*kdtree.Index, int64, error) {
		x := kdtree.NewIndex(e.centers.data, e.NumDims())
		return x, x.Bytes(), nil
	}
	x, err := cached(context.Background(), &e.caches, cacheKey{part: CacheKDTree, what: "centers"}, build)
	if err != nil {
		panic(err) // build has no way to fail and the background context does not end
	}
	return x
}

// maxKernelBytes bounds the results kept under CacheKernels. Beyond it the one that was not used for longest
// is dropped, but never the newest.
const maxKernelBytes = 2 << 30

// caches holds results that are worth keeping between calls. Each is computed once: callers that ask for a
// result in the making wait for it. The zero value is empty and ready to use.
type caches struct {
	mu      sync.Mutex
	entries map[cacheKey]*cacheEntry
	use     map[Cache]*CacheUse // Hits and Misses only
	clock   uint64              // counts uses, to find the oldest
}

// cacheKey says what a result is of.
type cacheKey struct {
	part      Cache
	what      string
	bandwidth float64
}

// cacheEntry is a result or one in the making.
type cacheEntry struct {
	done     chan struct{} // closed when the fields below are final
	value    any
	bytes    int64
	err      error
	panicked any

	cancel  context.CancelFunc
	waiting int    // callers that wait for done; guarded by caches.mu
	used    uint64 // caches.clock at the last use; guarded by caches.mu
}

func (e *cacheEntry) finished() bool {
	select {
	case <-e.done:
		return true
	default:
		return false
	}
}

// cached returns the result for a key, computing it if no one has. The computation returns its result and
// how many bytes it holds. It runs until it ends or until every caller that waits for it has given up, so
// that the first one's cancelled context does not fail the others. Failures are not kept.
func cached[T any](ctx context.Context, c *caches, key cacheKey, compute func(context.Context) (T, int64, error)) (T, error) {
	value, err := c.get(ctx, key, func(ctx context.Context) (any, int64, error) { return compute(ctx) })
	if err != nil {
		var zero T
		return zero, err
	}
	return value.(T), nil
}

func (c *caches) get(ctx context.Context, key cacheKey, compute func(context.Context) (any, int64, error)) (any, error) {
	entry := c.join(ctx, key, compute)
	select {
	case <-entry.done:
	case <-ctx.Done():
		if !entry.finished() {
			c.leave(key, entry)
			return nil, ctx.Err()
		}
	}
	if entry.panicked != nil {
		panic(entry.panicked)
	}
	return entry.value, entry.err
}

// join returns the entry of a key, which the caller must wait for or leave, and begins it if need be.
func (c *caches) join(ctx context.Context, key cacheKey, compute func(context.Context) (any, int64, error)) *cacheEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries, c.use = map[cacheKey]*cacheEntry{}, map[Cache]*CacheUse{}
	}
	use := c.use[key.part]
	if use == nil {
		use = new(CacheUse)
		c.use[key.part] = use
	}
	c.clock++
	entry := c.entries[key]
	if entry != nil {
		use.Hits++
	} else {
		use.Misses++
		run, cancel := context.WithCancel(context.WithoutCancel(ctx))
		entry = &cacheEntry{done: make(chan struct{}), cancel: cancel}
		c.entries[key] = entry
		go c.run(run, key, entry, compute)
	}
	entry.used = c.clock
	entry.waiting++
	return entry
}

// leave gives up waiting. The last one to leave ends the computation.
func (c *caches) leave(key cacheKey, entry *cacheEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	entry.waiting--
	if entry.waiting == 0 {
		entry.cancel()
		c.detach(key, entry)
	}
}

func (c *caches) detach(key cacheKey, entry *cacheEntry) {
	if c.entries[key] == entry {
		delete(c.entries, key)
	}
}

func (c *caches) run(ctx context.Context, key cacheKey, entry *cacheEntry, compute func(context.Context) (any, int64, error)) {
	defer entry.cancel()
	defer func() {
		// A panic belongs to the callers' goroutines: there it can be recovered.
		entry.panicked = recover()
		c.mu.Lock()
		defer c.mu.Unlock()
		if entry.err != nil || entry.panicked != nil {
			c.detach(key, entry)
		}
		close(entry.done)
		if key.part == CacheKernels {
			c.shrink(entry)
		}
	}()
	entry.value, entry.bytes, entry.err = compute(ctx)
}

// shrink drops the oldest kernels until the rest are within the limit.
func (c *caches) shrink(newest *cacheEntry) {
	for {
		var total int64
		var oldestKey cacheKey
		var oldest *cacheEntry
		for k, e := range c.entries {
			if k.part != CacheKernels || !e.finished() {
				continue
			}
			total += e.bytes
			if e != newest && (oldest == nil || e.used < oldest.used) {
				oldestKey, oldest = k, e
			}
		}
		if total <= maxKernelBytes || oldest == nil {
			return
		}
		delete(c.entries, oldestKey)
	}
}

func (c *caches) clear(parts Cache) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k := range c.entries {
		if parts&k.part != 0 {
			delete(c.entries, k)
		}
	}
}

func (c *caches) stats() CacheStats {
	c.mu.Lock()
	defer c.mu.Unlock()
	var s CacheStats
	fields := map[Cache]*CacheUse{CacheKDTree: &s.KDTree, CacheKernels: &s.Kernels, CacheProperties: &s.Properties}
	for part, u := range c.use {
		*fields[part] = *u
	}
	for k, e := range c.entries {
		if e.finished() {
			fields[k.part].Entries++
			fields[k.part].Bytes += e.bytes
		}
	}
	return s
}

package slices_test

import (
	stdcmp "cmp"
	"fmt"
	"math"
	std "slices"
	"testing"

	"github.com/nskernel/nskernel/eval/internal/lower/std/cmp"
	"github.com/nskernel/nskernel/eval/internal/lower/std/maps"
	"github.com/nskernel/nskernel/eval/internal/lower/std/slices"
	"pgregory.net/rapid"
)

var small = rapid.SliceOfN(rapid.IntRange(0, 6), 0, 12)

// outcome is what a call returns or panics with.
func outcome(f func() any) (s string) {
	defer func() {
		if recover() != nil {
			s = "panic"
		}
	}()
	return fmt.Sprint(f())
}

// TestLikeTheLibrary compares every function with the one it stands for.
func TestLikeTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs, ys := small.Draw(t, "xs"), small.Draw(t, "ys")
		i, j, v := rapid.IntRange(0, 13).Draw(t, "i"), rapid.IntRange(0, 13).Draw(t, "j"), rapid.IntRange(0, 6).Draw(t, "v")
		descending := func(a, b int) int { return b - a }
		odd := func(x int) bool { return x%2 == 1 }
		near := func(a, b int) bool { return a/2 == b/2 }
		// Spare capacity shows what is written behind the end.
		c := func(s []int) []int { return append(make([]int, 0, len(s)+3), s...) }
		full := func(s []int) any { return fmt.Sprint(s, s[:cap(s)]) }
		for name, pair := range map[string][2]func() any{
			"Equal":        {func() any { return slices.Equal(xs, ys) }, func() any { return std.Equal(xs, ys) }},
			"EqualFunc":    {func() any { return slices.EqualFunc(xs, ys, near) }, func() any { return std.EqualFunc(xs, ys, near) }},
			"Compare":      {func() any { return slices.Compare(xs, ys) }, func() any { return std.Compare(xs, ys) }},
			"CompareFunc":  {func() any { return slices.CompareFunc(xs, ys, descending) }, func() any { return std.CompareFunc(xs, ys, descending) }},
			"Index":        {func() any { return slices.Index(xs, v) }, func() any { return std.Index(xs, v) }},
			"IndexFunc":    {func() any { return slices.IndexFunc(xs, odd) }, func() any { return std.IndexFunc(xs, odd) }},
			"Contains":     {func() any { return slices.Contains(xs, v) }, func() any { return std.Contains(xs, v) }},
			"Min":          {func() any { return slices.Min(xs) }, func() any { return std.Min(xs) }},
			"MaxFunc":      {func() any { return slices.MaxFunc(xs, descending) }, func() any { return std.MaxFunc(xs, descending) }},
			"MinFunc":      {func() any { return slices.MinFunc(xs, descending) }, func() any { return std.MinFunc(xs, descending) }},
			"Insert":       {func() any { return slices.Insert(c(xs), i, ys...) }, func() any { return std.Insert(c(xs), i, ys...) }},
			"Delete":       {func() any { return full(slices.Delete(c(xs), i, j)) }, func() any { return full(std.Delete(c(xs), i, j)) }},
			"DeleteFunc":   {func() any { return full(slices.DeleteFunc(c(xs), odd)) }, func() any { return full(std.DeleteFunc(c(xs), odd)) }},
			"Replace":      {func() any { return slices.Replace(c(xs), i, j, ys...) }, func() any { return std.Replace(c(xs), i, j, ys...) }},
			"Compact":      {func() any { return full(slices.Compact(c(xs))) }, func() any { return full(std.Compact(c(xs))) }},
			"CompactFunc":  {func() any { return full(slices.CompactFunc(c(xs), near)) }, func() any { return full(std.CompactFunc(c(xs), near)) }},
			"Reverse":      {func() any { s := c(xs); slices.Reverse(s); return s }, func() any { s := c(xs); std.Reverse(s); return s }},
			"Concat":       {func() any { return slices.Concat(xs, ys, xs) }, func() any { return std.Concat(xs, ys, xs) }},
			"Repeat":       {func() any { return slices.Repeat(xs, v) }, func() any { return std.Repeat(xs, v) }},
			"Sort":         {func() any { s := c(xs); slices.Sort(s); return s }, func() any { s := c(xs); std.Sort(s); return s }},
			"SortFunc":     {func() any { s := c(xs); slices.SortFunc(s, descending); return s }, func() any { s := c(xs); std.SortFunc(s, descending); return s }},
			"IsSorted":     {func() any { return slices.IsSorted(xs) }, func() any { return std.IsSorted(xs) }},
			"BinarySearch": {func() any { s := std.Sorted(std.Values(xs)); return fmt.Sprint(slices.BinarySearch(s, v)) }, func() any { s := std.Sorted(std.Values(xs)); return fmt.Sprint(std.BinarySearch(s, v)) }},
			"Chunk":        {func() any { return slices.Collect(slices.Chunk(xs, v)) }, func() any { return std.Collect(std.Chunk(xs, v)) }},
			"Sorted":       {func() any { return slices.Sorted(slices.Values(xs)) }, func() any { return std.Sorted(std.Values(xs)) }},
			"AppendSeq":    {func() any { return slices.AppendSeq(c(ys), slices.Values(xs)) }, func() any { return std.AppendSeq(c(ys), std.Values(xs)) }},
			"Clone":        {func() any { return slices.Clone(xs) == nil }, func() any { return std.Clone(xs) == nil }},
			"Grow":         {func() any { g := slices.Grow(xs, i); return cap(g)-len(g) >= i }, func() any { return true }},
		} {
			if got, want := outcome(pair[0]), outcome(pair[1]); got != want {
				t.Errorf("%s of %v, %v, %d, %d, %d: %s, want %s", name, xs, ys, i, j, v, got, want)
			}
		}
	})
}

func TestStableSortKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type item struct{ key, n int }
		var a, b []item
		for n, k := range rapid.SliceOf(rapid.IntRange(0, 3)).Draw(t, "keys") {
			a = append(a, item{k, n})
		}
		b = std.Clone(a)
		byKey := func(x, y item) int { return x.key - y.key }
		slices.SortStableFunc(a, byKey)
		std.SortStableFunc(b, byKey)
		if !std.Equal(a, b) {
			t.Errorf("%v, want %v", a, b)
		}
	})
}

func TestCompareFloats(t *testing.T) {
	all := []float64{math.NaN(), math.Inf(-1), -1, math.Copysign(0, -1), 0, 2, math.Inf(1)}
	for _, x := range all {
		for _, y := range all {
			if cmp.Compare(x, y) != stdcmp.Compare(x, y) || cmp.Less(x, y) != stdcmp.Less(x, y) {
				t.Errorf("Compare(%v, %v) = %d, Less %v", x, y, cmp.Compare(x, y), cmp.Less(x, y))
			}
		}
	}
	if cmp.Or(0, 0, 3, 4) != 3 || cmp.Or[int]() != 0 {
		t.Error("Or does not return the first value that is not zero")
	}
}

func TestMaps(t *testing.T) {
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	c := maps.Collect(maps.All(m))
	if !maps.Equal(m, c) || len(slices.Sorted(maps.Keys(m))) != 3 || slices.Max(slices.Collect(maps.Values(m))) != 3 {
		t.Errorf("collected %v", c)
	}
	maps.DeleteFunc(c, func(_ string, v int) bool { return v > 1 })
	maps.Copy(c, map[string]int{"z": 9})
	maps.Insert(c, maps.All(map[string]int{"y": 8}))
	if fmt.Sprint(c) != "map[a:1 y:8 z:9]" || maps.Clone[map[string]int](nil) != nil {
		t.Errorf("changed %v", c)
	}
}

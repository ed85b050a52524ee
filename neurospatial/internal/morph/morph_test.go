package morph

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// naive works on coordinates, by the definition of adjacency.
type naive struct {
	shape []int
	n     int
}

func newNaive(shape []int) naive {
	n := 1
	for _, k := range shape {
		n *= k
	}
	return naive{shape, n}
}

func (v naive) coordinate(i int) []int {
	c := make([]int, len(v.shape))
	for k := len(c) - 1; k >= 0; k-- {
		c[k] = i % v.shape[k]
		i /= v.shape[k]
	}
	return c
}

func (v naive) adjacent(i, j int) bool {
	a, b := v.coordinate(i), v.coordinate(j)
	differing := 0
	for k := range a {
		switch d := a[k] - b[k]; {
		case d == 1 || d == -1:
			differing++
		case d != 0:
			return false
		}
	}
	return differing == 1 || differing == 2
}

// rim tells whether a neighbour of cell i is outside the array.
func (v naive) rim(i int) bool {
	for k, c := range v.coordinate(i) {
		if c == 0 || c == v.shape[k]-1 {
			return true
		}
	}
	return false
}

func (v naive) dilate(mask []bool) []bool {
	out := make([]bool, v.n)
	for i := range out {
		out[i] = mask[i]
		for j := range mask {
			out[i] = out[i] || mask[j] && v.adjacent(i, j)
		}
	}
	return out
}

func (v naive) erode(mask []bool) []bool {
	out := make([]bool, v.n)
	for i := range out {
		out[i] = mask[i] && !v.rim(i)
		for j := range mask {
			out[i] = out[i] && (mask[j] || !v.adjacent(i, j))
		}
	}
	return out
}

// reach spreads from start through cells with the value until nothing changes.
func (v naive) reach(mask []bool, value bool, start []bool) []bool {
	for changed := true; changed; {
		changed = false
		for i := range mask {
			for j := range mask {
				if mask[i] == value && !start[i] && start[j] && v.adjacent(i, j) {
					start[i], changed = true, true
				}
			}
		}
	}
	return start
}

func (v naive) fill(mask []bool) []bool {
	outside := make([]bool, v.n)
	for i := range outside {
		outside[i] = !mask[i] && v.rim(i)
	}
	outside = v.reach(mask, false, outside)
	for i := range outside {
		outside[i] = !outside[i]
	}
	return outside
}

func (v naive) label(mask []bool) ([]int32, int) {
	labels, count := make([]int32, v.n), 0
	for i := range mask {
		if !mask[i] || labels[i] != 0 {
			continue
		}
		count++
		start := make([]bool, v.n)
		start[i] = true
		for j, in := range v.reach(mask, true, start) {
			if in {
				labels[j] = int32(count)
			}
		}
	}
	return labels, count
}

func TestAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 4).Draw(t, "dim")
		side := []int{30, 12, 5, 3}[dim-1] // as much as the naive version can take
		shape := rapid.SliceOfN(rapid.IntRange(1, side), dim, dim).Draw(t, "shape")
		v := newNaive(shape)
		mask := rapid.SliceOfN(rapid.Bool(), v.n, v.n).Draw(t, "mask")
		before := append([]bool(nil), mask...)
		for _, c := range []struct {
			name      string
			got, want []bool
		}{
			{"dilate", Dilate(mask, shape), v.dilate(mask)},
			{"erode", Erode(mask, shape), v.erode(mask)},
			{"close", Close(mask, shape), v.erode(v.dilate(mask))},
			{"fill", FillHoles(mask, shape), v.fill(mask)},
		} {
			if !cmp.Equal(c.got, c.want) {
				t.Fatalf("%s of %v %v\n got %v\nwant %v", c.name, shape, mask, c.got, c.want)
			}
		}
		labels, count := Label(mask, shape)
		wantLabels, wantCount := v.label(mask)
		if count != wantCount || !cmp.Equal(labels, wantLabels) {
			t.Fatalf("label of %v %v\n got %d %v\nwant %d %v", shape, mask, count, labels, wantCount, wantLabels)
		}
		if !cmp.Equal(mask, before) {
			t.Fatal("the mask was changed")
		}
	})
}

// parse reads a drawing: '#' is set, rows end in a newline.
func parse(s string) (mask []bool, shape []int) {
	rows := strings.Fields(s)
	for _, r := range rows {
		for _, c := range r {
			mask = append(mask, c == '#')
		}
	}
	return mask, []int{len(rows), len(rows[0])}
}

func TestFillHolesLeaksThroughCorners(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"closed ring": {"##### #...# #...# #####", "##### ##### ##### #####"},
		"open corner": {".#### #...# #...# #####", ".#### #...# #...# #####"},
		"open side":   {"##.## #...# #...# #####", "##.## #...# #...# #####"},
	} {
		mask, shape := parse(c.in)
		want, _ := parse(c.want)
		if got := FillHoles(mask, shape); !cmp.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestEmptyArrays(t *testing.T) {
	for _, shape := range [][]int{{0}, {0, 3}, {3, 0}, {2, 0, 2}} {
		for name, f := range map[string]func([]bool, []int) []bool{"dilate": Dilate, "erode": Erode, "close": Close, "fill": FillHoles} {
			if got := f(nil, shape); len(got) != 0 {
				t.Errorf("%s of %v: %v", name, shape, got)
			}
		}
		if l, n := Label(nil, shape); len(l) != 0 || n != 0 {
			t.Errorf("label of %v: %v %d", shape, l, n)
		}
	}
}

func BenchmarkMorph(b *testing.B) {
	const k = 1000
	random := rand.New(rand.NewPCG(7, 7))
	mask := make([]bool, k*k)
	for i := range mask {
		mask[i] = random.IntN(2) == 0
	}
	shape := []int{k, k}
	for _, c := range []struct {
		name string
		run  func()
	}{
		{"dilate", func() { Dilate(mask, shape) }},
		{"close", func() { Close(mask, shape) }},
		{"fill", func() { FillHoles(mask, shape) }},
		{"label", func() { Label(mask, shape) }},
	} {
		b.Run(fmt.Sprintf("%s/n=%d", c.name, k*k), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.run()
			}
		})
	}
}

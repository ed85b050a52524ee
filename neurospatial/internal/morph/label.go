package morph

// FillHoles returns mask with every unset cell set that is not connected, through
// unset cells, to the outside of the array.
func FillHoles(mask []bool, shape []int) []bool {
	f := newFlood(mask, shape, false)
	out := make([]bool, len(mask))
	for i := range out {
		out[i] = true
	}
	f.eachRow(func(cell, padded, n int) {
		rim := f.onRim(cell)
		for k := range n {
			if rim || k == 0 || k == n-1 {
				f.from(padded+k, 1)
			}
		}
	})
	f.eachRow(func(cell, padded, n int) {
		for k := range n {
			if f.state[padded+k] == 1 {
				out[cell+k] = false
			}
		}
	})
	return out
}

// Label numbers the connected sets of set cells 1, 2, … in the order of their
// first cell and returns the number of each cell, 0 for unset ones, and how many
// sets there are.
func Label(mask []bool, shape []int) (labels []int32, count int) {
	f := newFlood(mask, shape, true)
	labels = make([]int32, len(mask))
	f.eachRow(func(_, padded, n int) {
		for k := range n {
			if f.from(padded+k, int32(count)+1) {
				count++
			}
		}
	})
	f.eachRow(func(cell, padded, n int) {
		for k := range n {
			labels[cell+k] = max(f.state[padded+k], 0)
		}
	})
	return labels, count
}

// flood spreads marks over a copy of a mask that has one closed cell around it,
// so that no step needs to look whether it leaves the array.
type flood struct {
	shape   []int
	pad     []int // strides of the padded array
	state   []int32
	offsets []int // of the neighbours
	stack   []int
}

const (
	open   = 0
	closed = -1
)

// newFlood opens the cells of the mask that have the given value.
func newFlood(mask []bool, shape []int, value bool) *flood {
	f := &flood{shape: shape, pad: make([]int, len(shape))}
	size := 1
	for k := len(shape) - 1; k >= 0; k-- {
		f.pad[k] = size
		size *= shape[k] + 2
	}
	f.state = make([]int32, size)
	for i := range f.state {
		f.state[i] = closed
	}
	f.eachRow(func(cell, padded, n int) {
		for k, v := range mask[cell : cell+n] {
			if v == value {
				f.state[padded+k] = open
			}
		}
	})
	for a, sa := range f.pad {
		f.offsets = append(f.offsets, -sa, sa)
		for _, sb := range f.pad[a+1:] {
			f.offsets = append(f.offsets, -sa-sb, -sa+sb, sa-sb, sa+sb)
		}
	}
	return f
}

// from marks every open cell connected to cell i, if that is open itself.
func (f *flood) from(i int, mark int32) bool {
	if f.state[i] != open {
		return false
	}
	f.state[i] = mark
	f.stack = append(f.stack, i)
	for len(f.stack) > 0 {
		i := f.stack[len(f.stack)-1]
		f.stack = f.stack[:len(f.stack)-1]
		for _, o := range f.offsets {
			if f.state[i+o] == open {
				f.state[i+o] = mark
				f.stack = append(f.stack, i+o)
			}
		}
	}
	return true
}

// eachRow visits the rows along the last axis: the first cell of the row in the
// array and in the padded one, and its length.
func (f *flood) eachRow(visit func(cell, padded, n int)) {
	last := len(f.shape) - 1
	if last < 0 {
		return
	}
	n, rows := f.shape[last], 1
	for _, k := range f.shape[:last] {
		rows *= k
	}
	for r := range rows {
		padded, rest := 1, r
		for k := last - 1; k >= 0; k-- {
			padded += (rest%f.shape[k] + 1) * f.pad[k]
			rest /= f.shape[k]
		}
		visit(r*n, padded, n)
	}
}

// onRim tells whether the row that begins at a cell lies on the rim of the array.
func (f *flood) onRim(cell int) bool {
	last := len(f.shape) - 1
	rest := cell / max(f.shape[last], 1)
	for k := last - 1; k >= 0; k-- {
		if i := rest % f.shape[k]; i == 0 || i == f.shape[k]-1 {
			return true
		}
		rest /= f.shape[k]
	}
	return false
}

// Package morph is binary morphology on masks of any number of dimensions.
//
// A mask is a flat slice in C order (last axis fastest) with a shape; the caller
// guarantees that the product of the shape is the length of the mask. Two cells
// are adjacent when their indices differ by at most one on every axis and differ
// on one or two axes: 2 neighbours on a line, 8 in the plane, 18 in space (no
// corners). This is the element that scipy.ndimage.generate_binary_structure(d, 2)
// makes. Outside the array every cell is unset.
package morph

// Dilate returns mask with every cell set that is set or adjacent to a set cell.
func Dilate(mask []bool, shape []int) []bool { return sweep(mask, shape, or) }

// Erode returns mask without the cells that have an unset neighbour; cells on the
// rim of the array have one, the outside.
func Erode(mask []bool, shape []int) []bool { return sweep(mask, shape, and) }

// Close returns mask dilated and then eroded, which fills gaps narrower than the
// element. Cells on the rim of the array come out unset, as in
// scipy.ndimage.binary_closing, because erosion counts the outside as unset.
func Close(mask []bool, shape []int) []bool {
	return Erode(Dilate(mask, shape), shape)
}

type combine bool

const (
	or  combine = true
	and combine = false
)

// sweep combines every cell with its neighbours. The element is the union, over
// all pairs of axes, of 3×3 squares in the plane of the pair, and a square is a
// run of three along one axis after a run of three along the other.
func sweep(mask []bool, shape []int, op combine) []bool {
	if len(shape) < 2 {
		out := make([]bool, len(mask))
		if len(shape) == 1 {
			along(out, mask, shape, 0, op)
		}
		return out
	}
	var out []bool
	line, square := make([]bool, len(mask)), make([]bool, len(mask))
	for a := range shape {
		along(line, mask, shape, a, op)
		for b := a + 1; b < len(shape); b++ {
			along(square, line, shape, b, op)
			if out == nil {
				out, square = square, make([]bool, len(mask))
				continue
			}
			for i, v := range square {
				if v == bool(op) {
					out[i] = v
				}
			}
		}
	}
	return out
}

// along combines every cell of src with the two beside it on one axis.
func along(dst, src []bool, shape []int, axis int, op combine) {
	n, stride := shape[axis], 1
	for _, k := range shape[axis+1:] {
		stride *= k
	}
	if n == 0 || stride == 0 {
		return
	}
	outside := make([]bool, stride)
	for lo := 0; lo < len(src); lo += n * stride {
		slab, to := src[lo:lo+n*stride], dst[lo:lo+n*stride]
		if stride == 1 {
			alongRow(to, slab, op)
			continue
		}
		before := outside
		for i := range n {
			row := slab[i*stride:][:stride]
			after := outside
			if i+1 < n {
				after = slab[(i+1)*stride:][:stride]
			}
			combineRows(to[i*stride:][:stride], before, row, after, op)
			before = row
		}
	}
}

func alongRow(dst, row []bool, op combine) {
	if len(row) == 0 {
		return
	}
	last := len(row) - 1
	dst = dst[:len(row)]
	before, v := false, row[0]
	for i := range last {
		after := row[i+1]
		dst[i] = op.of(before, v, after)
		before, v = v, after
	}
	dst[last] = op.of(before, v, false)
}

func combineRows(dst, a, b, c []bool, op combine) {
	b, c, dst = b[:len(a)], c[:len(a)], dst[:len(a)]
	for i := range a {
		dst[i] = op.of(a[i], b[i], c[i])
	}
}

// of combines three cells. As numbers rather than by || and &&, because branches on
// ragged masks would be mispredicted.
func (op combine) of(a, b, c bool) bool {
	if op == or {
		return bit(a)|bit(b)|bit(c) != 0
	}
	return bit(a)&bit(b)&bit(c) != 0
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

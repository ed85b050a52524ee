package kdtree

import "math"

// Hash sorts points of the plane into square cells. For points that fill their
// bounding box evenly, as bin centres do, it answers faster than a tree.
type Hash struct {
	x0, y0 float64
	width  float64 // of a cell
	slack  float64 // how far rounding may put a point outside its cell
	nx, ny int
	start  []int32   // [nx*ny+1] first point of each cell
	point  []float64 // [2n], cell after cell
	index  []int32   // [n]
}

// NewHash builds a hash over points, or returns nil where a tree serves better:
// other than two axes, or points that leave most of their bounding box empty.
func NewHash(points []float64, dim int) *Hash {
	n := len(points) / max(dim, 1)
	if dim != 2 || n == 0 {
		return nil
	}
	h := &Hash{x0: math.Inf(1), y0: math.Inf(1), point: make([]float64, 2*n), index: make([]int32, n)}
	x1, y1 := math.Inf(-1), math.Inf(-1)
	for i := range n {
		x, y := points[2*i], points[2*i+1]
		h.x0, x1 = min(h.x0, x), max(x1, x)
		h.y0, y1 = min(h.y0, y), max(y1, y)
	}
	const perCell = 2
	h.width = math.Sqrt((x1 - h.x0) / float64(n) * (y1 - h.y0) * perCell)
	cols, rows := (x1-h.x0)/h.width, (y1-h.y0)/h.width
	if !((cols+1)*(rows+1) < 4*float64(n+1)) { // flat, overflowing, or all in one place
		return nil
	}
	h.slack = 1e-9*h.width + 1e-15*max(math.Abs(h.x0), math.Abs(x1), math.Abs(h.y0), math.Abs(y1))
	h.nx, h.ny = int(cols)+1, int(rows)+1
	if h.fill(points) < h.nx*h.ny/4 {
		return nil
	}
	return h
}

// fill sorts the points into cells and returns how many cells have any.
func (h *Hash) fill(points []float64) (used int) {
	h.start = make([]int32, h.nx*h.ny+1)
	for i := range h.index {
		h.start[h.cell(points[2*i], points[2*i+1])+1]++
	}
	for c := range h.nx * h.ny {
		if h.start[c+1] > 0 {
			used++
		}
		h.start[c+1] += h.start[c]
	}
	next := append([]int32(nil), h.start...)
	for i := range h.index {
		c := h.cell(points[2*i], points[2*i+1])
		k := next[c]
		next[c]++
		h.point[2*k], h.point[2*k+1], h.index[k] = points[2*i], points[2*i+1], int32(i)
	}
	return used
}

func (h *Hash) cell(x, y float64) int {
	return h.clamp((x-h.x0)/h.width, h.nx)*h.ny + h.clamp((y-h.y0)/h.width, h.ny)
}

// clamp rounds down to a cell number; queries outside start at the nearest cell.
func (h *Hash) clamp(v float64, n int) int {
	return int(min(max(v, 0), float64(n-1)))
}

// Len returns the number of points.
func (h *Hash) Len() int { return len(h.index) }

// Bytes returns the memory held by the hash.
func (h *Hash) Bytes() int64 {
	return int64(len(h.start)+len(h.index))*4 + int64(len(h.point))*8
}

// Nearest returns the index of the point nearest to q and its distance.
func (h *Hash) Nearest(q []float64) (int, float64) {
	best := newNearest()
	h.rings(q[0], q[1], &best, nil)
	if best.tied {
		lowest := int32(math.MaxInt32)
		h.rings(q[0], q[1], &best, &lowest)
		best.index = lowest
	}
	return int(best.index), math.Sqrt(best.sq)
}

// rings visits square rings of cells around the query until no farther ring can
// hold a point within the bound.
func (h *Hash) rings(x, y float64, best *nearest, lowest *int32) {
	cx, cy := h.clamp((x-h.x0)/h.width, h.nx), h.clamp((y-h.y0)/h.width, h.ny)
	for r := 0; ; r++ {
		for ix := max(cx-r, 0); ix <= min(cx+r, h.nx-1); ix++ {
			step := 1
			if r > 0 && ix != cx-r && ix != cx+r {
				step = 2 * r // inside columns meet the ring at its two ends only
			}
			for iy := cy - r; iy <= cy+r; iy += step {
				if iy >= 0 && iy < h.ny {
					h.scan(ix*h.ny+iy, x, y, best, lowest)
				}
			}
		}
		if gap := h.gap(x, y, cx, cy, r); gap > 0 && gap*gap > best.bound || math.IsInf(gap, 1) {
			return
		}
	}
}

// gap returns a lower bound of the distance to points beyond ring r, +Inf if the
// ring reaches past all sides.
func (h *Hash) gap(x, y float64, cx, cy, r int) float64 {
	gap := math.Inf(1)
	if cx-r > 0 {
		gap = min(gap, x-h.x0-float64(cx-r)*h.width)
	}
	if cx+r < h.nx-1 {
		gap = min(gap, h.x0+float64(cx+r+1)*h.width-x)
	}
	if cy-r > 0 {
		gap = min(gap, y-h.y0-float64(cy-r)*h.width)
	}
	if cy+r < h.ny-1 {
		gap = min(gap, h.y0+float64(cy+r+1)*h.width-y)
	}
	return gap - h.slack
}

func (h *Hash) scan(cell int, x, y float64, best *nearest, lowest *int32) {
	for k := h.start[cell]; k < h.start[cell+1]; k++ {
		dx, dy := h.point[2*k]-x, h.point[2*k+1]-y
		sq := dx*dx + dy*dy
		if sq > best.bound {
			continue
		}
		if lowest != nil {
			*lowest = min(*lowest, h.index[k])
		} else {
			best.consider(sq, h.index[k])
		}
	}
}

package neurospatial

import (
	"fmt"
	"math"
)

// noActiveBins explains why no cell became a bin, from the samples themselves.
func (p *gridPlan) noActiveBins(op string, pos Points) error {
	err := &Error{Op: op, Arg: "pos", Code: codeNoActiveBins, Kind: ErrNoActiveBins,
		What: fmt.Sprintf("makes none of %.0f cells a bin", p.numCells())}
	inside, most := p.inRange(pos), p.fullestCell(pos)
	o := p.options
	switch {
	case inside == 0:
		err.Why = fmt.Sprintf("all %d samples lie outside Ranges %v", p.usable, p.ranges)
		err.Fix = "check the unit of Ranges, or leave Ranges out"
	case most <= o.CountThreshold:
		err.Why = fmt.Sprintf("the fullest cell has %d of %d samples and CountThreshold %d must be exceeded", most, inside, o.CountThreshold)
		err.Fix = fmt.Sprintf("lower CountThreshold below %d or use larger bins", most)
	case o.CloseGaps:
		err.Why = "CloseGaps empties the outermost cells of the grid, and no other cell is visited"
		err.Fix = "leave CloseGaps out, or pass Ranges wider than the arena"
	}
	return err
}

// inRange counts the samples within the extent to bin.
func (p *gridPlan) inRange(pos Points) int {
	n := 0
next:
	for i := range pos.Len() {
		for k, v := range pos.row(i) {
			if !(v >= p.spans[k][0] && v <= p.spans[k][1]) {
				continue next
			}
		}
		n++
	}
	return n
}

// fullestCell returns the largest number of samples in one cell.
func (p *gridPlan) fullestCell(pos Points) int {
	l, err := newLattice("", p.edges())
	if err != nil {
		return 0
	}
	most := int32(math.MinInt32)
	for _, n := range l.histogram(pos) {
		most = max(most, n)
	}
	return int(most)
}

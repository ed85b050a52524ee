package neurospatial

import "fmt"

// Region is a named place: a point, or the part of the plane within a polygon. Regions are values that belong
// to no environment.
type Region struct {
	name    string
	point   []float64 // nil for polygons
	polygon Polygon
}

// PointRegion returns a region that is one point.
//
//	coordinates: one per dimension, in the unit of the environments that it will be used with
//
// Python: regions.add(name, point=…).
func PointRegion(name string, coordinates ...float64) Region {
	return Region{name: name, point: append([]float64{}, coordinates...)}
}

// PolygonRegion returns the region within a polygon. Python: regions.add(name, polygon=…).
func PolygonRegion(name string, polygon Polygon) Region { return Region{name: name, polygon: polygon} }

// Name returns the name.
func (r Region) Name() string { return r.name }

// Polygon returns the polygon; empty for points.
func (r Region) Polygon() Polygon { return r.polygon }

// IsPoint tells whether the region is a point.
func (r Region) IsPoint() bool { return r.point != nil }

// Area returns the area of the polygon without its holes; 0 for points. Python: regions.area.
func (r Region) Area() float64 { return r.polygon.Area() }

// Center returns the point, or the centre of mass of the polygon. Python: regions.region_center.
func (r Region) Center() []float64 {
	if r.IsPoint() {
		return append([]float64(nil), r.point...)
	}
	return r.polygon.Centroid()
}

// String returns `Region("goal": Polygon(4 corners, 0 holes))`.
func (r Region) String() string {
	if r.IsPoint() {
		return fmt.Sprintf("Region(%q: point %v)", r.name, r.point)
	}
	return fmt.Sprintf("Region(%q: %v)", r.name, r.polygon)
}

// RegionOptions are the options of [Environment.RegionMembership] and [Environment.RegionMask].
type RegionOptions struct {
	// ExcludeBoundary leaves out bins whose centre lies on a side of the polygon.
	// Python: include_boundary=False.
	ExcludeBoundary bool
}

// checkRegion refuses regions that do not fit the environment.
func (e *Environment) checkRegion(op, arg string, r Region) error {
	if err := e.built(op); err != nil {
		return err
	}
	name := func(what string) *Error {
		return &Error{Op: op, Arg: arg, Code: codeDimension, Kind: ErrShape, What: fmt.Sprintf("%q %s", r.name, what)}
	}
	switch {
	case r.IsPoint() && len(r.point) != e.NumDims():
		return name(fmt.Sprintf("is a point of %d coordinates, environment has %d dimensions", len(r.point), e.NumDims()))
	case r.IsPoint():
		return nil
	case r.polygon.Empty():
		err := name("is empty")
		err.Code, err.Kind, err.Fix = codeNotBuilt, ErrInvalid, "make it with PointRegion or PolygonRegion"
		return err
	case e.NumDims() != 2:
		return name(fmt.Sprintf("is a polygon in the plane, environment has %d dimensions", e.NumDims()))
	}
	return nil
}

// within marks the bins whose centre is on one of the given sides of a polygon.
func (e *Environment) within(p Polygon, boundary bool) []bool {
	marks := make([]bool, e.NumBins())
	for b := range marks {
		s := p.side(e.centers.row(b))
		marks[b] = s == sideInside || boundary && s == sideOn
	}
	return marks
}

// BinsInRegion returns the bins whose centre lies within the polygon, not on a side, or the bin that contains the
// point, if any; ascending. A region of another dimension is an [ErrShape]. Python: Environment.bins_in_region.
func (e *Environment) BinsInRegion(region Region) ([]int, error) {
	const op = "Environment.BinsInRegion"
	if err := e.checkRegion(op, "region", region); err != nil {
		return nil, err
	}
	bins := []int{}
	if region.IsPoint() {
		b, err := e.binOfPoint(op, "region", region.point)
		if err != nil || b == Outside {
			return bins, err
		}
		return append(bins, b), nil
	}
	for b, in := range e.within(region.polygon, false) {
		if in {
			bins = append(bins, b)
		}
	}
	return bins, nil
}

// RegionMembership tells for each region which bins have their centre within its polygon or on a side,
// [len(regions)][NumBins()]. Points have no members. A region of another dimension is an [ErrShape].
// Python: Environment.region_membership.
func (e *Environment) RegionMembership(regions []Region, opts ...RegionOptions) ([][]bool, error) {
	const op = "Environment.RegionMembership"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.checkRegions(op, regions); err != nil {
		return nil, err
	}
	members := make([][]bool, len(regions))
	for i, r := range regions {
		members[i] = e.within(r.polygon, !o.ExcludeBoundary)
	}
	return members, nil
}

func (e *Environment) checkRegions(op string, regions []Region) error {
	if err := e.built(op); err != nil {
		return err
	}
	for i, r := range regions {
		if err := e.checkRegion(op, fmt.Sprintf("regions[%d]", i), r); err != nil {
			return err
		}
	}
	return nil
}

// RegionMask tells which bins belong to any of the regions, [NumBins()]: those with their centre within a polygon or
// on a side, and those that contain a point. A region of another dimension is an [ErrShape].
// Python: Environment.region_mask.
func (e *Environment) RegionMask(regions []Region, opts ...RegionOptions) ([]bool, error) {
	const op = "Environment.RegionMask"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.checkRegions(op, regions); err != nil {
		return nil, err
	}
	mask := make([]bool, e.NumBins())
	for _, r := range regions {
		if r.IsPoint() {
			b, err := e.binOfPoint(op, "regions", r.point)
			if err != nil {
				return nil, err
			}
			if b != Outside {
				mask[b] = true
			}
			continue
		}
		for b, in := range e.within(r.polygon, !o.ExcludeBoundary) {
			mask[b] = mask[b] || in
		}
	}
	return mask, nil
}

// DistanceToRegion returns for every bin the distance to the nearest bin with its centre within the region's
// polygon or on a side, in env.Units(), [NumBins()]; +Inf where no path leads there. A polygon without such a bin
// is an [ErrNotFound], a point an [ErrInvalid], a region of another dimension an [ErrShape].
// Python: Environment.distance_to(name).
func (e *Environment) DistanceToRegion(region Region, opts ...DistanceOptions) ([]float64, error) {
	const op = "Environment.DistanceToRegion"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := e.checkRegion(op, "region", region); err != nil {
		return nil, err
	}
	if err := o.Metric.check(op); err != nil {
		return nil, err
	}
	if region.IsPoint() {
		return nil, &Error{Op: op, Arg: "region", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("%q is a point, which has no member bins", region.name),
			Fix:  "pass the bin that contains it, BinsInRegion(region), to DistanceTo"}
	}
	var targets []int
	for b, in := range e.within(region.polygon, true) {
		if in {
			targets = append(targets, b)
		}
	}
	if targets == nil {
		return nil, &Error{Op: op, Arg: "region", Code: codeBinNumber, Kind: ErrNotFound,
			What: fmt.Sprintf("%q has no bin centre within it", region.name)}
	}
	return e.DistanceTo(targets, o)
}

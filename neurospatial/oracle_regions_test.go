package neurospatial_test

import (
	"encoding/json"
	"fmt"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func init() {
	oracleOps["bins_in_region"] = opOf(oracleBinsInRegion)
	oracleOps["region_membership"] = opOf(oracleMembership)
	oracleOps["region_mask"] = opOf(oracleRegionMask)
	oracleOps["region_area"] = opOf(oracleRegionArea)
	oracleOps["region_center"] = opOf(oracleRegionCenter)
	oracleOps["distance_to of a region"] = opOf(oracleDistanceToRegion)
	oracleOps["subset of a region"] = opOf(oracleSubsetRegion)
	oracleOps["subset of a polygon"] = opOf(oracleSubsetPolygon)
}

// region returns one of the recorded regions, which are points or polygons.
func (r *oracleRun) region(name string) (ns.Region, error) {
	var shapes map[string]json.RawMessage
	if err := json.Unmarshal(r.Regions, &shapes); err != nil {
		return ns.Region{}, err
	}
	var point floats
	if json.Unmarshal(shapes[name], &point) == nil {
		return ns.PointRegion(name, point...), nil
	}
	var shape recordedPolygon
	if err := decodeStrict(shapes[name], &shape); err != nil {
		return ns.Region{}, fmt.Errorf("%w: region %q: %v", errArguments, name, err)
	}
	polygon, err := shape.polygon()
	return ns.PolygonRegion(name, polygon), err
}

func (r *oracleRun) regions(names ...string) ([]ns.Region, error) {
	regions := make([]ns.Region, len(names))
	for i, name := range names {
		var err error
		if regions[i], err = r.region(name); err != nil {
			return nil, err
		}
	}
	return regions, nil
}

func oracleBinsInRegion(r *oracleRun, a struct{ Region string }) (func([]int) error, error) {
	region, err := r.region(a.Region)
	if err != nil {
		return nil, err
	}
	got, err := r.env.BinsInRegion(region)
	return func(want []int) error {
		skip := undecided(r, region)
		return same(without(got, skip), without(want, skip))
	}, err
}

func oracleMembership(r *oracleRun, a struct {
	Boundary *bool `json:"include_boundary"`
}) (func([][]int) error, error) {
	regions, err := r.regions("box", "tri", "pt")
	if err != nil {
		return nil, err
	}
	members, err := r.env.RegionMembership(regions, ns.RegionOptions{ExcludeBoundary: isFalse(a.Boundary)})
	return func(want [][]int) error {
		if len(want) != len(members) {
			return fmt.Errorf("%d regions, want %d", len(members), len(want))
		}
		for i, m := range members {
			skip := undecided(r, regions[i])
			if err := same(without(marked(m), skip), without(want[i], skip)); err != nil {
				return fmt.Errorf("region %d: %v", i, err)
			}
		}
		return nil
	}, err
}

func oracleRegionMask(r *oracleRun, a struct {
	Regions  []string
	Boundary *bool `json:"include_boundary"`
}) (func([]int) error, error) {
	regions, err := r.regions(a.Regions...)
	if err != nil {
		return nil, err
	}
	mask, err := r.env.RegionMask(regions, ns.RegionOptions{ExcludeBoundary: isFalse(a.Boundary)})
	return func(want []int) error {
		skip := undecided(r, regions...)
		return same(without(marked(mask), skip), without(want, skip))
	}, err
}

func oracleRegionArea(r *oracleRun, _ struct{}) (func(map[string]float64) error, error) {
	return func(want map[string]float64) error {
		for name, area := range want {
			region, err := r.region(name)
			if err != nil {
				return err
			}
			if err := near([]float64{region.Area()}, []float64{area}, geometry); err != nil {
				return fmt.Errorf("%s: %v", name, err)
			}
		}
		return nil
	}, nil
}

func oracleRegionCenter(r *oracleRun, _ struct{}) (func(map[string]floats) error, error) {
	return func(want map[string]floats) error {
		for name, center := range want {
			region, err := r.region(name)
			if err != nil {
				return err
			}
			if err := near(region.Center(), center, tolerance{1e-11, "GEOS sums moments about the origin"}); err != nil {
				return fmt.Errorf("%s: %v", name, err)
			}
		}
		return nil
	}, nil
}

func oracleDistanceToRegion(r *oracleRun, a struct{ Targets, Metric string }) (func(floats) error, error) {
	metric, err := metricOf(a.Metric)
	if err != nil {
		return nil, err
	}
	region, err := r.region(a.Targets)
	if err != nil {
		return nil, err
	}
	got, err := r.env.DistanceToRegion(region, ns.DistanceOptions{Metric: metric})
	return func(want floats) error { return near(got, want, geometry) }, err
}

func oracleSubsetRegion(r *oracleRun, a struct {
	Names  []string `json:"region_names"`
	Invert bool
}) (func(description) error, error) {
	regions, err := r.regions(a.Names...)
	if err != nil {
		return nil, err
	}
	sub, err := r.env.Subset(ns.SubsetOptions{Regions: regions, Invert: a.Invert})
	return func(want description) error {
		if len(undecided(r, regions...)) > 0 {
			return nil // the membership says what can be said
		}
		return describesSubset(r.env, sub, keptBy(r.env, sub), want)
	}, err
}

func oracleSubsetPolygon(r *oracleRun, a struct{ Polygon recordedPolygon }) (func(description) error, error) {
	polygon, err := a.Polygon.polygon()
	if err != nil {
		return nil, err
	}
	sub, err := r.env.Subset(ns.SubsetOptions{Polygon: polygon})
	return func(want description) error { return describesSubset(r.env, sub, keptBy(r.env, sub), want) }, err
}

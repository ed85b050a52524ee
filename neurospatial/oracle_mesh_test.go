package neurospatial_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func init() {
	oracleBuilders["constructor from_layout TriangularMesh"] = buildMesh
	oracleProperties["mesh_points"] = propertyOf(compareVertices)
	oracleProperties["mesh_simplices"] = propertyOf(compareTriangles)
	oracleProperties["mesh_neighbors"] = propertyOf(compareAcross)
	oracleProperties["mesh_active_simplices"] = propertyOf(compareActive)
}

// recordedMesh is the triangulation that Python made. The one of a lattice is not unique, so the environment is made
// of the recorded triangles; compareVertices and compareTriangles look at what NewPolygonMesh makes.
type recordedMesh struct {
	points  rows
	all     [][3]int
	active  []int // those of all that are bins
	polygon ns.Polygon
	spacing float64
}

func (m recordedMesh) center(t [3]int) []float64 {
	a, b, c := m.points[t[0]], m.points[t[1]], m.points[t[2]]
	return []float64{(a[0] + b[0] + c[0]) / 3, (a[1] + b[1] + c[1]) / 3}
}

func (m recordedMesh) area(t [3]int) float64 {
	a, b, c := m.points[t[0]], m.points[t[1]], m.points[t[2]]
	return math.Abs((b[0]-a[0])*(c[1]-a[1])-(b[1]-a[1])*(c[0]-a[0])) / 2
}

func readRecordedMesh(c *oracleCase) (m recordedMesh, err error) {
	var a struct {
		Factory, Kind string
		Boundary      struct {
			Exterior rows
			Holes    []rows
		} `json:"boundary_polygon"`
		Spacing float64 `json:"point_spacing"`
	}
	if err := c.Build.read(&a); err != nil {
		return m, err
	}
	holes := make([]ns.Points, len(a.Boundary.Holes))
	for i, h := range a.Boundary.Holes {
		holes[i] = h.points()
	}
	m.spacing = a.Spacing
	if m.polygon, err = ns.NewPolygon(a.Boundary.Exterior.points(), holes...); err != nil {
		return m, err
	}
	for name, into := range map[string]any{"mesh_points": &m.points, "mesh_simplices": &m.all, "mesh_active_simplices": &m.active} {
		if err := json.Unmarshal(c.Env[name], into); err != nil {
			return m, fmt.Errorf("%s: %v", name, err)
		}
	}
	return m, nil
}

// recordedTriangles counts triangles as Python does, with those that are no bins. Since the mesh is built from the
// others this compares nothing of ours.
func recordedTriangles(c *oracleCase) (shape, cells []int) {
	m, err := readRecordedMesh(c)
	if err != nil {
		return nil, nil // which is no recorded value
	}
	return []int{len(m.all)}, m.active
}

func buildMesh(b oracleBuild, file oracleFile) (*ns.Environment, error) {
	for _, c := range file.cases {
		if !bytes.Equal(c.Build.args, b.args) {
			continue
		}
		r, err := readRecordedMesh(c)
		if err != nil {
			return nil, err
		}
		var triangles [][3]int
		for _, t := range r.active {
			triangles = append(triangles, r.all[t])
		}
		mesh, err := ns.NewMesh(r.points.points(), triangles, ns.MeshOptions{Within: r.polygon})
		if err != nil {
			return nil, err
		}
		return ns.FromLayout(mesh)
	}
	return nil, fmt.Errorf("no case has these arguments")
}

// compareActive compares the centres of the bins with those of the recorded triangles.
func compareActive(r *oracleRun, want []int) error {
	recorded, err := readRecordedMesh(r.oracleCase)
	if err != nil {
		return err
	}
	if err := same(r.env.NumBins(), len(want)); err != nil {
		return err
	}
	var centers [][]float64
	for _, t := range want {
		if t < 0 || t >= len(recorded.all) {
			return fmt.Errorf("no triangle %d", t)
		}
		centers = append(centers, recorded.center(recorded.all[t]))
	}
	return nearRows(r.env.BinCenters().Rows(), centers, geometry)
}

// compareVertices compares the vertices that NewPolygonMesh chooses, whatever their order. Python has some twice, as
// often as rounding tells the end of one side from the beginning of the next.
func compareVertices(r *oracleRun, want rows) error {
	mesh, err := polygonMesh(r)
	if err != nil {
		return err
	}
	got := mesh.Vertices().Rows()
	for _, pair := range [][2][][]float64{{got, want}, {want, got}} {
		for _, p := range pair[0] {
			if !slices.ContainsFunc(pair[1], func(q []float64) bool { return math.Hypot(p[0]-q[0], p[1]-q[1]) < 1e-12*coordinateScale(r) }) {
				return fmt.Errorf("vertex %v is not in both", p)
			}
		}
	}
	return nil
}

// compareTriangles compares what does not depend on how squares are cut in two: the area that is covered.
func compareTriangles(r *oracleRun, want [][3]int) error {
	mesh, err := polygonMesh(r)
	if err != nil {
		return err
	}
	recorded, err := readRecordedMesh(r.oracleCase)
	if err != nil {
		return err
	}
	got, area := 0.0, 0.0
	for _, v := range mesh.Bins().Volumes {
		got += v
	}
	for _, t := range recorded.active {
		area += recorded.area(want[t])
	}
	return near([]float64{got}, []float64{area}, geometry)
}

func polygonMesh(r *oracleRun) (*ns.Mesh, error) {
	recorded, err := readRecordedMesh(r.oracleCase)
	if err != nil {
		return nil, err
	}
	return ns.NewPolygonMesh(recorded.polygon, recorded.spacing)
}

// compareAcross compares which triangles share sides.
func compareAcross(r *oracleRun, want [][3]int) error {
	recorded, err := readRecordedMesh(r.oracleCase)
	if err != nil {
		return err
	}
	whole, err := ns.NewMesh(recorded.points.points(), recorded.all)
	if err != nil {
		return err
	}
	env, err := ns.FromLayout(whole)
	if err != nil {
		return err
	}
	for t, across := range want {
		got, err := env.Neighbors(t)
		if err != nil {
			return err
		}
		var neighbors []int
		for _, n := range across {
			if n >= 0 {
				neighbors = append(neighbors, n)
			}
		}
		if err := same(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(neighbors))); err != nil {
			return fmt.Errorf("triangle %d: %v", t, err)
		}
	}
	return nil
}

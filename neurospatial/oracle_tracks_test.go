package neurospatial_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func init() {
	oracleOps["to_linear"] = opOf(oracleToLinear)
	oracleOps["linear_to_nd"] = opOf(oracleFromLinear)
	oracleOps["linear_point_to_bin_ind"] = opOf(oracleLinearBins)
}

// recordedGraph is a track graph: nodes with any labels, its own edges, and those of the track in their order.
type recordedGraph struct {
	labels []string // of the nodes, as JSON
	nodes  rows
	own    [][2]int
	order  [][2]int
}

// recordedNode is [label, position].
type recordedNode struct {
	label    string
	position floats
}

func (n *recordedNode) UnmarshalJSON(raw []byte) error {
	var parts [2]json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	n.label = string(parts[0])
	return json.Unmarshal(parts[1], &n.position)
}

func newRecordedGraph(nodes []recordedNode) recordedGraph {
	var g recordedGraph
	for _, n := range nodes {
		g.labels = append(g.labels, n.label)
		g.nodes = append(g.nodes, n.position)
	}
	return g
}

// pairs turns pairs of labels into pairs of node numbers.
func (g recordedGraph) pairs(labels [][2]json.RawMessage) [][2]int {
	pairs := make([][2]int, len(labels))
	for i, l := range labels {
		pairs[i] = [2]int{slices.Index(g.labels, string(l[0])), slices.Index(g.labels, string(l[1]))}
	}
	return pairs
}

// track returns the recorded graph of a track and its options.
func (b oracleBuild) track() (recordedGraph, float64, ns.TrackOptions, error) {
	var a struct {
		Factory   string
		Kind      string
		Endpoints rows
		Positions json.RawMessage `json:"node_positions"` // rows, or nodes with labels
		Nodes     []recordedNode
		Edges     [][2]json.RawMessage
		Order     [][2]json.RawMessage `json:"edge_order"`
		Spacing   json.RawMessage      `json:"edge_spacing"`
		BinSize   float64              `json:"bin_size"`
	}
	err := b.read(&a)
	var o ns.TrackOptions
	if a.Spacing != nil && err == nil {
		o.Gap, o.Gaps, err = oneOrPerAxis(a.Spacing)
	}
	if err != nil {
		return recordedGraph{}, 0, o, err
	}
	var g recordedGraph
	switch b.Factory {
	case "from_graph":
		g = newRecordedGraph(a.Nodes)
		g.own, g.order = g.pairs(a.Edges), g.pairs(a.Order)
	case "maze":
		var nodes []recordedNode
		err = json.Unmarshal(a.Positions, &nodes)
		g = newRecordedGraph(nodes)
		g.order = map[string][][2]int{"t": {{0, 1}, {1, 2}, {1, 3}}, "plus": {{0, 1}, {0, 2}, {0, 3}, {0, 4}},
			"w": {{0, 1}, {1, 2}, {0, 3}, {1, 4}, {2, 5}}}[a.Kind]
	case "linear_track":
		if g.nodes = a.Endpoints; g.nodes == nil {
			err = json.Unmarshal(a.Positions, &g.nodes)
		}
		for i := range len(g.nodes) - 1 {
			g.order = append(g.order, [2]int{i, i + 1})
		}
	}
	if g.own == nil {
		g.own = g.order
	}
	return g, a.BinSize, o, err
}

func buildGraph(b oracleBuild, _ oracleFile) (*ns.Environment, error) {
	g, size, o, err := b.track()
	if err != nil {
		return nil, err
	}
	return ns.FromGraph(g.nodes.points(), g.order, size, o)
}

func buildLinearTrack(b oracleBuild, _ oracleFile) (*ns.Environment, error) {
	g, size, o, err := b.track()
	if err != nil {
		return nil, err
	}
	return ns.LinearTrack(g.nodes.points(), size, o)
}

func buildMaze(b oracleBuild, _ oracleFile) (*ns.Environment, error) {
	g, size, o, err := b.track()
	if err != nil {
		return nil, err
	}
	var a struct{ Kind string }
	if err := json.Unmarshal(b.args, &a); err != nil {
		return nil, err
	}
	for kind := ns.MazeT; kind <= ns.MazeW; kind++ {
		if kind.String() == a.Kind {
			return ns.Maze(kind, g.nodes.points(), size, o)
		}
	}
	return nil, fmt.Errorf("maze %q", a.Kind)
}

// listed returns the graph's own edges as networkx lists them: node by node, each edge once, in the order in which they
// were given.
func (g recordedGraph) listed() [][2]int {
	var list [][2]int
	for node := range g.nodes {
		for _, e := range g.own {
			if (e[0] == node || e[1] == node) && !slices.Contains(list, e) {
				list = append(list, e)
			}
		}
	}
	return list
}

// trackProperty compares numbers that only tracks have.
func trackProperty(of func(t *ns.Track) []float64) func(*oracleRun, json.RawMessage) error {
	return propertyOf(func(r *oracleRun, want floats) error {
		t, ok := r.env.Layout().(*ns.Track)
		if !ok {
			return fmt.Errorf("the layout is %T", r.env.Layout())
		}
		return near(of(t), want, geometry)
	})
}

// compareSegments translates segments to Python's numbers, which count the edges of the graph as networkx lists them.
func compareSegments(r *oracleRun, want []int) error {
	g, _, _, err := r.Build.track()
	if err != nil {
		return err
	}
	t, ok := r.env.Layout().(*ns.Track)
	if !ok {
		return fmt.Errorf("the layout is %T", r.env.Layout())
	}
	listed := g.listed()
	var got []int
	for _, s := range t.Segments() {
		e := g.order[s]
		got = append(got, slices.IndexFunc(listed, func(l [2]int) bool { return l == e || l == [2]int{e[1], e[0]} }))
	}
	return same(got, want)
}

// forward turns recorded vectors of tracks round, which point from the second bin of some edges to the first.
func forward(env *ns.Environment, vectors rows) rows {
	own := env.EdgeVectors()
	turned := make(rows, len(vectors))
	for i, v := range vectors {
		dot := 0.0
		for k, x := range v {
			dot += x * own.At(i, k)
		}
		turned[i] = slices.Clone(v)
		if dot < 0 {
			for k := range v {
				turned[i][k] = -v[k]
			}
		}
	}
	return turned
}

// sameDirections compares angles of lines, whichever way along the line they point.
func sameDirections(got, want []float64) error {
	if len(got) != len(want) {
		return fmt.Errorf("got %d angles, want %d", len(got), len(want))
	}
	for i := range want {
		if s := math.Sin(got[i] - want[i]); math.Abs(s) > 1e-9 {
			return fmt.Errorf("angle %d is %v, want %v or opposite", i, got[i], want[i])
		}
	}
	return nil
}

// oracleToLinear makes one exception from Python, which takes the position of another segment where networkx lists the
// edges of the graph in another order than that in which they were given; a plain projection stands in.
func oracleToLinear(r *oracleRun, a struct{ Points rows }) (func(floats) error, error) {
	got, err := r.env.ToLinear(a.Points.points())
	if err != nil {
		return nil, err
	}
	return func(want floats) error {
		g, _, o, err := r.Build.track()
		if err != nil {
			return err
		}
		if !slices.Equal(g.listed(), g.own) {
			want = g.projectAll(a.Points, o)
		}
		return near(got, want, geometry)
	}, nil
}

// checkProjection compares linear positions with plain projections on the segments of the track.
func checkProjection(r *oracleRun, raw json.RawMessage) error {
	var a struct{ Points rows }
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	g, _, o, err := r.Build.track()
	if err != nil {
		return err
	}
	got, err := r.env.ToLinear(a.Points.points())
	if err != nil {
		return err
	}
	return near(got, g.projectAll(a.Points, o), geometry)
}

func (g recordedGraph) projectAll(points rows, o ns.TrackOptions) []float64 {
	positions := make([]float64, len(points))
	for i, p := range points {
		positions[i] = g.project(p, o)
	}
	return positions
}

// undecided tells whether rounding may put the centre of a bin on the other side of a polygon's side. The recorded graphs
// have lengths of their own, which differ from the distances of the nodes by rounding, and so do the centres.
func undecided(r *oracleRun, regions ...ns.Region) map[int]bool {
	bins := map[int]bool{}
	if r.Build.Factory != "from_graph" {
		return bins
	}
	for _, region := range regions {
		corners := region.Polygon().Corners()
		for i := range corners.Len() {
			a, b := corners.Row(i), corners.Row((i+1)%corners.Len())
			for bin, c := range r.env.BinCenters().Rows() {
				length := dist(a, b)
				along := ((c[0]-a[0])*(b[0]-a[0]) + (c[1]-a[1])*(b[1]-a[1])) / length
				along = min(max(along, 0), length)
				if dist(c, []float64{a[0] + along/length*(b[0]-a[0]), a[1] + along/length*(b[1]-a[1])}) < 1e-9 {
					bins[bin] = true
				}
			}
		}
	}
	return bins
}

// without returns the bins that are decided.
func without(bins []int, undecided map[int]bool) []int {
	return slices.DeleteFunc(slices.Clone(bins), func(b int) bool { return undecided[b] })
}

// project returns the linear position of the nearest place on the track.
func (g recordedGraph) project(p []float64, o ns.TrackOptions) float64 {
	starts, at := map[[2]int]float64{}, 0.0
	for i, e := range g.order {
		starts[e] = at
		at += dist(g.nodes[e[0]], g.nodes[e[1]])
		if o.Gaps == nil {
			at += o.Gap
		} else if i < len(o.Gaps) {
			at += o.Gaps[i]
		}
	}
	least, position := math.Inf(1), 0.0
	for _, e := range g.listed() {
		start, ok := starts[e]
		if !ok {
			continue
		}
		u, v := g.nodes[e[0]], g.nodes[e[1]]
		length := dist(u, v)
		along := ((p[0]-u[0])*(v[0]-u[0]) + (p[1]-u[1])*(v[1]-u[1])) / length
		along = min(max(along, 0), length)
		on := []float64{u[0] + along/length*(v[0]-u[0]), u[1] + along/length*(v[1]-u[1])}
		if d := dist(p, on); d < least-1e-12 {
			least, position = d, start+along
		}
	}
	return position
}

func dist(a, b []float64) float64 { return math.Hypot(a[0]-b[0], a[1]-b[1]) }

func oracleFromLinear(r *oracleRun, a struct{ Positions floats }) (func(rows) error, error) {
	got, err := r.env.FromLinear(a.Positions)
	return func(want rows) error { return nearRows(got.Rows(), want, geometry) }, err
}

func oracleLinearBins(r *oracleRun, a struct{ Positions floats }) (func([]int) error, error) {
	got, err := r.env.LinearBinAt(a.Positions)
	return func(want []int) error { return same(got, want) }, err
}

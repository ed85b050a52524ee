package neurospatial_test

import (
	"encoding/json"
	"fmt"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// oracleBuild is a recorded constructor call. Arguments are read by the constructor's entry in oracleBuilders.
type oracleBuild struct {
	Factory string
	args    json.RawMessage
}

func (b *oracleBuild) UnmarshalJSON(raw []byte) error {
	b.args = append([]byte(nil), raw...)
	var f struct{ Factory string }
	err := json.Unmarshal(raw, &f)
	b.Factory = f.Factory
	return err
}

// samplesBuild are the recorded arguments of from_samples.
type samplesBuild struct {
	Factory   string
	Layout    string
	Positions json.RawMessage // rows, or the name of the case that has them
	BinSize   json.RawMessage `json:"bin_size"`
	Ranges    rows            `json:"dimension_ranges"`
	Threshold int             `json:"bin_count_threshold"`
	Dilate    bool            `json:"dilate"`
	FillHoles bool            `json:"fill_holes"`
	CloseGaps bool            `json:"close_gaps"`
	Boundary  bool            `json:"add_boundary_bins"`
	InferBins *bool           `json:"infer_active_bins"`
	Diagonals *bool           `json:"connect_diagonal_neighbors"`
}

// oracleBuilders makes the recorded environments, by Python name and, where that is not the regular grid, layout.
var oracleBuilders = map[string]func(b oracleBuild, file oracleFile) (*ns.Environment, error){
	"constructor from_samples":           buildSamples,
	"constructor from_polygon":           buildPolygon,
	"constructor from_grid_mask":         buildMask,
	"constructor from_pixel_mask":        buildPixelMask,
	"constructor from_samples Hexagonal": buildSamples,
	"constructor from_layout Hexagonal":  buildHexagons,
	"constructor from_graph":             buildGraph,
	"constructor linear_track":           buildLinearTrack,
	"constructor maze":                   buildMaze,
	"constructor from_polar_egocentric":  buildPolar,
}

// key names the constructor in oracleBuilders and notYet; it is empty for constructors that are in neither.
func (b oracleBuild) key() string {
	key := "constructor " + b.Factory
	var layout struct{ Layout, Kind string }
	_ = json.Unmarshal(b.args, &layout) // without a layout it is the regular grid
	if layout.Layout != "" && layout.Layout != "RegularGrid" {
		key += " " + layout.Layout
	}
	if b.Factory == "from_layout" {
		key += " " + layout.Kind
	}
	if notYet[key] == "" && oracleBuilders[key] == nil {
		return ""
	}
	return key
}

// environment makes the environment.
func (b oracleBuild) environment(file oracleFile) (*ns.Environment, error) {
	return oracleBuilders[b.key()](b, file)
}

func (b oracleBuild) read(args any) error {
	if err := decodeStrict(b.args, args); err != nil {
		return fmt.Errorf("arguments of %s: %v", b.Factory, err)
	}
	return nil
}

// positions returns the samples of a from_samples call; they may stand in another case of the file.
func (b oracleBuild) positions(file oracleFile) (ns.Points, error) {
	var s samplesBuild
	if err := b.read(&s); err != nil {
		return ns.Points{}, err
	}
	var ref struct {
		SameAs string `json:"same_as"`
	}
	if json.Unmarshal(s.Positions, &ref) == nil {
		other, ok := file.cases[ref.SameAs]
		if !ok {
			return ns.Points{}, fmt.Errorf("positions as in case %q, which is missing", ref.SameAs)
		}
		return other.Build.positions(file)
	}
	var r rows
	err := json.Unmarshal(s.Positions, &r)
	return r.points(), err
}

func buildSamples(b oracleBuild, file oracleFile) (*ns.Environment, error) {
	pos, err := b.positions(file)
	if err != nil {
		return nil, err
	}
	var s samplesBuild
	if err := b.read(&s); err != nil {
		return nil, err
	}
	o := ns.SamplesOptions{
		CountThreshold: s.Threshold, Dilate: s.Dilate, FillHoles: s.FillHoles, CloseGaps: s.CloseGaps,
		BoundaryBins: s.Boundary, KeepAllBins: isFalse(s.InferBins), NoDiagonals: isFalse(s.Diagonals),
	}
	o.Ranges = s.Ranges.pairs()
	switch s.Layout {
	case "", "RegularGrid":
	case "Hexagonal":
		o.Layout = ns.LayoutHexagonal
	default:
		return nil, fmt.Errorf("layout %q", s.Layout)
	}
	var size float64
	if size, o.BinSizes, err = oneOrPerAxis(s.BinSize); err != nil {
		return nil, err
	}
	return ns.FromSamples(pos, size, o)
}

// isFalse tells whether an option that is true by default was recorded as false.
func isFalse(option *bool) bool { return option != nil && !*option }

// oneOrPerAxis reads a size that is one number or a list of them.
func oneOrPerAxis(raw json.RawMessage) (float64, []float64, error) {
	var one float64
	if json.Unmarshal(raw, &one) == nil {
		return one, nil, nil
	}
	var many []float64
	err := json.Unmarshal(raw, &many)
	return 0, many, err
}

// recordedPolygon is a polygon as the recordings write it.
type recordedPolygon struct {
	Exterior rows
	Holes    []rows
}

func (p recordedPolygon) polygon() (ns.Polygon, error) {
	holes := make([]ns.Points, len(p.Holes))
	for i, h := range p.Holes {
		holes[i] = h.points()
	}
	return ns.NewPolygon(p.Exterior.points(), holes...)
}

func buildPolygon(b oracleBuild, _ oracleFile) (*ns.Environment, error) {
	var a struct {
		Factory   string
		Polygon   recordedPolygon
		BinSize   json.RawMessage `json:"bin_size"`
		Diagonals *bool           `json:"connect_diagonal_neighbors"`
	}
	if err := b.read(&a); err != nil {
		return nil, err
	}
	polygon, err := a.Polygon.polygon()
	if err != nil {
		return nil, err
	}
	o := ns.PolygonOptions{NoDiagonals: isFalse(a.Diagonals)}
	var size float64
	if size, o.BinSizes, err = oneOrPerAxis(a.BinSize); err != nil {
		return nil, err
	}
	return ns.FromPolygon(polygon, size, o)
}

func buildMask(b oracleBuild, _ oracleFile) (*ns.Environment, error) {
	var a struct {
		Factory   string
		Active    any      `json:"active_mask"` // nested lists, as deep as there are axes
		Edges     []floats `json:"grid_edges"`
		Diagonals *bool    `json:"connect_diagonal_neighbors"`
	}
	if err := b.read(&a); err != nil {
		return nil, err
	}
	edges := make([][]float64, len(a.Edges))
	for k, e := range a.Edges {
		edges[k] = e
	}
	return ns.FromMask(flatMarks(nil, a.Active), edges, ns.MaskOptions{NoDiagonals: isFalse(a.Diagonals)})
}

// flatMarks appends the marks of nested lists in C order.
func flatMarks(marks []bool, nested any) []bool {
	switch v := nested.(type) {
	case bool:
		return append(marks, v)
	case []any:
		for _, part := range v {
			marks = flatMarks(marks, part)
		}
	}
	return marks
}

func buildPixelMask(b oracleBuild, _ oracleFile) (*ns.Environment, error) {
	var a struct {
		Factory   string
		Image     [][]bool        `json:"image_mask"`
		PixelSize json.RawMessage `json:"pixel_size"`
		Diagonals *bool           `json:"connect_diagonal_neighbors"`
	}
	if err := b.read(&a); err != nil {
		return nil, err
	}
	o := ns.PixelOptions{NoDiagonals: isFalse(a.Diagonals)}
	var size float64
	var err error
	if size, o.PixelSizes, err = oneOrPerAxis(a.PixelSize); err != nil {
		return nil, err
	}
	return ns.FromPixelMask(a.Image, size, o)
}

// pairs returns rows of two as ranges.
func (r rows) pairs() [][2]float64 {
	var pairs [][2]float64
	for _, row := range r {
		pairs = append(pairs, [2]float64{row[0], row[1]})
	}
	return pairs
}

func buildHexagons(b oracleBuild, _ oracleFile) (*ns.Environment, error) {
	var a struct {
		Factory, Kind string
		Width         float64 `json:"hexagon_width"`
		Ranges        rows    `json:"dimension_ranges"`
		InferBins     bool    `json:"infer_active_bins"`
	}
	if err := b.read(&a); err != nil {
		return nil, err
	}
	if a.InferBins {
		return nil, fmt.Errorf("hexagons without samples have no visited bins")
	}
	h, err := ns.NewHexagons(a.Width, a.Ranges.pairs())
	if err != nil {
		return nil, err
	}
	return ns.FromLayout(h)
}

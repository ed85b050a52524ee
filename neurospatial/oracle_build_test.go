package neurospatial_test

import (
	"encoding/json"
	"fmt"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// oracleBuild is a recorded constructor call. The arguments of constructors that are not built yet are
// kept unread.
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

// key names the constructor in notYet: its Python name, with the layout if that is not the regular grid.
// It is empty for constructors that are unknown.
func (b oracleBuild) key() string {
	key := "constructor " + b.Factory
	var layout struct{ Layout, Kind string }
	if err := json.Unmarshal(b.args, &layout); err != nil {
		return ""
	}
	if layout.Layout != "" && layout.Layout != "RegularGrid" {
		key += " " + layout.Layout
	}
	if b.Factory == "from_layout" {
		key += " " + layout.Kind
	}
	if _, later := notYet[key]; later || key == "constructor from_samples" {
		return key
	}
	return ""
}

// positions returns the samples of a from_samples call; they may stand in another case of the file.
func (b oracleBuild) positions(file oracleFile) (ns.Points, error) {
	var s samplesBuild
	if err := decodeStrict(b.args, &s); err != nil {
		return ns.Points{}, fmt.Errorf("arguments of %s: %v", b.Factory, err)
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

func (b oracleBuild) environment(pos ns.Points) (*ns.Environment, error) {
	var s samplesBuild
	if err := decodeStrict(b.args, &s); err != nil {
		return nil, fmt.Errorf("arguments of %s: %v", b.Factory, err)
	}
	o := ns.SamplesOptions{
		CountThreshold: s.Threshold, Dilate: s.Dilate, FillHoles: s.FillHoles, CloseGaps: s.CloseGaps,
		BoundaryBins: s.Boundary, KeepAllBins: s.InferBins != nil && !*s.InferBins, NoDiagonals: s.Diagonals != nil && !*s.Diagonals,
	}
	for _, r := range s.Ranges {
		o.Ranges = append(o.Ranges, [2]float64{r[0], r[1]})
	}
	var size float64
	if json.Unmarshal(s.BinSize, &size) != nil {
		if err := json.Unmarshal(s.BinSize, &o.BinSizes); err != nil {
			return nil, err
		}
	}
	return ns.FromSamples(pos, size, o)
}

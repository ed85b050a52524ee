package neurospatial_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// TestPointsRoundTrip builds the same points in every way and reads them in every way.
func TestPointsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 5).Draw(t, "dim")
		n := rapid.IntRange(1, 10).Draw(t, "n")
		flat := rapid.SliceOfN(rapid.Float64(), n*dim, n*dim).Draw(t, "flat")
		p, err := ns.PointsOfFlat(dim, flat)
		if err != nil {
			t.Fatal(err)
		}
		if p.Len() != n || p.Dim() != dim || !slices.Equal(p.Flat(), flat) {
			t.Fatalf("%v holds %v, want %v", p, p.Flat(), flat)
		}
		rows, err := ns.PointsOf(p.Rows()...)
		if err != nil || !slices.Equal(rows.Flat(), flat) {
			t.Errorf("by rows: %v, %v", rows.Flat(), err)
		}
		columns, err := ns.PointsOfColumns(p.Columns()...)
		if err != nil || !slices.Equal(columns.Flat(), flat) {
			t.Errorf("by columns: %v, %v", columns.Flat(), err)
		}
		for i := range n {
			if !slices.Equal(p.Row(i), flat[i*dim:(i+1)*dim]) || !slices.Equal(p.Slice(i, n).Row(0), p.Row(i)) {
				t.Errorf("Row(%d) = %v", i, p.Row(i))
			}
			for j := range dim {
				if p.At(i, j) != flat[i*dim+j] || p.Column(j)[i] != p.At(i, j) {
					t.Errorf("At(%d, %d) = %v", i, j, p.At(i, j))
				}
			}
		}
	})
}

func TestPointsRefuse(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		kind error
	}{
		"XY":           {errOf(ns.XY([]float64{1, 2}, []float64{1})), ns.ErrShape},
		"XYZ":          {errOf(ns.XYZ([]float64{1}, []float64{1}, nil)), ns.ErrShape},
		"no columns":   {errOf(ns.PointsOfColumns()), ns.ErrShape},
		"ragged rows":  {errOf(ns.PointsOf([]float64{1, 2}, []float64{1})), ns.ErrShape},
		"empty row":    {errOf(ns.PointsOf([]float64{})), ns.ErrShape},
		"flat":         {errOf(ns.PointsOfFlat(2, []float64{1, 2, 3})), ns.ErrShape},
		"no dimension": {errOf(ns.PointsOfFlat(0, nil)), ns.ErrInvalid},
	} {
		if !errors.Is(tt.err, tt.kind) {
			t.Errorf("%s: got %v, want kind %v", name, tt.err, tt.kind)
		}
	}
}

func errOf(_ ns.Points, err error) error { return err }

// TestEmptyPoints checks that no points are a legal list of any dimension.
func TestEmptyPoints(t *testing.T) {
	var zero ns.Points
	empty, err := ns.PointsOf()
	if err != nil || empty.Len() != 0 || zero.Len() != 0 || zero.Dim() != 0 || len(zero.Rows()) != 0 || len(zero.Columns()) != 0 {
		t.Errorf("empty points: %v, %v", empty, err)
	}
	columns, err := ns.XY(nil, nil)
	if err != nil || columns.Len() != 0 || columns.Dim() != 2 || len(columns.Columns()) != 2 {
		t.Errorf("empty columns: %v, %v", columns, err)
	}
	if got := columns.Slice(0, 0).String(); got != "Points(0×2)" {
		t.Errorf("String() = %s", got)
	}
}

// TestPointsIndexPanics checks that indexing beyond the points panics with the package's own words.
func TestPointsIndexPanics(t *testing.T) {
	p := mustPoints([]float64{1, 2})
	for name, call := range map[string]func(){
		"row":    func() { p.Row(1) },
		"column": func() { p.Column(-1) },
		"at":     func() { p.At(0, 2) },
		"slice":  func() { p.Slice(1, 0) },
	} {
		func() {
			defer func() {
				if text, ok := recover().(string); !ok || len(text) < 20 {
					t.Errorf("%s: recovered %q", name, text)
				}
			}()
			call()
			t.Errorf("%s: no panic", name)
		}()
	}
}

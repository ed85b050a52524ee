package plot_test

import (
	"errors"
	"image/color"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/plot/vg"

	ns "github.com/nskernel/nskernel/neurospatial"
	"github.com/nskernel/nskernel/plot"
)

// Wrong input gives an error of the right kind that names function, argument
// and value, and tells what to do.
func TestBadInput(t *testing.T) {
	s := record()
	n := s.env.NumBins()
	good := s.rate
	with := func(i int, v float64) []float64 {
		f := make([]float64, n)
		f[i] = v
		return f
	}
	allNaN := make([]float64, n)
	for i := range allNaN {
		allNaN[i] = math.NaN()
	}
	line := must(ns.PointsOfColumns([]float64{1, 2, 3}))
	four := must(ns.FromSamples(must(ns.PointsOf([]float64{1, 2, 3, 4}, []float64{2, 3, 4, 5})), 1))
	climb := must(ns.LinearTrack(must(ns.PointsOf([]float64{0, 0, 0}, []float64{9, 9, 9})), 1))
	maze, _ := tMaze()
	fig := must(plot.Field(s.env, good))
	field := func(f []float64, o ...plot.FieldOptions) error {
		_, err := plot.Field(s.env, f, o...)
		return err
	}
	for _, tt := range []struct {
		name string
		err  error
		kind error
		want []string
	}{
		{"nil environment", second(plot.Field(nil, good)), ns.ErrInvalid, []string{"Field: env is nil", "ns.FromSamples"}},
		{"empty environment", second(plot.Field(&ns.Environment{}, nil)), ns.ErrInvalid, []string{"constructor"}},
		{"short field", field(good[:5]), ns.ErrShape, []string{"Field: field has 5 values, environment has", "one value per bin"}},
		{"nil field", field(nil), ns.ErrShape, []string{"has 0 values"}},
		{"infinite", field(with(3, math.Inf(-1))), ns.ErrInvalid, []string{"is -Inf at index 3", "replace it by NaN"}},
		{"all NaN", field(allNaN), ns.ErrInvalid, []string{"is NaN in all", "Limits"}},
		{"too large a range", field(append(with(0, 1.7e308)[:n-1:n-1], -1.7e308)), ns.ErrInvalid, []string{"Limits are -1.7e+308 to 1.7e+308"}},
		{"unknown palette", field(good, plot.FieldOptions{Palette: 77}), ns.ErrInvalid, []string{"77 is not a palette", "viridis, magma"}},
		{"swapped limits", field(good, plot.FieldOptions{Limits: plot.Limits{Min: 5, Max: 1}}), ns.ErrInvalid, []string{"Limits are 5 to 1", "Min below Max"}},
		{"two options", field(good, plot.FieldOptions{}, plot.FieldOptions{}), ns.ErrInvalid, []string{"2 option values"}},
		{"negative width", field(good, plot.FieldOptions{Width: -1}), ns.ErrInvalid, []string{"Width is", "8.5 * plot.Centimeter"}},
		{"width without a unit", field(good, plot.FieldOptions{Width: 8}), ns.ErrInvalid, []string{"Width is 0.2822 cm"}},
		{"NaN height", field(good, plot.FieldOptions{Height: vg.Length(math.NaN())}), ns.ErrInvalid, []string{"Height is NaN"}},
		{"all faults at once", field(good[:5], plot.FieldOptions{Palette: -1, Width: 1}), ns.ErrShape, []string{"has 5 values", "-1 is not a palette", "Width is"}},
		{"four dimensions", second(plot.Field(four, make([]float64, four.NumBins()))), ns.ErrUnsupported, []string{"has 4 dimensions", "project the field"}},
		{"negative occupancy", second(plot.Occupancy(s.env, with(2, -0.5))), ns.ErrInvalid, []string{"Occupancy: seconds is -0.5 at bin 2"}},
		{"short occupancy", second(plot.Occupancy(s.env, good[:5])), ns.ErrShape, []string{"Occupancy: seconds has 5 values"}},
		{"no fields", second(plot.Fields(s.env, nil)), ns.ErrInvalid, []string{"fields is empty"}},
		{"second field short", second(plot.Fields(s.env, [][]float64{good, good[:4]})), ns.ErrShape, []string{"Fields: field 1 has 4 values"}},
		{"one title for two", second(plot.Fields(s.env, [][]float64{good, good}, plot.FieldsOptions{Titles: []string{"a"}})), ns.ErrShape, []string{"1 titles for 2 fields"}},
		{"all fields NaN", second(plot.Fields(s.env, [][]float64{allNaN, allNaN})), ns.ErrInvalid, []string{"NaN"}},
		{"environment in four dimensions", second(plot.Environment(four)), ns.ErrUnsupported, []string{"has 4 dimensions"}},
		{"path in one dimension", second(plot.Trajectory(line)), ns.ErrShape, []string{"has 1 coordinates", "ns.XY"}},
		{"path of one point", second(plot.Trajectory(s.pos.Slice(0, 1))), ns.ErrShape, []string{"has 1 positions", "AddPoints"}},
		{"empty path", second(plot.Trajectory(ns.Points{})), ns.ErrShape, []string{"has 0 positions"}},
		{"infinite path", second(plot.Trajectory(must(ns.XY([]float64{0, math.Inf(1)}, []float64{0, 1})))), ns.ErrInvalid, []string{"is +Inf at point 1, coordinate 0"}},
		{"path of NaN", second(plot.Trajectory(must(ns.XY([]float64{math.NaN(), 1}, []float64{0, math.NaN()})))), ns.ErrInvalid, []string{"no position that is not NaN"}},
		{"times too short", second(plot.Trajectory(s.pos, plot.TrajectoryOptions{Times: s.times[:4]})), ns.ErrShape, []string{"Times has 4 values, pos has 8000"}},
		{"thick line", fig.AddTrajectory(s.pos, plot.TrajectoryOptions{LineWidth: -2}), ns.ErrInvalid, []string{"AddTrajectory: LineWidth is -2 pt"}},
		{"points in one dimension", fig.AddPoints(line), ns.ErrShape, []string{"AddPoints: pos has 1 coordinates"}},
		{"opacity", fig.AddPoints(s.spikes, plot.PointsOptions{Opacity: 1.5}), ns.ErrInvalid, []string{"Opacity is 1.5"}},
		{"fewer vectors", fig.AddArrows(s.pos, s.spikes), ns.ErrShape, []string{"AddArrows: vectors has", "for 8000 positions"}},
		{"vectors in one dimension", fig.AddArrows(s.pos, line), ns.ErrShape, []string{"vectors has 1 coordinates"}},
		{"negative scale", fig.AddArrows(s.pos, s.pos, plot.ArrowsOptions{Scale: -1}), ns.ErrInvalid, []string{"Scale is -1"}},
		{"outline of nothing", fig.AddOutline(s.env, nil), ns.ErrInvalid, []string{"AddOutline: bins is empty"}},
		{"outline of a bin outside", fig.AddOutline(s.env, []int{0, ns.Outside}), ns.ErrInvalid, []string{"has bin -1 at index 1", "bins are 0 to"}},
		{"outline in four dimensions", fig.AddOutline(four, []int{0}), ns.ErrUnsupported, []string{"env has 4 dimensions; it must have 2"}},
		{"outline of no environment", fig.AddOutline(nil, []int{0}), ns.ErrInvalid, []string{"env is nil"}},
		{"thick outline", fig.AddOutline(s.env, []int{0}, plot.OutlineOptions{LineWidth: 101}), ns.ErrInvalid, []string{"LineWidth is 101 pt"}},
		{"plotter in four dimensions", second(plot.FieldPlotter(four, make([]float64, four.NumBins()))), ns.ErrUnsupported, []string{"FieldPlotter: env has 4"}},
		{"plotter of a short field", second(plot.FieldPlotter(s.env, good[:2])), ns.ErrShape, []string{"has 2 values"}},
		{"nil matrix", second(plot.Matrix(nil)), ns.ErrInvalid, []string{"Matrix: m is nil", "mat.NewDense"}},
		{"nil dense matrix", second(plot.Matrix((*mat.Dense)(nil))), ns.ErrInvalid, []string{"m cannot be read"}},
		{"empty matrix", second(plot.Matrix(&mat.Dense{})), ns.ErrInvalid, []string{"m has 0 rows and 0 columns"}},
		{"infinite entry", second(plot.Matrix(mat.NewDense(2, 2, []float64{0, 1, math.Inf(1), 3}))), ns.ErrInvalid, []string{"is +Inf at row 1, column 0"}},
		{"matrix of NaN", second(plot.Matrix(mat.NewDense(1, 1, []float64{math.NaN()}))), ns.ErrInvalid, []string{"is NaN everywhere"}},
		{"swapped range", second(plot.Matrix(mat.NewDense(1, 1, nil), plot.MatrixOptions{XRange: plot.Limits{Min: 1, Max: 0}})), ns.ErrInvalid, []string{"Limits are 1 to 0"}},
		{"matrix in no palette", second(plot.Matrix(mat.NewDense(1, 1, nil), plot.MatrixOptions{Palette: 9})), ns.ErrInvalid, []string{"9 is not a palette"}},
		{"angles without values", second(plot.Polar(good, good[:3])), ns.ErrShape, []string{"Polar: values has 3 values, angles has"}},
		{"one direction", second(plot.Polar(good[:1], good[:1])), ns.ErrInvalid, []string{"at least 2"}},
		{"negative rate", second(plot.Polar([]float64{0, 1}, []float64{1, -2})), ns.ErrInvalid, []string{"is -2 at index 1", "Lines"}},
		{"infinite angle", second(plot.Polar([]float64{0, math.Inf(1)}, []float64{1, 2})), ns.ErrInvalid, []string{"angles is +Inf at index 1"}},
		{"polar NaN", second(plot.Polar([]float64{0, 1}, allNaN[:2])), ns.ErrInvalid, []string{"no value that is not NaN"}},
		{"negative maximum", second(plot.Polar([]float64{0, 1}, []float64{1, 2}, plot.PolarOptions{Max: -1})), ns.ErrInvalid, []string{"Max is -1"}},
		{"no regions", fig.AddRegions(nil), ns.ErrInvalid, []string{"AddRegions: regions is empty"}},
		{"region in space", fig.AddRegions([]ns.Region{ns.PointRegion("a", 1, 2, 3)}), ns.ErrInvalid, []string{`region 0 ("a") is a point with 3 coordinates`}},
		{"empty region", fig.AddRegions([]ns.Region{ns.PointRegion("a", 1, 2), {}}), ns.ErrInvalid, []string{`region 1 ("") is empty`}},
		{"region too opaque", fig.AddRegions([]ns.Region{ns.PointRegion("a", 1, 2)}, plot.RegionsOptions{Fill: 2}), ns.ErrInvalid, []string{"Fill is 2"}},
		{"regions on nil", (*plot.Figure)(nil).AddRegions(nil), ns.ErrInvalid, []string{"AddRegions: figure is nil"}},
		{"unrolled arena", field(good, plot.FieldOptions{Unroll: true}), ns.ErrUnsupported, []string{"Unroll is set, but the environment is a RegularGrid", "ns.LinearTrack"}},
		{"map of a track in space", second(plot.Field(climb, make([]float64, climb.NumBins()))), ns.ErrUnsupported, []string{"env is a track that has 3 dimensions", "Unroll"}},
		{"track in space", second(plot.Environment(climb)), ns.ErrUnsupported, []string{"has 3 dimensions"}},
		{"outline on a track", fig.AddOutline(maze, []int{0}), ns.ErrUnsupported, []string{"env is a track", "AddPoints"}},
		{"no series", second(plot.Lines(nil)), ns.ErrInvalid, []string{"Lines: series is empty"}},
		{"series of nothing", second(plot.Lines([]plot.Series{{}})), ns.ErrInvalid, []string{"hold no value"}},
		{"series of NaN", second(plot.Lines([]plot.Series{{Y: allNaN}})), ns.ErrInvalid, []string{"hold no value"}},
		{"x shorter than y", second(plot.Lines([]plot.Series{{Y: good}, {X: good[:3], Y: good}})), ns.ErrShape, []string{"series 1 X has 3 values"}},
		{"half a band", second(plot.Lines([]plot.Series{{Y: good, Low: good}})), ns.ErrShape, []string{"series 0 Low and High must come together"}},
		{"infinite band", second(plot.Lines([]plot.Series{{Y: good, Low: good, High: with(1, math.Inf(1))}})), ns.ErrInvalid, []string{"series 0 High is +Inf at index 1"}},
		{"swapped y axis", second(plot.Lines([]plot.Series{{Y: good}}, plot.LinesOptions{YLimits: plot.Limits{Min: 3, Max: 2}})), ns.ErrInvalid, []string{"Limits are 3 to 2"}},
		{"empty histogram", second(plot.Histogram(nil)), ns.ErrInvalid, []string{"Histogram: values holds no value"}},
		{"infinite histogram", second(plot.Histogram(with(2, math.Inf(1)))), ns.ErrInvalid, []string{"is +Inf at index 2"}},
		{"too many bins", second(plot.Histogram(good, plot.HistogramOptions{Bins: 5000})), ns.ErrInvalid, []string{"Bins is 5000", "1 to 500"}},
		{"no panels", second(plot.Panels(nil)), ns.ErrInvalid, []string{"figures is empty"}},
		{"nil panel", second(plot.Panels([]*plot.Figure{fig, nil})), ns.ErrInvalid, []string{"is nil or empty at index 1"}},
		{"negative columns", second(plot.Panels([]*plot.Figure{fig}, plot.PanelsOptions{Columns: -1})), ns.ErrInvalid, []string{"Columns is -1"}},
		{"panel of no figure", second((&plot.Figure{}).Panel(0)), ns.ErrInvalid, []string{"Panel: figure is nil or was not made"}},
		{"display of no figure", second((&plot.Figure{}).Display()), ns.ErrInvalid, []string{"Display: figure is nil"}},
		{"display of nil", second((*plot.Figure)(nil).Display()), ns.ErrInvalid, []string{"Display: figure is nil"}},
		{"save of nil", (*plot.Figure)(nil).Save("a.png"), ns.ErrInvalid, []string{"Save: figure is nil"}},
		{"size of nil", (*plot.Figure)(nil).SetSize(0, 0), ns.ErrInvalid, []string{"SetSize: figure is nil"}},
		{"points on nil", (*plot.Figure)(nil).AddPoints(s.pos), ns.ErrInvalid, []string{"AddPoints: figure is nil"}},
		{"path on nil", (*plot.Figure)(nil).AddTrajectory(s.pos), ns.ErrInvalid, []string{"AddTrajectory: figure is nil"}},
		{"arrows on nil", (*plot.Figure)(nil).AddArrows(s.pos, s.pos), ns.ErrInvalid, []string{"AddArrows: figure is nil"}},
		{"gradient on nil", (*plot.Figure)(nil).AddGradient(s.env, good), ns.ErrInvalid, []string{"AddGradient: figure is nil"}},
		{"gradient of a short field", fig.AddGradient(s.env, good[:4]), ns.ErrShape, []string{"AddGradient: field has 4 values"}},
		{"gradient in four dimensions", fig.AddGradient(four, nil), ns.ErrUnsupported, []string{"AddGradient: env has 4 dimensions"}},
		{"infinite gradient", fig.AddGradient(s.env, with(0, math.Inf(1))), ns.ErrInvalid, []string{"field is +Inf at index 0"}},
		{"outline on nil", (*plot.Figure)(nil).AddOutline(s.env, []int{0}), ns.ErrInvalid, []string{"AddOutline: figure is nil"}},
		{"no such panel", second(fig.Panel(1)), ns.ErrInvalid, []string{"Panel: i is 1; the figure has panels 0 to 0"}},
		{"size", fig.SetSize(1e9, 0), ns.ErrInvalid, []string{"SetSize: Width"}},
		{"nil plot", second(plot.Bundle(nil)), ns.ErrInvalid, []string{"Bundle: p is nil"}},
		{"no extension", fig.Save("field"), ns.ErrInvalid, []string{`"field" has no extension`, ".png, .svg or .pdf"}},
		{"unknown extension", fig.Save("a.gif"), ns.ErrInvalid, []string{`unknown extension ".gif"`, ".png, .svg or .pdf"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.err == nil {
				t.Fatal("no error")
			}
			if !errors.Is(tt.err, tt.kind) {
				t.Errorf("%v is not %v", tt.err, tt.kind)
			}
			text := tt.err.Error()
			var hint interface{ Hint() string }
			if !errors.As(tt.err, &hint) || hint.Hint() == "" {
				t.Errorf("%v does not say how to repair it", tt.err)
			} else {
				text += "\n" + hint.Hint()
			}
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("error\n%s\nsays nothing of %q", text, want)
				}
			}
			if !strings.HasPrefix(text, "plot: ") || strings.HasSuffix(tt.err.Error(), ".") {
				t.Errorf("style of %q", text)
			}
		})
	}
}

// second returns the second of two results.
func second[T any](_ T, err error) error { return err }

// A refused overlay leaves the figure as it was.
func TestRefusedOverlayChangesNothing(t *testing.T) {
	s := record()
	fig := must(plot.Field(s.env, s.rate))
	before := must(fig.Display())
	if fig.AddPoints(s.spikes, plot.PointsOptions{Size: -1, Label: "x"}) == nil {
		t.Fatal("negative size accepted")
	}
	if fig.AddTrajectory(s.pos, plot.TrajectoryOptions{Palette: -1, Label: "x"}) == nil {
		t.Fatal("unknown palette accepted")
	}
	if after := must(fig.Display()); after.Data["image/svg+xml"] != before.Data["image/svg+xml"] {
		t.Error("the figure changed")
	}
}

// All NaN is a picture if the limits are given, so that one silent cell among
// others can be shown.
func TestAllNaNWithLimits(t *testing.T) {
	s := record()
	for i := range s.rate {
		s.rate[i] = math.NaN()
	}
	if _, err := plot.Field(s.env, s.rate, plot.FieldOptions{Limits: plot.Limits{Min: 0, Max: 1}}); err != nil {
		t.Fatal(err)
	}
}

// The options that colours and sizes have by default can all be given.
func TestOverlayOptions(t *testing.T) {
	s := record()
	fig := must(plot.Environment(s.env, plot.EnvironmentOptions{NoBins: true, HideAxes: true}))
	check(fig.AddTrajectory(s.pos, plot.TrajectoryOptions{Color: color.Black, LineWidth: 2 * plot.Point, Label: "path"}))
	check(fig.AddTrajectory(s.pos, plot.TrajectoryOptions{Times: s.times, Palette: plot.PalettePlasma, Label: "t (s)"}))
	check(fig.AddPoints(s.spikes, plot.PointsOptions{Color: color.White, Size: plot.Point, Opacity: 1, Label: "spikes"}))
	svg := must(fig.Display()).Data["image/svg+xml"].(string)
	for _, want := range []string{">path<", ">spikes<", ">t (s)<", "#FFFFFF"} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q in the figure", want)
		}
	}
}

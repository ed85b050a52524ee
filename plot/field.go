package plot

import (
	"fmt"
	"image"
	"math"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// FieldOptions are the options of [Field], [Fields] and [Occupancy].
type FieldOptions struct {
	Title string // above the field
	Label string // of the colour bar, such as "rate (Hz)"

	// Limits are the values at the ends of the colour scale. The zero value
	// takes the range of the field; a NaN leaves that end to the field.
	Limits  Limits
	Palette Palette // zero value: viridis

	NoColorBar bool // leave out the colour bar
	HideAxes   bool // leave out axes; a bar of a round length shows the scale

	// Unroll draws the field of a track along its linear axis, as a line,
	// rather than as a map.
	Unroll bool
	// Slices are the layers along z to show of a 3-D field, counted from 0.
	// nil takes all, up to 16; more are spread evenly.
	Slices []int

	// Width and Height of the figure. 0 is chosen; a field keeps its
	// proportions whatever is given.
	Width, Height vg.Length
}

// Field draws one value per bin.
//
//	field: one value per bin, [NumBins()]; NaN is drawn grey
//
// A 2-D field is drawn as a map: a grid as crisp cells, other layouts in the
// shapes of their bins, space undistorted, bins that are not active
// transparent. A 1-D field is a line with one step per bin, NaN a grey band. A
// 3-D field on a grid becomes one map per layer along z, with one scale for
// all. A field on a track is drawn as a broad line where the track runs.
//
// A field of wrong length is an ErrShape; an infinite value, a field of
// nothing but NaN (unless Limits are given), limits that do not increase and
// an unknown palette are each an ErrInvalid; all faults are reported. More
// than three dimensions are an ErrUnsupported.
func Field(env *ns.Environment, field []float64, opts ...FieldOptions) (*Figure, error) {
	o, err := oneOption("Field", opts)
	if err != nil {
		return nil, err
	}
	return drawField("Field", "field", env, field, o)
}

// FieldPlotter returns the map of a 2-D field as a plotter for a gonum plot of
// your own, without colour bar and labels. Of opts it uses Limits and Palette.
//
// Errors are those of [Field]; an environment of other than two dimensions is
// an ErrUnsupported.
func FieldPlotter(env *ns.Environment, field []float64, opts ...FieldOptions) (gonumplot.Plotter, error) {
	const op = "FieldPlotter"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := checkPlane(op, env); err != nil {
		return nil, err
	}
	limits, err := checkedLimits(op, "field", env, field, o)
	if err != nil {
		return nil, err
	}
	if env.IsTrack() {
		return newTrackPlotter(env, field, limits, o.Palette)
	}
	pic, err := pictureOf(env)
	if err != nil {
		return nil, err
	}
	return &cellPlotter{pic: pic, img: pic.paint(field, limits, o.Palette)}, nil
}

// Occupancy draws the time spent in each bin: a [Field] whose scale begins at
// zero and whose label is "occupancy (s)", unless opts say otherwise.
//
//	seconds: time in each bin in seconds, [NumBins()], not negative
//
// Errors are those of [Field]; negative times are an ErrInvalid.
func Occupancy(env *ns.Environment, seconds []float64, opts ...FieldOptions) (*Figure, error) {
	const op = "Occupancy"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	for i, s := range seconds {
		if s < 0 {
			return nil, invalid(op, "seconds", "pass the result of env.Occupancy; for differences use Field",
				"is %g at bin %d; time is not negative", s, i)
		}
	}
	if o.Label == "" {
		o.Label = "occupancy (s)"
	}
	if (o.Limits == Limits{}) {
		o.Limits = Limits{0, math.NaN()}
	}
	return drawField(op, "seconds", env, seconds, o)
}

// drawField checks everything and draws by dimension.
func drawField(op, arg string, env *ns.Environment, field []float64, o FieldOptions) (*Figure, error) {
	if err := checkEnvironment(op, env); err != nil {
		return nil, err
	}
	limits, err := checkedLimits(op, arg, env, field, o)
	if err != nil {
		return nil, err
	}
	switch dims := env.NumDims(); {
	case o.Unroll:
		return unrolled(op, env, field, limits, o)
	case dims == 1:
		return lineFigure(newStepPlotter(env, field), limits, env.Units(), o), nil
	case dims == 2 && env.IsTrack():
		return trackMap(env, field, limits, o)
	case dims == 2:
		return fieldMap(env, field, limits, o)
	case dims == 3 && !env.IsTrack():
		return fieldSlices(op, env, field, limits, o)
	case env.IsTrack():
		return nil, &Error{Op: op, Arg: "env", Kind: ns.ErrUnsupported, What: "is a track that " + dimensions(dims) + "; maps are drawn in two",
			Fix: "set Unroll to draw the field along the track"}
	}
	return nil, &Error{Op: op, Arg: "env", Kind: ns.ErrUnsupported,
		What: dimensions(env.NumDims()) + "; fields of one to three can be drawn",
		Fix:  "project the field: build an environment from two of the coordinates and sum or average over the others"}
}

// checkedLimits returns the limits of a field, or all that is wrong with it and
// its options.
func checkedLimits(op, arg string, env *ns.Environment, field []float64, o FieldOptions) (Limits, error) {
	var errs []error
	for _, err := range []error{checkField(op, arg, env, field), checkSize(op, o.Width, o.Height), o.Palette.check(op)} {
		if err != nil {
			errs = append(errs, err)
		}
	}
	autoLo, autoHi := o.Limits.auto()
	lo, hi := finiteRange(field)
	if len(errs) == 0 && lo > hi && (autoLo || autoHi) {
		errs = append(errs, invalid(op, arg, "check the division that made it, or set Limits to draw it all grey",
			"is NaN in all %d bins; there is nothing to draw", len(field)))
	}
	if len(errs) > 0 && (autoLo || autoHi) { // limits would follow from what is wrong
		return Limits{}, joined(errs)
	}
	limits, err := o.Limits.resolve(op, lo, hi, o.Palette.Diverging())
	if err != nil {
		errs = append(errs, err)
	}
	return limits, joined(errs)
}

func dimensions(n int) string {
	if n == 1 {
		return "has 1 dimension"
	}
	return fmt.Sprintf("has %d dimensions", n)
}

func checkEnvironment(op string, env *ns.Environment) error {
	if env == nil || env.NumBins() == 0 {
		return invalid(op, "env", "make one with ns.FromSamples", "is nil or was not made by a constructor")
	}
	return nil
}

func checkField(op, arg string, env *ns.Environment, field []float64) error {
	if n := env.NumBins(); len(field) != n {
		return shape(op, arg, "pass one value per bin, in the order of env.BinCenters()",
			"has %d values, environment has %d bins", len(field), n)
	}
	if i := firstInf(field); i >= 0 {
		return infinite(op, arg, i, field[i])
	}
	return nil
}

// barFor returns the colour bar of a field.
func barFor(field []float64, limits Limits, o FieldOptions) *colorBar {
	b := &colorBar{limits: limits, palette: o.Palette, label: o.Label}
	for _, v := range field {
		b.below = b.below || v < limits.Min
		b.above = b.above || v > limits.Max
		b.nan = b.nan || math.IsNaN(v)
	}
	return b
}

// fieldMap draws a 2-D field.
func fieldMap(env *ns.Environment, field []float64, limits Limits, o FieldOptions) (*Figure, error) {
	pic, err := pictureOf(env)
	if err != nil {
		return nil, err
	}
	p := mapPanel(pic, pic.paint(field, limits, o.Palette), env.Units(), o.HideAxes)
	p.plot.Title.Text = o.Title
	if !o.NoColorBar {
		p.bar = barFor(field, limits, o)
	}
	return newFigure(p, o.Width, o.Height), nil
}

// mapPanel returns a panel that shows a picture of bins in space.
func mapPanel(pic *picture, img *image.Paletted, units string, bare bool) *panel {
	return planePanel(&cellPlotter{pic: pic, img: img}, units, bare)
}

// planePanel returns a panel that shows something in space.
func planePanel(d gonumplot.Plotter, units string, bare bool) *panel {
	p := newPlot()
	p.X.Label.Text = withUnits("x", units)
	p.Y.Label.Text = withUnits("y", units)
	p.Add(d)
	if bare {
		p.Add(scaleBar{units})
	}
	return &panel{plot: p, bare: bare}
}

// cellPlotter draws a picture of cells in its place in space.
type cellPlotter struct {
	pic *picture
	img *image.Paletted
}

var (
	_ gonumplot.Plotter    = (*cellPlotter)(nil)
	_ gonumplot.DataRanger = (*cellPlotter)(nil)
)

func (d *cellPlotter) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	drawCells(c.Canvas, vg.Rectangle{
		Min: vg.Point{X: x(d.pic.x[0]), Y: y(d.pic.y[0])},
		Max: vg.Point{X: x(d.pic.x[1]), Y: y(d.pic.y[1])},
	}, d.img)
}

func (d *cellPlotter) DataRange() (xmin, xmax, ymin, ymax float64) {
	x, y := d.pic.x, d.pic.y
	return min(x[0], x[1]), max(x[0], x[1]), min(y[0], y[1]), max(y[0], y[1])
}

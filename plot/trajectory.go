package plot

import (
	"image/color"
	"math"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// TrajectoryOptions are the options of [Trajectory] and [Figure.AddTrajectory].
type TrajectoryOptions struct {
	Title string // above the figure; ignored by AddTrajectory
	Units string // of the positions, for the axes; ignored by AddTrajectory

	Color     color.Color // nil: grey
	LineWidth vg.Length   // 0: 0.6 pt

	// Times, one per position in seconds, colour the path by time and give the
	// figure a colour bar. nil draws the path in one colour.
	Times   []float64
	Palette Palette // of that colour bar

	// Label of that colour bar, empty for "time (s)"; of a path in one colour
	// its entry in the legend, empty for none.
	Label    string
	HideAxes bool // leave out axes; a bar of a round length shows the scale; ignored by AddTrajectory

	// Width and Height of the figure, 0 to be chosen; ignored by AddTrajectory.
	Width, Height vg.Length
}

// Trajectory draws a path in two dimensions.
//
//	pos: positions in time order, [n][2]; a NaN interrupts the path
//
// Positions that are not 2-D, or fewer than two of them, are an ErrShape, and
// so are Times of another length; infinite coordinates are an ErrInvalid.
func Trajectory(pos ns.Points, opts ...TrajectoryOptions) (*Figure, error) {
	const op = "Trajectory"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	d, err := newPathPlotter(op, pos, o)
	if err != nil {
		return nil, err
	}
	if err := checkSize(op, o.Width, o.Height); err != nil {
		return nil, err
	}
	p := newPlot()
	p.Title.Text = o.Title
	p.X.Label.Text = withUnits("x", o.Units)
	p.Y.Label.Text = withUnits("y", o.Units)
	p.Add(d)
	for _, a := range []*gonumplot.Axis{&p.X, &p.Y} { // half a stroke and some air
		air := 0.015 * (a.Max - a.Min)
		a.Min, a.Max = a.Min-air, a.Max+air
	}
	if o.HideAxes {
		p.Add(scaleBar{o.Units})
	}
	pn := &panel{plot: p, bare: o.HideAxes}
	pn.addKey(d, o)
	return newFigure(pn, o.Width, o.Height), nil
}

// AddTrajectory draws a path over every panel of the figure. The axes stay as
// they are: what lies outside is cut off. A path coloured by time adds its
// colour bar only to panels that have none yet.
//
//	pos: positions in time order, [n][2]; a NaN interrupts the path
//
// Errors are those of [Trajectory].
func (f *Figure) AddTrajectory(pos ns.Points, opts ...TrajectoryOptions) error {
	const op = "Figure.AddTrajectory"
	if err := f.made(op); err != nil {
		return err
	}
	o, err := oneOption(op, opts)
	if err != nil {
		return err
	}
	d, err := newPathPlotter(op, pos, o)
	if err != nil {
		return err
	}
	for _, p := range f.panels {
		p.overlay(d)
		p.addKey(d, o)
	}
	return nil
}

// addKey adds the colour bar or the legend that explains a path.
func (p *panel) addKey(d *pathPlotter, o TrajectoryOptions) {
	switch {
	case d.times == nil && o.Label != "":
		p.legend = append(p.legend, legendEntry{o.Label, d})
	case d.times != nil && p.bar == nil:
		p.bar = d.bar(o.Label)
	}
}

func newPathPlotter(op string, pos ns.Points, o TrajectoryOptions) (*pathPlotter, error) {
	if err := checkPlanar(op, "pos", pos); err != nil {
		return nil, err
	}
	if pos.Len() < 2 {
		return nil, shape(op, "pos", "draw single positions with AddPoints", "has %d positions; a path needs at least 2", pos.Len())
	}
	if err := o.Palette.check(op); err != nil {
		return nil, err
	}
	if err := checkStroke(op, "LineWidth", o.LineWidth); err != nil {
		return nil, err
	}
	d := &pathPlotter{x: pos.Column(0), y: pos.Column(1), color: o.Color, width: o.LineWidth}
	if d.color == nil {
		d.color = pathColor
	}
	if d.width == 0 {
		d.width = 0.6 * Point
	}
	for i := range d.x { // half a position is none
		if math.IsNaN(d.x[i]) || math.IsNaN(d.y[i]) {
			d.x[i], d.y[i] = math.NaN(), math.NaN()
		}
	}
	if lo, hi := finiteRange(d.x); lo > hi {
		return nil, invalid(op, "pos", "check the columns that made it", "holds no position that is not NaN")
	}
	if o.Times == nil {
		return d, nil
	}
	if len(o.Times) != pos.Len() {
		return nil, shape(op, "Times", "pass one time per position", "has %d values, pos has %d positions", len(o.Times), pos.Len())
	}
	if i := firstInf(o.Times); i >= 0 {
		return nil, invalid(op, "Times", "find the division by zero that made it", "is %v at index %d; times must be finite or NaN", o.Times[i], i)
	}
	lo, hi := finiteRange(o.Times)
	limits, err := Limits{}.resolve(op, lo, hi, false)
	if err != nil {
		return nil, err
	}
	d.times, d.limits, d.palette = o.Times, limits, o.Palette
	return d, nil
}

// checkPlanar returns an error for points that cannot be drawn on a plane.
func checkPlanar(op, arg string, pos ns.Points) error {
	if pos.Len() > 0 && pos.Dim() != 2 {
		return shape(op, arg, "choose two coordinates, as in ns.XY(pos.Column(0), pos.Column(1))",
			"has %d coordinates per point; it must have 2", pos.Dim())
	}
	for i := range pos.Len() {
		for j := range 2 {
			if v := pos.At(i, j); math.IsInf(v, 0) {
				return invalid(op, arg, "replace it by NaN to leave the position out",
					"is %v at point %d, coordinate %d; positions must be finite or NaN", v, i, j)
			}
		}
	}
	return nil
}

// checkStroke returns an error for a width of lines or a size of points that
// cannot be drawn.
func checkStroke(op, arg string, l vg.Length) error {
	if l >= 0 && l <= 100*Point {
		return nil
	}
	return invalid(op, arg, "write a length as in 1.5 * plot.Point, or leave it 0",
		"is %g pt; it must be between 0 (chosen) and 100 pt", float64(l))
}

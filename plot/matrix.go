package plot

import (
	"gonum.org/v1/gonum/mat"
	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// MatrixOptions are the options of [Matrix].
type MatrixOptions struct {
	Title, XLabel, YLabel string
	Label                 string // of the colour bar

	// Limits are the values at the ends of the colour scale. The zero value
	// takes the range of the matrix; a NaN leaves that end to it.
	Limits  Limits
	Palette Palette // zero value: viridis

	// XRange and YRange are the coordinates of the outer borders of the first
	// and last column, and of the lowest and highest row, such as the lags of a
	// correlogram. The zero value numbers columns and rows from 0.
	XRange, YRange Limits
	// Upwards puts row 0 at the bottom. The default is row 0 at the top, as
	// matrices are written.
	Upwards bool
	// Free lets the matrix fill the figure. The default is one unit of x as
	// long as one of y.
	Free bool

	NoColorBar    bool
	Width, Height vg.Length // of the figure; 0 is chosen
}

// Matrix draws the entries of a matrix as crisp cells in colour, such as a
// matrix of transitions or a correlogram. NaN is drawn grey.
//
// A nil or empty matrix, an infinite entry, nothing but NaN (unless Limits are
// given), and limits or ranges that do not increase are each an ErrInvalid.
func Matrix(m mat.Matrix, opts ...MatrixOptions) (*Figure, error) {
	const op = "Matrix"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := checkSize(op, o.Width, o.Height); err != nil {
		return nil, err
	}
	if err := o.Palette.check(op); err != nil {
		return nil, err
	}
	values, rows, cols, err := entries(op, m)
	if err != nil {
		return nil, err
	}
	lo, hi := finiteRange(values)
	if autoLo, autoHi := o.Limits.auto(); lo > hi && (autoLo || autoHi) {
		return nil, invalid(op, "m", "check the computation that made it, or set Limits to draw it all grey",
			"is NaN everywhere; there is nothing to draw")
	}
	limits, err := o.Limits.resolve(op, lo, hi, o.Palette.Diverging())
	if err != nil {
		return nil, err
	}
	pic, err := o.picture(op, rows, cols)
	if err != nil {
		return nil, err
	}
	p := newPlot()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = o.Title, o.XLabel, o.YLabel
	p.Add(&cellPlotter{pic: pic, img: pic.paint(values, limits, o.Palette)})
	p.X.Tick.Marker = autoTicks{whole: o.XRange == Limits{}}
	p.Y.Tick.Marker = autoTicks{whole: o.YRange == Limits{}}
	if pic.y[0] > pic.y[1] {
		p.Y.Scale = gonumplot.InvertedScale{Normalizer: p.Y.Scale}
	}
	pn := &panel{plot: p}
	if o.Free {
		pn.slope = 0.75
	}
	if !o.NoColorBar {
		pn.bar = barFor(values, limits, FieldOptions{Palette: o.Palette, Label: o.Label})
	}
	return newFigure(pn, o.Width, o.Height), nil
}

// entries returns the entries of a matrix row by row.
func entries(op string, m mat.Matrix) (values []float64, rows, cols int, err error) {
	const fix = "make one with mat.NewDense of gonum.org/v1/gonum/mat"
	if m == nil {
		return nil, 0, 0, invalid(op, "m", fix, "is nil")
	}
	if err := safely(op, func() { // the methods of a nil *mat.Dense panic
		rows, cols = m.Dims()
		values = make([]float64, 0, rows*cols)
		for i := range rows {
			for j := range cols {
				values = append(values, m.At(i, j))
			}
		}
	}); err != nil {
		return nil, 0, 0, invalid(op, "m", fix, "cannot be read: %v", err)
	}
	if len(values) == 0 {
		return nil, 0, 0, invalid(op, "m", fix, "has %d rows and %d columns", rows, cols)
	}
	if i := firstInf(values); i >= 0 {
		return nil, 0, 0, invalid(op, "m", "replace it by NaN to draw the entry as missing",
			"is %v at row %d, column %d; entries must be finite or NaN", values[i], i/cols, i%cols)
	}
	return values, rows, cols, nil
}

// picture returns a picture that shows entry i in cell i.
func (o MatrixOptions) picture(op string, rows, cols int) (*picture, error) {
	pic := &picture{nx: cols, ny: rows, bin: make([]int32, rows*cols)}
	for i := range pic.bin {
		pic.bin[i] = int32(i)
		if o.Upwards {
			pic.bin[i] = int32((rows-1-i/cols)*cols + i%cols)
		}
	}
	for _, axis := range []struct {
		given Limits
		n     int
		to    *[2]float64
	}{{o.XRange, cols, &pic.x}, {o.YRange, rows, &pic.y}} {
		*axis.to = [2]float64{-0.5, float64(axis.n) - 0.5}
		if (axis.given == Limits{}) {
			continue
		}
		if err := axis.given.check(op); err != nil {
			return nil, err
		}
		*axis.to = [2]float64{axis.given.Min, axis.given.Max}
	}
	if !o.Upwards && (o.YRange == Limits{}) { // row numbers increase downwards
		pic.y[0], pic.y[1] = pic.y[1], pic.y[0]
	}
	return pic, nil
}

package plot

import (
	"fmt"

	"gonum.org/v1/plot/vg"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// PanelsOptions are the options of [Panels].
type PanelsOptions struct {
	Title   string // above all panels
	Columns int    // 0: chosen

	Width, Height vg.Length // of the whole; 0 is chosen
}

const maxPanels = 100

// Panels puts figures side by side and row by row into one. Panels have the
// same scale of length on paper where their shapes allow. If the colour bars
// of all are equal (limits, palette and label), one stands for all: see
// [SharedLimits].
//
// The panels are those of the given figures, which stay as they are but share
// their plots with the new figure. No figure, a nil one, more than 100 panels
// and a number of columns below zero are each an ErrInvalid.
func Panels(figures []*Figure, opts ...PanelsOptions) (*Figure, error) {
	const op = "Panels"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := checkSize(op, o.Width, o.Height); err != nil {
		return nil, err
	}
	if o.Columns < 0 {
		return nil, invalid(op, "Columns", "leave it 0, or give a number of columns", "is %d; it must be above 0, or 0 to be chosen", o.Columns)
	}
	f := &Figure{title: o.Title, width: o.Width, height: o.Height}
	for i, fig := range figures {
		if fig.made(op) != nil {
			return nil, invalid(op, "figures", "check the error of the function that made it", "is nil or empty at index %d", i)
		}
		f.panels = append(f.panels, fig.panels...)
	}
	if len(f.panels) == 0 {
		return nil, invalid(op, "figures", "pass at least one figure", "is empty")
	}
	if len(f.panels) > maxPanels {
		return nil, invalid(op, "figures", "divide them among several figures", "have %d panels; at most %d fit", len(f.panels), maxPanels)
	}
	f.cols = min(o.Columns, len(f.panels))
	if o.Columns == 0 {
		f.cols = columnsFor(len(f.panels))
	}
	return f, nil
}

// FieldsOptions are the options of [Fields].
type FieldsOptions struct {
	Titles  []string // one per field, above each; nil: none
	Columns int      // 0: chosen

	// Separate gives every field a scale of its own, from its own range.
	Separate bool

	// Field holds what each field is drawn with. Its Title stands above all,
	// its Width and Height are those of the whole figure.
	Field FieldOptions
}

// Fields draws several 1-D or 2-D fields on one environment as panels with one
// colour scale and one colour bar.
//
//	fields: one value per bin in each, [k][NumBins()]
//
// Errors are those of [Field]; the message says which field. No field at all
// is an ErrInvalid, titles that are not one per field an ErrShape.
func Fields(env *ns.Environment, fields [][]float64, opts ...FieldsOptions) (*Figure, error) {
	const op = "Fields"
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, err
	}
	if err := checkEnvironment(op, env); err != nil {
		return nil, err
	}
	switch {
	case len(fields) == 0:
		return nil, invalid(op, "fields", "pass at least one field", "is empty")
	case o.Titles != nil && len(o.Titles) != len(fields):
		return nil, shape(op, "Titles", "pass one title per field", "has %d titles for %d fields", len(o.Titles), len(fields))
	case env.NumDims() > 2:
		return nil, &Error{Op: op, Arg: "env", Kind: ns.ErrUnsupported, Fix: "draw each with Field, which shows layers along z",
			What: fmt.Sprintf("has %d dimensions; several fields can be drawn in one or two", env.NumDims())}
	}
	for k, field := range fields {
		if err := checkField(op, fmt.Sprintf("field %d", k), env, field); err != nil {
			return nil, err
		}
	}
	each := o.Field
	each.Title, each.Width, each.Height = "", 0, 0
	if !o.Separate {
		if each.Limits, err = sharedLimits(op, fields, each); err != nil {
			return nil, err
		}
	}
	figures := make([]*Figure, len(fields))
	for k, field := range fields {
		if o.Titles != nil {
			each.Title = o.Titles[k]
		}
		if figures[k], err = drawField(op, fmt.Sprintf("field %d", k), env, field, each); err != nil {
			return nil, err
		}
	}
	f, err := Panels(figures, PanelsOptions{Title: o.Field.Title, Columns: o.Columns, Width: o.Field.Width, Height: o.Field.Height})
	if err != nil {
		return nil, err
	}
	for i := range f.panels {
		f.labelOuter(i, len(f.panels))
	}
	return f, nil
}

// sharedLimits returns the limits of several fields together.
func sharedLimits(op string, fields [][]float64, o FieldOptions) (Limits, error) {
	autoLo, autoHi := o.Limits.auto()
	if !autoLo && !autoHi {
		return o.Limits, o.Limits.check(op)
	}
	l, err := SharedLimits(fields...)
	if err != nil {
		return Limits{}, err
	}
	return o.Limits.resolve(op, l.Min, l.Max, o.Palette.Diverging())
}

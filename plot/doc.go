// Package plot draws environments, fields, paths and spikes as figures for
// notebooks and papers.
//
// Each function returns a [Figure], which a notebook shows as it is, a program
// writes with [Figure.Save], and [Figure.Plot] opens to every setting of
// gonum.org/v1/plot:
//
//	fig, err := plot.Field(env, rate, plot.FieldOptions{Label: "rate (Hz)"})
//	err = fig.AddPoints(spikes)
//	err = fig.Save("cell7.pdf")
//
// # What a figure promises
//
// Space is not distorted: one unit of x is drawn as long as one unit of y,
// unless a map is more than 50 times as long as it is wide.
// Bins of a grid are drawn as crisp cells, never interpolated. Bins that are
// not active are transparent; bins whose value is NaN are grey (#c4c4c4),
// and a grey square beside the colour bar says so. Values beyond the limits of
// a colour scale take its end colour, and the colour bar ends in a point there.
// The palettes are perceptually uniform and readable with colour-blindness.
//
// Where bins are smaller than the dots of a bitmap, each dot takes the mean of
// their colours.
//
// # Sizes
//
// Lengths on paper are of type vg.Length; multiply by [Centimeter], [Point] or
// [Pixel]. A pixel is that of a web page, 1/96 inch; bitmaps have two dots for
// each. A figure chooses its height from its data unless it is told.
//
// # Errors
//
// Every function that is given wrong data returns an [*Error] that tells what
// was wrong, and wraps one of the kinds of package neurospatial (ErrShape,
// ErrInvalid, ErrUnsupported).
//
// A Figure belongs to one goroutine at a time.
package plot

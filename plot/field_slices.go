package plot

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	ns "github.com/nskernel/nskernel/neurospatial"
)

const maxSlices = 16 // shown when nobody chooses

// fieldSlices draws a 3-D field as layers along z.
func fieldSlices(op string, env *ns.Environment, field []float64, limits Limits, o FieldOptions) (*Figure, error) {
	shape, edges := env.GridShape(), env.GridEdges()
	if shape == nil || !even(edges[0]) || !even(edges[1]) {
		return nil, &Error{Op: op, Arg: "env", Kind: ns.ErrUnsupported,
			What: fmt.Sprintf("has 3 dimensions and the layout %s; layers along z need a grid with even cells", env.LayoutKind()),
			Fix:  "interpolate the field onto a grid made by ns.FromSamples, or draw a 2-D projection"}
	}
	layers, err := chooseSlices(op, o.Slices, shape[2])
	if err != nil {
		return nil, err
	}
	at := gridBins(env)
	f := &Figure{title: o.Title, width: o.Width, height: o.Height, cols: columnsFor(len(layers))}
	for i, k := range layers {
		pic := slicePicture(shape, edges, at, k)
		p := mapPanel(pic, pic.paint(field, limits, o.Palette), env.Units(), o.HideAxes)
		p.plot.Title.Text = layerTitle(edges[2], k, env.Units())
		if !o.NoColorBar {
			p.bar = barFor(field, limits, o)
		}
		f.panels = append(f.panels, p)
		f.labelOuter(i, len(layers))
	}
	return f, nil
}

// layerTitle returns the height of a layer, to a hundredth of its thickness.
func layerTitle(edges []float64, k int, units string) string {
	unit := math.Pow(10, math.Floor(math.Log10(edges[k+1]-edges[k]))-1)
	decimals := max(0, -int(math.Round(math.Log10(unit))))
	z := math.Round((edges[k]+edges[k+1])/2/unit)*unit + 0 // + 0: no negative zero
	digits := strconv.FormatFloat(z, 'f', decimals, 64)
	if decimals > 0 {
		digits = strings.TrimRight(strings.TrimRight(digits, "0"), ".")
	}
	title := "z = " + strings.Replace(digits, "-", "−", 1)
	if units != "" {
		title += " " + units
	}
	return title
}

// chooseSlices returns the layers to draw.
func chooseSlices(op string, want []int, nz int) ([]int, error) {
	if want == nil {
		n := min(nz, maxSlices)
		layers := make([]int, n)
		for i := range layers {
			layers[i] = (2*i + 1) * nz / (2 * n)
		}
		return layers, nil
	}
	if len(want) == 0 {
		return nil, invalid(op, "Slices", "leave Slices nil to show all layers", "is empty")
	}
	for _, k := range want {
		if k < 0 || k >= nz {
			return nil, invalid(op, "Slices", "count the layers from 0, or leave Slices nil to show all", "asks for layer %d; the field has layers 0 to %d", k, nz-1)
		}
	}
	return want, nil
}

// columnsFor returns how many columns suit n panels.
func columnsFor(n int) int {
	switch {
	case n <= 3:
		return max(n, 1)
	case n == 4:
		return 2
	case n <= 9:
		return 3
	}
	return 4
}

// labelOuter removes the labels of axes that a panel to the left or below says
// already.
func (f *Figure) labelOuter(i, n int) {
	p := f.panels[i].plot
	if i%f.cols != 0 {
		p.Y.Label.Text = ""
	}
	if i+f.cols < n {
		p.X.Label.Text = ""
	}
}

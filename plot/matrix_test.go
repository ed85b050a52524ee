package plot

import (
	"image/color"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
)

func TestMatrixOrientation(t *testing.T) {
	m := mat.NewDense(2, 3, []float64{0, 1, 2, 3, 4, 5})
	for _, tt := range []struct {
		name          string
		o             MatrixOptions
		row0, row1    float64 // y of the rows
		left, right   float64 // x of the first and last column
		higherIsFirst bool    // row 0 is drawn above row 1
	}{
		{"as written", MatrixOptions{}, 0, 1, 0, 2, true},
		{"upwards", MatrixOptions{Upwards: true}, 0, 1, 0, 2, false},
		{"ranges", MatrixOptions{XRange: Limits{-3, 3}, YRange: Limits{10, 14}}, 13, 11, -2, 2, true},
		{"ranges upwards", MatrixOptions{XRange: Limits{-3, 3}, YRange: Limits{10, 14}, Upwards: true}, 11, 13, -2, 2, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := must(Matrix(m, tt.o))
			at := pixels(t, f)
			colors := cellPalette(PaletteViridis)
			for _, e := range []struct{ x, y, value float64 }{
				{tt.left, tt.row0, 0}, {tt.right, tt.row0, 2}, {tt.left, tt.row1, 3}, {tt.right, tt.row1, 5},
			} {
				want := colors[cellIndex(e.value, Limits{0, 5})]
				if got := at(e.x, e.y); got != want {
					t.Errorf("at %v, %v: %v, want %v", e.x, e.y, got, want)
				}
			}
			y := f.Plot().Y
			if above := y.Norm(tt.row0) > y.Norm(tt.row1); above != tt.higherIsFirst {
				t.Errorf("row 0 above row 1: %v", above)
			}
		})
	}
}

// Rows and columns have whole numbers.
func TestMatrixTicks(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7, 50, 1000} {
		texts, _ := recorded(must(Matrix(mat.NewDense(n, n, nil), MatrixOptions{NoColorBar: true})))
		if len(texts) < 2 {
			t.Errorf("%d rows: texts %q", n, texts)
		}
		for _, s := range texts {
			if slices.Contains([]rune(s), '.') {
				t.Errorf("%d rows: a tick at %s", n, s)
			}
		}
	}
}

func TestMatrixFree(t *testing.T) {
	m := mat.NewDense(2, 40, nil)
	size := func(o MatrixOptions) vg.Point { return must(Matrix(m, o)).arrange().areas[0].Size() }
	if s := size(MatrixOptions{}); math.Abs(float64(s.X/s.Y)-20) > 1e-6 {
		t.Errorf("cells are not square: %v", s)
	}
	if s := size(MatrixOptions{Free: true}); s.X/s.Y > 2 {
		t.Errorf("a free matrix keeps its shape: %v", s)
	}
}

// roseLines returns the curves of a polar figure on a circle of radius 1.
func roseLines(t *testing.T, d *rose) [][]vg.Point {
	t.Helper()
	var c recorder.Canvas
	p := newPlot()
	p.Add(d)
	// A canvas far larger than the text around it.
	d.Plot(draw.Canvas{Canvas: &c, Rectangle: vg.Rectangle{Min: vg.Point{X: -100, Y: -100}, Max: vg.Point{X: 100, Y: 100}}}, p)
	var lines [][]vg.Point
	var now color.Color
	for _, action := range c.Actions {
		switch action := action.(type) {
		case *recorder.SetColor:
			now = action.Color
		case *recorder.Stroke:
			if now != d.color {
				continue
			}
			var line []vg.Point
			for _, comp := range action.Path {
				line = append(line, comp.Pos.Scale(0.01))
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func TestPolarGeometry(t *testing.T) {
	nan := math.NaN()
	angles := []float64{0, math.Pi / 2, math.Pi, 3 * math.Pi / 2}
	near := func(a, b []vg.Point) bool {
		return slices.EqualFunc(a, b, func(p, q vg.Point) bool {
			return math.Abs(float64(p.X-q.X))+math.Abs(float64(p.Y-q.Y)) < 1e-6
		})
	}
	east, north, west, south := vg.Point{X: 0.5}, vg.Point{Y: 1}, vg.Point{X: -0.25}, vg.Point{Y: -1}
	for _, tt := range []struct {
		name   string
		values []float64
		closed bool
		want   [][]vg.Point
	}{
		{"closed, cut off at the circle", []float64{5, 10, 2.5, 30}, true, [][]vg.Point{{east, north, west, south, east, north}}},
		{"open", []float64{5, 10, 2.5, 30}, false, [][]vg.Point{{east, north, west, south}}},
		{"a gap", []float64{5, nan, 2.5, 30}, true, [][]vg.Point{{east}, {west, south, east}}},
	} {
		d := &rose{angles: angles, values: tt.values, closed: tt.closed, color: color.RGBA{R: 1, A: 255}, max: 10}
		got := roseLines(t, d)
		got = slices.DeleteFunc(got, func(l []vg.Point) bool { return len(l) == 0 })
		want := slices.DeleteFunc(slices.Clone(tt.want), func(l []vg.Point) bool { return len(l) < 2 })
		got = slices.DeleteFunc(got, func(l []vg.Point) bool { return len(l) < 2 })
		if !slices.EqualFunc(got, want, near) {
			t.Errorf("%s: %v, want %v", tt.name, got, want)
		}
	}
}

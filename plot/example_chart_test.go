package plot_test

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"github.com/nskernel/nskernel/plot"
)

// How often an animal goes from one arm of a maze to another.
func ExampleMatrix() {
	transitions := mat.NewDense(4, 4, []float64{
		0, 12, 5, 2,
		9, 0, 14, 3,
		4, 11, 0, 8,
		math.NaN(), 2, 7, 0,
	})
	fig, err := plot.Matrix(transitions, plot.MatrixOptions{
		XLabel: "to arm", YLabel: "from arm", Label: "transitions", Palette: plot.PaletteCividis, Width: 6 * plot.Centimeter,
	})
	check(err)
	check(fig.Save("testdata/matrix.png"))
}

// A correlogram, whose coordinates are lags.
func ExampleMatrix_ranges() {
	lags := mat.NewDense(61, 81, nil)
	lags.Apply(func(i, j int, _ float64) float64 {
		x, y := float64(j-40)/6, float64(i-30)/6
		return (math.Cos(x) + math.Cos(x/2+y*0.87) + math.Cos(x/2-y*0.87)) / 3 * math.Exp(-(x*x+y*y)/60)
	}, lags)
	fig, err := plot.Matrix(lags, plot.MatrixOptions{
		XLabel: "lag in x (cm)", YLabel: "lag in y (cm)", Label: "correlation", Palette: plot.PaletteBlueRed,
		XRange: plot.Limits{Min: -81, Max: 81}, YRange: plot.Limits{Min: -61, Max: 61}, Upwards: true,
		Width: 8 * plot.Centimeter,
	})
	check(err)
	check(fig.Save("testdata/matrix_ranges.png"))
}

// The tuning of a cell to the direction of the head.
func ExamplePolar() {
	var angles, rate []float64
	for deg := 0; deg < 360; deg += 6 {
		a := float64(deg) * math.Pi / 180
		angles, rate = append(angles, a), append(rate, 1.5+16*math.Exp(4*(math.Cos(a-2.1)-1)))
	}
	fig, err := plot.Polar(angles, rate, plot.PolarOptions{Title: "Head direction", Label: "rate (Hz)", Max: 20, Width: 6 * plot.Centimeter})
	check(err)
	check(fig.Save("testdata/polar.png"))
}

func ExampleLines() {
	var x, mean, low, high, model []float64
	for i := range 101 {
		t := float64(i) / 10
		m := 6 + 4*math.Sin(t)*math.Exp(-t/6)
		x, mean = append(x, t), append(mean, m)
		low, high = append(low, m-0.6-0.05*t), append(high, m+0.6+0.05*t)
		model = append(model, 6+3.6*math.Sin(t-0.1)*math.Exp(-t/5))
	}
	mean[70] = math.NaN() // a gap
	fig, err := plot.Lines([]plot.Series{
		{X: x, Y: mean, Low: low, High: high, Label: "mean ± s.e.m."},
		{X: x, Y: model, Label: "model", Dashed: true},
	}, plot.LinesOptions{XLabel: "time (s)", YLabel: "rate (Hz)", Width: 8 * plot.Centimeter})
	check(err)
	check(fig.Save("testdata/lines.png"))
}

func ExampleHistogram() {
	random := rand.New(rand.NewPCG(3, 5))
	speed := make([]float64, 4000)
	for i := range speed {
		speed[i] = 8 * math.Hypot(random.NormFloat64(), random.NormFloat64())
	}
	fig, err := plot.Histogram(speed, plot.HistogramOptions{XLabel: "speed (cm/s)", Width: 8 * plot.Centimeter})
	check(err)
	check(fig.Save("testdata/histogram.png"))
}

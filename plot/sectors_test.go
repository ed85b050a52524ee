package plot

import (
	"math"
	"testing"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// TestPolarIsDrawnInThePlane: each bin of a polar environment is drawn where
// the animal would see it, not in a rectangle of distance and angle.
func TestPolarIsDrawnInThePlane(t *testing.T) {
	env, err := ns.FromPolarEgocentric([2]float64{10, 50}, 10, [2]float64{-math.Pi, math.Pi}, math.Pi/6)
	if err != nil {
		t.Fatal(err)
	}
	pic, err := pictureOf(env)
	if err != nil {
		t.Fatal(err)
	}
	at := func(x, y float64) int {
		ix := int((x - pic.x[0]) / (pic.x[1] - pic.x[0]) * float64(pic.nx))
		iy := int((pic.y[1] - y) / (pic.y[1] - pic.y[0]) * float64(pic.ny))
		return int(pic.bin[iy*pic.nx+ix])
	}
	centers, drawn := env.BinCenters(), planeCenters(env)
	for i := range env.NumBins() {
		y, x := math.Sincos(centers.At(i, 1))
		x, y = x*centers.At(i, 0), y*centers.At(i, 0)
		if got := at(x, y); got != i {
			t.Errorf("bin %d is drawn at (%.1f, %.1f), where the picture shows %d", i, x, y, got)
		}
		if math.Hypot(drawn.At(i, 0)-x, drawn.At(i, 1)-y) > 1e-9 {
			t.Errorf("the centre of bin %d is drawn at %v", i, drawn.Row(i))
		}
	}
	if got := at(1, 1); got != ns.Outside {
		t.Errorf("within the innermost ring the picture shows bin %d", got)
	}
}

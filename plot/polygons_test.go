package plot

import (
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func hexagons(t testing.TB) *ns.Environment {
	t.Helper()
	layout, err := ns.NewHexagons(4, [][2]float64{{0, 21}, {0, 17}})
	if err != nil {
		t.Fatal(err)
	}
	return must(ns.FromLayout(layout))
}

// Every dot shows the bin that contains its centre.
func TestPolygonPicture(t *testing.T) {
	env := hexagons(t)
	p := must(pictureOf(env))
	var flat []float64
	for i := range p.bin {
		flat = append(flat,
			p.x[0]+(float64(i%p.nx)+0.5)*(p.x[1]-p.x[0])/float64(p.nx),
			p.y[1]-(float64(i/p.nx)+0.5)*(p.y[1]-p.y[0])/float64(p.ny))
	}
	bins := must(env.BinAt(must(ns.PointsOfFlat(2, flat))))
	wrong, drawn := 0, map[int32]bool{}
	for i, b := range bins {
		drawn[p.bin[i]] = true
		if b != ns.Outside && p.bin[i] != int32(b) { // BinAt leaves out some that lie in a polygon
			wrong++
		}
	}
	if limit := len(bins) / 1000; wrong > limit { // those on a border may fall to either side
		t.Errorf("%d of %d dots show another bin", wrong, len(bins))
	}
	for bin := range env.NumBins() {
		if !drawn[int32(bin)] {
			t.Errorf("bin %d is not drawn", bin)
		}
	}
	if !drawn[ns.Outside] {
		t.Error("no dot is outside: the corners of the picture are")
	}
}

func TestFillConcave(t *testing.T) {
	// A U of 5 × 3 with a gap of 1 × 2.
	u := must(ns.XY([]float64{0, 5, 5, 3, 3, 2, 2, 0}, []float64{0, 0, 3, 3, 1, 1, 3, 3}))
	p := newPicture(5, 3, []float64{0, 5}, []float64{0, 3})
	for i := range p.bin {
		p.bin[i] = ns.Outside
	}
	p.fill(u, 7)
	for i, b := range p.bin {
		want := int32(7)
		if i == 2 || i == 7 {
			want = ns.Outside
		}
		if b != want {
			t.Errorf("cell %d shows %d, want %d: %v", i, b, want, p.bin)
			break
		}
	}
}

// Borders are drawn while bins are larger than they, each bin closed.
func TestPolygonBorders(t *testing.T) {
	corners := binCorners(hexagons(t))
	p := newPlot()
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 21, 0, 17
	count := func(size vg.Length) (closed int) {
		var c recorder.Canvas
		(&polygonPlotter{corners}).Plot(draw.Canvas{Canvas: &c, Rectangle: vg.Rectangle{Max: vg.Point{X: size, Y: size}}}, p)
		for _, action := range c.Actions {
			if s, ok := action.(*recorder.Stroke); ok {
				for _, comp := range s.Path {
					if comp.Type == vg.CloseComp {
						closed++
					}
				}
			}
		}
		return closed
	}
	if got := count(200); got != len(corners) {
		t.Errorf("%d borders of %d bins", got, len(corners))
	}
	if got := count(4); got != 0 {
		t.Errorf("%d borders of bins that they would cover", got)
	}
}

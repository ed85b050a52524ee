package plot_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"runtime"
	"testing"

	"gonum.org/v1/plot/cmpimg"
)

// TestGolden compares the figures of the examples with testdata/*_golden.png.
// After a change that is meant, go test -run TestGolden -regen writes them anew.
func TestGolden(t *testing.T) {
	for _, tt := range []struct {
		file    string
		example func()
	}{
		{"field.png", ExampleField},
		{"field_limits.png", ExampleField_limits},
		{"field_difference.png", ExampleField_difference},
		{"field_line.png", ExampleField_line},
		{"field_layers.png", ExampleField_layers},
		{"field_track.png", ExampleField_track},
		{"field_unrolled.png", ExampleField_unrolled},
		{"environment_track.png", ExampleEnvironment_track},
		{"field_hexagons.png", ExampleField_hexagons},
		{"environment_hexagons.png", ExampleEnvironment_hexagons},
		{"fields.png", ExampleFields},
		{"occupancy.png", ExampleOccupancy},
		{"trajectory.png", ExampleTrajectory},
		{"points.png", ExampleFigure_AddPoints},
		{"add_trajectory.png", ExampleFigure_AddTrajectory},
		{"environment.png", ExampleEnvironment},
		{"panels.png", ExamplePanels},
		{"outline.png", ExampleFigure_AddOutline},
		{"regions.png", ExampleFigure_AddRegions},
		{"plotter.png", ExampleFieldPlotter},
		{"matrix.png", ExampleMatrix},
		{"matrix_ranges.png", ExampleMatrix_ranges},
		{"polar.png", ExamplePolar},
		{"lines.png", ExampleLines},
		{"histogram.png", ExampleHistogram},
		{"arrows.png", ExampleFigure_AddArrows},
		{"gradient.png", ExampleFigure_AddGradient},
		{"plot.png", ExampleFigure_Plot},
	} {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel() // figures do not share anything that is written
			cmpimg.CheckPlotApprox(tt.example, t, tolerance(), tt.file)
		})
	}
}

// tolerance is none on the architecture that made the images. Others may round
// a product and a sum at once, which moves the grey of an edge by a step.
func tolerance() float64 {
	if runtime.GOARCH == "amd64" {
		return 0
	}
	return 0.1
}

// TestGoldenSeesOnePixel proves that the comparison can fail.
func TestGoldenSeesOnePixel(t *testing.T) {
	golden, err := os.ReadFile("testdata/field_golden.png")
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(golden))
	if err != nil {
		t.Fatal(err)
	}
	rgba, ok := img.(*image.RGBA)
	if !ok {
		t.Fatalf("golden image is %T", img)
	}
	rgba.Pix[rgba.PixOffset(100, 100)]++
	var buf bytes.Buffer
	if err := png.Encode(&buf, rgba); err != nil {
		t.Fatal(err)
	}
	if same, err := cmpimg.Equal("png", golden, buf.Bytes()); same || err != nil {
		t.Fatalf("one pixel off by 1: equal %v, %v; want a difference", same, err)
	}
}

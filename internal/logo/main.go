// Command logo draws the kernel's logos: a place field on a hexagonal grid.
//
//	go run ./internal/logo install/assets
package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// point is a place on the unit square, y downwards.
type point struct{ x, y float64 }

const (
	pitch   = 0.196 // between the centres of neighbouring hexagons
	radius  = 0.105 // of a hexagon, centre to corner
	samples = 8     // per pixel and axis
)

// peak of the place field: the centre of one hexagon.
var peak = point{0.5 + pitch/2, 0.5 - pitch*math.Sqrt(3)/2}

// scale is a subset of viridis, from silent to the peak rate.
var scale = []color.NRGBA{
	{0x44, 0x24, 0x72, 255}, {0x39, 0x56, 0x8c, 255}, {0x1f, 0x96, 0x8b, 255},
	{0x55, 0xc6, 0x67, 255}, {0xfd, 0xe7, 0x25, 255},
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: logo DIRECTORY")
		os.Exit(2)
	}
	files, err := draw()
	for name, data := range files {
		if err == nil {
			err = os.WriteFile(filepath.Join(os.Args[1], name), data, 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// draw returns the files that Jupyter looks for beside kernel.json.
func draw() (map[string][]byte, error) {
	files := map[string][]byte{"logo-svg.svg": svg()}
	for _, size := range []int{32, 64} {
		var b bytes.Buffer
		if err := png.Encode(&b, raster(size)); err != nil {
			return nil, err
		}
		files[fmt.Sprintf("logo-%dx%d.png", size, size)] = b.Bytes()
	}
	return files, nil
}

var hexagons = centres()

// centres are those of 19 hexagons around the middle.
func centres() (cs []point) {
	for row := -2; row <= 2; row++ {
		n := 5 - abs(row)
		for i := range n {
			cs = append(cs, point{
				0.5 + (float64(i)-float64(n-1)/2)*pitch,
				0.5 + float64(row)*pitch*math.Sqrt(3)/2,
			})
		}
	}
	return cs
}

func abs(n int) int { return max(n, -n) }

// rate is the height of the field, 0 to 1.
func rate(p point) float64 {
	d := math.Hypot(p.x-peak.x, p.y-peak.y)
	return math.Exp(-d * d / (2 * 0.21 * 0.21))
}

// shade is the colour of a rate.
func shade(r float64) color.NRGBA {
	at := r * float64(len(scale)-1)
	i := min(int(at), len(scale)-2)
	f := at - float64(i)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a)*(1-f) + float64(b)*f)) }
	a, b := scale[i], scale[i+1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// inHexagon reports whether p is inside the hexagon around c, a corner on top.
func inHexagon(p, c point) bool {
	dx, dy := math.Abs(p.x-c.x), math.Abs(p.y-c.y)
	inner := radius * math.Sqrt(3) / 2
	return dx <= inner && dx/math.Sqrt(3)+dy <= radius
}

// at is the colour of one point; transparent outside.
func at(p point) color.NRGBA {
	for _, c := range hexagons {
		if inHexagon(p, c) {
			return shade(rate(c))
		}
	}
	return color.NRGBA{}
}

// raster draws with samples² points per pixel.
func raster(size int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			img.SetNRGBA(x, y, average(x, y, size))
		}
	}
	return img
}

func average(x, y, size int) color.NRGBA {
	var r, g, b, a int
	for i := range samples * samples {
		p := point{
			(float64(x) + (float64(i%samples)+0.5)/samples) / float64(size),
			(float64(y) + (float64(i/samples)+0.5)/samples) / float64(size),
		}
		c := at(p)
		if c.A != 0 {
			r, g, b, a = r+int(c.R), g+int(c.G), b+int(c.B), a+1
		}
	}
	if a == 0 {
		return color.NRGBA{}
	}
	return color.NRGBA{uint8(r / a), uint8(g / a), uint8(b / a), uint8(a * 255 / (samples * samples))}
}

// svg draws the same in units of 1/100.
func svg() []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">`)
	for _, c := range hexagons {
		var corners []string
		for k := range 6 {
			sin, cos := math.Sincos(math.Pi/6 + float64(k)*math.Pi/3)
			corners = append(corners, fmt.Sprintf("%.2f,%.2f", 100*(c.x+radius*cos), 100*(c.y+radius*sin)))
		}
		s := shade(rate(c))
		fmt.Fprintf(&b, "  <polygon points=%q fill=\"#%02x%02x%02x\"/>\n", strings.Join(corners, " "), s.R, s.G, s.B)
	}
	fmt.Fprintln(&b, "</svg>")
	return b.Bytes()
}

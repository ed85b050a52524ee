package plot

import (
	"bytes"
	"compress/zlib"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

var testColors = color.Palette{
	color.RGBA{}, color.RGBA{R: 200, A: 255}, color.RGBA{G: 100, A: 255}, color.RGBA{B: 50, A: 255},
}

func cells(w, h int, index ...uint8) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, w, h), testColors)
	copy(img.Pix, index)
	return img
}

func white(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	return img
}

func TestBlitHardEdges(t *testing.T) {
	dst := white(10, 10)
	blit(dst, image.Rect(1, 2, 8, 6), cells(2, 2, 1, 0, 2, 3))
	for y := range 10 {
		for x := range 10 {
			want := color.RGBA{255, 255, 255, 255}
			if x >= 1 && x < 8 && y >= 2 && y < 6 {
				// Seven pixels for two cells: the fourth has its centre in the second.
				switch i := []uint8{1, 0, 2, 3}[(y-2)/2*2+(2*(x-1)+1)*2/14]; i {
				case 0:
				default:
					want = testColors[i].(color.RGBA)
				}
			}
			if got := dst.RGBAAt(x, y); got != want {
				t.Fatalf("pixel %d,%d is %v, want %v", x, y, got, want)
			}
		}
	}
}

func TestBlitAverages(t *testing.T) {
	dst := white(2, 1)
	blit(dst, image.Rect(0, 0, 2, 1), cells(4, 2, 1, 2, 0, 0, 3, 1, 0, 3))
	if got, want := dst.RGBAAt(0, 0), (color.RGBA{(200 + 200) / 4, 100 / 4, 50 / 4, 255}); got != want {
		t.Errorf("mean of four cells is %v, want %v", got, want)
	}
	if got, want := dst.RGBAAt(1, 0), (color.RGBA{191, 191, 203, 255}); got != want {
		t.Errorf("one blue cell of four over white is %v, want %v", got, want)
	}
}

func TestBlitClips(t *testing.T) {
	for _, r := range []image.Rectangle{image.Rect(-5, -5, 20, 20), image.Rect(-3, 1, 1, 40), image.Rect(50, 50, 60, 60), {}} {
		for _, src := range []*image.Paletted{cells(1, 1, 1), cells(30, 30)} {
			blit(white(4, 4), r, src) // must not write outside
		}
	}
	dst := white(4, 4)
	blit(dst, image.Rect(-4, 0, 4, 4), cells(2, 1, 1, 2))
	if got := dst.RGBAAt(0, 0); got != testColors[2] {
		t.Errorf("the second cell begins at 0: %v", got)
	}
}

func TestEnlarged(t *testing.T) {
	got := enlarged(cells(2, 1, 1, 2), 3)
	if got.Rect.Dx() != 6 || got.Rect.Dy() != 3 || got.ColorIndexAt(2, 2) != 1 || got.ColorIndexAt(3, 0) != 2 {
		t.Errorf("%v %v", got.Rect, got.Pix)
	}
}

// A moved canvas falls back to a picture drawn by gonum, at the moved place.
func TestBitmapCanvasMoved(t *testing.T) {
	c := newBitmapCanvas(72, 72, 72)
	c.Push()
	c.Translate(vg.Point{X: 36})
	drawCells(draw.Canvas{Canvas: draw.New(c)}, vg.Rectangle{Max: vg.Point{X: 36, Y: 72}}, cells(1, 1, 1))
	c.Pop()
	drawCells(draw.Canvas{Canvas: draw.New(c)}, vg.Rectangle{Max: vg.Point{X: 36, Y: 36}}, cells(1, 1, 2))
	img := c.Image().(*image.RGBA)
	for _, tt := range []struct {
		x, y int
		want color.RGBA
	}{{50, 20, testColors[1].(color.RGBA)}, {10, 60, testColors[2].(color.RGBA)}, {10, 10, color.RGBA{255, 255, 255, 255}}} {
		if got := img.RGBAAt(tt.x, tt.y); got != tt.want {
			t.Errorf("pixel %d,%d is %v, want %v", tt.x, tt.y, got, tt.want)
		}
	}
}

// wellFormed returns the first error of an XML document.
func wellFormed(doc string) error {
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestSVGCanvas(t *testing.T) {
	c := newSVGCanvas(100, 100)
	dc := draw.New(c)
	dc.FillText(textStyle(10), vg.Point{X: 5, Y: 5}, `<b> "xlink:href="data:image/jpg;" & style="font-family:Liberation Sans;"`)
	drawCells(dc, vg.Rectangle{Max: vg.Point{X: 50, Y: 50}}, cells(2, 1, 1, 2))
	dc.DrawImage(vg.Rectangle{Max: vg.Point{X: 50, Y: 50}}, white(2, 2))
	var buf bytes.Buffer
	n, err := c.WriteTo(&buf)
	if err != nil || n != int64(buf.Len()) {
		t.Fatalf("WriteTo = %d, %v; wrote %d", n, err, buf.Len())
	}
	doc := buf.String()
	if err := wellFormed(doc); err != nil {
		t.Fatalf("%v in\n%s", err, doc)
	}
	if got := strings.Count(doc, `xlink:href="data:image/png;base64,`); got != 2 {
		t.Errorf("%d pictures are marked as PNG, want 2", got)
	}
	if got := strings.Count(doc, "image-rendering:pixelated"); got != 1 {
		t.Errorf("%d pictures have hard edges, want 1", got)
	}
	if !strings.Contains(doc, `style="font-family:Liberation Sans,Arial,Helvetica,sans-serif;`) {
		t.Error("text names no fallback font")
	}
	if !strings.Contains(doc, `&#34;xlink:href=&#34;data:image/jpg;&#34; &amp; style=&#34;font-family:Liberation Sans;&#34;`) {
		t.Errorf("text was changed:\n%s", doc)
	}
}

// pdfContent returns the page description of a PDF of one page.
func pdfContent(t *testing.T, file []byte) string {
	t.Helper()
	for _, part := range bytes.Split(file, []byte("stream\n"))[1:] {
		r, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue
		}
		if b, err := io.ReadAll(r); err == nil && bytes.Contains(b, []byte(" cm")) {
			return string(b)
		}
	}
	t.Fatal("PDF has no page description")
	return ""
}

// A picture is upright if the vertical scale of the transformations that hold
// where it is drawn is positive.
func TestPDFPictureUpright(t *testing.T) {
	c := newPDFCanvas(100, 100)
	drawCells(draw.New(c), vg.Rectangle{Min: vg.Point{X: 10, Y: 20}, Max: vg.Point{X: 40, Y: 60}}, cells(1, 2, 1, 2))
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		t.Fatal(err)
	}
	// A transformation without rotation is x·sx + tx, y·sy + ty.
	type matrix struct{ sx, sy, tx, ty float64 }
	now := matrix{1, 1, 0, 0}
	var saved []matrix
	token := regexp.MustCompile(`(?m)([-\d.]+) 0(?:\.0+)? 0(?:\.0+)? ([-\d.]+) ([-\d.]+) ([-\d.]+) cm|\bq\b|\bQ\b|/\S+ Do`)
	drawn := false
	for _, m := range token.FindAllStringSubmatch(pdfContent(t, buf.Bytes()), -1) {
		switch {
		case m[0] == "q":
			saved = append(saved, now)
		case m[0] == "Q":
			now, saved = saved[len(saved)-1], saved[:len(saved)-1]
		case m[1] != "":
			var v [4]float64
			for i := range v {
				v[i], _ = strconv.ParseFloat(m[i+1], 64)
			}
			now = matrix{now.sx * v[0], now.sy * v[1], now.tx + now.sx*v[2], now.ty + now.sy*v[3]}
		default:
			drawn = true
			near := func(a, b float64) bool { return a-b < 0.1 && b-a < 0.1 }
			if !near(now.sx, 30) || !near(now.sy, 40) || !near(now.tx, 10) || !near(now.ty, 20) {
				t.Errorf("picture is drawn at %+v, want 30×40 upright at 10, 20", now)
			}
		}
	}
	if !drawn {
		t.Error("no picture in the page description")
	}
}

// A pale colour is pale and not dark.
func TestPDFOpacity(t *testing.T) {
	c := newPDFCanvas(100, 100)
	c.SetColor(color.NRGBA{R: 255, A: 51})
	c.Fill(vg.Rectangle{Max: vg.Point{X: 50, Y: 50}}.Path())
	c.SetColor(nil)
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		t.Fatal(err)
	}
	if content := pdfContent(t, buf.Bytes()); !strings.Contains(content, "1.000 0.000 0.000 rg") {
		t.Errorf("no pure red in\n%s", content)
	}
	if !bytes.Contains(buf.Bytes(), []byte("/ca 0.200")) {
		t.Error("no opacity of 0.2")
	}
}

func TestWindows1252(t *testing.T) {
	for _, tt := range []struct {
		in, want string
		ok       bool
	}{
		{"rate (Hz)", "rate (Hz)", true},
		{"µm² 20°", "\xb5m\xb2 20\xb0", true},
		{"−5", "\x965", true},
		{"θ phase", "", false},
		{"10⁻⁴", "", false},
	} {
		if got, ok := windows1252(tt.in); got != tt.want || ok != tt.ok {
			t.Errorf("windows1252(%q) = %q, %v, want %q, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

// Letters without a code are drawn as outlines of the same width and height.
func TestTextOutline(t *testing.T) {
	style := textStyle(20)
	face := font.DefaultCache.Lookup(style.Font, style.Font.Size)
	path := textOutline(face, vg.Point{X: 100, Y: 50}, "θH")
	left, right, low, high := vg.Length(1e9), vg.Length(-1e9), vg.Length(1e9), vg.Length(-1e9)
	closed := 0
	for _, c := range path {
		if c.Type == vg.CloseComp {
			closed++
			continue
		}
		left, right = min(left, c.Pos.X), max(right, c.Pos.X)
		low, high = min(low, c.Pos.Y), max(high, c.Pos.Y)
	}
	if closed != 4 { // θ has an outside and two holes, H is one outline
		t.Errorf("%d outlines, want 4", closed)
	}
	if width := face.Width("θH"); left < 100 || right > 100+width || right-left < 0.8*width {
		t.Errorf("letters reach from %v to %v, want 100 to %v", left, right, 100+width)
	}
	if low < 49 || low > 51 || high < 63 || high > 66 {
		t.Errorf("letters reach from %v up to %v, want 50 to about 64.5", low, high)
	}
}

package plot

import (
	"bytes"
	"image"
	"io"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// svgCanvas is a vgsvg canvas whose pictures of cells keep their hard edges
// when a browser enlarges them, and whose text finds a font on every system.
type svgCanvas struct {
	*vgsvg.Canvas
	crisp []bool // of each picture drawn
}

func newSVGCanvas(w, h vg.Length) *svgCanvas { return &svgCanvas{Canvas: vgsvg.New(w, h)} }

func (c *svgCanvas) DrawImage(rect vg.Rectangle, img image.Image) {
	c.crisp = append(c.crisp, false)
	c.Canvas.DrawImage(rect, img)
}

func (c *svgCanvas) drawCells(rect vg.Rectangle, img *image.Paletted) {
	c.crisp = append(c.crisp, true)
	c.Canvas.DrawImage(rect, img)
}

// WriteTo writes the document. Text of a figure is escaped in it, so that the
// marks replaced here, which hold a quote or "<", occur only where vgsvg wrote them.
func (c *svgCanvas) WriteTo(w io.Writer) (int64, error) {
	var raw bytes.Buffer
	if _, err := c.Canvas.WriteTo(&raw); err != nil {
		return 0, err
	}
	doc := raw.String()
	for _, family := range []string{"Liberation Sans", "Liberation Serif", "Liberation Mono"} {
		mark := `style="font-family:` + family
		doc = strings.ReplaceAll(doc, mark+";", mark+svgFallback[family]+";")
	}
	const wrongType, rightType = `xlink:href="data:image/jpg;`, `xlink:href="data:image/png;`
	var out strings.Builder
	for i := 0; ; i++ {
		head, tail, found := strings.Cut(doc, wrongType)
		out.WriteString(head)
		if !found {
			break
		}
		if i < len(c.crisp) && c.crisp[i] {
			out.WriteString(`preserveAspectRatio="none" style="image-rendering:optimizeSpeed;image-rendering:pixelated" `)
		}
		out.WriteString(rightType)
		doc = tail
	}
	n, err := io.WriteString(w, out.String())
	return int64(n), err
}

// svgFallback lists fonts of the same widths as those that figures are set in.
var svgFallback = map[string]string{
	"Liberation Sans":  ",Arial,Helvetica,sans-serif",
	"Liberation Serif": ",Times New Roman,Times,serif",
	"Liberation Mono":  ",Courier New,Courier,monospace",
}

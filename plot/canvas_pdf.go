package plot

import (
	"image"
	"image/color"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// pdfCanvas is a vgpdf canvas that can write every letter its fonts have.
// vgpdf itself writes the bytes of a string as Windows-1252.
type pdfCanvas struct {
	*vgpdf.Canvas
}

func newPDFCanvas(w, h vg.Length) *pdfCanvas { return &pdfCanvas{vgpdf.New(w, h)} }

// SetColor sets a colour that need not be opaque. vgpdf alone takes the values
// of such a colour already multiplied by its opacity and so darkens it.
func (c *pdfCanvas) SetColor(clr color.Color) {
	if clr != nil {
		clr = straight{color.NRGBA64Model.Convert(clr).(color.NRGBA64)}
	}
	c.Canvas.SetColor(clr)
}

// straight is a colour whose values are not multiplied by its opacity, against
// the contract of color.Color.
type straight struct{ c color.NRGBA64 }

func (s straight) RGBA() (r, g, b, a uint32) {
	return uint32(s.c.R), uint32(s.c.G), uint32(s.c.B), uint32(s.c.A)
}

// DrawImage draws img upright. vgpdf alone draws it upside down: it turns the y
// axis of the page over, and pictures with it.
func (c *pdfCanvas) DrawImage(rect vg.Rectangle, img image.Image) {
	c.Push()
	defer c.Pop()
	c.Scale(1, -1)
	rect.Min.Y, rect.Max.Y = -rect.Max.Y, -rect.Min.Y
	c.Canvas.DrawImage(rect, img)
}

// FillString writes text that stays text in the file if it can be encoded,
// else the outlines of its letters.
func (c *pdfCanvas) FillString(face font.Face, pt vg.Point, s string) {
	if encoded, ok := windows1252(s); ok {
		c.Canvas.FillString(face, pt, encoded)
		return
	}
	c.Fill(textOutline(face, pt, s))
}

// windows1252 encodes s; ok is false if a letter has no code. A minus becomes
// an en dash, which looks the same.
func windows1252(s string) (encoded string, ok bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r >= ' ' && r <= '~' || r >= 0xa0 && r <= 0xff:
			b = append(b, byte(r))
		case r == '−' || r == '–':
			b = append(b, 0x96)
		case r == '—':
			b = append(b, 0x97)
		case r == '’':
			b = append(b, 0x92)
		default:
			return "", false
		}
	}
	return string(b), true
}

// textOutline returns the outlines of the letters of s from the baseline at pt.
func textOutline(face font.Face, pt vg.Point, s string) vg.Path {
	var (
		path vg.Path
		buf  sfnt.Buffer
		em   = face.Face.UnitsPerEm()
		ppem = fixed.I(int(em)) // one font unit is one pixel: nothing is rounded
		unit = face.Font.Size / vg.Length(em)
		x    = pt.X
	)
	at := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: x + unit*vg.Length(p.X)/64, Y: pt.Y - unit*vg.Length(p.Y)/64}
	}
	for _, r := range s {
		glyph, err := face.Face.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		segments, err := face.Face.LoadGlyph(&buf, glyph, ppem, nil)
		if err != nil {
			continue
		}
		for i, seg := range segments {
			switch seg.Op {
			case sfnt.SegmentOpMoveTo:
				if i > 0 {
					path.Close()
				}
				path.Move(at(seg.Args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(at(seg.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(at(seg.Args[0]), at(seg.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(at(seg.Args[0]), at(seg.Args[1]), at(seg.Args[2]))
			}
		}
		if len(segments) > 0 {
			path.Close()
		}
		if advance, err := face.Face.GlyphAdvance(&buf, glyph, ppem, 0); err == nil {
			x += unit * vg.Length(advance) / 64
		}
	}
	return path
}

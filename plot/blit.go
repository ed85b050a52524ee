package plot

import (
	"image"
	"image/color"
)

// blit paints a picture of cells into the rectangle r of dst: with hard edges
// where a cell covers at least one pixel, else averaged over the cells of each
// pixel. Transparent cells leave dst as it is.
func blit(dst *image.RGBA, r image.Rectangle, src *image.Paletted) {
	if r.Empty() || src.Rect.Empty() {
		return
	}
	var colors [256]color.RGBA
	for i, c := range src.Palette {
		colors[i] = color.RGBAModel.Convert(c).(color.RGBA)
	}
	if src.Rect.Dx() > r.Dx() || src.Rect.Dy() > r.Dy() {
		blitMean(dst, r, src, &colors)
		return
	}
	clip := r.Intersect(dst.Rect)
	column := make([]int, clip.Dx()) // source column of each pixel
	for x := range column {
		column[x] = (2*(clip.Min.X+x-r.Min.X) + 1) * src.Rect.Dx() / (2 * r.Dx())
	}
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		row := src.Pix[(2*(y-r.Min.Y)+1)*src.Rect.Dy()/(2*r.Dy())*src.Stride:]
		out := dst.Pix[dst.PixOffset(clip.Min.X, y):]
		for x, from := range column {
			if c := colors[row[from]]; c.A == 255 {
				p := out[4*x : 4*x+4 : 4*x+4]
				p[0], p[1], p[2], p[3] = c.R, c.G, c.B, 255
			}
		}
	}
}

// blitMean is blit for pictures that are finer than the pixels: each pixel
// takes the mean of its cells, transparent ones weighing nothing.
func blitMean(dst *image.RGBA, r image.Rectangle, src *image.Paletted, colors *[256]color.RGBA) {
	clip := r.Intersect(dst.Rect)
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		y0, y1 := span(y-r.Min.Y, r.Dy(), src.Rect.Dy())
		for x := clip.Min.X; x < clip.Max.X; x++ {
			x0, x1 := span(x-r.Min.X, r.Dx(), src.Rect.Dx())
			var sum [3]uint64
			var alpha uint64
			for sy := y0; sy < y1; sy++ {
				for _, i := range src.Pix[sy*src.Stride+x0 : sy*src.Stride+x1] {
					c := &colors[i]
					sum[0] += uint64(c.R)
					sum[1] += uint64(c.G)
					sum[2] += uint64(c.B)
					alpha += uint64(c.A)
				}
			}
			if alpha == 0 {
				continue
			}
			total := 255 * uint64((y1-y0)*(x1-x0)) // the alpha of an opaque pixel
			p := dst.Pix[dst.PixOffset(x, y):]
			for k, s := range sum {
				below := uint64(p[k]) * (total - alpha) / 255
				p[k] = uint8((s + below) * 255 / total)
			}
		}
	}
}

// span returns the source cells from (inclusive) to (exclusive) of pixel i of n.
func span(i, n, cells int) (from, to int) {
	from = i * cells / n
	return from, max((i+1)*cells/n, from+1)
}

// enlarged returns src with every cell as a square of k by k pixels.
func enlarged(src *image.Paletted, k int) *image.Paletted {
	if k <= 1 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewPaletted(image.Rect(0, 0, w*k, h*k), src.Palette)
	for y := range h {
		first := dst.Pix[y*k*dst.Stride:][:dst.Stride]
		for x, c := range src.Pix[y*src.Stride:][:w] {
			for i := range k {
				first[x*k+i] = c
			}
		}
		for i := 1; i < k; i++ {
			copy(dst.Pix[(y*k+i)*dst.Stride:][:dst.Stride], first)
		}
	}
	return dst
}

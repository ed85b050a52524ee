package display

import (
	"fmt"
	"os"
)

// standard serves the functions of this package outside a session.
var standard = NewPublisher(func() Sink { return textSink{} }, nil)

// textSink writes the plain text of what is shown to standard output.
type textSink struct{}

func (textSink) Stream(name, text string) {
	if name == "stderr" {
		fmt.Fprint(os.Stderr, text)
		return
	}
	fmt.Print(text)
}

func (textSink) Display(b Bundle, _ string) error {
	fmt.Println(b.Data[MIMEText])
	return nil
}

func (s textSink) Update(b Bundle, id string) error { return s.Display(b, id) }

func (textSink) Clear(bool) error { return nil }

// Show shows v now, in the middle of a cell, as the last expression of a cell
// would be shown. The handle it returns can replace the output later. In a
// program without a notebook, Show and its siblings print plain text.
func Show(v any) *Handle { return standard.Show(v) }

// HTML shows s as HTML: display.HTML("<b>bold</b>").
func HTML(s string) *Handle { return standard.HTML(s) }

// Markdown shows s as Markdown.
func Markdown(s string) *Handle { return standard.Markdown(s) }

// LaTeX shows s as LaTeX; formulas stand between dollar signs.
func LaTeX(s string) *Handle { return standard.LaTeX(s) }

// SVG shows s, an SVG document.
func SVG(s string) *Handle { return standard.SVG(s) }

// PNG shows data, an encoded PNG image.
func PNG(data []byte) *Handle { return standard.PNG(data) }

// JPEG shows data, an encoded JPEG image.
func JPEG(data []byte) *Handle { return standard.JPEG(data) }

// JSON shows v as a tree. v is anything that encoding/json can encode.
func JSON(v any) *Handle { return standard.JSON(v) }

// VegaLite shows spec, a Vega-Lite 5 specification as a map or any value that
// encoding/json can encode.
func VegaLite(spec any) *Handle { return standard.VegaLite(spec) }

// Clear removes the outputs of the running cell: at once, or with true when
// the next output arrives (so that an animation does not flicker).
func Clear(wait ...bool) { standard.Clear(wait...) }

// Progress shows a bar for n steps and returns it; call Add as they are done.
func Progress(n int, label string) *Bar { return standard.Progress(n, label) }

// Functions maps the name of each function of this package to p's method that
// takes its place in a session.
func (p *Publisher) Functions() map[string]any {
	return map[string]any{
		"Show": p.Show, "HTML": p.HTML, "Markdown": p.Markdown, "LaTeX": p.LaTeX, "SVG": p.SVG,
		"PNG": p.PNG, "JPEG": p.JPEG, "JSON": p.JSON, "VegaLite": p.VegaLite,
		"Clear": p.Clear, "Progress": p.Progress,
	}
}

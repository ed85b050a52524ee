package display

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
)

// Publisher shows values in a sink at once, in the middle of a cell. A session
// binds the functions of this package to a Publisher of its own; without a
// session they write plain text to standard output.
type Publisher struct {
	sink     func() Sink
	registry *Registry
}

// NewPublisher returns a Publisher that asks sink for the place to write each
// time something is shown, and finds renderers in r (which may be nil).
func NewPublisher(sink func() Sink, r *Registry) *Publisher {
	if r == nil {
		r = &Registry{}
	}
	return &Publisher{sink: sink, registry: r}
}

var lastID atomic.Uint64

// newID returns a display id that no other output of this machine has.
func newID() string {
	return "nskernel-" + strconv.Itoa(os.Getpid()) + "-" + strconv.FormatUint(lastID.Add(1), 10)
}

// Handle is an output that has been shown and can be replaced.
type Handle struct {
	p    *Publisher
	sink Sink
	id   string
	mime string // of a typed output such as HTML, "" for Show
}

// Update replaces what is shown under h. A handle of HTML, Markdown and the
// other typed functions takes the same kind of content as they do (a string;
// []byte for images); a handle of Show takes any value.
func (h *Handle) Update(v any) error {
	b, err := h.p.content(h.mime, v)
	if err != nil {
		return err
	}
	return h.sink.Update(b, h.id)
}

// ID returns the display id under which front ends know the output.
func (h *Handle) ID() string { return h.id }

// content is v as a bundle of type mime, or rendered when mime is empty.
func (p *Publisher) content(mime string, v any) (Bundle, error) {
	if mime == "" {
		b, _, err := p.registry.Bundle(v)
		return b, err
	}
	switch mime {
	case MIMEPNG, MIMEJPEG:
		raw, ok := v.([]byte)
		if !ok {
			return Bundle{}, fmt.Errorf("display: %s needs the encoded image as []byte, got %T", mime, v)
		}
		return Bundle{Data: map[string]any{mime: raw, MIMEText: fmt.Sprintf("<%s, %d bytes>", mime, len(raw))}}, nil
	case MIMEJSON, MIMEVegaLite:
		return Bundle{Data: map[string]any{mime: v, MIMEText: fmt.Sprintf("<%s>", mime)}}, nil
	}
	s, ok := v.(string)
	if !ok {
		return Bundle{}, fmt.Errorf("display: %s needs a string, got %T", mime, v)
	}
	text := s
	if mime == MIMESVG {
		text = fmt.Sprintf("<%s, %d bytes>", mime, len(s))
	}
	return Bundle{Data: map[string]any{mime: s, MIMEText: text}}, nil
}

// show publishes v and returns its handle. A value that cannot be shown is
// reported on the cell's standard error: the cell goes on.
func (p *Publisher) show(mime string, v any) *Handle {
	sink := p.sink()
	h := &Handle{p: p, sink: sink, id: newID(), mime: mime}
	b, err := p.content(mime, v)
	if err == nil {
		err = sink.Display(b, h.id)
	}
	if err != nil {
		sink.Stream("stderr", err.Error()+"\n")
	}
	return h
}

// Show shows any value as the last expression of a cell would be shown.
func (p *Publisher) Show(v any) *Handle { return p.show("", v) }

// HTML shows s as HTML.
func (p *Publisher) HTML(s string) *Handle { return p.show(MIMEHTML, s) }

// Markdown shows s as Markdown.
func (p *Publisher) Markdown(s string) *Handle { return p.show(MIMEMarkdown, s) }

// LaTeX shows s as LaTeX; formulas stand between dollar signs.
func (p *Publisher) LaTeX(s string) *Handle { return p.show(MIMELaTeX, s) }

// SVG shows s, an SVG document.
func (p *Publisher) SVG(s string) *Handle { return p.show(MIMESVG, s) }

// PNG shows data, an encoded PNG image.
func (p *Publisher) PNG(data []byte) *Handle { return p.show(MIMEPNG, data) }

// JPEG shows data, an encoded JPEG image.
func (p *Publisher) JPEG(data []byte) *Handle { return p.show(MIMEJPEG, data) }

// JSON shows v as a tree. v is anything that encoding/json can encode.
func (p *Publisher) JSON(v any) *Handle { return p.show(MIMEJSON, v) }

// VegaLite shows spec, a Vega-Lite 5 specification as a map or any value that
// encoding/json can encode.
func (p *Publisher) VegaLite(spec any) *Handle { return p.show(MIMEVegaLite, spec) }

// Clear removes the outputs of the running cell: at once, or with true when
// the next output arrives (so that an animation does not flicker).
func (p *Publisher) Clear(wait ...bool) {
	sink := p.sink()
	if err := sink.Clear(len(wait) > 0 && wait[0]); err != nil {
		sink.Stream("stderr", err.Error()+"\n")
	}
}

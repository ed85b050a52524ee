// Package display is the vocabulary in which results are shown: bundles of
// representations by MIME type, the interfaces of values that know how they
// look, and the sink that a running cell writes to.
//
// It is a leaf: kernel, eval, plot and plugin all speak it and need not know
// each other.
package display

// The MIME types that this module produces.
const (
	MIMEText     = "text/plain"
	MIMEHTML     = "text/html"
	MIMEMarkdown = "text/markdown"
	MIMELaTeX    = "text/latex"
	MIMEPNG      = "image/png"
	MIMEJPEG     = "image/jpeg"
	MIMESVG      = "image/svg+xml"
	MIMEJSON     = "application/json"
	MIMEVegaLite = "application/vnd.vegalite.v5+json"
)

// Bundle is one value in several representations. Data maps a MIME type to a
// string (text types), a []byte (binary types, base64 on the wire) or a value
// that encoding/json can encode (JSON types). Metadata maps a MIME type to its
// metadata, such as {"width": 400, "height": 300} for an image in CSS pixels.
// Both maps may be nil.
type Bundle struct {
	Data     map[string]any
	Metadata map[string]any
}

// TextBundle returns a bundle that holds s as text/plain only.
func TextBundle(s string) Bundle { return Bundle{Data: map[string]any{MIMEText: s}} }

// Displayer is a value that knows how it is shown in a notebook. Display is
// called once for each time it is shown; an error is reported beside the
// plain text of the value.
type Displayer interface {
	Display() (Bundle, error)
}

// Sink receives the output of one cell. All methods are safe for concurrent
// use; what is given to them is kept in order.
type Sink interface {
	// Stream appends text to the stream "stdout" or "stderr".
	Stream(name, text string)
	// Display shows b. A non-empty id names the output for a later Update.
	Display(b Bundle, id string) error
	// Update replaces every output that was shown under id.
	Update(b Bundle, id string) error
	// Clear removes the outputs of the cell: at once, or (wait) when the next
	// one arrives.
	Clear(wait bool) error
}

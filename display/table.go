package display

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// Table is rows of text under a header, shown as an HTML table and as aligned
// plain text. Rows beyond MaxRows and columns beyond MaxCols are left out of
// the middle, and the caption says so.
type Table struct {
	Caption string
	Header  []string   // [cols], may be nil
	Rows    [][]string // [rows][cols]
	MaxRows int        // zero: 20
	MaxCols int        // zero: 20
}

var _ Displayer = Table{}

// NewTable returns a table of rows x cols cells without a header. cell is
// called only for the cells that are shown, so that a large matrix costs no
// more than a small one.
func NewTable(caption string, rows, cols int, cell func(i, j int) string) Table {
	t := Table{Caption: caption}
	ri, ci := middle(rows, t.MaxRows), middle(cols, t.MaxCols)
	// Already cut: the limits must not cut it again.
	t.MaxRows, t.MaxCols = len(ri), len(ci)
	for _, i := range ri {
		row := make([]string, len(ci))
		for k, j := range ci {
			row[k] = "…"
			if i >= 0 && j >= 0 {
				row[k] = cell(i, j)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Display returns the table as HTML and plain text. It fails when a row has
// another number of cells than the first row or the header.
func (t Table) Display() (Bundle, error) {
	cols := len(t.Header)
	if t.Header == nil && len(t.Rows) > 0 {
		cols = len(t.Rows[0])
	}
	for i, r := range t.Rows {
		if len(r) != cols {
			return Bundle{}, fmt.Errorf("display: row %d of the table has %d cells, the others have %d", i, len(r), cols)
		}
	}
	grid := t.cut(cols)
	return Bundle{Data: map[string]any{MIMEText: t.text(grid), MIMEHTML: t.html(grid)}}, nil
}

// middle lists the indices 0..n-1, the ones in the middle replaced by a single
// -1 when there are more than limit.
func middle(n, limit int) []int {
	if limit <= 0 {
		limit = 20
	}
	var idx []int
	if n <= limit {
		for i := range n {
			idx = append(idx, i)
		}
		return idx
	}
	for i := range (limit + 1) / 2 {
		idx = append(idx, i)
	}
	idx = append(idx, -1)
	for i := n - limit/2; i < n; i++ {
		idx = append(idx, i)
	}
	return idx
}

// cut returns header (if any) and rows with left-out parts shown as "…".
func (t Table) cut(cols int) [][]string {
	ci := middle(cols, t.MaxCols)
	pick := func(r []string) []string {
		out := make([]string, len(ci))
		for k, i := range ci {
			if i < 0 || r == nil {
				out[k] = "…"
			} else {
				out[k] = r[i]
			}
		}
		return out
	}
	var grid [][]string
	if t.Header != nil {
		grid = append(grid, pick(t.Header))
	}
	for _, i := range middle(len(t.Rows), t.MaxRows) {
		if i < 0 {
			grid = append(grid, pick(nil))
		} else {
			grid = append(grid, pick(t.Rows[i]))
		}
	}
	return grid
}

func (t Table) text(grid [][]string) string {
	var width []int
	for _, r := range grid {
		for k, s := range r {
			if k == len(width) {
				width = append(width, 0)
			}
			width[k] = max(width[k], utf8.RuneCountInString(s))
		}
	}
	var b strings.Builder
	if t.Caption != "" {
		b.WriteString(t.Caption + "\n")
	}
	for i, r := range grid {
		if i > 0 {
			b.WriteByte('\n')
		}
		for k, s := range r {
			if k > 0 {
				b.WriteString("  ")
			}
			b.WriteString(strings.Repeat(" ", width[k]-utf8.RuneCountInString(s)) + s)
		}
	}
	return b.String()
}

func (t Table) html(grid [][]string) string {
	var b strings.Builder
	b.WriteString("<table>")
	if t.Caption != "" {
		b.WriteString("<caption>" + html.EscapeString(t.Caption) + "</caption>")
	}
	for i, r := range grid {
		cell := "td"
		if i == 0 && t.Header != nil {
			cell = "th"
		}
		b.WriteString("<tr>")
		for _, s := range r {
			fmt.Fprintf(&b, "<%s style=\"text-align:right\">%s</%s>", cell, html.EscapeString(s), cell)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
	return b.String()
}

package plot

import (
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// wrapped breaks s at spaces into lines not wider than width, where words are
// short enough. Line breaks of its own are kept.
func wrapped(style text.Style, s string, width vg.Length) string {
	if style.Width(s) <= width {
		return s
	}
	var lines []string
	for _, paragraph := range strings.Split(s, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			switch longer := line + " " + word; {
			case line == "":
				line = word
			case style.Width(longer) <= width:
				line = longer
			default:
				lines = append(lines, line)
				line = word
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// squeezed breaks s into at most two lines, and cuts them to the width. More
// lines beside an axis would make it shorter, and that more lines.
func squeezed(style text.Style, s string, width vg.Length) string {
	lines := strings.SplitN(wrapped(style, s, width), "\n", 2)
	for i, l := range lines {
		lines[i] = elided(style, strings.ReplaceAll(l, "\n", " "), width)
	}
	return strings.Join(lines, "\n")
}

// elided cuts s at the end to the width it may have.
func elided(style text.Style, s string, width vg.Length) string {
	if style.Width(s) <= width {
		return s
	}
	runes := []rune(s)
	for len(runes) > 1 && style.Width(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "…"
}

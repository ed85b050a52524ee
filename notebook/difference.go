package notebook

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Varying is the tag of cells whose outputs differ from run to run, such as
// timings. Differences compares only the kinds of their outputs.
const Varying = "varying"

// Differences compares the outputs of two runs of one notebook and returns one
// readable line for each difference, none if they agree: source and text must
// be equal, other representations must exist on both sides. Of a cell tagged
// Varying only the types of output are compared. Neighbouring pieces of a
// stream count as one.
func Differences(a, b *Notebook) []string {
	if len(a.Cells) != len(b.Cells) {
		return []string{fmt.Sprintf("%d cells against %d", len(a.Cells), len(b.Cells))}
	}
	var diffs []string
	for i, ca := range a.Cells {
		cb := b.Cells[i]
		where := fmt.Sprintf("cell %d", i+1)
		if ca.Type != cb.Type || ca.Source != cb.Source {
			diffs = append(diffs, where+": another cell: "+firstDifference(ca.Source, cb.Source))
			continue
		}
		varying := slices.Contains(ca.Tags(), Varying)
		oa, ob := outline(ca.Outputs, varying), outline(cb.Outputs, varying)
		if len(oa) != len(ob) {
			diffs = append(diffs, fmt.Sprintf("%s: %d outputs against %d", where, len(oa), len(ob)))
			continue
		}
		for k := range oa {
			if oa[k] != ob[k] {
				diffs = append(diffs, fmt.Sprintf("%s, output %d: %s", where, k+1, firstDifference(oa[k], ob[k])))
			}
		}
	}
	return diffs
}

// outline is the comparable text of outputs: streams joined, display and
// result with their text and the names of their other representations.
func outline(outs []Output, varying bool) []string {
	var lines []string
	stream := "" // name of the stream that the last line belongs to
	for _, o := range outs {
		switch o.Type {
		case Stream:
			text := o.Text
			if varying {
				text = ""
			}
			if stream == o.Name {
				lines[len(lines)-1] += text
			} else {
				lines = append(lines, o.Name+": "+text)
			}
			stream = o.Name
			continue
		case Error:
			lines = append(lines, fmt.Sprintf("error %s: %s", o.EName, o.EValue))
		default:
			text, _ := o.Data["text/plain"].(string)
			if varying {
				text = ""
			}
			lines = append(lines, fmt.Sprintf("%s %v: %s", o.Type, slices.Sorted(maps.Keys(o.Data)), text))
		}
		stream = ""
	}
	return lines
}

// firstDifference quotes the first line in which two texts differ.
func firstDifference(a, b string) string {
	la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(la), len(lb)) {
		va, vb := "(nothing)", "(nothing)"
		if i < len(la) {
			va = fmt.Sprintf("%q", la[i])
		}
		if i < len(lb) {
			vb = fmt.Sprintf("%q", lb[i])
		}
		if va != vb {
			return va + " against " + vb
		}
	}
	return "equal"
}

package eval

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
)

// What stands behind the name of a magic is told by the usage in its help:
// "%time CODE" takes Go, "%cd DIR", "%run FILE" and "%sh COMMAND" take names
// of files.

// takes tells whether the usage of a magic has one of the words.
func (i MagicInfo) takes(words ...string) bool {
	usage, _, _ := strings.Cut(i.Help, "  ")
	usage, _, _ = strings.Cut(usage, "\n")
	return slices.ContainsFunc(strings.FieldsFunc(usage, func(r rune) bool { return strings.ContainsRune(" []|=", r) }),
		func(w string) bool { return slices.Contains(words, strings.TrimRight(w, ".…")) })
}

// magicInfo finds a magic by name.
func (s *Session) magicInfo(name string, cell bool) (MagicInfo, bool) {
	if s.opt.Magics == nil {
		return MagicInfo{}, false
	}
	list := s.opt.Magics.List()
	i := slices.IndexFunc(list, func(i MagicInfo) bool { return i.Name == name && i.Cell == cell })
	if i < 0 {
		return MagicInfo{}, false
	}
	return list[i], true
}

// leadingFlags are options with their values in front of CODE.
var leadingFlags = regexp.MustCompile(`^(?:-\pL+[ \t]+\S+[ \t]+)*`)

// goOf returns the Go of a cell, that in magics included, with the rest
// blanked out.
func (s *Session) goOf(src string) string {
	parts, err := cutMagics("", src)
	if err != nil || parts == nil {
		return src
	}
	var ranges []span
	for _, p := range parts {
		switch p.kind {
		case goPart:
			ranges = append(ranges, span{p.start, p.end})
		case linePart, cellPart:
			if info, ok := s.magicInfo(p.name, p.kind == cellPart); ok && info.takes("CODE") {
				if strings.Contains(firstLine(info.Help), "[-") {
					p.args.start += len(leadingFlags.FindString(p.args.of(src)))
				}
				ranges = append(ranges, p.args, p.body)
			}
		}
	}
	return keep(src, ranges...)
}

// statementsOf returns the Go of a cell without that in magics.
func statementsOf(src string) string {
	parts, err := cutMagics("", src)
	if err != nil || parts == nil {
		return src
	}
	var ranges []span
	for _, p := range parts {
		if p.kind == goPart {
			ranges = append(ranges, span{p.start, p.end})
		}
	}
	return keep(src, ranges...)
}

// openCell tells whether code is a cell magic whose body may go on: until an
// empty line.
func openCell(code string) bool {
	if _, ok := wholeCell(code); !ok {
		return false
	}
	last := code[strings.LastIndexByte(code, '\n')+1:]
	return !strings.Contains(code, "\n") || strings.TrimSpace(last) != ""
}

var magicPrefix = regexp.MustCompile(`^[ \t]*(%{1,2}[\pL\pN_]*)$`)

// completeMagic completes the name of a magic and names of files behind it;
// ok is false where Go stands.
func (s *Session) completeMagic(code string, cursor int) (c kernel.Completion, ok bool) {
	if s.opt.Magics == nil {
		return c, false
	}
	cursor = min(max(cursor, 0), len(code))
	line := strings.LastIndexByte(code[:cursor], '\n') + 1
	if m := magicPrefix.FindStringSubmatch(code[line:cursor]); m != nil && stateOf(statementsOf(code[:line])) == atStatement {
		c.End = cursor
		c.Start = cursor - len(m[1])
		c.Items = s.magicNames(m[1], strings.TrimSpace(code[:line]) == "")
		return c, true
	}
	p, inside := s.magicAt(code, cursor)
	if !inside {
		return c, false
	}
	info, _ := s.magicInfo(p.name, p.kind == cellPart)
	c.Start, c.End = cursor, cursor
	for _, it := range s.opt.Magics.Complete(code, cursor) {
		c.Start, c.End = it.Start, it.End
		c.Items = append(c.Items, kernel.CompletionItem{Text: it.Text, Type: it.Type, Signature: it.Signature})
	}
	switch {
	case len(c.Items) > 0:
		return c, true
	case info.takes("CODE"):
		return c, false
	case info.takes("DIR", "FILE", "COMMAND"):
		word := cursor - len(code[line:cursor]) + strings.LastIndexAny(code[line:cursor], " \t!\"'=") + 1
		typed := code[word:cursor]
		slash := strings.LastIndexByte(typed, '/') + 1
		c.Start = word + slash
		c.Items = files(typed[:slash], typed[slash:])
	}
	return c, true
}

// magicAt returns the magic in whose arguments or body the cursor stands.
func (s *Session) magicAt(code string, cursor int) (part, bool) {
	parts, err := cutMagics("", code)
	if err != nil {
		return part{}, false
	}
	for _, p := range parts {
		end := p.end
		if end > p.start && end <= len(code) && code[end-1] == '\n' && p.kind == linePart {
			end-- // behind it another line begins
		}
		if (p.kind == linePart || p.kind == cellPart) && p.at < cursor && cursor <= end {
			return p, true
		}
	}
	return part{}, false
}

// magicNames lists the magics that begin with typed, % included.
func (s *Session) magicNames(typed string, first bool) []kernel.CompletionItem {
	var items []kernel.CompletionItem
	for _, i := range s.opt.Magics.List() {
		text := marks(i.Cell) + i.Name
		if strings.HasPrefix(text, typed) && (first || !i.Cell) {
			items = append(items, kernel.CompletionItem{Text: text, Type: "magic", Signature: firstLine(i.Help)})
		}
	}
	return items
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// describe documents a name of a session, a package, a magic (%name) or of a
// plugin: detail 0 is the documentation, 1 the source as well.
func (s *Session) describe(name string, detail int) (display.Bundle, bool) {
	bare := strings.TrimLeft(name, "%")
	for _, cell := range []bool{false, true} {
		if info, ok := s.magicInfo(bare, cell); ok && (name == marks(cell)+bare) {
			return display.TextBundle(info.Help), true
		}
	}
	if bare != name {
		return display.Bundle{}, false
	}
	if b, ok := s.Inspect(name, len(name), detail); ok {
		return b, true
	}
	if s.opt.Magics == nil {
		return display.Bundle{}, false
	}
	data, ok := s.opt.Magics.Inspect(name, detail)
	return display.Bundle{Data: data}, ok
}

// inspectMagic documents the magic whose name the cursor stands on.
func (s *Session) inspectMagic(code string, cursor int) (display.Bundle, bool) {
	p, ok := s.magicAt(code, cursor)
	if !ok || p.name == "" || !strings.HasPrefix(code[p.at:], "%") || cursor > p.at+2+len(p.name) {
		return display.Bundle{}, false
	}
	return s.describe(marks(p.kind == cellPart)+p.name, 0)
}

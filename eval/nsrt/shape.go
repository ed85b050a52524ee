package nsrt

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shape is a type as the lowering describes it, with the names that the
// interpreter loses. The text of a shape is
//
//	N(id)            declared type, by its id
//	B(text)          any other type, with its name
//	P S A            pointer to, slice of, array of the shape that follows
//	M                map of two shapes
//	T(name shape;…)  struct
type shape struct {
	kind   byte
	text   string // id or name; for arrays the length
	key    *shape // of maps
	elem   *shape
	fields []field
}

type field struct {
	name  string
	shape *shape
}

func (f field) exported() bool {
	r, _ := utf8.DecodeRuneInString(f.name)
	return unicode.IsUpper(r)
}

// parseShape reads a shape and returns the rest of the text.
func parseShape(s string) (*shape, string) {
	if s == "" {
		return &shape{kind: 'B'}, ""
	}
	sh := &shape{kind: s[0]}
	s = s[1:]
	switch sh.kind {
	case 'P', 'S':
		sh.elem, s = parseShape(s)
	case 'A':
		sh.text, s = parenthesised(s)
		sh.elem, s = parseShape(s)
	case 'M':
		sh.key, s = parseShape(s)
		sh.elem, s = parseShape(s)
	case 'T':
		s = strings.TrimPrefix(s, "(")
		for s != "" && s[0] != ')' {
			var f field
			f.name, s, _ = strings.Cut(s, " ")
			f.shape, s = parseShape(s)
			s = strings.TrimPrefix(s, ";")
			sh.fields = append(sh.fields, f)
		}
		s = strings.TrimPrefix(s, ")")
	default:
		sh.text, s = parenthesised(s)
	}
	return sh, s
}

// parenthesised reads a text in parentheses, which may be nested.
func parenthesised(s string) (text, rest string) {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return s[1:i], s[i+1:]
			}
		}
	}
	return "", ""
}

// name is the type as %T and %#v write it.
func (s *State) shapeName(sh *shape) string {
	switch sh.kind {
	case 'N':
		if d := s.byID(sh.text); d != nil {
			return d.name
		}
	case 'P':
		return "*" + s.shapeName(sh.elem)
	case 'S':
		return "[]" + s.shapeName(sh.elem)
	case 'A':
		return "[" + sh.text + "]" + s.shapeName(sh.elem)
	case 'M':
		return "map[" + s.shapeName(sh.key) + "]" + s.shapeName(sh.elem)
	case 'T':
		var fs []string
		for _, f := range sh.fields {
			fs = append(fs, f.name+" "+s.shapeName(f.shape))
		}
		if len(fs) == 0 {
			return "struct {}"
		}
		return "struct { " + strings.Join(fs, "; ") + " }"
	}
	return sh.text
}

func (s *State) byID(id string) *typeDesc {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.types.byID[id]
}

// shapeOf is the shape of what a declared type is made of.
func (s *State) shapeOf(d *typeDesc) *shape {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.parsed == nil {
		d.parsed, _ = parseShape(d.expr)
	}
	return d.parsed
}

package eval

import (
	"context"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// SetErrorGuard turns the error guard of the cells that follow on or off: off,
// an error that a statement at the top level returns is not looked at.
func (s *Session) SetErrorGuard(on bool) { s.unchecked.Store(!on) }

// ErrorGuard tells whether the error guard is on, which it is at first.
func (s *Session) ErrorGuard() bool { return !s.unchecked.Load() }

// NameInfo describes a name that cells have defined.
type NameInfo struct {
	Name string
	Kind string // variable, function, type, constant, import
	Type string // of an import its path
}

// Names lists what the cells have defined and imported, by name.
func (s *Session) Names() []NameInfo {
	s.typing.Lock()
	defer s.typing.Unlock()
	var list []NameInfo
	for _, name := range slices.Sorted(maps.Keys(s.objects)) {
		if obj := s.objects[name]; name != contextName && !strings.HasPrefix(name, initPrefix) {
			list = append(list, s.nameInfo(name, obj))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.imports)) {
		list = append(list, NameInfo{name, "import", s.imports[name]})
	}
	return list
}

func (s *Session) nameInfo(name string, obj types.Object) NameInfo {
	t := obj.Type()
	info := NameInfo{Name: name, Kind: "variable"}
	switch obj.(type) {
	case *types.Func:
		info.Kind = "function"
	case *types.Const:
		info.Kind = "constant"
	case *types.TypeName:
		info.Kind = "type"
		t = t.Underlying()
	}
	info.Type = types.TypeString(t, func(p *types.Package) string {
		if p == s.pkg {
			return ""
		}
		return p.Name()
	})
	return info
}

// Reset forgets everything that the cells have defined and imported. What the
// variables held can be collected. It is for magics: a cell must be running.
func (s *Session) Reset(ctx context.Context) {
	var code strings.Builder
	for _, n := range s.Names() {
		if n.Kind == "variable" {
			code.WriteString("nsforget(&" + n.Name + ")\n")
		}
	}
	if e := owner(s.state.Latest()); e != nil && code.Len() > 0 {
		// When it fails the values stay in memory: nobody can name them.
		_, _ = s.runCell(ctx, &execution{name: s.cellName(0), out: e.out},
			"func nsforget[T any](p *T) { var zero T; *p = zero }\n"+code.String())
	}
	s.typing.Lock()
	defer s.typing.Unlock()
	clear(s.objects)
	clear(s.imports)
	clear(s.defs)
}

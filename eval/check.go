package eval

import (
	"go/ast"
	"go/token"
	"go/types"
)

// goVersion is the language version that cells are written in.
const goVersion = "go1.26"

// typeCheck checks file in the session's package with live as its other
// objects. The caller holds s.typing.
//
// All cells share one *types.Package and one *types.Scope: go/types compares
// packages by identity to decide whether an unexported field can be used, and
// refuses recursive instantiations by the scope they were declared in. So the
// scope keeps its identity and only its content is replaced.
func (s *Session) typeCheck(fset *token.FileSet, file *ast.File, info *types.Info, live map[string]types.Object, report func(types.Error)) {
	*s.pkg.Scope() = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "session")
	declared := declaredNames(file)
	for name, obj := range live {
		if !declared[name] {
			s.pkg.Scope().Insert(obj)
		}
	}
	conf := types.Config{
		Importer:  s.opt.Importer,
		GoVersion: goVersion,
		Error: func(err error) {
			if te, ok := err.(types.Error); ok && report != nil {
				report(te)
			}
		},
	}
	// The errors have been reported one by one.
	_ = types.NewChecker(&conf, fset, s.pkg, info).Files([]*ast.File{file})
}

// declaredNames returns the names that file declares at package level.
func declaredNames(file *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				names[d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, sp := range d.Specs {
				switch sp := sp.(type) {
				case *ast.TypeSpec:
					names[sp.Name.Name] = true
				case *ast.ValueSpec:
					for _, n := range sp.Names {
						names[n.Name] = true
					}
				}
			}
		}
	}
	return names
}

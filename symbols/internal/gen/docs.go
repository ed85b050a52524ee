package main

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// documentation returns the comments of package p by name: "" for the package,
// "Func", "Type", "Type.Method" and "Type.Field".
func documentation(p *pkg) (map[string]string, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	d, err := doc.NewFromFiles(fset, files, p.ImportPath, doc.AllMethods)
	if err != nil {
		return nil, fmt.Errorf("documentation of %s: %w", p.ImportPath, err)
	}
	c := comments{}
	c.put("", d.Doc)
	c.functions("", d.Funcs)
	c.values(d.Consts)
	c.values(d.Vars)
	for _, t := range d.Types {
		c.put(t.Name, t.Doc)
		c.functions("", t.Funcs)
		c.functions(t.Name+".", t.Methods)
		c.values(t.Consts)
		c.values(t.Vars)
		for _, s := range t.Decl.Specs {
			if s, ok := s.(*ast.TypeSpec); ok {
				c.members(s)
			}
		}
	}
	return c, nil
}

type comments map[string]string

func (c comments) put(name, text string) {
	if text = strings.TrimSpace(text); text != "" {
		c[name] = text
	}
}

func (c comments) functions(prefix string, l []*doc.Func) {
	for _, f := range l {
		c.put(prefix+f.Name, f.Doc)
	}
}

// values puts constants and variables: the comment of the line where it has
// one, else that of the declaration.
func (c comments) values(l []*doc.Value) {
	for _, v := range l {
		for _, s := range v.Decl.Specs {
			s, ok := s.(*ast.ValueSpec)
			if !ok {
				continue
			}
			text := comment(s.Doc, s.Comment)
			if text == "" {
				text = v.Doc
			}
			for _, n := range s.Names {
				if n.IsExported() {
					c.put(n.Name, text)
				}
			}
		}
	}
}

// members puts the fields of a struct and the methods of an interface.
func (c comments) members(s *ast.TypeSpec) {
	var list *ast.FieldList
	switch t := s.Type.(type) {
	case *ast.StructType:
		list = t.Fields
	case *ast.InterfaceType:
		list = t.Methods
	default:
		return
	}
	for _, f := range list.List {
		for _, n := range f.Names {
			if n.IsExported() {
				c.put(s.Name.Name+"."+n.Name, comment(f.Doc, f.Comment))
			}
		}
	}
}

// comment is the text above a declaration and that behind it.
func comment(above, behind *ast.CommentGroup) string {
	return strings.TrimSpace(above.Text() + "\n" + behind.Text())
}

package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// documented returns the documentation of the packages of g by path. To the
// standard library belongs package builtin, which only documents the language's
// own names.
func documented(g group, pkgs []*pkg) (map[string]map[string]string, error) {
	if g.name == "std" {
		out, err := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles", "builtin").Output()
		if err != nil {
			return nil, fmt.Errorf("go list builtin: %w", err)
		}
		p := &pkg{}
		if err := json.Unmarshal(out, &p.listed); err != nil {
			return nil, fmt.Errorf("go list builtin: %w", err)
		}
		pkgs = append(slices.Clip(pkgs), p)
	}
	docs := map[string]map[string]string{}
	for _, p := range pkgs {
		d, err := documentation(p)
		if err != nil {
			return nil, err
		}
		docs[p.ImportPath] = d
	}
	return docs, nil
}

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
	mode := doc.AllMethods
	if p.ImportPath == "builtin" {
		mode = doc.AllDecls
	}
	d, err := doc.NewFromFiles(fset, files, p.ImportPath, mode)
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
				c.put(n.Name, text)
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

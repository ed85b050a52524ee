package eval

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
)

// documentation returns the comment of the object.
func (a *answer) documentation() string {
	switch o := a.obj.(type) {
	case *types.PkgName:
		return a.view.doc(o.Imported().Path(), "")
	case *types.Var:
		if o.IsField() {
			return a.fieldDoc(o)
		}
		if doc := a.own(); doc != "" {
			return doc
		}
		if n := namedObject(o.Type()); n != nil {
			return a.ofPackage(n, n.Name())
		}
		return ""
	case *types.Func:
		if recv := o.Signature().Recv(); recv != nil && namedObject(recv.Type()) == nil {
			return "" // of an interface without a name
		}
	}
	return a.own()
}

// own returns the comment at the declaration of the object.
func (a *answer) own() string {
	if c, ok := a.ownChunk(); ok {
		return commentAbove(a.text[:c.start])
	}
	o, name := a.home()
	return a.ofPackage(o, name)
}

// home returns the package-level object that the object belongs to, itself or
// the type of a method, and the name under which it is documented.
func (a *answer) home() (o types.Object, name string) {
	if f, ok := a.obj.(*types.Func); ok && f.Signature().Recv() != nil {
		if t := namedObject(f.Signature().Recv().Type()); t != nil {
			return t, t.Name() + "." + f.Name()
		}
	}
	return a.obj, a.obj.Name()
}

// fieldDoc returns the comment of a field.
func (a *answer) fieldDoc(f *types.Var) string {
	if a.owner == nil {
		return ""
	}
	if a.owner.Pkg() != a.view.pkg {
		return a.ofPackage(a.owner, a.owner.Name()+"."+f.Name())
	}
	text, _, _, _ := a.view.source(a.owner.Name())
	if c, ok := a.ownChunk(); ok {
		text = a.text[c.start:c.end]
	}
	return fieldComment(text, f.Name())
}

// fieldComment returns the comment of a field in the declaration of its type.
func fieldComment(text, name string) string {
	file, err := parser.ParseFile(token.NewFileSet(), "", "package main\n"+text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return ""
	}
	var doc string
	ast.Inspect(file, func(n ast.Node) bool {
		f, ok := n.(*ast.Field)
		if !ok {
			return true
		}
		for _, id := range f.Names {
			if id.Name == name && doc == "" {
				doc = strings.TrimSpace(f.Doc.Text() + "\n" + f.Comment.Text())
			}
		}
		return true
	})
	return doc
}

// ofPackage returns the documentation of a name in the package of o.
func (a *answer) ofPackage(o types.Object, name string) string {
	switch o.Pkg() {
	case nil:
		return a.view.doc("builtin", name)
	case a.view.pkg:
		return a.view.comment(name)
	}
	if o.Parent() != nil && o.Parent() != o.Pkg().Scope() {
		return ""
	}
	return a.view.doc(o.Pkg().Path(), name)
}

// source returns the text that defines the object: of the cell itself, else of
// the session.
func (a *answer) source() (text, where string) {
	if a.obj.Pkg() != a.view.pkg {
		return "", ""
	}
	if c, ok := a.ownChunk(); ok {
		return a.text[c.start:c.end], "this cell"
	}
	_, key := a.home()
	if v, ok := a.obj.(*types.Var); ok && v.IsField() {
		if a.owner == nil {
			return "", ""
		}
		key = a.owner.Name()
	}
	text, cell, line, ok := a.view.source(key)
	if !ok {
		return "", ""
	}
	if _, isType := a.obj.(*types.TypeName); isType {
		text += a.methodSources(key)
	}
	return text, position(cell, line)
}

// methodSources returns the text of the methods of a type of the session.
func (a *answer) methodSources(name string) string {
	named, ok := types.Unalias(a.obj.Type()).(*types.Named)
	if !ok {
		return ""
	}
	var b strings.Builder
	for m := range named.Methods() {
		if text, _, _, ok := a.view.source(name + "." + m.Name()); ok {
			b.WriteString("\n\n" + text)
		}
	}
	return b.String()
}

// ownChunk returns the declaration or statement of the cell in which the object
// is defined; ok is false if it is defined elsewhere.
func (a *answer) ownChunk() (c chunk, ok bool) {
	if a.file == nil || a.obj.Pkg() != a.view.pkg || a.view.objects[a.obj.Name()] == a.obj {
		return chunk{}, false
	}
	defined := false
	for id := range a.info.Defs {
		defined = defined || id.Pos() == a.obj.Pos() && id.Name == a.obj.Name()
	}
	if !defined {
		return chunk{}, false
	}
	off := a.fset.Position(a.obj.Pos()).Offset
	for _, c := range a.placed {
		if c.at <= off && off < c.at+c.end-c.start {
			return c.chunk, true
		}
	}
	return chunk{}, false
}

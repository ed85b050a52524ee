package lower

import "go/types"

// TypeID returns the id under which the run time knows a declared type, "" if
// the interpreter has not seen the type.
func (l *Lowerer) TypeID(t *types.Named) string {
	if t.TypeArgs().Len() == 0 {
		if e := l.named[typeKey{obj: t.Obj()}]; e != nil {
			return e.id()
		}
		return ""
	}
	for _, e := range l.named {
		if types.Identical(e.t, t) {
			return e.id()
		}
	}
	return ""
}

// TypeByID returns the declared type with an id of the run time, nil if there
// is none.
func (l *Lowerer) TypeByID(id string) *types.Named {
	for _, e := range l.named {
		if e.id() == id {
			return e.t
		}
	}
	return nil
}

// id is the id of a type in tags and shapes: structs carry their own name,
// other types that of the struct that stands for them in interfaces.
func (e *emitted) id() string {
	if _, ok := e.t.Underlying().(*types.Struct); ok {
		return e.name
	}
	return e.name + "_box"
}

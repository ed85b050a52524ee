package symbols

import (
	"encoding/json"
	"sync"
)

// docs holds the documentation that was read so far, by package path.
var docs struct {
	sync.Mutex
	byPath map[string]map[string]string
}

// Doc returns the documentation of a name in the package pkgPath as the comment
// in its source: "Func", "Type", "Type.Method", "Type.Field", or "" for the
// package itself. It returns "" when there is none.
func Doc(pkgPath, name string) string {
	docs.Lock()
	defer docs.Unlock()
	m, ok := docs.byPath[pkgPath]
	if !ok {
		m = readDoc(pkgPath)
		if docs.byPath == nil {
			docs.byPath = map[string]map[string]string{}
		}
		docs.byPath[pkgPath] = m
	}
	return m[name]
}

// readDoc decodes the documentation of one package, nil if there is none: the
// tests of this package open every entry.
func readDoc(pkgPath string) map[string]string {
	r, err := entry("doc/" + pkgPath)
	if err != nil || r == nil {
		return nil
	}
	defer r.Close()
	var m map[string]string
	if json.NewDecoder(r).Decode(&m) != nil {
		return nil
	}
	return m
}

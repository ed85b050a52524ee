package symbols

import (
	"go/types"
	"iter"
	"maps"
	"reflect"
)

// DocNames returns the names that have documentation in a package.
func DocNames(pkgPath string) iter.Seq[string] { return maps.Keys(readDoc(pkgPath)) }

// NewImporter returns an importer for a platform that has read nothing.
func NewImporter(platform string) types.Importer { return newImporter(platform) }

// BuildExports makes the maps anew.
func BuildExports() []map[string]map[string]reflect.Value { return buildExports() }

package eval

import (
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nskernel/nskernel/kernel"
)

// completeString completes inside a string literal: import paths in an import
// declaration, names of files in the argument of a call.
func (v *scopeView) completeString(c *cursor) kernel.Completion {
	start, end := c.start+1, c.end
	if c.closed {
		end--
	}
	typed := c.code[start:c.offset]
	if c.importing() {
		return kernel.Completion{Start: start, End: end, Items: v.importPaths(typed)}
	}
	if !slices.Contains(open(c.before), '(') {
		return kernel.Completion{Start: c.offset, End: c.offset}
	}
	slash := strings.LastIndexByte(typed, '/') + 1
	return kernel.Completion{Start: start + slash, End: end, Items: files(typed[:slash], typed[slash:])}
}

// importing tells whether the cursor stands in an import declaration: behind
// import, or in the parentheses that follow it.
func (c *cursor) importing() bool {
	for i := range c.before {
		switch c.previous(i) {
		case token.IMPORT:
			return true
		case token.STRING, token.IDENT, token.SEMICOLON, token.LPAREN, token.PERIOD:
		default:
			return false
		}
	}
	return false
}

// importPaths lists the packages whose path begins with typed, then those of
// which an element does.
func (v *scopeView) importPaths(typed string) []kernel.CompletionItem {
	var whole, part []kernel.CompletionItem
	for _, p := range v.s.opt.Packages {
		item := kernel.CompletionItem{Text: p, Type: "module"}
		switch {
		case strings.HasPrefix(p, typed):
			whole = append(whole, item)
		case strings.Contains(p, "/"+typed):
			part = append(part, item)
		}
	}
	items := append(whole, part...)
	if len(items) <= maxDescribed {
		for i := range items {
			items[i].Signature = firstSentence(v.doc(items[i].Text, ""))
		}
	}
	return items
}

// maxDescribed limits how many packages are described: the documentation of
// each has to be read.
const maxDescribed = 12

// firstSentence returns the text up to the first full stop or empty line.
func firstSentence(doc string) string {
	doc, _, _ = strings.Cut(doc, "\n\n")
	doc = strings.Join(strings.Fields(doc), " ")
	if s, _, ok := strings.Cut(doc, ". "); ok {
		return s + "."
	}
	return doc
}

// maxFiles limits the list of files: a longer one helps nobody.
const maxFiles = 500

// files lists the entries of dir (relative to the working directory) whose
// names begin with prefix; directories end in a slash.
func files(dir, prefix string) []kernel.CompletionItem {
	at := dir
	if at == "" {
		at = "."
	} else if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(at, "~/") {
		at = filepath.Join(home, at[2:])
	}
	entries, err := os.ReadDir(at)
	if err != nil {
		return nil
	}
	var items []kernel.CompletionItem
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, prefix) || prefix == "" && strings.HasPrefix(name, ".") || len(items) == maxFiles {
			continue
		}
		if e.IsDir() {
			name += "/"
		}
		items = append(items, kernel.CompletionItem{Text: name, Type: "path"})
	}
	return items
}

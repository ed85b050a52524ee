package eval

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// advise turns an error of go/types into what a reader of the cell needs: the
// message, and where it can be worked out what to write instead.
func (c *compiler) advise(k *checked, f fault) diagnostic {
	d := diagnostic{pos: f.Fset.Position(f.Pos), msg: f.Msg}
	for _, a := range advices {
		if m := a.pattern.FindStringSubmatch(f.Msg); m != nil {
			a.give(&advisor{c: c, k: k, fault: f, m: m}, &d)
			break
		}
	}
	return d
}

// advices are tried in order; the first whose pattern matches is given.
var advices = []struct {
	pattern *regexp.Regexp
	give    func(a *advisor, d *diagnostic)
}{
	{regexp.MustCompile(`^assignment mismatch: (\d+) variables? but .*returns? (\d+) values?`), (*advisor).assignment},
	{regexp.MustCompile(`^undefined: (\w+)\.(\w+)$`), (*advisor).undefinedMember},
	{regexp.MustCompile(`^undefined: (\w+)$`), (*advisor).undefinedName},
	{regexp.MustCompile(`undefined \(type (.+) has no field or method (\w+)\)$`), (*advisor).undefinedSelector},
	{regexp.MustCompile(`\(mismatched types (\w+) and (\w+)\)$`), (*advisor).mismatchedTypes},
	{regexp.MustCompile(`^cannot use (.+) \((?:variable|value|constant \S+) of type (\w+)\) as (\w+) value`), (*advisor).conversion},
	{regexp.MustCompile(`^cannot use (.+) \((?:variable|value)[^()]* of (?:\w+ )?type (\S+)\) as (\S+) value`), (*advisor).staleType},
	{regexp.MustCompile(`^unknown field (\w+) in struct literal of type (\S+)`), (*advisor).unknownField},
	{regexp.MustCompile(`^multiple-value (.+) \(value of type \(.*error\)\) in`), (*advisor).multipleValue},
}

// advisor works out one fix.
type advisor struct {
	c     *compiler
	k     *checked
	fault fault
	m     []string // submatches of the pattern
}

// assignment completes the left side of a := f() where f returns more values.
func (a *advisor) assignment(d *diagnostic) {
	lhs, call := a.assigned()
	if call == nil {
		return
	}
	t, ok := a.k.info.Types[call.Fun].Type.(*types.Signature)
	if !ok {
		return
	}
	n := t.Results().Len()
	d.msg = fmt.Sprintf("%s returns %s, but %s on the left", a.text(call.Fun), count(n, "value"), a.has(len(lhs)))
	names := make([]string, n)
	for i := range names {
		switch {
		case i == n-1 && types.Identical(t.Results().At(i).Type(), errorType):
			names[i] = "err"
		case i < len(lhs):
			names[i] = a.text(lhs[i])
		default:
			names[i] = "_"
		}
	}
	d.fix = fmt.Sprintf("write %s := %s", strings.Join(names, ", "), a.text(call))
}

func (a *advisor) has(n int) string {
	if n == 1 {
		return "there is 1 variable"
	}
	return fmt.Sprintf("there are %d variables", n)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// assigned finds the assignment or var declaration whose right side, a call,
// the error stands at.
func (a *advisor) assigned() (lhs []ast.Expr, call *ast.CallExpr) {
	ast.Inspect(a.k.file, func(n ast.Node) bool {
		if n == nil || call != nil || a.fault.Pos < n.Pos() || n.End() <= a.fault.Pos {
			return false
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			if len(n.Rhs) == 1 && n.Rhs[0].Pos() == a.fault.Pos {
				lhs = n.Lhs
				call, _ = ast.Unparen(n.Rhs[0]).(*ast.CallExpr)
			}
		case *ast.ValueSpec:
			if len(n.Values) == 1 && n.Values[0].Pos() == a.fault.Pos {
				for _, id := range n.Names {
					lhs = append(lhs, id)
				}
				call, _ = ast.Unparen(n.Values[0]).(*ast.CallExpr)
			}
		}
		return true
	})
	return lhs, call
}

// text returns the source of n on one line.
func (a *advisor) text(n ast.Node) string {
	f := a.k.fset.File(n.Pos())
	src := a.k.text[f.Offset(n.Pos()):f.Offset(n.End())]
	return strings.Join(strings.Fields(src), " ")
}

// undefinedName suggests an import, a name that is spelled nearly so, or Go's
// word for one of Python.
func (a *advisor) undefinedName(d *diagnostic) {
	name := a.m[1]
	if word, ok := pythonWords[name]; ok {
		d.fix = word
		return
	}
	if a.isQualifier() && a.suggestImport(name, d) {
		return
	}
	names := slices.Collect(maps.Keys(a.c.live))
	names = slices.AppendSeq(names, maps.Keys(a.c.imports))
	names = slices.AppendSeq(names, maps.Keys(a.c.s.opt.Preload))
	names = append(names, types.Universe.Names()...)
	for _, st := range a.k.body {
		for _, id := range newVars(st) {
			names = append(names, id.Name)
		}
	}
	d.didYouMean(name, names)
}

// suggestImport suggests to import the package that name stands for.
func (a *advisor) suggestImport(name string, d *diagnostic) bool {
	for _, p := range a.c.s.opt.Packages {
		if path.Base(p) == name {
			d.fix = fmt.Sprintf("import %q", p)
			return true
		}
	}
	return false
}

var pythonWords = map[string]string{
	"None": "write nil", "True": "write true", "False": "write false",
	"self": "write the name of the receiver",
}

// isQualifier tells whether the name at the error stands before a dot.
func (a *advisor) isQualifier() bool {
	is := false
	ast.Inspect(a.k.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.X.Pos() == a.fault.Pos {
			_, is = sel.X.(*ast.Ident)
		}
		return !is
	})
	return is
}

// undefinedMember suggests a name of the package that is spelled nearly so.
func (a *advisor) undefinedMember(d *diagnostic) {
	p, ok := a.c.importPath(a.m[1])
	if !ok {
		return
	}
	pkg, err := a.c.s.opt.Importer.Import(p)
	if err != nil {
		return
	}
	var names []string
	for _, n := range pkg.Scope().Names() {
		if token.IsExported(n) {
			names = append(names, n)
		}
	}
	d.didYouMean(a.m[2], names)
}

// undefinedSelector explains a missing method of a value whose type has been
// declared again since, or suggests a field or method.
func (a *advisor) undefinedSelector(d *diagnostic) {
	sel := a.selector()
	if sel == nil {
		return
	}
	t := a.k.info.Types[sel.X].Type
	if named := namedOf(t); named != nil {
		if now, ok := a.c.live[named.Obj().Name()].(*types.TypeName); ok && now != named.Obj() && now.Pkg() == named.Obj().Pkg() {
			d.fix = fmt.Sprintf("%s still has the previous version of type %s: assign it again", a.text(sel.X), now.Name())
			return
		}
	}
	d.didYouMean(sel.Sel.Name, memberNames(t))
}

func (a *advisor) selector() *ast.SelectorExpr {
	var found *ast.SelectorExpr
	ast.Inspect(a.k.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Pos() == a.fault.Pos {
			found = sel
		}
		return found == nil
	})
	return found
}

// namedOf returns the named type of t or of what t points to.
func namedOf(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// memberNames returns the exported or own fields and methods of t.
func memberNames(t types.Type) []string {
	if t == nil {
		return nil
	}
	var names []string
	for m := range types.NewMethodSet(t).Methods() {
		names = append(names, m.Obj().Name())
	}
	u := t.Underlying()
	if p, ok := u.(*types.Pointer); ok {
		u = p.Elem().Underlying()
	} else {
		for m := range types.NewMethodSet(types.NewPointer(t)).Methods() {
			names = append(names, m.Obj().Name())
		}
	}
	if st, ok := u.(*types.Struct); ok {
		for f := range st.Fields() {
			names = append(names, f.Name())
		}
	}
	return names
}

func (a *advisor) mismatchedTypes(d *diagnostic) {
	x, y := a.m[1], a.m[2]
	if isNumeric(x) && isNumeric(y) {
		to := x
		if strings.HasPrefix(y, "float") {
			to = y
		}
		d.fix = fmt.Sprintf("convert one side: %s(…)", to)
	}
}

func (a *advisor) conversion(d *diagnostic) {
	if isNumeric(a.m[2]) && isNumeric(a.m[3]) {
		d.fix = fmt.Sprintf("convert it: %s(%s)", a.m[3], a.m[1])
	}
}

// staleType explains a value whose type has the same name as the wanted one:
// one of the two is a previous version.
func (a *advisor) staleType(d *diagnostic) {
	if a.m[2] != a.m[3] {
		return
	}
	name := strings.TrimLeft(a.m[2], "*[]")
	d.msg = fmt.Sprintf("%s and what it is used for have different versions of type %s", a.m[1], name)
	d.fix = "the type was declared again: make new values of it with := or run the cells again that did"
}

// unknownField suggests a field of the struct that is spelled nearly so.
func (a *advisor) unknownField(d *diagnostic) {
	ast.Inspect(a.k.file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.CompositeLit); ok && lit.Pos() <= a.fault.Pos && a.fault.Pos < lit.End() {
			if t := a.k.info.Types[lit].Type; t != nil {
				if st, ok := t.Underlying().(*types.Struct); ok {
					var names []string
					for f := range st.Fields() {
						names = append(names, f.Name())
					}
					d.didYouMean(a.m[1], names)
				}
			}
		}
		return true
	})
}

func isNumeric(name string) bool {
	tn, ok := types.Universe.Lookup(name).(*types.TypeName)
	if !ok {
		return false
	}
	b, ok := tn.Type().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}

func (a *advisor) multipleValue(d *diagnostic) {
	d.fix = "put the values into variables first: v, err := " + a.m[1]
}

// didYouMean suggests the name in names that is most like name.
func (d *diagnostic) didYouMean(name string, names []string) {
	best, least := "", len(name)/3
	slices.Sort(names)
	for _, n := range names {
		if n == name {
			continue
		}
		dist := editDistance(strings.ToLower(name), strings.ToLower(n))
		if dist < least || dist == least && len(n) > len(best) {
			best, least = n, dist
		}
	}
	if best != "" {
		d.fix = "did you mean " + best + "?"
	}
}

// editDistance is the number of insertions, deletions, replacements and swaps
// of neighbours that turn a into b.
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range y {
		d[0][j+1] = j + 1
	}
	for i := range x {
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			d[i+1][j+1] = min(d[i][j+1]+1, d[i+1][j]+1, d[i][j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				d[i+1][j+1] = min(d[i+1][j+1], d[i-1][j-1]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}

package lower_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"strings"
	"testing"
	"time"

	"github.com/nskernel/nskernel/eval/internal/lower"
)

// session runs cells one after the other. A cell is a file whose function body
// holds the statements; its variables are visible to later cells.
type session struct {
	*rig
	t   *testing.T
	pkg *types.Package
	old map[string]*types.Var
}

func newSession(t *testing.T) *session {
	return &session{rig: newRig(t), t: t, pkg: types.NewPackage("main", "main"), old: map[string]*types.Var{}}
}

// cell checks decls and body as one cell. A last statement "out(x)" is the
// expression to show.
func (s *session) cell(decls, body string) *lower.Cell {
	s.t.Helper()
	s.cells++
	name := fmt.Sprintf("cell[%d]", s.cells)
	text := "package main\n" + imports(decls+body) + decls + "\nfunc body() {\n//line " + name + ":1\n" + body + "\n}\n"
	file, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		s.t.Fatalf("%v\n%s", err, text)
	}
	scope := types.NewScope(types.Universe, 0, 0, "session")
	declared := map[string]bool{"body": true}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			declared[d.Name.Name] = true
		case *ast.GenDecl:
			for _, sp := range d.Specs {
				if ts, ok := sp.(*ast.TypeSpec); ok {
					declared[ts.Name.Name] = true
				}
			}
		}
	}
	for _, n := range s.pkg.Scope().Names() {
		if !declared[n] && n != "out" {
			scope.Insert(s.pkg.Scope().Lookup(n))
		}
	}
	anys := types.NewSlice(types.Universe.Lookup("any").Type())
	sig := types.NewSignatureType(nil, nil, nil, types.NewTuple(types.NewVar(0, s.pkg, "", anys)), nil, true)
	scope.Insert(types.NewFunc(0, s.pkg, "out", sig))
	*s.pkg.Scope() = *scope
	info := newInfo()
	conf := types.Config{Importer: source(), GoVersion: "go1.26", Error: func(err error) {
		if te, ok := err.(types.Error); ok && !te.Soft {
			s.t.Fatal(err)
		}
	}}
	_ = types.NewChecker(&conf, fset, s.pkg, info).Files([]*ast.File{file})
	c := &lower.Cell{Name: name, Fset: fset, Info: info, Pkg: s.pkg, Reuse: map[*types.Var]*types.Var{}, Check: map[ast.Stmt]bool{}, Replace: map[*ast.FuncDecl]*types.Func{}}
	for _, d := range file.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || fd.Name.Name != "body" {
			c.Decls = append(c.Decls, d)
			continue
		}
		c.Body = fd.Body.List
	}
	if n := len(c.Body); n > 0 {
		if es, ok := c.Body[n-1].(*ast.ExprStmt); ok {
			if call, ok := es.X.(*ast.CallExpr); ok {
				if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "out" {
					c.Body, c.Out = c.Body[:n-1], call.Args[0]
				}
			}
		}
	}
	s.globals(c)
	return c
}

func imports(text string) string {
	var b strings.Builder
	seen := map[string]bool{}
	for _, m := range qualifier.FindAllStringSubmatch(text, -1) {
		if !seen[m[1]] {
			seen[m[1]] = true
			path := m[1]
			if full, ok := packageNames[path]; ok {
				path = full
			}
			fmt.Fprintf(&b, "import %q\n", path)
		}
	}
	return b.String()
}

// globals finds the variables that the body declares at its top level.
func (s *session) globals(c *lower.Cell) {
	add := func(id *ast.Ident) {
		v, ok := c.Info.Defs[id].(*types.Var)
		if !ok || id.Name == "_" {
			return
		}
		c.Globals = append(c.Globals, v)
		if old := s.old[v.Name()]; old != nil && types.Identical(old.Type(), v.Type()) {
			c.Reuse[v] = old
		}
		s.old[v.Name()] = v
	}
	for _, st := range c.Body {
		switch st := st.(type) {
		case *ast.AssignStmt:
			for _, l := range st.Lhs {
				if id, ok := l.(*ast.Ident); ok {
					add(id)
				}
			}
		case *ast.DeclStmt:
			for _, sp := range st.Decl.(*ast.GenDecl).Specs {
				for _, id := range sp.(*ast.ValueSpec).Names {
					add(id)
				}
			}
		}
	}
}

// commit makes the variables of a cell visible to later ones.
func (s *session) commit(c *lower.Cell) {
	for _, v := range c.Globals {
		scope := types.NewScope(types.Universe, 0, 0, "session")
		for _, n := range s.pkg.Scope().Names() {
			if n != v.Name() {
				scope.Insert(s.pkg.Scope().Lookup(n))
			}
		}
		scope.Insert(v)
		*s.pkg.Scope() = *scope
	}
}

// run runs a cell that must work and returns what it printed.
func (s *session) run(decls, body string) string {
	s.t.Helper()
	c := s.cell(decls, body)
	out, err := s.runCell(c, 10*time.Second)
	if err != nil {
		s.t.Fatalf("%v\n%s", err, body)
	}
	s.commit(c)
	return strings.TrimSpace(out)
}

func (s *session) expect(want, decls, body string) {
	s.t.Helper()
	if got := s.run(decls, body); got != want {
		s.t.Errorf("cell %d printed %q, want %q", s.cells, got, want)
	}
}

func TestVariablesLiveOn(t *testing.T) {
	s := newSession(t)
	s.run("", "x := 1\nvar y = 2.5\nf := func() int { return x }")
	s.expect("1 2.5 1", "", "fmt.Println(x, y, f())")
	s.run("", "x := 10") // the same variable: same name and type
	s.expect("10 10", "", "fmt.Println(x, f())")
	s.run("", `x := "s"`) // another one
	s.expect("s 10", "", "fmt.Println(x, f())")
	s.run("", "x += \"t\"; for i := range 3 { y += float64(i) }")
	s.expect("st 5.5", "", "fmt.Println(x, y)")
}

func TestDeclarationsAreVersioned(t *testing.T) {
	s := newSession(t)
	s.run("func f() int { return 1 }\ntype T struct{ a int }\nfunc (t T) Get() int { return t.a }", "")
	s.run("", "t := T{5}\ng := f")
	s.run("func f() int { return 2 }\ntype T struct{ a, b int }\nfunc (t T) Get() int { return t.a + t.b }", "")
	s.expect("2 1 5 7 false", "", "u := T{3, 4}; var a any = t; _, ok := a.(T)\nfmt.Println(f(), g(), t.Get(), u.Get(), ok)")
}

func TestGenericsOfEarlierCells(t *testing.T) {
	s := newSession(t)
	s.run("func Map[T, U any](xs []T, f func(T) U) (out []U) {\n\tfor _, x := range xs {\n\t\tout = append(out, f(x))\n\t}\n\treturn\n}\ntype Box[T any] struct{ V T }\nfunc (b Box[T]) Show() string { return fmt.Sprint(\"<\", b.V, \">\") }", "")
	s.expect("[a1 a2]", "", "fmt.Println(Map([]int{1, 2}, func(i int) string { return fmt.Sprint(\"a\", i) }))")
	s.expect("<x> {main}", "type P struct{ n string }", "fmt.Println(Box[string]{\"x\"}.Show(), Map([]int{1}, func(int) P { return P{\"main\"} })[0])")
}

func TestLaterTypesImplementEarlierInterfaces(t *testing.T) {
	s := newSession(t)
	s.run("type Shape interface{ Area() float64 }\nfunc area(v any) string {\n\tif s, ok := v.(Shape); ok {\n\t\treturn fmt.Sprint(s.Area())\n\t}\n\treturn \"no shape\"\n}", "")
	s.expect("no shape", "", "fmt.Println(area(3))")
	s.expect("4 9", "type Sq struct{ s float64 }\nfunc (s Sq) Area() float64 { return s.s * s.s }\ntype Len float64\nfunc (l Len) Area() float64 { return float64(l * l) }", "fmt.Println(area(Sq{2}), area(Len(3)))")
}

func TestReplaceMethod(t *testing.T) {
	s := newSession(t)
	s.run("type Acc struct{ n int }\nfunc (a *Acc) Add(k int) int { a.n += k; return a.n }\nfunc (a Acc) String() string { return fmt.Sprint(\"acc \", a.n) }\nfunc use(a *Acc) int { return a.Add(1) }\ntype Adder interface{ Add(int) int }", "acc := &Acc{}\nvar i Adder = acc\nf := acc.Add")
	s.expect("1 2 3 acc 3", "", "fmt.Println(use(acc), i.Add(1), f(1), *acc)")
	c := s.cell("func Acc_Add(a *Acc, k int) int { a.n += 100 * k; return a.n }\nfunc Acc_String(a Acc) string { return \"ACC\" }", "")
	named := s.pkg.Scope().Lookup("Acc").Type().(*types.Named)
	for _, d := range c.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok {
			m, _, _ := types.LookupFieldOrMethod(types.NewPointer(named), true, s.pkg, strings.TrimPrefix(fd.Name.Name, "Acc_"))
			c.Replace[fd] = m.(*types.Func)
		}
	}
	if _, err := s.runCell(c, time.Second); err != nil {
		t.Fatal(err)
	}
	s.expect("103 203 303 403 ACC", "", "fmt.Println(use(acc), i.Add(1), f(1), acc.Add(1), *acc)")
}

func TestDiscardLeavesNothing(t *testing.T) {
	s := newSession(t)
	s.run("func f() int { return 1 }", "")
	c := s.cell("func f() int { return 2 }\ntype T struct{}", "z := f()")
	code, err := s.lower.Lower(c)
	if err != nil {
		t.Fatal(err)
	}
	s.lower.Discard(code)
	for _, o := range c.Globals {
		if n := s.lower.Name(o); n != "" {
			t.Errorf("%v has the name %s after Discard", o, n)
		}
	}
	s.expect("3", "func f() int { return 3 }\ntype T struct{}", "z := f(); fmt.Println(z)")
}

func TestOutAndGuard(t *testing.T) {
	s := newSession(t)
	s.run("func two(ok bool) (int, error) { if ok { return 7, nil }; return 0, fmt.Errorf(\"bad\") }", "")
	out := func(c *lower.Cell) ([]any, error) {
		code, err := s.lower.Lower(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, src := range code.Sources {
			if err := s.eval(src); err != nil {
				t.Fatal(err)
			}
		}
		s.lower.Commit(code)
		v, err := s.interp.Eval(code.Entry)
		if err != nil {
			t.Fatal(err)
		}
		cell := s.state.Begin("cell", nil)
		failed := cell.Run(v.Interface().(func()))
		values, _ := cell.Values()
		if failed != nil {
			return values, failed.Value.(error)
		}
		return values, nil
	}
	if v, err := out(s.cell("", "out(two(true))")); err != nil || len(v) != 2 || v[0] != 7 {
		t.Errorf("%v, %v", v, err)
	}
	c := s.cell("", "out(two(true))")
	c.OutError = true
	if v, err := out(c); err != nil || len(v) != 1 {
		t.Errorf("with OutError: %v, %v", v, err)
	}
	c = s.cell("", "out(two(false))")
	c.OutError = true
	if _, err := out(c); err == nil || err.Error() != "bad" {
		t.Errorf("failing: %v", err)
	}
	c = s.cell("", "x, err := two(false)\nfmt.Println(x, err)")
	c.Check[c.Body[0]] = true
	if _, err := out(c); err == nil || err.Error() != "bad" {
		t.Errorf("Check of an assignment: %v", err)
	}
	c = s.cell("", "two(false)")
	c.Check[c.Body[0]] = true
	if _, err := out(c); err == nil || err.Error() != "bad" {
		t.Errorf("Check of a call: %v", err)
	}
	if v, err := out(s.cell("", "out(1 << 70 >> 8)")); err != nil || fmt.Sprint(v[0]) != "4611686018427387904" {
		t.Errorf("constant: %v, %v", v, err)
	}
}

func TestPositionsAreTrue(t *testing.T) {
	s := newSession(t)
	code, err := s.lower.Lower(s.cell("", "a := []int{1}\nfor i := range 3 {\n\tif i > 0 {\n\t\tfunc() {\n\t\t\ta[i] = 1\n\t\t}()\n\t}\n}"))
	if err != nil {
		t.Fatal(err)
	}
	last := code.Sources[len(code.Sources)-1]
	line := 0
	for l := range strings.Lines(last) {
		if n, ok := strings.CutPrefix(l, "//line cell[1]:"); ok {
			fmt.Sscan(n, &line)
			continue
		}
		if strings.Contains(l, "a[") && line != 5 {
			t.Errorf("the assignment is at line %d of the cell, want 5:\n%s", line, last)
		}
		line++
	}
}

func TestStopEverywhere(t *testing.T) {
	for name, body := range map[string]string{
		"loop":      "for { }",
		"goto":      "again: goto again",
		"receive":   "c := make(chan int); <-c",
		"nil":       "var c chan int; <-c",
		"send":      "c := make(chan int); c <- 1",
		"range":     "c := make(chan int); for range c { }",
		"select":    "c := make(chan int); select { case <-c: case c <- 1: }",
		"empty":     "select { }",
		"recursion": "var f func(int); f = func(n int) { if n > 0 { f(n-1); f(n-1) } }; f(60)",
		"callback":  "sort.Slice(make([]int, 1<<24), func(i, j int) bool { return i*7%5 < j*3%5 })",
		"wait":      "var wg sync.WaitGroup; wg.Add(1); wg.Wait()",
		"recovered": "func() { defer func() { recover() }(); for { } }(); for { }",
	} {
		t.Run(name, func(t *testing.T) {
			s := newSession(t)
			begin := time.Now()
			_, err := s.runCell(s.cell("", body), 50*time.Millisecond)
			if err == nil || !strings.Contains(err.Error(), errLimit.Error()) {
				t.Errorf("ended with %v", err)
			}
			if d := time.Since(begin); d > 5*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for name, tt := range map[string]struct{ decls, body, want string }{
		"blurred types":       {"type C float64", "var a any = []C{1}\n_, ok := a.([]float64)\n_ = ok", "in an interface"},
		"recursive functions": {"type M struct{ f map[int]func(*M) }", "_ = M{}", "contains functions of itself"},
		"goto in iterator":    {"func seq(yield func(int) bool) { yield(1) }", "for range seq {\ngoto end\n}\nend:", "goto inside range over a function"},
		"embedded in JSON":    {"type B struct{ X int }\ntype T struct{ B }", "json.Marshal(T{})", "embedded fields"},
		"inner interfaces":    {"type I interface{ M() }\ntype T struct{ i I }", "a, b := T{}, T{}\n_ = a == b", "comparison of values that contain"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSession(t)
			_, err := s.lower.Lower(s.cell(tt.decls, tt.body))
			var r *lower.Refusal
			if !errors.As(err, &r) {
				t.Fatalf("error %v, want a Refusal", err)
			}
			if !strings.Contains(r.Construct, tt.want) || r.Instead == "" || r.Pos.Line == 0 {
				t.Errorf("%+v, want %q", r, tt.want)
			}
			s.expect("1", "", "fmt.Println(1)")
		})
	}
}

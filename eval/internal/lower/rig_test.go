package lower_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/nskernel/nskernel/eval/internal/lower"
	"github.com/nskernel/nskernel/eval/nsrt"
	"github.com/nskernel/nskernel/symbols"
	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib/unrestricted"
)

var (
	fset   = token.NewFileSet()
	source = sync.OnceValue(func() types.Importer {
		imp, err := symbols.Importer()
		if err != nil {
			panic(err)
		}
		return imp
	})
)

var oneOut *os.File

// rig is a session without cells: it lowers whole programs and runs them.
type rig struct {
	interp *interp.Interpreter
	state  *nsrt.State
	lower  *lower.Lowerer
	out    *os.File // where standard output and standard error go
	cells  int
	code   *lower.Code // the last one
}

func newRig(t testing.TB) *rig {
	t.Helper()
	f := oneOut
	if f == nil {
		var err error
		f, err = os.CreateTemp(t.TempDir(), "out")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
	}
	r := &rig{lower: lower.New(), out: f}
	r.state = nsrt.NewState(func(_ *nsrt.Cell, p nsrt.Panic) { fmt.Fprintf(r.out, "background panic: %v\n", nsrt.FixPanic(p.Value)) })
	r.interp = interp.New(interp.Options{Stdout: f, Stderr: io.Discard, Unrestricted: true})
	for _, e := range append(symbols.Exports(), unrestricted.Symbols, r.state.Exports()) {
		if err := r.interp.Use(e); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func newInfo() *types.Info {
	return &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
}

// program makes a cell of a complete program: its variables are set in
// initialisation order, then init and main are called.
func program(name, src string) (*lower.Cell, error) {
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	info := newInfo()
	conf := types.Config{Importer: source(), GoVersion: "go1.26"}
	pkg, err := conf.Check("main", fset, []*ast.File{file}, info)
	if err != nil {
		return nil, err
	}
	c := &lower.Cell{Name: name, Fset: fset, Info: info, Pkg: pkg}
	use := func(o types.Object) *ast.Ident {
		id := &ast.Ident{NamePos: o.Pos(), Name: o.Name()}
		if o.Name() != "_" {
			info.Uses[id] = o
		}
		info.Types[id] = types.TypeAndValue{Type: o.Type()}
		return id
	}
	var calls []ast.Stmt
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" || d.Name.Name == "main" && d.Recv == nil {
				call := &ast.CallExpr{Fun: use(info.Defs[d.Name])}
				info.Types[call] = types.TypeAndValue{Type: types.NewTuple()}
				calls = append(calls, &ast.ExprStmt{X: call})
			}
			c.Decls = append(c.Decls, d)
		case *ast.GenDecl:
			if d.Tok != token.VAR {
				c.Decls = append(c.Decls, d)
				continue
			}
			for _, sp := range d.Specs {
				for _, n := range sp.(*ast.ValueSpec).Names {
					if n.Name != "_" {
						c.Globals = append(c.Globals, info.Defs[n].(*types.Var))
					}
				}
			}
		}
	}
	for _, in := range info.InitOrder {
		as := &ast.AssignStmt{Tok: token.ASSIGN, TokPos: in.Rhs.Pos(), Rhs: []ast.Expr{in.Rhs}}
		for _, v := range in.Lhs {
			as.Lhs = append(as.Lhs, use(v))
		}
		c.Body = append(c.Body, as)
	}
	c.Body = append(c.Body, calls...)
	return c, nil
}

// runCell lowers and runs a cell. It returns what was written.
func (r *rig) runCell(c *lower.Cell, limit time.Duration) (out string, err error) {
	code, err := r.lower.Lower(c)
	if err != nil {
		return "", err
	}
	r.code = code
	for _, s := range code.Sources {
		if err := r.eval(s); err != nil {
			r.lower.Discard(code)
			return "", fmt.Errorf("interpreter: %w", err)
		}
	}
	r.lower.Commit(code)
	if code.Entry == "" {
		return "", nil
	}
	return r.call(code.Entry, limit)
}

func (r *rig) eval(src string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	_, err = r.interp.Eval(src)
	return err
}

var errLimit = errors.New("time limit")

// call runs a function of the interpreter as a cell.
func (r *rig) call(entry string, limit time.Duration) (string, error) {
	v, err := r.interp.Eval(entry)
	if err != nil {
		return "", err
	}
	start, _ := r.out.Seek(0, 2)
	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = r.out, r.out
	cell := r.state.Begin("cell", nil)
	timer := time.AfterFunc(limit, func() { cell.StopMain(errLimit); time.AfterFunc(time.Second, cell.Abandon) })
	failed := cell.Run(v.Interface().(func()))
	timer.Stop()
	os.Stdout, os.Stderr = stdout, stderr
	end, _ := r.out.Seek(0, 2)
	b := make([]byte, end-start)
	_, _ = r.out.ReadAt(b, start)
	if failed != nil {
		return string(b), fmt.Errorf("panic: %v", describe(nsrt.FixPanic(failed.Value)))
	}
	return string(b), nil
}

func describe(v any) any {
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Struct && rv.NumField() > 0 {
		return fmt.Sprintf("%+v", v)
	}
	return v
}

// runProgram runs a complete program in a session of its own.
func runProgram(t testing.TB, name, src string) (string, error) {
	c, err := program(name, src)
	if err != nil {
		return "", err
	}
	return newRig(t).runCell(c, 10*time.Second)
}

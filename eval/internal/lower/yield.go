package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// yieldBody is the body of a loop over a function, which is written as the
// function given to it. Jumps out of the body set flow and return false; code
// after the call continues them.
type yieldBody struct {
	up     *yieldBody
	flow   string
	state  string // variable: 0 ready, 1 running, 2 done
	exits  []string
	label  string
	breaks int             // statements inside that a plain break leaves
	loops  int             // loops inside that a plain continue goes on with
	inner  map[string]bool // labels inside
}

// enter notes that the writer is inside a labelled or breakable statement.
func (u *unit) enter(label string, loop bool) (leave func()) {
	y := u.fn.yield
	if y == nil {
		return func() {}
	}
	y.breaks++
	if loop {
		y.loops++
	}
	if label != "" {
		y.inner[label] = true
	}
	return func() {
		y.breaks--
		if loop {
			y.loops--
		}
		delete(y.inner, label)
	}
}

func (u *unit) rangeFunc(s *ast.RangeStmt, sig *types.Signature, label string) {
	yield := u.under(sig.Params().At(0).Type()).(*types.Signature)
	y := &yieldBody{up: u.fn.yield, flow: u.tmp(), state: u.tmp(), label: label, inner: map[string]bool{}}
	f := u.store(u.x(s.X), u.typ(s.X))
	u.p("{\n%s, %s := 0, 0\n", y.flow, y.state)
	var names []string
	for range yield.Params().Len() {
		names = append(names, u.tmp())
	}
	u.fn.yield = y
	body := u.sub(func() {
		key, val := "", ""
		var kt, vt types.Type
		if len(names) > 0 {
			key, kt = names[0], yield.Params().At(0).Type()
		}
		if len(names) > 1 {
			val, vt = names[1], yield.Params().At(1).Type()
		}
		u.bind(s, key, val, kt, vt)
		u.loopBody(s.Body)
	})
	u.fn.yield = y.up
	u.p("%s(func() func%s { return func%s {\n", f, u.signature(yield, nil), u.signature(yield, names))
	u.poll()
	u.p("%s(%s)\n%s = 1\n%s", u.nsrt("Yield"), y.state, y.state, body)
	u.p("%s = 0\nreturn true\n} }())\n%s(%s)\n%s = 2\n", y.state, u.nsrt("Yielded"), y.state, y.state)
	for i, e := range y.exits {
		u.p("if %s == %d {\n%s}\n", y.flow, i+1, e)
	}
	u.p("}\n")
}

// stop writes the end of the loop; again the end of one iteration.
func (y *yieldBody) stop() string  { return fmt.Sprintf("%s = 2\nreturn false\n", y.state) }
func (y *yieldBody) again() string { return fmt.Sprintf("%s = 0\nreturn true\n", y.state) }

// leave writes a jump out of the loop that goes on with code after it.
func (y *yieldBody) leave(code string) string {
	n := 0
	for i, e := range y.exits {
		if e == code {
			n = i + 1
		}
	}
	if n == 0 {
		y.exits = append(y.exits, code)
		n = len(y.exits)
	}
	return fmt.Sprintf("%s = %d\n%s", y.flow, n, y.stop())
}

// yieldReturn writes a return statement of the function around the loop.
func (u *unit) yieldReturn(s *ast.ReturnStmt) {
	u.setResults(s)
	code := "return\n"
	if !u.fn.inDefers {
		code = "return " + strings.Join(u.fn.results, ", ") + "\n"
	}
	var ys []*yieldBody
	for y := u.fn.yield; y != nil; y = y.up {
		ys = append(ys, y)
	}
	for i := len(ys) - 1; i >= 0; i-- {
		code = ys[i].leave(code)
	}
	u.p("%s", code)
}

// yieldBranch writes a break or continue that leaves the body. It reports
// whether it does.
func (u *unit) yieldBranch(s *ast.BranchStmt) bool {
	y := u.fn.yield
	if s.Label == nil {
		switch {
		case s.Tok == token.BREAK && y.breaks == 0:
			u.p("%s", y.stop())
			return true
		case s.Tok == token.CONTINUE && y.loops == 0:
			u.p("%s", y.again())
			return true
		}
		return false
	}
	label := s.Label.Name
	if y.inner[label] {
		return false
	}
	u.p("%s", u.jump(y, s.Tok, label))
	return true
}

// jump writes a labelled break or continue out of body y.
func (u *unit) jump(y *yieldBody, tok token.Token, label string) string {
	switch {
	case y == nil || y.inner[label]:
		return fmt.Sprintf("%s %s\n", tok, u.labelName("label_", label))
	case y.label == label && tok == token.BREAK:
		return y.stop()
	case y.label == label:
		return y.again()
	}
	return y.leave(u.jump(y.up, tok, label))
}

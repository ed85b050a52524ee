package eval

import "testing"

func TestSmoke(t *testing.T) {
	n := newNotebook(t)
	for _, c := range []string{"1+1", "x := 2\nx*3", "fmt.Println(x)", "func f() int { return x }", "f()", "x = 7", "f()", "func f() string { return \"a\" }", "f()",
	"type T struct { A, b int }", "t := T{1,2}", "t", "&t", "[]T{t}", "panic(1)", "undefined1"} {
		r, out, err := n.exec(c)
		t.Log(c, "→", r.Result, out)
		if err != nil {
			t.Log(describe(err))
		}
	}
}

package eval_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
)

func TestUserExpressions(t *testing.T) {
	n := newNotebook(t)
	r, err := n.s.Execute(context.Background(), kernel.Request{
		Code: "a := 6", Count: 1, UserExpressions: map[string]string{"product": "a * 7", "wrong": "b", "nothing": "a = 6"},
	}, &recorder{})
	if err != nil {
		t.Fatal(err)
	}
	if v := r.UserExpressions["product"].Value.Data[display.MIMEText]; v != "42" {
		t.Errorf("product is %v", v)
	}
	if e := r.UserExpressions["wrong"].Err; e == nil || !strings.Contains(e.Value, "undefined: b") {
		t.Errorf("wrong gives %v", e)
	}
	if e := r.UserExpressions["nothing"]; e.Err != nil || e.Value.Data != nil {
		t.Errorf("nothing gives %+v", e)
	}
}

// TestTraceback looks at what a front end shows of errors.
func TestTraceback(t *testing.T) {
	n := newNotebook(t)
	n.result("func deep(i int) int { s := []int{1}; return s[i] }\nfunc outer() int { return deep(5) + 1 }\nfunc hint() error { return advised{} }\ntype advised struct{}\nfunc (advised) Error() string { return \"bin size is 0\" }\nfunc (advised) Hint() string { return \"give a positive bin size\" }")
	for _, tt := range []struct {
		code string
		want []string
	}{
		{"x := 1\nx + undefinedName", []string{"cell[2]:2:5", "undefined: undefinedName", "    x + undefinedName\n        ^"}},
		{"import \"strconv\"\n\tn := strconv.Atoi(\"1\")", []string{"cell[3]:2:7", "\tn := strconv", "fix: write n, err := strconv.Atoi(\"1\")"}},
		{"a := 1\nb := outer()", []string{"panic: ", "index out of range", "cell[4]:2:6", "    b := outer()\n         ^", "in deep", "in outer"}},
		{"y := 2\nhint()", []string{"error: bin size is 0", "cell[5]:2:1", "fix: give a positive bin size"}},
		{"p, q := undefinedA, undefinedB", []string{"undefined: undefinedA", "undefined: undefinedB"}},
		{"ä := \"ö\"; z := ä + 1", []string{"cell[7]:1:18", "^"}},
	} {
		_, _, err := n.exec(tt.code)
		var ce *kernel.CellError
		if !errors.As(err, &ce) {
			t.Errorf("%q gives %v", tt.code, err)
			continue
		}
		text := plain(strings.Join(ce.Traceback, "\n"))
		for _, w := range tt.want {
			if !strings.Contains(text, w) {
				t.Errorf("%q: the traceback lacks %q:\n%s", tt.code, w, text)
			}
		}
		if strings.Contains(ce.Value, "\n") || strings.Contains(ce.Value, "\x1b") {
			t.Errorf("%q: the value is not one plain line: %q", tt.code, ce.Value)
		}
	}
}

// plain removes ANSI colours.
func plain(s string) string {
	for {
		i := strings.Index(s, "\x1b[")
		if i < 0 {
			return s
		}
		j := strings.IndexByte(s[i:], 'm')
		s = s[:i] + s[i+j+1:]
	}
}

// TestEditorWhileRunning asks for completions while a cell runs and while
// cells are compiled.
func TestEditorWhileRunning(t *testing.T) {
	n := newNotebook(t)
	n.result("value := 1\ntype T struct{ Field int }\nfunc (T) Method() {}\nt := T{}")
	stop := make(chan bool)
	done := make(chan int)
	go func() {
		asked := 0
		for {
			select {
			case <-stop:
				done <- asked
				return
			default:
			}
			if c := n.s.Complete("t.", 2); len(c.Items) < 2 {
				t.Errorf("%d completions", len(c.Items))
			}
			n.s.Inspect("value", 3, 0)
			n.s.IsComplete("for {")
			asked++
		}
	}()
	for range 30 {
		n.result("value := value + 1\nfunc (T) Method() { value++ }\ntime.Sleep(time.Millisecond)\nt.Method()")
	}
	close(stop)
	if asked := <-done; asked < 10 {
		t.Errorf("only %d questions were answered", asked)
	}
}

func TestContextOfTheCell(t *testing.T) {
	n := newNotebook(t)
	n.result(`import "context"
func wait(c context.Context) error { <-c.Done(); return c.Err() }`)
	time.AfterFunc(50*time.Millisecond, func() { n.s.Interrupt(false) })
	if _, _, err := n.exec("err := wait(ctx)\nfmt.Println(\"not reached\")"); !isNamed(err, "interrupted") {
		t.Errorf("got %v", err)
	}
	if v, _ := n.result("ctx.Err() == nil"); v != "true" {
		t.Error("the context of the next cell is cancelled")
	}
}

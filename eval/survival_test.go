package eval_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestSurvival runs cells that end a compiled program, or hang it. Each must
// end with the error that is wanted, "" for none, and leave the session as it
// was.
func TestSurvival(t *testing.T) {
	for _, tt := range []struct{ name, code, want string }{
		{"panic", `panic("boom")`, "panic: boom"},
		{"panic with error", `panic(errors.New("as error"))`, "panic: as error"},
		{"panic with struct", `type P struct{ A int }; panic(P{3})`, `panic: \{3\}|P\{`},
		{"panic nil", `panic(nil)`, "panic called with nil"},
		{"index", `s := []int{1}; i := 5; s[i]`, `index out of range \[5\] with length 1|index out of range`},
		{"slice bounds", `s := []int{1}; i := 5; s[1:i]`, "out of range"},
		{"nil map", `var m map[string]int; m["a"] = 1`, "assignment to entry in nil map"},
		{"nil pointer", `type P struct{ A int }; var p *P; p.A`, "nil pointer dereference"},
		{"nil function", `var f func(); f()`, "nil"},
		{"division", `a, b := 1, 0; a / b`, "divide by zero"},
		{"assertion", `var e any = "text"; e.(int)`, "interface conversion"},
		{"closed channel", `c := make(chan int); close(c); close(c)`, "close of closed channel"},
		{"send on closed", `c := make(chan int, 1); close(c); c <- 1`, "send on closed channel"},
		{"close nil channel", `var c chan int; close(c)`, "close of nil channel"},
		{"negative length", `n := -1; make([]int, n)`, "len out of range|negative"},
		{"huge slice", `n := 1 << 62; make([]int, n)`, "out of range"},
		{"negative wait group", `var wg sync.WaitGroup; wg.Done()`, "negative WaitGroup counter"},
		{"unlock", `strings.Repeat("x", -1)`, "negative Repeat count"},
		{"regexp", `regexp.MustCompile("(")`, "missing closing"},
		{"goexit", `runtime.Goexit()`, "Goexit"},
		{"exit", `os.Exit(7)`, "exit status 7"},
		{"exit in function", `func() { defer fmt.Print("x"); os.Exit(2) }()`, "exit status 2"},
		{"exit zero", `os.Exit(0)`, ""},
		{"fatal", `log.Fatal("x")`, "exit status 1"},
		{"log panic", `log.Panic("by log")`, "by log"},
		{"goroutine panic", `done := make(chan int); go func() { panic("in goroutine") }(); <-done`, "goroutine of this cell panicked: in goroutine"},
		{"goroutine of goroutine", `done := make(chan int); go func() { go func() { panic("deep") }(); select {} }(); <-done`, "panicked: deep"},
		{"wait group go", `var wg sync.WaitGroup; wg.Go(func() { panic("in wg.Go") }); wg.Wait(); time.Sleep(20*time.Millisecond)`, "in wg.Go"},
		{"timer", `time.AfterFunc(time.Millisecond, func() { panic("in timer") }); time.Sleep(time.Second)`, "in timer"},
		{"context", `c, cancel := context.WithCancel(ctx); context.AfterFunc(c, func() { panic("in context") }); cancel(); time.Sleep(time.Second)`, "in context"},
		{"callback of a library goroutine", `p := optimize.Problem{Func: func(x []float64) float64 { return x[7] }}; r, err := optimize.Minimize(p, []float64{1}, nil, &optimize.NelderMead{}); r`, "index out of range"},
		{"http handler", `srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic("in handler") })); resp, err := http.Get(srv.URL)`, "EOF"},
		{"goexit in goroutine", `var wg sync.WaitGroup; wg.Add(1); go func() { defer wg.Done(); runtime.Goexit() }(); wg.Wait()`, ""},
		{"exit in goroutine", `go os.Exit(3); time.Sleep(time.Second)`, "exit status 3"},
		{"String that panics", `type B struct{}; func (B) String() string { panic("in String") }; B{}`, ""},
		{"String that never ends", `type L struct{}; func (L) String() string { for { } }; L{}`, "interrupted"},
		{"Error that panics", `type B struct{}; func (B) Error() string { panic("in Error") }; func f() error { return B{} }; f()`, "in Error"},
		{"Error that never ends", `type L struct{}; func (L) Error() string { for { } }; func f() error { return L{} }; f()`, "interrupted"},
		{"panic with such an error", `type B struct{}; func (B) Error() string { panic("in Error") }; panic(B{})`, "in Error|did not return"},
		{"recursive String", `type R struct{ r *R }; func (r R) String() string { return fmt.Sprint(r) }; R{}`, "stack overflow"},
		{"recursion", `func r(n int) int { return r(n+1) + 1 }; r(0)`, "stack overflow"},
		{"recursion by closure", `var r func(int) int; r = func(n int) int { return r(n+1) + 1 }; r(0)`, "stack overflow"},
		{"recursion by methods", `type T struct{}; func (t T) a(n int) int { return t.b(n) + 1 }; func (t T) b(n int) int { return t.a(n) + 1 }; T{}.a(0)`, "stack overflow"},
		{"recursion in a goroutine", `done := make(chan int); func r(n int) int { return r(n+1) + 1 }; go func() { done <- r(0) }(); <-done`, "stack overflow"},
		{"memory", `var all [][]byte; for { all = append(all, make([]byte, 1<<18)) }`, "out of memory"},
		{"memory of strings", `var parts []string; for { parts = append(parts, strings.Repeat("x", 1<<18)) }`, "out of memory"},
		{"memory of a map", `m := map[int][]byte{}; for i := 0; ; i++ { m[i] = make([]byte, 1<<16) }`, "out of memory"},
		{"endless loop", `for { }`, "interrupted"},
		{"endless goroutines", `for range 4 { go func() { for { } }() }; select {}`, "interrupted"},
		{"deadlock", `var mu sync.Mutex; mu.Lock(); mu.Lock()`, "interrupted"},
		{"closed stdout", `os.Stdout.Close()`, ""},
		{"no input", `var x int; fmt.Scan(&x)`, "EOF"},
		{"recovered", `func() { defer func() { recover() }(); panic("x") }()`, ""},
		{"panic in defer", `func() { defer func() { panic("second") }(); panic("first") }()`, "second"},
		{"deep panic", `func d(n int) { if n == 0 { panic("from the depth") }; d(n-1) }; d(200)`, "from the depth"},
		{"much output", `for range 5000 { fmt.Println("0123456789") }`, ""},
		{"invalid UTF-8", `fmt.Print("\xff\xfe")`, ""},
		{"unhandled error", `os.Open("/no/such/file")`, "no such file"},
		{"not Go", `for x in range(10): print(x)`, "compile error"},
		{"env", `os.Setenv("NSKERNEL_X", "1"); os.Getenv("NSKERNEL_X")`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opt := testOptions()
			opt.MaxStack, opt.MaxHeap = 64<<20, 200<<20
			n := &notebook{t: t, s: newSessionWith(t, opt)}
			n.result(`import ("context"; "log"; "net/http"; "net/http/httptest"; "regexp"; "runtime"; "sync"; "gonum.org/v1/gonum/optimize")
kept := []int{1, 2}
func get() int { return kept[1] }`)
			if tt.want == "interrupted" {
				slow := time.AfterFunc(200*time.Millisecond, func() { n.s.Interrupt(false) })
				defer slow.Stop()
			}
			giveUp := time.AfterFunc(time.Minute, func() { n.s.Interrupt(true) })
			defer giveUp.Stop()
			_, out, err := n.exec(tt.code)
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("fails: %s", describe(err))
			case tt.want != "" && err == nil:
				t.Errorf("succeeds, want %s; output %q", tt.want, out)
			case tt.want != "":
				if ok, _ := regexp.MatchString(tt.want, err.Error()); !ok {
					t.Errorf("error %q, want %s", err, tt.want)
				}
			}
			if v, _ := n.result("get() + len(kept)"); v != "4" {
				t.Errorf("afterwards the session gives %s, want 4", v)
			}
			if _, out := n.result(`fmt.Println("still here")`); out != "still here\n" {
				t.Errorf("afterwards output is %q", out)
			}
		})
	}
}

// TestRunawayGoroutineAfterItsCell: a recursion without end in a goroutine
// that a cell has left behind is ended too, and what works goes on.
func TestRunawayGoroutineAfterItsCell(t *testing.T) {
	opt := testOptions()
	opt.MaxStack = 64 << 20
	n := &notebook{t: t, s: newSessionWith(t, opt)}
	n.result(`kept := 1
func deep(n int) int { return deep(n+1) + 1 }
func wait(c chan int) int { return <-c }`)
	n.exec(`go func() { time.Sleep(50 * time.Millisecond); deep(0) }()`)
	first := n.last
	deadline := time.Now().Add(30 * time.Second)
	for !strings.Contains(first.String(), "stack overflow") {
		if time.Now().After(deadline) {
			t.Fatalf("no report of the recursion; output %q", first.String())
		}
		time.Sleep(10 * time.Millisecond)
	}
	for range 3 {
		if v, _ := n.result("kept + 1"); v != "2" {
			t.Fatalf("afterwards the session gives %s, want 2", v)
		}
	}
	if v, _ := n.result("c := make(chan int, 1); c <- 5; wait(c)"); v != "5" {
		t.Errorf("functions of earlier cells give %s, want 5", v)
	}
}

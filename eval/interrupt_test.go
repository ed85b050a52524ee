package eval_test

import (
	"errors"
	"go/types"
	"strings"
	"testing"
	"time"

	"github.com/nskernel/nskernel/kernel"
)

// interrupted runs a cell, interrupts it and returns how long it took to end.
func (n *notebook) interrupted(code string) (took time.Duration, out string, err error) {
	sent := make(chan time.Time, 1)
	timer := time.AfterFunc(60*time.Millisecond, func() {
		sent <- time.Now()
		n.s.Interrupt(false)
	})
	defer timer.Stop()
	giveUp := time.AfterFunc(10*time.Second, func() { n.s.Interrupt(true) })
	defer giveUp.Stop()
	_, out, err = n.exec(code)
	select {
	case t := <-sent:
		return time.Since(t), out, err
	default:
		return 0, out, err
	}
}

func isNamed(err error, name string) bool {
	var ce *kernel.CellError
	return errors.As(err, &ce) && ce.Name == name
}

// interruptSetup makes state that every interrupt must leave alone.
const interruptSetup = `import ("sync"; "sync/atomic")
x := 41
func mk() func() int { n := 100; return func() int { n++; return n } }
cl := mk()
gcl := func() int { x++; return x }
ch := make(chan int)
var ticks atomic.Int64
go func() { for { ticks.Add(1); time.Sleep(time.Millisecond) } }()`

func TestInterruptKeepsState(t *testing.T) {
	for name, code := range map[string]string{
		"empty loop":      `for { }`,
		"busy loop":       `for i := 0; ; i++ { _ = i * i }`,
		"nested loops":    `for { for j := 0; j < 1000; j++ { _ = j } }`,
		"goto loop":       "again:\n\tgoto again",
		"recursive calls": `func spin(n int) int { if n == 0 { return 0 }; return spin(n-1) }` + "\nfor { spin(3) }",
		"sleep":           `time.Sleep(time.Hour)`,
		"receive":         `<-ch`,
		"send":            `ch <- 1`,
		"select":          `select {}`,
		"select of two":   `select { case <-ch: case v := <-make(chan string): _ = v }`,
		"range over chan": `for v := range ch { _ = v }`,
		"range over func": `func forever(yield func(int) bool) { for i := 0; yield(i); i++ {} }` + "\nfor range forever {}",
		"callback":        `strings.Map(func(r rune) rune { for { } }, "abc")`,
		"many callbacks":  `sort.Slice(make([]int, 1<<24), func(i, j int) bool { return i < j })`,
		"wait group":      `var wg sync.WaitGroup; wg.Add(1); wg.Wait()`,
		"mutex":           `var mu sync.Mutex; mu.Lock(); mu.Lock()`,
		"closure":         `func() { for { gcl() } }()`,
		"swallowed":       `func() { defer func() { recover() }(); for { } }()` + "\nfor { }",
		"method":          `type sp struct{ n int }; func (s *sp) spin() { for { s.n++ } }; (&sp{}).spin()`,
		"timer":           `<-time.After(time.Hour)`,
	} {
		t.Run(name, func(t *testing.T) {
			n := newNotebook(t)
			n.result(interruptSetup)
			took, out, err := n.interrupted(code)
			if !isNamed(err, "interrupted") {
				t.Fatalf("got %v, want interrupted; output %q", err, out)
			}
			if took > 2*time.Second {
				t.Errorf("took %v to stop", took)
			}
			t.Logf("stopped after %v", took)
			if v, _ := n.result(`cl() == 101 && gcl() >= 42`); v != "true" {
				t.Errorf("closures after the interrupt: %s", v)
			}
			if v, _ := n.result(`t1 := ticks.Load(); for i := 0; i < 300 && ticks.Load() == t1; i++ { time.Sleep(10*time.Millisecond) }; ticks.Load() > t1`); v != "true" {
				t.Error("the goroutine of an earlier cell has stopped")
			}
		})
	}
}

func TestInterruptRunsDeferredFunctions(t *testing.T) {
	n := newNotebook(t)
	_, out, err := n.interrupted(`func() { defer fmt.Println("cleaned up"); defer func() { for i := 0; i < 3; i++ { fmt.Println(i) } }(); for { } }()`)
	if !isNamed(err, "interrupted") || out != "0\n1\n2\ncleaned up\n" {
		t.Errorf("error %v, output %q", err, out)
	}
}

func TestInterruptReleasesWaiters(t *testing.T) {
	n := newNotebook(t)
	n.result(`import "sync"`)
	_, _, err := n.interrupted(`var wg sync.WaitGroup
for i := 0; i < 4; i++ { wg.Add(1); go func() { defer wg.Done(); for { } }() }
wg.Wait()`)
	if !isNamed(err, "interrupted") {
		t.Fatal(err)
	}
	if v, _ := n.result("1 + 1"); v != "2" {
		t.Errorf("after the interrupt: %s", v)
	}
}

func TestSecondInterruptGivesUp(t *testing.T) {
	n := newNotebook(t)
	n.result(`import "net"`)
	time.AfterFunc(50*time.Millisecond, func() { n.s.Interrupt(false) })
	time.AfterFunc(200*time.Millisecond, func() { n.s.Interrupt(true) })
	// A compiled call that nothing interrupts.
	_, _, err := n.exec(`l, err := net.Listen("tcp", "127.0.0.1:0")
after := false
l.Accept()
after = true`)
	if !isNamed(err, "interrupted") || !strings.Contains(err.Error(), "still running") {
		t.Fatalf("got %v", err)
	}
	if v, _ := n.result("2 * 21"); v != "42" {
		t.Errorf("the session is stuck: %s", v)
	}
	n.result("l.Close()\ntime.Sleep(20*time.Millisecond)")
	if v, _ := n.result("after"); v != "false" {
		t.Error("the abandoned cell went on")
	}
}

// TestAbandonedCellCommitsNothing: the compiled call is the last thing the cell
// does, so nothing stops it before its end.
func TestAbandonedCellCommitsNothing(t *testing.T) {
	n := newNotebook(t)
	n.result("import \"net\"\nl, err := net.Listen(\"tcp\", \"127.0.0.1:0\")\nlate := 1")
	time.AfterFunc(50*time.Millisecond, func() { n.s.Interrupt(false) })
	time.AfterFunc(150*time.Millisecond, func() { n.s.Interrupt(true) })
	if _, _, err := n.exec("late, _ := l.Accept()"); !isNamed(err, "interrupted") {
		t.Fatalf("got %v", err)
	}
	n.result("l.Close()\ntime.Sleep(30*time.Millisecond)")
	if v, _ := n.result("late"); v != "1" {
		t.Errorf("late is %s: the abandoned cell has changed the session", v)
	}
}

func TestRunawayRecursion(t *testing.T) {
	opt := testOptions()
	opt.MaxStack = 64 << 20
	n := &notebook{t: t, s: newSessionWith(t, opt)}
	n.result(interruptSetup)
	n.result(`func rec(n int) int { return rec(n+1) + 1 }`)
	_, _, err := n.exec(`rec(0)`)
	if err == nil || !strings.Contains(err.Error(), "stack overflow") {
		t.Fatalf("got %v", err)
	}
	if v, _ := n.result(`cl() == 101 && gcl() == 42`); v != "true" {
		t.Errorf("closures after the overflow: %s", v)
	}
	if v, _ := n.result(`func fact(n int) int { if n == 0 { return 1 }; return n * fact(n-1) }; fact(10)`); v != "3628800" {
		t.Errorf("recursion after the overflow: %s", v)
	}
}

func TestRunawayMemory(t *testing.T) {
	opt := testOptions()
	opt.MaxHeap = 200 << 20
	n := &notebook{t: t, s: newSessionWith(t, opt)}
	n.result(`keep := 7`)
	_, _, err := n.exec(`var all [][]byte
for { all = append(all, make([]byte, 1<<18)) }`)
	if err == nil || !strings.Contains(err.Error(), "out of memory") {
		t.Fatalf("got %v", err)
	}
	if v, _ := n.result("all = nil; keep"); v != "7" {
		t.Errorf("after the stop: %s", v)
	}
}

func TestGoroutinePanicKeepsKernel(t *testing.T) {
	n := newNotebook(t)
	_, out, err := n.exec(`go func() { panic("boom") }()
for { time.Sleep(time.Millisecond) }`)
	if err == nil || !strings.Contains(err.Error(), "goroutine") || !strings.Contains(out, "boom") {
		t.Errorf("error %v, output %q", err, out)
	}
	n.result(`go func() { time.Sleep(20*time.Millisecond); var m map[string]int; m["a"] = 1 }()`)
	first := n.last
	n.result("time.Sleep(60*time.Millisecond)")
	if !strings.Contains(first.String(), "nil map") {
		t.Errorf("the panic of a background goroutine was not told to its cell: %q", first.String())
	}
	_, out, _ = n.exec(`time.AfterFunc(time.Millisecond, func() { panic("from a timer") })
time.Sleep(50*time.Millisecond)`)
	if !strings.Contains(out, "from a timer") {
		t.Errorf("panic of a timer: %q", out)
	}
	if v, _ := n.result("1+1"); v != "2" {
		t.Error(v)
	}
}

func TestExitEndsTheCellOnly(t *testing.T) {
	n := newNotebook(t)
	n.result(`import "log"`)
	for _, c := range []struct{ code, want string }{
		{`fmt.Println("a"); os.Exit(3); fmt.Println("b")`, "exit status 3"},
		{`log.Fatal("cannot go on")`, "exit status 1"},
		{`log.Fatalf("cannot %s", "go on")`, "exit status 1"},
		{`func stop() { os.Exit(2) }; stop()`, "exit status 2"},
	} {
		_, out, err := n.exec(c.code)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, output %q", c.code, err, out)
		}
	}
	if _, _, err := n.exec(`os.Exit(0)`); err != nil {
		t.Errorf("os.Exit(0): %v", err)
	}
	if v, _ := n.result("1+1"); v != "2" {
		t.Error(v)
	}
}

// importHook calls hook when a cell imports a package.
type importHook struct {
	types.Importer
	hook func(path string)
}

func (h importHook) Import(path string) (*types.Package, error) {
	h.hook(path)
	return h.Importer.Import(path)
}

// TestInterruptWhileCompiling: an interrupt that comes before the first
// statement ends the cell, and no later one.
func TestInterruptWhileCompiling(t *testing.T) {
	opt := testOptions()
	var n *notebook
	opt.Importer = importHook{opt.Importer, func(path string) {
		if path == "container/ring" || path == "container/heap" {
			n.s.Interrupt(false)
		}
	}}
	n = &notebook{t: t, s: newSessionWith(t, opt)}
	giveUp := time.AfterFunc(20*time.Second, func() {
		t.Error("the interrupt was lost")
		n.s.Interrupt(true)
	})
	defer giveUp.Stop()
	if _, _, err := n.exec("import \"container/ring\"\nfor {\n}\nvar _ ring.Ring"); !isNamed(err, "interrupted") {
		t.Errorf("err = %v, want interrupted", err)
	}
	// One that falls into a cell without statements does not reach the next.
	if _, _, err := n.exec("import \"container/heap\"\ntype H = heap.Interface"); err != nil {
		t.Errorf("declarations: %v", err)
	}
	if _, out, err := n.exec("for i := range 3 { println(i) }; fmt.Print(\"done\")"); err != nil || !strings.Contains(out, "done") {
		t.Errorf("next cell: %q, %v", out, err)
	}
	n.s.Interrupt(false) // between cells: nothing to stop
	if _, out, err := n.exec("fmt.Print(\"after\")"); err != nil || out != "after" {
		t.Errorf("after an interrupt between cells: %q, %v", out, err)
	}
}

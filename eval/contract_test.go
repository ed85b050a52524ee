package eval_test

import (
	"testing"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

// TestInterpreterContract holds the session to what the kernel relies on.
func TestInterpreterContract(t *testing.T) {
	kerneltest.TestInterpreter(t, func(t testing.TB) kernel.Interpreter { return newSession(t) }, kerneltest.Language{
		Hello:      `fmt.Println("hello, world")`,
		Stderr:     `fmt.Fprintln(os.Stderr, "careful")`,
		Nothing:    `// a comment`,
		Result:     `6 * 7`,
		ResultText: `42`,
		Display:    `display.HTML("<b>x</b>")`,
		Lines:      `for i := range 10000 { fmt.Println("line", i) }`,
		Broken:     "fmt.Println(\"before\")\npanic(\"broken\")",
		Invalid:    "fmt.Println(\"before\")\nundefinedName",
		Endless:    `for { }`,
		Set:        `kept := "kept"`,
		Get:        `fmt.Println(kept)`,
		Input:      "import \"bufio\"\nin := bufio.NewReader(os.Stdin)\nline, err := in.ReadString('\\n')\nfmt.Print(line)",
		Background: "release := make(chan bool)\nwritten := make(chan bool)\ngo func() { <-release; fmt.Println(\"late\"); written <- true }()",
		Release:    "release <- true\n_ = <-written",
		Complete:   map[string][]string{"strings.TrimSp": {"TrimSpace"}},
		Inspect:    map[string]string{"math.Sqrt": "Sqrt returns the square root"},
		IsComplete: map[string]kernel.Completeness{
			"1 + 1":     kernel.Complete,
			"for {":     kernel.Incomplete,
			"x := )":    kernel.Invalid,
			"// remark": kernel.Complete,
		},
	})
}

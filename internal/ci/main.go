// Command ci has the small programs that CI needs: it counts what ran, and
// runs every fuzz target.
//
//	go test -json ./... | go run ./internal/ci count
//	go run ./internal/ci fuzz -time 30s
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

func main() {
	var err error
	switch {
	case len(os.Args) > 1 && os.Args[1] == "count":
		err = count(os.Stdin, os.Stdout)
	case len(os.Args) > 1 && os.Args[1] == "fuzz":
		err = fuzz(os.Args[2:])
	default:
		err = errors.New("usage: ci count < test.json | ci fuzz [-time 30s]")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "ci:", err)
		os.Exit(1)
	}
}

// event is a line of `go test -json`.
type event struct {
	Action, Package, Test, Output, ImportPath string
}

// count reads the output of `go test -json`, prints what failed with its
// output, and ends with "N passed, N failed". It fails when something failed,
// when a test was skipped, and when nothing ran.
func count(in io.Reader, out io.Writer) error {
	output := map[string]*strings.Builder{}
	passed, failed, skipped := 0, 0, 0
	sc := bufio.NewScanner(in)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		var e event
		if err := json.Unmarshal(sc.Bytes(), &e); err != nil {
			return fmt.Errorf("not the output of go test -json: %q", sc.Text())
		}
		key := e.Package + e.ImportPath + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			if output[key] == nil {
				output[key] = &strings.Builder{}
			}
			output[key].WriteString(e.Output)
			continue
		case "pass":
			if e.Test != "" {
				passed++
			}
		case "fail", "build-fail":
			failed++
			text := ""
			if b := output[key]; b != nil {
				text = b.String()
			}
			fmt.Fprintf(out, "FAILED %s\n%s", key, text)
		case "skip":
			if e.Test != "" {
				skipped++
				fmt.Fprintf(out, "SKIPPED %s: CI skips nothing\n", key)
			}
		default:
			continue
		}
		delete(output, key)
	}
	if err := sc.Err(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d passed, %d failed\n", passed, failed+skipped)
	if failed+skipped > 0 || passed == 0 {
		return errors.New("tests failed, were skipped, or none ran")
	}
	return nil
}

var fuzzName = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

// fuzz runs each fuzz target of the module for a time.
func fuzz(args []string) error {
	fs := flag.NewFlagSet("fuzz", flag.ContinueOnError)
	each := fs.String("time", "30s", "time for each target")
	if err := fs.Parse(args); err != nil {
		return err
	}
	list, err := exec.Command("go", "list", "-f", `{{.Dir}}|{{.ImportPath}}|{{join .TestGoFiles ","}},{{join .XTestGoFiles ","}}`, "./...").Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	n := 0
	for _, line := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		part := strings.SplitN(line, "|", 3)
		for _, file := range strings.Split(part[2], ",") {
			if file == "" {
				continue
			}
			src, err := os.ReadFile(part[0] + "/" + file)
			if err != nil {
				return err
			}
			for _, m := range fuzzName.FindAllStringSubmatch(string(src), -1) {
				n++
				fmt.Println("fuzz", part[1], m[1])
				cmd := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+m[1]+"$", "-fuzztime", *each, part[1])
				cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
				if err := cmd.Run(); err != nil {
					return fmt.Errorf("%s %s: %w", part[1], m[1], err)
				}
			}
		}
	}
	if n == 0 {
		return errors.New("no fuzz target found")
	}
	fmt.Println(n, "fuzz targets ran")
	return nil
}

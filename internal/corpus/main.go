// Command corpus runs Go's own test programs by `nskernel run` and counts how
// many behave as they do when compiled.
//
//	go run ./internal/corpus [-run regexp] [-j 2] [-list] NSKERNEL
//
// A program passes when it ends with status 0 within the time and prints what
// its .out file holds, or nothing where there is none: as Go's runner has it.
// With -floor N, fewer passes than N are a failure. Programs that need what no
// interpreter offers (unsafe, runtime, os/exec, …) are not taken.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

func main() {
	pick := flag.String("run", "", "run the programs whose names match this `regexp`")
	jobs := flag.Int("j", runtime.NumCPU(), "programs at once")
	limit := flag.Duration("time", 30*time.Second, "time for a program")
	floor := flag.Int("floor", 0, "fewest passes that count as success")
	list := flag.Bool("list", false, "only list the programs")
	verbose := flag.Bool("v", false, "print the last lines of each failure")
	flag.Parse()
	rx, err := regexp.Compile(*pick)
	if err != nil {
		fatal(err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		fatal(err)
	}
	dir := filepath.Join(strings.TrimSpace(string(root)), "test")
	programs, err := find(dir, rx)
	if err != nil {
		fatal(err)
	}
	if *list {
		fmt.Println(strings.Join(programs, "\n"))
		return
	}
	if flag.NArg() != 1 {
		fatal(errors.New("which nskernel? give the path of the program"))
	}
	bin, err := filepath.Abs(flag.Arg(0))
	if err != nil {
		fatal(err)
	}
	passed := runAll(bin, dir, programs, *jobs, *limit, *verbose)
	fmt.Printf("%d passed, %d failed\n", passed, len(programs)-passed)
	if passed < *floor || len(programs) == 0 {
		fatal(fmt.Errorf("%d passed, at least %d must", passed, *floor))
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "corpus:", err)
	os.Exit(1)
}

// find lists the programs below dir, relative to it.
func find(dir string, rx *regexp.Regexp) ([]string, error) {
	var programs []string
	for _, pattern := range []string{"*.go", "*/*.go"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			rel, err := filepath.Rel(dir, name)
			if err != nil {
				return nil, err
			}
			if !rx.MatchString(rel) {
				continue
			}
			src, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			if wanted(src) {
				programs = append(programs, rel)
			}
		}
	}
	slices.Sort(programs)
	return programs, nil
}

var runLine = regexp.MustCompile(`(?m)^// run$`)

// wanted tells whether src is a program to run that imports nothing an
// interpreter cannot offer.
func wanted(src []byte) bool {
	if !runLine.Match(src) {
		return false
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", src, parser.ImportsOnly)
	if err != nil {
		return false
	}
	for _, im := range f.Imports {
		path, err := strconv.Unquote(im.Path.Value)
		if err != nil {
			return false
		}
		switch path {
		case "unsafe", "os/exec", "runtime", "syscall", "testing", "plugin", "os/signal", "C":
			return false
		}
		if strings.HasPrefix(path, "runtime/") || strings.HasPrefix(path, "internal/") || strings.HasPrefix(path, ".") {
			return false
		}
	}
	return true
}

// runAll runs the programs, prints the failures in order of their names, and
// returns how many passed.
func runAll(bin, dir string, programs []string, jobs int, limit time.Duration, verbose bool) int {
	results := make([]error, len(programs))
	next := make(chan int)
	var wg sync.WaitGroup
	for range jobs {
		wg.Go(func() {
			for i := range next {
				results[i] = run(bin, dir, programs[i], limit)
			}
		})
	}
	for i := range programs {
		next <- i
	}
	close(next)
	wg.Wait()
	passed := 0
	for i, err := range results {
		if err == nil {
			passed++
			continue
		}
		text, _, _ := strings.Cut(err.Error(), "\n")
		if verbose {
			text = err.Error()
		}
		fmt.Printf("FAIL %s: %s\n", programs[i], text)
	}
	return passed
}

func run(bin, dir, name string, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	work, err := os.MkdirTemp("", "corpus-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	cmd := exec.CommandContext(ctx, bin, "run", filepath.Join(dir, name))
	cmd.Dir = work
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	if ctx.Err() != nil {
		return fmt.Errorf("still running after %v", limit)
	}
	if err != nil {
		return fmt.Errorf("%w: %s", err, tail(out.String()))
	}
	want, err := os.ReadFile(filepath.Join(dir, strings.TrimSuffix(name, ".go")+".out"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if !bytes.Equal(out.Bytes(), want) {
		return fmt.Errorf("printed %q, want %q", short(out.String()), short(string(want)))
	}
	return nil
}

// tail is the end of a long text, without its line breaks at the end.
func tail(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 600 {
		s = "…" + s[len(s)-600:]
	}
	return s
}

func short(s string) string {
	if len(s) > 200 {
		s = s[:200] + "…"
	}
	return s
}

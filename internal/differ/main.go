// Command differ generates Go programs at random, runs them compiled and by
// `nskernel run`, and compares what they print.
//
//	go run ./internal/differ [-n 300] [-seed N] [-keep dir] NSKERNEL
//
// It prints the seed and how often each construct occurred. A difference is a
// failure; a program that the kernel refuses or cannot compile is reported
// and counted, but is no difference: the user was told. With -refused N, more
// refusals than N are a failure as well.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// perFile is how many programs share a file: starting a process and linking
// cost more than running one of them.
const perFile = 20

func main() {
	n := flag.Int("n", 300, "number of programs")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "seed of the first program")
	keep := flag.String("keep", "", "keep the files in this `directory`")
	refused := flag.Int("refused", 0, "most files that may be refused")
	jobs := flag.Int("j", 2, "kernels at once")
	flag.Parse()
	if flag.NArg() != 1 {
		fatal(errors.New("which nskernel? give the path of the program"))
	}
	bin, err := filepath.Abs(flag.Arg(0))
	if err != nil {
		fatal(err)
	}
	dir := *keep
	if dir == "" {
		if dir, err = os.MkdirTemp("", "differ"); err != nil {
			fatal(err)
		}
		defer os.RemoveAll(dir)
	}
	fmt.Printf("seed %d, %d programs\n", *seed, *n)
	counts, files, err := write(dir, *seed, *n)
	if err != nil {
		fatal(err)
	}
	if out, err := compile(dir); err != nil {
		fatal(fmt.Errorf("a generated program is no Go: %w\n%s", err, out))
	}
	r := compareAll(dir, bin, files, *jobs)
	report(counts)
	fmt.Printf("%d programs in %d files: %d files agree, %d differ, %d refused\n", *n, len(files), r.agree, r.differ, r.refused)
	if r.differ > 0 || r.refused > *refused {
		fmt.Printf("repeat with -seed %d -n %d -keep DIR\n", *seed, *n)
		os.Exit(1)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "differ:", err)
	os.Exit(2)
}

// write puts n programs into files below dir, one directory each.
func write(dir string, seed uint64, n int) (counts map[string]int, files []string, err error) {
	counts = map[string]int{}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module differ\n\ngo 1.26\n"), 0o644); err != nil {
		return nil, nil, err
	}
	for i := 0; i < n; i += perFile {
		name := fmt.Sprintf("f%05d", i/perFile)
		text := file(seed+uint64(i), min(perFile, n-i), counts)
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			return nil, nil, err
		}
		if err := os.WriteFile(filepath.Join(dir, name, "main.go"), []byte(text), 0o644); err != nil {
			return nil, nil, err
		}
		files = append(files, name)
	}
	return counts, files, nil
}

func compile(dir string) ([]byte, error) {
	c := exec.Command("go", "build", "-o", "bin/", "./...")
	c.Dir = dir
	return c.CombinedOutput()
}

type result struct{ agree, differ, refused int }

func compareAll(dir, bin string, files []string, jobs int) (r result) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots := make(chan struct{}, jobs)
	for _, f := range files {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			verdict, text := compareFile(dir, bin, f)
			mu.Lock()
			defer mu.Unlock()
			switch verdict {
			case "agree":
				r.agree++
			case "differ":
				r.differ++
				fmt.Printf("%s: %s\n", f, text)
			default:
				r.refused++
				fmt.Printf("%s: refused: %s\n", f, text)
			}
		})
	}
	wg.Wait()
	return r
}

// compareFile runs one file both ways.
func compareFile(dir, bin, name string) (verdict, text string) {
	want, err := exec.Command(filepath.Join(dir, "bin", name)).CombinedOutput()
	if err != nil {
		return "differ", fmt.Sprintf("the compiled program failed: %v\n%.400s", err, want)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	got, err := exec.CommandContext(ctx, bin, "run", filepath.Join(dir, name, "main.go")).CombinedOutput()
	if bytes.Equal(got, want) {
		return "agree", ""
	}
	w, g := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range w {
		if i < len(g) && g[i] == w[i] {
			continue
		}
		if err != nil && i == 0 {
			return "refused", strings.TrimSpace(strings.Join(g, " | "))
		}
		line := "(nothing)"
		if i < len(g) {
			line = g[i]
		}
		return "differ", fmt.Sprintf("line %d after %q:\n  compiled %q\n  kernel   %q", i+1, header(w[:i]), w[i], line)
	}
	return "differ", fmt.Sprintf("more output: %q", g[len(w):])
}

// header is the program that a line of output belongs to.
func header(lines []string) string {
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.HasPrefix(lines[i], "== ") {
			return lines[i]
		}
	}
	return ""
}

func report(counts map[string]int) {
	var names []string
	for n := range counts {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		fmt.Printf("%8d  %s\n", counts[n], n)
	}
}

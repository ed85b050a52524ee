// Command compare times operations of neurospatial beside the released Python
// library on the same inputs, checks that their results agree, and writes
// docs/benchmarks.md and docs/benchmarks.json.
//
//	go run ./internal/compare [-row NAME] [-out docs]
//
// It makes a virtual environment below .cache with the Python library at the
// version of requirements.txt.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

func main() {
	only := flag.String("row", "", "run the rows that match this `regexp`")
	out := flag.String("out", "docs", "folder for benchmarks.md and benchmarks.json")
	flag.Parse()
	if err := compare(*only, *out); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// result is one line of benchmarks.json.
type result struct {
	Row           string  `json:"row"`
	PythonVersion string  `json:"python_version"`
	PythonS       float64 `json:"python_s"` // median, seconds
	Live          bool    `json:"live"`     // measured now, not recorded earlier
	OursS         float64 `json:"ours_s"`   // median, seconds
	Ratio         float64 `json:"ratio"`
	Note          string  `json:"note,omitempty"`
}

// answer is what the Python side prints for a row.
type answer struct {
	Version string     `json:"version"`
	Median  float64    `json:"median"`
	Sample  []*float64 `json:"sample"` // of the result, to compare; null is NaN
	Error   string     `json:"error"`
}

// rowLimit is how long Python gets for one row.
const rowLimit = 400 * time.Second

func compare(only, out string) error {
	pick, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	python, err := environment()
	if err != nil {
		return err
	}
	in, err := makeInputs(filepath.Join(".cache", "compare", "inputs"))
	if err != nil {
		return err
	}
	var results []result
	for _, r := range rows {
		if !pick.MatchString(r.name) {
			continue
		}
		res, err := r.compare(python, in)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		fmt.Printf("%-36s python %10.3g s   ours %10.3g s   %8.0f x  %s\n", res.Row, res.PythonS, res.OursS, res.Ratio, res.Note)
		results = append(results, res)
	}
	if len(results) == 0 {
		return fmt.Errorf("no row matches %q", only)
	}
	return write(out, results)
}

// environment returns the Python interpreter of a virtual environment that has
// the library.
func environment() (string, error) {
	dir := filepath.Join(".cache", "compare", "venv")
	python := filepath.Join(dir, "bin", "python")
	if _, err := os.Stat(python); err != nil {
		if err := command("python3", "-m", "venv", dir); err != nil {
			return "", err
		}
	}
	return python, command(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", "internal/compare/requirements.txt")
}

func command(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

// compare measures Python and ours in alternation, twice each, and keeps the
// faster median of both.
func (r row) compare(python string, in *inputs) (result, error) {
	res := result{Row: r.name, Live: true, PythonS: math.Inf(1), OursS: math.Inf(1)}
	var sample []float64
	for range 2 {
		run, err := r.ours(in)
		if err != nil {
			return res, err
		}
		med, got := median(run)
		sample = got
		res.OursS = min(res.OursS, med)
		if r.recorded > 0 {
			res.PythonS, res.Live, res.Note = r.recorded, false, r.note
			continue
		}
		a, err := r.python(python, in.dir)
		if err != nil {
			return res, err
		}
		res.PythonVersion = a.Version
		res.PythonS = min(res.PythonS, a.Median)
		if err := agree(sample, a.Sample, r.tolerance); err != nil {
			return res, fmt.Errorf("results differ: %w", err)
		}
	}
	res.Ratio = res.PythonS / res.OursS
	return res, nil
}

func (r row) python(python, inputs string) (answer, error) {
	var a answer
	cmd := exec.Command("timeout", fmt.Sprint(rowLimit.Seconds()), python, "internal/compare/rows.py", r.name, inputs)
	cmd.Stderr = os.Stderr
	b, err := cmd.Output()
	if err != nil {
		return a, fmt.Errorf("python: %w", err)
	}
	if err := json.Unmarshal(b, &a); err != nil {
		return a, fmt.Errorf("python printed %q: %w", b, err)
	}
	if a.Error != "" {
		return a, fmt.Errorf("python: %s", a.Error)
	}
	return a, nil
}

// agree compares results relative to their size; null in Python is NaN.
func agree(ours []float64, python []*float64, tolerance float64) error {
	if len(ours) != len(python) {
		return fmt.Errorf("%d values here, %d in Python", len(ours), len(python))
	}
	size := 0.0
	for _, v := range python {
		if v != nil {
			size = max(size, math.Abs(*v))
		}
	}
	for i, v := range ours {
		if p := python[i]; p == nil && !math.IsNaN(v) || p != nil && !(math.Abs(v-*p) <= tolerance*size) {
			return fmt.Errorf("value %d is %v here, %v in Python", i, v, text(p))
		}
	}
	return nil
}

func text(p *float64) string {
	if p == nil {
		return "NaN"
	}
	return fmt.Sprint(*p)
}

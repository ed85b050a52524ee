package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nskernel/nskernel/display"
	"github.com/nskernel/nskernel/kernel"
)

var updateErrors = flag.Bool("update-errors", false, "rewrite testdata/errors.txt")

// quiet is the output of a cell whose output does not matter.
type quiet struct{}

func (quiet) Stream(string, string)                {}
func (quiet) Display(display.Bundle, string) error { return nil }
func (quiet) Update(display.Bundle, string) error  { return nil }
func (quiet) Clear(bool) error                     { return nil }
func (quiet) Input(string, bool) (string, error)   { return "", errors.New("no input") }

// TestErrorsInCells runs cells with mistakes that users of the library make.
// Each must give one readable error, as recorded in testdata/errors.txt, and
// leave the session as it was.
func TestErrorsInCells(t *testing.T) {
	w, err := newWorkbench(direct)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	run := func(code string) (string, error) {
		count++
		reply, err := w.session.Execute(context.Background(), kernel.Request{Code: code, Count: count}, quiet{})
		if err != nil || reply.Result == nil {
			return "", err
		}
		return fmt.Sprint(reply.Result.Data[display.MIMEText]), nil
	}
	if _, err := run(`x := []float64{1, 3, 9, 12, 17, 19}
pos, err := ns.XY(x, x)
env, err := ns.FromSamples(pos, 5, ns.SamplesOptions{Units: "cm"})
keep := 41`); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, code := range []string{
		"env.Smooth(x, 5)",
		"n := 1\nsmall, err := ns.FromSamples(pos, -2)",
		"bad, err := ns.XY([]float64{math.NaN(), math.NaN()}, []float64{1, 2})\nenv2, err := ns.FromSamples(bad, 5)",
		"field := make([]float64, env.NumBins())\nfield[1] = math.NaN()\nenv.Smooth(field, 5)",
		"for i := range 3 {\n\tfmt.Println(i, nosuch)\n}",
		"env.Smoth(x, 5)",
		"env2 := ns.FromSamples(pos, 2)",
		"ns.FromSamples(pos, 5, ns.SamplesOptions{Unit: \"cm\"})",
		"env.Smooth(x, 5",
		"env.ShortestPath(0, 100)",
		"plot.Field(env, x[:2])",
		"rec, err := ns.ReadTrajectoryCSV(\"no/such/file.csv\")",
		"xs := []int{1, 2, 3}\ni := 5\nxs[i]",
		"func mean(v []float64) float64 {\n\tvar m map[string]int\n\tm[\"a\"] = 1\n\treturn v[0]\n}\nmean(x)",
		"var nobody *ns.Environment\nnobody.NumBins()",
	} {
		_, err := run(code)
		var ce *kernel.CellError
		if !errors.As(err, &ce) {
			t.Errorf("%q: err = %v, want a *kernel.CellError", code, err)
			continue
		}
		text := ansi.ReplaceAllString(strings.Join(ce.Traceback, "\n"), "")
		fmt.Fprintf(&got, "%s\n  ⇒ %s\n\n", code, strings.ReplaceAll(text, here, "$PWD"))
		if v, err := run("keep + 1"); err != nil || v != "42" {
			t.Errorf("after %q: keep + 1 = %q, %v", code, v, err)
		}
	}
	golden := filepath.Join("testdata", "errors.txt")
	if *updateErrors {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("errors changed (-update-errors rewrites them):\n%s", got.String())
	}
}

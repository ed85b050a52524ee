package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// write writes benchmarks.json and benchmarks.md into folder out.
func write(out string, results []result) error {
	b, err := json.MarshalIndent(results, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "benchmarks.json"), append(b, '\n'), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "benchmarks.md"), []byte(page(results)), 0o644)
}

func page(results []result) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Beside Python

Written by `+"`make compare`"+` on %s: %s, %s, %d cores, load %s. Each row runs in both on the same inputs, in
alternation; medians, the better of two runs; results are checked to agree. Grids have 2 cm bins; `+"`bw10`"+` is a
bandwidth of 10 cm. "first" begins with empty caches.

| row | Python | here | ratio | |
| --- | ---: | ---: | ---: | --- |
`, time.Now().UTC().Format("2006-01-02"), runtime.Version(), cpu(), runtime.NumCPU(), load())
	for _, r := range results {
		note := r.Note
		if r.Live {
			note = "Python library " + r.PythonVersion
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %.3g× | %s |\n", r.Row, seconds(r.PythonS), seconds(r.OursS), r.Ratio, note)
	}
	return b.String()
}

func seconds(s float64) string {
	d := time.Duration(s * 1e9)
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.3g s", s)
	case d >= time.Millisecond:
		return fmt.Sprintf("%.3g ms", s*1e3)
	}
	return fmt.Sprintf("%.3g µs", s*1e6)
}

// cpu is the model name of the processor, where the system tells it.
func cpu() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for _, l := range strings.Split(string(b), "\n") {
		if name, model, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(model)
		}
	}
	return runtime.GOARCH
}

func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(b), " ")
	return first
}

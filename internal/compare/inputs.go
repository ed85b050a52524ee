package main

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// binSize is that of every grid, in cm.
const binSize = 2.0

// inputs are the arrays both sides read, flat and row-major.
type inputs struct {
	dir    string
	arrays map[string][]float64
}

// grid is a full grid of nx x ny bins.
type grid struct {
	name   string
	nx, ny int
}

var grids = []grid{{"grid10", 10, 10}, {"grid50", 50, 50}, {"grid100", 100, 100}, {"grid100k", 400, 250}}

// makeInputs draws the inputs from a fixed seed and writes each as raw
// little-endian float64 for Python.
func makeInputs(dir string) (*inputs, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(424242, 1))
	in := &inputs{dir: dir, arrays: map[string][]float64{}}
	for _, g := range grids {
		n := g.nx * g.ny
		w, h := float64(g.nx)*binSize, float64(g.ny)*binSize
		in.arrays["samples_"+g.name] = lattice(g)
		in.arrays["field_"+g.name] = fill(n, func() float64 { return 10 * r.Float64() })
		in.arrays["points_"+g.name] = interleave(
			fill(10000, func() float64 { return w * r.Float64() }), fill(10000, func() float64 { return h * r.Float64() }))
		in.arrays["pairs_"+g.name] = fill(40, func() float64 { return float64(r.IntN(n)) })
		times, path := walk(r, 100000, w, h)
		in.arrays["times_"+g.name], in.arrays["path_"+g.name] = times, path
	}
	for name, a := range in.arrays {
		b := make([]byte, 0, 8*len(a))
		for _, v := range a {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		if err := os.WriteFile(filepath.Join(dir, name+".f64"), b, 0o644); err != nil {
			return nil, err
		}
	}
	info, err := json.Marshal(map[string]any{"bin_size": binSize})
	if err != nil {
		return nil, err
	}
	return in, os.WriteFile(filepath.Join(dir, "inputs.json"), info, 0o644)
}

func fill(n int, f func() float64) []float64 {
	a := make([]float64, n)
	for i := range a {
		a[i] = f()
	}
	return a
}

func interleave(x, y []float64) []float64 {
	a := make([]float64, 0, 2*len(x))
	for i := range x {
		a = append(a, x[i], y[i])
	}
	return a
}

// lattice has one sample at each bin centre.
func lattice(g grid) []float64 {
	var a []float64
	for i := range g.nx {
		for j := range g.ny {
			a = append(a, (float64(i)+0.5)*binSize, (float64(j)+0.5)*binSize)
		}
	}
	return a
}

// walk is a smooth random walk of n samples at 50 Hz and 20 cm/s, reflected at
// the walls of a box of w x h.
func walk(r *rand.Rand, n int, w, h float64) (times, path []float64) {
	const step = 20 * 0.02
	x, y, heading := w/2, h/2, 2*math.Pi*r.Float64()
	for i := range n {
		heading += 0.15 * r.NormFloat64()
		x, y = x+step*math.Cos(heading), y+step*math.Sin(heading)
		if x < 0 || x >= w {
			heading = math.Pi - heading
			x = min(max(x, 0), math.Nextafter(w, 0))
		}
		if y < 0 || y >= h {
			heading = -heading
			y = min(max(y, 0), math.Nextafter(h, 0))
		}
		times = append(times, float64(i)*0.02)
		path = append(path, x, y)
	}
	return times, path
}

// points are array name as [n][2].
func (in *inputs) points(name string) (ns.Points, error) {
	return ns.PointsOfFlat(2, in.arrays[name])
}

// environment builds grid name, one bin a sample.
func (in *inputs) environment(name string) (*ns.Environment, error) {
	p, err := in.points("samples_" + name)
	if err != nil {
		return nil, err
	}
	return ns.FromSamples(p, binSize)
}

package neurospatial_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	ns "github.com/nskernel/nskernel/neurospatial"
)

// corridor is an environment of 5 bins of 2×2 in a row.
func corridor() *ns.Environment {
	pos, _ := ns.XY([]float64{1, 3, 5, 7, 9}, []float64{1, 1, 1, 1, 1})
	env, err := ns.FromSamples(pos, 2)
	if err != nil {
		panic(err)
	}
	return env
}

func ExampleEnvironment_Smooth() {
	env := corridor()
	spikes := []float64{0, 0, 10, 0, 0}
	for _, mode := range []ns.KernelMode{ns.ModeDensity, ns.ModeTransition, ns.ModeAverage} {
		smooth, err := env.Smooth(spikes, 2, ns.SmoothOptions{Mode: mode})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%-10v %.2f\n", mode, smooth)
	}
	// Output:
	// density    [0.15 0.52 1.16 0.52 0.15]
	// transition [0.58 2.09 4.66 2.09 0.58]
	// average    [0.58 2.09 4.66 2.09 0.58]
}

func ExampleEnvironment_Smooth_refused() {
	env := corridor()
	_, err := env.Smooth([]float64{1, 2, 3}, 2)
	fmt.Println(err)
	fmt.Println(errors.Is(err, ns.ErrShape))
	// Output:
	// neurospatial: Environment.Smooth: field has 3 values, environment has 5 bins [E2001]
	// true
}

func ExampleEnvironment_SmoothAll() {
	env := corridor()
	cells := [][]float64{{4, 0, 0, 0, 0}, {0, 0, 0, 0, 4}}
	smooth, _ := env.SmoothAll(cells, 2, ns.SmoothOptions{Mode: ns.ModeAverage})
	for _, s := range smooth {
		fmt.Printf("%.2f\n", s)
	}
	// Output:
	// [2.69 1.03 0.23 0.04 0.00]
	// [0.00 0.04 0.23 1.03 2.69]
}

func ExampleEnvironment_SmoothContext() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := corridor().SmoothContext(ctx, make([]float64, 5), 2)
	fmt.Println(err)
	fmt.Println(errors.Is(err, context.Canceled))
	// Output:
	// neurospatial: Environment.SmoothContext: was stopped: context canceled
	// true
}

func ExampleEnvironment_SmoothAllContext() {
	smooth, err := corridor().SmoothAllContext(context.Background(), [][]float64{{0, 0, 9, 0, 0}}, 1e6)
	fmt.Printf("%.2f %v\n", smooth, err) // as wide as that, everything is even
	// Output: [[0.45 0.45 0.45 0.45 0.45]] <nil>
}

func ExampleEnvironment_ComputeKernel() {
	env := corridor()
	k, err := env.ComputeKernel(2, ns.KernelOptions{Mode: ns.ModeTransition})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(k)
	fmt.Printf("bin 2 gives %.3f to bin 1\n", k.At(1, 2))
	// Output:
	// Kernel(5×5, transition, bandwidth 2)
	// bin 2 gives 0.209 to bin 1
}

func ExampleEnvironment_ComputeKernelContext() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	k, err := corridor().ComputeKernelContext(ctx, 2)
	fmt.Println(k, err)
	// Output: Kernel(5×5, density, bandwidth 2) <nil>
}

func ExampleKernel_Apply() {
	k, _ := corridor().ComputeKernel(2, ns.KernelOptions{Mode: ns.ModeTransition})
	out, _ := k.Apply([]float64{0, 0, 10, 0, 0})
	fmt.Printf("%.2f\n", out)
	// Output: [0.58 2.09 4.66 2.09 0.58]
}

func ExampleReadTrajectoryCSV() {
	path := filepath.Join(os.TempDir(), "nskernel-example.csv")
	text := "time (s),x_m,y_m\n0,0.10,0.20\n0.02,0.12,0.20\n0.04,,\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(path)
	run, err := ns.ReadTrajectoryCSV(path, ns.CSVOptions{PositionScale: 100}) // metres to centimetres
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(run)
	fmt.Printf("%.0f cm/s\n", run.Speed()[0])
	// Output:
	// Trajectory(3×2, 0 s to 0.04 s, 1 missing)
	// 100 cm/s
}

func ExampleReadSpikesCSV() {
	path := filepath.Join(os.TempDir(), "nskernel-example-spikes.csv")
	if err := os.WriteFile(path, []byte("spike_times_ms\n1500\n200\n"), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(path)
	spikes, err := ns.ReadSpikesCSV(path, ns.CSVOptions{TimeScale: 0.001})
	fmt.Println(spikes, err)
	// Output: [0.2 1.5] <nil>
}

func ExampleNewTrajectory() {
	pos, _ := ns.XY([]float64{0, 3, 3}, []float64{0, 4, 4})
	run, _ := ns.NewTrajectory([]float64{0, 1, 3}, pos)
	fmt.Println(run.Speed(), run.Duration(), run.ValidSeconds(1))
	// Output: [5 0 0] 3 1
}

func ExampleTrajectory_Between() {
	pos, _ := ns.XY([]float64{0, 3, 3}, []float64{0, 4, 4})
	run, _ := ns.NewTrajectory([]float64{0, 1, 3}, pos)
	fmt.Println(run.Between(0, 2))
	// Output: Trajectory(2×2, 0 s to 1 s)
}

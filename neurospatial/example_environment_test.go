package neurospatial_test

import (
	"fmt"
	"log"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func ExampleFromSamples() {
	x := []float64{1, 3, 5, 5, 5, 1}
	y := []float64{1, 1, 1, 3, 5, 5}
	pos, err := ns.XY(x, y)
	if err != nil {
		log.Fatal(err)
	}
	env, err := ns.FromSamples(pos, 2, ns.SamplesOptions{Units: "cm", Name: "arena"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env)
	fmt.Println(env.BinCenters().Rows())
	// Output:
	// Environment("arena": RegularGrid 3×3, 6 bins, 2 dimensions, cm)
	// [[1 1] [1 5] [3 1] [5 1] [5 3] [5 5]]
}

func ExampleFromSamples_options() {
	pos, err := ns.XY([]float64{1, 39}, []float64{1, 19})
	if err != nil {
		log.Fatal(err)
	}
	env, err := ns.FromSamples(pos, 0, ns.SamplesOptions{
		BinSizes:    []float64{4, 5}, // one per axis, instead of the argument
		Ranges:      [][2]float64{{0, 40}, {0, 20}},
		KeepAllBins: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env)
	// Output: Environment(RegularGrid 10×4, 40 bins, 2 dimensions)
}

// exampleEnvironment has 6 bins of size 2 in the shape of a corner: 0 and 1 lie in the first column of cells,
// 2 in the second, 3, 4 and 5 in the third.
func exampleEnvironment() *ns.Environment {
	pos, err := ns.XY([]float64{1, 3, 5, 5, 5, 1}, []float64{1, 1, 1, 3, 5, 5})
	if err != nil {
		log.Fatal(err)
	}
	env, err := ns.FromSamples(pos, 2, ns.SamplesOptions{Units: "cm", Name: "arena", Frame: "room"})
	if err != nil {
		log.Fatal(err)
	}
	return env
}

func ExampleFromLayout() {
	layout := exampleEnvironment().Layout() // or a Layout of your own
	env, err := ns.FromLayout(layout, ns.LayoutOptions{Units: "cm", Name: "copy"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(env)
	// Output: Environment("copy": RegularGrid 3×3, 6 bins, 2 dimensions, cm)
}

func ExampleEstimateMemory() {
	pos, err := ns.XY([]float64{0, 1000}, []float64{0, 1000})
	if err != nil {
		log.Fatal(err)
	}
	m, err := ns.EstimateMemory(pos, 1, ns.SamplesOptions{KeepAllBins: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Shape, m.Cells)
	// Output: [1001 1001] 1002001
}

func ExampleMemoryEstimate_String() {
	m := ns.MemoryEstimate{Shape: []int{100, 100}, Cells: 10000, MaxBins: 10000, BuildBytes: 5 << 20, KernelBytes: 800_000_000}
	fmt.Println(m)
	// Output: [100 100] cells, at most 10000 bins; 5 MiB to build, 763 MiB per dense kernel
}

func ExampleEnvironment() {
	pos, err := ns.XY([]float64{1, 3, 5, 5}, []float64{1, 1, 1, 3})
	if err != nil {
		log.Fatal(err)
	}
	env, err := ns.FromSamples(pos, 2)
	if err != nil {
		log.Fatal(err)
	}
	bins, err := env.BinAt(pos)
	if err != nil {
		log.Fatal(err)
	}
	visits := make([]float64, env.NumBins()) // a field has one value per bin
	for _, b := range bins {
		visits[b]++
	}
	fmt.Println(visits)
	// Output: [1 1 1 1]
}

func ExampleEnvironment_NumBins() {
	fmt.Println(exampleEnvironment().NumBins())
	// Output: 6
}

func ExampleEnvironment_NumDims() {
	fmt.Println(exampleEnvironment().NumDims())
	// Output: 2
}

func ExampleEnvironment_BinCenters() {
	fmt.Println(exampleEnvironment().BinCenters().Row(4))
	// Output: [5 3]
}

func ExampleEnvironment_BinSizes() {
	fmt.Println(exampleEnvironment().BinSizes())
	// Output: [4 4 4 4 4 4]
}

func ExampleEnvironment_DimensionRanges() {
	fmt.Println(exampleEnvironment().DimensionRanges())
	// Output: [[0 6] [0 6]]
}

func ExampleEnvironment_Units() {
	fmt.Println(exampleEnvironment().Units())
	// Output: cm
}

func ExampleEnvironment_Frame() {
	fmt.Println(exampleEnvironment().Frame())
	// Output: room
}

func ExampleEnvironment_Name() {
	fmt.Println(exampleEnvironment().Name())
	// Output: arena
}

func ExampleEnvironment_Layout() {
	_, isGrid := exampleEnvironment().Layout().(ns.Gridded)
	fmt.Println(isGrid)
	// Output: true
}

func ExampleEnvironment_LayoutKind() {
	fmt.Println(exampleEnvironment().LayoutKind())
	// Output: RegularGrid
}

func ExampleEnvironment_String() {
	fmt.Println(exampleEnvironment())
	// Output: Environment("arena": RegularGrid 3×3, 6 bins, 2 dimensions, cm)
}

func ExampleEnvironment_GridShape() {
	fmt.Println(exampleEnvironment().GridShape())
	// Output: [3 3]
}

func ExampleEnvironment_GridEdges() {
	fmt.Println(exampleEnvironment().GridEdges())
	// Output: [[0 2 4 6] [0 2 4 6]]
}

func ExampleEnvironment_ActiveMask() {
	fmt.Println(exampleEnvironment().ActiveMask())
	// Output: [true false true true false false true true true]
}

func ExampleEnvironment_GridCells() {
	fmt.Println(exampleEnvironment().GridCells())
	// Output: [0 2 3 6 7 8]
}

func ExampleGrid_Shape() {
	g := ns.Grid{Edges: [][]float64{{0, 1, 2, 3}, {0, 5, 10}}, Active: make([]bool, 6)}
	fmt.Println(g.Shape())
	// Output: [3 2]
}

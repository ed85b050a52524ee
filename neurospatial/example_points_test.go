package neurospatial_test

import (
	"errors"
	"fmt"
	"log"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func ExampleXY() {
	x := []float64{0, 1.5, 3}
	y := []float64{10, 10.5, 11}
	pos, err := ns.XY(x, y)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pos, pos.Row(1))
	// Output: Points(3×2) [1.5 10.5]
}

func ExampleXYZ() {
	pos, err := ns.XYZ([]float64{0, 1}, []float64{2, 3}, []float64{4, 5})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pos, pos.Row(0))
	// Output: Points(2×3) [0 2 4]
}

func ExamplePointsOf() {
	pos, err := ns.PointsOf([]float64{0, 10}, []float64{1.5, 10.5})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pos.Column(1))
	// Output: [10 10.5]
}

func ExamplePointsOfColumns() {
	pos, err := ns.PointsOfColumns([]float64{1, 2, 3, 4}) // positions on a line
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pos)
	// Output: Points(4×1)
}

func ExamplePointsOfFlat() {
	pos, err := ns.PointsOfFlat(2, []float64{0, 10, 1.5, 10.5})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pos.Row(1))
	// Output: [1.5 10.5]
}

// examplePoints are the points (0, 10), (1, 11), (2, 12).
func examplePoints() ns.Points {
	pos, err := ns.XY([]float64{0, 1, 2}, []float64{10, 11, 12})
	if err != nil {
		log.Fatal(err)
	}
	return pos
}

func ExamplePoints_Len() {
	fmt.Println(examplePoints().Len())
	// Output: 3
}

func ExamplePoints_Dim() {
	fmt.Println(examplePoints().Dim())
	// Output: 2
}

func ExamplePoints_At() {
	fmt.Println(examplePoints().At(2, 1))
	// Output: 12
}

func ExamplePoints_Row() {
	fmt.Println(examplePoints().Row(2))
	// Output: [2 12]
}

func ExamplePoints_Column() {
	fmt.Println(examplePoints().Column(1))
	// Output: [10 11 12]
}

func ExamplePoints_Rows() {
	fmt.Println(examplePoints().Rows())
	// Output: [[0 10] [1 11] [2 12]]
}

func ExamplePoints_Columns() {
	fmt.Println(examplePoints().Columns())
	// Output: [[0 1 2] [10 11 12]]
}

func ExamplePoints_Flat() {
	fmt.Println(examplePoints().Flat())
	// Output: [0 10 1 11 2 12]
}

func ExamplePoints_Slice() {
	fmt.Println(examplePoints().Slice(1, 3).Rows())
	// Output: [[1 11] [2 12]]
}

func ExamplePoints_String() {
	fmt.Println(examplePoints())
	// Output: Points(3×2)
}

func ExampleError() {
	_, err := ns.FromSamples(examplePoints(), 1, ns.SamplesOptions{CountThreshold: 5})
	var e *ns.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code, e.Op)
		fmt.Println(errors.Is(err, ns.ErrNoActiveBins))
	}
	// Output:
	// E1001 FromSamples
	// true
}

func ExampleError_Error() {
	_, err := ns.XY([]float64{1, 2, 3}, []float64{1, 2})
	fmt.Println(err)
	// Output: neurospatial: XY: y has 2 values, x has 3 [E2001]
}

func ExampleError_Unwrap() {
	_, err := ns.XY([]float64{1, 2, 3}, []float64{1, 2})
	fmt.Println(errors.Unwrap(err) == ns.ErrShape)
	// Output: true
}

func ExampleError_Hint() {
	_, err := ns.FromSamples(examplePoints(), 1, ns.SamplesOptions{CountThreshold: 5})
	var e *ns.Error
	if errors.As(err, &e) {
		fmt.Println(e.Hint())
	}
	// Output: the fullest cell has 1 of 3 samples and CountThreshold 5 must be exceeded; lower CountThreshold below 1 or use larger bins
}

package neurospatial_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func ExampleEnvironment_BinAt() {
	points, err := ns.PointsOf([]float64{1.9, 0.1}, []float64{2, 0.1}, []float64{3, 3})
	if err != nil {
		log.Fatal(err)
	}
	bins, err := exampleEnvironment().BinAt(points)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(bins)
	// Output: [0 2 -1]
}

func ExampleEnvironment_Contains() {
	points, err := ns.PointsOf([]float64{1, 1}, []float64{3, 3})
	if err != nil {
		log.Fatal(err)
	}
	inside, err := exampleEnvironment().Contains(points)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(inside)
	// Output: [true false]
}

func ExampleEnvironment_BinCenterOf() {
	centers, err := exampleEnvironment().BinCenterOf(5, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(centers.Rows())
	// Output: [[5 5] [1 1]]
}

func ExampleEnvironment_MapPointsToBins() {
	points, err := ns.PointsOf([]float64{1, 1}, []float64{3, 3.5}, []float64{500, 500})
	if err != nil {
		log.Fatal(err)
	}
	bins, err := exampleEnvironment().MapPointsToBins(points)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(bins)
	// Output: [0 4 -1]
}

func ExampleEnvironment_MapPointsToBinsDist() {
	points, err := ns.PointsOf([]float64{1, 1.5}, []float64{5, 9})
	if err != nil {
		log.Fatal(err)
	}
	bins, dist, err := exampleEnvironment().MapPointsToBinsDist(points, ns.MapOptions{MaxDistance: 3})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(bins, dist)
	// Output: [0 -1] [0.5 +Inf]
}

func ExampleTieBreak_String() {
	fmt.Println(ns.LowestIndex, ns.ClosestCenter)
	// Output: lowest_index closest_center
}

func ExampleEnvironment_Neighbors() {
	neighbors, err := exampleEnvironment().Neighbors(2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(neighbors)
	// Output: [0 3 4]
}

func ExampleEnvironment_NumEdges() {
	fmt.Println(exampleEnvironment().NumEdges())
	// Output: 5
}

func ExampleEnvironment_Edges() {
	for _, e := range exampleEnvironment().Edges() {
		fmt.Printf("%d–%d %.3f cm\n", e.U, e.V, e.Distance)
	}
	// Output:
	// 0–2 2.000 cm
	// 2–3 2.000 cm
	// 2–4 2.828 cm
	// 3–4 2.000 cm
	// 4–5 2.000 cm
}

func ExampleEnvironment_EdgeVectors() {
	fmt.Println(exampleEnvironment().EdgeVectors().Rows())
	// Output: [[2 0] [2 0] [2 2] [0 2] [0 2]]
}

func ExampleEnvironment_EdgeAngles() {
	angles, err := exampleEnvironment().EdgeAngles()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", angles)
	// Output: [0.00 0.00 0.79 1.57 1.57]
}

func ExampleEnvironment_Degrees() {
	fmt.Println(exampleEnvironment().Degrees())
	// Output: [1 0 3 2 3 1]
}

func ExampleEnvironment_Components() {
	fmt.Println(exampleEnvironment().Components())
	// Output: [[0 2 3 4 5] [1]]
}

func ExampleEnvironment_ReachableFrom() {
	reachable, err := exampleEnvironment().ReachableFrom(0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reachable)
	// Output: [true false true true true true]
}

func ExampleEnvironment_WithinHops() {
	near, err := exampleEnvironment().WithinHops(0, 2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(near)
	// Output: [true false true true true false]
}

func ExampleEnvironment_Rings() {
	rings, err := exampleEnvironment().Rings(0, 3)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rings)
	// Output: [[0] [2] [3 4] [5]]
}

func ExampleEnvironment_BoundaryBins() {
	fmt.Println(exampleEnvironment().BoundaryBins())
	// Output: [0 1 2 3 4 5]
}

func ExampleEnvironment_ShortestPath() {
	path, length, err := exampleEnvironment().ShortestPath(0, 5)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v %.3f cm\n", path, length)
	// Output: [0 2 4 5] 6.828 cm
}

func ExampleEnvironment_ShortestPath_unconnected() {
	_, _, err := exampleEnvironment().ShortestPath(0, 1)
	fmt.Println(errors.Is(err, ns.ErrNotFound))
	fmt.Println(err)
	// Output:
	// true
	// neurospatial: Environment.ShortestPath: to is bin 1, which no path joins to bin 0 [E2006]
}

func ExampleEnvironment_DistanceTo() {
	dist, err := exampleEnvironment().DistanceTo([]int{0, 5})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", dist)
	// Output: [0.00 +Inf 2.00 4.00 2.00 0.00]
}

func ExampleEnvironment_DistanceBetween() {
	env := exampleEnvironment()
	from, to := []float64{0.5, 1}, []float64{5, 5}
	path, err := env.DistanceBetween(from, to)
	if err != nil {
		log.Fatal(err)
	}
	straight, err := env.DistanceBetween(from, to, ns.DistanceOptions{Metric: ns.MetricEuclidean})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f %.2f\n", path, straight)
	// Output: 6.83 5.66
}

func ExampleEnvironment_WithinDistance() {
	near, err := exampleEnvironment().WithinDistance([]int{0, 5}, 4)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(near)
	// Output: [[0 2 3] [3 4 5]]
}

func ExampleEnvironment_PairwiseDistances() {
	dist, err := exampleEnvironment().PairwiseDistances([]int{0, 2, 3})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(dist)
	// Output: [[0 2 4] [2 0 2] [4 2 0]]
}

func ExampleEnvironment_DistanceMatrix() {
	dist, err := exampleEnvironment().DistanceMatrix()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(dist[0][:4])
	// Output: [0 +Inf 2 4]
}

func ExampleEnvironment_DistanceMatrixContext() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // as an interrupted cell does
	_, err := exampleEnvironment().DistanceMatrixContext(ctx)
	fmt.Println(err)
	// Output: context canceled
}

func ExampleMetric_String() {
	fmt.Println(ns.MetricGeodesic, ns.MetricEuclidean)
	// Output: geodesic euclidean
}

package neurospatial_test

import (
	"encoding/json"
	"fmt"
	"math"

	ns "github.com/nskernel/nskernel/neurospatial"
)

func buildPolar(b oracleBuild, _ oracleFile) (*ns.Environment, error) {
	var a struct {
		Factory     string
		Distances   [2]float64 `json:"distance_range"`
		Angles      [2]float64 `json:"angle_range"`
		DistanceBin float64    `json:"distance_bin_size"`
		AngleBin    float64    `json:"angle_bin_size"`
		Circular    bool       `json:"circular_angle"`
		Diagonals   *bool      `json:"connect_diagonal_neighbors"`
	}
	if err := b.read(&a); err != nil {
		return nil, err
	}
	return ns.FromPolarEgocentric(a.Distances, a.DistanceBin, a.Angles, a.AngleBin,
		ns.PolarOptions{Open: !a.Circular, NoDiagonals: isFalse(a.Diagonals)})
}

func isPolar(env *ns.Environment) bool {
	_, ok := env.Layout().(*ns.Polar)
	return ok
}

// checkPolarBins compares with a search through the borders of distances and angles.
func checkPolarBins(r *oracleRun, raw json.RawMessage) error {
	var a struct{ Points rows }
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	got, err := r.env.BinAt(a.Points.points())
	if err != nil {
		return err
	}
	edges := r.env.GridEdges()
	angles := len(edges[1]) - 1
	for i, p := range a.Points {
		want := ns.Outside
		for ring := range len(edges[0]) - 1 {
			for k := range angles {
				for _, turns := range []float64{-1, 0, 1} {
					angle := p[1] + turns*2*math.Pi
					if p[0] >= edges[0][ring] && p[0] < edges[0][ring+1] && angle >= edges[1][k] && angle < edges[1][k+1] {
						want = ring*angles + k
					}
				}
			}
		}
		if got[i] != want && !besideSeam(edges[1], p[1]) {
			return fmt.Errorf("point %v is in bin %d, want %d", p, got[i], want)
		}
	}
	return nil
}

// besideSeam tells whether rounding of a full turn decides on which side of a border an angle lies.
func besideSeam(borders []float64, angle float64) bool {
	for _, b := range borders {
		if math.Abs(math.Remainder(angle-b, 2*math.Pi)) < 1e-12 {
			return true
		}
	}
	return false
}

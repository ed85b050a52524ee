package neurospatial

import (
	"strings"
	"testing"
)

// TestTimeUnitInTheName: a column of milliseconds is not read as seconds.
func TestTimeUnitInTheName(t *testing.T) {
	for _, tt := range []struct {
		name  string
		scale float64 // option
		want  float64 // of 1500
	}{
		{"t", 0, 1500}, {"t_s", 0, 1500}, {"Time (s)", 0, 1500},
		{"Time (ms)", 0, 1.5}, {"t_ms", 0, 1.5}, {"time_us", 0, 1.5e-3},
		{"t_ms", 1, 1500}, {"t_ms", 0.01, 15}, // an option goes before the name
	} {
		in := tt.name + ",x,y\n0,1,2\n1500,3,4\n"
		o := CSVOptions{TimeScale: tt.scale}
		if err := o.check("test"); err != nil {
			t.Fatal(err)
		}
		rec, err := readTrajectory(strings.NewReader(in), "file", o)
		if err != nil {
			t.Errorf("%q: %v", tt.name, err)
			continue
		}
		if got := rec.Times[1]; got != tt.want {
			t.Errorf("%q with TimeScale %g: 1500 became %g s, want %g", tt.name, tt.scale, got, tt.want)
		}
	}
}

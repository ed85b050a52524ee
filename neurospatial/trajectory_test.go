package neurospatial

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func readText(text string, o CSVOptions) (*Trajectory, error) {
	if err := o.check("ReadTrajectoryCSV"); err != nil {
		return nil, err
	}
	return readTrajectory(strings.NewReader(text), "run.csv", o)
}

func TestReadTrajectoryCSV(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name    string
		text    string
		options CSVOptions
		times   []float64
		rows    [][]float64
	}{
		{"plain", "t,x,y\n0,1,2\n0.5,3,4\n", CSVOptions{}, []float64{0, 0.5}, [][]float64{{1, 2}, {3, 4}}},
		{"no last line end", "t,x\n0,1", CSVOptions{}, []float64{0}, [][]float64{{1}}},
		{"units, case and order", "Y (cm),Time [s],X (cm)\n2,0,1\n", CSVOptions{}, []float64{0}, [][]float64{{1, 2}}},
		{"positions in words", "timestamp,pos_x,y_position,loc z\n1,2,3,4\n", CSVOptions{}, []float64{1}, [][]float64{{2, 3, 4}}},
		{"other columns", "id,t,note,x,y,speed\nrat,0,\"a, b\",1,2,9\n", CSVOptions{}, []float64{0}, [][]float64{{1, 2}}},
		{"byte order mark", "\xef\xbb\xbft,x\n0,1\n", CSVOptions{}, []float64{0}, [][]float64{{1}}},
		{"Windows lines", "t,x\r\n0,1\r\n1,2\r\n", CSVOptions{}, []float64{0, 1}, [][]float64{{1}, {2}}},
		{"comments and blanks", "# rat 3\n\nt,x\n# begin\n0,1\n   \n1,2\n", CSVOptions{}, []float64{0, 1}, [][]float64{{1}, {2}}},
		{"semicolons", "t;x;y\n0;1;2\n", CSVOptions{}, []float64{0}, [][]float64{{1, 2}}},
		{"decimal commas", "t;x\n0,5;-1,25\n", CSVOptions{DecimalComma: true}, []float64{0.5}, [][]float64{{-1.25}}},
		{"tabs", "t\tx\n 0 \t 1 \n", CSVOptions{}, []float64{0}, [][]float64{{1}}},
		{"given separator", "t|x\n0|1\n", CSVOptions{Separator: '|'}, []float64{0}, [][]float64{{1}}},
		{"quotes", "\"t\",\"x\"\n\"0\",\"1\"\n", CSVOptions{}, []float64{0}, [][]float64{{1}}},
		{"quoted separator", "\"a;\"\"b\"\"\",t,x\n9,0,1\n", CSVOptions{}, []float64{0}, [][]float64{{1}}},
		{"no names", "0,1,2\n1,3,4\n", CSVOptions{}, []float64{0, 1}, [][]float64{{1, 2}, {3, 4}}},
		{"no names, by number", "9,0,1,5,5,5\n9,1,2,5,5,5\n", CSVOptions{Time: "2", Position: []string{"3"}}, []float64{0, 1}, [][]float64{{1}, {2}}},
		{"by name", "when,east,north\n0,1,2\n", CSVOptions{Time: "when", Position: []string{"North", "east"}}, []float64{0}, [][]float64{{2, 1}}},
		{"exact name first", "T,t,x\n5,0,1\n", CSVOptions{Time: "T"}, []float64{5}, [][]float64{{1}}},
		{"scales", "t_ms,x_m\n1500,0.25\n", CSVOptions{TimeScale: 0.001, PositionScale: 100}, []float64{1.5}, [][]float64{{25}}},
		{"missing", "t,x,y\n0,,2\n1,NA,nan\n2,null,N/A\n", CSVOptions{}, []float64{0, 1, 2}, [][]float64{{nan, 2}, {nan, nan}, {nan, nan}}},
		{"exponents", "t,x\n0,1e-3\n1,+2.5E2\n", CSVOptions{}, []float64{0, 1}, [][]float64{{0.001}, {250}}},
		{"equal times", "t,x\n1,1\n1,2\n", CSVOptions{}, []float64{1, 1}, [][]float64{{1}, {2}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := readText(c.text, c.options)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.times, got.Times); d != "" {
				t.Errorf("times (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.rows, got.Positions.Rows(), cmpopts.EquateNaNs()); d != "" {
				t.Errorf("positions (-want +got):\n%s", d)
			}
		})
	}
}

func TestReadTrajectoryCSVRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		text    string
		options CSVOptions
		want    []string // parts of message and hint
	}{
		{"nothing", "", CSVOptions{}, []string{"line 1", "no line with values"}},
		{"names only", "t,x\n", CSVOptions{}, []string{"no samples follow"}},
		{"no time", "a,x\n0,1\n", CSVOptions{}, []string{"line 1", "no column time", `"a", "x"`, "Time:"}},
		{"no x", "t,a\n0,1\n", CSVOptions{}, []string{"line 1", "x coordinates", `"t", "a"`, "Position:"}},
		{"two times", "t,time,x\n0,0,1\n", CSVOptions{}, []string{"2 columns for time", `"t" (column 1)`, `"time" (column 2)`}},
		{"two x", "t,x,x\n0,1,1\n", CSVOptions{}, []string{"2 columns for x"}},
		{"unknown name", "t,x\n0,1\n", CSVOptions{Time: "clock"}, []string{`no column "clock"`, `"t", "x"`}},
		{"twice the same", "t,x\n0,1\n", CSVOptions{Position: []string{"x", "x"}}, []string{"twice"}},
		{"time as position", "t,x\n0,1\n", CSVOptions{Position: []string{"t"}}, []string{"twice"}},
		{"no position", "t,x\n0,1\n", CSVOptions{Position: []string{}}, []string{"Position is empty"}},
		{"short line", "t,x,y\n0,1,2\n1,2\n", CSVOptions{}, []string{"line 3", "2 cells", "has 3"}},
		{"long line", "t,x\n0,1,2\n", CSVOptions{}, []string{"line 2", "3 cells"}},
		{"a word", "t,x\n0,1\n# c\n1,left\n", CSVOptions{}, []string{"line 4", `column "x"`, `"left"`, "not a finite number"}},
		{"infinity", "t,x\n0,inf\n", CSVOptions{}, []string{"line 2", `"inf"`}},
		{"hexadecimal", "t,x\n0,0x1p4\n", CSVOptions{}, []string{`"0x1p4"`}},
		{"underscore", "t,x\n0,1_000\n", CSVOptions{}, []string{`"1_000"`}},
		{"decimal comma", "t;x\n0;1,5\n", CSVOptions{}, []string{`"1,5"`, "DecimalComma"}},
		{"decimal comma and commas", "t,x\n0,1\n", CSVOptions{DecimalComma: true}, []string{"no column time", `"t,x"`}},
		{"descending", "t,x\n0,1\n1,1\n0.5,1\n", CSVOptions{}, []string{"line 4", `column "t"`, "0.5 after 1"}},
		{"time missing", "t,x\n,1\n", CSVOptions{}, []string{"line 2", "no time"}},
		{"position missing", "t,x\n0,\n", CSVOptions{RefuseMissing: true}, []string{"line 2", `column "x"`, "no value"}},
		{"open quote", "t,x\n0,\"1\n", CSVOptions{}, []string{"line 2", "quote"}},
		{"UTF-16", "\xff\xfet\x00,\x00x\x00\n\x00", CSVOptions{}, []string{"UTF-16"}},
		{"many columns without names", "1,2,3,4,5\n", CSVOptions{}, []string{"5 columns", "by number"}},
		{"endless line", strings.Repeat("9", longestLine+1), CSVOptions{}, []string{"no table"}},
		{"scale", "", CSVOptions{TimeScale: -1}, []string{"TimeScale", "-1"}},
		{"NaN scale", "", CSVOptions{PositionScale: math.NaN()}, []string{"PositionScale"}},
		{"separator", "", CSVOptions{Separator: '1'}, []string{"Separator"}},
		{"contradiction", "", CSVOptions{Separator: ',', DecimalComma: true}, []string{"Separator", "DecimalComma"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readText(c.text, c.options)
			var e *Error
			if !errors.As(err, &e) || !errors.Is(err, ErrInvalid) {
				t.Fatalf("error %v, want an *Error of kind ErrInvalid", err)
			}
			for _, part := range c.want {
				if !strings.Contains(e.Error()+" | "+e.Hint(), part) {
					t.Errorf("message %q (hint %q) does not contain %q", e.Error(), e.Hint(), part)
				}
			}
		})
	}
}

func TestReadTrajectoryCSVFile(t *testing.T) {
	if _, err := ReadTrajectoryCSV(filepath.Join(t.TempDir(), "none.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := ReadTrajectoryCSV("x", CSVOptions{}, CSVOptions{}); !errors.Is(err, ErrInvalid) {
		t.Errorf("two options: %v", err)
	}
	if _, err := ReadTrajectoryCSV("x", CSVOptions{TimeScale: -1}); !errors.Is(err, ErrInvalid) {
		t.Errorf("bad option: %v", err)
	}
	tr, err := ReadTrajectoryCSV("../notebooks/data/sargolini2006.csv", CSVOptions{PositionScale: 100})
	if err != nil {
		t.Fatal(err)
	}
	if tr.Len() != 29800 || tr.Positions.Dim() != 2 || tr.Missing() != 0 {
		t.Errorf("read %v", tr)
	}
	if math.Abs(tr.Positions.At(2, 1)-22.408) > 1e-12 {
		t.Errorf("third y is %v", tr.Positions.At(2, 1))
	}
}

func TestReadSpikesCSV(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		options CSVOptions
		want    []float64
	}{
		"one column":         {"0.5\n0.25\n1\n", CSVOptions{}, []float64{0.25, 0.5, 1}},
		"any single name":    {"neuron 7\n2\n1\n", CSVOptions{}, []float64{1, 2}},
		"spike times":        {"cell,spike_times (s)\n7,2\n7,1\n", CSVOptions{}, []float64{1, 2}},
		"spikes":             {"spikes;cell\n2;7\n", CSVOptions{}, []float64{2}},
		"by name and scaled": {"cell,at\n7,1500\n", CSVOptions{Time: "at", TimeScale: 0.001}, []float64{1.5}},
		"decimal comma":      {"0,5\n1,25\n", CSVOptions{DecimalComma: true}, []float64{0.5, 1.25}},
		"none":               {"time\n", CSVOptions{}, nil},
	} {
		if err := c.options.check("ReadSpikesCSV"); err != nil {
			t.Fatal(err)
		}
		got, err := readSpikes(strings.NewReader(c.text), "cell.csv", c.options)
		if err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, c.want)
		}
	}
	for name, text := range map[string]string{
		"two columns without names": "1,2\n",
		"no column of times":        "a,b\n1,2\n",
		"a word":                    "1\nsoon\n",
		"a gap":                     "time,cell\n,7\n",
		"nothing":                   "",
	} {
		_, err := readSpikes(strings.NewReader(text), "cell.csv", CSVOptions{TimeScale: 1, PositionScale: 1})
		var detailed *Error
		if !errors.Is(err, ErrInvalid) || !errors.As(err, &detailed) || detailed.Op != "ReadSpikesCSV" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadSpikesCSV(filepath.Join(t.TempDir(), "none.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}

// Every number must be read as strconv reads it, to the last bit.
func TestNumberIsParseFloat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.StringMatching(`[-+]?[0-9]{1,18}(\.[0-9]{0,18})?`),
			rapid.StringMatching(`[-+]?\.[0-9]{1,16}`),
			rapid.StringMatching(`[-+]?[0-9]{1,5}(\.[0-9]{1,5})?[eE][-+]?[0-9]{1,2}`),
			rapid.Map(rapid.Float64(), func(v float64) string { return fmt.Sprint(v) }),
			rapid.StringMatching(`[-+.0-9e]{0,6}`),
		).Draw(t, "text")
		want, err := strconv.ParseFloat(text, 64)
		got, missing, ok := number([]byte(text), false)
		if text == "" || text == "NaN" {
			if !missing {
				t.Fatalf("%q is not missing", text)
			}
			return
		}
		if ok != (err == nil && !math.IsInf(want, 0)) || ok && math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%q: got %v %v, want %v %v", text, got, ok, want, err)
		}
	})
}

func FuzzReadTrajectoryCSV(f *testing.F) {
	f.Add("t,x,y\n0,1,2\n0.5,3,4\n")
	f.Add("\xef\xbb\xbf\"t\";\"x\"\r\n0,5;NA\r\n# end")
	f.Add("0\t1\n1\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		tr, err := readText(text, CSVOptions{})
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("error of type %T: %v", err, err)
			}
			return
		}
		if _, err := NewTrajectory(tr.Times, tr.Positions); err != nil {
			t.Fatalf("accepted what NewTrajectory refuses: %v", err)
		}
	})
}

func mustPoints(t testing.TB, rows ...[]float64) Points {
	t.Helper()
	p, err := PointsOf(rows...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTrajectory(t *testing.T) {
	nan := math.NaN()
	pos := mustPoints(t, []float64{0, 0}, []float64{3, 4}, []float64{nan, 4}, []float64{3, 4}, []float64{3, 4}, []float64{4, 4})
	tr, err := NewTrajectory([]float64{1, 2, 2.25, 2.5, 2.5, 3.5}, pos)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]float64{5, nan, nan, nan, 1, 1}, tr.Speed(), cmpopts.EquateNaNs()); d != "" {
		t.Errorf("speed (-want +got):\n%s", d)
	}
	if tr.Len() != 6 || tr.Duration() != 2.5 || tr.Missing() != 1 {
		t.Errorf("%d samples, %v s, %d missing", tr.Len(), tr.Duration(), tr.Missing())
	}
	for gap, want := range map[float64]float64{0: 0.25, NoMaxGap: 2.25, 1: 2.25, 0.1: 0} {
		if got := tr.ValidSeconds(gap); got != want {
			t.Errorf("valid seconds with gap %v: %v, want %v", gap, got, want)
		}
	}
	if got, want := tr.String(), "Trajectory(6×2, 1 s to 3.5 s, 1 missing)"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
	part := tr.Between(2, 2.5)
	if d := cmp.Diff([]float64{2, 2.25}, part.Times); d != "" || part.Positions.Len() != 2 || part.Positions.At(0, 0) != 3 {
		t.Errorf("between 2 and 2.5: %v %v", part.Times, part.Positions.Rows())
	}
	if got := tr.Between(9, 1); got.Len() != 0 || got.Duration() != 0 || got.String() != "Trajectory(empty)" {
		t.Errorf("between 9 and 1: %v", got)
	}
}

func TestNewTrajectoryRefuses(t *testing.T) {
	pos := mustPoints(t, []float64{0}, []float64{1})
	for name, c := range map[string]struct {
		times []float64
		kind  error
	}{
		"length":   {[]float64{1}, ErrShape},
		"descends": {[]float64{1, 0}, ErrInvalid},
		"NaN":      {[]float64{0, math.NaN()}, ErrInvalid},
	} {
		if _, err := NewTrajectory(c.times, pos); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkReadTrajectoryCSV(b *testing.B) {
	var text strings.Builder
	text.WriteString("t_s,x_m,y_m\n")
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 29800 {
		fmt.Fprintf(&text, "%.3f,%.5f,%.5f\n", float64(i)*0.02, random.Float64(), random.Float64())
	}
	path := filepath.Join(b.TempDir(), "run.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	b.Run("rows=29800/columns=3", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(text.Len()))
		for b.Loop() {
			if _, err := ReadTrajectoryCSV(path); err != nil {
				b.Fatal(err)
			}
		}
	})
}

package neurospatial

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// readTrajectory reads a table. name stands for the source in messages; o was checked.
func readTrajectory(in io.Reader, name string, o CSVOptions) (*Trajectory, error) {
	t := &csvTable{options: o}
	if err := t.read(in, name, "ReadTrajectoryCSV"); err != nil {
		return nil, err
	}
	return &Trajectory{Times: t.times, Positions: Points{dim: len(t.space), data: t.data}}, nil
}

// readSpikes is readTrajectory for times alone.
func readSpikes(in io.Reader, name string, o CSVOptions) ([]float64, error) {
	t := &csvTable{options: o, spikes: true}
	if err := t.read(in, name, "ReadSpikesCSV"); err != nil {
		return nil, err
	}
	slices.Sort(t.times)
	return t.times, nil
}

// read reads the whole table.
func (t *csvTable) read(in io.Reader, name, op string) error {
	r := &csvReader{in: bufio.NewReaderSize(in, longestLine), op: op, name: name, separator: byte(t.options.Separator)}
	t.reader = r
	line, err := r.next()
	if err != nil {
		return err
	}
	if line == nil {
		r.line++
		return r.fault("", "has no line with values", "")
	}
	if r.separator == 0 {
		r.separator = findSeparator(line, t.options.DecimalComma)
	}
	if err := r.split(line); err != nil {
		return err
	}
	isRow := t.header()
	if err := t.choose(isRow); err != nil {
		return err
	}
	if t.options.TimeScale == 0 {
		t.options.TimeScale = secondsOf(t.names[t.time])
	}
	if isRow {
		if err := t.addRow(); err != nil {
			return err
		}
	}
	return t.readRows()
}

// csvTable collects samples.
type csvTable struct {
	reader  *csvReader
	options CSVOptions
	names   []string // of all columns
	time    int      // column of times
	space   []int    // columns of coordinates; none if only times are wanted
	spikes  bool     // times of spikes, in any order and without coordinates

	times []float64
	data  []float64
}

// header takes the names from the current line, or numbers if that is a row already.
func (t *csvTable) header() (isRow bool) {
	isRow = true
	for _, c := range t.reader.cells {
		_, missing, ok := number(c, t.options.DecimalComma)
		isRow = isRow && ok && !missing
	}
	for i, c := range t.reader.cells {
		if isRow {
			t.names = append(t.names, strconv.Itoa(i+1))
		} else {
			t.names = append(t.names, string(c))
		}
	}
	return isRow
}

// choose finds the columns of times and coordinates.
func (t *csvTable) choose(noNames bool) error {
	time, space := t.options.Time, t.options.Position
	if t.spikes {
		return t.chooseSpikes(noNames)
	}
	if noNames && time == "" && space == nil {
		if n := len(t.names); n < 2 || n > 4 {
			return t.reader.fault("", fmt.Sprintf("has no names and %d columns; a time and 1 to 3 coordinates are expected", n),
				`choose columns by number: CSVOptions{Time: "1", Position: []string{"2", "3"}}`)
		}
		t.time = 0
		for i := 1; i < len(t.names); i++ {
			t.space = append(t.space, i)
		}
		return nil
	}
	var err error
	if t.time, err = t.find(time, "Time", "time", isTimeName); err != nil {
		return err
	}
	if space == nil {
		return t.findAxes()
	}
	if len(space) == 0 {
		return t.reader.fault("", "gives no position because CSVOptions.Position is empty", "pass nil to find x, y and z")
	}
	for i, name := range space {
		k, err := t.find(name, "Position", name, nil)
		if err != nil {
			return err
		}
		if k == t.time || slices.Contains(space[:i], name) {
			return t.reader.fault(name, "is chosen twice", "")
		}
		t.space = append(t.space, k)
	}
	return nil
}

// chooseSpikes finds the column of times in a table of spikes: a single column needs no name.
func (t *csvTable) chooseSpikes(noNames bool) error {
	if t.options.Time == "" && len(t.names) == 1 {
		return nil
	}
	rule := isSpikeName
	if noNames {
		rule = func(string) bool { return false }
	}
	var err error
	t.time, err = t.find(t.options.Time, "Time", "of spike times", rule)
	return err
}

// findAxes finds x, y and z by their names.
func (t *csvTable) findAxes() error {
	for _, axis := range []string{"x", "y", "z"} {
		candidates := t.columns(func(name string) bool { return isAxisName(name, axis) })
		switch {
		case len(candidates) == 1:
			t.space = append(t.space, candidates[0])
		case len(candidates) > 1:
			return t.ambiguous(axis, candidates)
		case axis == "x":
			return t.absent("no column of x coordinates", `Position: []string{"…", "…"}`)
		default:
			return nil
		}
	}
	return nil
}

// find returns the only column with a name, or the only one that a rule accepts if there is no name.
func (t *csvTable) find(name, field, what string, rule func(string) bool) (int, error) {
	matches := []func(string) bool{rule}
	if name != "" || rule == nil {
		matches = []func(string) bool{
			func(n string) bool { return n == name },
			func(n string) bool { return strings.EqualFold(n, strings.TrimSpace(name)) },
		}
		what = fmt.Sprintf("%q", name)
	}
	for _, match := range matches {
		switch candidates := t.columns(match); len(candidates) {
		case 0:
		case 1:
			return candidates[0], nil
		default:
			return 0, t.ambiguous(what, candidates)
		}
	}
	return 0, t.absent("no column "+what, field+`: "…"`)
}

func (t *csvTable) columns(match func(name string) bool) []int {
	var found []int
	for i, n := range t.names {
		if match(n) {
			found = append(found, i)
		}
	}
	return found
}

func (t *csvTable) absent(what, fix string) error {
	return t.reader.fault("", fmt.Sprintf("has %s; columns are %s", what, quoted(t.names)),
		"choose one: CSVOptions{"+fix+"}")
}

func (t *csvTable) ambiguous(what string, candidates []int) error {
	var names []string
	for _, c := range candidates {
		names = append(names, fmt.Sprintf("%q (column %d)", t.names[c], c+1))
	}
	return t.reader.fault("", fmt.Sprintf("has %d columns for %s: %s", len(candidates), what, strings.Join(names, ", ")),
		"choose by name: CSVOptions{Time: …, Position: …}; names that occur twice must be changed in the file")
}

func quoted(names []string) string {
	const most = 12
	var b strings.Builder
	for i, n := range names {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(names)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", n)
	}
	return b.String()
}

// letterWords splits a name at everything that is not a letter or digit, in lower case.
func letterWords(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

// words splits a name at everything that is not a letter or digit and drops units.
func words(name string) []string {
	var kept []string
	for _, w := range letterWords(name) {
		if !slices.Contains([]string{"s", "sec", "secs", "second", "seconds", "ms", "us", "m", "cm", "mm", "px", "pixel", "pixels"}, w) {
			kept = append(kept, w)
		}
	}
	return kept
}

// secondsOf returns what the unit in the name of a column of times is in seconds, 1 if there is none.
func secondsOf(name string) float64 {
	for _, w := range letterWords(name) {
		switch w {
		case "ms":
			return 1e-3
		case "us":
			return 1e-6
		}
	}
	return 1
}

func isTimeName(name string) bool {
	w := words(name)
	return len(w) == 1 && slices.Contains([]string{"t", "time", "times", "timestamp", "timestamps"}, w[0])
}

func isSpikeName(name string) bool {
	if w := words(name); len(w) > 1 && (w[0] == "spike" || w[0] == "spikes") {
		name = w[1]
	}
	return isTimeName(name) || strings.EqualFold(name, "spikes")
}

func isAxisName(name, axis string) bool {
	found := false
	for _, w := range words(name) {
		switch w {
		case axis, "pos" + axis, axis + "pos":
			found = true
		case "pos", "position", "coord", "coordinate", "loc", "location":
		default:
			return false
		}
	}
	return found
}

// readRows reads all further lines.
func (t *csvTable) readRows() error {
	r := t.reader
	for {
		line, err := r.next()
		if err != nil {
			return err
		}
		if line == nil {
			break
		}
		if err := r.split(line); err != nil {
			return err
		}
		if err := t.addRow(); err != nil {
			return err
		}
	}
	if len(t.times) == 0 && !t.spikes {
		return r.fault("", "has names but no samples follow", "")
	}
	return nil
}

// addRow adds the current line.
func (t *csvTable) addRow() error {
	r := t.reader
	if len(r.cells) != len(t.names) {
		return r.fault("", fmt.Sprintf("has %d cells, the first line has %d", len(r.cells), len(t.names)),
			"check for a missing separator, or for text with separators that needs quotes")
	}
	time, err := t.cell(t.time, t.options.TimeScale)
	if err != nil {
		return err
	}
	if time != time {
		return r.fault(t.names[t.time], "has no time", "remove the line")
	}
	if n := len(t.times); n > 0 && time < t.times[n-1] && !t.spikes {
		return r.fault(t.names[t.time], fmt.Sprintf("has time %g after %g", time, t.times[n-1]), "sort the lines by time")
	}
	for _, c := range t.space {
		v, err := t.cell(c, t.options.PositionScale)
		if err != nil {
			return err
		}
		if v != v && t.options.RefuseMissing {
			return r.fault(t.names[c], "has no value", "unset RefuseMissing to read missing positions as NaN")
		}
		t.data = append(t.data, v)
	}
	t.times = append(t.times, time)
	return nil
}

// cell returns the number in a column of the current line.
func (t *csvTable) cell(column int, scale float64) (float64, error) {
	r := t.reader
	v, _, ok := number(r.cells[column], t.options.DecimalComma)
	if ok {
		return v * scale, nil
	}
	fix := ""
	if strings.ContainsRune(string(r.cells[column]), ',') && r.separator != ',' && !t.options.DecimalComma {
		fix = "set DecimalComma if the comma is a decimal point"
	}
	return 0, r.fault(t.names[column], fmt.Sprintf("has %q, which is not a finite number", r.cells[column]), fix)
}

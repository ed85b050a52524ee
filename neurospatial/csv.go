package neurospatial

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
)

// CSVOptions are the options of [ReadTrajectoryCSV] and [ReadSpikesCSV].
type CSVOptions struct {
	// Time is the name of the column of times. "" takes the one that is called t, time or timestamp,
	// whatever the case and with or without a unit: "t_s", "Time (s)".
	Time string
	// Position are the names of the columns of coordinates. nil takes those that are called x, y and z,
	// also as "x_cm", "pos_x" and the like; y and z need not be there.
	Position []string

	// TimeScale multiplies all times, to get seconds: 0.001 for milliseconds. 0 goes by the unit in the name
	// of the column, "t_ms" or "Time (us)"; without one, times are seconds.
	TimeScale float64
	// PositionScale multiplies all coordinates: 100 turns metres into centimetres. 0 means 1.
	PositionScale float64

	// Separator stands between cells. 0 finds out: tab, semicolon or comma, in this order.
	Separator rune
	// DecimalComma reads 1,5 as one and a half.
	DecimalComma bool
	// RefuseMissing makes a missing coordinate an error. Otherwise it becomes NaN, which counts as outside
	// every bin. Missing are empty cells, NA, N/A, null, none and NaN, whatever the case.
	RefuseMissing bool
}

// ReadTrajectoryCSV reads a recording from a text file with one sample per line.
//
// The first line names the columns; a file whose first line is numbers has columns "1", "2", … of which the
// first is the time and the next one to three are coordinates. Empty lines and lines that begin with # are
// skipped. Byte order marks, Windows line ends and cells in double quotes are understood.
//
// Errors name the line and the column ([ErrInvalid]): columns that are not there or not unique, lines with
// another number of cells, cells that are not numbers, missing or descending times. A file that cannot be
// opened gives an error that wraps that of package os.
func ReadTrajectoryCSV(path string, opts ...CSVOptions) (*Trajectory, error) {
	f, o, err := openCSV("ReadTrajectoryCSV", path, opts)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readTrajectory(f, path, o)
}

// ReadSpikesCSV reads the times of the spikes of one cell, in seconds, from a text file with one spike per
// line, understood as by [ReadTrajectoryCSV].
//
// The times are in the column that the option Time names, in that called spikes, t, time or timestamp, also
// as "spike_times", or in the only column. Lines may be in any order; the result is ascending and may be
// empty. Options about positions have no meaning. Errors name the line and the column ([ErrInvalid]).
func ReadSpikesCSV(path string, opts ...CSVOptions) ([]float64, error) {
	f, o, err := openCSV("ReadSpikesCSV", path, opts)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readSpikes(f, path, o)
}

// openCSV checks the options and opens the file.
func openCSV(op, path string, opts []CSVOptions) (*os.File, CSVOptions, error) {
	o, err := oneOption(op, opts)
	if err != nil {
		return nil, o, err
	}
	if err := o.check(op); err != nil {
		return nil, o, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, o, &Error{Op: op, Arg: "path", What: "cannot be opened: " + err.Error(), Kind: err, Fix: workingDirectory()}
	}
	return f, o, nil
}

// workingDirectory says where relative paths begin, which in a notebook is easy to get wrong.
func workingDirectory() string {
	if dir, err := os.Getwd(); err == nil {
		return "relative paths begin at " + dir
	}
	return ""
}

func (o *CSVOptions) check(op string) error {
	for _, s := range []struct {
		arg   string
		value *float64
	}{{"TimeScale", &o.TimeScale}, {"PositionScale", &o.PositionScale}} {
		if *s.value == 0 {
			continue
		}
		if !(*s.value > 0) || math.IsInf(*s.value, 1) {
			return &Error{Op: op, Arg: s.arg, Code: codeRange, Kind: ErrInvalid,
				What: fmt.Sprintf("is %g; a scale is finite and above 0", *s.value)}
		}
	}
	if o.PositionScale == 0 {
		o.PositionScale = 1
	}
	if o.Separator == ',' && o.DecimalComma {
		return &Error{Op: op, Arg: "Separator", Code: codeOptions, Kind: ErrInvalid,
			What: "is a comma although DecimalComma is set", Fix: "use one of them"}
	}
	if o.Separator < 0 || o.Separator > 0x7e || strings.ContainsRune("\"\r\n+-.0123456789", o.Separator) {
		return &Error{Op: op, Arg: "Separator", Code: codeRange, Kind: ErrInvalid,
			What: fmt.Sprintf("is %q; use one character that numbers do not contain", o.Separator)}
	}
	return nil
}

// longestLine is the length from which a line is no longer taken for one.
const longestLine = 1 << 20

// csvReader reads lines of cells.
type csvReader struct {
	in        *bufio.Reader
	op        string // the function called, for messages
	name      string // of the file, for messages
	line      int    // number of the current line, from 1
	separator byte
	cells     [][]byte // of the current line; they point into buffer
	buffer    []byte
}

// fault returns an error at the current line.
func (r *csvReader) fault(column, what, fix string) *Error {
	place := fmt.Sprintf("%s line %d", r.name, r.line)
	if column != "" {
		place += fmt.Sprintf(" column %q", column)
	}
	return &Error{Op: r.op, Arg: place, What: what, Fix: fix, Code: codeFile, Kind: ErrInvalid}
}

// next reads the next line that is not empty or a comment. It returns nil at the end.
func (r *csvReader) next() ([]byte, error) {
	for {
		line, err := r.readLine()
		if err != nil || line == nil {
			return nil, err
		}
		r.line++
		if r.line == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
			if bytes.HasPrefix(line, []byte("\xff\xfe")) || bytes.HasPrefix(line, []byte("\xfe\xff")) {
				return nil, r.fault("", "is UTF-16 text", "save the file as UTF-8")
			}
		}
		line = bytes.TrimRight(line, "\r\n")
		if blank := bytes.TrimSpace(line); len(blank) > 0 && blank[0] != '#' {
			return line, nil
		}
	}
}

// readLine returns a line with its end, nil at the end of the file.
func (r *csvReader) readLine() ([]byte, error) {
	line, err := r.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		r.line++
		return nil, r.fault("", fmt.Sprintf("is longer than %d characters; this is no table", longestLine), "")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &Error{Op: r.op, Arg: r.name, What: "cannot be read: " + err.Error(), Kind: err}
	}
	if len(line) == 0 {
		return nil, nil
	}
	return line, nil
}

// split cuts a line into cells without the space around them.
func (r *csvReader) split(line []byte) error {
	r.cells = r.cells[:0]
	if bytes.IndexByte(line, '"') >= 0 {
		return r.splitQuoted(line)
	}
	for {
		i := bytes.IndexByte(line, r.separator)
		if i < 0 {
			r.cells = append(r.cells, bytes.TrimSpace(line))
			return nil
		}
		r.cells = append(r.cells, bytes.TrimSpace(line[:i]))
		line = line[i+1:]
	}
}

// splitQuoted is split for lines with quotes: a quoted cell may hold separators, and "" for one quote.
func (r *csvReader) splitQuoted(line []byte) error {
	r.buffer = r.buffer[:0]
	start, quoted := 0, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"' && quoted && i+1 < len(line) && line[i+1] == '"':
			r.buffer = append(r.buffer, '"')
			i++
		case c == '"':
			quoted = !quoted
		case c == r.separator && !quoted:
			r.cells = append(r.cells, bytes.TrimSpace(r.buffer[start:]))
			start = len(r.buffer)
		default:
			r.buffer = append(r.buffer, c)
		}
	}
	if quoted {
		return r.fault("", "has a quote that is not closed", "")
	}
	r.cells = append(r.cells, bytes.TrimSpace(r.buffer[start:]))
	return nil
}

// findSeparator returns the first of tab, semicolon and comma that a line contains outside quotes. A comma
// that is a decimal point separates nothing.
func findSeparator(line []byte, decimalComma bool) byte {
	candidates := []byte("\t;,")
	if decimalComma {
		candidates = candidates[:2]
	}
	for _, s := range candidates {
		quoted := false
		for _, c := range line {
			if c == '"' {
				quoted = !quoted
			} else if c == s && !quoted {
				return s
			}
		}
	}
	return candidates[len(candidates)-1]
}

// number returns the value of a cell, NaN with missing set for one of the signs of a missing value.
func number(cell []byte, decimalComma bool) (v float64, missing, ok bool) {
	if v, ok := plainNumber(cell, decimalComma); ok {
		return v, false, true
	}
	switch strings.ToLower(string(cell)) {
	case "", "na", "n/a", "nan", "null", "none":
		return math.NaN(), true, true
	}
	text := string(cell)
	if decimalComma {
		text = strings.Replace(text, ",", ".", 1)
	}
	if strings.ContainsAny(text, "xX_") {
		return 0, false, false // hexadecimal numbers and underscores are Go's, not a table's
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, false, err == nil && !math.IsInf(v, 0)
}

var powersOfTen = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// plainNumber reads numbers of up to 15 digits without an exponent, which are almost all, exactly: such an
// integer and such a power of ten are floating-point numbers, so that their quotient is rounded once.
func plainNumber(cell []byte, decimalComma bool) (float64, bool) {
	point := byte('.')
	if decimalComma {
		point = ','
	}
	i, negative := 0, false
	if len(cell) > 0 && (cell[0] == '-' || cell[0] == '+') {
		negative = cell[0] == '-'
		i = 1
	}
	digits, places, mantissa := 0, -1, uint64(0)
	for ; i < len(cell); i++ {
		switch c := cell[i]; {
		case c >= '0' && c <= '9':
			mantissa = mantissa*10 + uint64(c-'0')
			digits++
			if places >= 0 {
				places++
			}
		case c == point && places < 0:
			places = 0
		default:
			return 0, false
		}
		if digits > 15 {
			return 0, false
		}
	}
	if digits == 0 {
		return 0, false
	}
	v := float64(mantissa) / powersOfTen[max(places, 0)]
	if negative {
		v = -v
	}
	return v, true
}

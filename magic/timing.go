package magic

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"math"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nskernel/nskernel/plugin"
)

const (
	timeHelp = `%time CODE  run CODE and tell how long it took
What CODE defines can be used afterwards, and its value is shown. The time is
that of the clock; that of the processors is told where the system knows it.`
	timeCellHelp = `%%time ⏎ CODE  run the cell and tell how long it took`
	timeitHelp   = `%timeit [-n LOOPS] [-r REPEATS] CODE  measure CODE by running it many times
Without -n the number of loops is chosen so that a measurement takes 0.2 s or
more; -r repeats it, 7 times if nothing is said. The mean for one loop is told,
its deviation, and the best.`
	timeitCellHelp = `%%timeit [-n LOOPS] [-r REPEATS] ⏎ CODE  measure the cell by running it many times`
	memitHelp      = `%memit CODE  run CODE and tell how much memory it took
The peak is that of live heap objects while CODE ran, sampled each millisecond.`
	memitCellHelp = `%%memit ⏎ CODE  run the cell and tell how much memory it took`
)

// missing is the error of a magic without the code that it works on.
func missing(name string) error {
	return &hinted{"%" + name + " needs code to run", "write %" + name + " f(x)"}
}

func (*set) time(c *plugin.Call) error {
	if c.Args == "" {
		return missing("time")
	}
	return timed(c, c.Args)
}

func (*set) timeCell(c *plugin.Call, body string) error {
	if err := noArgs(c, "%time"); err != nil {
		return err
	}
	return timed(c, body)
}

// timed runs code once. A failed run tells its time, too.
func timed(c *plugin.Call, code string) error {
	took, err := c.Run("", code)
	if took.Run == 0 && err != nil {
		return err // it did not compile
	}
	text := "time " + duration(took.Run)
	if took.Processor > 0 {
		text += ", processor " + duration(took.Processor)
	}
	if took.Compile > 100*time.Millisecond {
		text += ", compiled in " + duration(took.Compile)
	}
	_, werr := fmt.Fprintln(c.Stdout, text)
	return errors.Join(err, werr)
}

func (*set) timeit(c *plugin.Call) error {
	code, loops, repeats, err := timeitOptions(c.Args)
	if err != nil {
		return err
	}
	if code == "" {
		return missing("timeit")
	}
	return measured(c, code, loops, repeats)
}

func (*set) timeitCell(c *plugin.Call, body string) error {
	rest, loops, repeats, err := timeitOptions(c.Args)
	if err != nil {
		return err
	}
	if rest != "" {
		return &hinted{fmt.Sprintf("%%%%timeit takes -n and -r, got %q", rest), "write the code on the lines below"}
	}
	return measured(c, strings.TrimRight(body, " \t\r\n"), loops, repeats)
}

const standardRepeats = 7

// timeitOptions reads -n and -r. loops is 0 when it is to be chosen.
func timeitOptions(args string) (code string, loops, repeats int, err error) {
	repeats = standardRepeats
	for {
		flag, rest, _ := strings.Cut(args, " ")
		if flag != "-n" && flag != "-r" {
			return args, loops, repeats, nil
		}
		number, rest, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > 1e9 {
			return "", 0, 0, &hinted{fmt.Sprintf("%s needs a number from 1 to 1e9, got %q", flag, number), "write " + flag + " 10"}
		}
		if flag == "-n" {
			loops = n
		} else {
			repeats = n
		}
		args = strings.TrimLeft(rest, " ")
	}
}

// enough is how long a measurement takes at least when the number of loops is
// chosen.
const enough = 200 * time.Millisecond

// measured runs code in loops and tells the time of one.
func measured(c *plugin.Call, code string, loops, repeats int) error {
	if loops == 0 {
		var err error
		if loops, err = chooseLoops(c, code); err != nil {
			return err
		}
	}
	each := make([]float64, repeats) // seconds
	for i := range each {
		took, err := runLoops(c, code, loops)
		if err != nil {
			return err
		}
		each[i] = took.Seconds() / float64(loops)
	}
	mean, deviation := spread(each)
	_, err := fmt.Fprintf(c.Stdout, "%s ± %s per loop (mean ± deviation of %d runs of %d loops), best %s\n",
		duration(seconds(mean)), duration(seconds(deviation)), repeats, loops, duration(seconds(slices.Min(each))))
	return err
}

// chooseLoops finds a number of loops of the form 1, 2, 5, 10, … that takes
// long enough.
func chooseLoops(c *plugin.Call, code string) (int, error) {
	for decade := 1; ; decade *= 10 {
		for _, m := range []int{1, 2, 5} {
			took, err := runLoops(c, code, m*decade)
			if err != nil || took >= enough || m*decade >= 5e8 {
				return m * decade, err
			}
			// Three numbers lie between a tenth and the whole of the time.
			if took < enough/20 {
				break
			}
		}
	}
}

// runLoops runs code n times. Code that is a value and no call is assigned to
// nothing, as it would not be a statement.
func runLoops(c *plugin.Call, code string, n int) (time.Duration, error) {
	if isValue(code) {
		code = "_ = " + code
	}
	took, err := c.Run("", fmt.Sprintf("for range %d {\n%s\n}", n, code))
	return took.Run, err
}

// isValue tells whether code is an expression that cannot stand as a
// statement: an operation, or a call of a built-in function or a type.
func isValue(code string) bool {
	e, err := parser.ParseExpr(code)
	if err != nil {
		return false
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		u, isUnary := ast.Unparen(e).(*ast.UnaryExpr)
		return !isUnary || u.Op.String() != "<-"
	}
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return slices.Contains(values, f.Name)
	case *ast.ArrayType, *ast.MapType, *ast.FuncType, *ast.InterfaceType, *ast.ChanType:
		return true
	}
	return false
}

// values are the predeclared functions and types whose call is a value.
var values = []string{
	"append", "cap", "complex", "imag", "len", "make", "max", "min", "new", "real", "string", "bool", "byte", "rune", "any", "error",
	"int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr", "float32", "float64", "complex64", "complex128",
}

// spread returns mean and standard deviation.
func spread(x []float64) (mean, deviation float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		deviation += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, math.Sqrt(deviation)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// duration writes d with three digits.
func duration(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if d >= u.unit {
			v := float64(d) / float64(u.unit)
			digits := 2
			for v := v; v >= 10 && digits > 0; v /= 10 {
				digits--
			}
			return strconv.FormatFloat(v, 'f', digits, 64) + " " + u.name
		}
	}
	return fmt.Sprintf("%d ns", d.Nanoseconds())
}

func (*set) memit(c *plugin.Call) error {
	if c.Args == "" {
		return missing("memit")
	}
	return weighed(c, c.Args)
}

func (*set) memitCell(c *plugin.Call, body string) error {
	if err := noArgs(c, "%memit"); err != nil {
		return err
	}
	return weighed(c, body)
}

// weighed runs code once and tells what it did to the heap.
func weighed(c *plugin.Call, code string) error {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	ctx, stop := context.WithCancel(c.Ctx)
	defer stop()
	var peak uint64
	var sampling sync.WaitGroup
	sampling.Go(func() { peak = peakHeap(ctx) })
	_, err := c.Run("", code)
	stop()
	sampling.Wait()
	if err != nil {
		return err
	}
	runtime.ReadMemStats(&after)
	allocated, objects := after.TotalAlloc-before.TotalAlloc, after.Mallocs-before.Mallocs
	peak = max(peak, after.HeapAlloc)
	runtime.GC()
	runtime.ReadMemStats(&after)
	kept := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	_, err = fmt.Fprintf(c.Stdout, "peak %s, above the start by %s; allocated %s in %d objects; kept %s\n",
		size(int64(peak)), size(int64(peak)-int64(before.HeapAlloc)), size(int64(allocated)), objects, size(kept))
	return err
}

// peakHeap samples the size of live heap objects until ctx ends.
func peakHeap(ctx context.Context) uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	var peak uint64
	for {
		metrics.Read(sample)
		peak = max(peak, sample[0].Value.Uint64())
		select {
		case <-ctx.Done():
			return peak
		case <-tick.C:
		}
	}
}

// size writes a number of bytes in binary units.
func size(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	v, unit := float64(n), 0
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	for v >= 1024 && unit < len(units)-1 {
		v, unit = v/1024, unit+1
	}
	if unit == 0 {
		return fmt.Sprintf("%s%d B", sign, n)
	}
	return fmt.Sprintf("%s%.1f %s", sign, v, units[unit])
}

package kernel

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// takeSample reads /proc, whose files are described in proc(5).
func takeSample() sample {
	now := sample{at: time.Now()}
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) == nil {
		now.cpu = time.Duration(r.Utime.Nano() + r.Stime.Nano())
	}
	if fields := procFields("/proc/self/statm", ""); len(fields) > 1 {
		now.memory = uint64(number(fields[1])) * uint64(os.Getpagesize())
	}
	now.total = kilobytes("MemTotal:")
	now.free = kilobytes("MemAvailable:")
	if fields := procFields("/proc/stat", "cpu "); len(fields) > 5 {
		for i, f := range fields[1:] {
			now.hostAll += number(f)
			if i != 3 && i != 4 { // idle, iowait
				now.hostBusy += number(f)
			}
		}
	}
	return now
}

// procFields returns the fields of the first line that begins with prefix.
func procFields(path, prefix string) []string {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, prefix) {
			return strings.Fields(line)
		}
	}
	return nil
}

func number(field string) float64 {
	n, _ := strconv.ParseFloat(field, 64) // 0 = not told
	return n
}

func kilobytes(name string) uint64 {
	if fields := procFields("/proc/meminfo", name); len(fields) > 1 {
		return uint64(number(fields[1])) << 10
	}
	return 0
}

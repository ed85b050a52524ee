//go:build !linux

package kernel

import (
	"runtime"
	"time"
)

// takeSample knows only what the Go runtime holds.
func takeSample() sample {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return sample{at: time.Now(), memory: m.Sys}
}

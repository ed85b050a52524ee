package kernel

import (
	"os"
	"runtime"
	"sync"
	"time"
)

// sample is what the system tells about this process and its host. Absent
// numbers are zero.
type sample struct {
	at       time.Time
	cpu      time.Duration // used by this process
	memory   uint64        // resident bytes of this process
	hostBusy float64       // time the host's processors worked, in any unit
	hostAll  float64       // time they had, in the same unit
	total    uint64        // bytes of memory of the host
	free     uint64        // of these, available
}

// usage answers usage requests. Rates are those since the previous request.
type usage struct {
	mu   sync.Mutex
	last sample
}

func (u *usage) next() (last, now sample) {
	now = takeSample()
	u.mu.Lock()
	defer u.mu.Unlock()
	last, u.last = u.last, now
	return last, now
}

// answerUsage answers usage_request.
func (s *server) answerUsage(*message) (any, error) {
	last, now := s.usage.next()
	content := map[string]any{
		"status":    statusOK,
		"pid":       os.Getpid(),
		"cpu_count": runtime.NumCPU(),
	}
	if name, err := os.Hostname(); err == nil {
		content["hostname"] = name
	}
	if now.memory > 0 {
		content["kernel_memory"] = now.memory
	}
	if now.cpu > 0 {
		content["kernel_cpu"] = percent((now.cpu - last.cpu).Seconds(), now.at.Sub(last.at).Seconds(), last)
	}
	if now.hostAll > 0 {
		content["host_cpu_percent"] = percent(now.hostBusy-last.hostBusy, now.hostAll-last.hostAll, last)
	}
	if now.total > 0 {
		used := now.total - min(now.free, now.total)
		content["host_virtual_memory"] = map[string]any{
			"total": now.total, "available": now.free, "used": used,
			"percent": 100 * float64(used) / float64(now.total),
		}
	}
	return content, nil
}

// percent returns part of all, 0 for the first request: there is no time yet
// that a rate could be of.
func percent(part, all float64, last sample) float64 {
	if last.at.IsZero() || all <= 0 {
		return 0
	}
	return 100 * part / all
}

package eval

import "testing"

// TestWatchdogForgetsDeadStacks: what an earlier runaway recursion has left
// behind is freed while the cell runs, and must not hide a new one.
func TestWatchdogForgetsDeadStacks(t *testing.T) {
	const mb = 1 << 20
	w := &watchdog{s: &Session{maxStack: 256 * mb}, base: 1100 * mb}
	for _, step := range []struct {
		stacks uint64
		deep   bool
	}{{1100 * mb, false}, {20 * mb, false}, {200 * mb, false}, {550 * mb, true}} {
		if got := w.tooDeep(step.stacks); got != step.deep {
			t.Errorf("at %d MB: tooDeep = %v, want %v", step.stacks/mb, got, step.deep)
		}
	}
}

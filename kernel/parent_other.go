//go:build !unix && !windows

package kernel

// parentAlive returns nil: there is no parent to watch here.
func parentAlive(int) func() bool { return nil }

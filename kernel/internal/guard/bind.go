package guard

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
	"time"
)

// Longest path of a socket file that all systems take.
const maxSocketPath = 103

// keepAlive finds out within half a minute that a client's machine has gone:
// until then its answers are sent there instead of to a new connection.
var keepAlive = net.ListenConfig{KeepAliveConfig: net.KeepAliveConfig{
	Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3,
}}

// listen binds to a TCP address or to a socket file, which only the user may
// use and which may be left over from a process that was killed.
func listen(network, address string) (net.Listener, error) {
	if network != "unix" {
		return keepAlive.Listen(context.Background(), network, address)
	}
	if len(address) > maxSocketPath {
		return nil, fmt.Errorf("path of the socket file has %d bytes, at most %d are portable; use a shorter directory: %s",
			len(address), maxSocketPath, address)
	}
	if err := removeStale(address); err != nil {
		return nil, err
	}
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(address, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// removeStale removes a socket file that nobody listens to.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode()&fs.ModeSocket == 0:
		return fmt.Errorf("%s exists and is no socket; remove it or use another name", path)
	}
	c, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		c.Close()
		return fmt.Errorf("%s is in use by another process", path)
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("%s exists and cannot be tested: %w", path, err)
	}
	return os.Remove(path)
}

package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
)

// ConnectionFile is what a client writes for the kernel it starts: where to
// listen and how to sign.
type ConnectionFile struct {
	Transport       string `json:"transport"` // "tcp" or "ipc"
	IP              string `json:"ip"`        // address for tcp, path prefix for ipc
	ShellPort       int    `json:"shell_port"`
	ControlPort     int    `json:"control_port"`
	StdinPort       int    `json:"stdin_port"`
	IOPubPort       int    `json:"iopub_port"`
	HeartbeatPort   int    `json:"hb_port"`
	Key             string `json:"key"`              // "" = messages are not signed
	SignatureScheme string `json:"signature_scheme"` // "hmac-sha256" and the like; "" = hmac-sha256
	KernelName      string `json:"kernel_name,omitempty"`
}

// ReadConnectionFile reads and checks the connection file at path.
func ReadConnectionFile(path string) (ConnectionFile, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return ConnectionFile{}, fmt.Errorf("kernel: connection file: %w", err)
	}
	c, err := ParseConnectionFile(data)
	if err != nil {
		return ConnectionFile{}, fmt.Errorf("%w (in %s)", err, path)
	}
	return c, nil
}

// ParseConnectionFile decodes and checks the contents of a connection file.
// Absent transport, ip and signature_scheme get their defaults: tcp,
// 127.0.0.1 and hmac-sha256. Unknown fields are ignored, except those that
// ask for encryption: a client that encrypts could never be answered.
func ParseConnectionFile(data []byte) (ConnectionFile, error) {
	var file struct {
		ConnectionFile
		CurvePublic string `json:"curve_publickey"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return ConnectionFile{}, fmt.Errorf("kernel: connection file is not valid JSON: %w", err)
	}
	if file.CurvePublic != "" {
		return ConnectionFile{}, errors.New("kernel: connection file asks for CurveZMQ encryption, which this kernel does not support; start it without")
	}
	c := file.ConnectionFile
	if c.Transport == "" {
		c.Transport = "tcp"
	}
	if c.IP == "" && c.Transport == "tcp" {
		c.IP = "127.0.0.1"
	}
	if c.SignatureScheme == "" {
		c.SignatureScheme = defaultScheme
	}
	return c, c.Validate()
}

// Validate reports every fault of c in one error.
func (c ConnectionFile) Validate() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("kernel: connection file: "+format, args...))
	}
	switch c.Transport {
	case "tcp":
	case "ipc":
		if c.IP == "" {
			fault("transport ipc needs a path prefix in ip")
		}
	default:
		fault("transport is %q; use tcp or ipc", c.Transport)
	}
	users := map[int]Channel{}
	for _, ch := range []Channel{Shell, Control, Stdin, IOPub, Heartbeat} {
		port := c.port(ch)
		if port < 1 || port > 65535 {
			fault("%s_port is %d; it must be from 1 to 65535", ch, port)
			continue
		}
		if other, taken := users[port]; taken {
			fault("%s_port and %s_port are both %d; each channel needs its own", other, ch, port)
		}
		users[port] = ch
	}
	if _, err := newSigner(c.SignatureScheme, c.Key); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// Endpoint returns the arguments of net.Listen for ch: "tcp" with host and
// port, or "unix" with a path.
func (c ConnectionFile) Endpoint(ch Channel) (network, address string) {
	port := strconv.Itoa(c.port(ch))
	if c.Transport == "ipc" {
		return "unix", c.IP + "-" + port
	}
	host := c.IP
	if host == "*" { // ZeroMQ's name for all interfaces
		host = ""
	}
	return "tcp", net.JoinHostPort(host, port)
}

func (c ConnectionFile) port(ch Channel) int {
	switch ch {
	case Shell:
		return c.ShellPort
	case Control:
		return c.ControlPort
	case Stdin:
		return c.StdinPort
	case IOPub:
		return c.IOPubPort
	case Heartbeat:
		return c.HeartbeatPort
	}
	return 0
}

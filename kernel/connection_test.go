package kernel

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const goodConnection = `{"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5, "ip": "127.0.0.1",
	"key": "abc", "transport": "tcp", "signature_scheme": "hmac-sha512", "kernel_name": "nskernel", "jupyter_session": "x"}`

func TestReadConnectionFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kernel-1.json")
	if err := os.WriteFile(path, []byte(goodConnection), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ReadConnectionFile(path)
	want := ConnectionFile{Transport: "tcp", IP: "127.0.0.1", ShellPort: 1, IOPubPort: 2, StdinPort: 3, ControlPort: 4, HeartbeatPort: 5, Key: "abc", SignatureScheme: "hmac-sha512", KernelName: "nskernel"}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := ReadConnectionFile(path + "x"); err == nil || !strings.Contains(err.Error(), "connection file") {
		t.Errorf("no file: %v", err)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadConnectionFile(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("bad file: error %v does not name it", err)
	}
}

func TestParseConnectionFileDefaults(t *testing.T) {
	c, err := ParseConnectionFile([]byte(`{"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5}`))
	if err != nil || c.Transport != "tcp" || c.IP != "127.0.0.1" || c.SignatureScheme != "hmac-sha256" || c.Key != "" {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestParseConnectionFileRefuses(t *testing.T) {
	change := func(key string, v any) string {
		var m map[string]any
		if err := json.Unmarshal([]byte(goodConnection), &m); err != nil {
			t.Fatal(err)
		}
		m[key] = v
		data, _ := json.Marshal(m)
		return string(data)
	}
	tests := []struct{ name, data, want string }{
		{"no JSON", "", "not valid JSON"},
		{"a list", "[]", "not valid JSON"},
		{"port is a string", change("hb_port", "5"), "not valid JSON"},
		{"no port", change("hb_port", nil), "hb_port is 0; it must be from 1 to 65535"},
		{"port too large", change("iopub_port", 65536), "iopub_port is 65536"},
		{"port below zero", change("stdin_port", -1), "stdin_port is -1"},
		{"port twice", change("control_port", 1), "shell_port and control_port are both 1"},
		{"transport", change("transport", "carrier pigeon"), `transport is "carrier pigeon"; use tcp or ipc`},
		{"scheme", change("signature_scheme", "hmac-rot13"), `signature_scheme is "hmac-rot13"`},
		{"encryption", change("curve_publickey", "abc"), "CurveZMQ"},
		{"ipc without path", strings.Replace(change("ip", ""), `"tcp"`, `"ipc"`, 1), "path prefix"},
		{"all faults", `{"transport": "x", "signature_scheme": "y"}`, "hb_port"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ParseConnectionFile([]byte(tt.data)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
	_, err := ParseConnectionFile([]byte(`{"transport": "x", "signature_scheme": "y"}`))
	if n := strings.Count(err.Error(), "\n") + 1; n != 7 {
		t.Errorf("%d faults are reported, want 7:\n%v", n, err)
	}
}

func TestEndpoint(t *testing.T) {
	tests := []struct{ transport, ip, network, address string }{
		{"tcp", "127.0.0.1", "tcp", "127.0.0.1:7"},
		{"tcp", "::1", "tcp", "[::1]:7"},
		{"tcp", "*", "tcp", ":7"},
		{"ipc", "/run/user/kernel", "unix", "/run/user/kernel-7"},
	}
	for _, tt := range tests {
		c := ConnectionFile{Transport: tt.transport, IP: tt.ip, StdinPort: 7}
		if network, address := c.Endpoint(Stdin); network != tt.network || address != tt.address {
			t.Errorf("%+v: %s %s", tt, network, address)
		}
	}
}

func FuzzParseConnectionFile(f *testing.F) {
	f.Add([]byte(goodConnection))
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"transport": "ipc", "ip": "/x", "key": "\ud800"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ParseConnectionFile(data)
		if err != nil {
			return
		}
		written, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseConnectionFile(written)
		if err != nil || again != c {
			t.Errorf("written and read again: %+v, %v, was %+v", again, err, c)
		}
	})
}

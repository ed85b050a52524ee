package guard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

const (
	greetingSize       = 64
	signatureSize      = 10
	mechanism          = "NULL"
	maxIdentity        = 255
	zmq4Minor     byte = 0 // zmq4 is given a 3.0 peer: plain subscription messages
	peerMinor     byte = 1 // peers are offered 3.1: they may use PING and SUBSCRIBE
)

// greeting encodes ZMTP 3.minor with the NULL mechanism.
func greeting(minor byte) []byte {
	g := make([]byte, greetingSize)
	g[0], g[8], g[9], g[10], g[11] = 0xff, 1, 0x7f, 3, minor
	copy(g[12:32], mechanism)
	return g
}

// readyCommand encodes READY as a socket of type typ sends it.
func readyCommand(typ, identity string) []byte {
	b := appendProperty(nil, "Socket-Type", typ)
	b = appendProperty(b, "Identity", identity)
	return encodeCommand("READY", b)
}

// shakeHands does the server's half of a ZMTP 3 handshake on rw and returns
// the identity that the peer asks for. The caller sets the deadline.
func shakeHands(w io.Writer, r io.Reader, kind Kind) (identity string, err error) {
	if _, err := w.Write(append(greeting(peerMinor), readyCommand(kind.String(), "")...)); err != nil {
		return "", err
	}
	if err := readGreeting(r); err != nil {
		return "", err
	}
	props, err := readReady(r)
	if err != nil {
		return "", err
	}
	if typ := props["socket-type"]; !slices.Contains(kind.peers(), typ) {
		return "", fmt.Errorf("peer is a %.32q socket, a %v socket talks to %v", typ, kind, kind.peers())
	}
	identity = props["identity"]
	if len(identity) > maxIdentity {
		return "", fmt.Errorf("identity of %d bytes, at most %d are allowed", len(identity), maxIdentity)
	}
	return identity, nil
}

// readGreeting reads the signature first, so that a peer which speaks another
// protocol is recognised by its first bytes.
func readGreeting(r io.Reader) error {
	g := make([]byte, greetingSize)
	if _, err := io.ReadFull(r, g[:1]); err != nil {
		return err
	}
	if g[0] != 0xff {
		return fmt.Errorf("not ZMTP: first byte is %#x", g[0])
	}
	if _, err := io.ReadFull(r, g[1:signatureSize]); err != nil {
		return err
	}
	if g[9] != 0x7f {
		return fmt.Errorf("not ZMTP: signature ends in %#x", g[9])
	}
	if _, err := io.ReadFull(r, g[signatureSize:]); err != nil {
		return err
	}
	if g[10] < 3 {
		return fmt.Errorf("peer speaks ZMTP %d, 3 is needed", g[10])
	}
	if m := string(bytes.TrimRight(g[12:32], "\x00")); m != mechanism {
		return fmt.Errorf("peer wants the security mechanism %q, only %s is offered", m, mechanism)
	}
	return nil
}

// readReady reads the peer's READY command.
func readReady(r io.Reader) (metadata, error) {
	h, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	if !h.command() {
		return nil, errors.New("peer sent a message before READY")
	}
	b := make([]byte, h.size)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, err
	}
	name, body, err := cutCommand(b)
	switch {
	case err != nil:
		return nil, err
	case name != "READY":
		return nil, fmt.Errorf("peer sent %.32q instead of READY", name)
	}
	return parseMetadata(body)
}

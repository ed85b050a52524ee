package guard

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// Flags of a ZMTP frame.
const (
	flagMore     = 1 << 0
	flagLong     = 1 << 1
	flagCommand  = 1 << 2
	flagReserved = 0xf8
)

// Commands carry metadata, topics and small contexts.
const maxCommand = 64 << 10

// frameHeader is the part of a frame before its body.
type frameHeader struct {
	flags byte
	size  uint64 // of the body
	wire  [9]byte
}

// bytes returns the header as it was on the wire: 2 or 9 bytes.
func (h *frameHeader) bytes() []byte { return h.wire[:headerSize(h.flags)] }

func (h *frameHeader) more() bool    { return h.flags&flagMore != 0 }
func (h *frameHeader) command() bool { return h.flags&flagCommand != 0 }

func headerSize(flags byte) int {
	if flags&flagLong != 0 {
		return 9
	}
	return 2
}

// decodeHeader reads the size from a complete header.
func decodeHeader(wire []byte) (flags byte, size uint64) {
	if flags = wire[0]; flags&flagLong != 0 {
		return flags, binary.BigEndian.Uint64(wire[1:])
	}
	return flags, uint64(wire[1])
}

// readHeader reads and checks the header of the next frame.
func readHeader(r io.Reader) (h frameHeader, err error) {
	if _, err = io.ReadFull(r, h.wire[:2]); err != nil {
		return h, err
	}
	if _, err = io.ReadFull(r, h.wire[2:headerSize(h.wire[0])]); err != nil {
		return h, err
	}
	h.flags, h.size = decodeHeader(h.wire[:])
	switch {
	case h.flags&flagReserved != 0:
		return h, fmt.Errorf("frame with reserved flags %#x", h.flags)
	case h.command() && h.more():
		return h, fmt.Errorf("command frame with the more flag")
	case h.command() && h.size > maxCommand:
		return h, fmt.Errorf("command of %d bytes, at most %d are taken", h.size, maxCommand)
	}
	return h, nil
}

// appendFrame encodes one frame.
func appendFrame(b []byte, flags byte, body []byte) []byte {
	if len(body) > 255 {
		b = append(b, flags|flagLong)
		b = binary.BigEndian.AppendUint64(b, uint64(len(body)))
	} else {
		b = append(b, flags, byte(len(body)))
	}
	return append(b, body...)
}

// encodeMessage encodes the frames of one message.
func encodeMessage(frames [][]byte) []byte {
	b := make([]byte, 0, encodedSize(frames))
	for i, f := range frames {
		var flags byte
		if i < len(frames)-1 {
			flags = flagMore
		}
		b = appendFrame(b, flags, f)
	}
	return b
}

// encodedSize is the number of bytes that the frames take on the wire.
func encodedSize(frames [][]byte) (n int) {
	for _, f := range frames {
		if n += 2 + len(f); len(f) > 255 {
			n += 7
		}
	}
	return n
}

// encodeCommand encodes a command frame.
func encodeCommand(name string, body []byte) []byte {
	b := append([]byte{byte(len(name))}, name...)
	return appendFrame(nil, flagCommand, append(b, body...))
}

// cutCommand takes the body of a command frame apart.
func cutCommand(frame []byte) (name string, body []byte, err error) {
	if len(frame) == 0 || len(frame) < 1+int(frame[0]) || frame[0] == 0 {
		return "", nil, fmt.Errorf("command without a name: %.32q", frame)
	}
	n := 1 + int(frame[0])
	return string(frame[1:n]), frame[n:], nil
}

// metadata are the properties of a READY command, names in lower case.
type metadata map[string]string

// parseMetadata reads pairs of a name (1 byte length) and a value (4 bytes length).
func parseMetadata(b []byte) (metadata, error) {
	m := metadata{}
	for len(b) > 0 {
		n := 1 + int(b[0])
		if len(b) < n+4 {
			return nil, fmt.Errorf("metadata end inside a name: %.64q", b)
		}
		name := string(bytes.ToLower(b[1:n]))
		size := uint64(binary.BigEndian.Uint32(b[n:]))
		b = b[n+4:]
		if uint64(len(b)) < size {
			return nil, fmt.Errorf("metadata %.64q announces %d bytes, %d follow", name, size, len(b))
		}
		m[name] = string(b[:size])
		b = b[size:]
	}
	return m, nil
}

// appendProperty encodes one pair of a READY command.
func appendProperty(b []byte, name, value string) []byte {
	b = append(append(b, byte(len(name))), name...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(value)))
	return append(b, value...)
}

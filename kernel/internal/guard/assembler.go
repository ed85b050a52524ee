package guard

import "slices"

// assembler puts the frames that zmq4 writes in pieces together to messages,
// because only whole messages may be queued. zmq4's own greeting and commands
// are left out.
type assembler struct {
	skip    int    // rest of the greeting
	header  []byte // of the current frame, as far as it has come
	rest    uint64 // of the current frame's body
	command bool
	message []byte
}

// feed takes the next bytes and calls emit with each message that they complete.
func (a *assembler) feed(b []byte, emit func(message []byte)) {
	for len(b) > 0 {
		switch {
		case a.skip > 0:
			n := min(a.skip, len(b))
			a.skip -= n
			b = b[n:]
			continue
		case a.rest == 0: // inside a header: a body has at least one byte left
			a.header = append(a.header, b[0])
			b = b[1:]
			if len(a.header) < headerSize(a.header[0]) {
				continue
			}
			a.begin()
		default:
			n := min(a.rest, uint64(len(b)))
			if !a.command {
				a.message = append(a.message, b[:n]...)
			}
			a.rest -= n
			b = b[n:]
		}
		if a.rest == 0 {
			a.end(emit)
		}
	}
}

// begin handles a complete header.
func (a *assembler) begin() {
	var flags byte
	flags, a.rest = decodeHeader(a.header)
	if a.command = flags&flagCommand != 0; !a.command {
		a.message = slices.Grow(a.message, len(a.header)+int(a.rest))
		a.message = append(a.message, a.header...)
	}
}

// end handles a complete frame.
func (a *assembler) end(emit func([]byte)) {
	last := a.header[0]&flagMore == 0
	a.header = a.header[:0]
	if last && !a.command {
		emit(a.message)
		a.message = nil
	}
}

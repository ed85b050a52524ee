package kernel

import (
	"errors"
	"time"
)

// Channel is one of the five sockets of a kernel.
type Channel uint8

// The channels of the Jupyter protocol. Shell, Control and Stdin carry
// packets to and from one peer, IOPub publishes to all subscribers, Heartbeat
// belongs to the transport alone.
const (
	Shell Channel = iota
	Control
	Stdin
	IOPub
	Heartbeat
)

// String returns the name of the channel in connection files, such as "iopub".
func (c Channel) String() string {
	switch c {
	case Shell:
		return "shell"
	case Control:
		return "control"
	case Stdin:
		return "stdin"
	case IOPub:
		return "iopub"
	case Heartbeat:
		return "hb"
	}
	return "unknown channel"
}

// Packet is one multipart message between the kernel and one peer.
type Packet struct {
	Peer   string   // identity of the peer's socket, opaque bytes
	Frames [][]byte // the frames behind the identity; at least one
}

// Transport moves multipart messages between the kernel and its clients. It
// knows nothing of their contents.
//
// Recv is called by one goroutine per channel, which does nothing but queue
// what it gets. All other methods are safe for concurrent use and never wait
// for a peer. Frames given to Send and Publish are not modified afterwards by
// either side, so they may be kept without a copy.
type Transport interface {
	// Recv waits for the next message on Shell, Control or Stdin. After Close
	// it returns ErrClosed; any other error ends the kernel.
	Recv(ch Channel) (Packet, error)
	// Send queues p for p.Peer on Shell, Control or Stdin. A peer that is not
	// connected is no error: the message is dropped.
	Send(ch Channel, p Packet) error
	// Publish queues frames for every peer that subscribed to a prefix of
	// frames[0]. The order of calls is the order of arrival. Publishing no
	// frames is an error.
	Publish(frames [][]byte) error
	// Pending returns the number of bytes that are queued for all peers.
	Pending() int64
	// Close waits up to linger for the queued messages to leave, then closes
	// all sockets and ends pending Recv calls. Calls after the first return nil.
	Close(linger time.Duration) error
}

// SubscribeFunc is called by a transport for each new subscription on iopub,
// once the subscription is effective: a message published after the call
// reaches the subscriber, and what is given to send (any number of times,
// during the call) goes to this one subscriber before any such message. It
// may be called on any goroutine, also before Listen has returned.
type SubscribeFunc func(topic string, send func(frames [][]byte))

// ListenFunc binds the five sockets that c describes and answers heartbeats.
type ListenFunc func(c ConnectionFile, onSubscribe SubscribeFunc) (Transport, error)

// ErrClosed is returned by a Transport that has been closed.
var ErrClosed = errors.New("kernel: transport closed")

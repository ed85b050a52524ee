package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"time"

	"github.com/go-zeromq/zmq4"

	"github.com/nskernel/nskernel/kernel"
)

// bare is a transport with the sockets of zmq4 and nothing between them and
// the network: one silent connection keeps all later clients out, and one
// subscriber that does not read stops the others.
type bare map[kernel.Channel]zmq4.Socket

func listen(c kernel.ConnectionFile, _ kernel.SubscribeFunc) (kernel.Transport, error) {
	t := bare{}
	for _, ch := range []kernel.Channel{kernel.Shell, kernel.Control, kernel.Stdin, kernel.IOPub, kernel.Heartbeat} {
		open := zmq4.NewRouter
		if ch == kernel.IOPub {
			open = zmq4.NewPub
		}
		t[ch] = open(context.Background(), zmq4.WithLogger(log.New(io.Discard, "", 0)))
		_, address := c.Endpoint(ch)
		if err := t[ch].Listen("tcp://" + address); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t bare) Recv(ch kernel.Channel) (kernel.Packet, error) {
	m, err := t[ch].Recv()
	if errors.Is(err, context.Canceled) {
		return kernel.Packet{}, kernel.ErrClosed
	}
	if err != nil {
		return kernel.Packet{}, fmt.Errorf("receive on %s: %w", ch, err)
	}
	return kernel.Packet{Peer: string(m.Frames[0]), Frames: m.Frames[1:]}, nil
}

func (t bare) Send(ch kernel.Channel, p kernel.Packet) error {
	return t[ch].SendMulti(zmq4.NewMsgFrom(append([][]byte{[]byte(p.Peer)}, p.Frames...)...))
}

func (t bare) Publish(frames [][]byte) error {
	return t[kernel.IOPub].SendMulti(zmq4.NewMsgFrom(frames...))
}

func (bare) Pending() int64 { return 0 }

func (t bare) Close(linger time.Duration) error {
	time.Sleep(min(linger, 100*time.Millisecond))
	for _, s := range t {
		s.Close()
	}
	return nil
}

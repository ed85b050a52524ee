package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/transport"
)

const schemeName = "guard"

// endpoints are the listeners that zmq4 is about to open. A scheme is global
// and permanent in zmq4, so one serves all sockets and the endpoint behind it
// is a number.
type endpoints struct {
	once sync.Once
	err  error // of the registration

	mu   sync.Mutex
	last int
	open map[string]*listener
}

var scheme endpoints

var _ transport.Transport = (*endpoints)(nil)

// add registers the scheme if need be and returns the endpoint of l.
func (e *endpoints) add(l *listener) (endpoint string, err error) {
	e.once.Do(func() { e.err = zmq4.RegisterTransport(schemeName, e) })
	if e.err != nil {
		return "", e.err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.open == nil {
		e.open = map[string]*listener{}
	}
	e.last++
	number := strconv.Itoa(e.last)
	e.open[number] = l
	return schemeName + "://" + number, nil
}

// Addr returns the part of an endpoint behind the scheme.
func (*endpoints) Addr(ep string) (string, error) { return ep, nil }

// Dial refuses: the guard is for sockets that listen.
func (*endpoints) Dial(context.Context, transport.Dialer, string) (net.Conn, error) {
	return nil, errors.New("guard: only for listening")
}

// Listen hands the listener over to zmq4.
func (e *endpoints) Listen(_ context.Context, number string) (net.Listener, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.open[number]
	if l == nil {
		return nil, fmt.Errorf("guard: no endpoint %q", number)
	}
	delete(e.open, number)
	return l, nil
}

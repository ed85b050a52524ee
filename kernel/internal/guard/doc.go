// Package guard gives the kernel ROUTER and XPUB sockets that no client can
// stop, fill or kill.
//
// The sockets are those of github.com/go-zeromq/zmq4. Between them and the
// network stands a transport that speaks ZMTP itself, because zmq4 v0.17.0
//
//   - accepts and shakes hands in one loop without a deadline: one silent TCP
//     connection keeps every later client out;
//   - writes to the subscribers one after the other: one that does not read
//     stops all of them, and what waits is not bounded;
//   - hands PING to the application and sends no PONG;
//   - does not tell when somebody has subscribed;
//   - answers two clients of one identity both, whoever has asked;
//   - dies of a malformed READY and of a frame header that announces more
//     bytes than there is memory;
//   - keeps connections of incompatible peers open, and cannot bind to the
//     socket file that a killed process has left.
//
// zmq4 finds the transport by its scheme and uses the connections it returns as
// they are. It is given connections that have finished the handshake, carry
// message frames only and never block or fail in Write:
//
//	network ── handshake, PING, limits ──▶ Read  ▶ zmq4 ▶ Socket.Recv
//	network ◀── queue and writer per peer ◀ Write ◀ zmq4 ◀ Socket.Send
//
// zmq4 sees an invented greeting and READY, never a byte of the peer's own, and
// a Read by which it asks for the next frame proves that it has taken in the
// previous one. That is when a subscription counts and OnSubscribe is called.
//
// A peer that does not read is disconnected when its queue is full. Single
// messages are never dropped: a client that has lost its connection knows, one
// that has lost a message does not.
//
// This package is the only one that knows zmq4.
package guard

package kernel

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

const (
	// protocolVersion is the version of the Jupyter protocol that is spoken.
	protocolVersion = "5.5"
	// delimiter ends the routing frames of a message.
	delimiter = "<IDS|MSG>"
	// dateLayout is ISO 8601 with the six digits of fraction that clients can
	// parse; they reject nine.
	dateLayout = "2006-01-02T15:04:05.000000Z07:00"
)

// Why an incoming message is dropped.
var (
	errBadSignature = errors.New("signature does not match: the client uses another key, or the message was altered")
	errReplay       = errors.New("signature was seen before: the message is a replay")
)

// header identifies a message of the kernel.
type header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
}

// message is a message from a client whose signature is good.
type message struct {
	channel  Channel
	peer     string          // identity of the socket it came from
	route    [][]byte        // further routing frames, repeated in the reply
	queue    *queue          // that it was taken from
	number   uint64          // position in it
	id, kind string          // msg_id and msg_type
	subshell string          // whose queue it belongs to, "" = the main shell
	lost     bool            // there is no such subshell
	parent   json.RawMessage // the header as received: parent_header of all answers
	replyTo  string          // msg_id of the client's own parent_header, "" if none
	metadata json.RawMessage
	content  json.RawMessage
	buffers  [][]byte
}

// decodeMessage checks and splits a packet that came in on ch. Content is not
// looked at: a handler can still answer a request whose content makes no sense.
func decodeMessage(ch Channel, p Packet, s *signer) (*message, error) {
	end := -1
	for i, frame := range p.Frames {
		if string(frame) == delimiter {
			end = i
			break
		}
	}
	if end < 0 {
		return nil, fmt.Errorf("message of %d frames has no %s frame", len(p.Frames), delimiter)
	}
	body := p.Frames[end+1:]
	if len(body) < 5 {
		return nil, fmt.Errorf("message has %d frames behind %s; signature, header, parent header, metadata and content are needed", len(body), delimiter)
	}
	if err := s.verify(body[0], body[1:5]...); err != nil {
		return nil, err
	}
	m := &message{channel: ch, peer: p.Peer, route: p.Frames[:end], parent: body[1], metadata: body[3], content: body[4], buffers: body[5:]}
	if !utf8.Valid(m.parent) { // it goes to all subscribers and would break them
		return nil, errors.New("message header is not valid UTF-8")
	}
	var h struct {
		ID       string `json:"msg_id"`
		Type     string `json:"msg_type"`
		Subshell string `json:"subshell_id"`
	}
	if err := json.Unmarshal(m.parent, &h); err != nil {
		return nil, fmt.Errorf("message header: %w", err)
	}
	if h.ID == "" || h.Type == "" {
		return nil, errors.New("message header lacks msg_id or msg_type")
	}
	m.id, m.kind, m.subshell = h.ID, h.Type, h.Subshell
	h.ID = ""
	if json.Unmarshal(body[2], &h) == nil { // only a hint: a bad one is as good as none
		m.replyTo = h.ID
	}
	return m, nil
}

// packet addresses composed frames to the sender of m.
func (m *message) packet(frames [][]byte) Packet {
	return Packet{Peer: m.peer, Frames: slices.Concat(m.route, frames)}
}

// contentOf decodes the content of m. Fields of T that m lacks are zero.
func contentOf[T any](m *message) (content T, err error) {
	err = json.Unmarshal(m.content, &content)
	if err == nil {
		return content, nil
	}
	value := fmt.Sprintf("content of %s: %v", m.kind, err)
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		value = fmt.Sprintf("content of %s: field %q is a JSON %s, which does not fit", m.kind, e.Field, e.Value)
	}
	return content, &CellError{Name: "BadRequest", Value: value}
}

// author composes the messages of one kernel session.
type author struct {
	signer  *signer
	session string
	count   atomic.Uint64
}

func newAuthor(s *signer) *author {
	var id [16]byte
	rand.Read(id[:]) // never fails
	return &author{signer: s, session: hex.EncodeToString(id[:])}
}

// draft is a message to be composed. Parent, Metadata and Content may be nil,
// which is the empty object.
type draft struct {
	Type     string
	Parent   json.RawMessage
	Metadata any
	Content  any
	Buffers  [][]byte
}

// compose returns the frames of d from the delimiter on, and its msg_id. It
// fails when content or metadata have no JSON.
func (a *author) compose(d draft) (frames [][]byte, id string, err error) {
	id = a.session + "-" + strconv.FormatUint(a.count.Add(1), 10)
	h, err := encodeJSON(header{
		ID: id, Session: a.session, Username: "kernel", Date: time.Now().UTC().Format(dateLayout),
		Type: d.Type, Version: protocolVersion,
	})
	if err != nil {
		return nil, "", err
	}
	parent := []byte(d.Parent)
	if parent == nil {
		parent = []byte("{}")
	}
	metadata, err := encodeObject(d.Metadata)
	if err != nil {
		return nil, "", fmt.Errorf("kernel: metadata of %s: %w", d.Type, err)
	}
	content, err := encodeObject(d.Content)
	if err != nil {
		return nil, "", fmt.Errorf("kernel: content of %s: %w", d.Type, err)
	}
	signature := a.signer.sign(h, parent, metadata, content)
	return append([][]byte{[]byte(delimiter), signature, h, parent, metadata, content}, d.Buffers...), id, nil
}

func encodeObject(v any) ([]byte, error) {
	if v == nil {
		return []byte("{}"), nil
	}
	return encodeJSON(v)
}

// encodeJSON is json.Marshal without the escapes that only HTML needs: output
// of cells is full of <, > and &.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

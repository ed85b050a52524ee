package kerneltest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nskernel/nskernel/kernel"
)

// Header is the header of a Jupyter message.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
	Subshell string `json:"subshell_id,omitempty"`
}

// Message is a Jupyter message.
type Message struct {
	Channel  kernel.Channel
	Topic    string // of messages on iopub
	Header   Header
	Parent   Header
	Metadata map[string]any
	Content  map[string]any
	Buffers  [][]byte
}

// Type returns the msg_type.
func (m Message) Type() string { return m.Header.Type }

// Text returns the string at key in the content, "" if there is none.
func (m Message) Text(key string) string {
	s, _ := m.Content[key].(string)
	return s
}

// Int returns the number at key in the content, -1 if there is none.
func (m Message) Int(key string) int {
	f, ok := m.Content[key].(float64)
	if !ok {
		return -1
	}
	return int(f)
}

// Data returns the representation under a MIME type, nil if there is none.
func (m Message) Data(mime string) any {
	data, _ := m.Content["data"].(map[string]any)
	return data[mime]
}

// String returns channel, type and content in one line.
func (m Message) String() string {
	content, err := json.Marshal(m.Content)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s %s %s", m.Channel, m.Type(), content)
}

const delimiter = "<IDS|MSG>"

// encode returns the frames of m as a client sends it, signed with
// hmac-sha256 if key is not empty.
func (m Message) encode(key string) ([][]byte, error) {
	var parts [4][]byte
	var err error
	for i, v := range []any{m.Header, m.Parent, m.Metadata, m.Content} {
		if i == 1 && m.Parent == (Header{}) || i == 2 && m.Metadata == nil || i == 3 && m.Content == nil {
			v = struct{}{}
		}
		if parts[i], err = json.Marshal(v); err != nil {
			return nil, err
		}
	}
	frames := [][]byte{[]byte(delimiter), sign(key, parts[:]), parts[0], parts[1], parts[2], parts[3]}
	return append(frames, m.Buffers...), nil
}

func sign(key string, parts [][]byte) []byte {
	if key == "" {
		return []byte{}
	}
	mac := hmac.New(sha256.New, []byte(key))
	for _, p := range parts {
		mac.Write(p)
	}
	return []byte(hex.EncodeToString(mac.Sum(nil)))
}

// decode reads a message of the kernel and rejects what a strict client would.
func decode(ch kernel.Channel, frames [][]byte, key string) (Message, error) {
	m := Message{Channel: ch}
	if ch == kernel.IOPub && len(frames) > 0 {
		m.Topic, frames = string(frames[0]), frames[1:]
	}
	if len(frames) < 6 || string(frames[0]) != delimiter {
		return m, fmt.Errorf("message has %d frames; %s and five others at least are expected", len(frames), delimiter)
	}
	if want := sign(key, frames[2:6]); string(want) != string(frames[1]) {
		return m, errors.New("message is signed wrongly")
	}
	for i, v := range []any{&m.Header, &m.Parent, &m.Metadata, &m.Content} {
		if err := json.Unmarshal(frames[2+i], v); err != nil {
			return m, fmt.Errorf("part %d: %w", i, err)
		}
	}
	m.Buffers = frames[6:]
	if m.Metadata == nil || m.Content == nil {
		return m, errors.New("metadata or content is null")
	}
	return m, m.checkHeader()
}

func (m Message) checkHeader() error {
	if m.Header.ID == "" || m.Header.Session == "" || m.Header.Username == "" || m.Header.Type == "" {
		return fmt.Errorf("header is incomplete: %+v", m.Header)
	}
	if m.Header.Version != "5.5" {
		return fmt.Errorf("version is %q, not 5.5", m.Header.Version)
	}
	// Clients parse at most six digits of the second, and need a zone.
	if _, err := time.Parse("2006-01-02T15:04:05.000000Z", m.Header.Date); err != nil {
		return fmt.Errorf("date: %w", err)
	}
	if m.Channel == kernel.IOPub && m.Type() != "iopub_welcome" && !strings.HasSuffix(m.Topic, m.Type()) {
		return fmt.Errorf("topic %q does not tell type %s", m.Topic, m.Type())
	}
	return nil
}

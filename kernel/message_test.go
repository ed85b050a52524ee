package kernel

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func testSigner(t testing.TB, key string) *signer {
	t.Helper()
	s, err := newSigner(defaultScheme, key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// signedFrames puts parts behind routing frames, delimiter and signature.
func signedFrames(s *signer, route []string, parts ...string) [][]byte {
	var frames, raw [][]byte
	for _, r := range route {
		frames = append(frames, []byte(r))
	}
	for _, p := range parts {
		raw = append(raw, []byte(p))
	}
	frames = append(frames, []byte(delimiter), s.sign(raw[:min(4, len(raw))]...))
	return append(frames, raw...)
}

const goodHeader = `{"msg_id":"1","msg_type":"execute_request","session":"s","username":"u","date":"","version":"5.3"}`

func TestDecodeMessage(t *testing.T) {
	s := testSigner(t, "key")
	p := Packet{Peer: "peer", Frames: signedFrames(s, []string{"via", "proxy"}, goodHeader, `{"msg_id":"0"}`, `{"m":1}`, `{"c":2}`, "buffer", "buffer")}
	m, err := decodeMessage(Control, p, s)
	if err != nil {
		t.Fatal(err)
	}
	if m.channel != Control || m.peer != "peer" || len(m.route) != 2 || m.id != "1" || m.kind != "execute_request" || m.replyTo != "0" ||
		string(m.parent) != goodHeader || string(m.metadata) != `{"m":1}` || string(m.content) != `{"c":2}` {
		t.Errorf("%+v", m)
	}
	answer := m.packet([][]byte{[]byte("x")})
	if answer.Peer != "peer" || string(bytes.Join(answer.Frames, []byte("|"))) != "via|proxy|x" {
		t.Errorf("answer goes to %q with frames %q", answer.Peer, answer.Frames)
	}
}

func TestDecodeMessageRefuses(t *testing.T) {
	s := testSigner(t, "key")
	frames := func(parts ...string) [][]byte { return signedFrames(s, nil, parts...) }
	tests := []struct {
		name   string
		frames [][]byte
		want   string
	}{
		{"no frames", nil, "has no <IDS|MSG>"},
		{"no delimiter", [][]byte{[]byte("a"), []byte("b")}, "2 frames has no <IDS|MSG>"},
		{"only delimiter", [][]byte{[]byte(delimiter)}, "0 frames behind"},
		{"no content", frames(goodHeader, "{}", "{}"), "4 frames behind"},
		{"bad signature", [][]byte{[]byte(delimiter), []byte("00"), []byte(goodHeader), []byte("{}"), []byte("{}"), []byte("{}")}, "signature does not match"},
		{"header is no JSON", frames("{", "{}", "{}", "{}"), "message header"},
		{"header is a list", frames("[]", "{}", "{}", "{}"), "message header"},
		{"header is null", frames("null", "{}", "{}", "{}"), "lacks msg_id"},
		{"no type", frames(`{"msg_id":"1"}`, "{}", "{}", "{}"), "lacks msg_id or msg_type"},
		{"no id", frames(`{"msg_type":"a"}`, "{}", "{}", "{}"), "lacks msg_id or msg_type"},
		{"id is a number", frames(`{"msg_id":1,"msg_type":"a"}`, "{}", "{}", "{}"), "message header"},
		{"header is not UTF-8", frames("{\"msg_id\":\"\xff\",\"msg_type\":\"a\"}", "{}", "{}", "{}"), "not valid UTF-8"},
		{"too deep", frames(strings.Repeat(`{"a":`, 20000), "{}", "{}", "{}"), "message header"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := decodeMessage(Shell, Packet{Frames: tt.frames}, s)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("message %+v, error %v, want %q", m, err, tt.want)
			}
		})
	}
}

func TestCompose(t *testing.T) {
	s := testSigner(t, "key")
	a := newAuthor(s)
	parent := json.RawMessage(`{"msg_id":"p"}`)
	frames, id, err := a.compose(draft{Type: "stream", Parent: parent, Content: map[string]string{"text": "a<b>&\u2028"}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := decodeMessage(Shell, Packet{Frames: frames}, s)
	if err != nil {
		t.Fatal(err)
	}
	if m.id != id || m.kind != "stream" || m.replyTo != "p" || string(m.metadata) != "{}" || !bytes.Contains(m.content, []byte("a<b>&")) {
		t.Errorf("%+v", m)
	}
	_, next, err := a.compose(draft{Type: "stream"})
	if err != nil || next == id {
		t.Errorf("two messages have id %q, %v", id, err)
	}
	if b := newAuthor(s); b.session == a.session {
		t.Error("two sessions have one name")
	}
	for _, d := range []draft{{Content: func() {}}, {Metadata: make(chan int)}} {
		if _, _, err := a.compose(d); err == nil {
			t.Errorf("%+v was composed", d)
		}
	}
}

// FuzzDecodeMessage feeds the decoder frames cut out of arbitrary bytes. What
// it accepts must be fit for an answer that other clients can read.
func FuzzDecodeMessage(f *testing.F) {
	s := testSigner(f, "")
	join := func(frames [][]byte) []byte { return bytes.Join(frames, []byte{0}) }
	f.Add(join(signedFrames(s, nil, goodHeader, "{}", "{}", `{"code":"1+1"}`)))
	f.Add(join(signedFrames(s, []string{"id"}, goodHeader, `{"msg_id":"x"}`, "{}", "{}", "buffer")))
	f.Add([]byte(delimiter))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := decodeMessage(Shell, Packet{Peer: "p", Frames: bytes.Split(data, []byte{0})}, s)
		if err != nil {
			if m != nil {
				t.Errorf("message and error %v", err)
			}
			return
		}
		if m.id == "" || m.kind == "" {
			t.Errorf("accepted without id or type: %q", data)
		}
		frames, _, err := newAuthor(s).compose(draft{Type: "status", Parent: m.parent, Content: map[string]string{}})
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(frames[3]) || !utf8.Valid(frames[3]) {
			t.Errorf("parent header of answers is %q", frames[3])
		}
		_ = cellID(m)
		_, _ = contentOf[executeRequest](m)
	})
}

func FuzzByteOffset(f *testing.F) {
	f.Add("aé😀", 2)
	f.Add("\xff\xfe", -1)
	f.Fuzz(func(t *testing.T, text string, n int) {
		offset := byteOffset(text, n)
		if offset < 0 || offset > len(text) {
			t.Fatalf("offset %d of %d bytes", offset, len(text))
		}
		want := min(max(n, 0), utf8.RuneCountInString(text))
		if got := codePoints(text, offset); got != want {
			t.Errorf("code point %d has offset %d, which is code point %d", n, offset, got)
		}
		codePoints(text, n) // must not panic
	})
}

func TestGlob(t *testing.T) {
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true}, {"*", "a\nb", true}, {"a*", "abc", true}, {"a*", "ba", false}, {"?", "é", true}, {"?", "ab", false}, {"?", "\n", true},
		{"a.c", "abc", false}, {"a.c", "a.c", true}, {"(a", "(a", true}, {`\`, `\`, true},
		{"[ab]c", "bc", true}, {"[ab]c", "cc", false}, {"[a-c]", "b", true}, {"[^a-c]", "b", false}, {"[^a-c]", "d", true},
		{"[", "[", true}, {"[abc", "[abc", true}, {"[]]", "]", true}, {"[^]]", "a", true}, {"[^]]", "]", false}, {"[^", "[^", true}, {"a[", "a[", true},
		{`[\d]`, "5", false}, {`[\d]`, "d", true}, {"[[:alpha:]]", ":]", true}, {"é*", "été", true}, {"[é]", "é", true}, {"a[*]", "a*", true},
	}
	for _, tt := range tests {
		g, err := compileGlob(tt.pattern)
		if err != nil {
			t.Errorf("%q: %v", tt.pattern, err)
			continue
		}
		if got := g.MatchString(tt.text); got != tt.want {
			t.Errorf("%q matches %q: %v, want %v (%s)", tt.pattern, tt.text, got, tt.want, g)
		}
	}
	if _, err := compileGlob("[z-a]"); err == nil {
		t.Error("[z-a] was compiled")
	}
}

func FuzzGlob(f *testing.F) {
	f.Add("[a-z]*?", "abc")
	f.Add("[^", "")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if !strings.ContainsAny(pattern, "*?[") && utf8.ValidString(pattern) {
			g, err := compileGlob(pattern)
			if err != nil || !g.MatchString(pattern) || g.MatchString(text) != (text == pattern) {
				t.Errorf("%q as pattern: %v, %v", pattern, g, err)
			}
			return
		}
		compileGlob(pattern) // must not panic
	})
}

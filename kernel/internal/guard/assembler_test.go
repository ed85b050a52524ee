package guard

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// However the writes are cut, the same messages come out, and neither the
// greeting nor commands.
func TestAssembler(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stream := append(greeting(0), readyCommand("ROUTER", "id")...)
		var want [][]byte
		for range rapid.IntRange(0, 8).Draw(t, "messages") {
			sizes := rapid.SliceOfN(rapid.SampledFrom([]int{0, 1, 2, 200, 255, 256, 70_000}), 1, 4).Draw(t, "frames")
			var frames [][]byte
			for i, n := range sizes {
				frames = append(frames, bytes.Repeat([]byte{byte(i)}, n))
			}
			m := encodeMessage(frames)
			if len(m) != encodedSize(frames) {
				t.Fatalf("encodedSize is %d, message has %d", encodedSize(frames), len(m))
			}
			want = append(want, m)
			stream = append(stream, m...)
			if rapid.Bool().Draw(t, "command") {
				stream = append(stream, encodeCommand("PING", []byte("\x00\x00"))...)
			}
		}
		a, got := assembler{skip: greetingSize}, [][]byte(nil)
		for len(stream) > 0 {
			n := min(rapid.SampledFrom([]int{0, 1, 2, 9, 64, 1000, 100_000}).Draw(t, "write"), len(stream))
			a.feed(stream[:n], func(m []byte) { got = append(got, bytes.Clone(m)) })
			stream = stream[n:]
		}
		if len(got) != len(want) {
			t.Fatalf("%d messages, want %d", len(got), len(want))
		}
		for i := range got {
			if !bytes.Equal(got[i], want[i]) {
				t.Fatalf("message %d differs", i)
			}
		}
	})
}

package guard

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// collector is the writer of a connection that takes everything.
type collector struct {
	bytes.Buffer
	done chan struct{} // closed when want bytes have come
	want int
}

func (c *collector) Write(b []byte) (int, error) {
	c.Buffer.Write(b)
	if c.Len() == c.want {
		close(c.done)
	}
	return len(b), nil
}

func TestOutboxKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(1, 3*writePiece), 1, 20).Draw(t, "sizes")
		o := newOutbox(1 << 30)
		var want []byte
		for i, n := range sizes {
			m := bytes.Repeat([]byte{byte('a' + i)}, n)
			want = append(want, m...)
			if !o.push(m) {
				t.Fatal("no room")
			}
		}
		c := &collector{done: make(chan struct{}), want: len(want)}
		ended := make(chan error)
		go func() { ended <- o.run(c) }()
		<-c.done
		o.close()
		if err := <-ended; err != nil || !bytes.Equal(c.Bytes(), want) {
			t.Fatalf("wrote %d bytes of %d, %v", c.Len(), len(want), err)
		}
	})
}

func TestOutboxHolds(t *testing.T) {
	o := newOutbox(100)
	o.push([]byte("a"))
	o.hold()
	o.push([]byte("c"))
	o.pushFirst([]byte("b"))
	if n := o.pending(time.Now()); n != 3 {
		t.Errorf("%d bytes pending, want 3", n)
	}
	if piece, n := o.take(); n != 2 {
		t.Errorf("took %q before release", piece)
	}
	o.push([]byte("d"))
	o.release()
	if piece, n := o.take(); n != 2 || string(bytes.Join(piece, nil)) != "cd" {
		t.Errorf("took %q after release", piece)
	}
}

func TestOutboxLimit(t *testing.T) {
	o := newOutbox(10)
	for _, m := range []string{"small", "larger than the limit"} {
		if !o.push([]byte(m)) {
			t.Fatalf("%q refused, although less than the limit was waiting", m)
		}
	}
	if o.push([]byte("x")) {
		t.Error("accepted more than the limit")
	}
	o.close()
	if !o.push([]byte("x")) || o.pending(time.Now()) != 0 {
		t.Error("a closed outbox must swallow")
	}
}

// A peer that takes nothing is not waited for; one that goes on is again.
func TestOutboxStall(t *testing.T) {
	o := newOutbox(100)
	o.push([]byte("ab"))
	later := time.Now().Add(stallTime + time.Second)
	if n := o.pending(later); n != 0 {
		t.Errorf("%d bytes pending after a stall", n)
	}
	o.sent(1)
	if n := o.pending(time.Now()); n != 1 {
		t.Errorf("%d bytes pending after progress", n)
	}
}

func TestOutboxReportsErrors(t *testing.T) {
	o := newOutbox(100)
	o.push([]byte("x"))
	r, w := io.Pipe()
	r.CloseWithError(errors.New("broken"))
	if err := o.run(w); err == nil {
		t.Error("write error was lost")
	}
}

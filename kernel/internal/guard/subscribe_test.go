package guard

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"
)

// (d) of the defects of zmq4: the subscriber sees the welcome first, then all
// messages, with both ways to subscribe.
func TestWelcome(t *testing.T) {
	s := welcoming(t, Config{})
	for i := range 20 {
		c := connect(t, s, "SUB", "")
		if i%2 == 0 {
			c.command("SUBSCRIBE", "t")
		} else {
			c.send("\x01t")
		}
		c.want("t", "welcome")
		publish(t, s, "topic", fmt.Sprint(i))
		publish(t, s, "other", "not subscribed")
		publish(t, s, "t", "last")
		c.want("topic", fmt.Sprint(i))
		c.want("t", "last")
	}
}

// Nothing overtakes the welcome while others publish without a pause, and
// nothing that was published after it is lost.
func TestWelcomeComesFirst(t *testing.T) {
	var published atomic.Int64
	s := listening(t, Config{Kind: Publisher, OnSubscribe: func(topic string, send func([][]byte)) {
		n := published.Load()
		time.Sleep(2 * time.Millisecond) // messages come in meanwhile
		send(toBytes([]string{"welcome", fmt.Sprint(n)}))
	}})
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for i := int64(1); ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			publish(t, s, "t", fmt.Sprint(i))
			published.Store(i)
			time.Sleep(50 * time.Microsecond)
		}
	}()
	for range 20 {
		c := subscribe(t, s, "")
		m := c.recv()
		if m[0] != "welcome" {
			t.Fatalf("first message is %q", m)
		}
		var before, first, last int
		fmt.Sscan(m[1], &before)
		fmt.Sscan(c.recv()[1], &first)
		// Message before+1 may be on its way already when the count is read.
		if first > before+2 {
			t.Fatalf("first message is %d, but %d were published before the welcome", first, before)
		}
		for last = first; last < first+50; last++ {
			var n int
			if fmt.Sscan(c.recv()[1], &n); n != last+1 {
				t.Fatalf("%d follows %d", n, last)
			}
		}
		c.Close()
	}
	close(stop)
	<-stopped
}

func TestSubscriptionsAreCounted(t *testing.T) {
	var calls atomic.Int32
	s := listening(t, Config{Kind: Publisher, OnSubscribe: func(string, func([][]byte)) { calls.Add(1) }})
	c := connect(t, s, "SUB", "")
	c.command("CANCEL", "never subscribed")
	c.command("SUBSCRIBE", "a")
	c.command("SUBSCRIBE", "a")
	c.send("\x01b")
	c.send("\x00a")
	barrier(c)
	publish(t, s, "a", "1")
	publish(t, s, "b", "1")
	c.want("a", "1")
	c.want("b", "1")
	c.command("CANCEL", "a")
	barrier(c)
	publish(t, s, "a", "2")
	publish(t, s, "b", "2")
	c.want("b", "2")
	if n := calls.Load(); n != 2 {
		t.Errorf("OnSubscribe was called %d times for topics a, b", n)
	}
}

// barrier returns when all that c sent before has been taken in.
func barrier(c *client) {
	c.t.Helper()
	c.command("PING", "\x00\x00barrier")
	c.SetReadDeadline(time.Now().Add(patience))
	if flags, body, err := c.frame(); err != nil || flags != flagCommand {
		c.t.Fatalf("no PONG but %q, %v", body, err)
	}
}

// What a subscriber sends besides subscriptions is dropped, also when it looks
// like one inside a longer message.
func TestSubscribersCannotTalk(t *testing.T) {
	s := welcoming(t, Config{})
	c := connect(t, s, "XSUB", "")
	c.send("chatter")
	c.send("")
	c.send("\x01first frame", "second")
	c.send("first", "\x01second frame")
	for range 100 {
		c.send("more than zmq4 queues")
	}
	c.wantSilence()
	c.send("\x01t")
	c.want("t", "welcome")
}

// A ROUTER does not take subscriptions.
func TestRouterIgnoresSubscriptions(t *testing.T) {
	c := connect(t, echo(t, Config{}), "DEALER", "")
	c.command("SUBSCRIBE", "")
	c.wantEcho("\x01looks like a subscription")
}

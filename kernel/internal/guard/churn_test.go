package guard

import (
	"fmt"
	"runtime"
	"testing"
)

func TestChurnLeavesNothingBehind(t *testing.T) {
	router, pub := echo(t, Config{}), welcoming(t, Config{})
	visit := func(i int) {
		d := connect(t, router, "DEALER", fmt.Sprint("client ", i%7))
		d.wantEcho("hello")
		c := subscribe(t, pub, "")
		c.want("", "welcome")
		half := dial(t, router)
		half.write(greeting(1))
		for _, c := range []*client{d, c, half} {
			c.Close()
		}
	}
	settled := func() bool { return len(router.l.connected())+len(pub.l.connected()) == 0 }
	visit(0)
	eventually(t, "first client gone", settled)
	var base int
	eventually(t, "stable number of goroutines", func() bool {
		before := base
		base = runtime.NumGoroutine()
		return base == before
	})
	for i := range 300 {
		visit(i)
		if i%10 == 0 {
			publish(t, pub, "t", "to whoever is there") // lets zmq4 notice
		}
	}
	eventually(t, "all clients gone", settled)
	eventually(t, "goroutines ended", func() bool { return runtime.NumGoroutine() <= base })
}

package kernel_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nskernel/nskernel/kernel"
	"github.com/nskernel/nskernel/kernel/kerneltest"
)

func TestPressure(t *testing.T) {
	const much = 20 << 20
	pressed := func(t *testing.T) (*kerneltest.Interpreter, *kerneltest.Kernel, *kerneltest.Client) {
		i := kerneltest.NewInterpreter()
		k := kerneltest.Start(t, i)
		k.Wire().SetPending(much)
		return i, k, k.Client()
	}
	t.Run("waits", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			_, k, c := pressed(t)
			began := time.Now()
			time.AfterFunc(time.Second, func() { k.Wire().SetPending(0) })
			c.Execute("lines 10000")
			if d := time.Since(began); d < time.Second || d > 1100*time.Millisecond {
				t.Errorf("cell took %v, want the second of pressure", d)
			}
		})
	})
	t.Run("not for ever, and once", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			_, _, c := pressed(t)
			began := time.Now()
			e := c.Execute("print a\ndisplay b\nprint c\ndisplay d\nlines 10000")
			if d := time.Since(began); d < 2*time.Second || d > 2100*time.Millisecond {
				t.Errorf("cell took %v, want one wait of 2 s", d)
			}
			if n := strings.Count(e.Stream("stdout"), "\n"); n != 10002 {
				t.Errorf("%d lines arrived, want 10002", n)
			}
		})
	})
	t.Run("ends with an interrupt", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			_, _, c := pressed(t)
			began := time.Now()
			cell := c.StartExecute("display b")
			synctest.Wait()
			c.Do(kernel.Control, "interrupt_request", nil)
			cell.Wait()
			if d := time.Since(began); d > 100*time.Millisecond {
				t.Errorf("cell took %v", d)
			}
		})
	})
	t.Run("does not hold up control", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			_, _, c := pressed(t)
			began := time.Now()
			cell := c.StartExecute("print b")
			c.Do(kernel.Control, "kernel_info_request", nil)
			if d := time.Since(began); d > 0 {
				t.Errorf("reply took %v", d)
			}
			cell.Wait()
		})
	})
}

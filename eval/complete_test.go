package eval_test

import (
	"fmt"
	"testing"
)

func TestTry(t *testing.T) {
	n := newNotebook(t)
	_ = n
	r := n.s.Complete("x := fmt.Pri", 12)
	fmt.Println(r)
}

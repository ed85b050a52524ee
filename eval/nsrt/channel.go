package nsrt

import "reflect"

// Recv receives from the channel c into the variable that v points to, and
// tells whether the channel was open. A stop request ends it.
func (s *State) Recv(c, v any) bool {
	ch := reflect.ValueOf(c)
	to := reflect.ValueOf(v).Elem()
	if ch.IsValid() && !ch.IsNil() {
		if x, ok := ch.TryRecv(); x.IsValid() {
			to.Set(x)
			return ok
		}
	}
	_, x, ok := s.wait([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: ch}})
	to.Set(x)
	return ok
}

// Send sends the variable that v points to on the channel c. A stop request
// ends it.
func (s *State) Send(c, v any) {
	ch, x := reflect.ValueOf(c), reflect.ValueOf(v).Elem()
	if ch.IsValid() && !ch.IsNil() && ch.TrySend(x) {
		return
	}
	s.wait([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: ch, Send: x}})
}

// CommCase is a case of a select statement.
type CommCase struct {
	c    reflect.SelectCase
	v    reflect.Value // where a received value goes
	open *bool
}

// SendCase sends the variable that v points to on c.
func SendCase(c, v any) CommCase {
	return CommCase{c: reflect.SelectCase{Dir: reflect.SelectSend, Chan: reflect.ValueOf(c), Send: reflect.ValueOf(v).Elem()}}
}

// RecvCase receives from c into the variable that v points to.
func RecvCase(c, v any, open *bool) CommCase {
	return CommCase{c: reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)}, v: reflect.ValueOf(v).Elem(), open: open}
}

// Select does one of the cases and returns its number. If it is not to block
// and none is ready, it returns -1. A stop request ends it.
func (s *State) Select(block bool, cases ...CommCase) int {
	cs := make([]reflect.SelectCase, len(cases), len(cases)+1)
	for i, c := range cases {
		cs[i] = c.c
	}
	var i int
	var v reflect.Value
	var ok bool
	if block {
		i, v, ok = s.wait(cs)
	} else {
		i, v, ok = reflect.Select(append(cs, reflect.SelectCase{Dir: reflect.SelectDefault}))
		if i == len(cases) {
			return -1
		}
	}
	if c := cases[i]; c.v.IsValid() {
		c.v.Set(v)
		*c.open = ok
	}
	return i
}

// wait is reflect.Select that a stop request ends.
func (s *State) wait(cases []reflect.SelectCase) (int, reflect.Value, bool) {
	intr := s.Intr()
	if intr == nil {
		return reflect.Select(cases)
	}
	n := len(cases)
	all := append(cases[:n:n], reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(intr)})
	i, v, ok := reflect.Select(all)
	if i == n {
		s.Halt()
		return reflect.Select(cases)
	}
	return i, v, ok
}

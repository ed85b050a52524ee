// Package nsrt is the run time of lowered cells: what they call to be stopped,
// to show values and to report the panics of their goroutines. It is exported
// to the interpreter as package "nsrt" and never called by hand.
package nsrt

import "reflect"

// State is the run state of one session.
type State struct{}

// NewState returns the state of a session in which nothing runs.
func NewState() *State { return &State{} }

// Exports returns the symbols of package "nsrt" for one session.
func (s *State) Exports() map[string]map[string]reflect.Value {
	return map[string]map[string]reflect.Value{}
}

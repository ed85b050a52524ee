package eval

import (
	"reflect"

	"github.com/nskernel/nskernel/comm"
	"github.com/nskernel/nskernel/kernel"
)

const commPath = "github.com/nskernel/nskernel/comm"

var _ kernel.CommInterpreter = (*Session)(nil)

// commFunctions binds package comm to the session. Failures of handlers go to
// the standard error of the cell that ran last.
func (s *Session) commFunctions() map[string]map[string]reflect.Value {
	s.comms = comm.NewManager(func(err error) { sink{s}.Stream("stderr", err.Error()+"\n") })
	symbols := map[string]reflect.Value{}
	for name, f := range s.comms.Functions() {
		symbols[name] = reflect.ValueOf(f)
	}
	return map[string]map[string]reflect.Value{commPath + "/comm": symbols}
}

// ConnectComms gives cells the way to the front ends.
func (s *Session) ConnectComms(send func(kernel.CommMessage) error) {
	s.comms.Connect(func(m comm.Message) error {
		return send(kernel.CommMessage{
			Kind: string(m.Kind), ID: m.ID, Target: m.Target, Data: m.Data, Metadata: m.Metadata, Buffers: m.Buffers,
		})
	})
}

// ReceiveComm gives a message of a front end to the cells' handlers.
func (s *Session) ReceiveComm(m kernel.CommMessage) bool {
	return s.comms.Receive(comm.Message{
		Kind: comm.Kind(m.Kind), ID: m.ID, Target: m.Target, Data: m.Data, Metadata: m.Metadata, Buffers: m.Buffers,
	})
}

// ListComms returns the targets of the open comms by id.
func (s *Session) ListComms(target string) map[string]string { return s.comms.List(target) }

package kerneltest

import (
	"fmt"
	"strings"

	"github.com/nskernel/nskernel/kernel"
)

// Exchange is a request and everything the kernel sent in answer to it, from
// busy to idle and the reply.
type Exchange struct {
	Request  Message
	Messages []Message // in the order of arrival
	// Ordered says that the order holds across channels, as on a Wire. Over
	// sockets it holds within each channel.
	Ordered bool
}

// Reply returns the reply, the zero Message if there is none.
func (e Exchange) Reply() Message {
	for _, m := range e.Messages {
		if m.Channel == e.Request.Channel {
			return m
		}
	}
	return Message{}
}

// Published returns the messages on iopub without status and execute_input.
func (e Exchange) Published() []Message {
	var published []Message
	for _, m := range e.Messages {
		if m.Channel == kernel.IOPub && m.Type() != "status" && m.Type() != "execute_input" {
			published = append(published, m)
		}
	}
	return published
}

// Types returns the types of all messages on iopub, with status replaced by
// its state: "busy execute_input stream idle".
func (e Exchange) Types() string {
	var types []string
	for _, m := range e.iopub() {
		if state := m.Text("execution_state"); state != "" {
			types = append(types, state)
			continue
		}
		types = append(types, m.Type())
	}
	return strings.Join(types, " ")
}

// Stream returns all text of the stream called name.
func (e Exchange) Stream(name string) string {
	var b strings.Builder
	for _, m := range e.Published() {
		if m.Type() == "stream" && m.Text("name") == name {
			b.WriteString(m.Text("text"))
		}
	}
	return b.String()
}

// Only returns the only published message of a type, an error if there are
// none or several.
func (e Exchange) Only(msgType string) (Message, error) {
	var found []Message
	for _, m := range e.Published() {
		if m.Type() == msgType {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		return Message{}, fmt.Errorf("%d messages of type %s, not one: %s", len(found), msgType, e.Types())
	}
	return found[0], nil
}

// String lists the request and what came back.
func (e Exchange) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "> %s\n", e.Request)
	for _, m := range e.Messages {
		fmt.Fprintf(&b, "< %s\n", m)
	}
	return b.String()
}

func (e Exchange) iopub() []Message {
	var l []Message
	for _, m := range e.Messages {
		if m.Channel == kernel.IOPub {
			l = append(l, m)
		}
	}
	return l
}

// Check reports the first rule of the protocol that the exchange breaks.
func (e Exchange) Check() error {
	for _, check := range []func() error{e.checkMessages, e.checkStatus, e.checkReply, e.checkExecution} {
		if err := check(); err != nil {
			return fmt.Errorf("%w in\n%s", err, e)
		}
	}
	return nil
}

func (e Exchange) checkMessages() error {
	seen := map[string]bool{}
	for _, m := range e.Messages {
		if seen[m.Header.ID] {
			return fmt.Errorf("msg_id %s is used twice", m.Header.ID)
		}
		seen[m.Header.ID] = true
		if m.Parent != e.Request.Header {
			return fmt.Errorf("%s has not the request's header as parent but %+v", m.Type(), m.Parent)
		}
		if err := m.checkContent(); err != nil {
			return err
		}
	}
	return nil
}

func (e Exchange) checkStatus() error {
	types := strings.Fields(e.Types())
	for i, t := range types {
		if (t == "busy") != (i == 0) {
			return fmt.Errorf("message %d on iopub is %s; busy comes first, once", i, t)
		}
		if (t == "idle") != (i == len(types)-1) {
			return fmt.Errorf("message %d on iopub is %s; idle comes last, once", i, t)
		}
	}
	if len(types) < 2 {
		return fmt.Errorf("busy and idle are not both there: %v", types)
	}
	return nil
}

func (e Exchange) checkReply() error {
	kind, isRequest := strings.CutSuffix(e.Request.Type(), "_request")
	replies := 0
	for i, m := range e.Messages {
		if m.Channel == kernel.IOPub || m.Channel == kernel.Stdin {
			continue
		}
		replies++
		if m.Channel != e.Request.Channel || m.Type() != kind+"_reply" {
			return fmt.Errorf("%s on %s is no reply to the request", m.Type(), m.Channel)
		}
		// The copy of shutdown_reply for everybody comes behind the reply.
		if rest := e.Messages[i+1:]; e.Ordered && (len(rest) == 0 || len(rest) > 1 && m.Type() != "shutdown_reply") {
			return fmt.Errorf("the reply comes not between all output and idle but before %d messages", len(rest))
		}
	}
	if isRequest != (replies == 1) {
		return fmt.Errorf("%d replies to %s", replies, e.Request.Type())
	}
	return nil
}

func (e Exchange) checkExecution() error {
	if e.Request.Type() != "execute_request" {
		return nil
	}
	silent, _ := e.Request.Content["silent"].(bool)
	iopub, reply := e.iopub(), e.Reply()
	refused := reply.Text("ename") == "Aborted" || reply.Text("ename") == "BadRequest"
	if silent || refused {
		if len(iopub) != 2 {
			return fmt.Errorf("a request that is silent or was not run published %s", e.Types())
		}
		return nil
	}
	input := iopub[1]
	if input.Type() != "execute_input" || input.Text("code") != e.Request.Text("code") {
		return fmt.Errorf("behind busy comes %s, not execute_input with the code", input)
	}
	for i, m := range iopub[2 : len(iopub)-1] {
		last := i == len(iopub)-4
		switch m.Type() {
		case "execute_result":
			if !last || reply.Text("status") != "ok" || m.Int("execution_count") != reply.Int("execution_count") {
				return fmt.Errorf("execute_result is not the last output of a cell that succeeded, or counts differ")
			}
		case "error":
			if !last || reply.Text("ename") != m.Text("ename") || reply.Text("evalue") != m.Text("evalue") {
				return fmt.Errorf("error is not the last output of a cell that failed so")
			}
		case "execute_input":
			return fmt.Errorf("execute_input comes twice")
		}
	}
	if n := input.Int("execution_count"); n != reply.Int("execution_count") {
		return fmt.Errorf("execute_input counts %d, the reply %d", n, reply.Int("execution_count"))
	}
	if failed := reply.Text("status") == "error"; failed != (iopub[len(iopub)-2].Type() == "error") {
		return fmt.Errorf("status is %s, but the last output is %s", reply.Text("status"), iopub[len(iopub)-2].Type())
	}
	return nil
}

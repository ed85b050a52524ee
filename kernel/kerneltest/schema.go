package kerneltest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/nskernel/nskernel/kernel"
)

// kind is the JSON type of a required field.
type kind string

const (
	text    kind = "string"
	whole   kind = "number"
	boolean kind = "bool"
	object  kind = "object"
	array   kind = "array"
)

// schemas holds the fields that the protocol requires in the content of what a
// kernel sends, if its status is ok or it has none.
var schemas = map[string]map[string]kind{
	"kernel_info_reply":     {"status": text, "protocol_version": text, "implementation": text, "implementation_version": text, "language_info": object, "banner": text, "help_links": array, "debugger": boolean, "supported_features": array},
	"connect_reply":         {"status": text, "shell_port": whole, "control_port": whole, "stdin_port": whole, "iopub_port": whole, "hb_port": whole},
	"execute_reply":         {"status": text, "execution_count": whole, "payload": array, "user_expressions": object},
	"complete_reply":        {"status": text, "matches": array, "cursor_start": whole, "cursor_end": whole, "metadata": object},
	"inspect_reply":         {"status": text, "found": boolean, "data": object, "metadata": object},
	"is_complete_reply":     {"status": text},
	"history_reply":         {"status": text, "history": array},
	"comm_info_reply":       {"status": text, "comms": object},
	"interrupt_reply":       {"status": text},
	"shutdown_reply":        {"status": text, "restart": boolean},
	"create_subshell_reply": {"status": text, "subshell_id": text},
	"delete_subshell_reply": {"status": text},
	"list_subshell_reply":   {"status": text, "subshell_id": array},
	"usage_reply":           {"status": text, "hostname": text, "pid": whole, "cpu_count": whole},

	"status":              {"execution_state": text},
	"stream":              {"name": text, "text": text},
	"execute_input":       {"code": text, "execution_count": whole},
	"execute_result":      {"execution_count": whole, "data": object, "metadata": object},
	"display_data":        {"data": object, "metadata": object, "transient": object},
	"update_display_data": {"data": object, "metadata": object, "transient": object},
	"clear_output":        {"wait": boolean},
	"error":               {"ename": text, "evalue": text, "traceback": array},
	"comm_open":           {"comm_id": text, "target_name": text, "data": object},
	"comm_msg":            {"comm_id": text, "data": object},
	"comm_close":          {"comm_id": text, "data": object},
	"iopub_welcome":       {"subscription": text},
	"input_request":       {"prompt": text, "password": boolean},
}

// failure holds the fields of a reply whose status is error.
var failure = map[string]kind{"status": text, "ename": text, "evalue": text, "traceback": array}

// checkContent reports a field that is missing or of the wrong type.
func (m Message) checkContent() error {
	fields, known := schemas[m.Type()]
	switch {
	case m.Text("status") == "error":
		fields = failure
	case !known:
		return fmt.Errorf("a kernel sends no %s", m.Type())
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if got := kindOf(m.Content[name]); got != fields[name] {
			return fmt.Errorf("%s: field %s is %q, not %q", m, name, got, fields[name])
		}
	}
	if m.Channel == kernel.IOPub && m.Type() == "status" && !slices.Contains([]string{"starting", "busy", "idle"}, m.Text("execution_state")) {
		return fmt.Errorf("%s: unknown state", m)
	}
	return nil
}

func kindOf(v any) kind {
	switch v.(type) {
	case string:
		return text
	case float64:
		return whole
	case bool:
		return boolean
	case map[string]any:
		return object
	case []any:
		return array
	}
	return kind(fmt.Sprintf("%T", v))
}

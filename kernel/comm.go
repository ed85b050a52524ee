package kernel

// answerCommInfo answers comm_info_request: no comm is open.
func (s *server) answerCommInfo(*message) (any, error) {
	return map[string]any{"status": statusOK, "comms": map[string]any{}}, nil
}

// refuseComm closes a comm whose target nobody here knows, which is how the
// protocol says no.
func (s *server) refuseComm(m *message) error {
	r, err := contentOf[struct {
		ID     string `json:"comm_id"`
		Target string `json:"target_name"`
	}](m)
	if err != nil {
		return err
	}
	s.log.Info("comm refused", "target", r.Target)
	s.iopub.notify("comm_close", m.parent, map[string]any{"comm_id": r.ID, "data": map[string]any{}})
	return nil
}

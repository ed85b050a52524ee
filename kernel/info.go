package kernel

// answerKernelInfo answers kernel_info_request.
func (s *server) answerKernelInfo(*message) (any, error) {
	info := s.interp.Info()
	links := info.HelpLinks
	if links == nil {
		links = []HelpLink{}
	}
	return map[string]any{
		"status":                 statusOK,
		"protocol_version":       protocolVersion,
		"implementation":         info.Implementation,
		"implementation_version": info.ImplementationVersion,
		"language_info":          info.Language,
		"banner":                 info.Banner,
		"help_links":             links,
		"debugger":               false,
		"supported_features":     []string{"kernel subshells"},
	}, nil
}

// answerConnect answers connect_request.
func (s *server) answerConnect(*message) (any, error) {
	content := map[string]any{"status": statusOK}
	for _, ch := range []Channel{Shell, Control, Stdin, IOPub, Heartbeat} {
		content[ch.String()+"_port"] = s.cfg.Connection.port(ch)
	}
	return content, nil
}

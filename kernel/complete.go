package kernel

import (
	"unicode/utf8"

	"github.com/nskernel/nskernel/display"
)

// byteOffset returns the offset in text of its n-th code point, clipped to
// text. Clients count code points.
func byteOffset(text string, n int) int {
	if n <= 0 {
		return 0
	}
	for offset := range text {
		if n == 0 {
			return offset
		}
		n--
	}
	return len(text)
}

// codePoints returns the number of code points in front of a byte offset,
// which is clipped to text.
func codePoints(text string, offset int) int {
	return utf8.RuneCountInString(text[:min(max(offset, 0), len(text))])
}

// position is the part that complete_request and inspect_request share.
type position struct {
	Code   string `json:"code"`
	Cursor *int   `json:"cursor_pos"` // absent = the end
	Detail int    `json:"detail_level"`
}

func (p position) offset() int {
	if p.Cursor == nil {
		return len(p.Code)
	}
	return byteOffset(p.Code, *p.Cursor)
}

// completionDetail is what JupyterLab shows beside a match.
type completionDetail struct {
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Text      string `json:"text"`
	Type      string `json:"type"`
	Signature string `json:"signature,omitempty"`
}

// answerComplete answers complete_request.
func (s *server) answerComplete(m *message) (any, error) {
	p, err := contentOf[position](m)
	if err != nil {
		return nil, err
	}
	c, err := limited(s, "Complete", func() Completion { return s.interp.Complete(p.Code, p.offset()) })
	if err != nil {
		return nil, err
	}
	start, end := codePoints(p.Code, c.Start), codePoints(p.Code, c.End)
	matches := make([]string, len(c.Items))
	details := make([]completionDetail, len(c.Items))
	for i, item := range c.Items {
		matches[i] = item.Text
		details[i] = completionDetail{Start: start, End: end, Text: item.Text, Type: item.Type, Signature: item.Signature}
	}
	return map[string]any{
		"status": statusOK, "matches": matches, "cursor_start": start, "cursor_end": max(start, end),
		"metadata": map[string]any{"_jupyter_types_experimental": details},
	}, nil
}

// answerInspect answers inspect_request.
func (s *server) answerInspect(m *message) (any, error) {
	p, err := contentOf[position](m)
	if err != nil {
		return nil, err
	}
	b, err := limited(s, "Inspect", func() *display.Bundle {
		b, found := s.interp.Inspect(p.Code, p.offset(), p.Detail)
		if !found {
			return nil
		}
		return &b
	})
	if err != nil {
		return nil, err
	}
	if b == nil {
		return map[string]any{"status": statusOK, "found": false, "data": map[string]any{}, "metadata": map[string]any{}}, nil
	}
	w, err := encodeBundle(*b)
	if err != nil {
		return nil, err
	}
	return struct {
		Status string `json:"status"`
		Found  bool   `json:"found"`
		wireBundle
	}{statusOK, true, w}, nil
}

// answerIsComplete answers is_complete_request.
func (s *server) answerIsComplete(m *message) (any, error) {
	p, err := contentOf[position](m)
	if err != nil {
		return nil, err
	}
	content, err := limited(s, "IsComplete", func() map[string]any {
		status, indent := s.interp.IsComplete(p.Code)
		if status == Incomplete {
			return map[string]any{"status": status, "indent": indent}
		}
		return map[string]any{"status": status}
	})
	if err != nil {
		return nil, err
	}
	return content, nil
}

package kernel

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/nskernel/nskernel/display"
)

// mimeKey is the syntax of keys in data: type/subtype without parameters.
var mimeKey = regexp.MustCompile(`^[\w\-+.]+/[\w\-+.]+$`)

// wireBundle is a display.Bundle as messages carry it.
type wireBundle struct {
	Data     map[string]json.RawMessage `json:"data"`
	Metadata map[string]json.RawMessage `json:"metadata"`
}

// encodeBundle puts b into the form of the wire. It returns every
// representation that could be encoded, and an error for each that could not.
func encodeBundle(b display.Bundle) (wireBundle, error) {
	w := wireBundle{Data: map[string]json.RawMessage{}, Metadata: map[string]json.RawMessage{}}
	var faults []error
	for _, key := range slices.Sorted(maps.Keys(b.Data)) {
		data, err := encodeRepresentation(key, b.Data[key])
		if err != nil {
			faults = append(faults, err)
			continue
		}
		w.Data[key] = data
	}
	for _, key := range slices.Sorted(maps.Keys(b.Metadata)) {
		data, err := encodeJSON(b.Metadata[key])
		if err != nil {
			faults = append(faults, fmt.Errorf("kernel: metadata of %s: %w", key, err))
			continue
		}
		w.Metadata[key] = data
	}
	if len(b.Data) == 0 {
		faults = append(faults, errors.New("kernel: bundle has no representation; give at least text/plain"))
	}
	return w, errors.Join(faults...)
}

func encodeRepresentation(key string, v any) (data json.RawMessage, err error) {
	defer func() { // a MarshalJSON of the cell may do anything
		if p := recover(); p != nil {
			err = fmt.Errorf("kernel: %s: panic: %v", key, p)
		}
	}()
	if !mimeKey.MatchString(key) {
		return nil, fmt.Errorf("kernel: %q is no MIME type; write type/subtype without parameters", key)
	}
	switch {
	case isJSON(key):
		if raw, ok := v.([]byte); ok {
			v = json.RawMessage(raw)
		}
	case isText(key):
		if raw, ok := v.([]byte); ok {
			v = string(raw)
		}
		if _, ok := v.(string); !ok {
			return nil, fmt.Errorf("kernel: %s is given as %T; it must be a string", key, v)
		}
	default:
		if raw, ok := v.([]byte); ok {
			v = base64.StdEncoding.EncodeToString(raw)
		}
	}
	if data, err = encodeJSON(v); err != nil {
		return nil, fmt.Errorf("kernel: %s: %w", key, err)
	}
	return data, nil
}

func isJSON(key string) bool {
	return key == display.MIMEJSON || strings.HasSuffix(key, "+json")
}

func isText(key string) bool {
	return strings.HasPrefix(key, "text/") || strings.HasSuffix(key, "+xml") || key == "application/javascript"
}

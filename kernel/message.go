package kernel

import "errors"

// Why an incoming message is dropped.
var (
	errBadSignature = errors.New("signature does not match: the client uses another key, or the message was altered")
	errReplay       = errors.New("signature was seen before: the message is a replay")
)

package kernel

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
	"sync"
)

const defaultScheme = "hmac-sha256"

// hashes holds the hashes that a signature_scheme may name behind "hmac-". The
// names are those of Python's hashlib, which clients take them from.
var hashes = map[string]func() hash.Hash{
	"md5":        md5.New,
	"sha1":       sha1.New,
	"sha224":     sha256.New224,
	"sha256":     sha256.New,
	"sha384":     sha512.New384,
	"sha512":     sha512.New,
	"sha512_224": sha512.New512_224,
	"sha512_256": sha512.New512_256,
	"sha3_224":   func() hash.Hash { return sha3.New224() },
	"sha3_256":   func() hash.Hash { return sha3.New256() },
	"sha3_384":   func() hash.Hash { return sha3.New384() },
	"sha3_512":   func() hash.Hash { return sha3.New512() },
}

// signer makes and checks the signatures of messages. The zero key signs with
// the empty string and accepts everything. It is safe for concurrent use.
type signer struct {
	signed bool
	macs   sync.Pool // of hash.Hash keyed with the connection's key
	seen   seenSet
}

func newSigner(scheme, key string) (*signer, error) {
	name, ok := strings.CutPrefix(scheme, "hmac-")
	newHash := hashes[strings.ReplaceAll(name, "-", "_")]
	if !ok || newHash == nil {
		return nil, fmt.Errorf("kernel: signature_scheme is %q; use one of %s", scheme, strings.Join(schemes(), ", "))
	}
	s := &signer{signed: key != ""}
	s.macs.New = func() any { return hmac.New(newHash, []byte(key)) }
	return s, nil
}

func schemes() []string {
	var names []string
	for name := range hashes {
		names = append(names, "hmac-"+name)
	}
	slices.Sort(names)
	return names
}

// sign returns the signature of parts in hexadecimal, as it goes on the wire.
func (s *signer) sign(parts ...[]byte) []byte {
	if !s.signed {
		return []byte{}
	}
	return hex.AppendEncode(nil, s.sum(parts))
}

func (s *signer) sum(parts [][]byte) []byte {
	mac := s.macs.Get().(hash.Hash)
	defer s.macs.Put(mac)
	mac.Reset()
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// verify reports why a message with this signature must not be trusted, or
// nil. A signature is good once: a second message with it is a replay.
func (s *signer) verify(signature []byte, parts ...[]byte) error {
	if !s.signed {
		return nil
	}
	got := make([]byte, hex.DecodedLen(len(signature)))
	if _, err := hex.Decode(got, signature); err != nil || !hmac.Equal(got, s.sum(parts)) {
		return errBadSignature
	}
	if !s.seen.add([digestSize]byte(got)) {
		return errReplay
	}
	return nil
}

const (
	digestSize = md5.Size // of the shortest hash; as much of the others tells signatures apart
	seenLimit  = 1 << 15  // size of one generation of a seenSet
)

// seenSet remembers the most recent digests that were added: at least the
// last seenLimit and at most twice as many, in two generations.
type seenSet struct {
	mu        sync.Mutex
	now, past map[[digestSize]byte]struct{}
}

// add reports whether d is new and remembers it.
func (set *seenSet) add(d [digestSize]byte) bool {
	set.mu.Lock()
	defer set.mu.Unlock()
	if _, old := set.now[d]; old {
		return false
	}
	if _, old := set.past[d]; old {
		return false
	}
	if set.now == nil || len(set.now) >= seenLimit {
		set.past, set.now = set.now, make(map[[digestSize]byte]struct{})
	}
	set.now[d] = struct{}{}
	return true
}

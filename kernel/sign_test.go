package kernel

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// The signatures were made by Python's hmac module:
//
//	python3 -c 'import hmac; print(hmac.new(b"key", b"onetwo", "sha256").hexdigest())'
var pythonSignatures = map[string]string{
	"hmac-md5":        "7140099ca8375455d79e06b8225c53b4",
	"hmac-sha1":       "7b0e53d0c273dcd7675adff486192367d19c53be",
	"hmac-sha224":     "80501a4df1eb22a98851f4431ffc363b69accedeffc57db3cc9c545c",
	"hmac-sha256":     "ecb19a59c36e8c54885f887512486dbb3d374bda49d48a7710e74caeffd42248",
	"hmac-sha384":     "1656ad96989844da6d1daf9859ce03a46ec0f1c03d7b0bdddc2b411ca2110ee1ee498cb5d5d20a01324a4a1768821bcb",
	"hmac-sha512":     "4e9fb16a80c8ebb84904e44e81eb20ab50a0b7289c172c8f4cd4e440faafea6a74abad42545c1a08993777d8592da1fd5e3d8b6f68920e7a6cf1073a107b1a5b",
	"hmac-sha512_224": "baa23e3c60366105f254c65a56307a60b8fc26c2fd6b0b31b7908ddd",
	"hmac-sha512_256": "ae29531e1e4c291e93050b497b81ac47c11a910b731666607da1992a8ac0514b",
	"hmac-sha3_224":   "3dead92e45bb7083d008f2bcf47cd011e9355f0576b7b1f0d6bce4aa",
	"hmac-sha3_256":   "f987efd4693d93da27d2af62a09e42944f4471cad96b07918ac968caad2c579a",
	"hmac-sha3_384":   "d01c1ece7841adebe4442f724503638b3b1325a7272988791bef97f37df8158243a6bb4ad1d492710a9c0db2c71e0bdc",
	"hmac-sha3_512":   "ad8ec1d1bc1c341c27a849dc39aaf7955e2e850666ab45f5fc1a007a3a5ddf0a9a66dbf85ee40a33b648b3e4e6efda65a8f6321b8606aa57b0a38ae225988408",
}

func TestSignSchemes(t *testing.T) {
	if len(pythonSignatures) != len(hashes) {
		t.Errorf("%d schemes are tested, there are %d", len(pythonSignatures), len(hashes))
	}
	for scheme, want := range pythonSignatures {
		for _, scheme := range []string{scheme, strings.ReplaceAll(scheme, "_", "-")} {
			s, err := newSigner(scheme, "key")
			if err != nil {
				t.Error(err)
				continue
			}
			if got := s.sign([]byte("one"), []byte("two")); string(got) != want {
				t.Errorf("%s: signature %s, want %s", scheme, got, want)
			}
			if err := s.verify([]byte(want), []byte("one"), []byte("two")); err != nil {
				t.Errorf("%s: %v", scheme, err)
			}
		}
	}
}

func TestSignerRefuses(t *testing.T) {
	for _, scheme := range []string{"", "sha256", "hmac-", "hmac-rot13", "hmac-SHA256", "HMAC-sha256"} {
		if _, err := newSigner(scheme, "key"); err == nil || !strings.Contains(err.Error(), "hmac-sha256") {
			t.Errorf("%q: error %v, want one that names the schemes", scheme, err)
		}
	}
}

func TestVerify(t *testing.T) {
	part := []byte("part")
	s, err := newSigner("hmac-sha256", "key")
	if err != nil {
		t.Fatal(err)
	}
	good := s.sign(part)
	flipped := bytes.Clone(good)
	flipped[5] ^= 1
	for _, bad := range [][]byte{nil, {}, []byte("zz"), good[:10], append(bytes.Clone(good), '0'), append(bytes.Clone(good), "00"...), flipped} {
		if err := s.verify(bad, part); !errors.Is(err, errBadSignature) {
			t.Errorf("signature %q: %v", bad, err)
		}
	}
	if err := s.verify(good, []byte("other")); !errors.Is(err, errBadSignature) {
		t.Errorf("altered message: %v", err)
	}
	if err := s.verify(good, part); err != nil {
		t.Errorf("good signature: %v", err)
	}
	for range 2 {
		if err := s.verify(good, part); !errors.Is(err, errReplay) {
			t.Errorf("replay: %v", err)
		}
	}
	upper := bytes.ToUpper(s.sign([]byte("again")))
	if err := s.verify(upper, []byte("again")); err != nil {
		t.Errorf("upper case: %v", err)
	}
	if err := s.verify(bytes.ToLower(upper), []byte("again")); !errors.Is(err, errReplay) {
		t.Errorf("replay in other case: %v", err)
	}
}

// A bad message must not use up the signature of the good one.
func TestVerifyBadDoesNotSpoilGood(t *testing.T) {
	s, err := newSigner("hmac-sha256", "key")
	if err != nil {
		t.Fatal(err)
	}
	signature := s.sign([]byte("a"))
	if s.verify(signature, []byte("b")) == nil {
		t.Fatal("bad message accepted")
	}
	if err := s.verify(signature, []byte("a")); err != nil {
		t.Error(err)
	}
}

func TestUnsigned(t *testing.T) {
	s, err := newSigner("hmac-sha256", "")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.sign([]byte("a")); got == nil || len(got) != 0 {
		t.Errorf("signature %q, want an empty frame", got)
	}
	for range 2 {
		if err := s.verify([]byte("anything"), []byte("a")); err != nil {
			t.Error(err)
		}
	}
}

func digest(n int) (d [digestSize]byte) {
	copy(d[:], fmt.Sprint(n))
	return d
}

func TestSeenSetIsBounded(t *testing.T) {
	var set seenSet
	for n := range 5 * seenLimit {
		if !set.add(digest(n)) {
			t.Fatalf("%d is old", n)
		}
	}
	if n := len(set.now) + len(set.past); n > 2*seenLimit {
		t.Errorf("%d are remembered", n)
	}
	for n := 4 * seenLimit; n < 5*seenLimit; n++ {
		if set.add(digest(n)) {
			t.Fatalf("%d, one of the last %d, is forgotten", n, seenLimit)
		}
	}
}

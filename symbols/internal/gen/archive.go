package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"maps"
	"slices"
)

// archive packs the export data and the documentation of pkgs, which package
// symbols reads entry by entry: "types/<path>" and "doc/<path>". The order is
// by name and there are no times, so equal input gives equal bytes.
func archive(g group, pkgs []*pkg) ([]byte, error) {
	docs, err := documented(g, pkgs)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	add := func(name string, data []byte) error {
		e, err := w.Create(name)
		if err == nil {
			_, err = e.Write(data)
		}
		return err
	}
	for _, p := range pkgs {
		if err := add("types/"+p.ImportPath, p.export); err != nil {
			return nil, err
		}
	}
	for _, path := range slices.Sorted(maps.Keys(docs)) {
		text, err := json.Marshal(docs[path])
		if err != nil {
			return nil, err
		}
		if err := add("doc/"+path, text); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

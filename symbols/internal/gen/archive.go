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
// symbols reads entry by entry: "types/<path>", "types/<path>@<platform>" where
// a platform differs, and "doc/<path>". The order is fixed and there are no
// times, so equal input gives equal bytes.
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
		if err := add(typesEntry(p.ImportPath, base), p.export); err != nil {
			return nil, err
		}
		for _, on := range others {
			if v, ok := p.variants[on]; ok {
				if err := add(typesEntry(p.ImportPath, on), v.export); err != nil {
					return nil, err
				}
			}
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

// typesEntry names the export data of a package on a platform.
func typesEntry(path string, on platform) string {
	if on == base {
		return "types/" + path
	}
	return "types/" + path + "@" + on.String()
}

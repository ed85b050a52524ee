package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
)

// archive packs the export data and the documentation of pkgs, which package
// symbols reads entry by entry: "types/<path>" and "doc/<path>". The order is
// that of pkgs and there are no times, so equal input gives equal bytes.
func archive(pkgs []*pkg) ([]byte, error) {
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
		docs, err := documentation(p)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(docs)
		if err != nil {
			return nil, err
		}
		if err := add("types/"+p.ImportPath, p.export); err != nil {
			return nil, err
		}
		if err := add("doc/"+p.ImportPath, text); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

package symbols

import (
	"archive/zip"
	_ "embed" // for the archives
	"fmt"
	"io"
	"strings"
	"sync"
)

//go:embed data/std.zip
var stdArchive string

//go:embed data/gonum.zip
var gonumArchive string

//go:embed data/ours.zip
var oursArchive string

// entries finds the entries of all archives: "types/<path>" is the export data
// of a package, "types/<path>@<goos>/<goarch>" the same on a platform where it
// differs, "doc/<path>" its documentation in JSON.
var entries = sync.OnceValues(func() (map[string]*zip.File, error) {
	m := map[string]*zip.File{}
	for _, data := range []string{stdArchive, gonumArchive, oursArchive} {
		z, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
		if err != nil {
			return nil, fmt.Errorf("symbols: embedded archive: %w", err)
		}
		for _, f := range z.File {
			m[f.Name] = f
		}
	}
	return m, nil
})

// entry opens one entry of the archives, nil if there is none of that name.
func entry(name string) (io.ReadCloser, error) {
	m, err := entries()
	if err != nil {
		return nil, err
	}
	f := m[name]
	if f == nil {
		return nil, nil
	}
	return f.Open()
}
